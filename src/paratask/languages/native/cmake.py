"""Calls of cmake, ctest and cpack: which project they work on, where it is built, and what they do with it.

Knows how the ways of calling cmake are told apart, where a build folder lies, and which everyday command each `cmake -E` stands for.
What the work claims is in claims.py.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Claims
from paratask.frozen import replace
from paratask.languages.inferred import read_below, write_below
from paratask.languages.native.builds import CACHE, PREFIX, cache_entries, cmake_source
from paratask.languages.native.claims import ObscureError, Work, delegation, obscure, of_work, prefix_of
from paratask.languages.native.presets import read_preset
from paratask.languages.options import Role, resolve_path
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

WAYS = ("--build", "--install", "--workflow")
_NOT_FOLLOWED = {"-P": "runs a script", "--open": "opens a window", "--find-package": "is not followed"}
_AS_EVERYDAY: Mapping[str, tuple[str, ...]] = {
    "copy": ("cp", "-r"),
    "copy_if_different": ("cp",),
    "copy_if_newer": ("cp",),
    "copy_directory": ("cp", "-r"),
    "copy_directory_if_different": ("cp", "-r"),
    "copy_directory_if_newer": ("cp", "-r"),
    "make_directory": ("mkdir", "-p"),
    "remove": ("rm", "-f"),
    "remove_directory": ("rm", "-rf"),
    "rm": ("rm",),
    "rename": ("mv",),
    "touch": ("touch",),
    "touch_nocreate": ("touch", "-c"),
    "create_symlink": ("ln", "-s"),
    "create_hardlink": ("ln",),
    "cat": ("cat",),
    "compare_files": ("cmp",),
    **{name: (name,) for name in ("echo", "sleep", "true", "false", "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum")},
    "echo_append": ("echo",),
}  # fmt: skip
_PRINTS = frozenset({"capabilities", "environment"})


def way_of(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """The name of the way that cmake is called, as in the table, and the words that are left."""
    for way in WAYS:
        if way in words:
            index = words.index(way)
            return f"cmake {way}", (*words[:index], *words[index + 1 :])
    return "cmake", tuple(words)


def not_followed(words: Sequence[Word]) -> Delegation | None:
    """The answer to a way of calling cmake that may do anything."""
    found = next((word for word in words if word and word in _NOT_FOLLOWED), "")
    return obscure(f"cmake {found}", _NOT_FOLLOWED[found]) if found else None


def everyday(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """`cmake -E`: as the everyday command that does the same."""
    name, rest = (words[0] or "", words[1:]) if words else ("", ())
    environment = dict(invocation.environment)
    cwd = invocation.cwd
    if name in ("env", "time"):
        while name == "env" and rest and rest[0] and (rest[0].startswith("--unset=") or "=" in rest[0] or rest[0] == "--"):
            word, rest = rest[0], rest[1:]
            if not word.startswith("--"):
                environment[word.partition("=")[0]] = word.partition("=")[2]
        started = rest
    elif name == "chdir" and len(rest) > 1 and (folder := resolve_path(rest[0], cwd)):
        cwd, started = folder, rest[1:]
    elif name == "tar" and rest and rest[0] and set(rest[0]) <= set("cxtvfzjJ") and "--format" not in str(rest):
        started = ("tar", *rest)
    elif name in _PRINTS:
        started = ("true",)
    elif name in _AS_EVERYDAY:
        started = (*_AS_EVERYDAY[name], *rest)
    else:
        return None
    if not started or started[0] is None:
        return None
    claims = place.invocation_claims(replace(invocation, words=tuple(started), cwd=cwd, environment=environment))
    return Delegation(claims=claims, reason=f"`cmake -E {name}` does what `{started[0]}` does")


def configured(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`cmake -S … -B …`, `cmake ..`, `cmake --preset …`."""
    parsed, place = call.parsed, call.place
    if "-N" in {option.name for option in parsed.options}:
        return None
    sources = [option.value for option in parsed.named("-S", "-H")]
    binaries = [option.value for option in parsed.named("-B")]
    presets = [option.value for option in parsed.named("--preset")]
    if len(parsed.operands) > 1 or None in (*sources, *binaries, *presets) or (parsed.operands and sources):
        return None
    cwd = call.cwd
    source = resolve_path((*sources, *parsed.operands, ".")[0], cwd)
    binary = resolve_path((*binaries, ".")[0], cwd)
    if source is None or binary is None:
        return None
    if parsed.operands and not binaries and place.exists(posixpath.join(source, CACHE)):
        source, binary = cmake_source(source, place) or source, source
    preset = read_preset(source, "configure", presets[-1] or "", place) if presets else None
    if presets and preset is None:
        return obscure(call.key, f"the preset `{presets[-1]}` is not understood")
    if preset is not None and not binaries:
        binary = preset.binary
    toolchain = environment.get("CMAKE_TOOLCHAIN_FILE", "")
    if toolchain is None:
        return None
    told = {"CMAKE_TOOLCHAIN_FILE": toolchain} if toolchain else {}
    entries = {**told, **cache_entries(binary, place), **(preset.entries if preset else {}), **_given(call)}
    own = [read_below(path, place, f"`{call.key}` reads it") for path in (preset.files if preset else ())]
    initial = [path for option in parsed.named("-C") if (path := resolve_path(option.value, cwd))]
    if len(initial) < len(parsed.named("-C")):
        return None
    entries.update({f"CMAKE_PROJECT_{index}_INCLUDE": path for index, path in enumerate(initial)})
    work = Work(source=source, binary=binary, called=cwd, entries=entries, builds=False)
    return answer_works(call, [work], own, environment)


