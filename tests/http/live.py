"""The service as a real server, in a thread or in processes of its own, so that tests can speak to it byte by byte."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from service.app import create_app
from service.http.protocol import Patience, PatientProtocol
from service.http.server import GracefulServer
from service.serve import options
from service.settings import Settings
from service.translation.engine import Engine
from service.translation.fake import FakeEngine, reveal


@contextmanager
def served(settings: Settings, engine: Engine | None = None, patience: Patience | None = None) -> Iterator[int]:
    """The port of a service that runs until the end of the block."""
    app = create_app(settings, engine or FakeEngine())
    protocol = type("Protocol", (PatientProtocol,), {"patience": patience or Patience()})
    told = {**options(settings), "factory": False, "http": protocol, "log_level": "critical"}
    server = GracefulServer(uvicorn.Config(app, backlog=4096, **told))
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(4096)
        port: int = listener.getsockname()[1]
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
        thread.start()
        until = time.monotonic() + 30
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


def raw(port: int, *parts: bytes, pause: float = 0.0, timeout: float = 20.0) -> bytes:
    """What the server says to these bytes until it closes the connection; it is listened to while they are sent."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:

        def send() -> None:
            with suppress(OSError):
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        with suppress(ConnectionError):
            while chunk := connection.recv(65536):
                received += chunk
    sender.join(timeout)
    return received


def request(body: bytes, path: str = "/v1/translate?source=ro", headers: bytes = b"") -> bytes:
    """A whole request, after which the server is to close the connection."""
    head = b"POST %s HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nConnection: close\r\n" % path.encode()
    return head + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def post(port: int, text: str, timeout: float = 60) -> tuple[int, str]:
    """Status and body of the reply to a Romanian text that is to be translated."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", "/v1/translate?source=ro", text.encode(), {"Content-Type": "text/plain"})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def metric(port: int, name: str) -> float:
    """What the metrics say, labels included in the name; 0 where they do not have it."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", get(port, "/metrics")[1], flags=re.MULTILINE)
    return float(found[1]) if found else 0.0


def holding(word: str, go_on: threading.Event, begun: threading.Event | None = None) -> FakeEngine:
    """An engine that holds sentences with `word` back until it may `go_on`, and says when it has `begun` one."""

    def answers(sentence: str, _: str) -> list[str]:
        if word in sentence:
            if begun is not None:
                begun.set()
            go_on.wait(60)
        return [reveal(sentence)]

    return FakeEngine(answers=answers)


def wait_for(condition: object, seconds: float = 20) -> bool:
    """Whether a condition becomes true in time."""
    assert callable(condition)
    until = time.monotonic() + seconds
    # Not asked again once it is true: a scrape that is just ending may count in the next one.
    while not (is_true := bool(condition())) and time.monotonic() < until:
        time.sleep(0.05)
    return is_true


def problem(received: bytes) -> dict[str, object]:
    """What went wrong, as a whole reply says it."""
    found: dict[str, object] = json.loads(received.partition(b"\r\n\r\n")[2])
    return found


@contextmanager
def process(*command: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A service in a process of its own, and its port. `command` is what follows `python`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        (sys.executable, *command),
        env={**os.environ, "TOLMACH_PORT": str(port), "TOLMACH_ENGINE": "fake", **environment},
        stderr=subprocess.DEVNULL,  # nobody reads it, and a full pipe would stop the service
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    try:
        assert wait_for(lambda: answers(port) or running.poll() is not None, 60)
        assert running.poll() is None
        yield running, port
    finally:
        if running.poll() is None:
            running.terminate()
        running.wait(30)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError:
        return False
