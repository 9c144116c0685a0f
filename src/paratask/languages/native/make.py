"""Calls of make: which goals, of which Makefile, with which variables; and what the recipes for them claim.

A plain Makefile's recipes are shell texts, of which those count that the goals reach. In a build folder of cmake, make builds as
`cmake --build` does. Knows which files make's own rules might make a file from, so as to say that these are not followed.
"""

from __future__ import annotations

import posixpath
import re
import shlex

from paratask.claims.model import Access, Claims, Evidence
from paratask.languages.inferred import claim
from paratask.languages.native import ninja
from paratask.languages.native.builds import CACHE
from paratask.languages.native.claims import ObscureError, delegation, obscure
from paratask.languages.native.make_variables import MakeVariables, NotConstantError
from paratask.languages.native.makefiles import NAMES, ObscureMakefileError, read_makefile
from paratask.languages.options import Role, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.native.makefiles import Makefile, Rule
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Place, Recognition

_GENERATED = "# CMAKE generated file"
_SETTING = re.compile(r"([\w.-]+):{0,3}=(.*)", re.DOTALL)
_PREFIX = re.compile(r"^[\s@+-]+")
_FLAGS = re.compile(
    r"-{0,2}(?:[ksw]+|j\d*|-jobs(?:=\d+)?|-jobserver-(?:auth|fds)=\S*|-no-print-directory|-silent|O\w*|-output-sync\S*)?"
)
_SOURCES = "c cc C cpp cxx p f F m r y l ym yl s S mod sym def w ch web sh o texinfo texi txinfo ln a out el".split()
_MADE_FROM = {"o": _SOURCES, "c": ["y", "l", "w", "ym", "yl"], "s": ["S", "c", "cc", "C", "cpp", "p", "f", "F", "m"], "p": ["web"],
              "tex": ["w", "web"], "dvi": ["tex", "texinfo", "texi", "txinfo"], "info": ["texinfo", "texi", "txinfo"],
              "r": ["l", "F"], "f": ["F", "r"], "m": ["ym"], "h": [], "elc": ["el"], "sym": ["def"], "mod": ["mod"]}  # fmt: skip


