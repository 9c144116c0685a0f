"""`print`, `println` and `printf`. Go: fmt. Knows when fmt puts spaces; how verbs format is in printf.py."""

from __future__ import annotations

from paratask.templating.values import refuse_unknown, text_of


def print_values(*values: object) -> str:
    """All values, with a space between two of which neither is a string. Go: fmt.Sprint."""
    refuse_unknown(values)
    parts: list[str] = []
    after_text = True
    for value in values:
        is_text = isinstance(value, str)
        if not is_text and not after_text:
            parts.append(" ")
        parts.append(text_of(value))
        after_text = is_text
    return "".join(parts)


def print_line(*values: object) -> str:
    """All values with spaces between, and a line end. Go: fmt.Sprintln."""
    refuse_unknown(values)
    return " ".join(map(text_of, values)) + "\n"


def print_formatted(form: str, *values: object) -> str:
    """Go: fmt.Sprintf."""
    from paratask.templating.printf import format_text

    refuse_unknown(values)
    return format_text(form, values)
