"""What terraform and tofu can be asked for, as data. See `paratask.languages.tool_table`."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_EVERYWHERE = "-no-color -json -input -lock -compact-warnings -raw -concise -show-sensitive"
_COMMON: Mapping[Role, str] = {
    Role.FLAG: _EVERYWHERE,
    Role.VALUE: "-lock-timeout -var -parallelism -target -exclude -replace -test-directory -type -module-depth -draw-cycles -plan -id",
    Role.READS: "-var-file",
    Role.WRITES: "-state -state-out -backup",
    Role.INFORMS: "-help -version",
}
_INIT: Mapping[Role, str] = {
    **_COMMON,
    Role.FLAG: f"{_EVERYWHERE} -upgrade -reconfigure -backend -get -ignore-remote-version -update",
    Role.VALUE: "-lock-timeout -var -lockfile",
    Role.READS: "-backend-config -plugin-dir -var-file",
    Role.OUTSIDE: "-migrate-state -force-copy",
}
_PLAN: Mapping[Role, str] = {
    **_COMMON,
    Role.FLAG: f"{_EVERYWHERE} -destroy -refresh-only -refresh -detailed-exitcode",
    Role.WRITES: "-state -out -generate-config-out",
}
_FMT: Mapping[Role, str] = {
    Role.FLAG: "-no-color -list -write -diff -recursive",
    Role.CHECKS: "-check",
    Role.INFORMS: "-help",
}


def _tool(
    summary: str, mode: Mode, options: Mapping[Role, str] = _COMMON, operands: Operands = Operands.WORDS, holds: str = ""
) -> Tool:
    return Tool(summary=summary, mode=mode, options=options, operands=operands, holds=holds)


def _family(program: str) -> Mapping[str, Tool]:
    group = Tool(summary="works with the infrastructure that a folder describes", mode=Mode.GROUP, options={
        Role.FOLDER: "-chdir", Role.INFORMS: "-help -version --help --version -v"})  # fmt: skip
    reads = "validate show output graph providers version modules"
    plain = {
        "": group,
        "fmt": Tool(summary="formats", mode=Mode.EDIT, options=_FMT),
        "init": _tool("fetches modules and plugins", Mode.INSTALL, _INIT, holds="terraform-plugins"),
        "get": _tool("fetches modules", Mode.INSTALL, {**_COMMON, Role.FLAG: f"{_EVERYWHERE} -update"}),
        "plan": _tool("compares what there is with what is described", Mode.COMPILE, _PLAN),
        **{name: _tool("looks at what there is", Mode.READ) for name in reads.split()},
        "show": _tool("looks at what there is", Mode.READ, operands=Operands.PATHS),
        **{name: _tool("has commands of its own", Mode.GROUP, {}) for name in ("state", "workspace", "metadata")},
        **{f"state {name}": _tool("looks at what there is", Mode.READ) for name in ("list", "show", "pull")},
        **{f"workspace {name}": _tool("looks at what there is", Mode.READ) for name in ("list", "show")},
        "workspace select": _tool("chooses among states", Mode.INSTALL, {**_COMMON, Role.OUTSIDE: "-or-create"}),
        "metadata functions": _tool("prints what there is", Mode.READ),
    }
    return {f"{program} {name}".rstrip(): tool for name, tool in plain.items()}


OUTSIDE = frozenset(
    f"{program} {name}"
    for program in ("terraform", "tofu")
    for name in (
        *("apply", "destroy", "import", "refresh", "taint", "untaint", "test", "force-unlock", "login", "logout", "cloud"),
        *(f"state {name}" for name in ("mv", "rm", "push", "replace-provider")),
        *("workspace new", "workspace delete"),
    )
)
"""What changes infrastructure, or the state that others see."""
TOOLS: Mapping[str, Tool] = {
    **_family("terraform"),
    **_family("tofu"),
    "tflint": Tool(
        summary="lints",
        mode=Mode.READ,
        operands=Operands.NONE,
        settings=".tflint.hcl",
        options={
            Role.FLAG: "--recursive --force --color --no-color --no-parallel-runners --call-module-type --module --no-module",
            Role.VALUE: "-f --format --var --enable-rule --disable-rule --only --enable-plugin --minimum-failure-severity --filter "
            "--call-module-type --max-workers",
            Role.READS: "-c --config --var-file",
            Role.FOLDER: "--chdir",
            Role.EDITS: "--fix",
            Role.INFORMS: "-v --version --langserver",
        },
    ),
}
"""Every program and subcommand that is recognised, but for those of OUTSIDE."""
