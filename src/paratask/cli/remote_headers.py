"""The headers that requests to a host carry, as `.taskrc.yml` has them. go-task: taskfile.resolveHeaders.

Values are templates with functions and without variables, filled in only when something is fetched: what is in the cache needs no
token. They may be secrets, and stand in no message. Knows nothing of requests.
"""

from __future__ import annotations

import re

from paratask.errors import TaskfileReadError
from paratask.templating import TemplateError, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.templating import Machine

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_THE_CLIENT = frozenset(("host", "content-length", "transfer-encoding", "trailer"))
"""What is sent by these names follows from the request. Go: net/http leaves them out as well."""


def fill_in_headers(written: Mapping[str, str], host: str, machine: Machine) -> dict[str, str]:
    """The headers by name, as http.client wants them: the bytes of UTF-8. Raises TaskfileReadError."""
    found: dict[str, str] = {}
    for name, template in sorted(written.items()):
        if not _NAME.fullmatch(name):
            raise TaskfileReadError(f"`{name}` is no name of a header, in the headers for `{host}` of .taskrc.yml")
        try:
            value = render(template, {}, machine)
        except TemplateError as error:
            raise TaskfileReadError(
                f"header `{name}` for `{host}` in .taskrc.yml: {error.message}", help=error.help or ""
            ) from None
        if name.lower() not in _OF_THE_CLIENT:
            found[name] = value.encode("utf-8", "surrogateescape").decode("latin-1")
    return found