def _given(call: Call) -> dict[str, str]:
    """The variables that options set."""
    found: dict[str, str] = {}
    for option in call.parsed.named("-D"):
        name, _, value = (option.value or "").partition("=")
        found[name.partition(":")[0]] = value
    for name, variable in (("--toolchain", "CMAKE_TOOLCHAIN_FILE"), ("--install-prefix", PREFIX)):
        for option in call.parsed.named(name):
            found[variable] = option.value or ""
    return found


def built(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`cmake --build`, by folder or preset."""
    parsed = call.parsed
    targets = tuple(option.value or "" for option in parsed.named("--target", "-t"))
    work = _work_of(call, "build", targets)
    if work is None or isinstance(work, Delegation):
        return work
    prefix = prefix_of(work.entries, None, call.cwd, environment.get("DESTDIR", ""))
    return answer_works(call, [replace(work, prefix=prefix)], [], environment)


def _work_of(call: Call, kind: str, targets: tuple[str, ...]) -> Work | Delegation | None:
    """What a build folder, or a preset, says is built."""
    presets = [option.value for option in call.parsed.named("--preset")]
    if presets:
        preset = read_preset(call.cwd, kind, presets[-1] or "", call.place)
        if preset is None or call.parsed.operands:
            return obscure(call.key, f"the preset `{presets[-1]}` is not understood")
        entries = {**cache_entries(preset.binary, call.place), **preset.entries}
        return Work(
            source=call.cwd, binary=preset.binary, called=call.cwd, entries=entries, targets=(*targets, *preset.targets)
        )
    binary = resolve_path(call.parsed.operands[0], call.cwd) if len(call.parsed.operands) == 1 else None
    return None if binary is None else work_in(call, binary, targets)


def work_in(call: Call, binary: str, targets: tuple[str, ...]) -> Work | Delegation:
    """The work in a build folder; said to be obscure where nothing tells whose it is."""
    source = cmake_source(binary, call.place)
    if source is None:
        return obscure(call.key, f"nothing tells which project is built in `{posixpath.basename(binary)}`")
    return Work(source=source, binary=binary, called=binary, entries=cache_entries(binary, call.place), targets=targets)


def installed(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`cmake --install`: what was built is copied to the prefix, and a list of that is left."""
    binary = resolve_path(call.parsed.operands[0], call.cwd) if len(call.parsed.operands) == 1 else None
    work = None if binary is None else work_in(call, binary, ())
    if work is None or isinstance(work, Delegation):
        return work
    given = [option.value for option in call.parsed.named("--prefix")]
    if None in given:
        return None
    prefix = prefix_of(work.entries, (given or [None])[-1], call.cwd, environment.get("DESTDIR", ""))
    return answer_works(call, [replace(work, installs=True, prefix=prefix)], [], environment)


def tested(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """ctest, in its folder or by preset."""
    work = _work_of(call, "test", ()) if call.parsed.named("--preset") else work_in(call, call.cwd, ())
    if work is None or isinstance(work, Delegation):
        return work
    logs = [resolve_path(option.value, call.invocation.cwd) for option in call.parsed.all(Role.WRITES)]
    own = [write_below(path, call.place, f"`{call.key}` writes it") for path in logs if path]
    return answer_works(call, [replace(work, tests=True, builds=False)], own, environment)


def packed(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """cpack, in a build folder: it may build first, and leaves the package where it is called."""
    if call.parsed.named("--preset", "-D", "--config"):
        return None
    work = work_in(call, call.cwd, ("package",))
    if isinstance(work, Delegation):
        return work
    return answer_works(call, [work], [], environment)


def workflow(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`cmake --workflow --preset …`: the steps that it names."""
    names = [*(option.value or "" for option in call.parsed.named("--preset")), *call.parsed.operands]
    found = read_preset(call.cwd, "workflow", names[0], call.place) if len(names) == 1 else None
    presets = [read_preset(call.cwd, kind, name, call.place) for kind, name in found.steps] if found else []
    if not presets or any(preset is None for preset in presets) or found is None:
        return obscure(call.key, "the preset is not understood")
    works = []
    for (kind, _), preset in zip(found.steps, presets, strict=True):
        if preset is not None:
            entries = {**cache_entries(preset.binary, call.place), **preset.entries}
            targets = (*preset.targets, *(("package",) if kind == "package" else ()))
            works.append(
                Work(
                    source=call.cwd,
                    binary=preset.binary,
                    called=call.cwd,
                    entries=entries,
                    targets=targets,
                    tests=kind == "test",
                )
            )
    return answer_works(
        call, works, [read_below(path, call.place, f"`{call.key}` reads it") for path in found.files], environment
    )


def answer_works(call: Call, works: Sequence[Work], own: Sequence[Claim], environment: Mapping[str, Word]) -> Delegation | None:
    """The claims of all that is done; a reason where that is not understood."""
    parts: list[Claims] = []
    entries = list(own)
    for work in works:
        try:
            more, claimed = of_work(call, work)
        except ObscureError as error:
            return obscure(call.key, str(error))
        parts += more
        entries += claimed
    return delegation(call, parts, entries, environment)
