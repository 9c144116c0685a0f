"""A command's words resolved to one entry of a language's table: which tool, with which options, working where.

Knows how programs nest their subcommands (`uv pip install`) and how a program is named (`.venv/bin/pytest`). Decides nothing
about claims, and knows no single tool.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.leading_variables import RENEWING, Reader
from paratask.languages.options import Parsed, Role, parse, resolve_path, roles
from paratask.languages.tool_table import Mode, Operands
from paratask.languages.workspaces import workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Option, Word
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Invocation, Place

_ENVIRONMENT_FOLDERS = frozenset({".venv", "venv", "env", ".env"})
_SYSTEM_FOLDERS = ("/bin/", "/usr/", "/opt/")
_LOOKING = frozenset({Mode.READ, Mode.EDIT, Mode.NOTHING})
_STARTING = frozenset({Mode.RUN, Mode.SCRIPT, Mode.MODULE})
_ALL_ARE_ITS_OWN = frozenset({Operands.TEXTS, Operands.SCRIPTS})
_UPDATING = frozenset(
    "-u --update --updateSnapshot --update-snapshots --test-update-snapshots --snapshot-update -update -golden --record-mode "
    "--vcr-record".split()
)
"""Options with which tests write anew what they compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a language's tools have in common.

    `name` tells which variables of the environment its tools read. `settings` is a pattern of file names beside the manifest that
    they may read. `surroundings` says what any of its tools reads of the folders above its workspace (installed packages).
    `kept_by_tests` are patterns of what in a workspace no tests write, though they are said to write all of it: sources.
    """

    name: str
    tools: Mapping[str, Tool]
    manifests: tuple[str, ...]
    settings: str
    surroundings: Callable[[Call], tuple[Claim, ...]] = lambda _: ()
    kept_by_tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One invocation, resolved. `key` names the entry ("uv pip install"); `cwd` is where its options make it work."""

    key: str
    tool: Tool
    parsed: Parsed
    cwd: str
    invocation: Invocation
    language: Language
    place: Place

    @property
    def program(self) -> str:
        """The first word of the entry's name."""
        return self.key.partition(" ")[0]

    @property
    def reader(self) -> Reader:
        """Who reads the variables of the environment."""
        return Reader(
            language=self.language.name,
            program=self.program,
            looks=self.tool.mode in _LOOKING,
        )

    @property
    def only_tests(self) -> bool:
        """Whether it runs tests, and does not write anew what they are to find."""
        is_updating = self.parsed.named(*_UPDATING) or not RENEWING.isdisjoint(self.invocation.environment)
        return self.tool.tests and not is_updating

    @property
    def is_transient(self) -> bool:
        """Whether what it writes is nobody's product: it tests, or checks and keeps what it worked out for itself."""
        is_updating = self.parsed.named(*_UPDATING) or self.parsed.all(Role.EDITS, Role.WHOLE)
        return (self.tool.tests or self.tool.checks) and not is_updating

    @property
    def workspace(self) -> str:
        """The workspace that the call works in."""
        return workspace_of(self.cwd, self.language.manifests, self.place)


def program_name(word: Word) -> str | None:
    """The plain name of a program: as written, or the last part of a path into a folder of installed programs.

    A repository's own `bin/serve` is not that, and has no name here.
    """
    if word is None or "/" not in word:
        return word
    folder, name = posixpath.split(word)
    above, last = posixpath.split(folder)
    of_environment = last == "bin" and posixpath.basename(above) in _ENVIRONMENT_FOLDERS
    return name if last == ".bin" or of_environment or word.startswith(_SYSTEM_FOLDERS) else None


def resolve_call(key: str, words: Sequence[Word], invocation: Invocation, language: Language, place: Place) -> Call | None:
    """The call that `words`, which follow the program or subcommand `key`, make. None where a word is not understood."""
    resolved = _resolve(key, words, language.tools)
    if resolved is None:
        return None
    key, parsed = resolved
    cwd = invocation.cwd
    for option in parsed.all(Role.FOLDER):
        folder = resolve_path(option.value, cwd)
        if folder is None:
            return None
        cwd = folder
    return Call(
        key=key, tool=language.tools[key], parsed=parsed, cwd=cwd, invocation=invocation, language=language, place=place
    )


def _resolve(key: str, words: Sequence[Word], tools: Mapping[str, Tool]) -> tuple[str, Parsed] | None:
    """Walks down the groups, gathering the options given on the way."""
    options: tuple[Option, ...] = ()
    declared: list[Mapping[Role, str]] = []
    while True:
        tool = tools[key]
        declared.append(tool.options)
        stops = tool.mode is Mode.GROUP or _starts_another(tool)
        parsed = parse(words, roles(*declared), stop=stops)
        if parsed is None:
            return _resolve_default(key, words, tools, declared)
        options = (*options, *parsed.options)
        merged = Parsed(options=options, operands=parsed.operands, rest=parsed.rest)
        if tool.mode is not Mode.GROUP or parsed.all(Role.INFORMS):
            return key, merged
        head = parsed.rest[0] if parsed.rest else ""
        if head is None:
            return None
        if f"{key} {head}" in tools and head:
            key, words = f"{key} {head}", parsed.rest[1:]
        elif tool.default:
            key, words = tool.default, parsed.rest
        else:
            return None


def _starts_another(tool: Tool) -> bool:
    """Whether the words from the first operand on belong to what the tool starts."""
    return tool.mode in _STARTING and tool.operands not in _ALL_ARE_ITS_OWN


def _resolve_default(
    key: str, words: Sequence[Word], tools: Mapping[str, Tool], declared: Sequence[Mapping[Role, str]]
) -> tuple[str, Parsed] | None:
    """A group called with options that only its default knows (`vite --port 3000`)."""
    default = tools[key].default
    if not default or tools[key].mode is not Mode.GROUP:
        return None
    tool = tools[default]
    parsed = parse(words, roles(*declared, tool.options), stop=_starts_another(tool))
    return None if parsed is None else (default, parsed)
