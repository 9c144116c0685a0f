"""Whether a task only checks: then what is written below it relies on its answer. See "Claims" in docs/design.md.

Goes by the texts of a task's own commands, and takes for a check only what asks and says: `test`, `command -v`, `git diff` and the
like, which is over at once. A linter or a test suite is none: nobody waits for those. Pure; what the commands touch is not its matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.variables.ready import ReadyCall, ReadyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.variables.ready import ReadyTask

_ASKING = frozenset("test [ [[ command type which hash grep cmp diff false exit return".split())
_SAYING = frozenset(
    "true : echo printf cat head tail cut tr wc sort uniq basename dirname readlink realpath pwd cd set uname id".split()
) | {"git status", "git log"}
_TELLING = frozenset("echo printf true :".split())
_FILTERS = frozenset("sed awk gawk jq yq".split())
"""What only says something as long as it is not told to write files (`sed -i`)."""
_GIT = frozenset("rev-parse diff diff-index diff-files symbolic-ref ls-files merge-base describe".split())
_KEYWORDS = frozenset("if then else elif fi".split())
_CONDITION = re.compile(r"\[\[\s[^\n]*?\]\]")
_REDIRECT = re.compile(r"\d*(?:&>>?|[<>]&|>>?|<(?!<))\s*[^\s;|&()]+")
_BREAK = re.compile(r"[;&|\n(){}`]|!(?!=)")
_ASSIGNMENT = re.compile(r"\w+=")
_ENDS = {"$(": ")", "`": "`", "${": "}", '"': '"'}
_HIDES = ('"', "}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Whether something does nothing but look and say, whether it may refuse, and whether it says what stands in its text and nothing else."""

    only_looks: bool = False
    may_refuse: bool = False
    only_says: bool = False

    @property
    def is_guard(self) -> bool:
        """Whether all that it is there for is its answer."""
        return self.only_looks and self.may_refuse


def manner_of(ready: ReadyTask) -> Manner:
    """What a task is like by itself, without the tasks that it calls."""
    texts = [step.text for step in ready.steps if isinstance(step, ReadyCommand)]
    others = len(ready.steps) - len(texts) - sum(isinstance(step, ReadyCall) for step in ready.steps)
    if others or ready.sources or ready.generates or ready.prompts:
        return Manner()
    manners = [manner_of_text(text) for text in texts]
    return Manner(
        only_looks=all(manner.only_looks for manner in manners),
        may_refuse=bool(ready.preconditions) or any(manner.may_refuse for manner in manners),
        only_says=bool(ready.steps) and not ready.preconditions and all(manner.only_says for manner in manners),
    )


def manner_of_text(text: str | None) -> Manner:
    """What one shell text is like; None stands for one that is not known before it runs."""
    return Manner() if text is None else _manner(text)


@lru_cache(maxsize=4_096)
def _manner(text: str) -> Manner:
    programs = list(_programs(text))
    known = _ASKING | _SAYING
    return Manner(
        only_looks=all(program in known or program == "git" for program in programs),
        may_refuse=any(program in _ASKING or program == "git" for program in programs),
        only_says=bool(programs) and _TELLING.issuperset(programs),
    )


def _programs(text: str) -> Iterator[str]:
    """The program of each command in a text; a git that does something else than to look comes with its subcommand."""
    for part in _BREAK.split(_REDIRECT.sub(" ", _CONDITION.sub("[[", _bare(text)))):
        words = part.split()
        while words and (words[0] in _KEYWORDS or _ASSIGNMENT.match(words[0])):
            del words[0]
        if not words:
            continue
        if words[0] in _FILTERS:
            edits = any(word.startswith("-") and "i" in word for word in words[1:])
            yield f"{words[0]} -i" if edits else ":"
        else:
            yield words[0] if words[0] != "git" or (words[1:] and words[1] in _GIT) else " ".join(words[:2])


def _bare(text: str) -> str:
    """The text without comments, and without what stands in quotes or is filled in; what is substituted comes as lines of its own."""
    line: list[str] = []
    lines = [line]
    within: list[tuple[str, list[str]]] = []  # what ends it, and the line that goes on then
    at = 0
    while at < len(text):
        char, end = text[at], within[-1][0] if within else ""
        width = 1
        if char == "\\":
            width = 2
        elif char == end:
            line = within.pop()[1]
        elif opens := next((mark for mark in _ENDS if text.startswith(mark, at)), ""):
            width = len(opens)
            line.append("q")
            within.append((_ENDS[opens], line))
            if _ENDS[opens] not in _HIDES:
                line = []
                lines.append(line)
        elif end in _HIDES:
            pass
        elif char == "'":
            width = _up_to("'", text, at + 1) + 1 - at
            line.append("q")
        elif char == "#" and text[at - 1 : at].strip() == "":
            width = _up_to("\n", text, at) - at
        else:
            line.append(char)
            if char == "(" and within:
                within.append((")", line))
        at += width
    return "\n".join(map("".join, lines))


def _up_to(mark: str, text: str, at: int) -> int:
    found = text.find(mark, at)
    return found if found >= 0 else len(text)
