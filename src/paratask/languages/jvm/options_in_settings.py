"""Settings of a POM that are options of a program: `<argLine>-Xmx1g -Djava.library.path=../../target/release</argLine>`.

Knows the options that name files which are only read; any other path in them may be written. Knows no POM.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OPTION_SETTINGS = frozenset({"argLine", "jvmArguments", "jvmArgs", "compilerArgument"})
"""Names of settings whose value is a line of options, for the machine that tests or programs run on, or for a compiler."""
_READING = frozenset(
    {
        "-Djava.library.path",
        "-Djna.library.path",
        "-Djava.util.logging.config.file",
        "-Dlogback.configurationFile",
        "-Dlog4j.configurationFile",
        "-Djava.security.policy",
        "-Djava.security.auth.login.config",
    }
)
_BETWEEN = re.compile("[=:;,\"']")
_FILLED_IN_LATER = "@{"
"""Surefire: `@{argLine}` is what another plugin of the build has put there by then."""


def paths_in_options(text: str) -> Iterator[tuple[str, bool]]:
    """The paths in a line of options that leave the folder, each with whether it is only read."""
    for word in text.split():
        if word.startswith(_FILLED_IN_LATER):
            continue
        name = word.partition("=")[0]
        for part in _BETWEEN.split(word):
            if part.startswith("/") or ".." in part.split("/"):
                yield part, name in _READING
