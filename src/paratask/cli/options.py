"""The command line as typed, with what the environment says where it is silent. The table of options is option_table.py.

Parsing here only validates what was typed (`Typed`); what it means on this machine is for those who use it. The parser is loaded
only when there is an option to parse: most runs have none.
"""

from __future__ import annotations

from paratask.cli.option_table import BY_KEY, OPTIONS, Option
from paratask.errors import OptionError
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BY_KEY", "CI_VARIABLES", "OPTIONS", "Option", "Typed", "parse"]

OURS = "PARATASK_"
CI_VARIABLES = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD")
"""By these the CI services are known that fold output; see reporting.ci."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the command line and the environment say. `values` has only what was said; `given` are the keys on the command line.

    What `.taskrc.yml` adds, which `experiments` are on, and the `headers` that servers are sent (by host; as written, their values may
    be secrets) come from configure.py.
    """

    values: Mapping[str, str | bool]
    calls: tuple[str, ...]
    variables: Mapping[str, str]
    rest: tuple[str, ...]
    given: frozenset[str] = frozenset()
    experiments: frozenset[str] = frozenset()
    headers: Mapping[str, Mapping[str, str]] | None = None

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    @property
    def given_names(self) -> tuple[str, ...]:
        """Of the variables that the command line gives. Their values may be secrets, and are not kept."""
        return (*sorted(self.variables), *(("CLI_ARGS",) if self.rest else ()))


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Typed:
    """The words of a command line, sorted out. Raises OptionError."""
    typed: dict[str, str | bool] = {}
    words, rest = list(argv), list[str]()
    if any(word.startswith("-") for word in argv):
        from paratask.cli.flags import parse_flags

        typed, words, rest = parse_flags(argv)
    values = dict(typed)
    if typed.keys().isdisjoint(("help", "version")):
        asked = {
            option.key: _from_environment(option, environ)
            for option in OPTIONS
            if option.environment and option.key not in typed
        }
        values.update((key, value) for key, value in asked.items() if value is not None)
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    calls = tuple(word for word in words if "=" not in word)
    return Typed(values=values, calls=calls, variables=variables, rest=tuple(rest), given=frozenset(typed))


def _from_environment(option: Option, environ: Mapping[str, str]) -> str | bool | None:
    """The first value that fits. What does not parse is passed over, as by task; in our own it is refused. Raises OptionError."""
    for name in option.environment:
        text = environ.get(name, "")
        if text:
            from paratask.cli.flags import parse_value

            try:
                return parse_value(option, text)
            except ValueError as reason:
                if name.startswith(OURS):
                    raise OptionError(f"`{text}` is {reason} for {name}", help="paratask --help") from None
    return None
