"""Writes what the plugins of languages recognise into docs/plugins.md, from their tables.

Run it after changing a table: `python docs/generate_plugins.py`. tests/unit/test_reference.py fails when it was forgotten.
"""

from __future__ import annotations

import pathlib
import re

from paratask.languages import go, node, python, rust
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.tool_table import Tool

DOCUMENT = pathlib.Path(__file__).with_name("plugins.md")
BEGIN = "<!-- tools: written by docs/generate_plugins.py -->\n"
END = "<!-- end of tools -->\n"
LANGUAGES = (("Python", python.TOOLS), ("Node", node.TOOLS), ("Rust", rust.TOOLS), ("Go", go.TOOLS))


def rendered(text: str) -> str:
    """The document with its generated part as it should be. Raises ValueError where the markers are missing."""
    tables = "\n".join(line for title, tools in LANGUAGES for line in _lines(title, tools))
    made, count = re.subn(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: f"{BEGIN}\n{tables}\n{END}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{DOCUMENT.name} has its markers {count} times")
    return made


def _lines(title: str, tools: Mapping[str, Tool]) -> Iterator[str]:
    yield from (f"### {title}", "", "| what the table says it does | commands |", "|---|---|")
    for mode in Mode:
        names = sorted(name for name, tool in tools.items() if tool.mode is mode)
        if names and mode is not Mode.GROUP:
            yield f"| {mode.value} | {', '.join(f'`{name}`' for name in names)} |"
    yield ""


if __name__ == "__main__":
    DOCUMENT.write_text(rendered(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
