"""What can go wrong in a template. Knows no files: a position is a line and a column of the template's own text."""

from __future__ import annotations


class TemplateError(Exception):
    """A template that cannot be parsed or filled in. `line` and `column` count from 1, in characters of `source`."""

    def __init__(self, message: str, *, source: str, line: int, column: int, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.column = column
        self.help = help

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"


class UnknownValueError(Exception):
    """The template touched a value that is not known yet."""


class FunctionError(Exception):
    """A template function refused its arguments; the evaluator turns it into a TemplateError with a position."""

    def __init__(self, message: str, *, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help


def template_error(message: str, source: str, offset: int, help: str | None = None) -> TemplateError:  # noqa: A002
    """A TemplateError at `offset`, in characters from the start of `source`."""
    line_start = source.rfind("\n", 0, offset) + 1
    line = source.count("\n", 0, offset) + 1
    return TemplateError(message, source=source, line=line, column=offset - line_start + 1, help=help)
