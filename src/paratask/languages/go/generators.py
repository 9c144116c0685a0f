"""Programs whose own files or options tell what they write: protoc, buf and sqlc, and golangci-lint with its reports and repairs.

Reads `buf.gen.yaml`, `sqlc.yaml` and `.golangci.yml` through `Place`. Does not know what the plugins of protoc and buf do beyond writing where they
are told to.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.installed_programs import starting
from paratask.languages.options import Role, resolve_path
from paratask.languages.toml_files import read_toml, table
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_PROTOC_FLAGS = (
    "--include_imports",
    "--include_source_info",
    "--experimental_",
    "--fatal_warnings",
    "--error_format=",
    "--retain_",
)
_SQLC_FILES = ("sqlc.yaml", "sqlc.yml", "sqlc.json")
_LINT_FILES = (".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")
_STREAMS = ("stdout", "stderr")
_BUF_MODULES = ("buf.yaml", "buf.work.yaml")
_BUF_FILES = ("buf.gen.yaml", "buf.gen.yml", "buf.gen.json")


def protoc(words: Sequence[Word], cwd: str, place: Place) -> tuple[Claim, ...] | None:
    """What protoc claims: its inputs and the folders of imports read, the folders of `--NAME_out` written."""
    found: list[Claim] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-I", "-o", "--proto_path", "--descriptor_set_out"):
            word = f"{word}={rest.pop(0)}" if rest and rest[0] is not None else None
        entries = None if word is None else _protoc_word(word, cwd, place)
        if entries is None:
            return None
        found.extend(entries)
    if not any(word and word.startswith(("-I", "--proto_path")) for word in words):
        found.append(claim(Access.READ, place.pattern(cwd, "/**/*.proto"), "`protoc` looks for imports here"))
    return tuple(found)


def _protoc_word(word: str, cwd: str, place: Place) -> tuple[Claim, ...] | None:
    name, _, value = word.partition("=")
    if word.startswith("-I"):
        name, value = "--proto_path", word[2:].lstrip("=")
    if name == "--plugin":
        path = resolve_path(value.rpartition("=")[2], cwd)
        return None if path is None else (read_below(path, place, "`protoc` starts it"),)
    if name.endswith("_opt") or word.startswith(_PROTOC_FLAGS):
        return () if ".." not in value else None
    if name.endswith("_out") or name == "-o":
        path = resolve_path(value.rpartition(":")[2], cwd)
        reason = f"`protoc {name}` names it"
        plugin = starting([f"protoc-gen-{name.removeprefix('--').removesuffix('_out')}"], reason)
        return None if path is None else (write_below(path, place, reason), *plugin)
    if name == "--proto_path":
        paths = [resolve_path(part, cwd) for part in value.split(":")]
        known = [path for path in paths if path is not None]
        reads = tuple(
            claim(Access.READ, place.pattern(path, "/**/*.proto"), "`protoc` looks for imports here") for path in known
        )
        return reads if len(known) == len(paths) else None
    if word.startswith(("-", "@")):
        return None
    path = resolve_path(word, cwd)
    return None if path is None else (read_below(path, place, "`protoc` reads it"),)


def sqlc(call: Call) -> tuple[Claim, ...] | None:
    """What `sqlc generate` reads and writes, from its configuration."""
    given = [option.value for option in call.parsed.named("-f", "--file")]
    path = _configuration(given, _SQLC_FILES, call)
    document = None if path is None else _document(path, call.place)
    if path is None or document is None:
        return None
    return _of_values(document, ("out", "path"), ("schema", "queries"), posixpath.dirname(path), path, call)


def buf(call: Call) -> tuple[Claim, ...] | None:
    """What `buf generate` reads and writes, from its template."""
    given = [option.value for option in call.parsed.named("--template")]
    path = _configuration(given, _BUF_FILES, call)
    document = None if path is None else _document(path, call.place)
    folder = call.cwd
    for option in call.parsed.named("-o", "--output"):
        resolved = resolve_path(option.value, call.cwd)
        if resolved is None:
            return None
        folder = resolved
    if path is None or document is None:
        return None
    written = _of_values(document, ("out",), (), folder, path, call)
    inputs = [resolve_path(word, call.cwd) for word in call.parsed.operands if "://" not in word] or [call.cwd]
    inputs.extend(resolve_path(word, call.cwd) for word in _values(document, ("directory", "proto_file")))
    known = [each for each in inputs if each is not None]
    if written is None or len(known) < len(inputs):
        return None
    reads = (entry for each in dict.fromkeys((*known, *_of_workspaces(known, call))) for entry in _protos(each, call))
    named = list(_values(document, ("plugin", "name", "local", "path")))
    own = (resolve_path(name, call.cwd) for name in named if "/" in name)
    plugins = [posixpath.basename(name) for name in named]
    started = starting((each for name in plugins for each in (name, f"protoc-gen-{name}")), f"`{call.key}` starts it")
    return (*written, *reads, *started, *(read_below(each, call.place, f"`{call.key}` starts it") for each in own if each))


def buf_inputs(call: Call) -> tuple[Claim, ...] | None:
    """What buf looks at beyond the paths it is given: the other modules of their workspace, which they import from, and what `--against` names."""
    words = [word.partition("#")[0] for word in call.parsed.operands if "://" not in word] or ["."]
    paths = [resolve_path(word, call.cwd) for word in words]
    against = [option.value and option.value.partition("#")[0] for option in call.parsed.named("--against")]
    paths_compared = [resolve_path(word, call.cwd) for word in against if word is None or "://" not in word]
    known = [path for path in paths if path is not None]
    images = [path for path in paths_compared if path is not None]
    if len(known) < len(paths) or len(images) < len(paths_compared):
        return None
    return (
        *(entry for each in _of_workspaces(known, call) for entry in _protos(each, call)),
        *(read_below(each, call.place, f"`{call.key}` compares with it") for each in images),
    )


def buf_lock(call: Call) -> tuple[Claim, ...] | None:
    """What changing buf's dependencies writes: the list of their versions, in the module's folder or at the root of its workspace."""
    inputs = buf_inputs(call)
    paths = [resolve_path(word, call.cwd) for word in call.parsed.operands] or [call.cwd]
    known = [path for path in paths if path is not None]
    if inputs is None or len(known) < len(paths):
        return None
    folders = {**dict.fromkeys(known), **_of_workspaces(known, call)}
    locks = (claim(Access.WRITE, call.place.pattern(folder, "/buf.lock"), f"`{call.key}` writes it") for folder in folders)
    return (*inputs, *(entry for folder in known for entry in _protos(folder, call)), *locks)


def _of_workspaces(paths: Sequence[str], call: Call) -> dict[str, None]:
    """The folders above that have a file of a workspace or module of buf."""
    above = (folder for path in paths for folder in folders_above(path, call.place))
    return {folder: None for folder in above if any(call.place.exists(posixpath.join(folder, name)) for name in _BUF_MODULES)}


def _protos(folder: str, call: Call) -> tuple[Claim, ...]:
    """What buf reads of a folder: of one that lists its modules these, and its own files."""
    reason, place = f"`{call.key}` reads it", call.place
    modules = _modules(folder, call)
    own = () if folder in modules else (claim(Access.READ, place.pattern(folder, "/buf*"), reason),)
    suffixes = ("/**/*.proto", "/**/buf*")
    return (*own, *(claim(Access.READ, place.pattern(module, suffix), reason) for module in modules for suffix in suffixes))


def _modules(folder: str, call: Call) -> tuple[str, ...]:
    """The folders of the modules that `buf.yaml` or `buf.work.yaml` lists; `folder` where none does, or one is not plainly named."""
    documents = [table(_document(posixpath.join(folder, name), call.place)) for name in _BUF_MODULES]
    listed = [
        entries for document, key in zip(documents, ("modules", "directories"), strict=True) if (entries := document.get(key))
    ]
    if len(listed) != 1 or not isinstance(listed[0], list):
        return (folder,)
    names = [entry.get("path") if isinstance(entry, dict) else entry for entry in listed[0]]
    found = [resolve_path(name, folder) if isinstance(name, str) else None for name in names]
    known = tuple(path for path in found if path is not None)
    return known if len(known) == len(found) else (folder,)


def sqlc_inputs(call: Call) -> tuple[Claim, ...]:
    """What calls of sqlc look at that only check: all that its configuration names, which may lie beyond the workspace."""
    return tuple(replace(entry, access=Access.READ) for entry in sqlc(call) or ())


def lint_reports(call: Call) -> tuple[Claim, ...]:
    """The files into which golangci-lint's settings have reports written."""
    path, document = _lint_settings(call)
    names = [name for name in _values(table(document, "output"), ("path",)) if name not in _STREAMS]
    starts = dict.fromkeys((call.cwd, posixpath.dirname(path)))
    written = dict.fromkeys(each for name in names for start in starts if (each := resolve_path(name, start)))
    return tuple(write_below(each, call.place, f"`{posixpath.basename(path)}` names it") for each in written)


