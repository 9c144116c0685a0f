"""The plugin for git. See docs/plugins.md.

What only looks is told from what changes. What changes history or many files is guarded like an outside effect: its place in the
written order is part of what it does, as what builds read of it (a version from tags) is not known. Knows nothing of hooks, and of what
the other side does with what it is sent.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect
from paratask.frozen import replace
from paratask.languages.git.tools import (
    ARCHIVES,
    CHANGES,
    CLONES,
    HARMLESS_SETTINGS,
    HARMLESS_VARIABLES,
    LEADS_AWAY,
    LISTS,
    LOOKS_AT_FILES,
    LOOKS_AT_HISTORY,
    LOOKS_AT_IGNORED,
    LOOKS_WITH,
    NEVER_COMMITTED,
    OF_INDEX,
    REACHES,
    SCOPES,
    TAKES_NEXT,
)
from paratask.languages.inferred import claim
from paratask.languages.patterns import WILDCARDS, word_pattern
from paratask.languages.shell.call import BELOW, local, option_claims, parse_call
from paratask.languages.tool_calls import program_name
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place


def manifests() -> Sequence[str]:
    """A repository is no workspace of a language."""
    return ()


def recognise(invocation: Invocation, place: Place) -> Recognition | None:
    """See the hook's specification."""
    if program_name(invocation.words[0]) != "git" or any(map(_redirects, invocation.environment)):
        return None
    found = _subcommand(invocation.words[1:], invocation.cwd)
    if found is None:
        return None
    name, arguments, cwd = found
    made = _OUT_OF_HISTORY[name](arguments, invocation, cwd, place) if name in _OUT_OF_HISTORY else None
    if made is not None:
        return made
    if _looks(name, arguments):
        return _looking(name, arguments, cwd, place)
    if name not in CHANGES:
        return None
    claims = (
        claim(Access.WRITE, "**", f"`git {name}` may change files"),
        _history(Access.WRITE, cwd, place, f"`git {name}` changes the repository"),
    )
    does = "reaches beyond this checkout" if name in REACHES else "changes the repository's state"
    return Recognition(claims=claims, effect=Effect.OUTSIDE, reason=f"`git {name}` {does}")


def _redirects(variable: str) -> bool:
    return variable.startswith("GIT_") and not variable.startswith(HARMLESS_VARIABLES)


def _looks(name: str, arguments: Sequence[Word]) -> bool:
    if name in LISTS and _lists(LISTS[name], arguments):
        return True
    if name == "config" and _asks_for_value(arguments):
        return True
    if name in LOOKS_WITH:
        return bool(arguments) and arguments[0] in LOOKS_WITH[name]
    return name in LOOKS_AT_FILES or name in LOOKS_AT_HISTORY


def _lists(allowed: AbstractSet[str], arguments: Sequence[Word]) -> bool:
    """Whether no name stands there, and no option but those for lists."""
    rest = list(arguments)
    while rest:
        word = rest.pop(0) or ""
        name = _option(word) or ""
        if name not in allowed and not (name[:2] in allowed and name[2:].isdigit()):
            return False
        if word in TAKES_NEXT and (not rest or rest.pop(0) is None):
            return False
    return True


def _asks_for_value(arguments: Sequence[Word]) -> bool:
    """`git config user.name`: a single key, with a dot in it, and where to look for it."""
    keys = [word for word in arguments if word is None or not word.startswith("-")]
    return len(keys) == 1 and "." in (keys[0] or "") and all(_option(word) in SCOPES for word in arguments if word not in keys)


def _looking(name: str, arguments: Sequence[Word], cwd: str, place: Place) -> Recognition | None:
    if any(word and word.startswith(LEADS_AWAY) for word in arguments):
        return None
    claims = [_history(Access.READ, cwd, place, f"`git {name}` reads the history")]
    if name in LOOKS_AT_FILES and (name != "describe" or not {"--dirty", "--broken", None}.isdisjoint(map(_option, arguments))):
        compared = claim(Access.READ, "**", f"`git {name}` compares with the files")
        claims.append(replace(compared, excluding=(*compared.excluding, *_passed_over(arguments, cwd, place))))
    return local(claims, f"`git {name}` only reads")


