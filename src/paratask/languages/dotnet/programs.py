"""Programs around .NET that are no part of its SDK, as data. See `paratask.languages.tool_table`.

Each may be called by its own name, as `dotnet NAME`, and as `dotnet tool run NAME`.
"""

from __future__ import annotations

from paratask.languages.dotnet.tools import CORES, INSTALLED, PACKAGES, SDK, SERVERS
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DATABASE = "database"
NAMES: Mapping[str, str] = {
    "csharpier": "csharpier",
    "dotnet-csharpier": "csharpier",
    "ef": "dotnet-ef",
    "dotnet-ef": "dotnet-ef",
    "reportgenerator": "reportgenerator",
    "fantomas": "fantomas",
    "outdated": "dotnet-outdated",
    "dotnet-outdated": "dotnet-outdated",
}
"""The names that a program is called by, with that of its entry."""
_SHARED = f"{SDK} {INSTALLED}"
_BUILDS = f"{_SHARED} {SERVERS} {PACKAGES}"
_STYLED = "*.{cs,csx,csproj,props,targets,slnx,xml,config,nuspec,xaml,axaml}"
_CSHARPIER: Mapping[Role, str] = {
    Role.FLAG: "--fast --no-cache --no-msbuild-check --include-generated --compilation-errors-as-warnings --skip-validation "
    "--syntax-errors-as-warnings --unformatted-as-warnings --use-cache",
    Role.VALUE: "--loglevel --log-level --log-format --stdin-path",
    Role.READS: "--config-path --ignore-path --editorconfig-path",
    Role.CHECKS: "--check --skip-write --write-stdout",
    Role.INFORMS: "--help -h -? --version",
}
_EF: Mapping[Role, str] = {
    Role.FLAG: "--json -v --verbose --no-color --prefix-output --no-build -f --force --idempotent -i --no-transactions "
    "--no-connect --dry-run --no-onconfiguring --no-pluralize --use-database-names -d --data-annotations --self-contained "
    "--nativeaot --precompile-queries --add",
    Role.VALUE: "-c --context --framework --configuration -r --runtime --target-runtime -n --namespace --context-namespace --suffix "
    "--schema -t --table -o --output --output-dir --context-dir",
    Role.READS: "--msbuildprojectextensionspath",
    Role.PROJECT: "-p --project -s --startup-project",
    Role.OUTSIDE: "--connection",
    Role.INFORMS: "--help -h -? --version",
}
_OUTDATED: Mapping[Role, str] = {
    Role.FLAG: "-t --transitive -f --fail-on-updates -r --recursive -utd --include-up-to-date -n --no-restore --include-auto-references "
    "-i --ignore-failed-sources",
    Role.VALUE: "-pre --pre-release -prl --pre-release-label -vl --version-lock -td --transitive-depth -inc --include -exc --exclude "
    "--older-than -ot -m --maximum-version -mv --runtime -rt -of --output-format --idle-timeout -it",
    Role.WRITES: "-o --output",
    Role.EDITS: "-u --upgrade",
    Role.INFORMS: "--help -h -? --version",
}


def _ef(summary: str, mode: Mode = Mode.BUILD, holds: str = "") -> Tool:
    return Tool(summary=summary, mode=mode, options=_EF, operands=Operands.WORDS, shares=_BUILDS, holds=holds, cores=CORES)


PROGRAMS: Mapping[str, Tool] = {
    "csharpier": Tool(
        summary="formats C#", mode=Mode.GROUP, options={}, default="csharpier format", shares=_SHARED
    ),
    "csharpier format": Tool(
        summary="formats C#", mode=Mode.EDIT, options=_CSHARPIER, files=_STYLED, shares=_SHARED, cores=CORES
    ),
    "csharpier check": Tool(
        summary="checks the format of C#", mode=Mode.READ, options=_CSHARPIER, files=_STYLED, shares=_SHARED, cores=CORES
    ),
    "fantomas": Tool(
        summary="formats F#",
        mode=Mode.EDIT,
        files="*.{fs,fsi,fsx,ml,mli}",
        shares=_SHARED,
        options={
            Role.FLAG: "-r --recurse --force --profile --verbosity",
            Role.VALUE: "-v",
            Role.CHECKS: "--check",
            Role.WRITES: "--out -o",
            Role.INFORMS: "--help -h --version",
        },
    ),
    "reportgenerator": Tool(
        summary="makes a report of what tests cover",
        mode=Mode.NOTHING,
        operands=Operands.NONE,
        shares=_SHARED,
        options={
            Role.VALUE: "-reporttypes -assemblyfilters -classfilters -filefilters -riskhotspotassemblyfilters "
            "-riskhotspotclassfilters -verbosity -title -tag -license -settings -reports -sourcedirs",
            Role.READS: "-plugins",
            Role.WRITES: "-targetdir -historydir",
            Role.INFORMS: "-h -? --help -help --version",
        },
    ),
    "dotnet-outdated": Tool(
        summary="looks for newer packages", mode=Mode.READ, options=_OUTDATED, shares=_BUILDS, cores=CORES
    ),
    "dotnet-ef": Tool(summary="works with models and databases", mode=Mode.GROUP, options=_EF, shares=_BUILDS),
    **{f"dotnet-ef {name}": Tool(summary="has commands of its own", mode=Mode.GROUP) for name in ("migrations", "database", "dbcontext")},
    "dotnet-ef database update": _ef("brings a database up to date", holds=DATABASE),
    "dotnet-ef database drop": _ef("removes a database", holds=DATABASE),
    "dotnet-ef migrations add": _ef("writes a migration"),
    "dotnet-ef migrations remove": _ef("removes a migration", holds=DATABASE),
    "dotnet-ef migrations list": _ef("lists migrations", holds=DATABASE),
    "dotnet-ef migrations script": _ef("writes migrations as SQL"),
    "dotnet-ef migrations bundle": _ef("packs migrations into a program"),
    "dotnet-ef migrations has-pending-model-changes": _ef("compares models with migrations"),
    "dotnet-ef dbcontext info": _ef("tells about a model"),
    "dotnet-ef dbcontext list": _ef("lists models"),
    "dotnet-ef dbcontext script": _ef("writes a model as SQL"),
    "dotnet-ef dbcontext optimize": _ef("compiles a model"),
    "dotnet-ef dbcontext scaffold": _ef("writes the model of a database", holds=DATABASE),
}  # fmt: skip
"""Every such program and command that is recognised."""
