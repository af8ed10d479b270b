"""Spans of OpenTelemetry, where the settings ask for them: one for each request that memory doesn't answer.

A span has the route and what became of the request, and neither an address nor a query. Where spans go
say the variables of OpenTelemetry itself, such as OTEL_EXPORTER_OTLP_ENDPOINT.
"""

import time
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from starlette.types import Scope

if TYPE_CHECKING:
    from app.delivery.ledger import Note


class Spans:
    """Sends spans to a collector, from a thread of its own."""

    def __init__(self) -> None:
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "airounds"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("airounds")

    def add(self, note: "Note", scope: Scope) -> None:
        """Add the span of a request that has just ended, below that of its client where it names one."""
        end = time.time_ns()
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        carried = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        span = self._tracer.start_span(
            f"{scope['method']} {note.route}",
            context=extract(carried),
            kind=trace.SpanKind.SERVER,
            start_time=end - int(note.seconds * 1e9),
            attributes={
                "http.request.method": scope["method"],
                "http.route": note.route,
                "http.response.status_code": note.status,
                "http.response.body.size": note.sent,
                "airounds.request_id": note.request_id.decode("latin-1"),
                "airounds.wait_ms": round(note.waited * 1e3, 2),
            },
        )
        if note.status >= 500:
            span.set_status(trace.StatusCode.ERROR)
        span.end(end)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
