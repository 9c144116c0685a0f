"""What tox runs: the commands of its environments, where `tox.ini` (or the same text in `pyproject.toml`) has them in plain words.

Follows tox's documentation: sections and what they inherit, generative names, factors before a command, substitutions. Of a call that
does not say which environments, those of `env_list` count; where that is not plain, all. Commands that wait for a factor count in any
case. What is not understood makes the whole call not recognised, as it may run anything. Environments lie in `.tox` of the project.
"""

from __future__ import annotations

import posixpath
import re
import shlex

from paratask.claims.braces import expand
from paratask.claims.model import Access, Claims, Effect, Evidence, union
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.python.crates import crate_claims
from paratask.languages.python.dependencies import python_dependency_claims
from paratask.languages.python.projects import ACTIVATED, ACTIVE, built_in_place, read_manifest
from paratask.languages.toml_files import table
from paratask.languages.tool_claims import of_environment, of_options, outside_reason
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation, Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from configparser import RawConfigParser

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_RUNNING = ("run", "r", "run-parallel", "p")
_ELSEWHERE = ("-c", "--conf", "--root", "--workdir", "--installpkg", "-f", "-m", "--develop", "--sitepackages")
_BASE, _PREFIX = "testenv", "testenv:"
_COMMANDS = ("commands_pre", "commands", "commands_post")
_OLDER = {"set_env": "setenv", "change_dir": "changedir", "env_list": "envlist", "no_package": "skipsdist"}
_NOT_PLAIN = ("base", "install_command", "list_dependencies_command", "runner", "plugins", "extras_command")
_FACTOR = re.compile(r"^!?[\w.]+(?:[-,{}!\w.]*):\s+(?=\S)")
_BRACES = re.compile(r"\{([^{}]*)\}")
_SHORT = re.compile(r"[\w.{},-]+")
_MOST = 256


class ObscureError(Exception):
    """Something that is not understood, so that the whole call is not."""


def tox_claims(call: Call) -> Delegation | None:
    """What the call runs, with the environments that it makes. None where that is not understood."""
    around = (of_options(call), of_environment(call.invocation.environment, call.cwd, call.place, call.reader))
    found = next((each for folder in folders_above(call.cwd, call.place) if (each := _project(folder, call.place))), None)
    if found is None or None in around or call.parsed.named(*_ELSEWHERE) or "TOX_WORK_DIR" in call.invocation.environment:
        return None
    folder, parser = found
    words = call.invocation.words
    arguments = words[words.index("--") + 1 :] if "--" in words else ()
    operands = call.parsed.operands[: len(call.parsed.operands) - len(arguments)]
    if operands[:1] and operands[0] in _RUNNING:
        operands = operands[1:]
    if operands or None in arguments:
        return None
    project = _Project(folder, parser, [word or "" for word in arguments], call)
    try:
        parts = [part for name in _names(call, parser) for part in project.claims(name)]
    except (ObscureError, ValueError):
        return None
    if any(part.evidence is Evidence.NONE for part in parts):
        return None
    entries = unique((*(entry for part in around for entry in part or ()), *project.own()))
    outside = outside_reason(call, call.tool.mode)
    effect = Effect.OUTSIDE if outside else Effect.LOCAL
    own = Claims(entries=entries, evidence=Evidence.INFERRED, effect=effect, effect_reason=outside)
    claims = union([own, *parts])
    return Delegation(claims=claims, reason="`tox` runs the commands of its environments", cpu=call.tool.cores)


