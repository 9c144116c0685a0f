"""`otel`: the run as a trace of spans, sent by OpenTelemetry's own exporter (OTLP over HTTP). Needs the extra `otel`.

The run is a span, each job one below its caller's. Where TRACEPARENT is set, as by a CI that is traced itself, the run belongs to that
trace. Addresses, headers and certificates are the exporter's affair: OTEL_EXPORTER_OTLP_ENDPOINT and its like.
"""

from __future__ import annotations

import logging

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

    from paratask.reporting.exports.report import Report, ReportedJob

RESULTS = {"succeeded": "success", "failed": "failure", "cancelled": "cancellation", "skipped": "skip", "fresh": "skip"}
"""OpenTelemetry's words: semantic conventions, CI/CD attributes."""

TIMEOUT_SECONDS = 5.0


def send(report: Report, endpoint: str, environ: Mapping[str, str]) -> None:
    """Send it to the `endpoint`, or where the environment says. Raises OSError."""
    logging.getLogger("opentelemetry").addHandler(logging.NullHandler())  # what it would say is said by our warning
    timeout = None if "OTEL_EXPORTER_OTLP_TIMEOUT" in environ else TIMEOUT_SECONDS
    exporter = OTLPSpanExporter(endpoint=_traces(endpoint) or None, timeout=timeout)
    spans = make_spans(report, environ)
    try:
        taken = exporter.export(spans) is SpanExportResult.SUCCESS
    except OSError:  # older exporters say so in their own way
        taken = False
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]
    if not taken:
        raise OSError("the collector did not take it")


def _traces(endpoint: str) -> str:
    """OTLP/HTTP: a bare address stands for its path /v1/traces."""
    _, _, rest = endpoint.partition("://")
    return f"{endpoint.rstrip('/')}/v1/traces" if endpoint and "/" not in rest.rstrip("/") else endpoint


class _Collected(SpanProcessor):
    """Keeps spans as they end."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


def make_spans(report: Report, environ: Mapping[str, str]) -> list[ReadableSpan]:
    """The spans of a run: that of the run first, then jobs as they were made."""
    collected = _Collected()
    provider = TracerProvider(resource=Resource.create({"service.name": environ.get("OTEL_SERVICE_NAME") or "paratask"}))
    provider.add_span_processor(collected)
    tracer = provider.get_tracer("paratask")
    carrier = {name.lower(): environ[name] for name in ("TRACEPARENT", "TRACESTATE") if name in environ}
    root = tracer.start_span(
        f"paratask {report.title}".strip(),
        context=TraceContextTextMapPropagator().extract(carrier),
        start_time=_nanos(report.started_at),
        attributes={
            "cicd.pipeline.name": report.title, "cicd.pipeline.run.id": report.run,
            "cicd.pipeline.result": RESULTS[report.state], "paratask.outcome": report.outcome,
        },
    )  # fmt: skip
    if not report.passed:
        root.set_status(Status(StatusCode.ERROR, report.outcome))
    contexts = {"": trace.set_span_in_context(root)}
    root.end(_nanos(report.ended_at))
    for job in report.jobs:
        contexts[job.id] = _add_job(tracer, report, job, contexts.get(job.parent, contexts[""]))
    provider.shutdown()
    return collected.spans


def _add_job(tracer: trace.Tracer, report: Report, job: ReportedJob, above: Context) -> Context:
    """A job's span; one that never ran takes no time, at the run's end."""
    known: dict[str, str | int | float | None] = {
        "cicd.pipeline.task.name": job.task, "cicd.pipeline.task.run.id": job.id, "cicd.pipeline.task.run.result": RESULTS.get(job.state),
        "process.exit.code": job.exit_code, "paratask.state": job.state, "paratask.reason": job.reason,
        "paratask.state_reason": job.state_reason, "paratask.attempts": job.attempts, "paratask.queued_again": job.queued_again,
        "paratask.shared": job.shared or None, "paratask.cpu_seconds": job.cpu_seconds, "paratask.peak_memory_bytes": job.peak_bytes,
    }  # fmt: skip
    span = tracer.start_span(
        job.task,
        context=above,
        start_time=_nanos(job.started_at if job.ran else report.ended_at),
        attributes={name: value for name, value in known.items() if value not in ("", None)},
    )
    if job.state == "failed":
        span.set_status(Status(StatusCode.ERROR, job.state_reason or f"exit code {job.exit_code}"))
    span.end(_nanos(job.ended_at if job.ran else report.ended_at))
    return trace.set_span_in_context(span)


def _nanos(at: float) -> int:
    return int(at * 1e9)
