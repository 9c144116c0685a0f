"""What a `for` loop goes through, where the text tells: plain words one by one, and for a wildcard all its files at once, as a pattern.

A pattern stands in the words of programs that claim what they are given with wildcards for all that these may match. Others are
given a word that only the run tells, since what changes the folder or looks into the file would look at none of the files. Of what is
cut out of a pattern only `$(basename "$f" .sh)` is known, by the pattern of such names, and what is unquoted and has blanks in its name is taken for one word. Knows no file.
"""

from __future__ import annotations

import re

from paratask.languages.shell.values import NAMED, all_given, filled, filled_or_listed, is_list, is_pattern, is_plain
from paratask.languages.shell.words import resolve_words, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from paratask.languages.shell.flow import State
    from paratask.languages.shell.words import Word

MAX_ROUNDS = 64
"""How often the innermost body is walked at most because of the loops around it."""
_MAX_WORDS = 16
_LEAVING = re.compile(r"\b(?:break|continue|return|exit)\b")
_TAKE_PATTERNS = frozenset(
    "echo printf test [ [[ cat head tail wc sort cut diff cmp comm nl rev tac fold paste stat file base64 realpath readlink cksum "
    "md5sum sha1sum sha256sum sha512sum shasum b2sum du ls tree jq grep egrep fgrep rg mkdir touch rmdir tee truncate rm unlink chmod chown "
    "chgrp cp mv ln install gzip gunzip xz unxz bzip2 bunzip2 zip unzip shellcheck shfmt clang-format actionlint yamllint yamlfmt "
    "yq zizmor sed kubeconform addlicense hadolint eslint oxlint prettier stylelint markdownlint markdownlint-cli2 cspell ruff black isort "
    "flake8 pylint codespell redocly taplo stylua".split()
)
"""Programs of which each word that names a path may have wildcards."""
_NEED_PATHS = frozenset(
    "echo printf cat head tail wc cut nl rev tac fold paste stat file base64 md5sum sha1sum sha256sum sha512sum shasum b2sum mkdir touch rmdir tee "
    "truncate rm unlink chmod chown chgrp cp mv ln sed gzip gunzip xz unxz bzip2 bunzip2 shellcheck shfmt clang-format yq jq".split()
)
"""Those of them that touch nothing where they are given no path: a list of files may be empty."""
_CHECKING = (("php", "-l"), ("ruby", "-c"), ("ruby", "-wc"))
"""Calls of interpreters that check the syntax of what they are given, and take patterns and lists likewise."""
_STARTERS = (("npx",), ("bunx",), ("uvx",), ("command",), ("uv", "run"), ("poetry", "run"))


def gone_through(loop: Node, name: str, body: Node | None, state: State) -> tuple[Word, ...]:
    """The values of the variable `name` in a loop, each for a round of its own; None for those that only the run tells."""
    values = loop.children_by_field_name("value")
    if body is None or loop.children[0].type != "for" or not values or name not in source(body):
        return (None,)
    words = [word for value in values for word in _words(value, state)]
    known = len(words) <= _MAX_WORDS and all(is_plain(word) or (is_pattern(word) and not _climbs(word)) for word in words)
    return tuple(dict.fromkeys(words)) if known else (None,)


def named_after(value: Node, state: State) -> Word:
    """For `$(basename "$f" .sh)`, with the variable of a loop over files: the pattern of these names, behind NAMED. None for any other value."""
    inner = value.named_children[0] if value.type == "string" and len(value.named_children) == 1 else value
    alone = source(value) in (source(inner), f'"{source(inner)}"') and inner.type == "command_substitution"
    command = inner.named_children[0] if alone and len(inner.named_children) == 1 else None
    if command is None or command.type != "command":
        return None
    words = [word for child in command.children for word in resolve_words(child, lambda found: filled(found, state))]
    path, suffix = (*words[1:], "", "")[:2]
    if words[:1] != ["basename"] or len(words) > 3 or not is_pattern(path) or not (suffix == "" or is_plain(suffix)):
        return None
    name = (path or "").rpartition("/")[2]
    kept = name.removesuffix(suffix or "") if name.endswith(suffix or "") else "*"
    return NAMED + kept if is_pattern(kept) and not name.startswith(".") else None


def goes_through_all(loop: Node, values: Sequence[Word]) -> bool:
    """Whether each of a loop's `values` has a round to its end, and one only: none is written twice, and nothing leaves the loop or a round."""
    written = [source(value) for value in loop.children_by_field_name("value")]
    return len(written) == len(values) and not _LEAVING.search(source(loop))


def _words(value: Node, state: State) -> tuple[Word, ...]:
    return all_given(value, state) or resolve_words(value, lambda found: filled_or_listed(found, state))


def with_patterns(words: Sequence[Word], filled_in: Sequence[Word]) -> Sequence[Word]:
    """The words of a command, those that are `filled_in` with a loop's pattern where its program takes them."""
    return filled_in if takes_patterns(words) and not any(map(_climbs, filled_in)) else words


def takes_patterns(words: Sequence[Word]) -> bool:
    """Whether the program of a command may be given patterns."""
    starter = next((starter for starter in _STARTERS if tuple(words[: len(starter)]) == starter), ())
    given = words[len(starter) :]
    return any(word in _TAKE_PATTERNS for word in given[:1]) or tuple(given[:2]) in _CHECKING or _is_awk_with_files(words)


def _is_awk_with_files(words: Sequence[Word]) -> bool:
    """Whether all that is not known of an awk's words comes after its program: these are files that it reads."""
    if words[:1] not in (["awk"], ["gawk"], ["mawk"]) or None not in words:
        return False
    return any(word is not None and "{" in word for word in words[1 : words.index(None)])


def takes_lists(words: Sequence[Word]) -> bool:
    """Whether the program of a command may be given a pattern for a list of files."""
    return words[0] in _NEED_PATHS or tuple(words[:2]) in _CHECKING if words else False


def has_patterns(state: State) -> bool:
    """Whether a variable is known by a pattern only."""
    return any(is_pattern(value) or is_list(value) for value in state.values.values())


def _climbs(word: Word) -> bool:
    """Whether a path goes up again below a wildcard, which may be through a symbolic link."""
    return word is not None and is_pattern(word) and ".." in word.split("/")
