"""Which options go with which, and which exclude each other; go-task: flags.Validate. Add a row here for a new one.

Knows what was typed, and nothing of what options do.
"""

from __future__ import annotations

from itertools import combinations, product

from paratask.errors import OptionError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed

OURS = (
    "exec", "resume", "doctor", "install-hooks", "uninstall-hooks", "stats", "forget-conflicts", "graph", "learn", "verify", "plan",
    "runs", "logs", "why", "prune",
)  # fmt: skip
"""What paratask does in place of a run. One command line asks for one of them: else one would win, without a word."""

THEIRS = ("list", "list-all", "watch", "status", "summary", "init", "completion", "clear-cache", "experiments")
"""What task knows to do. Among each other, these are as there: most of them pass over the others."""

TOGETHER = (("exec", "plan"),)
EXCLUDING = (
    ("list", "list-all"), ("global", "dir"), ("parallel", "sequential"), ("sequential", "only-parallel"),
    ("download", "offline"), ("download", "clear-cache"), ("verify", "sequential"), ("learn", "dry"), ("learn", "parallel"),
    ("resume", "force"), ("resume", "force-all"), ("graph", "json"),
    *(pair for pair in combinations(OURS, 2) if pair not in TOGETHER), *product(OURS, THEIRS),
    *(("report", other) for other in (
        "plan", "dry", "status", "verify", "list", "list-all", "stats", "forget-conflicts", "summary", "logs", "why", "runs", "graph",
        "prune", "doctor", "install-hooks", "uninstall-hooks", "init", "completion", "clear-cache", "experiments",
    )),
    *(("exec", other) for other in ("taskfile", "global", "only-parallel", "force", "force-all", "parallel")),
)  # fmt: skip
GOES_WITH = (
    ("json", ("list", "list-all", "plan", "stats", "verify", "doctor", "runs")),
    ("names", ("list", "list-all", "runs", "resume", "why", "reporter", "init")),
    ("no-status", ("json",)),
    ("nested", ("json",)),
    ("rounds", ("verify",)),
    ("run", ("logs", "why", "report")),
    ("follow", ("logs",)),
    ("failed", ("logs",)),
    ("keep-order", ("exec", "resume")),
    ("joblog", ("exec", "resume")),
    ("null", ("exec",)),
)
"""An option, and those of which one has to be there."""


def check(typed: Typed) -> None:
    """Look for options that make no sense together. Raises UsageError for the first one."""
    if typed.flag("force_all") and "GENTLE_FORCE" not in typed.experiments:
        raise OptionError("unknown option `--force-all`", help="TASK_X_GENTLE_FORCE=1 switches the experiment on")
    given = {name.replace("_", "-") for name, value in typed.values.items() if value}
    for first, second in EXCLUDING:
        if first in given and second in given:
            raise UsageError(f"--{first} and --{second} exclude each other")
    for name, needed in GOES_WITH:
        if name in given and given.isdisjoint(needed):
            raise UsageError(f"--{name} goes with {_any_of(needed)}", help=_meant(typed) if name == "json" else "")
    if typed.text("report"):
        from paratask.cli.reports import check_wanted

        check_wanted(typed.text("report"))
    groups = ("output-group-begin", "output-group-end", "output-group-error-only")
    if typed.text("output") != "group" and not given.isdisjoint(groups):
        raise UsageError("--output-group-… goes with --output=group")
    if ("cert" in given) != ("cert-key" in given):
        raise UsageError("--cert and --cert-key go together")


def _meant(typed: Typed) -> str:
    """A line of help for somebody who typed `-j 4` as with make: `4` was taken for a task. Empty for everybody else."""
    from paratask.cli.flags import MAKES_J

    return MAKES_J if any(call.isdecimal() for call in typed.calls) else ""


def _any_of(names: tuple[str, ...]) -> str:
    *others, last = (f"--{name}" for name in names)
    return f"{', '.join(others)} or {last}" if others else last
