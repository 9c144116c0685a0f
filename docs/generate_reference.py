"""Writes the table of options into docs/reference.md, from the table in paratask.cli.options.

Run it after changing an option: `python docs/generate_reference.py`. tests/unit/test_reference.py fails when it was forgotten.
"""

from __future__ import annotations

import pathlib
import re

from paratask.cli.options import OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.cli.options import Option

DOCUMENT = pathlib.Path(__file__).with_name("reference.md")
BEGIN = "<!-- options: written by docs/generate_reference.py -->\n"
END = "<!-- end of options -->\n"


def rendered(text: str) -> str:
    """The document with its generated part as it should be. Raises ValueError where the markers are missing."""
    table = "\n".join(_lines())
    made, count = re.subn(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: f"{BEGIN}\n{table}\n{END}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{DOCUMENT.name} has its markers {count} times")
    return made


def _lines() -> Iterator[str]:
    for group in dict.fromkeys(option.group for option in OPTIONS):
        yield from (f"### {group}", "", "| option | meaning | environment |", "|---|---|---|")
        yield from (_row(option) for option in OPTIONS if option.group == group)
        yield ""


def _row(option: Option) -> str:
    value = f" {option.metavar}" if option.metavar else ""
    names = [*([f"`-{option.short}{value}`"] if option.short else [])]
    names += [f"`--{name}{value}`" for name in (option.name, *option.aliases)]
    choices = f" One of {', '.join(f'`{choice}`' for choice in option.choices)}." if option.choices else ""
    environment = ", ".join(f"`{name}`" for name in option.environment)
    return f"| {', '.join(names)} | {option.help}{choices} | {environment} |".replace("|  |", "| |")


if __name__ == "__main__":
    DOCUMENT.write_text(rendered(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