class _Project:
    """One project's settings, as one call means them."""

    def __init__(self, folder: str, parser: RawConfigParser, arguments: Sequence[str], call: Call) -> None:
        self._folder = folder
        self._parser = parser
        self._arguments = " ".join(map(shlex.quote, arguments)) if arguments else None
        self._call = call
        self._packaged = False

    def claims(self, name: str) -> Iterator[Claims]:
        """What the commands of one environment claim."""
        sections = _sections(name, self._parser)
        if any(key in self._parser[section] for section in sections for key in _NOT_PLAIN):
            raise ObscureError
        place, home = self._call.place, posixpath.join(self._folder, ".tox", name)
        self._packaged = self._packaged or not self._is_bare(sections)
        yield Claims(entries=tuple(self._dependencies(sections, name)), evidence=Evidence.INFERRED)
        environment: dict[str, str | None] = {**self._call.invocation.environment, ACTIVATED: home}
        for line in self._lines("set_env", sections, name):
            variable, equals, value = line.partition("=")
            if not equals:
                raise ObscureError
            environment[variable.strip()] = value.strip()
        folders = list(self._lines("change_dir", sections, name)) or [self._folder]
        for line in [line for key in _COMMANDS for line in self._lines(key, sections, name)]:
            words = tuple(shlex.split(line.lstrip("-! ")))
            for folder in folders:
                cwd = resolve_path(folder, self._folder)
                if cwd is None or not words:
                    raise ObscureError
                found = place.invocation_claims(Invocation(words=words, cwd=cwd, environment=environment))
                entries = tuple(entry for entry in found.entries if entry.pattern != ACTIVE)
                yield Claims(entries=entries, evidence=found.evidence, effect=found.effect, effect_reason=found.effect_reason)

    def own(self) -> Iterator[Claim]:
        """The environments, the settings, and the package that is built to be tested."""
        place, folder = self._call.place, self._folder
        yield write_below(posixpath.join(folder, ".tox"), place, "`tox` keeps its environments there")
        yield claim(Access.READ, place.pattern(folder, "/{tox.ini,pyproject.toml,setup.cfg,setup.py}"), "settings of `tox`")
        yield claim(Access.SHARED, "pip-cache", "`tox` uses it")
        if self._packaged:
            yield read_below(folder, place, "`tox` builds the package")
            yield from python_dependency_claims("tox", folder, place)
            yield from crate_claims(folder, place)
            if built_in_place(folder, place):
                yield write_below(folder, place, "`tox` builds the package in place")

    def _is_bare(self, sections: Sequence[str]) -> bool:
        """Whether no package is built and installed."""
        whole = self._parser["tox"] if self._parser.has_section("tox") else {}
        values = [_value(whole, "no_package"), *(_value(self._parser[section], "skip_install") for section in sections[:1])]
        if all(_value(self._parser[section], "skip_install") is None for section in sections[:1]):
            values.extend(_value(self._parser[section], "skip_install") for section in sections[1:])
        return any((value or "").strip().lower() == "true" for value in values)

    def _dependencies(self, sections: Sequence[str], name: str) -> Iterator[Claim]:
        """The files and folders among what is installed."""
        for line in self._lines("deps", sections, name):
            option, _, rest = line.partition(" ")
            word = line[2:] if line.startswith(("-r", "-c")) else rest if option in ("--requirement", "--constraint") else line
            word = word.strip()
            if line.startswith("-") and word == line:
                raise ObscureError
            if word != line or word.startswith((".", "/")):
                path = resolve_path(word.partition("[")[0], self._folder)
                if path is None:
                    raise ObscureError
                yield read_below(path, self._call.place, "`tox` installs it")
                if word == line and built_in_place(path, self._call.place):
                    yield write_below(path, self._call.place, "`tox` builds it in place")

    def _lines(self, key: str, sections: Sequence[str], name: str) -> Iterator[str]:
        """The lines under a key, of the first section that has it (each of several that a name matches), filled in."""
        found = [
            value for section in sections if section != _BASE and (value := _value(self._parser[section], key)) is not None
        ]
        if not found and _BASE in sections:
            value = _value(self._parser[_BASE], key)
            found = [] if value is None else [value]
        for value in found:
            yield from self._filled(value, name, 0)

    def _filled(self, value: str, name: str, depth: int) -> Iterator[str]:
        if depth > 8:
            raise ObscureError
        for written in value.replace("\\\n", " ").split("\n"):
            line = written.strip()
            line = _FACTOR.sub("", line)
            if not line or line.startswith("#"):
                continue
            other = re.fullmatch(r"\{\[([^\]]+)\]([\w.]+)\}", line)
            if other:
                section = self._parser[other[1]] if self._parser.has_section(other[1]) else {}
                inherited = _value(section, other[2])
                if inherited is None:
                    raise ObscureError
                yield from self._filled(inherited, name, depth + 1)
                continue
            while found := _BRACES.search(line):
                line = line[: found.start()] + self._substituted(found[1], name) + line[found.end() :]
            yield from (each.strip() for each in line.split("\n") if each.strip())

    def _substituted(self, text: str, name: str) -> str:
        key, _, default = text.partition(":")
        if key == "posargs":
            return default if self._arguments is None else self._arguments
        home = posixpath.join(self._folder, ".tox")
        own = posixpath.join(home, name)
        known = {
            "toxinidir": self._folder, "tox_root": self._folder, "/": "/", "envname": name, "env_name": name,
            "toxworkdir": home, "work_dir": home, "envpython": "python", "env_python": "python",
            **dict.fromkeys(("envdir", "env_dir"), own),
            **dict.fromkeys(("envtmpdir", "env_tmp_dir"), posixpath.join(own, "tmp")),
            **dict.fromkeys(("envlogdir", "env_log_dir"), posixpath.join(own, "log")),
        }  # fmt: skip
        if text not in known:
            raise ObscureError
        return known[text]


