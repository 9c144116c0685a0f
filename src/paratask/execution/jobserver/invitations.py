"""How a command is told of a jobserver. See "Jobserver" in docs/design.md.

By its words, in the style that its tools understand; all other commands, and all others in the same text, see the environment that
they would see under `task`. What a Taskfile sets MAKEFLAGS to stays. Knows nothing of tokens.
"""

from __future__ import annotations

import os
import re

from paratask.execution.jobserver.calls import CACHE_FILE, FORMS, NINJA_GENERATOR, shared_words, shell_body, started_at
from paratask.execution.jobserver.pool import descriptors
from paratask.execution.jobserver.tools import FIFO, OLD_PIPE, PIPE, TOOLS, Versions
from paratask.execution.leases import SLOTS_VARIABLE
from paratask.frozen import dataclass
from paratask.scheduling.makeflags import UNLIMITED, parse_makeflags, with_jobserver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.execution.jobserver.calls import Form
    from paratask.execution.jobserver.pool import Pool
    from paratask.execution.jobserver.tools import Tool
    from paratask.processes.shell import Shell

NAMES = re.compile(rf"(?<![\w./+-])(?:{'|'.join(map(re.escape, sorted(TOOLS, key=len, reverse=True)))})(?![\w.+/-])")
NESTED = re.compile(r"(?:^|[\s;&|({'\"]|bin/)paratask(?=$|[\s;&|)'\"])")
SHOWN_BY_SHELL = re.compile(r"\bset\s+[-+]\w*[xvn]|xtrace|verbose|noexec|posix")
QUIET_OPTIONS = frozenset(("e", "u", "errexit", "nounset", "pipefail"))
NEW_PIPE = "--jobserver-auth={0}"
SPELLINGS = {
    FIFO: NEW_PIPE,
    PIPE: NEW_PIPE,
    OLD_PIPE: "--jobserver-fds={0}",
}
BOTH_SPELLINGS = "--jobserver-fds={0} --jobserver-auth={0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What to start in place of what was asked for, and what to close when it was started (`fds`)."""

    argv: list[str]
    environment: Mapping[str, str]
    fds: tuple[int, ...] = ()

    def close(self) -> None:
        for fd in self.fds:
            os.close(fd)


class Inviter:
    """`environ` is what we were started with; `style` one that is asked for, or `auto`; `pool` makes the pool when one is needed."""

    def __init__(self, *, shell: Shell, environ: Mapping[str, str], style: str, pool: Callable[[], Pool]) -> None:
        self._shell = shell
        self._environ = environ
        self._style = style
        self._pool = pool
        self._versions = Versions(shell.find)

    def invite(
        self, text: str, argv: list[str], environment: Mapping[str, str], folder: str, set_options: tuple[str, ...]
    ) -> Invitation | None:
        """The same command, told of the pool; None where nothing in it can use that. Raises OSError."""
        one = _OneCommand(self, environment, folder)
        try:
            return one.invitation(self._told(one, text, argv, set_options))
        except OSError:
            one.close()
            raise

    def _told(self, one: _OneCommand, text: str, argv: list[str], set_options: tuple[str, ...]) -> list[str]:
        """What to start, with what is to be said in words."""
        at = 1 + started_at(argv[1:])
        tool = TOOLS.get(argv[at] if at > 1 else os.path.basename(argv[0]))
        if tool is not None and not any(word.startswith(f"{tool.variable}=") for word in argv[1:at]):
            words = one.told(tool, argv[0] if at == 1 else "", argv[at:])
            argv = argv if words is None else [*argv[:at], *words]
        elif argv[0] == self._shell.program and self._shell.is_bash and argv[-2] == "-c":
            silent = QUIET_OPTIONS.issuperset(set_options) and not SHOWN_BY_SHELL.search(text)
            functions = "".join(map(one.function, dict.fromkeys(NAMES.findall(text)))) if silent else ""
            argv = [*argv[:-1], functions + argv[-1]] if functions else argv
        if NESTED.search(text):
            one.tell_paratask()
        return argv

    def address(self, tool: Tool, style: str, fds: Callable[[], tuple[int, int] | None]) -> str:
        """The words for a tool of that style; empty where the pool has no such address."""
        if style == FIFO:
            fifo = self._pool().fifo
            return NEW_PIPE.format(f"fifo:{fifo}") if fifo else ""
        pair = fds()
        if pair is None:
            return ""
        spelling = BOTH_SPELLINGS if tool.variable != "MAKEFLAGS" else SPELLINGS[style]
        return spelling.format(f"{pair[0]},{pair[1]}")

    def styles(self, tool: Tool, path: str, program: str) -> list[str]:
        """The styles that may be used for it, best first."""
        known = self._versions.styles(tool.asks, path, program if os.path.basename(program) == tool.asks else "")
        if self._style == "auto":
            return list(known)
        return [style for style in known if self._style in style]

    def is_the_users(self, variable: str, environment: Mapping[str, str]) -> bool:
        """Whether the Taskfile has set it."""
        return environment.get(variable) != self._environ.get(variable)

    @property
    def pool(self) -> Pool:
        return self._pool()


