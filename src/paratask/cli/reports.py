"""`--report`: writes what was asked for when a run has ended, however it ended. What cannot be written is a warning, no failure.
With `--run` it is written of a run that is kept, and nothing is run.

Knows where reports go and what they need besides the summary; the formats are reporting.exports'.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time

from paratask.cli.own_streams import own_stream
from paratask.errors import UsageError
from paratask.events import SetArranged
from paratask.records.logs import end_of
from paratask.reporting.exports.registry import lacks_otel, parse_wanted, render
from paratask.reporting.exports.report import Sample, report_of
from paratask.state_files import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.events import Event
    from paratask.records.runs import KeptRun
    from paratask.reporting.exports.registry import Wanted
    from paratask.reporting.exports.report import Report

MOST_LOG_BYTES = 1 << 18
STDOUT = "-"
NO_OTHER_FILE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""Of a folder that takes no new file though the one that is there may be written, and of a file that is mounted by itself."""


def check_wanted(text: str) -> None:
    """Raises UsageError for a format that there is not, or whose library is missing, and where one report would write over another."""
    found = parse_wanted(text)
    if any(wanted.format == "otel" for wanted in found) and lacks_otel():
        raise UsageError("report `otel` needs OpenTelemetry's exporter", help="pip install 'paratask[otel]'")
    formats: dict[str, str] = {}
    for wanted in found:
        path = os.path.realpath(wanted.target)
        is_file = wanted.format != "otel" and wanted.target != STDOUT and (os.path.isfile(path) or not os.path.exists(path))
        if is_file and formats.setdefault(path, wanted.format) != wanted.format:
            raise UsageError(
                f"reports `{formats[path]}` and `{wanted.format}` both go to {wanted.target}",
                help="give each a path of its own",
            )


def report_kept(typed: Typed) -> int:
    """Of the run that `--run` names: 1 where one could not be written. Raises ParataskError."""
    from paratask.cli.looking_back.meant import Meant
    from paratask.cli.looking_back.runs import runs_with
    from paratask.cli.looking_back.state import state_of
    from paratask.cli.setup import warn

    if typed.calls:
        raise UsageError("--report with --run is of a run that was: it runs no task")
    kept = next(runs_with(typed, state_of(typed), Meant()), None)
    if kept is None:
        raise UsageError(f"run `{typed.text('run')}` says nothing")
    reports = Reports(typed.text("report"), folder=os.getcwd(), logs=kept.folder, environ=os.environ, warn=warn)
    for line in kept.lines():
        if line["event"] == "SetArranged":
            reports.arranged(line.get("members", ()), line.get("after", ()))
    return 0 if reports.write(_summary_of(kept), goes_on=kept.result == "running") else 1


def _summary_of(kept: KeptRun) -> str:
    """The text that is there, where it says all of it and nothing else; or what is known of the run."""
    import json

    from paratask.cli.looking_back.runs import so_far
    from paratask.records.logs import SUMMARY_FILE
    from paratask.state_files import parse_kept, read_kept

    try:
        text = read_kept(os.path.join(kept.folder, SUMMARY_FILE)).decode(errors="surrogateescape")
        if parse_kept(text) == kept.document:
            return text
    except (OSError, ValueError):
        pass
    return json.dumps(so_far(kept), indent=1, ensure_ascii=False) + "\n"


class Reports:
    """The reports of one run. Subscribe `notice` to its events, and let `look` have the commands' memory where somebody measures it.

    `folder` is where the user stands, `logs` where the run keeps its logs.
    """

    def __init__(self, text: str, *, folder: str, logs: str, environ: Mapping[str, str], warn: Callable[[str], None]) -> None:
        self._wanted = parse_wanted(text)
        self._folder = folder
        self._logs = logs
        self._environ = environ
        self._warn = warn
        self._after: dict[str, tuple[str, ...]] = {}
        self._samples: list[Sample] = []

    def notice(self, event: Event) -> None:
        """Who waits for whom is in no summary."""
        if isinstance(event, SetArranged):
            self.arranged(event.members, event.after)

    def arranged(self, members: Sequence[str], after: Sequence[Sequence[str]]) -> None:
        """For each of the members, those that it waits for."""
        self._after.update((member, tuple(before)) for member, before in zip(members, after, strict=False))

    def look(self, sizes: Mapping[int, int]) -> None:
        """Somebody looked how many bytes each command has, by process."""
        self._samples.append(Sample(at=time.time(), commands=len(sizes), memory_bytes=sum(sizes.values())))

    def write(self, summary: str, *, goes_on: bool = False) -> bool:
        """All of them, from summary.json's text, or that of what is known of a run that `goes_on`; whether each got where it should."""
        written = 0
        report = None
        for wanted in self._wanted:
            try:
                report = report or report_of(
                    summary, after=self._after, samples=self._samples, read_log=self._read_log, goes_on=goes_on
                )
                self._write(wanted, report)
                written += 1
            except OSError as error:
                where = wanted.target or _collector(self._environ)
                self._warn(f"report `{wanted.format}` did not get to {where}: {error.strerror or error}")
            except Exception as error:  # noqa: BLE001 - a defect in a report must not change how the run ends
                self._warn(f"report `{wanted.format}` could not be made: {type(error).__name__}: {error}")
        return written == len(self._wanted)

    def _write(self, wanted: Wanted, report: Report) -> None:
        if wanted.format == "otel":
            from paratask.reporting.exports.otlp import send

            send(report, wanted.target, self._environ)
            return
        data = render(wanted, report).encode("utf-8", errors="surrogateescape" if wanted.format == "json" else "replace")
        path = os.path.join(self._folder, wanted.target)
        stream = sys.stdout if wanted.target == STDOUT else own_stream(path)
        if stream is not None:
            stream.flush()
            stream.buffer.write(data)
            stream.flush()
        else:
            _write_file(path, data)

    def _read_log(self, name: str) -> str:
        return end_of(os.path.join(self._logs, f"{name}.log"), MOST_LOG_BYTES)


def _collector(environ: Mapping[str, str]) -> str:
    """Where OpenTelemetry's exporter sends to by itself. OTLP: "Configuration Options"."""
    names = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    return next((environ[name] for name in names if environ.get(name)), "http://localhost:4318")


def _write_file(path: str, data: bytes) -> None:
    """Whole or not at all, where the folder lets us; into what is no plain file, as it is. Raises OSError."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    is_there = os.path.lexists(path)
    if not is_there or stat.S_ISREG(os.lstat(path).st_mode):
        try:
            replace_file(path, data)
            return
        except OSError as error:
            if not is_there or error.errno not in NO_OTHER_FILE:
                raise
    with open(path, "wb") as file:
        file.write(data)
