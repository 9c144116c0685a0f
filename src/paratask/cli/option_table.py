"""Every option, declared once: parser, help, environment and reference come from `OPTIONS`. See "Shape" in CONTRIBUTING.md.

Knows names and words, and nothing of parsing.
"""

from __future__ import annotations

from paratask.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option. `metavar` is empty for a flag; `environment` names variables that set it, first found first.

    `kind` says which values parse: any "text", a "number" (or a share of the cores), a "load", a "memory", a "duration", or a "list",
    which may be given several times; `choices` narrows a text. What parses is kept as typed. `values` are those that make sense, where others are
    refused later, or passed over.
    """

    name: str
    help: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    metavar: str = ""
    kind: str = "text"
    choices: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    group: str = "Running"

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")

    @property
    def known_values(self) -> tuple[str, ...]:
        """For help and completion."""
        return self.choices or self.values


def _flag(name: str, help: str, short: str = "", group: str = "Running", environment: tuple[str, ...] = ()) -> Option:  # noqa: A002
    return Option(name=name, help=help, short=short, group=group, environment=environment)


PLAIN = "Plain commands"
EXEC_SHORTS = {"j": "jobs"}
"""Letters that stand for another option after --exec: there they are GNU parallel's."""

OPTIONS: tuple[Option, ...] = (
    _flag("parallel", "Run what may run together side by side (the default); run all tasks named here side by side.", "p"),
    _flag("sequential", "Run one job at a time: steps in written order, dependencies as task starts them, the last one first."),
    Option(
        name="only-parallel", metavar="TASKS", kind="list",
        help="Let only these tasks, and what they call, run side by side: `lint,format`, `lint-*`. All else goes in written order.",
    ),
    Option(
        name="jobs", aliases=("concurrency",), short="C", metavar="N", kind="number", environment=("PARATASK_JOBS", "TASK_CONCURRENCY"),
        help="Run at most N commands at once: a number, or a share of the cores (`50%`). More than the cores is for those that mostly wait.",
    ),
    Option(name="load", metavar="LOAD", kind="load", help="Start nothing beside others while LOAD processes run: `4`, `80%` of the cores, `+2`."),
    Option(name="memory", metavar="SIZE", kind="memory", help="Start nothing beside others while less than SIZE is available: `500M`, `2G`."),
    Option(name="max-memory", metavar="SIZE", kind="memory", help="Start nothing beside others that would take all commands together over SIZE."),
    Option(
        name="jobserver", metavar="STYLE", choices=("auto", "fifo", "pipe", "off"), environment=("PARATASK_JOBSERVER",),
        help="How make, ninja, cargo and others are told to share the jobs that may run at once: as they know it (auto), one way only, or not.",
    ),
    Option(
        name="on-failure", metavar="HOW", choices=("sequential", "stop", "continue"),
        help="When a job of a set fails: run it again alone (sequential), stop all (stop), go on with the rest (continue).",
    ),
    Option(
        name="seed", metavar="SEED",
        help="Start what may start at the same moment in an order drawn from SEED: any text, or `reversed` for the written one turned round.",
    ),
    _flag("resume", "Go on with the newest run, or the one whose ID is named, if it was killed, stopped or failed: what it finished does not run again."),
    _flag("watch", "Run the tasks, and again whenever their `sources` change, until Ctrl-C.", "w"),
    Option(
        name="interval", short="I", metavar="DURATION", kind="duration",
        help="With --watch: how long nothing must change before the next run: `500ms`. The default is the Taskfile's, or `100ms`.",
    ),
    _flag("dry", "Show what would run, and run nothing.", "n", environment=("TASK_DRY",)),
    _flag("force", "Run also what is up to date.", "f"),
    _flag("force-all", "With the experiment GENTLE_FORCE: what --force does without it; --force is then for the tasks named here."),
    _flag("failfast", "When a dependency fails, stop the others.", "F", environment=("TASK_FAILFAST",)),
    _flag("exit-code", "Exit with the failed command's own exit code.", "x"),
    _flag("yes", "Answer yes to all prompts.", "y", environment=("TASK_ASSUME_YES",)),
    _flag("interactive", "Ask at the terminal for required variables that are missing.", environment=("TASK_INTERACTIVE",)),
    _flag(
        "exec",
        'Run plain commands side by side, as GNU parallel does: `--exec -j4 ::: "CMD" "CMD"`, `--exec CMD {} ::: ARG…`, or with stdin, a line each.',
        group=PLAIN,
    ),
    _flag("keep-order", "With --exec: show output in the order of the commands, not as they end.", "k", PLAIN),
    Option(name="joblog", metavar="PATH", group=PLAIN, help="With --exec: write a line for each command that ended, in GNU parallel's columns."),
    _flag("null", "With --exec: arguments from files and stdin end with a NUL byte, not with a line: `find -print0`.", "0", PLAIN),
    Option(name="dir", short="d", metavar="DIR", help="Look for a Taskfile in DIR, and run there.", group="Files"),
    Option(name="taskfile", short="t", metavar="FILE", help="Use this Taskfile, or the one in this folder; `-` reads one from stdin.", group="Files"),
    _flag("global", "Use the Taskfile in your home folder.", "g", "Files"),
    _flag("disable-fuzzy", "Suggest no similar name for a task that does not exist.", "", "Files", ("TASK_DISABLE_FUZZY",)),
    Option(
        name="temp-dir", metavar="DIR", environment=("TASK_TEMP_DIR",), group="Files",
        help="Keep fingerprints in DIR instead of `.task`; a relative one is below the root Taskfile.",
    ),
    Option(
        name="trusted-hosts", metavar="HOSTS", kind="list", environment=("TASK_REMOTE_TRUSTED_HOSTS",), group="Remote Taskfiles",
        help="Use Taskfiles from these hosts without asking; several with commas.",
    ),
    _flag("download", "Fetch remote Taskfiles anew, whatever is in the cache.", group="Remote Taskfiles"),
    _flag(
        "offline", "Use no network: remote Taskfiles come from the cache.", group="Remote Taskfiles",
        environment=("TASK_REMOTE_OFFLINE",),
    ),
    Option(
        name="expiry", metavar="DURATION", kind="duration", environment=("TASK_REMOTE_CACHE_EXPIRY",), group="Remote Taskfiles",
        help="Use what is in the cache for so long without fetching it anew: `24h`. The default is `0`.",
    ),
    Option(
        name="timeout", metavar="DURATION", kind="duration", environment=("TASK_REMOTE_TIMEOUT",), group="Remote Taskfiles",
        help="Wait so long for remote Taskfiles, all together; then the cache is used. The default is `10s`.",
    ),
    Option(
        name="remote-cache-dir", metavar="DIR", environment=("TASK_REMOTE_CACHE_DIR",), group="Remote Taskfiles",
        help="Keep the cache below DIR instead of `.task`; TASK_REMOTE_DIR is the weakest way to say so.",
    ),
    _flag("clear-cache", "Remove the cache, and run nothing.", group="Remote Taskfiles"),
    _flag(
        "insecure", "Allow http, and do not look at certificates.", group="Remote Taskfiles", environment=("TASK_REMOTE_INSECURE",)
    ),
    Option(
        name="cacert", metavar="FILE", environment=("TASK_REMOTE_CACERT",), group="Remote Taskfiles",
        help="Trust the certificate authorities in FILE (PEM), and no others.",
    ),
    Option(
        name="cert", metavar="FILE", environment=("TASK_REMOTE_CERT",), group="Remote Taskfiles",
        help="Show the certificate in FILE (PEM) to servers; goes with --cert-key.",
    ),
    Option(
        name="cert-key", metavar="FILE", environment=("TASK_REMOTE_CERT_KEY",), group="Remote Taskfiles",
        help="The key of --cert.",
    ),
    _flag("plan", "Show the sets, what waits for what, why, and on what evidence; run nothing.", group="Looking"),
    Option(
        name="graph", metavar="FORMAT", choices=("dot", "mermaid", "svg"), group="Looking",
        help="Print the plan as a drawing: for Graphviz (dot), for Mermaid, or drawn already (svg).",
    ),
    _flag("verify", "Run the tasks in copies of the checkout, one at a time and side by side, and say what differs.", group="Looking"),
    _flag(
        "learn", "Run the tasks one at a time, see under strace what each reads and writes, and keep it in paratask.claims.toml.",
        group="Looking",
    ),
    _flag("stats", "Show how long tasks took, how often they went well, and what side by side saved: those named here, or all.", group="Looking"),
    _flag(
        "forget-conflicts", "Let tasks run side by side again that failed beside each other: all pairs, those of TASK, or between the TASKs.",
        group="Looking",
    ),
    _flag("runs", "List the runs that are kept, newest first, each with the runs inside it; only those of TASK, where one is named.", group="Looking"),
    _flag("logs", "Show what the newest run wrote, or the jobs of TASK in the newest run that had some.", group="Looking"),
    _flag("why", "Say of each job of TASK why it ran, waited, was fresh, or ran again, in the newest run that had some.", group="Looking"),
    Option(name="run", metavar="ID", group="Looking", help="With --logs, --why and --report: that run, as --runs lists it."),
    _flag("follow", "With --logs: go on while the run does.", group="Looking"),
    _flag("failed", "With --logs: only of jobs that failed.", group="Looking"),
    Option(name="prune", metavar="N", kind="number", group="Looking", help="Remove all kept runs but the newest N, and none that goes on."),
    Option(
        name="rounds", metavar="N", kind="number", group="Looking",
        help="With --verify: how often to run side by side, each time in another start order. The default is `3`.",
    ),
    _flag("list", "List the tasks that have a description.", "l", "Looking"),
    _flag("list-all", "List all tasks.", "a", "Looking"),
    _flag("doctor", "Look for what is wrong with this machine, the Taskfile or TASK, and say what to do. Runs no task.", group="Looking"),
    _flag("json", "Print --plan, --stats, --runs, --verify, --doctor, --list or --list-all as JSON.", "j", "Looking"),
    _flag("no-status", "Leave out whether tasks are up to date from --json.", group="Looking"),
    _flag("names", "Print --list, --list-all, --runs, --resume, --why, --reporter or --init for programs: name, tab, description; aliases as well.", group="Looking"),
    _flag("nested", "Put the tasks of a namespace below its name in --json.", group="Looking"),
    Option(
        name="sort", metavar="ORDER", values=("default", "alphanumeric", "none"), group="Looking",
        help="The order of lists: those without a namespace first (default), by name (alphanumeric), or as written (none).",
    ),
    _flag("status", "Exit with 1 when one of the tasks is not up to date.", group="Looking"),
    _flag("summary", "Show what is known about a task.", group="Looking"),
    Option(
        name="report", metavar="FORMAT=PATH", kind="list", group="Output",
        help="Write a report of the run, several times if need be: json, junit, trace, html or markdown, to PATH or `-`; `otel` sends it.",
    ),
    Option(
        name="reporter", metavar="NAMES", kind="list", environment=("PARATASK_REPORTER",), group="Output",
        help="Tell these reporters of the run as it goes, which installed packages offer, in place of paratask.toml's; `off` is none.",
    ),
    Option(
        name="output", short="o", metavar="STYLE", values=("interleaved", "group", "prefixed", "errors-only", "live"), environment=("TASK_OUTPUT",),
        help="How commands' output is shown.", group="Output",
    ),
    Option(
        name="output-group-begin", metavar="TEXT", environment=("TASK_OUTPUT_GROUP_BEGIN",), group="Output",
        help="Template to print before a command's output, with --output=group.",
    ),
    Option(
        name="output-group-end", metavar="TEXT", environment=("TASK_OUTPUT_GROUP_END",), group="Output",
        help="Template to print after a command's output, with --output=group.",
    ),
    _flag(
        "output-group-error-only", "Show only the output of commands that fail, with --output=group.", group="Output",
        environment=("TASK_OUTPUT_GROUP_ERROR_ONLY",),
    ),
    _flag("silent", "Do not show commands before they run.", "s", "Output", ("TASK_SILENT",)),
    _flag("verbose", "Say more.", "v", "Output", ("TASK_VERBOSE",)),
    _flag("color", "Colour what paratask says. On at a terminal; `--color=false` or NO_COLOR=1 turns it off.", "c", "Output", ("TASK_COLOR",)),
    _flag(
        "init",
        "Write a Taskfile to begin with: here, or to the FILE or folder that is named; or the files of each KIND (`polyglot`, `ci-github` …). "
        "Overwrites nothing.",
        "i", "About",
    ),
    _flag("install-hooks", "Have git run TASK, or `check`, before commits and pushes of what changed. Overwrites nothing.", group="About"),
    _flag("uninstall-hooks", "Take these hooks away again.", group="About"),
    Option(
        name="completion", metavar="SHELL", values=("bash", "zsh", "fish", "powershell"), group="About",
        help="Print a script for the shell that completes tasks and options.",
    ),
    _flag("experiments", "List go-task's experiments, and which are on.", group="About"),
    _flag("help", "Show this text.", "h", "About"),
    _flag("version", "Show the version.", group="About"),
)  # fmt: skip

BY_KEY = {option.key: option for option in OPTIONS}
