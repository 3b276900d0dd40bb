"""The service as a real server in a thread, so that tests can speak to it byte by byte."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from service.app import create_app
from service.http.protocol import Patience, PatientProtocol
from service.serve import options
from service.settings import Settings
from service.translation.engine import Engine
from service.translation.fake import FakeEngine


@contextmanager
def served(settings: Settings, engine: Engine | None = None, patience: Patience | None = None) -> Iterator[int]:
    """The port of a service that runs until the end of the block."""
    app = create_app(settings, engine or FakeEngine())
    protocol = type("Protocol", (PatientProtocol,), {"patience": patience or Patience()})
    told = {**options(settings), "factory": False, "http": protocol, "log_level": "critical"}
    server = uvicorn.Server(uvicorn.Config(app, backlog=4096, **told))
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
