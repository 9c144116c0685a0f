"""Writes what the plugins of languages recognise into docs/plugins.md, and the programs' names into plugins/programs.py.

Run it after changing a table: `python docs/generate_plugins.py`. tests/unit/test_reference.py fails when it was forgotten.
"""

from __future__ import annotations

import pathlib
import re
import textwrap

from paratask.languages.cloud import plugin as cloud
from paratask.languages.cloud import tools as cloud_tools
from paratask.languages.deno import tools as deno_tools
from paratask.languages.docker import plugin as docker
from paratask.languages.docker import tools as docker_tools
from paratask.languages.dotnet import plugin as dotnet
from paratask.languages.elixir import plugin as elixir
from paratask.languages.go import plugin as go
from paratask.languages.jvm import plugin as jvm
from paratask.languages.native import plugin as native
from paratask.languages.native import tools as native_tools
from paratask.languages.node import plugin as node
from paratask.languages.php import plugin as php
from paratask.languages.python import plugin as python
from paratask.languages.ruby import plugin as ruby
from paratask.languages.rust import plugin as rust
from paratask.languages.shell import plugin as shell
from paratask.languages.terraform import plugin as terraform
from paratask.languages.terraform import tools as terraform_tools
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.languages.tool_table import Tool

DOCUMENT = pathlib.Path(__file__).with_name("plugins.md")
BEGIN = "<!-- tools: written by docs/generate_plugins.py -->\n"
END = "<!-- end of tools -->\n"
LANGUAGES = (
    ("Python", python.TOOLS),
    ("Node", node.TOOLS),
    ("Deno", deno_tools.TOOLS),
    ("Rust", rust.TOOLS),
    ("Go", go.TOOLS),
    ("JVM", jvm.TOOLS),
    ("Ruby", ruby.TOOLS),
    ("PHP", php.TOOLS),
    (".NET", dotnet.TOOLS),
    ("Elixir and Erlang", elixir.TOOLS),
    ("C and C++", native_tools.TOOLS),
    ("Docker and podman", docker_tools.TOOLS),
    ("Terraform", terraform_tools.TOOLS),
    ("Clusters and clouds, what only looks", cloud_tools.TOOLS),
)
DEPENDENCIES = ("Python", "Node")
"""The languages whose tables say which tools read what a workspace depends on; the others decide it by what a call does."""


def rendered(text: str) -> str:
    """The document with its generated part as it should be. Raises ValueError where the markers are missing."""
    tables = "\n".join(line for title, tools in LANGUAGES for line in _lines(title, tools))
    made, count = re.subn(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: f"{BEGIN}\n{tables}\n{END}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{DOCUMENT.name} has its markers {count} times")
    return made


PROGRAMS = pathlib.Path(__file__).parents[1] / "src/paratask/plugins/programs.py"
TABLES: Mapping[str, tuple[Iterable[str], ...]] = {
    "shell": tuple(shell.recognisers(family) for family in shell.FAMILIES),
    "python": (python.TOOLS,),
    "node": (node.TOOLS, ("nodejs",)),
    "deno": (deno_tools.TOOLS,),
    "rust": (rust.TOOLS,),
    "go": (go.TOOLS,),
    "jvm": (jvm.TOOLS, jvm.WRAPPERS),
    "ruby": (ruby.TOOLS,),
    "php": (php.TOOLS,),
    "dotnet": (dotnet.TOOLS, ("dotnet-csharpier",)),
    "elixir": (elixir.TOOLS,),
    "native": (native.PROGRAMS,),
    "docker": (docker.PROGRAMS,),
    "terraform": (terraform.PROGRAMS,),
    "cloud": (cloud.PROGRAMS,),
    "git": (("git",),),
}
"""By plugin, what it knows programs by."""
BEGIN_PROGRAMS = "# Written by docs/generate_plugins.py.\n"
END_PROGRAMS = "# End of what is written.\n"


def rendered_programs(text: str) -> str:
    """programs.py with its generated part as it should be."""
    lines = []
    for plugin, tables in TABLES.items():
        names = " ".join(sorted({name.split()[0] for table in tables for name in table}))
        rows = textwrap.wrap(names, 110, break_on_hyphens=False)
        if len(rows) == 1:
            lines.append(f'    "{plugin}": "{rows[0]}",')
        else:
            lines += [f'    "{plugin}": (', *(f'        "{row} "' for row in rows[:-1]), f'        "{rows[-1]}"', "    ),"]
    body = "\n".join([BEGIN_PROGRAMS + "_NAMES = {", *lines, "}", END_PROGRAMS])
    return re.sub(re.escape(BEGIN_PROGRAMS) + ".*?" + re.escape(END_PROGRAMS), lambda _: body, text, flags=re.DOTALL)


def _lines(title: str, tools: Mapping[str, Tool]) -> Iterator[str]:
    yield from (f"### {title}", "", "| what the table says it does | commands |", "|---|---|")
    for mode in Mode:
        names = sorted(name for name, tool in tools.items() if tool.mode is mode)
        if names and mode is not Mode.GROUP:
            yield f"| {mode.value} | {', '.join(f'`{name}`' for name in names)} |"
    if title in DEPENDENCIES:
        reading = sorted(name for name, tool in tools.items() if tool.reads_dependencies and tool.mode is not Mode.GROUP)
        yield f"| reads the packages of the checkout that its workspace depends on | {', '.join(f'`{name}`' for name in reading)} |"
    yield ""


if __name__ == "__main__":
    DOCUMENT.write_text(rendered(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    PROGRAMS.write_text(rendered_programs(PROGRAMS.read_text(encoding="utf-8")), encoding="utf-8")
