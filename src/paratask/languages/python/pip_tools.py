"""pip-tools as data, and where `pip-compile` puts its list: beside the one it is given, unless an option or a setting says otherwise."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.python.dependencies import lists_followed
from paratask.languages.python.uv import fills
from paratask.languages.toml_files import read_toml, table
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

COMPILING_LISTS = "pip-compile"
_COMMON: Mapping[Role, str] = {
    Role.FLAG: "-v --verbose -q --quiet -n --dry-run --no-index --no-config",
    Role.VALUE: "-i --index-url --extra-index-url --trusted-host --pip-args --client-cert",
    Role.READS: "-f --find-links --cert --config",
}
PIP_TOOLS: Mapping[str, Tool] = {
    COMPILING_LISTS: Tool(
        summary="resolves versions, and writes a list of them",
        mode=Mode.READ,
        shares="pip-cache",
        options={
            **_COMMON,
            Role.FLAG: _COMMON[Role.FLAG]
            + " -p --pre --pre-releases -r --rebuild -U --upgrade --header --no-header --annotate "
            "--no-annotate --emit-trusted-host --no-emit-trusted-host --emit-index-url --no-emit-index-url --emit-find-links "
            "--no-emit-find-links --emit-options --no-emit-options --allow-unsafe --no-allow-unsafe --strip-extras --no-strip-extras "
            "--generate-hashes --no-reuse-hashes --reuse-hashes --build-isolation --no-build-isolation --all-extras --color --no-color",
            Role.VALUE: _COMMON[Role.VALUE]
            + " --extra -P --upgrade-package --annotation-style --newline --max-rounds --resolver "
            "--unsafe-package --index",
            Role.READS: _COMMON[Role.READS] + " -c --constraint",
            Role.WRITES: "-o --output-file",
            Role.SHARED_CACHE: "--cache-dir",
        },
    ),
    "pip-sync": fills(
        "python",
        "",
        {
            **_COMMON,
            Role.FLAG: _COMMON[Role.FLAG] + " --force --user -a --ask",
            Role.VALUE: _COMMON[Role.VALUE] + " --python-executable",
        },
    ),
}
_SOURCES = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")
"""What is compiled where the call names nothing: the first that is there."""
_SETTINGS = ("pyproject.toml", ".pip-tools.toml")


def compiled_lists(call: Call) -> Iterator[Claim]:
    """The list that is written, those that the given ones include, and projects that are built to know what they ask for."""
    place = call.place
    sources = operand_paths(call) or tuple(posixpath.join(call.cwd, name) for name in _SOURCES)
    there = list(sources) if call.parsed.operands else [path for path in sources if place.exists(path)][:1]
    if not call.parsed.named("-o", "--output-file"):
        for path in _outputs(there, call):
            yield claim(Access.WRITE, place.pattern(path), f"`{call.key}` writes its list there")
    for path in there:
        if posixpath.basename(path) in _SOURCES[1:]:
            yield write_below(posixpath.dirname(path), place, f"`{call.key}` builds the project there")
    for folder, asked in lists_followed(there, place):
        for path in (resolve_path(word, folder) or place.root for word in asked.paths):
            builds = any(place.exists(posixpath.join(path, name)) for name in ("pyproject.toml", "setup.py"))
            yield (write_below if builds else read_below)(path, place, f"a list of `{call.key}` names it")


def _outputs(sources: list[str], call: Call) -> Iterator[str]:
    """pip-tools: the source's name with `.txt`; `requirements.txt` beside a project's manifest; `output-file` in settings beside sources."""
    for path in sources:
        folder, name = posixpath.split(path)
        yield posixpath.join(folder, "requirements.txt" if name in _SOURCES[1:] else f"{posixpath.splitext(name)[0]}.txt")
    folders = dict.fromkeys((call.cwd, *map(posixpath.dirname, sources)))
    given_files = [each for option in call.parsed.named("--config") if (each := resolve_path(option.value, call.cwd))]
    for file in (*given_files, *(posixpath.join(folder, name) for folder in folders for name in _SETTINGS)):
        settings = table(read_toml(file, call.place) or {}, "tool", "pip-tools")
        given = settings.get("output-file", settings.get("output_file"))
        named = resolve_path(given, call.cwd) if isinstance(given, str) else None
        if named is not None:
            yield named
