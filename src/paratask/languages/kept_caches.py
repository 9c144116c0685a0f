"""Caches that a tool's calls fill side by side without harm, so that only those who remove them, or pack all there is, stay away.

What is claimed of such a cache is its mark, a file that lies in it as long as it is there: added where the call is sure to keep it,
read where it might. Claiming the whole would meet everybody who writes files of some kind anywhere. Tools that look for sources pass
over caches, and so do the claims on what they read; who takes whatever there is (`tar`, `cp -r`, a docker context) does not. Knows no
single tool, and not who removes caches.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from paratask.claims.model import Access, Claim, Evidence
from paratask.frozen import replace
from paratask.languages.options import resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import folders_above, folders_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

BYTECODE = "__pycache__"
"""Where Python keeps what it compiled modules to."""
_MARK = "CACHEDIR.TAG"
_CACHES = "{.ruff_cache,.mypy_cache,.pytest_cache,__pycache__}"
_OF_LINTERS = (
    "{.ruff_cache,.mypy_cache,.eslintcache,.stylelintcache,*.tsbuildinfo,node_modules/.cache/{*eslint*,prettier*,stylelint*}}"
)
_INSIDE, _OUTSIDE = (f"**/{_CACHES}/**",), (f"/**/{_CACHES}/**",)
_BYTECODE = f"{BYTECODE}/*.pyc"
_OTHER_BYTECODE = ("--invalidation-mode", "-o", "--hardlink-dupes", "-d", "-s", "-p")
"""Options of `compileall` by which it is another than Python makes itself; the last three put other paths into it."""
_KEPT_KINDS = frozenset({"json", "jsonl", "md", "db", "pyc", "pyo", "ff", "log", "tag", "gitignore"})


def passed_over(pattern: str) -> tuple[str, ...]:
    """What tools do not look at where they look for sources in all that `pattern` matches."""
    return _OUTSIDE if pattern.startswith("/") else _INSIDE


def is_no_cache(name: str) -> bool:
    """Whether a name, which may have wildcards, has an ending that files in caches do not have."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return ending.isalnum() and ending.lower() not in _KEPT_KINDS


def without_caches(entry: Claim) -> Claim:
    """What is read, less what lies in caches."""
    return replace(entry, excluding=(*entry.excluding, *passed_over(entry.pattern))) if entry.access is Access.READ else entry


def kept_claims(call: Call) -> tuple[Claim, ...]:
    """The cache that the call keeps: where it works, in projects below that, and in those above, whose settings hold there too.

    Nothing where the call does without, or has it in a folder of its own.
    """
    if call.tool.keeps == BYTECODE:
        return tuple(_compiled_by(call))
    if call.parsed.named("--no-cache", "-n", "--cache-dir"):
        return ()
    named = [path for word in call.parsed.operands if (path := resolve_path(word, call.cwd))]
    above = dict.fromkeys(folder for path in (call.cwd, *named) for folder in folders_above(path, call.place))
    below = [path for path in named or (call.cwd,) if "." not in posixpath.basename(path)]
    inner = {path: _settled_below(path, call) for path in below}
    sure = dict.fromkeys((*_settled(named, call), *(folder for found in inner.values() for folder in found or ())))
    mark = f"/{call.tool.keeps}/{_MARK}"
    moved = _moved((*above, *(folder for found in inner.values() for folder in found or ())), call)
    within = (
        (_kept(Access.READ if found is not None else Access.ADD, path, f"/**{mark}", call), path)
        for path, found in inner.items()
    )
    return (
        *(_kept(Access.ADD, folder, mark, call) for folder in sure),
        *(_kept(Access.READ, folder, mark, call) for folder in above if folder not in sure),
        *(replace(entry, excluding=(*entry.excluding, _not_searched(path, call))) for entry, path in within),
        *(marked(path, call.place, f"cache of `{call.key}`, as its settings say") for path in moved),
    )


def _moved(folders: Iterable[str], call: Call) -> tuple[str, ...]:
    """Where settings in these folders have the cache lie. Which of them hold, and whether a variable outdoes them, is not asked."""
    files = [posixpath.join(folder, name.partition(":")[0]) for folder in folders for name in call.tool.kept_beside.split()]
    files.extend(path for option in call.parsed.named("--config") if (path := resolve_path(option.value, call.cwd)))
    pattern = _setting(call.tool.kept_by)
    found = ((file, value) for file in dict.fromkeys(files) for value in pattern.findall(call.place.read_text(file) or ""))
    paths = (resolve_path(value, posixpath.dirname(file)) for file, value in found)
    return tuple(dict.fromkeys(path for path in paths if path))


@lru_cache(maxsize=16)
def _setting(name: str) -> re.Pattern[str]:
    """A text in TOML that is given to a key of this name."""
    return re.compile(rf"""^[ \t]*(?:[\w.-]+\.)?{re.escape(name)}[ \t]*=[ \t]*["']([^"'\n]+)["']""", re.MULTILINE)


def _settled(named: list[str], call: Call) -> Iterator[str]:
    """The folders whose settings hold for the call and what it names, which is where it keeps its cache; without settings where it works."""
    if call.parsed.named("--config", "--isolated"):
        yield call.cwd
    yield next((folder for folder in folders_above(call.cwd, call.place) if _has_settings(folder, call)), call.cwd)
    for path in named:
        yield from (folder for folder in folders_above(path, call.place) if _has_settings(folder, call))


