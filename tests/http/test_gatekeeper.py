"""The bill of a request, whatever becomes of its reply. What a caller sees of keys and limits is in test_usage.py."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.access.gate import Gate
from service.access.keys import Keys, Period, Quota
from service.access.store import Store
from service.http.admission import Admission
from service.http.gatekeeper import Gatekeeper
from service.settings import Settings
from service.telemetry.metrics import Metrics


@pytest.mark.parametrize(
    ("status", "chunks", "whole", "charged"),
    [
        (200, [b"all"], True, True),
        (200, [b"first", b"second"], False, True),  # read, and left
        (200, [b""], False, False),
        (200, [], False, False),
        (500, [b"sorry"], True, False),
    ],
)
def test_what_was_sent_of_a_reply_is_paid_for(
    tmp_path: Path, status: int, chunks: list[bytes], whole: bool, charged: bool
) -> None:
    settings = Settings(keys_file=tmp_path / "keys.db")
    store = Store(tmp_path / "keys.db")
    _, secret = Keys(store).add("cms", quota=Quota(100, Period.DAY))
    gate, sent = Gate(settings), []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await scope["state"]["account"].charge(60)
        await send({"type": "http.response.start", "status": status, "headers": []})
        for number, chunk in enumerate(chunks, 1):
            more = not (whole and number == len(chunks))
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def request() -> int:
        scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/articles",
            "query_string": b"",
            "headers": [(b"x-api-key", secret.encode())],
            "client": ("127.0.0.1", 1),
            "app": SimpleNamespace(state=SimpleNamespace(settings=settings)),
            "state": {"request_id": "x"},
        }
        admission = Admission(10)
        admission.open()
        await Gatekeeper(inner, gate, Metrics(), admission)(scope, receive, send)
        usage = await gate.usage(scope["state"]["account"])
        assert usage is not None
        return usage.characters

    assert asyncio.run(request()) == (60 if charged else 0)
    gate.close()
    store.close()
