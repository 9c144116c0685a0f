"""Which projects the manifests of a Python project name: `pyproject.toml`, `requirements.txt`, `setup.cfg`, `setup.py`, `Pipfile`.

Takes texts and parsed documents; looks at no file. Of a requirement (PEP 508) only the name that it starts with and the address after
`@` are taken, which is plain enough for the few lines here. Names are compared as PEP 503 says. Extras, groups and markers are not
weighed: what may be asked for counts. A `setup.py` is a program; each piece of text in it counts as what it may ask for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.languages.toml_files import parse_toml, table, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SEPARATORS = re.compile(r"[-_.]+")
_FILE_ADDRESSES = ("file:///${PROJECT_ROOT}/", "file://${PROJECT_ROOT}/", "{root:uri}/", "{root}/", "file://", "file:")
_LOCAL = (".", "/", "~", "file:", "{root", "${PROJECT_ROOT}")
_EDITABLE = ("-e", "--editable")
_SEARCHED_FOR = ("-f", "--find-links")
INCLUDING = ("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints")
"""Options that name a further list, in a list as in a call."""
_PIECES = re.compile(r"[\s,:;=\"']+")
_SEARCHED = ("mypy_path", "pythonpath", "extraPaths", "extra-paths", "search-path")
_WRITTEN = ("cache-dir", "cache_dir", "data_file")
"""Settings that say where a tool puts something, so that nobody else reads it for their sake."""
_WHOLE_REQUIREMENT = re.compile(r"\s*[\w.-]+\s*(\[[^\]]*\])?\s*([<>=!~;@(].*)?", re.DOTALL)
_LONGEST = 256
_MOST_NESTED = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a manifest asks for: `names` of projects, normal; `paths` of folders and files, `included` of other such lists, as written."""

    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    included: tuple[str, ...] = ()


def normal_name(name: str) -> str:
    """The name as names are compared (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def parse_requirement(text: str) -> Asked:
    """One requirement: a name, perhaps with an address, or a path."""
    text = text.strip()
    name, at, address = text.partition(" @ ")
    if text.startswith(_LOCAL) or (at and address.strip().startswith(_LOCAL)):
        return Asked(names=_names(name) if at else (), paths=(_path(address if at else text),))
    return Asked(names=_names(text))


def _names(text: str) -> tuple[str, ...]:
    found = _NAME.match(text)
    return (normal_name(found[0]),) if found else ()


def _path(text: str) -> str:
    """The path of an address, without extras, markers and the rest of a URL."""
    text = text.strip().partition(";")[0].partition("#")[0].partition("[")[0].strip()
    prefix = next((prefix for prefix in _FILE_ADDRESSES if text.startswith(prefix)), "")
    return text.removeprefix(prefix) or "."


def joined(parts: Iterable[Asked]) -> Asked:
    """All that any of `parts` asks for."""
    listed = list(parts)
    return Asked(
        names=tuple(dict.fromkeys(name for part in listed for name in part.names)),
        paths=tuple(dict.fromkeys(path for part in listed for path in part.paths)),
        included=tuple(dict.fromkeys(path for part in listed for path in part.included)),
    )


@lru_cache(maxsize=4_096)
def parse_pyproject(text: str) -> Asked | None:
    """What a `pyproject.toml` asks for, and the paths out of its folder that settings of tools name. None where it cannot be parsed."""
    document = parse_toml(text)
    return None if document is None else joined(_of_pyproject(document))


def asked_by_sources(document: Mapping[str, object]) -> Asked:
    """What `[tool.uv.sources]` of a workspace's root names for all its members."""
    return Asked(paths=tuple(_sources(table(document, "tool", "uv", "sources"))))


def _of_pyproject(document: Mapping[str, object]) -> Iterator[Asked]:
    project, tools = table(document, "project"), table(document, "tool")
    lists = [
        project.get("dependencies"),
        table(document, "build-system").get("requires"),
        *_values(project, "optional-dependencies"),
    ]
    lists.extend((*_values(document, "dependency-groups"), *_values(tools, "pdm", "dev-dependencies")))
    lists.extend((table(tools, "uv").get("dev-dependencies"), table(tools, "rye").get("dev-dependencies")))
    environments = [each for each in _values(tools, "hatch", "envs") if isinstance(each, dict)]
    lists.extend(each.get(key) for each in environments for key in ("dependencies", "extra-dependencies"))
    yield from (_of_line(text) for listed in lists for text in texts(listed))
    poetry = table(tools, "poetry")
    groups = [poetry, *_values(poetry, "group")]
    yield from (_of_table(table(group, key)) for group in groups for key in ("dependencies", "dev-dependencies"))
    yield Asked(paths=tuple(_sources(table(tools, "uv", "sources"))))
    yield Asked(paths=tuple(paths_in_settings(tools)))