def printed(call: Call) -> Call:
    """The call of golangci-lint without the reports that it prints: two names of files stand for its streams."""
    options = (
        option
        for option in call.parsed.options
        if not (option.name.startswith("--output.") and option.value in _STREAMS and option.role is Role.WRITES)
    )
    return replace(call, parsed=replace(call.parsed, options=tuple(options)))


def lint_repairs(call: Call) -> bool:
    """Whether golangci-lint's settings have it repair what it finds."""
    return table(_lint_settings(call)[1], "issues").get("fix") is True


def lint_runs_beside_itself(call: Call) -> bool:
    """Whether golangci-lint is told not to keep other calls of it from running at the same time, by an option or by its settings."""
    given = [option.on for option in call.parsed.options if option.name == "--allow-parallel-runners"]
    return given[-1] if given else table(_lint_settings(call)[1], "run").get("allow-parallel-runners") is True


def _lint_settings(call: Call) -> tuple[str, object]:
    """The file of settings that holds for golangci-lint, here or in a folder above, and what is in it."""
    given = [path for option in call.parsed.named("-c", "--config") if (path := resolve_path(option.value, call.cwd))]
    paths = given or [posixpath.join(folder, name) for folder in folders_above(call.cwd, call.place) for name in _LINT_FILES]
    path = next((path for path in paths if call.place.exists(path)), None)
    if path is None or call.parsed.named("--no-config"):
        return "", None
    return path, (read_toml if path.endswith(".toml") else _document)(path, call.place)


