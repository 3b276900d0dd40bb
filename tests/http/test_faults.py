"""What happens to a server: callers that drip, leave, come in crowds or send too much."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.http.protocol import Patience, PatientProtocol
from service.settings import Settings
from service.translation.fake import FakeEngine, reveal
from tests.http.live import get, holding, metric, post, problem, raw, request, served, wait_for

QUICK = Settings(body_timeout=0.6, max_body_bytes=100_000)
IMPATIENT = Patience(header=0.6, refused_body=1.5, write=1.0)
CROWD = 2000


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(QUICK, patience=IMPATIENT) as port:
        yield port


def test_a_header_that_drips_in_is_not_waited_for(port: int) -> None:
    begun = time.monotonic()
    received = raw(port, *(b"GET / HTTP/1.1\r\nX-Slow: ", *[b"a"] * 40), pause=0.1)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert problem(received)["code"] == "request_timeout"
    assert time.monotonic() - begun < 15


def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    assert raw(port) == b""


def test_a_body_that_drips_in_is_not_waited_for(port: int) -> None:
    head = (
        b"POST /v1/translate?source=ro HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\n"
    )
    received = raw(port, head, *[b"a"] * 30, pause=0.1)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in received.lower()
    assert problem(received)["code"] == "request_timeout"
    assert "TOLMACH_BODY_TIMEOUT" in str(problem(received)["detail"])


def test_replies_are_not_held_back_on_a_socket_that_processes_share(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []
    made = PatientProtocol.connection_made

    def watched(self: PatientProtocol, transport: asyncio.Transport) -> None:
        made(self, transport)
        connection = transport.get_extra_info("socket")
        found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(PatientProtocol, "connection_made", watched)
    with served(Settings()) as port:
        metric(port, "any")
    assert found
    assert all(found)


def test_slow_callers_do_not_keep_others_waiting(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /v1/translate HTTP/1.1\r\nHost: t\r\nContent-Length: 50\r\n")
    assert post(port, "Un rând.") == (200, reveal("Un rând.") + "\n")
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("size_first", [True, False])
def test_ten_megabytes_are_refused_and_the_caller_gets_to_read_why(port: int, size_first: bool) -> None:
    body = b"a" * 10_000_000
    if size_first:
        received = raw(port, request(body))
    else:
        head = request(b"").partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
        received = raw(port, head, b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 413 ")
    assert b'"too_large"' in received
    assert b"100000 bytes" in received


def test_who_goes_on_sending_what_was_refused_is_cut_off(port: int) -> None:
    head = b"POST /v1/translate HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: 900000000\r\n\r\n"
    begun = time.monotonic()
    received = raw(port, head, *[b"a" * 1000] * 100, pause=0.1)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - begun < 9.5


def test_who_does_not_read_is_cut_off() -> None:
    text = "\n\n".join(f"Fraza {number} are {number} cuvinte în plus." for number in range(900))
    asked = {"text": text, "source": "ro", "repair": False, "include": ["alternatives", "source"]}
    body = json.dumps(asked).encode()
    head = b"POST /v1/translate HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with served(Settings(max_body_bytes=2_000_000), patience=IMPATIENT) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", port))
        # Replies of hundreds of kilobytes each are soon more than all buffers on the way hold.
        assert wait_for(lambda: _is_cut_off(connection, head % len(body) + body))
        assert wait_for(lambda: metric(port, "tolmach_requests_running") == 1)


def _is_cut_off(connection: socket.socket, message: bytes) -> bool:
    try:
        connection.sendall(message)
    except OSError:
        return True
    return False


@pytest.mark.parametrize(
    "junk",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # without Host
        b"GET / SPDY/3\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),  # a TLS handshake on a plain port
        b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: t\r\nX: " + b"a" * 600_000 + b"\r\n\r\n",
        b"POST /v1/detect HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_harms_nobody(port: int, junk: bytes) -> None:
    received = raw(port, junk)
    assert received == b"" or re.match(rb"HTTP/1\.1 4\d\d ", received)
    assert received.count(b"HTTP/1.1") <= 1
    assert post(port, "Un rând.")[0] == 200


def test_who_leaves_half_way_costs_nothing_more() -> None:
    begun, go_on = threading.Event(), threading.Event()

    with served(Settings(), holding("așteaptă", go_on, begun)) as port:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(request("Cineva așteaptă.".encode()))
        assert begun.wait(20)
        connection.close()
        half = socket.create_connection(("127.0.0.1", port))
        half.sendall(request(b"a" * 500)[:-100])
        half.close()
        time.sleep(0.5)  # the server is told of a closed connection; it does not look
        go_on.set()
        left = 'tolmach_requests_total{method="POST",route="/v1/translate",status="499"}'
        assert wait_for(lambda: metric(port, left) == 2)
        assert metric(port, "tolmach_characters_total") == 0
        assert metric(port, "tolmach_requests_running") == 1  # the scrape itself
        assert post(port, "Un rând.")[0] == 200


def test_a_stream_whose_reader_left_stops() -> None:
    engine = FakeEngine(delay=0.05)
    text = "\n\n".join(f"Fraza cu numărul {number} este aici." for number in range(900))
    with served(Settings(), engine) as port:
        connection = socket.create_connection(("127.0.0.1", port))
        head = b"Accept: text/event-stream\r\n"
        connection.sendall(request(text.encode(), "/v1/articles?source=ro&repair=false", head))
        assert connection.recv(100)
        connection.close()
        left = 'tolmach_requests_total{method="POST",route="/v1/articles",status="499"}'
        assert wait_for(lambda: metric(port, left) == 1)
        calls = len(engine.calls)
        time.sleep(0.5)
        assert len(engine.calls) <= calls + 1 < 60


def test_what_is_not_finished_in_time_at_the_end_is_told_so_and_dropped() -> None:
    begun, go_on = threading.Event(), threading.Event()

    engine = holding("Fraza", go_on, begun)
    text = "\n\n".join(f"Fraza cu numărul {number} este aici." for number in range(200))
    with ThreadPoolExecutor(1) as pool:
        with served(Settings(shutdown_timeout=0, threads=1), engine) as port:
            reply = pool.submit(post, port, text)
            reply.add_done_callback(lambda _: go_on.set())  # only then may the engine go on
            assert begun.wait(20)
        status, body = reply.result(20)
    assert (status, json.loads(body)["code"]) == (503, "shutting_down")
    assert sum(len(call.sentences) for call in engine.calls) < 100


def test_an_engine_that_hangs_is_seen_from_outside_until_it_goes_on() -> None:
    go_on = threading.Event()

    with served(Settings(request_timeout=0.3), holding("Fraza", go_on)) as port:
        assert get(port, "/health/ready")[0] == 200
        status, body = post(port, "Fraza care nu se termină.")
        assert (status, json.loads(body)["code"]) == (504, "deadline_exceeded")
        assert wait_for(lambda: get(port, "/health/ready")[0] == 503)
        body = get(port, "/health/ready")[1]
        assert json.loads(body)["code"] == "not_ready"
        assert "request_timeout" in json.loads(body)["detail"]
        assert get(port, "/health/live")[0] == 200
        go_on.set()
        assert wait_for(lambda: get(port, "/health/ready")[0] == 200)


def test_a_full_queue_is_told_with_when_to_come_back() -> None:
    go_on = threading.Event()

    settings = Settings(threads=1, queue_sentences=2)
    with served(settings, holding("mulțimii", go_on)) as port, ThreadPoolExecutor(12) as pool:
        texts = [f"Rândul {number} al mulțimii." for number in range(12)]
        replies = {pool.submit(raw, port, request(text.encode())): text for text in texts}
        # Three workers at most hold one each, and two wait.
        assert wait_for(lambda: sum(reply.done() for reply in replies) >= 7)
        go_on.set()
        received = {text: reply.result(20) for reply, text in replies.items()}
    refused = [each for each in received.values() if each.startswith(b"HTTP/1.1 503 ")]
    assert len(refused) >= 7
    for each in refused:
        assert problem(each)["code"] == "queue_full"
        assert re.search(rb"\r\nretry-after: [1-9]\d*\r\n", each)
    for text, each in received.items():
        assert each in refused or each.endswith(f"\r\n\r\n{reveal(text)}\n".encode())


def test_a_crowd_is_answered_and_nobody_gets_another_s_answer() -> None:
    settings = Settings(max_requests=CROWD, header_timeout=60, body_timeout=60)
    with served(settings, FakeEngine(), Patience(header=60)) as port:
        texts = [f"Rândul {number} al mulțimii." for number in range(CROWD)]
        connections = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in texts]
        for connection, text in zip(connections, texts, strict=True):
            connection.sendall(request(text.encode()))
        with ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(_rest, connections))
        for text, received in zip(texts, replies, strict=True):
            assert received.startswith(b"HTTP/1.1 200 ")
            assert received.endswith(f"\r\n\r\n{reveal(text)}\n".encode()), text
        assert metric(port, "tolmach_requests_running") == 1


def _rest(connection: socket.socket) -> bytes:
    received = b""
    with connection:
        while chunk := connection.recv(65536):
            received += chunk
    return received