def _values(document: object, *names: str) -> list[object]:
    return list(table(document, *names).values())


def _of_table(wanted: Mapping[str, object]) -> Asked:
    """A table of names (poetry, Pipfile)."""
    return Asked(names=tuple(normal_name(name) for name in wanted), paths=tuple(_sources(wanted)))


def _sources(wanted: Mapping[str, object]) -> Iterator[str]:
    """The values of `path` and `file`, of each name or of its alternatives."""
    for value in wanted.values():
        for each in value if isinstance(value, list) else [value]:
            yield from (_path(text) for key in ("path", "file") if isinstance(text := table(each).get(key), str))


def paths_in_settings(value: object, key: str = "", depth: int = 0) -> Iterator[str]:
    """Paths in the settings of tools that lead out of the folder; those that only climb count where modules are looked for there."""
    if key in _WRITTEN:
        return
    if isinstance(value, str) and ".." in value:
        pieces = [piece for piece in _PIECES.split(value) if piece.startswith("..") or "/../" in piece]
        for piece in (piece[piece.index("..") :] for piece in pieces):
            if key in _SEARCHED or not {"", ".", ".."}.issuperset(piece.split("/")):
                yield piece
    elif isinstance(value, dict) and depth < _MOST_NESTED:
        for name, each in value.items():
            yield from paths_in_settings(each, name, depth + 1)
    elif isinstance(value, list) and depth < _MOST_NESTED:
        for each in value:
            yield from paths_in_settings(each, key, depth + 1)


@lru_cache(maxsize=4_096)
def parse_requirements(text: str) -> Asked:
    """A list for pip, line by line."""
    lines = text.replace("\\\n", " ").splitlines()
    return joined(_of_line(line) for line in lines)


def _of_line(line: str) -> Asked:
    line = line.partition(" #")[0].strip()
    if not line or line.startswith("#"):
        return Asked()
    if not line.startswith("-"):
        return parse_requirement(line)
    option, _, value = line.replace("=", " ", 1).partition(" ") if line.startswith("--") else (line[:2], "", line[2:])
    if option in _EDITABLE:
        value = value.strip()
        return parse_requirement(value) if value.startswith(_LOCAL) or " @ " in value else Asked(paths=(_path(value),))
    if option in _SEARCHED_FOR and "://" not in value:
        return Asked(paths=(_path(value),))
    return Asked(included=(value.strip(),)) if option in INCLUDING else Asked()


@lru_cache(maxsize=1_024)
def parse_ini(text: str) -> tuple[str, Asked]:
    """The name of a project in `setup.cfg`, and what that or a file of settings asks for. Nothing where it cannot be parsed."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return "", Asked()
    keys = ("install_requires", "setup_requires", "tests_require")
    values = [parser.get("options", key, fallback="") for key in keys]
    if parser.has_section("options.extras_require"):
        values.extend(value for _, value in parser.items("options.extras_require"))
    settings: dict[str, object] = {section: dict(parser.items(section)) for section in parser.sections()}
    asked = [
        *(_of_line(line) for value in values for line in value.splitlines()),
        Asked(paths=tuple(paths_in_settings(settings))),
    ]
    return parser.get("metadata", "name", fallback="").strip(), joined(asked)


@lru_cache(maxsize=1_024)
def parse_setup_py(text: str) -> tuple[str, Asked]:
    """The name in a call of `setup`, where it is literal, and what the pieces of text in the program may ask for."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return "", Asked()
    given = [word.value for node in nodes if isinstance(node, ast.Call) for word in node.keywords if word.arg == "name"]
    name = next((value.value for value in given if isinstance(value, ast.Constant) and isinstance(value.value, str)), "")
    pieces = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names = (_names(piece) for piece in pieces if len(piece) < _LONGEST and _WHOLE_REQUIREMENT.fullmatch(piece))
    paths = (tuple(paths_in_settings(piece)) for piece in pieces if len(piece) < _LONGEST)
    return name, joined((*(Asked(names=each) for each in names), *(Asked(paths=each) for each in paths)))


def asked_by_pipfile(document: Mapping[str, object]) -> Asked:
    """What a `Pipfile` asks for."""
    return joined(_of_table(wanted) for wanted in document.values() if isinstance(wanted, dict))
