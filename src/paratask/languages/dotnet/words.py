"""The words of a call as MSBuild and `dotnet` take them, put into the one spelling that options are looked up by.

`/p:X=Y`, `-property:X=Y` and `--property X=Y` are one, and so are `--logger:trx` and `--logger trx`. Some commands have been turned
around over time (`dotnet list package`, `dotnet package list`). Knows how words are written, not what they do.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.options import Word

BUILDING = frozenset({"build", "restore", "test", "pack", "publish", "clean", "msbuild", "vstest"})
"""Commands that hand what they do not know on to MSBuild."""
_SWITCHES = {
    "p": "--property",
    "property": "--property",
    "t": "--target",
    "target": "--target",
    "v": "--verbosity",
    "verbosity": "--verbosity",
    "m": "--cores",
    "maxcpucount": "--cores",
    "bl": "--binary-log",
    "binarylogger": "--binary-log",
    "fl": "--file-log",
    "filelogger": "--file-log",
    "flp": "--file-log",
    "fileloggerparameters": "--file-log",
    "clp": "--of-console",
    "consoleloggerparameters": "--of-console",
    "warnaserror": "--warnings",
    "err": "--warnings",
    "warnasmessage": "--warnings",
    "nowarn": "--warnings",
    "nologo": "--nologo",
    "nr": "--reuse",
    "nodereuse": "--reuse",
    "tl": "--of-console",
    "terminallogger": "--of-console",
    "ds": "--of-console",
    "detailedsummary": "--of-console",
    "graph": "--graph",
    "graphbuild": "--graph",
    "low": "--of-console",
    "lowpriority": "--of-console",
    "interactive": "--interactive",
    "noautorsp": "--of-console",
    "noautoresponse": "--of-console",
    "noconlog": "--of-console",
    "noconsolelogger": "--of-console",
}
_OWN_OF_MSBUILD = {"r": "--with-restore", "restore": "--with-restore"}
_SHORT_ELSEWHERE = {"test": frozenset("t"), "publish": frozenset(), "vstest": frozenset("t")}
"""One letter that means something else to a command of `dotnet`."""
_DEFAULTS = {"--binary-log": "msbuild.binlog", "--file-log": "msbuild.log"}
_DROPPED = frozenset({"--of-console", "--warnings", "--reuse", "--graph", "--nologo"})
_LOG_NAMES = ("logfile",)
_SEVERAL = frozenset({"--include", "--exclude", "--diagnostics", "--exclude-diagnostics"})
_TURNED = {
    ("package", "add"): ("add", "package"),
    ("package", "remove"): ("remove", "package"),
    ("package", "list"): ("list", "package"),
    ("reference", "add"): ("add", "reference"),
    ("reference", "remove"): ("remove", "reference"),
    ("reference", "list"): ("list", "reference"),
}
_NAMED_BETWEEN = {
    **dict.fromkeys(("list", "add", "remove"), ("package", "reference")),
    **dict.fromkeys(("sln", "solution"), ("add", "remove", "list")),
}
"""Commands whose first word may be followed by what they work on."""
_YES_OR_NO = frozenset({"--self-contained", "--sc", "--no-self-contained", "--interactive"})
"""Options after which a word may say whether they are meant."""


def in_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words after `dotnet` with the command's two words in front: `list X package` as `list package --project X`."""
    if not words or words[0] is None:
        return tuple(words)
    if tuple(words[:2]) in _TURNED:
        return (*_TURNED[words[0], words[1] or ""], *words[2:])
    turned = _NAMED_BETWEEN.get(words[0])
    if turned is None:
        return tuple(words)
    place = next((index for index in (1, 2) if words[index : index + 1] and words[index] in turned), None)
    if place is None:
        return tuple(words)
    between = ("--project", words[1]) if place == 2 else ()
    return (words[0].replace("solution", "sln"), words[place], *between, *words[place + 1 :])


def spelled(command: str, words: Sequence[Word]) -> tuple[Word, ...] | None:
    """The words of a command of `dotnet` in one spelling; None where a switch of MSBuild has no value that it needs."""
    end = words.index("--") if "--" in words else len(words)
    found: list[Word] = []
    for word in words[:end]:
        if word in ("true", "false") and found and found[-1] in _YES_OR_NO:
            continue
        pieces = _pieces(command, word)
        if pieces is None:
            return None
        found.extend(pieces)
    found = list(_one_value_each(found)) if command == "format" else found
    return (*found, *words[end:])


def _pieces(command: str, word: Word) -> tuple[Word, ...] | None:
    if word is None or word[:1] not in ("-", "/"):
        return (word,)
    name, colon, value = word.partition(":")
    if "=" in name:
        name, colon, value = word.partition("=")
    if command in BUILDING:
        switch = _switch(command, name, has_value=bool(colon))
        if switch is not None:
            return _of_switch(switch, value, has_value=bool(colon))
    if not colon or word[0] == "/":
        return (word,)
    return (name,) if name in _YES_OR_NO else (name, value)


def _switch(command: str, name: str, *, has_value: bool) -> str | None:
    """MSBuild's switch of that name; None where it is none, or the command has an option of its own that is spelled so."""
    bare = name.lstrip("-/").lower()
    if name.count("/") > 1 or (name[0] == "/" and not has_value and bare not in _OWN_OF_MSBUILD and bare not in _SWITCHES):
        return None
    if command == "msbuild" and bare in _OWN_OF_MSBUILD:
        return _OWN_OF_MSBUILD[bare]
    if bare in _SHORT_ELSEWHERE.get(command, ()) and not has_value:
        return None
    if name.startswith("--") and not has_value and bare in ("property", "target", "verbosity"):
        return None
    if bare in ("p", "v", "property", "verbosity") and not has_value:
        return None
    return _SWITCHES.get(bare)


def _of_switch(switch: str, value: str, *, has_value: bool) -> tuple[Word, ...] | None:
    if switch in _DROPPED or (switch == "--cores" and not has_value):
        return ()
    if switch in _DEFAULTS:
        return (switch, _log_file(value) or _DEFAULTS[switch])
    if switch in ("--interactive", "--with-restore"):
        return (switch,)
    return (switch, value) if has_value else None


def _log_file(value: str) -> str:
    """The file in the settings of a logger."""
    for part in value.split(";"):
        name, equals, file = part.partition("=")
        if equals and name.strip().lower() in _LOG_NAMES:
            return file.strip('"')
        if not equals and part.endswith(".binlog"):
            return part
    return ""


def _one_value_each(words: Sequence[Word]) -> Iterator[Word]:
    """`--include a b` as `--include a --include b`."""
    current = ""
    fresh = False
    for word in words:
        if word is not None and word.startswith("-"):
            current, fresh = (word, True) if word in _SEVERAL else ("", False)
            yield word
        elif current and not fresh:
            yield current
            yield word
        else:
            fresh = False
            yield word
