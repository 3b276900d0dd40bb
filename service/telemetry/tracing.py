"""OpenTelemetry, where the settings ask for it: a span a request, in the caller's trace, with what the desk did.

The spans are made here and not by a ready instrumentation, since those record queries, in which a title may stand, and
addresses. Where spans go, how many and under which name is said by OpenTelemetry's own variables
(`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service import __version__
from service.errors import BadSetting
from service.types import Report

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

LAST_SENDING = 5.0  # seconds


class Tracing:
    """Makes the spans of one application. Thread-safe."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("tolmach", __version__)

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator[Span]:
        """A span around a request; `headers` in small letters may name the trace that it belongs to."""
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        context, facts = extract(headers), {"http.request.method": method}
        with self._tracer.start_as_current_span(
            method,
            context,
            SpanKind.SERVER,
            facts,
            record_exception=False,  # its message may quote a text
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(StatusCode.ERROR)
                raise

    def worked_through(self, report: Report) -> None:
        """Say in the span that is open what was done: counts and milliseconds, no text."""
        from opentelemetry.trace import get_current_span

        span = get_current_span()
        span.set_attribute("tolmach.language", report.article.language.code)
        span.set_attribute("tolmach.segments", len(report.segments))
        span.set_attribute("tolmach.figures", len(report.checks))
        for step, milliseconds in report.timings_ms.items():
            span.set_attribute(f"tolmach.{step}.milliseconds", milliseconds)

    def close(self) -> None:
        """Send what is still here, for `LAST_SENDING` seconds at most, since a collector may be away."""
        sending = threading.Thread(target=self._provider.shutdown, name="last-spans", daemon=True)
        sending.start()
        sending.join(LAST_SENDING)


def answered(span: Span, method: str, route: str, status: int) -> None:
    """What is known of a request at its end; `route` is the template of a path, never the path."""
    from opentelemetry.trace import StatusCode

    span.update_name(f"{method} {route}")
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def trace_id(span: Span) -> str:
    """The id of the trace, in 32 hexadecimal digits, to find it by in the logs."""
    from opentelemetry.trace import format_trace_id

    return format_trace_id(span.get_span_context().trace_id)


def tracing() -> Tracing:
    """Spans to the collector that OpenTelemetry's variables name, in batches from a thread of its own.

    Raises BadSetting where the extra `tracing` is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise BadSetting("TOLMACH_TRACING needs OpenTelemetry: install the extra 'tracing'.") from None

    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME", "tolmach"), "service.version": __version__}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)
