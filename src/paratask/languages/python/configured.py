"""What the settings of Python's tools have them do: where caches, reports, measurements and sites are put (mypy, pytest with its `addopts`,
coverage, mkdocs), and what is changed (codespell, ruff with `fix`).

Follows the tools' documentation ("cache_dir", "addopts", "data_file", …): which file counts, by which section, and from where a path in it
is seen. Claims add to what the tools write in any case, so that a setting which is overruled only makes them wider. Does not know files
of settings in the home folder. ruff's cache, which is shared, is for kept_caches.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from functools import lru_cache

from paratask.claims.model import Access
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.inferred import claim, write_below
from paratask.languages.options import Role, report_path, resolve_path, roles
from paratask.languages.patterns import anywhere
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import parse_toml
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import folders_above, folders_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

    Sections: TypeAlias = Mapping[str, Mapping[str, object]]

_PYTESTS = ("pytest", "py.test")
_FILES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pytest": (
        ("pytest.toml", "pytest"),
        (".pytest.toml", "pytest"),
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("pyproject.toml", "tool.pytest.ini_options"),
        ("pyproject.toml", "tool.pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ),
    "mypy": (("mypy.ini", "mypy"), (".mypy.ini", "mypy"), ("pyproject.toml", "tool.mypy"), ("setup.cfg", "mypy")),
    "ruff": ((".ruff.toml", ""), ("ruff.toml", ""), ("pyproject.toml", "tool.ruff")),
    "black": (("pyproject.toml", "tool.black"),),
    "coverage": tuple(
        (file, prefix + section)
        for file, prefix in (
            (".coveragerc", ""),
            ("setup.cfg", "coverage:"),
            ("tox.ini", "coverage:"),
            ("pyproject.toml", "tool.coverage."),
        )
        for section in ("run", "html", "xml", "json", "lcov")
    ),
}
"""The files in which a tool looks, and the sections in them that are its own."""
_OPTIONS = ("-c", "--config", "--config-file", "--rcfile", "--cov-config")
_COVERAGE_OUTPUTS = {
    "run": ("data_file", "debug_file"),
    "html": ("directory",),
    "xml": ("output",),
    "json": ("output",),
    "lcov": ("output",),
}
_SITE = re.compile(r"^[ \t]*(site_dir|docs_dir)[ \t]*[:=][ \t]*([^\s#]+)", re.MULTILINE)
_SITE_FILES = {"mkdocs": ("mkdocs.yml", "mkdocs.yaml"), "zensical": ("zensical.toml", "mkdocs.yml", "mkdocs.yaml")}
_REPORTING = {
    "flake8": (".flake8", "setup.cfg", "tox.ini"),
    "pylint": (".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml", "pyproject.toml", "setup.cfg", "tox.ini"),
    "interrogate": ("pyproject.toml", "setup.cfg"),
    "pip-licenses": ("pyproject.toml",),
}
"""Linters whose settings may have them put what they find into a file, and where these settings are."""
_MEASURING = "--cov"
_CHECKING_TYPES = "--mypy"
_WRITES_CHANGES = re.compile(r"^\s*[\"']?(?:write[-_]changes|w)[\"']?\s*[=:]", re.MULTILINE)
_WRITTEN = (Role.WRITES, Role.REPORT)
_REPAIRS = re.compile(r"\b(?:fix|fix-only)\s*=\s*true\b")
_FINDS = frozenset({"include", "extend-include", "extension"})
"""ruff's settings that have it look at files of other names."""
_DOCUMENTS = frozenset({"*.md", "**/*.md"})
_MAX_EXTENDED = 8


def configured_claims(call: Call) -> tuple[Claim, ...]:
    """What the call writes because settings say so, beyond what its table says."""
    program = call.key.partition(" ")[0]
    if program in _PYTESTS:
        return tuple(_of_pytest(call))
    if program == "mypy":
        return tuple(_of_mypy(call))
    if program in _SITE_FILES:
        return tuple(_of_mkdocs(call, _SITE_FILES[program]))
    if program == "codespell":
        return tuple(_of_codespell(call))
    if program in _REPORTING:
        return tuple(_of_reports(call, program))
    return tuple(_of_coverage(call)) if program == "coverage" else ()


def as_settings_say(call: Call) -> Call:
    """The call with what ruff's settings change of it: whether `ruff check` repairs what it finds, and which files are looked at.

    ruff: `fix` and `fix-only`, which `--no-fix` and `--diff` outdo; `include`, `extend-include` and `extension`. ruff and black: `exclude`
    takes the place of what they pass over by themselves.
    """
    if call.key == "black":
        return _passing_over(call, [settings for *_, settings in _settings("black", call)])
    if call.key not in ("ruff check", "ruff format") or call.parsed.named("--isolated"):
        return _passing_over(call, ())
    settings = list(_of_ruff(call))
    call = _passing_over(call, settings)
    tool = call.tool
    words = [option.value or "" for option in call.parsed.named("--config")]
    repairs = any(each.get(key) is True for each in settings for key in ("fix", "fix-only"))
    if tool.mode is Mode.READ and (repairs or any(map(_REPAIRS.search, words))) and not call.parsed.named("--no-fix", "--diff"):
        tool = replace(tool, mode=Mode.EDIT)
    if any(not _FINDS.isdisjoint(each) for each in settings) or any("=" in word for word in words if "include" in word):
        tool = replace(tool, files="")
    elif settings and all(map(_leaves_documents, settings)):
        tool = replace(tool, files=tool.files.replace(",md", ""))
    return call if tool is call.tool else replace(call, tool=tool)


