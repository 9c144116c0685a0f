"""Django's commands (`python manage.py X`) as data.

Whatever database a project is configured for, all share one resource. Commands of a project's own are not known.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MANAGE = "python manage.py"
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
