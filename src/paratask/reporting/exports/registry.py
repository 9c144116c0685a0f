"""Which formats there are, and what was asked for with `--report`. A format's module is loaded when it is made.

Each module has `render(report) -> str`, but otel, which has `send(report, endpoint)`. Add a row for a new one.
"""

from __future__ import annotations

import re

from paratask.errors import OptionError
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.report import Report

MODULES = {
    "json": "document",
    "junit": "junit",
    "trace": "chrome_trace",
    "html": "html_page",
    "markdown": "markdown",
    "otel": "otlp",
}
HELP = "as in --report html=out.html; formats are json, junit, trace, html, markdown, and otel, which needs no path"
BETWEEN = re.compile(rf",(?=(?:{'|'.join(MODULES)})(?:=|,|$))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One report: its format, and where it goes: a path, `-` for stdout, or for otel an address, or nothing."""

    format: str
    target: str


def parse_wanted(text: str) -> tuple[Wanted, ...]:
    """What `FORMAT=PATH,FORMAT=PATH` asks for; a path may have commas in it. Raises OptionError."""
    return tuple(_parse_one(part) for part in BETWEEN.split(text) if part)


def _parse_one(text: str) -> Wanted:
    name, _, target = text.partition("=")
    if name not in MODULES:
        raise OptionError(f"no report has the format `{name}`", help=HELP)
    if not target and name != "otel":
        raise OptionError(f"report `{name}` needs a path", help=HELP)
    return Wanted(format=name, target=target)


def render(wanted: Wanted, report: Report) -> str:
    """The text of a report that goes to a path."""
    from importlib import import_module

    text = import_module(f"paratask.reporting.exports.{MODULES[wanted.format]}").render(report)
    assert isinstance(text, str)
    return text


def lacks_otel() -> bool:
    """Whether the extra `otel` is not installed."""
    from importlib.util import find_spec

    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is None
    except ModuleNotFoundError:
        return True