def _passing_over(call: Call, settings: Iterable[Mapping[str, object]]) -> Call:
    given = call.parsed.named("--exclude") or any("exclude" in (option.value or "") for option in call.parsed.named("--config"))
    is_told = given or any("exclude" in each for each in settings)
    return replace(call, tool=replace(call.tool, skips="")) if call.tool.skips and is_told else call


def _leaves_documents(settings: Mapping[str, object]) -> bool:
    """Whether ruff's settings keep it from Markdown: `exclude` and `extend-exclude`, of all it does or of formatting."""
    tables = (settings, settings.get("format"))
    lists = [each.get(key) for each in tables if isinstance(each, dict) for key in ("exclude", "extend-exclude")]
    return any(isinstance(names, list) and not _DOCUMENTS.isdisjoint(map(str, names)) for names in lists)


def _of_ruff(call: Call) -> Iterator[Mapping[str, object]]:
    """The settings that hold for the call and for folders below what it is given, with those that they extend."""
    place = call.place
    below = [path for start in operand_paths(call) or (call.cwd,) for path in folders_below(start, place) or ()]
    found = [(folder, each) for folder, _, each in _settings("ruff", call)]
    for folder, file, section in ((path, *each) for path in below for each in _FILES["ruff"] if each[0] in place.listdir(path)):
        if section in (sections := _sections(posixpath.join(folder, file), place)):
            found.append((folder, sections[section]))
    for folder, settings in found:
        yield settings
        yield from _extended(folder, settings, place)


def _extended(folder: str, settings: Mapping[str, object], place: Place) -> Iterator[Mapping[str, object]]:
    """ruff: `extend`, a path to a file of settings, which may extend another."""
    for _ in range(_MAX_EXTENDED):
        named = settings.get("extend")
        path = resolve_path(named, folder) if isinstance(named, str) else None
        if path is None:
            return
        sections = _sections(path, place)
        settings = sections.get("tool.ruff" if posixpath.basename(path) == "pyproject.toml" else "", {})
        folder = posixpath.dirname(path)
        yield settings


def _of_mypy(call: Call) -> Iterator[Claim]:
    for _, _, settings in _settings("mypy", call):
        for key, value in settings.items():
            if key in ("cache_dir", "junit_xml") or key.endswith("_report"):
                yield from _written(value, key, (call.cwd,), call)


def _of_mkdocs(call: Call, names: tuple[str, ...]) -> Iterator[Claim]:
    """Read line by line, as there are tags in such files that only mkdocs knows. mkdocs, zensical: site_dir and docs_dir, from the file's folder."""
    given = [path for option in call.parsed.named("-f", "--config-file") if (path := resolve_path(option.value, call.cwd))]
    for path in given or [posixpath.join(call.cwd, name) for name in names]:
        for key, value in _SITE.findall(call.place.read_text(path) or ""):
            found = _written(value.strip("\"'"), key, (posixpath.dirname(path),), call)
            yield from found if key == "site_dir" else (replace(entry, access=Access.READ) for entry in found)


def _of_codespell(call: Call) -> Iterator[Claim]:
    """codespell: its settings may be any of its options, also the one with which it writes."""
    given = [path for option in call.parsed.named("--config", "--toml") if (path := resolve_path(option.value, call.cwd))]
    own = [posixpath.join(call.cwd, name) for name in ("setup.cfg", ".codespellrc", "pyproject.toml")]
    if any(_WRITES_CHANGES.search(call.place.read_text(path) or "") for path in (*given, *own)):
        for path in (call.workspace, *(operand_paths(call) or ())):
            yield write_below(path, call.place, "settings of `codespell` have it write")


def _of_reports(call: Call, program: str) -> Iterator[Claim]:
    """flake8: `output-file`. pylint: `output`, and a path in `output-format`. interrogate: `output`, and the folder of a badge.

    Any file of settings above counts, in any section of the tool's.
    """
    for folder in folders_above(call.cwd, call.place):
        for name in _REPORTING[program]:
            for section, settings in _sections(posixpath.join(folder, name), call.place).items():
                if program not in section and program not in name:
                    continue
                for key in ("output-file", "output_file", "output", "output-format", "generate-badge", "generate_badge"):
                    value = settings.get(key)
                    kinds = value.split(",") if isinstance(value, str) and key == "output-format" else ()
                    paths = (report_path(kind.strip()) for kind in kinds if ":" in kind) if kinds else (value,)
                    yield from (entry for path in paths for entry in _written(path, key, (call.cwd,), call))


