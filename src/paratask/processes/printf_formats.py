"""Formats of `printf` that begin with a dash: text, as to go-task's own shell. bash takes `printf '-- x'` for an option, and fails.

So `--` goes before them. Pure; loads the grammar where there is such a format.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

FORMAT = re.compile(r"\bprintf[\s\\]+\$?[\"']?-")
OPTIONS = (b"-v", b"--")


def after_options(text: str) -> str:
    """`text` with `--` before such formats; as it is where the grammar does not understand all of it."""
    if not FORMAT.search(text):
        return text
    from paratask.processes.bash_grammar import with_words

    return with_words(text, _before_formats)


def _before_formats(root: Node) -> Iterator[tuple[int, bytes]]:
    from paratask.processes.bash_grammar import arguments_of

    for words in arguments_of(b"printf", root):
        written = (words[0].text or b"") if words else b""
        if written.lstrip(b"$\"'")[:1] == b"-" and written not in OPTIONS:
            yield words[0].start_byte, b"-- "