def _configuration(given: Sequence[Word], names: Sequence[str], call: Call) -> str | None:
    if given:
        return resolve_path(given[-1], call.cwd)
    paths = (posixpath.join(call.cwd, name) for name in names)
    return next((path for path in paths if call.place.exists(path)), None)


def _document(path: str, place: Place) -> object:
    text = place.read_text(path)
    if text is None:
        return None
    import yaml

    try:
        document: object = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    return document


def _of_values(
    document: object, written: Sequence[str], read: Sequence[str], folder: str, path: str, call: Call
) -> tuple[Claim, ...] | None:
    """Claims on the paths that stand under keys of the document, seen from `folder`."""
    place, reason = call.place, f"`{posixpath.basename(path)}` names it"
    writes = [resolve_path(value, folder) for value in _values(document, written)]
    reads = [resolve_path(value, folder) for value in _values(document, read)]
    if not writes or any(each is None for each in (*writes, *reads)):
        return None
    return (
        claim(Access.READ, place.pattern(path), f"settings of `{call.key}`"),
        *(write_below(each, place, reason) for each in writes if each is not None),
        *(read_below(each, place, reason) for each in reads if each is not None),
    )


def _values(document: object, keys: Sequence[str]) -> Iterator[str]:
    """The texts under any of `keys`, at any depth."""
    if isinstance(document, list):
        for item in document:
            yield from _values(item, keys)
    elif isinstance(document, dict):
        for key, value in document.items():
            several = value if isinstance(value, list) else [value]
            if key in keys:
                yield from (each for each in several if isinstance(each, str))
            yield from _values(value, keys)


CONFIGURED: Mapping[str, Callable[[Call], tuple[Claim, ...] | None]] = {
    "sqlc generate": sqlc,
    "buf generate": buf,
    "buf dep update": buf_lock,
    "buf mod update": buf_lock,
}
"""The calls of which their own files tell all that they write."""