def answered(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`make`, in its folder."""
    goals = tuple(word for word in call.parsed.operands if "=" not in word)
    given = _given(call)
    if given is None:
        return None
    files = [option.value for option in call.parsed.all(Role.READS)]
    if not files and _is_of_cmake(call):
        return ninja.in_build(call, goals, environment)
    path = _path(files, call)
    text = None if path is None else call.place.read_text(path)
    if path is None or text is None:
        return obscure(call.key, "there is no Makefile yet" if not files else "its Makefile is not there")
    try:
        return _delegated(call, path, text, goals, given, environment)
    except (ObscureMakefileError, NotConstantError, ObscureError) as error:
        return obscure(call.key, f"{_shown(path, call.place)} is not understood: {error}")


def _shown(path: str, place: Place) -> str:
    return posixpath.relpath(path, place.root) if path.startswith(place.root + "/") else path


def _path(files: Sequence[Word], call: Call) -> str | None:
    if files:
        return resolve_path(files[0], call.cwd) if len(files) == 1 else None
    return next((path for name in NAMES if call.place.exists(path := posixpath.join(call.cwd, name))), None)


def _is_of_cmake(call: Call) -> bool:
    """Whether cmake made the Makefile here, or is going to: in a folder without one that is not a project's own."""
    text = call.place.read_text(posixpath.join(call.cwd, "Makefile"))
    if text is not None:
        return text.startswith(_GENERATED) and call.place.exists(posixpath.join(call.cwd, CACHE))
    own = (*NAMES, "CMakeLists.txt", "configure", "configure.ac", "Makefile.in", "Makefile.am", "meson.build")
    above = posixpath.join(posixpath.dirname(call.cwd), "CMakeLists.txt")
    return call.place.exists(above) and not any(call.place.exists(posixpath.join(call.cwd, name)) for name in own)


def _given(call: Call) -> dict[str, str] | None:
    """The variables of the command line, and those that a make above handed on; None where a setting is not understood."""
    inherited = call.invocation.environment.get("MAKEFLAGS", "")
    if inherited is None or call.invocation.environment.get("GNUMAKEFLAGS", "") != "":
        return None
    try:
        words = shlex.split(inherited)
    except ValueError:
        return None
    flags = [word for word in words if "=" not in word or word.startswith("-")]
    settings = [word for word in (*words, *call.parsed.operands) if "=" in word and not word.startswith("-")]
    found: dict[str, str] = {}
    for word in settings:
        setting = _SETTING.fullmatch(word)
        if setting is None or "$" in setting[2] or setting[1] in ("SHELL", "MAKEFLAGS", "MAKE", ".SHELLFLAGS"):
            return None
        found[setting[1]] = setting[2]
    return found if all(_FLAGS.fullmatch(word) for word in flags if word != "--") else None


def _delegated(
    call: Call, path: str, text: str, goals: tuple[str, ...], given: Mapping[str, str], environment: Mapping[str, Word]
) -> Recognition | Delegation | None:
    settings = " ".join(shlex.quote(f"{name}={value}") for name, value in given.items())
    variables = MakeVariables(given, call.invocation.environment, call.cwd, f"make {settings}".strip())
    makefile = read_makefile(text, variables)
    name = posixpath.relpath(path, call.cwd)
    rules = _reached(makefile, (*(goals or (makefile.first,)), name), call)
    if variables.acts_on_export():
        raise ObscureMakefileError("what it exports is no constant")
    handed_on = {**call.invocation.environment, **variables.exports()}
    if settings:
        handed_on["MAKEFLAGS"] = settings
    texts = [(shell, "it") for shell in variables.shells]
    texts += [(text, f"line {number}") for rule in rules for number, text in _texts(rule, variables)]
    parts = [_claimed(text, where, handed_on, call) for text, where in dict.fromkeys(texts)]
    own = [claim(Access.READ, call.place.pattern(path), f"`{call.key}` reads it"), *_files(makefile, rules, call)]
    return delegation(call, parts, own, {name: value for name, value in environment.items() if name != "DESTDIR"})


def _claimed(text: str, where: str, environment: Mapping[str, Word], call: Call) -> Claims:
    claims = call.place.command_claims(text, call.cwd, environment)
    if claims.evidence is Evidence.NONE:
        raise ObscureMakefileError(f"{claims.effect_reason} ({where})")
    return claims


def _reached(makefile: Makefile, goals: Sequence[str], call: Call) -> list[Rule]:
    """The rules for the goals and all that they need."""
    found: dict[str, Rule] = {}
    seen: set[str] = set()
    waiting = [goal.removeprefix("./") for goal in goals]
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        rule = makefile.rules.get(name)
        if rule is not None and rule.obscure:
            raise ObscureMakefileError(rule.obscure)
        if rule is None or (not rule.recipe and name not in makefile.phony):
            _check_unruled(name, makefile, call, ruled=rule is not None)
        if rule is not None:
            found[name] = rule
            waiting += [*rule.needs, *rule.after]
    return list(found.values())


def _check_unruled(name: str, makefile: Makefile, call: Call, *, ruled: bool) -> None:
    """A file that no rule here makes has to be there, and to be nothing that make would make by its own rules."""
    if not name:
        raise ObscureMakefileError("nothing is its first goal")
    for pattern in makefile.patterns:
        if _matches(pattern, name):
            raise ObscureMakefileError(f"the rule for `{pattern}` may make `{name}`")
    for other in _makers(name):
        if other in makefile.rules or call.place.exists(posixpath.join(call.cwd, other)):
            raise ObscureMakefileError(f"a rule of make's own may make `{name}` from `{other}`")
    if not ruled and not call.place.exists(posixpath.normpath(posixpath.join(call.cwd, name))):
        raise ObscureMakefileError(f"no rule of it makes `{name}`")


def _matches(pattern: str, name: str) -> bool:
    before, _, after = pattern.partition("%")
    text = name if "/" in pattern else posixpath.basename(name)
    return text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after)


def _makers(name: str) -> Iterator[str]:
    """The files that make's own rules might make a file from."""
    stem, dot, suffix = name.rpartition(".")
    yield from (f"{name}.{each}" for each in _SOURCES)
    yield f"{name},v"
    if dot and stem and "/" not in suffix:
        yield from (f"{stem}.{each}" for each in _MADE_FROM.get(suffix, ()))
    if suffix == "out":
        yield stem


def _texts(rule: Rule, variables: MakeVariables) -> Iterator[tuple[int, str]]:
    """The shell texts of a recipe, each with its line."""
    needs = tuple(dict.fromkeys(rule.needs))
    first = rule.needs[0] if rule.needs else ""
    automatic = {"@": rule.target, "<": first, "^": " ".join(needs), "+": " ".join(rule.needs), "|": " ".join(rule.after)}
    for sign, value in (("@", rule.target), ("<", first)):
        automatic[f"{sign}D"], automatic[f"{sign}F"] = posixpath.dirname(value) or ".", posixpath.basename(value)
    for line in rule.recipe:
        try:
            text = variables.expand(line.text, automatic=automatic)
        except NotConstantError as error:
            raise ObscureMakefileError(f"{error} (line {line.number})") from None
        text = _PREFIX.sub("", text)
        if text.strip() and not text.startswith("#"):
            yield line.number, text


def _files(makefile: Makefile, rules: Sequence[Rule], call: Call) -> Iterator[Claim]:
    """The files that make compares, and those that it removes where making them fails."""
    for rule in rules:
        if makefile.deletes and rule.recipe and rule.target not in makefile.phony:
            yield claim(Access.WRITE, _pattern(rule.target, call), f"`{call.key}` removes it where making it fails")
    names = dict.fromkeys(name for rule in rules for name in (*rule.needs, *rule.after, rule.target))
    for name in names:
        if name not in makefile.phony:
            yield claim(Access.READ, _pattern(name, call), f"`{call.key}` looks how old it is")


def _pattern(name: str, call: Call) -> str:
    return call.place.pattern(posixpath.normpath(posixpath.join(call.cwd, name)))
