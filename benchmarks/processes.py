"""Servers in processes of their own, for as long as a measurement takes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

START = 120.0  # seconds
FORGETFUL = {"TOLMACH_MEMORY": "off", "TOLMACH_MEMORY_CACHE_BYTES": "0"}


@dataclass(frozen=True)
class Server:
    client: httpx2.Client
    pid: int

    def rss(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str | Path], port: int, ready: str, environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[Server]:
    """Start `command`, wait until `ready` answers 200, stop it at the end. Raises RuntimeError if it never does."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=None if "BENCH_VERBOSE" in os.environ else subprocess.DEVNULL,
    )
    limits = httpx2.Limits(max_connections=None)
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=600, limits=limits, trust_env=False)
    try:
        _wait(process, client, ready)
        yield Server(client, process.pid)
    finally:
        client.close()
        process.terminate()
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], client: httpx2.Client, ready: str) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        try:
            if client.get(ready).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not start; BENCH_VERBOSE=1 shows what it says")


@contextmanager
def tolmach(**environment: str) -> Iterator[Server]:
    """The service, warm."""
    port = free_port()
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    with running(command, port, "/health/ready", {"TOLMACH_LOG_LEVEL": "error", **environment}) as server:
        yield server
