"""The commands of `dotnet`, and MSBuild, as data. See `paratask.languages.tool_table`.

Options are those that are left when words.py has put a call into one spelling. Other programs stand in programs.py.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CORES = 2.0
"""What a build is said to take that uses every core by itself."""
SDK, SERVERS, PACKAGES, INSTALLED, SETTINGS, CERTIFICATES, TEMPLATES = (
    "dotnet-sdk",
    "dotnet-build-servers",
    "nuget-packages",
    "dotnet-tools",
    "nuget-settings",
    "dotnet-certificates",
    "dotnet-templates",
)
"""Resources: the installed SDK with its workloads, servers that builds leave running, packages and settings of the user, and so on."""

_PROPERTIES = "-p --property -v --verbosity --target --ucr"
_ANY: Mapping[Role, str] = {
    Role.FLAG: "-d --diagnostics",
    Role.INFORMS: "--help -h -? --version --info --list-sdks --list-runtimes",
}
_RESTORING: Mapping[Role, str] = {
    Role.FLAG: "--disable-parallel --force --force-evaluate --ignore-failed-sources --interactive --no-cache --no-http-cache "
    "--no-dependencies --use-lock-file --locked-mode --disable-build-servers --nologo --tl",
    Role.VALUE: f"{_PROPERTIES} -r --runtime -a --arch --os --artifacts-path --of-console",
    Role.READS: "-s --source --configfile",
    Role.WRITES: "--lock-file-path --binary-log --file-log",
    Role.SHARED_CACHE: "--packages",
    Role.CORES: "--cores",
    Role.INFORMS: "--help -h -?",
}
_BUILDING: Mapping[Role, str] = {
    **_RESTORING,
    Role.FLAG: "--no-restore --no-incremental --no-dependencies --no-self-contained --self-contained --sc --nologo --interactive "
    "--disable-build-servers --force --debug --use-current-runtime --ucr --no-build --no-cache --tl",
    Role.VALUE: "-p --property -v --verbosity --target -c --configuration -f --framework -r --runtime -a --arch --os "
    "--version-suffix --artifacts-path --getProperty --getItem --getTargetResult",
    Role.READS: "-s --source --configfile --manifest",
    Role.WRITES: "-o --output --binary-log --file-log",
    Role.SHARED_CACHE: "--packages",
}
_TESTING: Mapping[Role, str] = {
    Role.FLAG: "--no-restore --no-build --no-dependencies --nologo --blame --blame-crash --blame-hang -t --list-tests --interactive "
    "--disable-build-servers --no-progress --no-ansi --coverage --report-trx --minimum-expected-tests --debug --tl "
    "--no-self-contained --self-contained --blame-crash-collect-always",
    Role.VALUE: "-p --property -v --verbosity --target -c --configuration -f --framework -a --arch --os --artifacts-path --filter "
    "--blame-crash-dump-type --blame-hang-dump-type --blame-hang-timeout -e --environment --runtime --max-parallel-test-modules "
    "--coverage-output-format --report-trx-filename --coverage-output --timeout --filter-class --filter-method --filter-namespace "
    "--filter-trait --filter-not-trait --treenode-filter --retry-failed-tests -l --logger --collect",
    Role.READS: "-s --settings --test-adapter-path --coverage-settings --config-file",
    Role.WRITES: "-o --output --results-directory -r -d --diag --binary-log --file-log",
    Role.PROJECT: "--project --solution",
    Role.CORES: "--cores",
    Role.INFORMS: "--help -h -?",
}
_CLEANING: Mapping[Role, str] = {
    Role.FLAG: "--nologo --interactive --disable-build-servers --tl",
    Role.VALUE: "-p --property -v --verbosity --target -c --configuration -f --framework -r --runtime --artifacts-path",
    Role.WRITES: "-o --output --binary-log --file-log",
    Role.CORES: "--cores",
    Role.INFORMS: "--help -h -?",
}
_MSBUILD: Mapping[Role, str] = {
    Role.FLAG: "--with-restore --interactive --restore",
    Role.VALUE: "--property --target --verbosity --getProperty --getItem --getTargetResult",
    Role.WRITES: "--binary-log --file-log",
    Role.CORES: "--cores",
    Role.INFORMS: "--help -h -? -help -version --version",
}
_FORMATTING: Mapping[Role, str] = {
    Role.FLAG: "--no-restore --include-generated --folder -f",
    Role.VALUE: "--diagnostics --exclude-diagnostics --severity -v --verbosity --include --exclude --fix-style --fix-analyzers",
    Role.CHECKS: "--verify-no-changes --check --dry-run",
    Role.WRITES: "--report --binarylog",
    Role.INFORMS: "--help -h -? --version",
}
_LISTING: Mapping[Role, str] = {
    Role.FLAG: "--outdated --deprecated --vulnerable --include-transitive --include-prerelease --highest-minor --highest-patch "
    "--interactive --no-restore",
    Role.VALUE: "-f --framework --format --output-version -v --verbosity",
    Role.READS: "--config --source -s",
    Role.PROJECT: "--project",
    Role.INFORMS: "--help -h -?",
}
_CHANGING: Mapping[Role, str] = {
    Role.FLAG: "-n --no-restore --interactive --prerelease",
    Role.VALUE: "-v --version -f --framework",
    Role.READS: "-s --source",
    Role.SHARED_CACHE: "--package-directory",
    Role.PROJECT: "--project",
    Role.INFORMS: "--help -h -?",
}
_OF_TOOLS: Mapping[Role, str] = {
    Role.FLAG: "-g --global --local --disable-parallel --ignore-failed-sources --no-cache --no-http-cache --interactive --prerelease "
    "--create-manifest-if-needed --allow-downgrade --allow-roll-forward --all --outdated",
    Role.VALUE: "--version -v --verbosity --framework -a --arch --format",
    Role.READS: "--configfile --add-source --source -s",
    Role.WRITES: "--tool-path",
    Role.PROJECT: "--tool-manifest",
    Role.INFORMS: "--help -h -?",
}
_OF_NUGET: Mapping[Role, str] = {
    Role.FLAG: "-c --clear -l --list --force-english-output --skip-duplicate --no-symbols --no-service-endpoint --interactive --all "
    "--force-english-output --store-password-in-clear-text --non-interactive -n --disable-buffering -d --overwrite",
    Role.VALUE: "-k --api-key -s --source -t --timeout --symbol-source --symbol-api-key --format -v --verbosity --name --username "
    "-u --password --valid-authentication-types --protocol-version --certificate-fingerprint --framework -f --timestamper "
    "--certificate-subject-name --certificate-store-name --certificate-store-location --certificate-password "
    "--hash-algorithm --timestamp-hash-algorithm",
    Role.READS: "--configfile --certificate-path",
    Role.WRITES: "-o --output",
    Role.INFORMS: "--help -h -?",
}
_MACHINE: Mapping[Role, str] = {
    Role.FLAG: "--skip-manifest-update --include-previews --skip-sign-check --disable-parallel --ignore-failed-sources --no-cache "
    "--interactive --from-previous-sdk --advertising-manifests-only --print-rollback --machine-readable --force --no-http-cache",
    Role.VALUE: "-v --verbosity --version --framework --sdk-version --take --format",
    Role.READS: "--configfile -s --source --from-rollback-file",
    Role.WRITES: "--temp-dir",
    Role.INFORMS: "--help -h -? --info",
}
_NEW: Mapping[Role, str] = {
    Role.FLAG: "--force --dry-run --no-update-check --no-restore --use-program-main --no-https",
    Role.VALUE: "-n --name -lang --language -f --framework --sdk-version --roll-forward --type --format",
    Role.PROJECT: "-o --output",
    Role.INFORMS: "--help -h -? -l --list --columns --columns-all",
}


def _tool(
    summary: str,
    mode: Mode,
    options: Mapping[Role, str],
    *,
    operands: Operands = Operands.PATHS,
    holds: str = "",
    shares: str = SDK,
    cores: float = 1.0,
) -> Tool:
    return Tool(summary=summary, mode=mode, options=options, operands=operands, holds=holds, shares=shares, cores=cores)


_BUILDS = f"{SDK} {SERVERS} {PACKAGES}"
_WITH_TOOLS = f"{SDK} {INSTALLED}"
_GROUP = _tool("has commands of its own", Mode.GROUP, {})
_STARTS = _tool("runs a program, which may do anything", Mode.MODULE, {}, operands=Operands.WORDS)
_COMMANDS: Mapping[str, Tool] = {
    "": _tool("builds and runs .NET projects", Mode.GROUP, _ANY),
    "build": _tool("builds projects", Mode.COMPILE, _BUILDING, shares=_BUILDS, cores=CORES),
    "restore": _tool("looks up the packages of projects", Mode.INSTALL, _RESTORING, shares=_BUILDS),
    "test": _tool("builds projects and runs their tests", Mode.BUILD, _TESTING, shares=_BUILDS, cores=CORES),
    "pack": _tool("packs projects", Mode.COMPILE, {
        **_BUILDING, Role.FLAG: _BUILDING[Role.FLAG] + " --include-source --include-symbols -s --serviceable",
        Role.READS: "--source --configfile"}, shares=_BUILDS, cores=CORES),
    "publish": _tool("puts what a program needs into a folder", Mode.COMPILE, _BUILDING, shares=_BUILDS, cores=CORES),
    "clean": _tool("removes what was built", Mode.COMPILE, _CLEANING, shares=_BUILDS),
    "msbuild": _tool("builds projects", Mode.COMPILE, _MSBUILD, shares=_BUILDS, cores=CORES),
    "format": _tool("formats the sources of projects", Mode.EDIT, _FORMATTING, shares=_BUILDS, cores=CORES),
    "list package": _tool("lists the packages of projects", Mode.READ, _LISTING, shares=_BUILDS),
    "list reference": _tool("lists the projects that one refers to", Mode.READ, _LISTING),
    "add package": _tool("has a project refer to a package", Mode.EDIT, _CHANGING, operands=Operands.WORDS, shares=_BUILDS),
    "remove package": _tool("has a project no longer refer to a package", Mode.EDIT, _CHANGING, operands=Operands.WORDS, shares=_BUILDS),
    "add reference": _tool("has a project refer to another", Mode.EDIT, _CHANGING, operands=Operands.WORDS),
    "remove reference": _tool("has a project no longer refer to another", Mode.EDIT, _CHANGING, operands=Operands.WORDS),
    "sln add": _tool("adds projects to a solution", Mode.EDIT, {
        Role.FLAG: "--in-root", Role.VALUE: "-s --solution-folder", Role.PROJECT: "--project"}),
    "sln remove": _tool("takes projects out of a solution", Mode.EDIT, {Role.PROJECT: "--project"}),
    "sln list": _tool("lists the projects of a solution", Mode.READ, {
        Role.FLAG: "--solution-folders", Role.PROJECT: "--project"}),
    "new": _tool("makes files from a template", Mode.EDIT, _NEW, operands=Operands.WORDS, shares=_BUILDS, holds=TEMPLATES),
    "tool restore": _tool("installs the tools that a manifest names", Mode.INSTALL, _OF_TOOLS, holds=INSTALLED, shares=f"{SDK} {PACKAGES}"),
    "tool install": _tool("installs a tool", Mode.INSTALL, _OF_TOOLS, operands=Operands.WORDS, holds=INSTALLED, shares=f"{SDK} {PACKAGES}"),
    "tool update": _tool("installs a newer tool", Mode.INSTALL, _OF_TOOLS, operands=Operands.WORDS, holds=INSTALLED, shares=f"{SDK} {PACKAGES}"),
    "tool uninstall": _tool("removes a tool", Mode.INSTALL, _OF_TOOLS, operands=Operands.WORDS, holds=INSTALLED),
    "tool list": _tool("lists tools", Mode.READ, _OF_TOOLS, operands=Operands.WORDS, shares=_WITH_TOOLS),
    "tool search": _tool("looks for tools", Mode.NOTHING, {Role.FLAG: "--detail --prerelease", Role.VALUE: "--author --type --skip --take"}, operands=Operands.WORDS),
    "nuget push": _tool("sends a package", Mode.OUTSIDE, _OF_NUGET),
    "nuget delete": _tool("takes back a package", Mode.OUTSIDE, _OF_NUGET, operands=Operands.WORDS),
    "nuget locals": _tool("empties caches of packages, or says where they are", Mode.NOTHING, _OF_NUGET, operands=Operands.WORDS, holds=PACKAGES),
    "nuget verify": _tool("checks the signatures of packages", Mode.READ, _OF_NUGET),
    "nuget sign": _tool("signs packages", Mode.EDIT, _OF_NUGET),
    "nuget why": _tool("says why a package is there", Mode.READ, _OF_NUGET, operands=Operands.WORDS),
    "nuget list source": _tool("lists where packages come from", Mode.NOTHING, _OF_NUGET, operands=Operands.NONE, shares=f"{SDK} {SETTINGS}"),
    **{f"nuget {name} source": _tool("changes where packages come from", Mode.EDIT, _OF_NUGET, operands=Operands.WORDS, holds=SETTINGS)
       for name in ("add", "remove", "update", "enable", "disable")},
    **{f"nuget {name}": _GROUP for name in ("list", "add", "remove", "update", "enable", "disable")},
    "build-server shutdown": _tool("ends the servers that builds left running", Mode.NOTHING, {
        Role.FLAG: "--msbuild --vbcscompiler --razor"}, operands=Operands.NONE, holds=SERVERS),
    **{f"workload {name}": _tool("changes the installed workloads", Mode.NOTHING, _MACHINE, operands=Operands.WORDS, holds=SDK, shares="")
       for name in ("install", "uninstall", "update", "repair", "clean", "config")},
    "workload restore": _tool("installs the workloads that projects need", Mode.READ, _MACHINE, holds=SDK, shares=PACKAGES),
    **{f"workload {name}": _tool("looks at the installed workloads", Mode.NOTHING, _MACHINE, operands=Operands.WORDS) for name in ("list", "search")},
    "sdk check": _tool("looks for newer versions", Mode.NOTHING, {}, operands=Operands.NONE),
    "help": _tool("prints help", Mode.NOTHING, {}, operands=Operands.WORDS),
    "dev-certs https": _tool("makes certificates for this machine", Mode.NOTHING, {
        Role.FLAG: "-c --check --clean -t --trust -q --quiet -v --verbose -np --no-password --check-trust-machine-readable",
        Role.VALUE: "-p --password --format", Role.WRITES: "-ep --export-path", Role.READS: "-i --import"},
        operands=Operands.NONE, holds=CERTIFICATES),
    **dict.fromkeys(("list", "add", "remove", "sln", "nuget", "build-server", "workload", "sdk", "dev-certs"), _GROUP),
    "tool": _GROUP,
    "tool run": _tool("runs an installed tool", Mode.RUN, {Role.FLAG: "--allow-roll-forward"}, operands=Operands.WORDS, shares=_WITH_TOOLS),
    "run": _STARTS,
    "watch": _STARTS,
    "exec": _STARTS,
    "fsi": _STARTS,
}  # fmt: skip
DOTNET: Mapping[str, Tool] = {
    **{f"dotnet {name}".rstrip(): tool for name, tool in _COMMANDS.items()},
    "msbuild": _COMMANDS["msbuild"],
}
"""Every command of `dotnet` that is recognised."""
