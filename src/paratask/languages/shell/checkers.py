"""Programs that look at scripts and data of no language in particular, by their tables.

Each reads the paths it is given, else all below its folder, and writes them instead where one of its options says so. What is not
in the tables is not accepted. Knows of the programs' own configuration files no more than the words that the tables name.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Evidence
from paratask.languages.installed_programs import starting
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.patterns import WILDCARDS, anywhere
from paratask.languages.settings_above import settings_above
from paratask.languages.shell.call import BELOW, local, option_claims, parse_call
from paratask.languages.shell.checker_table import CHECKERS as COMMON
from paratask.languages.shell.more_checkers import MORE, ONE_DASH
from paratask.languages.shell.scanners import SCANNERS, SPELLED_OUT
from paratask.languages.shell.source_checkers import OF_SOURCES
from paratask.languages.workspaces import folders_above, folders_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.shell.call import Accepts, Call
    from paratask.languages.shell.checker_table import Checker
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

CHECKERS: Mapping[str, Checker] = {**COMMON, **MORE, **SCANNERS, **OF_SOURCES}
PROGRAMS = frozenset(key.partition(" ")[0] for key in CHECKERS)
_ANYWHERE = "**/"
_SHORT = {"e": "yq eval", "eval": "yq eval", "ea": "yq eval", "eval-all": "yq eval"}
_LONG_WITH_ONE_DASH = frozenset(
    [
        "actionlint",
        "yamlfmt",
        "addlicense",
        "kubeconform",
        "ec",
        "editorconfig-checker",
        "shfmt",
        "clang-format",
        "lipo",
        "ls-lint",
        "odin check",
        *ONE_DASH,
        *SPELLED_OUT,
    ]
)


def recognise_checker(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """One of CHECKERS."""
    name, words = _subcommand(name, words)
    checker = CHECKERS.get(name)
    if checker is None:
        return None
    call = parse_call(name.partition(" ")[0], words, checker.accepts, invocation, place)
    if call is None or (name in _LONG_WITH_ONE_DASH and not _spelled_out(call, words)) or _does_more(checker, call):
        return None
    texts = 0 if call.has("--expression", "--from-file") else checker.texts
    if any(reads_more in text for text in call.operands[:texts] for reads_more in ("load", "eval")):
        return None
    paths = call.operands[texts:] or (() if texts or checker.default else (".",))
    edits = call.has(*checker.edits) if checker.edits else bool(checker.only_reads) and not _only_reads(checker, call)
    claims = _read(call, paths, checker, writes=edits)
    program = starting([call.name], f"`{call.name}` may be one that go installed")
    above, named = _above(call, paths, checker), _named_by_variables(call, checker.accepts)
    if named is None:
        return None
    return local(
        (*option_claims(call), *named, *call.writes(checker.leaves), *claims, *above, *program, *_held(checker, call)),
        f"`{call.name}` {'writes' if edits else 'reads'} the paths it is given",
    )


def _subcommand(name: str, words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """The name in the tables, with the subcommand, and the words after it."""
    if name == "yq" and words and words[0] in _SHORT:
        return _SHORT[words[0] or ""], words[1:]
    for length in (2, 1):
        key = " ".join((name, *(word or "" for word in words[:length])))
        if key in CHECKERS and len(words) >= length:
            return key, words[length:]
    return name, words


def _does_more(checker: Checker, call: Call) -> bool:
    """Whether a subcommand is meant that is not known, a settings file says more, or what is written may lie outside of the checkout."""
    if call.operands and call.operands[0] in checker.others.split():
        return True
    named = [resolve_path(option.value, call.invocation.cwd) for option in call.parsed.all(Role.READS)]
    if _settings_say_more(checker, call, named):
        return True
    if not checker.only_reads or not checker.default:
        return False
    return any(path is None or not is_within(path, call.place.root) for path in named)


def _settings_say_more(checker: Checker, call: Call, named: Sequence[str | None]) -> bool:
    """Whether a settings file has a word of `unless`: one in the folders of the call and of what it is given, or above, or that is `named`."""
    if not checker.unless:
        return False
    cwd, place = call.invocation.cwd, call.place
    given = [path for path in (*(resolve_path(word, cwd) for word in call.operands), *named) if path]
    above = dict.fromkeys(folder for path in (cwd, *given) for folder in (path, *folders_above(path, place)))
    whole = folders_below(place.root, place) if any(text.startswith(_ANYWHERE) for text in checker.unless) else ()
    if whole is None:
        return True
    for file, word in (text.split(":") for text in checker.unless):
        folders = (place.root, *whole) if file.startswith(_ANYWHERE) else above
        paths = (*(posixpath.join(folder, file.removeprefix(_ANYWHERE)) for folder in folders), *given)
        if any(word in (place.read_text(path) or "") for path in paths):
            return True
    return False


def _only_reads(checker: Checker, call: Call) -> bool:
    """Whether an option makes one that writes only read."""
    given = [f"{option.name}={option.value}" for option in call.parsed.options]
    return call.has(*checker.only_reads) or not set(checker.reads_as.split()).isdisjoint(given)


def _above(call: Call, paths: Sequence[str], checker: Checker) -> tuple[Claim, ...]:
    """The settings that lie above the paths, which have been claimed; those beside what a wildcard matches may be anywhere below."""
    cwd = call.invocation.cwd
    wild = [word for word in paths if not WILDCARDS.isdisjoint(word)]
    whole = [path for word in paths if word not in wild and (path := resolve_path(word, cwd))]
    between = [path for word in wild if not WILDCARDS.isdisjoint(posixpath.dirname(word)) and (path := resolve_path(word, cwd))]
    starts = (*whole, *filter(None, (resolve_path(word, cwd) for word in wild)), cwd)
    above = settings_above(call.name, starts, call.place, but=() if checker.files else whole)
    return (*above, *(call.reads(between, BELOW) if above else ()))


def _read(call: Call, paths: Sequence[str], checker: Checker, *, writes: bool) -> tuple[Claim, ...]:
    """What is worked on, and what is read besides."""
    access = Access.WRITE if writes else Access.READ
    patterns = [(access, each) for each in (() if paths else checker.default)]
    patterns += [(Access.READ, checker.settings)] if checker.settings else []
    patterns += [(Access.WRITE, each) for each in checker.makes]
    found = (
        Claim(access=does, pattern=each, evidence=Evidence.INFERRED, reason=f"`{call.name}` {does.value}s it")
        for does, each in patterns
    )
    more = anywhere(Access.READ, f"`{call.name}` follows what they refer to") if checker.follows else ()
    folders = call.reads([option.value or "" for option in call.parsed.all(Role.READS)], BELOW)
    return (*_on_paths(call, access, paths, checker), *folders, *found, *more)


def _on_paths(call: Call, access: Access, paths: Sequence[str], checker: Checker) -> tuple[Claim, ...]:
    """The paths that it is given, and what it looks at below them."""
    if not checker.files or not (checker.files_if is None or checker.files_if(call)):
        return call.claims(access, paths, BELOW)
    resolved = {word: resolve_path(word, call.invocation.cwd) for word in paths if WILDCARDS.isdisjoint(word)}
    folders = [word for word, path in resolved.items() if path and call.place.listdir(path)]
    return (
        *call.claims(access, [word for word in paths if word not in folders]),
        *call.claims(access, paths, f"/**/{checker.files}"),
    )


def _named_by_variables(call: Call, accepts: Accepts) -> tuple[Claim, ...] | None:
    """The paths that the program's own variables name (`YAMLLINT_CONFIG_FILE`, `TRIVY_OUTPUT`); None where only the run tells. Those
    named like an option that is given no path (`TRIVY_SEVERITY`) are none, nor those that are empty.
    """
    beginning = f"{call.name.upper().replace('-', '_')}_"
    own = {name: value for name, value in call.invocation.environment.items() if name.startswith(beginning) and value != ""}
    no_paths = f"{accepts.flags} {accepts.values}".split() if own else ()
    found: list[Claim] = []
    for name, value in own.items():
        if f"--{name.removeprefix(beginning).lower().replace('_', '-')}" in no_paths:
            continue
        if value is not None and value.startswith("-"):
            options = parse_call(call.name, value.split(), accepts, call.invocation, call.place)
            claims = None if options is None else option_claims(options)
        else:
            path = resolve_path(value, call.invocation.cwd)
            access = Access.READ if "CONFIG" in name else Access.WRITE
            claims = None if path is None else call.claims(access, [path], BELOW)
        if claims is None:
            return None
        found.extend(claims)
    return tuple(found)


def _held(checker: Checker, call: Call) -> tuple[Claim, ...]:
    """The resource that it needs for itself."""
    if not checker.holds:
        return ()
    reason = f"`{call.name}` locks its cache"
    return (Claim(access=Access.EXCLUSIVE, pattern=checker.holds, evidence=Evidence.INFERRED, reason=reason),)


def _spelled_out(call: Call, words: Sequence[Word]) -> bool:
    """Whether each option stands as a word of its own: these programs know no letters written together."""
    given = {word.partition("=")[0] for word in words if word is not None}
    return all(option.name in given for option in call.parsed.options)


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | None]] = {
    **dict.fromkeys(PROGRAMS, recognise_checker),
}
