"""Formats of `printf` that begin with a dash: text, as to go-task's own shell. bash takes `printf '-- x'` for an option, and fails.

So `--` goes before them. Pure; loads the grammar where there is such a format.
"""

from __future__ import annotations

import re

FORMAT = re.compile(r"\bprintf[\s\\]+\$?[\"']?-")
OPTIONS = (b"-v", b"--")


def after_options(text: str) -> str:
    """`text` with `--` before such formats; as it is where the grammar does not understand all of it."""
    if not FORMAT.search(text):
        return text
    from paratask.processes.bash_grammar import arguments_of, parsed

    written = text.encode("utf-8", "surrogateescape")
    root = parsed(written)
    if root is None:
        return text
    formats = [words[0] for words in arguments_of(b"printf", root) if words]
    dashed = [word for word in formats if (word.text or b"").lstrip(b"$\"'")[:1] == b"-" and word.text not in OPTIONS]
    for start in sorted((word.start_byte for word in dashed), reverse=True):
        written = written[:start] + b"-- " + written[start:]
    return written.decode("utf-8", "surrogateescape")
