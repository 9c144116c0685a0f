"""What is wrong with a YAML text, said for people: the parser tells where it stopped, which may be lines below the slip.

A bracket that is not closed, a quote that ends at the next one in the file and a key without its `:` are shown where they begin. Looks
at the text a second time, since it is asked only once something went wrong. Knows nothing of Taskfiles.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from paratask.errors import Position, TaskfileSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import yaml

    from paratask.taskfile.yaml_nodes import Mark

_QUOTES = ("'", '"')
_ONE_LINE_QUOTE = re.compile(r"""\s*(?:-\s+)*(?:[\w.:-]+:\s+)?(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")""")
_LONE_KEY = re.compile(r"\s*[\w.-]+")
_MISSES = re.compile("did not find expected|expected <block end>")
"""As libyaml says it, and as PyYAML does without it."""

_DASH = re.compile(r"-(?:\s|$)")


def syntax_error(text: bytes, file: str, error: yaml.MarkedYAMLError) -> TaskfileSyntaxError:
    """What the parser says, at the place where somebody has to change something, with what that may be."""
    mark, help_line = _explain(text, error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    message = " ".join(str(part) for part in (error.context, error.problem) if part)
    position = Position(file=file, line=line, column=column)
    return TaskfileSyntaxError(f"not valid YAML: {message}", position=position, help=help_line)


def character_error(text: bytes, file: str, error: yaml.reader.ReaderError) -> TaskfileSyntaxError:
    """Bytes that are no text, or characters that YAML does not take; `error` counts the bytes up to there, and without libyaml the
    characters of what is text.
    """
    is_counted = error.encoding == "unicode"
    encoding = {BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}.get(text[:2], "utf-8")
    before = (text if is_counted else text[: error.position]).decode(encoding, errors="replace")[: error.position]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return TaskfileSyntaxError(f"not valid YAML: {error.reason}", position=Position(file=file, line=line, column=column))


def _explain(text: bytes, error: yaml.MarkedYAMLError) -> tuple[Mark | None, str]:
    """Where the slip is, and what to do about it."""
    opened, noticed = error.context_mark, error.problem_mark
    if noticed is None:
        return opened, ""
    context, problem = str(error.context), str(error.problem)
    lines = text.decode(errors="replace").splitlines()
    line = _line(lines, noticed)
    where = f"line {noticed.line + 1}, column {noticed.column + 1}"
    bracket, quote = _before(text, lines)
    if quote and quote[1].line == noticed.line and not line[quote[1].column : noticed.column].strip():
        return quote[0], f"this quote ends only in line {noticed.line + 1}, column {quote[1].column}: one is missing further up"
    if bracket and "flow node" in context and _DASH.match(line, noticed.column):
        return (
            bracket,
            f"close this bracket before {where}: inside of it, commas stand between the items, and no `-` before them",
        )
    if bracket and "flow node" in context and not "".join((line[noticed.column :], *lines[noticed.line + 1 :])).strip():
        return bracket, "close this bracket: the file ends inside of it"
    if "flow" in context and line.startswith("{{", noticed.column):
        return noticed, "a text with `{{` needs quotes inside of brackets"
    if opened and "flow" in context and opened.line < noticed.line:
        return opened, f"close this bracket, or look for a comma that is missing, before {where}"
    if opened and ("simple key" in context or "unexpected end of stream" in problem):
        return opened, "" if "unexpected" in problem else "a key ends with `:`; if this is text, look at how it is indented"
    return noticed, _help(line, noticed.column, context, problem)


def _help(line: str, column: int, context: str, problem: str) -> str:
    """For slips that are made in Taskfiles, where the parser speaks of tokens."""
    found = line[column : column + 1]
    if found == "\t":
        return "indent with spaces: YAML takes no tabs there"
    quoted = _ONE_LINE_QUOTE.match(line)
    if quoted and quoted.end() <= column and "flow" not in context and line[quoted.end()] != ":":
        return f"the quotes end at column {quoted.end()}: put the whole text into quotes"
    if "mapping values are not allowed" in problem:
        if _LONE_KEY.fullmatch(line[:column]):
            return "a key that belongs beside those above it is indented as they are"
        return "a text with `: ` in it needs quotes"
    if "block" in context and _MISSES.search(problem) and not line[:column].strip():
        return "this line begins in another column than those that it belongs to: indent it as they are"
    if "cannot start any token" in problem:
        return _needs_quotes(found)
    if "flow" not in context and line.split("- ", 1)[-1].lstrip().startswith(("[ ", "[[ ")):
        return _needs_quotes("[")
    if "alias" in context or "anchor" in context:
        return _needs_quotes(line[column - 1 : column])
    if "unknown escape character" in problem:
        return "in double quotes, a backslash is written twice; in single quotes, once"
    return ""


def _line(lines: list[str], mark: Mark) -> str:
    return lines[mark.line] if mark.line < len(lines) else ""


def _needs_quotes(char: str) -> str:
    return f"a text that begins with {'a backtick' if char == '`' else f'`{char}`'} needs quotes"


def _before(text: bytes, lines: list[str]) -> tuple[Mark | None, tuple[Mark, Mark] | None]:
    """The innermost bracket that is open where the parser stops, and the text in quotes before that, where it has several lines."""
    import yaml

    brackets: list[Mark | None] = []
    quote: tuple[Mark, Mark] | None = None
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            start, end = event.start_mark, event.end_mark
            quote = None
            if start is None or end is None:  # as the types would have it
                continue
            if isinstance(event, yaml.events.CollectionStartEvent):
                is_written = _line(lines, start)[start.column : start.column + 1] in ("[", "{")
                brackets.append(start if event.flow_style and is_written else None)
            elif isinstance(event, yaml.events.CollectionEndEvent):
                brackets.pop()
            elif isinstance(event, yaml.ScalarEvent) and event.style in _QUOTES and start.line < end.line:
                quote = start, end
    except yaml.YAMLError:
        pass
    return next((mark for mark in reversed(brackets) if mark), None), quote
