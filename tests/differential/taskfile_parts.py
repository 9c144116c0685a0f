"""The parts of generated Taskfiles: variables, tasks, commands, flags. See taskfile_strategies.py."""

from __future__ import annotations

from choices import Choices, Draw

VARIABLES = ("A", "B", "C")
LOOPED = ("L", "M")
BROKEN = ("echo {{fail `why`}}", "echo {{.A", "echo {{.M.k1}}")
SHOWN = "{{.A}} {{.B}} {{.C}}"
Entry = dict[str, object]


class Parts(Choices):
    """Makes parts. `has_order`: whether what tasks print comes in one order. `merges`: whether output is grouped or prefixed."""

    def __init__(self, draw: Draw, *, has_order: bool, merges: bool) -> None:
        super().__init__(draw)
        self._has_order = has_order
        self._merges = merges
        self._made = 0
        self.apart = False  # whether the variables of this file must not refer to others
        self._varies = has_order or self.chance(50)
        """Whether one task may be called with several variables. Without order, nothing then runs once: which call is first?"""
        self._is_broken = has_order and self.chance(15)
        self._resolves = has_order and not self._is_broken and self.chance(40)
        """Whether a matrix may have a `ref:`: not beside other failures (compatibility.md, broken-matrix and other-platforms)."""

    # Variables

    def variables(self, *, names: tuple[str, ...] = (*VARIABLES, *LOOPED), most: int = 3, may_fail: bool = True) -> Entry:
        chosen = self.some_of(names, most) if names else []
        return {name: self.looped() if name in LOOPED else self.value(name, may_fail=may_fail) for name in chosen}

    def _lone_variables(self, *, names: tuple[str, ...], most: int = 3) -> Entry:
        """Those of a file, whatever is beside it."""
        if not self.apart:
            return self.variables(names=names, most=most, may_fail=False)
        chosen = self.some_of(names, most) if names else []
        values = ("plain", 17, {"sh": "echo alone"}, True, "two words")
        lists = (["x", "y"], "p,q", {"map": {"k1": "v1"}}, [1, 2.5])
        return {name: self.one_of(lists if name in LOOPED else values) for name in chosen}

    def value(self, name: str, *, may_fail: bool) -> object:
        """A scalar, or what becomes one; `may_fail`, not always."""
        self._made += 1
        other = self.one_of(VARIABLES)
        return self.one_of(
            (
                f"{name}{self._made}",
                f"{name}{self._made}+{{{{.{other}}}}}",
                self.one_of((0, 1, 17, True, False, 1.5, "", "two words", "1.10", "yes", "~", "007")),
                {"sh": self.one_of((f"echo sh{self._made}", f"echo {{{{.{other}}}}}-sh", 'echo "$A-$B"', "echo 'a  b'" if self._merges else "printf 'a\\nb\\n'", "pwd", "true"))},
                {"ref": self.one_of((f".{other}", '.L | join "," | upper', ".NONE", "len .L" if may_fail and not self._resolves else ".L", '.A | default "d"', ".M"))},
                {"sh": self.one_of(("exit 3", "echo x; false", "cat none.txt"))} if self._has_order and may_fail and self.chance(10) else "plain",
                self.one_of(('{{default "none" .NONE}}', "{{.TASK}}", "{{.ALIAS}}", "{{.ROOT_DIR | base}}", "{{.TASKFILE_DIR | base}}",
                             "{{.USER_WORKING_DIR | base}}", "{{.CLI_ARGS}}", "{{.TASK_DIR | base}}", "{{.CLI_FORCE}}{{.CLI_SILENT}}{{.CLI_VERBOSE}}",
                             "{{len .CLI_ARGS_LIST}}" if may_fail else "{{.CLI_ARGS_LIST}}", "{{range .L}}<{{.}}>{{end}}", "{{.G}}{{.D}}", "{{.MATCH}}", "{{if eq .A .B}}same{{else}}other{{end}}",
                             "{{.TASKFILE | base}}", "{{.ROOT_TASKFILE | base}}", "{{.CHECKSUM}}", "{{.EXIT_CODE}}", "{{.ITEM}}")),
            )
        )  # fmt: skip

    def looped(self) -> object:
        """What a loop may range over; or not."""
        return self.one_of(
            (
                ["x", "y"],
                "one two",
                "p,q",
                ["{{.A}}", "z"],
                {"map": {"k1": "{{.B}}"}},  # of one key: compatibility.md, include-order
                [1, True, 2.5],
                [],
                {"ref": "list 1 2"},
                {"sh": "echo 'm n'" if self._merges else "printf 'm\\nn\\n'"},
                {"map": {"n": {"deep": [1, 2]}}},
                [["i", "j"], ["k"]],
            )
        )

    # Files

    def file_level(self, names: tuple[str, ...]) -> list[tuple[str, object]]:
        """What stands beside `tasks`; variables have only these names."""
        made: list[tuple[str, object]] = []
        for key, percent, make in (
            ("vars", 60, lambda: self._lone_variables(names=names)),
            ("env", 25, lambda: self._lone_variables(names=tuple(n for n in names if n in VARIABLES), most=2)),
            ("silent", 15, lambda: True),
            ("method", 8, lambda: self.one_of(("checksum", "timestamp", "none"))),
            ("run", 10 if self._has_order or not self._varies else 0, lambda: self.one_of(("once", "when_changed", "always"))),
            ("set", 5, lambda: self.one_of((["pipefail"], ["errexit"], *([] if self._merges else [["nounset"], ["e", "u"]])))),
            ("shopt", 4, lambda: ["globstar"]),
        ):
            if self.chance(percent):
                made.append((key, make()))
        return made

    def output(self) -> object:
        grouped: Entry = {"begin": "::{{.TASK}} {{.A}}", "end": "::end"}
        return self.one_of(("interleaved", "group", "prefixed", {"group": grouped}, {"group": {**grouped, "error_only": True}}))

    def include_options(self, entry: Entry, namespace: str, names: list[str], variables: tuple[str, ...]) -> list[str]:
        """Fills in an `includes` entry; gives the names that its tasks have outside."""
        flat = self.chance(15 if "default" not in names else 4)
        prefixes = [] if flat else [namespace]
        if self.chance(20):
            entry["dir"] = self.one_of(("./sub", "./made", "."))
        if self.chance(35):
            entry["vars"] = self._lone_variables(names=variables)
        if self.chance(10):
            entry["internal"] = True
        if self.chance(5):
            entry["optional"] = True
        if self.chance(15):
            entry["aliases"] = [f"{namespace}-alias"]
            prefixes += [] if flat else [f"{namespace}-alias"]
        if self.chance(10) and names:
            entry["excludes"] = [self.one_of(names)]
            names = [name for name in names if name not in entry["excludes"]]  # type: ignore[operator]
        if flat:
            entry["flatten"] = True
            return names
        bare = [prefixes[0]] if "default" in names and self.chance(30) else []
        return bare + [f"{self.one_of(prefixes)}:{name}" for name in names]

    # Tasks

    def task(self, name: str, callees: list[str], depth: int) -> object:
        if self.chance(6):
            return self.one_of(("echo short {{.TASK}}", ["echo first", f"echo second {SHOWN}"], {}))
        self._made += 1
        task: Entry = {}
        mark = f"{name.replace('*', 'wild').replace(' ', '-')}-{depth}{self._made}"
        self._describe(task, mark)
        if self.chance(35):
            task["vars"] = self.variables()
        if self.chance(15):
            task["env"] = self.variables(names=(*VARIABLES, "G"), most=2)
        if self.chance(8):
            task["dotenv"] = self.one_of((["task.env"], ["task.env", "{{.A}}.env"]))
        self._place(task)
        self._freshness(task, mark)
        self._guards(task)
        if callees and self.chance(30):
            task["deps"] = self._dependencies(callees)
        if self.chance(12):
            task["run"] = self.one_of(("always", "once", "when_changed"))
        if not self._has_order:
            self._settle(task)
        task["cmds"] = [self.step(mark, callees, task) for _ in range(1 + self.number(3))]
        if task.get("platforms", ["linux"]) != ["linux"]:  # compatibility.md, other-platforms
            task.update(vars={}, cmds=["echo elsewhere"])
        if len(task["cmds"]) == 1 and isinstance(task["cmds"][0], str) and self.chance(10):
            task["cmd"] = task.pop("cmds")[0]  # type: ignore[index]
        return task

    def _settle(self, task: Entry) -> None:
        """Take from a task what would depend on which call of it is first."""
        if self._varies:
            for key in ("sources", "generates", "status", "run"):
                task.pop(key, None)
        elif "sources" in task or "status" in task:
            task["run"] = "once"

    def _describe(self, task: Entry, mark: str) -> None:
        for key, percent, value in (
            ("desc", 35, f"Does {{{{.A}}}} {mark}"),
            ("summary", 12, f"Line one {{{{.B}}}}\n\nline three of {mark}"),
            ("label", 6, f"label-{mark}-{{{{{'index .MATCH 0' if 'wild' in mark else '.A'}}}}}"),
            ("prefix", 6, f"pre-{mark}"),
            ("aliases", 10, [f"also-{mark}"]),
            ("silent", 15, self.one_of((True, False))),
            ("internal", 2, True),
            ("ignore_error", 6, True),
        ):
            if self.chance(percent):
                task[key] = value

    def _place(self, task: Entry) -> None:
        if self.chance(15):
            task["dir"] = self.one_of(
                (
                    "sub",
                    "./sub",
                    "{{.ROOT_DIR}}/sub",
                    "made/here",
                    "made-{{.A}}",
                    ".",
                    "{{.TASKFILE_DIR}}",
                    "sub{{.B}}",
                    "$G",
                    "${G-sub}",
                )
            )
        if self.chance(4):
            task["set"] = self.one_of((["pipefail"], ["noglob"], *([] if self._merges else [["nounset"], ["xtrace"]])))
        if self.chance(3):
            task["shopt"] = ["globstar"]

    def _freshness(self, task: Entry, mark: str) -> None:
        if self.chance(18):
            sources: list[object] = [
                self.one_of(("*.txt", "**/*.txt", "a.txt", "{a,b}.txt", "sub/*", "none-*.txt", "{{.A}}.txt"))
            ]
            if self.chance(30):
                sources.append(self.one_of(({"exclude": "b.txt"}, "sub/c.txt", {"exclude": "sub/**"})))
            task["sources"] = sources
            if self.chance(40):
                task["generates"] = [self.one_of((f"out-{mark}", "none.out", "out-*"))]
            if self.chance(35):
                task["method"] = self.one_of(("checksum", "timestamp", "none"))
        if self.chance(7):
            task["status"] = [self.one_of((f"test -f out-{mark}", "true", "false", '[ "{{.A}}" = "{{.B}}" ]'))]

    def _guards(self, task: Entry) -> None:
        if self.chance(8):
            task["if"] = self.one_of(('[ -n "{{.A}}" ]', "false", "true", "test -f a.txt", '[ "$A" = os ]', ""))
        if self.chance(6):
            task["preconditions"] = [
                self.one_of(("test -f a.txt", {"sh": '[ -n "{{.A}}" ]', "msg": "no A: {{.B}}"}, {"sh": "true"}))
            ]
        if self.chance(5) and not self._resolves:
            task["requires"] = {
                "vars": [
                    self.one_of(("A", "ENV", {"name": "ENV", "enum": ["dev", "prod"]}, {"name": "A", "enum": {"ref": ".L"}}))
                ]
            }
        if not self._has_order:
            task.pop("requires", None)
            task.pop("preconditions", None)
        if self.chance(5):
            task["platforms"] = [self.one_of(("linux", "windows", "darwin", "linux/riscv64"))]

    def _dependencies(self, callees: list[str]) -> list[object]:
        if self._has_order:
            return [self._call(self.one_of(callees), key_needed=False)]
        made = [self._call(self.one_of(callees), key_needed=False) for _ in range(1 + self.number(2))]
        if self.chance(20):
            variables = {"vars": {"A": "{{.ITEM}}"}} if self._varies else {}
            made.append({"for": self.loop({}), "task": self.one_of(callees), **variables})
        return made

    def _call(self, name: str, *, key_needed: bool = True) -> object:
        if not key_needed and self.chance(50):
            return name
        call: Entry = {"task": name}
        if self._varies and self.chance(35):
            call["vars"] = self.variables()
        if self._varies and self.chance(8):  # which call of a task that runs once is first?
            call["silent"] = True
        return call

    # Steps

    def step(self, mark: str, callees: list[str], task: Entry) -> object:
        if callees and self.chance(30):
            step = self._call(self.one_of(callees))
        elif self.chance(35):
            step = {"cmd": self.command(mark) or "true"}  # an empty one is refused; of two mistakes either may be named
            for key, percent, value in (
                ("silent", 25, True),
                ("ignore_error", 20, True),
                ("platforms", 5, [self.one_of(("linux", "windows"))]),
                ("set", 4, ["noglob"] if self._merges else ["nounset"]),
            ):
                if self.chance(percent):
                    step[key] = value
        else:
            return self.command(mark)
        assert isinstance(step, dict)
        if self.chance(18):
            step["for"] = self.loop(task)
        elif self.chance(14):
            return self._deferred(step)
        if self.chance(8):
            step["if"] = self.one_of(("true", "false", '[ "{{.A}}" = "{{.B}}" ]', '[ -z "{{.ITEM}}" ]', "test -f a.txt"))
        return step

    def _deferred(self, step: Entry) -> Entry:
        """What was to be a step of its own, at the end. A command in a mapping has the key `defer` once more."""
        if "task" in step:
            return {"defer": step}
        if any(str(step["cmd"]).endswith(broken) for broken in BROKEN):  # compatibility.md, broken-defer
            step["cmd"] = "echo whole"
        made: Entry = {"defer": step["cmd"] if self.chance(80) else {self.one_of(("defer", "cmd")): step["cmd"]}}
        return {**made, "silent": True} if self.chance(30) else made

    def loop(self, task: Entry) -> object:
        kinds = [
            ["i", "j"],
            {"var": self.one_of(LOOPED)},
            {"var": self.one_of(LOOPED), "as": "C"},
            {"var": "L", "split": self.one_of((",", " "))},
            {"matrix": {"X": ["1", "2"], "Y": ["{{.A}}", "b"]}},
            {"matrix": {"X": {"ref": self.one_of((".L", "list 1 2"))} if self._resolves else ["1"], "Y": [1, 2]}},
            ["{{.A}}", "b c", 3],
            *(["sources", "generates"] if "sources" in task else []),
        ]
        return self.one_of(kinds)

    def command(self, mark: str) -> str:
        if self.chance(12):
            return self.one_of(self._failures(mark))
        self._made += 1
        return self.one_of(
            (
                f"echo {mark} {SHOWN}",
                f"echo {mark} {SHOWN} $A $B $G",
                "echo {{.ITEM}} {{.KEY}} {{.C}} {{.ITEM.X}}{{.ITEM.Y}}"
                if self.chance(25)
                else "echo {{.ITEM}} {{.KEY}} {{.C}}",
                'printf \'%s|\' "{{.L}}" "{{.M}}" && echo',
                f"touch out-{mark}",
                "cat a.txt",
                "env | grep -E '^(A|B|C|D|E|F|G|L|ENV)=' | sort",
                "pwd",
                f"echo {mark} to stderr >&2",
                "for i in 1 2; do\n  echo {{.TASK}} $i\ndone\n",
                "echo {{.CLI_ARGS}} '{{len .TASK}}' {{.ALIAS}}",
                'echo "{{.EXIT_CODE}}|{{.CHECKSUM}}|{{.MATCH}}|{{.TASK}}"',
                "echo *.txt $(echo sub) | tr a-z A-Z",
                'test "{{.A}}" = "{{.B}}" || echo differ',
                "echo '{{.TASK_DIR}} {{.TASKFILE}} {{.ROOT_DIR}} {{.USER_WORKING_DIR}}'",
                f"X={self._made}; if [ $X -gt 0 ]; then echo positive; fi",
                "" if self.chance(20) else "true",
                "{{range .L}}echo {{.}}; {{end}}true",
                "echo {{.M}} {{.NONE}}{{.L | toJson}}",
                "cd sub 2>/dev/null && pwd || echo no sub",
            )
        )

    def _failures(self, mark: str) -> tuple[str, ...]:
        if not self._has_order:
            return ("exit 3", f"echo {mark} fails; exit 3")
        failures = ("exit 3", "false", "cat none.txt", "echo before; exit 42", "echo $NOT_SET | false")
        if self._is_broken:
            failures = (*failures, *BROKEN)
        # What the shell says goes to stdout where output is grouped: compatibility.md, shell-errors; and syntax-errors.
        return failures if self._merges else (*failures, "no-such-program", "cd sub && pwd")

    # Command lines

    def flags(self) -> list[str]:
        choices = (*FLAGS, *(MERGING if self._merges else ()), *([("-F",)] if self._has_order else []))  # it races others
        flags = list(self.one_of(choices)) if self.chance(60) else []
        if self.chance(10):
            flags.append(self.one_of(("-s", "-v", "-f", "-x", "--silent=false", "-n", "-C2")))
        return flags


# No --sort=none: compatibility.md, include-order; no -p: parallel-flag. --json has --dry or --no-status beside it: compatibility.md, fingerprint-late.
FLAGS = (
    (), ("-x",), ("--dry",), ("--summary",), ("--list-all",), ("--list",), ("--list-all", "--json", "--dry"), ("--list", "--json", "--no-status"),
    ("--status",), ("--force",), ("-s",), ("-v",), ("-o", "interleaved"), ("-v", "-x"), ("--dry", "-v"), ("--list",),
    ("--list-all", "--sort", "alphanumeric"),  ("-t", "Taskfile.yml"), ("-d", "."), ("--list-all", "-s"), ("--force", "--dry"),
    ("-y",), ("-a", "--json", "--nested", "--dry"), ("-x", "-s"),
)  # fmt: skip
MERGING = (
    ("-o", "prefixed"), ("-o", "group"), ("--output-group-error-only", "-o", "group"), ("-o", "prefixed", "-v"),
    ("-o", "group", "--output-group-begin", "<<{{.TASK}}", "--output-group-end", "{{.A}}>>"),
)  # fmt: skip
