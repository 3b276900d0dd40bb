"""Spans of requests, to an exporter in memory, and over OTLP to a collector on loopback."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.responses import StreamingResponse

import service.app
from service.app import create_app
from service.settings import Settings
from service.telemetry.tracing import Tracing
from service.translation.fake import FakeEngine

RO = "Guvernul a alocat 2,5 milioane de lei."
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
TEXT = {"Content-Type": "text/plain"}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(service.app, "tracing", lambda: Tracing(provider))
    return exporter


@pytest.fixture
def client(spans: InMemorySpanExporter) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(tracing=True), FakeEngine())) as client:
        yield client


def only(exporter: InMemorySpanExporter) -> ReadableSpan:
    [span] = exporter.get_finished_spans()
    return span


def test_a_request_is_a_span_of_the_callers_trace(client: TestClient, spans: InMemorySpanExporter) -> None:
    client.post("/v1/articles?source=ro&title=Secret", content=RO, headers={**TEXT, **PARENT})
    span = only(spans)
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.name == "POST /v1/articles"
    facts = dict(span.attributes or {})
    assert facts["http.route"] == "/v1/articles"
    assert facts["http.response.status_code"] == 200
    assert facts["tolmach.language"] == "ro"
    assert facts["tolmach.segments"] == 2  # the title too
    assert facts["tolmach.figures"] == 1
    assert "tolmach.summary.milliseconds" in facts
    assert "Secret" not in span.to_json()
    assert "milioane" not in span.to_json()


def test_a_refusal_is_no_error_of_ours_and_a_fault_is(client: TestClient, spans: InMemorySpanExporter) -> None:
    client.post("/v1/translate?source=xx", content=RO, headers=TEXT)
    assert only(spans).status.is_ok or only(spans).status.is_unset
    spans.clear()
    client.app.state.not_ready = "The model is being loaded."  # type: ignore[attr-defined]
    assert client.post("/v1/translate?source=ro", content=RO, headers=TEXT).status_code == 503
    assert not only(spans).status.is_ok


def test_probes_have_no_span_and_unknown_paths_no_name_of_their_own(
    client: TestClient, spans: InMemorySpanExporter
) -> None:
    client.get("/health/live")
    client.get("/metrics")
    assert not spans.get_finished_spans()
    client.get("/nowhere/4711")
    assert only(spans).name == "GET other"


def test_a_method_that_is_none_has_no_name_of_its_own(client: TestClient, spans: InMemorySpanExporter) -> None:
    client.request("FROBNICATE", "/v1/languages")
    assert dict(only(spans).attributes or {})["http.request.method"] == "_OTHER"


def test_a_reply_that_was_not_whole_is_told_as_in_the_log(client: TestClient, spans: InMemorySpanExporter) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise LookupError("the secret of the article")

    client.app.add_api_route("/half", lambda: StreamingResponse(half()))  # type: ignore[attr-defined]
    with pytest.raises(LookupError):
        client.get("/half")
    assert dict(only(spans).attributes or {})["http.response.status_code"] == 499
    assert "secret" not in only(spans).to_json()


def test_a_trace_that_nobody_can_read_starts_a_new_one(client: TestClient, spans: InMemorySpanExporter) -> None:
    assert client.get("/v1/languages", headers={"traceparent": "nonsense"}).status_code == 200
    assert only(spans).parent is None


def test_log_lines_name_the_trace(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    from service.telemetry import logs

    logs.configure("json")
    client.get("/v1/languages", headers=PARENT)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["trace_id"] for line in lines if line["message"] == "request"] == [TRACE]


def test_spans_reach_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "newsroom-mt")
    with TestClient(create_app(Settings(tracing=True), FakeEngine())) as client:
        client.get("/v1/languages", headers=PARENT)
    server.shutdown()
    server.server_close()
    [resource] = received[0].resource_spans
    assert "newsroom-mt" in [fact.value.string_value for fact in resource.resource.attributes]
    assert [span.name for span in resource.scope_spans[0].spans] == ["GET /v1/languages"]