def _of_pytest(call: Call) -> Iterator[Claim]:
    measures = any(option.name.startswith(_MEASURING) for option in call.parsed.options)
    checks_types = bool(call.parsed.named(_CHECKING_TYPES))
    for folder, _, settings in _settings("pytest", call):
        for key in ("cache_dir", "log_file"):
            yield from _written(settings.get(key), key, dict.fromkeys((folder, call.cwd)), call)
        words = _words(settings.get("addopts"))
        measures = measures or any(word.startswith(_MEASURING) for word in words)
        checks_types = checks_types or _CHECKING_TYPES in words
        for path in _given(words, call):
            yield from _written(path, "addopts", (call.cwd,), call)
    if measures:
        yield from _of_coverage(call)
    if checks_types:
        yield write_below(posixpath.join(call.cwd, ".mypy_cache"), call.place, f"`{call.key} {_CHECKING_TYPES}` runs mypy")


def _of_coverage(call: Call) -> Iterator[Claim]:
    """A report that is printed reads what was measured, and writes nothing."""
    only_reads = call.key == "coverage report"
    for _, section, settings in _settings("coverage", call):
        for key in _COVERAGE_OUTPUTS[section.replace(":", ".").rpartition(".")[2]]:
            found = _written(settings.get(key), key, (call.cwd,), call)
            yield from (replace(entry, access=Access.READ) for entry in found) if only_reads else found


def _settings(tool: str, call: Call) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Folder, section and settings: of the nearest file that has some, from the folder worked in and from each path that is given."""
    named = [path for option in call.parsed.named(*_OPTIONS) if (path := resolve_path(option.value, call.cwd))]
    starts = dict.fromkeys((call.cwd, *(operand_paths(call) or ())))
    paths = dict.fromkeys((*named, *(path for start in starts for path in _nearest(tool, start, call.place))))
    for path in paths:
        sections = _sections(path, call.place)
        own = [section for file, section in _FILES[tool] if file == posixpath.basename(path)]
        for name in own or dict.fromkeys(section for _, section in _FILES[tool]):
            if name in sections:
                yield posixpath.dirname(path), name, sections[name]


def _nearest(tool: str, start: str, place: Place) -> tuple[str, ...]:
    return next(filter(None, (_with_sections(tool, folder, place) for folder in folders_above(start, place))), ())


@remembered(8_192)
def _with_sections(tool: str, folder: str, place: Place) -> tuple[str, ...]:
    """The files in a folder that have a section of the tool's own."""
    paths = ((posixpath.join(folder, file), section) for file, section in _FILES[tool])
    return tuple(sorted({path for path, section in paths if section in _sections(path, place)}))


def _sections(path: str, place: Place) -> Sections:
    text = place.read_text(path)
    if text is None:
        return {}
    return _of_toml(text) if path.endswith(".toml") else _of_ini(text)


@lru_cache(maxsize=1_024)
def _of_toml(text: str) -> Sections:
    """The tables by their whole names, where there are values in them."""
    found: dict[str, Mapping[str, object]] = {}
    waiting: list[tuple[str, object]] = [("", parse_toml(text) or {})]
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, dict):
            found[name] = each
            waiting.extend((f"{name}.{key}".lstrip("."), value) for key, value in each.items())
    return found


@lru_cache(maxsize=1_024)
def _of_ini(text: str) -> Sections:
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [word for word in value if isinstance(word, str)]
    try:
        return shlex.split(value) if isinstance(value, str) else []
    except ValueError:
        return value.split() if isinstance(value, str) else []


def _given(words: list[str], call: Call) -> Iterator[str]:
    """The paths that options in `words` have written; options that the table does not know are passed over."""
    known = {name: role for name, role in roles(call.tool.options).items() if role in _WRITTEN}
    for word, following in zip(words, [*words, ""][1:], strict=True):
        name, equals, value = word.partition("=")
        if name in known:
            value = value if equals else following
            yield report_path(value) if known[name] is Role.REPORT else value


def _written(value: object, key: str, folders: Mapping[str, None] | tuple[str, ...], call: Call) -> Iterator[Claim]:
    """Writing at `value`, seen from each of `folders`; a file of data has others beside it whose names begin so."""
    if not isinstance(value, str) or value in ("", "-", "/dev/null"):
        return
    reason = f"`{key}` in the settings of `{call.key}` names it"
    for folder in folders:
        path = resolve_path(value, folder)
        if path is None:
            yield from anywhere(Access.WRITE, reason)
        elif key == "data_file":
            suffix = f"/{escape(posixpath.basename(path))}*"
            yield claim(Access.WRITE, call.place.pattern(posixpath.dirname(path), suffix), reason)
        else:
            yield write_below(path, call.place, reason)
