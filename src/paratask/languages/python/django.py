"""Django's commands (`python manage.py X`) as data, and what has to be known of a project before one of them is recognised.

Whatever database a project is configured for, all share one resource. Commands of a project's own are not known, nor those of Django
that a project has its own version of.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.options import Role
from paratask.languages.sources_beyond import files_of
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

MANAGE = "python manage.py"
_COLLECTS = f"{MANAGE} collectstatic"
_STARTS = ("django.core.management", "execute_from_command_line")
_COMMON: Mapping[Role, str] = {
    Role.FLAG: "--traceback --no-color --force-color --skip-checks --noinput --no-input",
    Role.VALUE: "-v --verbosity --settings",
    Role.READS: "--pythonpath",
}
_ON_A_DATABASE: Mapping[str, str] = {
    "clearsessions": "",
    "createcachetable": "--dry-run",
    "flush": "",
    "inspectdb": "--include-partitions --include-views",
    "loaddata": "-i --ignorenonexistent",
    "makemigrations": "--dry-run --merge --empty --no-header --check --update --scriptable",
    "migrate": "--fake --fake-initial --plan --run-syncdb --check --prune",
    "optimizemigration": "--check",
    "showmigrations": "-l --list -p --plan",
    "sqlmigrate": "--backwards",
    "squashmigrations": "--no-optimize --no-header",
}
_WITHOUT: Mapping[str, str] = {
    "check": "--deploy --list-tags",
    "collectstatic": "--no-post-process -n --dry-run -c --clear -l --link --no-default-ignore",
    "compilemessages": "-f --use-fuzzy",
    "diffsettings": "--all",
    "findstatic": "--first",
    "makemessages": "-a --all -s --symlinks --no-default-ignore --no-wrap --no-location --no-obsolete --keep-pot",
}
_VALUES = "-l --locale -x --exclude -d --domain -e --extension -i --ignore -t --tag --fail-level --database -n --name --add-location --format"


def _command(flags: str, holds: str = "") -> Tool:
    """An entry for a command; where one letter is a flag for one and takes a value for another, the flag counts."""
    values = " ".join(name for name in _VALUES.split() if name not in flags.split())
    return Tool(
        summary="works on a Django project",
        mode=Mode.BUILD,
        operands=Operands.WORDS,
        holds=holds,
        options={
            **_COMMON,
            Role.FLAG: f"{_COMMON[Role.FLAG]} {flags}",
            Role.VALUE: f"{_COMMON[Role.VALUE]} {values}",
        },
    )


DJANGO: Mapping[str, Tool] = {
    MANAGE: Tool(summary="runs Django's commands", mode=Mode.GROUP, options=_COMMON),
    **{f"{MANAGE} {name}": _command(flags, "database") for name, flags in _ON_A_DATABASE.items()},
    **{f"{MANAGE} {name}": _command(flags) for name, flags in _WITHOUT.items()},
    f"{MANAGE} dumpdata": Tool(
        summary="writes what a database holds",
        mode=Mode.BUILD,
        operands=Operands.WORDS,
        holds="database",
        options={
            **_COMMON,
            Role.FLAG: _COMMON[Role.FLAG] + " --natural-foreign --natural-primary -a --all",
            Role.VALUE: _COMMON[Role.VALUE] + " --format --indent --database -e --exclude --pks",
            Role.WRITES: "-o --output",
        },
    ),
    f"{MANAGE} spectacular": Tool(
        summary="writes the description of an interface",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options={
            **_COMMON,
            Role.FLAG: _COMMON[Role.FLAG] + " --validate --fail-on-warn",
            Role.VALUE: _COMMON[Role.VALUE] + " --format --urlconf --api-version --lang --custom-settings --generator-class",
            Role.WRITES: "--file",
        },
    ),
    f"{MANAGE} test": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        compiles=True,
        operands=Operands.WORDS,
        holds="database",
        options={
            **_COMMON,
            Role.FLAG: _COMMON[Role.FLAG]
            + " --failfast --parallel --keepdb -r --reverse --debug-mode -d --debug-sql -b --buffer "
            "--no-faulthandler --timing --shuffle --durations",
            Role.VALUE: _COMMON[Role.VALUE] + " -t --top-level-directory -p --pattern -k --testrunner --tag --exclude-tag",
        },
    ),
    f"{MANAGE} runserver": Tool(
        summary="serves the application",
        mode=Mode.SERVE,
        operands=Operands.PORT,
        shares="database",
        port=8000,
        options={**_COMMON, Role.FLAG: _COMMON[Role.FLAG] + " --nothreading --noreload --nostatic --insecure -6 --ipv6"},
    ),
}
_ROOT = re.compile(r"^\s*(?:STATIC_ROOT)\s*(?::[^=]+)?=\s*(.+)$", re.MULTILINE)
_ELSEWHERE = re.compile(r"\.\.|\.parent|env|[\"']/|expanduser|gettempdir")
_UPLOADING = re.compile(r"storages\.backends|boto|gcloud|azure|s3", re.IGNORECASE)
_CLIMBING = re.compile(r"\.parent\b|\bdirname\(")
_CLIMBING_BY = re.compile(r"\.parents\[(\d)\]|__file__\)\s*-\s*(\d)")
_PRODUCTION = re.compile(r"prod|staging", re.IGNORECASE)


def is_django(path: str, place: Place) -> bool:
    """Whether the script at `path` is the one that Django makes for a project."""
    text = place.read_text(path) or ""
    return all(word in text for word in _STARTS)


def is_understood(call: Call) -> bool:
    """Whether it is Django's own command, on a database that nobody else uses, and static files are put where settings say in plain words."""
    if not call.key.startswith(f"{MANAGE} "):
        return True
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
