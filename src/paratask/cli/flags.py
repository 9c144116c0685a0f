"""Options in the forms of pflag, which task's users type: `-vf`, `-C4`, `-C=4`, `-c=f`, `--dir x`, `--dir=x`, `--color=false`.

Options may stand before, between and after other words, up to a `--`, or, after `--exec`, up to the first word that is none: what
comes then belongs to a command. The last one wins, and lists add up. What is not of an option's kind is refused. No parser of the
Python world knows these forms: click and argparse give a flag no value, and `-C=4` a value of `=4`.
"""

from __future__ import annotations

from paratask.cli.option_table import BY_KEY, EXEC_SHORTS, OPTIONS
from paratask.errors import OptionError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.cli.option_table import Option

TRUE_WORDS = frozenset(("1", "t", "T", "TRUE", "true", "True"))
"""Go's strconv.ParseBool."""
MAX_INTEGER = 2**63
FALSE_WORDS = frozenset(("0", "f", "F", "FALSE", "false", "False"))
WITH_UNIT = "write it with its unit: `500ms`, `90s`, `1m30s`"
MAKES_J = "how many run at once is `-C 4`, or `--jobs 4`; `-j` is --json, as with task"
"""For who writes `-j4`, as make and GNU parallel have it."""


def parse_flags(argv: Sequence[str]) -> tuple[dict[str, str | bool], list[str], list[str]]:
    """Values by key, the words that are no options, and the words after `--`. Raises OptionError."""
    parser = _Parser(argv)
    parser.parse()
    return parser.values, parser.words, parser.rest


def parse_value(option: Option, text: str) -> str | bool:
    """The value that `text` stands for. Raises ValueError with the reason, UsageError where there is a line of help."""
    if not option.metavar:
        if text not in TRUE_WORDS | FALSE_WORDS:
            raise ValueError("no truth value")
        return text in TRUE_WORDS
    if option.choices and text not in option.choices:
        raise ValueError(f"not one of {', '.join(option.choices)}")
    if option.kind == "number":
        return _number(text)
    if option.kind == "duration":
        from paratask.taskfile.decode import parse_duration

        try:
            parse_duration(text)
        except ValueError:
            raise ValueError("no duration") from None
    if option.kind in ("load", "memory"):
        _check_amount(option.kind, text)
    return text


def _check_amount(kind: str, text: str) -> None:
    from paratask.amounts import parse_load, parse_memory

    if kind == "memory":
        parse_memory(text)
    else:
        parse_load(text, 1.0)


def _number(text: str) -> str:
    """A share stays as it is; `0x10` and the like are made plain."""
    try:
        if text.endswith("%"):
            if not abs(float(text[:-1])) < MAX_INTEGER:
                raise ValueError
            return text
        number = int(text, 8 if text.startswith("0") and text.isdecimal() else 0)
    except ValueError:
        raise ValueError("no number") from None
    if abs(number) >= MAX_INTEGER:
        raise ValueError("no number of this size")
    return text if text.startswith("+") else str(number)


class _Parser:
    """Takes words off the front; what it finds grows in `values`, `words` and `rest`."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = list(reversed(argv))
        self._long = {name: option for option in OPTIONS for name in (option.name, *option.aliases)}
        self._short = {option.short: option for option in OPTIONS if option.short}
        self.values: dict[str, str | bool] = {}
        self.words: list[str] = []
        self.rest: list[str] = []

    def parse(self) -> None:
        while self._argv:
            word = self._argv.pop()
            if word == "--":
                self.rest = list(reversed(self._argv))
                return
            if word.startswith("--"):
                self._parse_long(word)
            elif word.startswith("-") and word != "-":
                self._parse_short(word)
            elif self.values.get("exec"):
                self.rest = [word, *reversed(self._argv)]
                return
            else:
                self.words.append(word)

    def _parse_long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        option = self._long.get(name)
        if option is None:
            raise OptionError(f"unknown option `--{name}`", help=self._known_elsewhere(name) or self._nearest(name))
        if equals:
            self._set(option, f"--{name}", value)
        elif not option.metavar:
            self.values[option.key] = True
        else:
            self._set(option, f"--{name}", self._next(option, f"--{name}"))

    def _parse_short(self, word: str) -> None:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            option = self._short.get(letter)
            if letter in EXEC_SHORTS and self.values.get("exec"):
                option = BY_KEY[EXEC_SHORTS[letter]]
            if option is None:
                inside = "" if len(word) == 2 else f" in `{word}`"
                helping = MAKES_J if word[1] == "j" and letter.isdigit() else self._known_elsewhere(letter)
                raise OptionError(f"unknown option `-{letter}`{inside}", help=helping or "paratask --help")
            if letters.startswith("=") and len(letters) > 1:
                self._set(option, f"-{letter}", letters[1:])
                return
            if option.metavar:
                self._set(option, f"-{letter}", letters or self._next(option, f"-{letter}"))
                return
            self.values[option.key] = True

    def _next(self, option: Option, shown: str) -> str:
        if not self._argv:
            choices = f", one of {', '.join(option.known_values)}" if option.known_values else ""
            raise OptionError(f"option `{shown}` needs a value", help=f"as in `{shown} {option.metavar}`{choices}")
        return self._argv.pop()

    def _set(self, option: Option, shown: str, text: str) -> None:
        try:
            value = parse_value(option, text)
        except UsageError as error:
            raise OptionError(f"{error.message} for `{shown}`", help=error.help) from None
        except ValueError as reason:
            choices = " or ".join(f"{shown}={word}" for word in ("true", "false"))
            helping = WITH_UNIT if option.kind == "duration" else "paratask --help" if option.metavar else choices
            helping = f"as in `{shown} {option.choices[0]}`" if option.choices else helping
            raise OptionError(f"`{text}` is {reason} for `{shown}`", help=helping) from None
        if option.kind == "list" and option.key in self.values:
            value = f"{self.values[option.key]},{value}"
        self.values[option.key] = value

    def _known_elsewhere(self, name: str) -> str:
        """What GNU parallel's users mean by it."""
        if not self.values.get("exec"):
            return ""
        from paratask.cli.exec.hints import hint

        return hint(name)

    def _nearest(self, name: str) -> str:
        from paratask.names import nearest_name

        near = nearest_name(name, frozenset(self._long))
        return f"did you mean `--{near}`?" if near else "paratask --help"
