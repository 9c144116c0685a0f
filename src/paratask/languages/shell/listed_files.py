"""Files that a text has listed for a program: `shellcheck $(git ls-files '*.sh')`, `find . -name '*.go' | xargs gofmt -l`.

What is listed is known as a pattern that all of it matches: `**/*.sh`. It stands where a program is given the list and nothing around it,
since `x/$files` would put a folder before the first one only. A name with blanks in it is taken for one word, as a loop's is. Knows the few
programs that list files, and those that pass on some lines of what they are given.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.options import parse
from paratask.languages.shell.loops import takes_lists
from paratask.languages.shell.values import GIT, is_pattern, is_plain, packages, words_of
from paratask.languages.shell.words import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from paratask.languages.shell.flow import State
    from paratask.languages.shell.lists import Part
    from paratask.languages.shell.words import Word

_ALL = "**"
_FLAGS = frozenset("-z -c --cached -m --modified -o --others --exclude-standard --deduplicate --".split())
_OTHERWISE = frozenset("-printf -fprintf -fprint -fprint0 -exec -execdir -ok -okdir -ls -fls -delete".split())
_LEFT_OUT = (":!", ":^", ":(exclude)")
_SELECTING = re.compile(r"-[vEiFPGzxwau]+|-e|--(?:invert-match|extended-regexp|null-data|unique|zero-terminated)|-n?\d*")
_QUIET = (["true"], [":"])
_FILTERS = ("grep", "egrep", "fgrep", "sort", "uniq", "head", "tail")
_ENDING = re.compile(r"\*[\w.-]+", re.ASCII)


def listed(substitution: Node, state: State) -> Word:
    """The pattern that matches all that `$(…)` lists; None where that is not known."""
    from paratask.languages.shell.lists import pipelines

    inside = substitution.named_children
    (_, parts), *others = pipelines(inside[0]) if len(inside) == 1 else [("", [])]
    quiet = all(operator == "||" and [source(part.body) for part in more if part.body] in _QUIET for operator, more in others)
    return _of_parts(parts, state) if parts and quiet else None


def piped(words: Sequence[Word], parts: Sequence[Part], state: State) -> Sequence[Word]:
    """What `xargs` with these words starts, with what the commands before it list; the words themselves where that is not known."""
    from paratask.languages.shell.call import known_options
    from paratask.languages.shell.starters import STARTERS

    found = packages([("", list(parts))], state) or _of_parts(parts, state)
    call = parse(words[1:], known_options(STARTERS["xargs"]), stop=True)
    if found is None or call is None or call.named("-a", "--arg-file") or not call.rest:
        return words
    placeholders = [option.value for option in call.named("-I", "--replace")]
    if placeholders and (
        not placeholders[-1] or any(word != placeholders[-1] and placeholders[-1] in (word or "") for word in call.rest)
    ):
        return words
    started = [found if word == placeholders[-1] else word for word in call.rest] if placeholders else [*call.rest, found]
    return started if is_plain(found) or takes_lists(started) else words


def _of_parts(parts: Sequence[Part], state: State) -> Word:
    commands = [
        words_of(part.body, state) if part.body is not None and part.body.type == "command" and _keeps_output(part) else []
        for part in parts
    ]
    if not commands or not all(map(_selects, commands[1:])):
        return None
    first = commands[0]
    found = _found(first) if first[:1] == ["find"] else _tracked(first, state) if first[:2] == ["git", "ls-files"] else None
    return found if is_pattern(found) and ".." not in (found or "").split("/") else None


def _keeps_output(part: Part) -> bool:
    return all(source(redirect).startswith("2>") for redirect in part.redirects)


def _selects(words: Sequence[Word]) -> bool:
    """Whether a command prints lines of its input, and nothing else."""
    if list(words) == ["tr", "\\n", "\\0"]:
        return True
    options = [word for word in words[1:] if word is None or word.startswith("-")]
    return words[:1] != [] and words[0] in _FILTERS and all(word is not None and _SELECTING.fullmatch(word) for word in options)


def _found(words: Sequence[Word]) -> Word:
    """What `find` finds."""
    from paratask.languages.shell.programs import find_names

    split = next((index for index, word in enumerate(words) if word is None or word[:1] in "-(!"), len(words))
    starts, expression = words[1:split], words[split:]
    if not _OTHERWISE.isdisjoint(expression) or None in expression[:1]:
        return None
    names = find_names(expression)
    start = starts[0] if len(starts) == 1 else "."
    if start is None or (len(starts) > 1 and any(other is None or _leads_away(other) for other in starts)):
        return None
    return (
        posixpath.join(start, _ALL, names[0]) if len(names) == 1 and is_pattern(f"*{names[0]}") else posixpath.join(start, _ALL)
    )


def _leads_away(folder: str) -> bool:
    return folder.startswith("/") or ".." in folder.split("/")


def _tracked(words: Sequence[Word], state: State) -> Word:
    """What `git ls-files` lists. In its patterns `*` stands for folders as well."""
    if not GIT.isdisjoint(state.environment) or any(
        word is None or (word.startswith("-") and word not in _FLAGS) for word in words[2:]
    ):
        return None
    given = [word or "" for word in words[2:] if word not in _FLAGS and not (word or "").startswith(_LEFT_OUT)]
    if any(word.startswith(":") for word in given):
        return None
    if len(given) != 1:
        return _ALL
    if _ENDING.fullmatch(given[0]):
        return f"{_ALL}/{given[0]}"
    folder = (
        posixpath.dirname(given[0].partition("*")[0].partition("?")[0].partition("[")[0]) if is_pattern(given[0]) else given[0]
    )
    return posixpath.join(folder, _ALL)
