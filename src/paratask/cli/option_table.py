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
    _flag("parallel", "Run side by side what may run together (the default). Several tasks named here then run at once, whatever they touch.", "p"),
    _flag("sequential", "Run one job at a time: steps in written order, dependencies as `task` starts them, the last one first."),
    Option(
        name="only-parallel", metavar="TASKS", kind="list",
        help="Let only these tasks, and what they call, run side by side: `lint,format`, `lint-*`. Everything else runs in written order.",
    ),
    Option(
        name="jobs", aliases=("concurrency",), short="C", metavar="N", kind="number", environment=("PARATASK_JOBS", "TASK_CONCURRENCY"),
        help="Run at most N commands at once: a number, or a share of the cores (`50%`). Beyond the number of cores, only commands that mostly wait are let in.",
    ),
    Option(name="load", metavar="LOAD", kind="load", help="Start nothing beside others while LOAD processes run on the machine: `4`, `80%` of the cores, `+2` more than the cores."),
    Option(name="memory", metavar="SIZE", kind="memory", help="Start nothing beside others while less memory than SIZE is available: `500M`, `2G`."),
    Option(name="max-memory", metavar="SIZE", kind="memory", help="Start nothing beside others that would take the memory of all commands together over SIZE."),
    Option(
        name="jobserver", metavar="STYLE", choices=("auto", "fifo", "pipe", "off"), environment=("PARATASK_JOBSERVER",),
        help="How make, ninja, cargo and others learn to share the jobs that may run at once: as each knows it (auto), only by a named pipe (fifo), only by descriptors (pipe), or not at all (off).",
    ),
    Option(
        name="on-failure", metavar="HOW", choices=("sequential", "stop", "continue"),
        help="When a job of a set fails: run it again alone (sequential), stop the others (stop), or go on with the rest (continue).",
    ),
    Option(
        name="seed", metavar="SEED",
        help="Start what may start at the same moment in an order drawn from SEED: any text, or `reversed` for the reverse of the written order.",
    ),
    _flag("resume", "Go on with the newest run, or the one whose ID is given, if it was killed, stopped or failed. What it finished does not run again."),
    _flag("watch", "Run the tasks, and again whenever their `sources` change, until Ctrl-C.", "w"),
    Option(
        name="interval", short="I", metavar="DURATION", kind="duration",
        help="With --watch: how long nothing must have changed before the next run begins: `500ms`. The default is the Taskfile's, or `100ms`.",
    ),
    _flag("dry", "Show what would run, and run nothing.", "n", environment=("TASK_DRY",)),
    _flag("force", "Run tasks even if they are up to date.", "f"),
    _flag("force-all", "With the experiment GENTLE_FORCE: do what --force does without it; --force is then only for the tasks named here."),
    _flag("failfast", "When a dependency fails, stop the others.", "F", environment=("TASK_FAILFAST",)),
    _flag("exit-code", "Exit with the failed command's own exit code.", "x"),
    _flag("yes", "Answer yes to all prompts.", "y", environment=("TASK_ASSUME_YES",)),
    _flag("interactive", "Ask at the terminal for required variables that are missing.", environment=("TASK_INTERACTIVE",)),
    _flag(
        "exec",
        'Run plain commands side by side, as GNU parallel does: `--exec -j4 ::: "CMD" "CMD"`, `--exec CMD {} ::: ARG…`, or with stdin, one a line.',
        group=PLAIN,
    ),
    _flag("keep-order", "With --exec: show output in the order of the commands, not as they end.", "k", PLAIN),
    Option(name="joblog", metavar="PATH", group=PLAIN, help="With --exec: write a line for each command that ended, in GNU parallel's columns."),
    _flag("null", "With --exec: arguments from files and stdin end with a NUL byte instead of a line break: `find -print0`.", "0", PLAIN),
    Option(name="dir", short="d", metavar="DIR", help="Look for a Taskfile in DIR, and run there.", group="Files"),
    Option(name="taskfile", short="t", metavar="FILE", help="Use this Taskfile, or the one in this folder; `-` reads one from stdin.", group="Files"),
    _flag("global", "Use the Taskfile in your home folder.", "g", "Files"),
    _flag("disable-fuzzy", "Do not suggest a similar name for a task that does not exist.", "", "Files", ("TASK_DISABLE_FUZZY",)),
    Option(
        name="temp-dir", metavar="DIR", environment=("TASK_TEMP_DIR",), group="Files",
        help="Keep fingerprints in DIR instead of `.task`; a relative one is below the root Taskfile.",
    ),
    Option(
        name="trusted-hosts", metavar="HOSTS", kind="list", environment=("TASK_REMOTE_TRUSTED_HOSTS",), group="Remote Taskfiles",
        help="Use Taskfiles from these hosts without asking; several with commas.",
    ),
    _flag("download", "Fetch remote Taskfiles anew, even if they are in the cache.", group="Remote Taskfiles"),
    _flag(
        "offline", "Use no network: remote Taskfiles come from the cache.", group="Remote Taskfiles",
        environment=("TASK_REMOTE_OFFLINE",),
    ),
    Option(
        name="expiry", metavar="DURATION", kind="duration", environment=("TASK_REMOTE_CACHE_EXPIRY",), group="Remote Taskfiles",
        help="Use what is in the cache for this long before fetching it anew: `24h`. The default is `0`.",
    ),
    Option(
        name="timeout", metavar="DURATION", kind="duration", environment=("TASK_REMOTE_TIMEOUT",), group="Remote Taskfiles",
        help="Wait this long for remote Taskfiles, all together; then use the cache. The default is `10s`.",
    ),
    Option(
        name="remote-cache-dir", metavar="DIR", environment=("TASK_REMOTE_CACHE_DIR",), group="Remote Taskfiles",
        help="Keep the cache below DIR instead of `.task`; TASK_REMOTE_DIR does the same if nothing else says where.",
    ),
    _flag("clear-cache", "Remove the cache, and run nothing.", group="Remote Taskfiles"),
    _flag(
        "insecure", "Allow http, and do not check certificates.", group="Remote Taskfiles", environment=("TASK_REMOTE_INSECURE",)
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
    _flag("plan", "Show what would run together, what would wait for what, why, and on what evidence. Run nothing.", group="Looking"),
    Option(
        name="graph", metavar="FORMAT", choices=("dot", "mermaid", "svg"), group="Looking",
        help="Print the plan as a drawing: the source for Graphviz (dot) or Mermaid (mermaid), or a finished picture (svg).",
    ),
    _flag("verify", "Run the tasks in copies of the checkout, one at a time and side by side, and say what differs.", group="Looking"),
    _flag(
        "learn", "Run the tasks one at a time under strace, and keep what each reads and writes in paratask.claims.toml.",
        group="Looking",
    ),
    _flag("stats", "Show how long tasks took, how often they succeeded, and what running side by side saved: the tasks named here, or all.", group="Looking"),
    _flag(
        "forget-conflicts", "Let tasks run side by side again that failed beside each other: all pairs, those with TASK, or those between several TASKs.",
        group="Looking",
    ),
    _flag("runs", "List the runs that are kept, newest first, each with the runs inside it; with TASK, only its runs.", group="Looking"),
    _flag("logs", "Show what the newest run wrote; with TASK, what its jobs wrote in the newest run that had any.", group="Looking"),
    _flag("why", "Say for each job of TASK why it ran, waited, was fresh (up to date) or ran again, in the newest run that had any.", group="Looking"),
    Option(name="run", metavar="ID", group="Looking", help="With --logs, --why and --report: use this run; --runs lists them."),
    _flag("follow", "With --logs: keep showing output as long as the run goes on.", group="Looking"),
    _flag("failed", "With --logs: show only what failed jobs wrote.", group="Looking"),
    Option(name="prune", metavar="N", kind="number", group="Looking", help="Remove all kept runs except the newest N and those that still go on."),
    Option(
        name="rounds", metavar="N", kind="number", group="Looking",
        help="With --verify: how often to run side by side, each time in a different start order. The default is `3`.",
    ),
    _flag("list", "List the tasks that have a description.", "l", "Looking"),
    _flag("list-all", "List all tasks.", "a", "Looking"),
    _flag("doctor", "Look for what is wrong with this machine, the Taskfile or TASK, and say what to do. Runs no task.", group="Looking"),
    _flag("json", "Print --plan, --stats, --runs, --verify, --doctor, --list or --list-all as JSON.", "j", "Looking"),
    _flag("no-status", "Leave out of --json whether tasks are up to date.", group="Looking"),
    _flag("names", "Print --list, --list-all, --runs, --resume, --why, --reporter or --init for programs: name, tab, description; aliases as well.", group="Looking"),
    _flag("nested", "In --json, put the tasks of a namespace below its name.", group="Looking"),
    Option(
        name="sort", metavar="ORDER", values=("default", "alphanumeric", "none"), group="Looking",
        help="The order of lists: those without a namespace first (default), by name (alphanumeric), or as written (none).",
    ),
    _flag("status", "Exit with 1 if one of the tasks is not up to date.", group="Looking"),
    _flag("summary", "Show what is known about a task.", group="Looking"),
    Option(
        name="report", metavar="FORMAT=PATH", kind="list", group="Output",
        help="Write a report of the run to PATH, or to stdout with `-`: json, junit, trace, html or markdown; `otel` sends it. May be given several times.",
    ),
    Option(
        name="reporter", metavar="NAMES", kind="list", environment=("PARATASK_REPORTER",), group="Output",
        help="Tell these reporters, which installed packages offer, of the run as it goes, in place of paratask.toml's; `off` tells none.",
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
        "Write a first Taskfile: here, or to the FILE or folder that is named; or the files of each KIND (`polyglot`, `ci-github` …). "
        "Overwrites nothing.",
        "i", "About",
    ),
    _flag("install-hooks", "Make git run TASK, or `check`, before commits and pushes that change something here. Overwrites nothing.", group="About"),
    _flag("uninstall-hooks", "Remove what --install-hooks wrote.", group="About"),
    Option(
        name="completion", metavar="SHELL", values=("bash", "zsh", "fish", "powershell"), group="About",
        help="Print a script for the shell that completes tasks and options.",
    ),
    _flag("experiments", "List go-task's experiments, and which are on.", group="About"),
    _flag("help", "Show this text.", "h", "About"),
    _flag("version", "Show the version.", group="About"),
)  # fmt: skip

BY_KEY = {option.key: option for option in OPTIONS}