class _OneCommand:
    """What one command is told, put together piece by piece."""

    def __init__(self, inviter: Inviter, environment: Mapping[str, str], folder: str) -> None:
        self._inviter = inviter
        self._before = environment
        self._folder = folder
        self._path = environment.get("PATH", os.defpath)
        self._added: dict[str, str] = {}
        self._fds: tuple[int, int] | None = None
        self._is_told = False

    def invitation(self, argv: list[str]) -> Invitation | None:
        if not self._is_told:
            return None
        return Invitation(argv=argv, environment={**self._before, **self._added}, fds=self._own_fds())

    def close(self) -> None:
        """It will not be invited."""
        for fd in self._own_fds():
            os.close(fd)

    def _own_fds(self) -> tuple[int, ...]:
        """Descriptors that were opened for it."""
        return self._fds if self._fds and self._fds != self._inviter.pool.fds else ()

    def told(self, tool: Tool, program: str, words: list[str]) -> list[str] | None:
        """The words of a call without shell syntax; None where it is to stay as it is. `program` is where the tool is, if that is known."""
        form = FORMS[tool.name]
        if tool.name == "cmake":
            generator = self._generator(words)
            if generator is None:
                return None
            tool, parallel = generator, generator.name == "ninja"
        else:
            parallel = self._is_parallel(tool, form)
        kept = shared_words(form, words, parallel=parallel)
        value = self._value(tool, program) if kept is not None else ""
        if kept is None or not value:
            return None
        self._added[tool.variable] = value
        return kept

    def function(self, name: str) -> str:
        """What stands in for a tool in a command with shell syntax; empty where it is to be called as ever."""
        tool, form = TOOLS[name], FORMS[name]
        if name != "cmake":
            body = self._body(name, tool, form, parallel=self._is_parallel(tool, form))
            return f"{name}() ( {body}; ); " if body else ""
        leave = 'exec cmake "$@"'
        ninja, make = (self._body(name, TOOLS[by], form, parallel=by == "ninja") or leave for by in ("ninja", "make"))
        if ninja == make == leave:
            return ""
        cache = f'"${{2-}}/{CACHE_FILE}"'
        return (
            f"cmake() ( [ -f {cache} ] || {leave}; if grep -qs '^{NINJA_GENERATOR}' {cache}; then {ninja}; else {make}; fi; ); "
        )

    def tell_paratask(self) -> None:
        pool = self._inviter.pool
        if pool.fifo:
            self._is_told = True
            self._added[SLOTS_VARIABLE] = with_jobserver(
                "", jobs=pool.jobs, option=NEW_PIPE.format(f"fifo:{pool.fifo}")
            ).strip()

    def _body(self, name: str, tool: Tool, form: Form, *, parallel: bool) -> str:
        value = self._value(tool, "")
        before = self._before.get(tool.variable, "")
        return shell_body(name, form, variable=tool.variable, value=value, before=before, parallel=parallel) if value else ""

    def _is_parallel(self, tool: Tool, form: Form) -> bool:
        return form.parallel or parse_makeflags(self._before.get(tool.variable, "")).is_parallel

    def _generator(self, words: list[str]) -> Tool | None:
        """The tool that `cmake --build DIR` starts, as far as is known here."""
        if "CMAKE_BUILD_PARALLEL_LEVEL" in self._before or len(words) < 3:
            return None
        try:
            with open(os.path.join(self._folder, words[2], CACHE_FILE), encoding="utf-8", errors="replace") as file:
                return TOOLS["ninja" if any(line.startswith(NINJA_GENERATOR) for line in file) else "make"]
        except OSError:
            return None

    def _value(self, tool: Tool, program: str) -> str:
        """What to set the tool's variable to; empty where it cannot be told, or must not."""
        if self._inviter.is_the_users(tool.variable, self._before):
            return ""
        for style in self._inviter.styles(tool, self._path, program):
            address = self._inviter.address(tool, style, self._descriptors)
            if address:
                self._is_told = True
                # To an old make, a number says that the user wants no jobserver.
                jobs = UNLIMITED if style == OLD_PIPE else self._inviter.pool.jobs
                return with_jobserver(self._before.get(tool.variable, ""), jobs=jobs, option=address)
        return ""

    def _descriptors(self) -> tuple[int, int] | None:
        if self._fds is None:
            pool = self._inviter.pool
            self._fds = descriptors(pool.fifo) if pool.fifo else pool.fds
        return self._fds