def _project(folder: str, place: Place) -> tuple[str, RawConfigParser] | None:
    """The folder and its settings, where it has some of tox; of other files than these nothing is known."""
    import configparser

    text = place.read_text(posixpath.join(folder, "tox.ini"))
    if text is None:
        legacy = table(read_manifest(folder, place), "tool", "tox").get("legacy_tox_ini")
        text = legacy if isinstance(legacy, str) else None
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#",))
    try:
        parser.read_string(text or "")
    except configparser.Error:
        return None
    return (folder, parser) if any(each == _BASE or each.startswith(_PREFIX) for each in parser.sections()) else None


def _names(call: Call, parser: RawConfigParser) -> Sequence[str]:
    """The environments that the call means."""
    given = [option.value for option in call.parsed.all(Role.TASKS)]
    if "TOXENV" not in call.invocation.environment:
        listed = _value(parser["tox"], "env_list") if parser.has_section("tox") else None
        text = ",".join(value or "?" for value in given) if given else (listed or "py").replace("\n", ",")
        short = text.replace(" ", "").strip(",")
        names = [name for part in _parts(short) for name in expand(part, _MOST) or ("?",)]
        if _SHORT.fullmatch(short) and names and not {"ALL", "?", ""}.intersection(names):
            return names
    return [each.removeprefix(_PREFIX) for each in parser.sections() if each.startswith(_PREFIX)] + ["py"]


def _parts(text: str) -> list[str]:
    """A list at its commas, but for those between braces."""
    return [part for part in re.split(r",(?![^{]*\})", text) if part]


def _sections(name: str, parser: RawConfigParser) -> list[str]:
    """The sections that say something of an environment: its own, those whose generative names stand for it, and the base."""
    own = [each for each in parser.sections() if each.startswith(_PREFIX) and _stands_for(each.removeprefix(_PREFIX), name)]
    return own + ([_BASE] if parser.has_section(_BASE) else [])


def _stands_for(written: str, name: str) -> bool:
    return written == name or any(name in (expand(part.strip(), _MOST) or ()) for part in _parts(written))


def _value(section: Mapping[str, str], key: str) -> str | None:
    """A setting, by its name or its older one."""
    return section.get(key, section.get(_OLDER.get(key, key)))