def _indexed(arguments: Sequence[Word], invocation: Invocation, cwd: str, place: Place) -> Recognition | None:
    """What git's index has, whatever the files are by now; None where it is asked for more. Without quotes a shell looks for what words match."""
    if not all(word is not None and (word in OF_INDEX or not word.startswith("-")) for word in arguments):
        return None
    wild = [word for word in arguments if word and not WILDCARDS.isdisjoint(word)]
    found = (claim(Access.READ, word_pattern(word, invocation.cwd, place), "the shell may list it") for word in wild)
    return local((_history(Access.READ, cwd, place, "`git ls-files` reads the index"), *found), "`git ls-files` only reads")


def _option(word: Word) -> Word:
    """A word without the value that is attached to it."""
    return None if word is None else word.partition("=")[0]


def _passed_over(arguments: Sequence[Word], cwd: str, place: Place) -> tuple[str, ...]:
    """What the repository's `.gitignore` leaves out, of the names that nobody commits: git does not look into it, unless it is told to."""
    if any(word is None or word.startswith(LOOKS_AT_IGNORED) for word in arguments):
        return ()
    text = place.read_text(posixpath.join(posixpath.dirname(_git_folder(cwd, place)), ".gitignore")) or ""
    lines = [line.strip() for line in text.splitlines()]
    ignored = {line.removeprefix("**/").rstrip("/") for line in lines if not line.startswith(("#", "!"))}
    back = "\n".join(line for line in lines if line.startswith("!"))
    return tuple(f"**/{name}/**" for name in NEVER_COMMITTED if name in ignored and name not in back)


def _cloned(arguments: Sequence[Word], invocation: Invocation, cwd: str, place: Place) -> Recognition | None:
    """A copy in a folder of its own; None where it is not sure which."""
    call = parse_call("git clone", arguments, CLONES, replace(invocation, cwd=cwd), place)
    if call is None or len(call.operands) != 2:
        return None
    source, target = call.operands
    near = () if "://" in source or ":" in source.partition("/")[0] else call.reads([source], BELOW)
    return local((*near, *call.writes([target], BELOW)), "`git clone` makes a repository")


def _archived(arguments: Sequence[Word], invocation: Invocation, cwd: str, place: Place) -> Recognition | None:
    """What a commit holds, packed into the file that an option names, or printed."""
    call = parse_call("git archive", arguments, ARCHIVES, replace(invocation, cwd=cwd), place)
    if call is None:
        return None
    reason = "`git archive` packs what was committed"
    attributes = [cwd] if call.has("--worktree-attributes") else []
    return local((_history(Access.READ, cwd, place, reason), *call.reads(attributes, BELOW), *option_claims(call)), reason)


_OUT_OF_HISTORY = {"clone": _cloned, "archive": _archived, "ls-files": _indexed}
"""What makes something of a history, or lists it, and changes nothing in it."""


def _subcommand(words: Sequence[Word], cwd: str) -> tuple[str, Sequence[Word], str] | None:
    """git's subcommand, what follows it, and the folder it works in."""
    rest = list(words)
    while rest and (word := rest.pop(0)):
        if word == "-C" and rest and (folder := rest.pop(0)):
            cwd = posixpath.normpath(posixpath.join(cwd, folder))
        elif word == "--version":
            return "version", rest, cwd
        elif word in ("--no-pager", "-P", "--no-optional-locks", "--literal-pathspecs") or (
            word == "-c" and _is_harmless(rest)
        ):
            continue
        elif not word.startswith("-"):
            return word, rest, cwd
        else:
            return None
    return None


def _is_harmless(rest: list[Word]) -> bool:
    """Whether the setting that comes next, which is taken, changes nothing that is touched."""
    setting = rest.pop(0) if rest else None
    return setting is not None and setting.lower().startswith(HARMLESS_SETTINGS)


def _history(access: Access, cwd: str, place: Place, reason: str) -> Claim:
    return claim(access, place.pattern(_git_folder(cwd, place), BELOW), reason)


def _git_folder(cwd: str, place: Place) -> str:
    """Where the repository that holds `cwd` keeps its history; it may lie above the Taskfile's folder."""
    folder = cwd
    while not place.exists(posixpath.join(folder, ".git")):
        above = posixpath.dirname(folder)
        if above == folder:
            return posixpath.join(place.root, ".git")
        folder = above
    return posixpath.join(folder, ".git")
