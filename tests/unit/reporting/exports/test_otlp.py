"""Spans, sent by the real exporter to a collector that only listens."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from paratask.reporting.exports.otlp import send
from unit.reporting.exports.made_up import report

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector(HTTPServer):
    """Keeps what it is sent, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.got: list[tuple[str, bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def spans(collector: Collector, path: str = "/v1/traces"):
    (got,) = collector.got
    assert got[0] == path
    (resource,) = ExportTraceServiceRequest.FromString(got[1]).resource_spans
    assert {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"] == "paratask"
    return list(resource.scope_spans[0].spans)


def test_jobs_are_spans_below_their_callers(collector):
    send(report(), collector.address, {})
    root, *jobs = spans(collector)
    assert (root.name, root.parent_span_id, root.status.message) == ("paratask ci", b"", "failed, exit code 201")
    by_name = {span.name: span for span in jobs}
    assert len(jobs) == 13
    assert by_name["ci"].parent_span_id == root.span_id
    assert by_name["web:test"].parent_span_id == by_name["test"].span_id
    assert by_name["web:test"].end_time_unix_nano - by_name["web:test"].start_time_unix_nano == pytest.approx(3.3e9, abs=1e4)
    known = {one.key: one.value for one in by_name["web:test"].attributes}
    assert known["process.exit.code"].int_value == 3
    assert known["cicd.pipeline.task.run.result"].string_value == "failure"
    assert by_name["deploy"].start_time_unix_nano == by_name["deploy"].end_time_unix_nano
    assert {span.trace_id for span in jobs} == {root.trace_id}


def test_a_run_joins_the_trace_of_its_ci(collector):
    send(report(), f"{collector.address}/own/path", {"TRACEPARENT": PARENT})
    root = spans(collector, "/own/path")[0]
    assert root.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert root.parent_span_id.hex() == "b7ad6b7169203331"


def test_a_collector_that_refuses(collector):
    collector.status = 400
    with pytest.raises(OSError, match=r"^the collector did not take it$"):
        send(report(), collector.address, {})


def test_a_collector_that_is_not_there_was_told_in_an_exporter_s_own_words(monkeypatch):
    """Older ones raise what they ran into."""

    def refused(self, spans):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("paratask.reporting.exports.otlp.OTLPSpanExporter.export", refused)
    with pytest.raises(OSError, match=r"^the collector did not take it$"):
        send(report(), "http://127.0.0.1:9", {})
