"""What has to be known of a Django project before one of its commands is recognised.

That the script is Django's own, and the command too, of which a project may have its own version; that the database is nobody else's; and
where static files are put. Loaded only where there is a `manage.py`.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.python.django import MANAGE
from paratask.languages.sources_beyond import files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.languages.tool_calls import Call

_COLLECTS = f"{MANAGE} collectstatic"
_STARTS = ("django.core.management", "execute_from_command_line")
_ROOT = re.compile(r"^\s*STATIC_ROOT\s*(?::[^=]+)?=\s*(.+)$", re.MULTILINE)
_ELSEWHERE = re.compile(r"\.\.|\.parent|env|[\"']/|expanduser|gettempdir")
_UPLOADING = re.compile(r"storages\.backends|boto|gcloud|azure|s3", re.IGNORECASE)
_CLIMBING = re.compile(r"\.parent\b|\bdirname\(")
_CLIMBING_BY = re.compile(r"\.parents\[(\d)\]|__file__\)\s*-\s*(\d)")
_PRODUCTION = re.compile(r"prod|staging", re.IGNORECASE)


def is_understood(call: Call) -> bool:
    """Whether it is Django's own command by its own script, on a database that nobody else uses, and static files are put where settings
    say in plain words.
    """
    script = call.place.read_text(posixpath.join(call.cwd, "manage.py")) or ""
    if not all(word in script for word in _STARTS):
        return False
    files = files_of(call.workspace, (".py",), (), call.place)
    own = f"/management/commands/{call.key.rpartition(' ')[2]}.py"
    if files is None or any(path.endswith(own) for path in files):
        return False
    if "database" in (call.tool.holds, call.tool.shares) and not _is_local(call):
        return False
    return call.key != _COLLECTS or _collects_here(call, files)


def _is_local(call: Call) -> bool:
    """Whether the settings are not named as those of a database that others use."""
    named = [option.value for option in call.parsed.named("--settings")]
    named.append(call.invocation.environment.get("DJANGO_SETTINGS_MODULE", ""))
    return not any(value is None or _PRODUCTION.search(value) for value in named)


def _collects_here(call: Call, files: Sequence[str]) -> bool:
    """Whether static files are put into the project's folder."""
    settings = [path for path in files if "settings" in posixpath.relpath(path, call.workspace)]
    texts = {path: call.place.read_text(path) or "" for path in settings}
    roots = [value for text in texts.values() for value in _ROOT.findall(text)]
    climbs = any(_climbs(text, posixpath.relpath(path, call.workspace)) for path, text in texts.items())
    return (
        bool(roots)
        and not climbs
        and not any(map(_ELSEWHERE.search, roots))
        and not any(map(_UPLOADING.search, texts.values()))
    )


def _climbs(text: str, path: str) -> bool:
    """Whether a file of settings at `path` gives a name to a folder above the project, from which it may put together others."""
    lines = [line for line in text.splitlines() if "__file__" in line]
    steps = (len(_CLIMBING.findall(line)) + sum(_steps(*found) for found in _CLIMBING_BY.findall(line)) for line in lines)
    return any(count > len(path.split("/")) for count in steps)


def _steps(index: str, less: str) -> int:
    return int(index) + 1 if index else int(less)
