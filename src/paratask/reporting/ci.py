"""What CI services want in a build's log, so that they fold it, and mark what failed. Pure: a table of services, and lines.

Each of `SERVICES` says by which variable it is known and what goes around a job's output. A failed job is not folded away. Add a row for
a new one. Knows nothing of where lines go.
"""

from __future__ import annotations

from paratask.errors import TaskRunError
from paratask.frozen import dataclass
from paratask.names import shown_name, shown_seconds
from paratask.reporting.colors import TRUE_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.errors import ParataskError, Position
    from paratask.reporting.colors import Paint

    Lines = Callable[["Piece", Paint], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The output of one job that has ended: its id, task and label, how it ended, and when, in seconds since the epoch (0: it never ran)."""

    job: str
    task: str
    state: str
    started_at: float
    ended_at: float
    label: str = ""

    @property
    def went_well(self) -> bool:
        return self.state not in ("failed", "cancelled")

    @property
    def title(self) -> str:
        """`build (1.2 s)`; one of several with its number: `build.2 (1.2 s)`."""
        name = shown_name(self.job, self.task, self.label)
        took = shown_seconds(self.ended_at - self.started_at) if self.started_at else self.state
        return f"{' '.join(name.split())} ({took if self.state != 'fresh' else 'up to date'})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A CI service. `marker` is in each line of its that folds; `lines` makes those before and after a piece of output."""

    name: str
    variable: str
    marker: str
    lines: Lines


def service_of(environ: Mapping[str, str]) -> Service | None:
    """Whose runner we are on; None where it is none of these."""
    return next((service for service in SERVICES if environ.get(service.variable) in TRUE_WORDS), None)


def in_one_line(text: str) -> str:
    """As GitHub wants what it is told: with its own way to write a line's end."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_property(text: str) -> str:
    """As the value of one of a workflow command's properties."""
    return in_one_line(text).replace(":", "%3A").replace(",", "%2C")


def annotation(level: str, title: str, message: str, position: Position | None = None) -> str:
    """A workflow command of GitHub Actions, on one line. `level` is error or warning; the position's file is as GitHub knows it."""
    where = (("file", position.file), ("line", position.line), ("col", position.column)) if position is not None else ()
    properties = [("title", title), *((name, str(value)) for name, value in where if value)]
    return f"::{level} {','.join(f'{name}={as_property(value)}' for name, value in properties)}::{in_one_line(message)}"


def failure_annotation(error: ParataskError, position: Position | None) -> str:
    """Of a run that failed: as task words it, with the place, if there is one. go-task: emitCIErrorAnnotation."""
    if isinstance(error, TaskRunError):
        return annotation("error", f"Task '{error.task}' failed", error.innermost().cause.message, position)
    return annotation("error", "Task failed", error.message, position)


def _github(piece: Piece, paint: Paint) -> tuple[str, str]:
    """Groups are shown folded: what did not go well has none. GitHub Actions: workflow commands; Forgejo and Gitea know them too."""
    if not piece.went_well:
        return _plain_title(piece, paint)
    return f"::group::{in_one_line(piece.title)}\n", "::endgroup::\n"


def _gitlab(piece: Piece, paint: Paint) -> tuple[str, str]:
    """Sections have names that nothing else in the log has, and times, from which GitLab shows how long they took."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in piece.job)
    name = f"paratask_{kept}_{int(piece.ended_at * 1000)}"
    folded = "[collapsed=true]" if piece.went_well else ""
    title = piece.title if piece.went_well else paint("red", _told(piece))
    start = f"\x1b[0Ksection_start:{int(piece.started_at or piece.ended_at)}:{name}{folded}\r\x1b[0K{title}\n"
    return start, f"\x1b[0Ksection_end:{int(piece.ended_at)}:{name}\r\x1b[0K\n"


def _azure(piece: Piece, paint: Paint) -> tuple[str, str]:
    """Azure Pipelines: formatting commands."""
    if not piece.went_well:
        return _plain_title(piece, paint)
    return f"##[group]{piece.title}\n", "##[endgroup]\n"


def _plain_title(piece: Piece, paint: Paint) -> tuple[str, str]:
    return paint("red", f"paratask: {_told(piece)}") + "\n", ""


def _told(piece: Piece) -> str:
    return f"{piece.title} {piece.state}"


SERVICES = (
    Service(name="GitHub Actions", variable="GITHUB_ACTIONS", marker="::group::", lines=_github),
    Service(name="GitLab CI", variable="GITLAB_CI", marker="section_start:", lines=_gitlab),
    Service(name="Azure Pipelines", variable="TF_BUILD", marker="##[group]", lines=_azure),
)