def _settled_below(folder: str, call: Call) -> tuple[str, ...] | None:
    """The folders below one that have settings of their own; None where there are too many to look."""
    below = folders_below(folder, call.place)
    return None if below is None else tuple(path for path in below if _has_settings(path, call))


def _has_settings(folder: str, call: Call) -> bool:
    """Whether the tool's settings lie in a folder."""
    return _has_one(call.tool.kept_beside, folder, call.place)


@remembered(8_192)
def _has_one(names: str, folder: str, place: Place) -> bool:
    """Whether there is a file of a name that the table knows, or one that has the word in it that stands behind its name."""
    for name in names.split():
        file, _, word = name.partition(":")
        path = posixpath.join(folder, file)
        if place.exists(path) and (not word or word in (place.read_text(path) or word)):
            return True
    return False


def marked(folder: str, place: Place, reason: str) -> Claim:
    """Filling the cache in `folder`."""
    return Claim(access=Access.ADD, pattern=place.pattern(folder, f"/{_MARK}"), evidence=Evidence.INFERRED, reason=reason)


def compiled_claims(folder: str, place: Place, reason: str) -> tuple[Claim, ...]:
    """The bytecode that Python puts beside the modules of a workspace which it runs: in each folder of it that has some at any depth."""
    patterns = _compiled(folder, place)
    return tuple(Claim(access=Access.ADD, pattern=pattern, evidence=Evidence.INFERRED, reason=reason) for pattern in patterns)


def bytecode_of(folder: str, place: Place) -> str:
    """All the bytecode in a folder, of which who compiles modules says more than that it is written."""
    return place.pattern(folder, f"/**/{_BYTECODE}")


def _compiled_by(call: Call) -> Iterator[Claim]:
    """The bytecode beside the modules that the call names; written anew where it is to be of another kind than Python makes when it runs them."""
    words = (word for word in call.parsed.operands if word != "-")
    named = [path for word in words if (path := resolve_path(word, call.cwd))]
    is_old = bool(call.parsed.named("-b"))
    access = Access.WRITE if is_old or call.parsed.named(*_OTHER_BYTECODE) else Access.ADD
    for path in dict.fromkeys(named or (call.workspace,)):
        is_module = path.endswith(".py") and not call.place.listdir(path)
        names = f"/{'*.pyc' if is_old else _BYTECODE}"
        pattern = call.place.pattern(posixpath.dirname(path) if is_module else path, names if is_module else f"/**{names}")
        yield Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=f"`{call.key}` compiles modules")


def marks_below(folder: str, place: Place) -> str:
    """The marks of caches that others keep in a folder, which tests there leave alone."""
    return place.pattern(folder, f"/**/{_CACHES}/{_MARK}")


def of_linters(folder: str, place: Place) -> str:
    """The caches of linters in a folder, which are nothing to tests."""
    return place.pattern(folder, f"/**/{_OF_LINTERS}/**")


@remembered(2_048)
def _compiled(folder: str, place: Place) -> tuple[str, ...]:
    below = folders_below(folder, place)
    if below is None:
        return (bytecode_of(folder, place),)
    has_modules = (path for path in (folder, *below) if any(name.endswith(".py") for name in place.listdir(path)))
    tops = dict.fromkeys(posixpath.relpath(path, folder).partition("/")[0] for path in has_modules)
    return tuple(
        place.pattern(folder, f"/{_BYTECODE}") if top == "." else bytecode_of(posixpath.join(folder, top), place)
        for top in tops
    )


def swept_claims(call: Call) -> tuple[Claim, ...]:
    """The caches that the call removes: those in the folder it works in, and in all below."""
    given = [path for option in call.parsed.named("--cache-dir") if (path := resolve_path(option.value, call.cwd))]
    moved = _moved((*folders_above(call.cwd, call.place), *(folders_below(call.cwd, call.place) or ())), call)
    patterns = (
        call.place.pattern(call.cwd, f"/**/{call.tool.sweeps}/**"),
        *(call.place.pattern(path, "/**") for path in (*given, *moved)),
    )
    reason = f"`{call.key}` removes it"
    return tuple(Claim(access=Access.WRITE, pattern=each, evidence=Evidence.INFERRED, reason=reason) for each in patterns)


def _not_searched(folder: str, call: Call) -> str:
    """The folders below one in which nobody looks for projects: installed packages, and other tools' caches."""
    first = call.tool.keeps[1:2]
    return call.place.pattern(folder, f"/**/{{node_modules,.cache,.[!{first}]*cache}}/**")


def _kept(access: Access, folder: str, suffix: str, call: Call) -> Claim:
    """Where the cache might be, those who are sure to add to it are passed over: they keep it just as this call does."""
    pattern = call.place.pattern(folder, suffix)
    alike = f"{'/' if pattern.startswith('/') else ''}**/{call.tool.keeps}/{_MARK}"
    excluding = (alike,) if access is Access.READ else ()
    return Claim(
        access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=f"cache of `{call.key}`", excluding=excluding
    )
