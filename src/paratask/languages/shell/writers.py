"""Everyday commands that make, change, copy or delete files.

Claims are for what a run may touch whatever it finds: `cp -r a b` may write `b` or `b/a`. Knows nothing of commands that only
read, and not which of the named files exist when the command runs.
"""

from __future__ import annotations

import posixpath

from paratask.languages.options import is_within
from paratask.languages.patterns import WILDCARDS
from paratask.languages.shell.call import BELOW, Accepts, Call, local, option_claims, parse_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

    Making: TypeAlias = Callable[[Sequence[str], str], tuple[Claim, ...]]
    """Says what making these folders claims, with the suffix that their patterns get."""

_COPY_FLAGS = (
    "-a -d -f -i -H -l -L -n -P -p -R -r -s -T -u -v -x -X -c --archive --force --recursive --verbose --update --no-clobber "
    "--preserve --no-target-directory --dereference --no-dereference --remove-destination --reflink"
)
_OWNER = Accepts(flags="-c -f -v -R -h -H -L -P --recursive --verbose --quiet", reads="--reference")
_PACKING = Accepts(
    flags="-c -d -f -k -n -q -v -t -z -e -0 -1 -2 -3 -4 -5 -6 -7 -8 -9 --stdout --to-stdout --decompress --uncompress --force --keep "
    "--no-name --quiet --verbose --test --best --fast --compress",
    values="-T --threads",
)
WRITERS = {
    "mkdir": Accepts(flags="-p -v --parents --verbose", values="-m --mode"),
    "touch": Accepts(flags="-a -c -m -h --no-create", values="-d -t --date --time", reads="-r --reference"),
    "rmdir": Accepts(flags="-v --verbose --ignore-fail-on-non-empty"),
    "tee": Accepts(flags="-a -i -p --append --ignore-interrupts"),
    "truncate": Accepts(flags="-c -o", values="-s --size", reads="-r"),
    "rm": Accepts(flags="-f -i -I -r -R -d -v --force --recursive --verbose --dir --one-file-system --interactive"),
    "unlink": Accepts(),
    "chmod": _OWNER,
    "chown": _OWNER,
    "chgrp": _OWNER,
    "cp": Accepts(flags=_COPY_FLAGS, folder="-t --target-directory"),
    "mv": Accepts(
        flags="-f -i -n -T -u -v --force --no-clobber --verbose --no-target-directory", folder="-t --target-directory"
    ),
    "ln": Accepts(flags="-f -i -L -n -P -r -s -T -v --symbolic --force --relative --no-dereference --verbose", folder="-t"),
    "install": Accepts(flags="-c -C -d -D -p -s -T -v", values="-m -o -g --mode", folder="-t --target-directory"),
    "patch": Accepts(
        flags="-N -R -s -f -t -u -E -b -l -T -Z --forward --reverse --silent --quiet --force --batch --unified --backup --dry-run "
        "--no-backup-if-mismatch --remove-empty-files --ignore-whitespace --verbose",
        values="-p --strip -F --fuzz -V -z --suffix",
        folder="-d --directory",
        reads="-i --input",
        writes="-o --output -r --reject-file",
    ),
    **dict.fromkeys(("gzip", "gunzip", "xz", "unxz", "bzip2", "bunzip2"), _PACKING),
    "zip": Accepts(flags="-r -q -j -9 -1 -0 -u -y -X -v -D -o --quiet --recurse-paths --junk-paths --symlinks"),
    "unzip": Accepts(flags="-o -q -n -u -j -v", folder="-d"),
}


_INTO = ("cp", "mv", "ln", "install")


def recognise_writer(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """One of WRITERS."""
    mode: tuple[str, ...] = ()
    if name == "chmod":
        found = next((word for word in words if word and _is_mode(word)), None)
        mode, words = ((found,), [word for word in words if word is not found]) if found else ((), words)
    call = parse_call(name, words, WRITERS[name], invocation, place)
    if call is None or (name in _INTO and _may_be_several(call)):
        return None
    if name in ("chown", "chgrp") or (name == "chmod" and not mode):
        call = _without_first(call)
    return local(option_claims(call) + _ACTS[name](call), f"`{name}` writes the paths it is given")


def _may_be_several(call: Call) -> bool:
    """Whether what files are put into is told by a pattern, which may become sources as well: `cp a *`."""
    last = call.operands[-1] if call.operands else ""
    return not WILDCARDS.isdisjoint(last) and not call.has("-t", "--target-directory", "-d")


def _is_mode(word: str) -> bool:
    """A mode that looks like an option: `-x`, `-rw`; others are operands."""
    return word.startswith("-") and len(word) > 1 and set(word[1:]) <= set("rwxXst,+-=ugoa")


def _without_first(call: Call) -> Call:
    from paratask.frozen import replace

    return replace(call, parsed=replace(call.parsed, operands=call.operands[0 if call.has("--reference") else 1 :]))


def _write(call: Call) -> tuple[Claim, ...]:
    return call.writes(call.operands)


def _write_trees(call: Call) -> tuple[Claim, ...]:
    """Whatever the options say: what a plain `rm` is given may be made a folder by a step that somebody adds later."""
    return call.replaces(call.operands, BELOW)


def _mkdir(call: Call) -> tuple[Claim, ...]:
    """With `-p` also the folders above that are not there yet. Nothing can be put into a folder before it is made."""
    if not call.has("-p", "--parents"):
        return _make(call.operands, call.writes, call)
    above = [folder for word in call.operands for folder in missing_above(word, call)]
    return _make((*call.operands, *above), _seeing_to(call), call)


def _seeing_to(call: Call) -> Making:
    """How folders are made that may be there: those who give them no mode or owner do not mind each other."""
    return call.writes if call.has("-m", "-o", "-g", "--mode") else call.makes


def _make(folders: Iterable[str], making: Making, call: Call) -> tuple[Claim, ...]:
    """Folders that are made. Those that the command itself runs in are there already."""
    return tuple(
        entry for folder in dict.fromkeys(folders) for entry in making([folder], "" if _is_above(folder, call) else BELOW)
    )


def missing_above(word: str, call: Call) -> list[str]:
    """The folders above a path that are not there yet."""
    found: list[str] = []
    above = posixpath.dirname(word.rstrip("/"))
    while above and not call.place.exists(posixpath.normpath(posixpath.join(call.invocation.cwd, above))):
        found.append(above)
        above = posixpath.dirname(above.rstrip("/"))
    return found


def _copy(call: Call) -> tuple[Claim, ...]:
    sources, target = _sources_and_target(call)
    deep = call.has("-r", "-R", "-a", "--recursive", "--archive")
    return call.reads(sources, BELOW if deep else "") + _landing(call, sources, target, deep=deep)


def _move(call: Call) -> tuple[Claim, ...]:
    sources, target = _sources_and_target(call)
    return call.replaces(sources, BELOW) + _landing(call, sources, target, deep=True)


def _link(call: Call) -> tuple[Claim, ...]:
    sources, target = _sources_and_target(call)
    if len(call.operands) == 1 and not call.has("-t"):
        sources, target = call.operands, "."
    read = () if call.has("-s", "--symbolic") else call.reads(sources)
    return read + _landing(call, sources, target, deep=call.has("-s", "--symbolic"))


def _install(call: Call) -> tuple[Claim, ...]:
    if call.has("-d"):
        above = [folder for word in call.operands for folder in missing_above(word, call)]
        return _make((*call.operands, *above), _seeing_to(call), call)
    target = _sources_and_target(call)[1]
    inside = posixpath.join(target, "x") if call.has("-t", "--target-directory") else target
    above = missing_above(inside, call) if call.has("-D") else []
    return _copy(call) + _make(above, call.makes, call)


def _patch(call: Call) -> tuple[Claim, ...]:
    """The file that is named, with copies beside it; else whatever the patch names, which lies below the folder worked in."""
    folder = call.value("-d", "--directory") or "."
    named = [posixpath.join(folder, word) for word in call.operands]
    written = call.writes(named[:1], "*") if named else call.writes([folder], BELOW)
    return written + call.reads(named[1:])


def _sources_and_target(call: Call) -> tuple[Sequence[str], str]:
    folder = call.value("-t", "--target-directory")
    if folder is not None:
        return call.operands, folder
    return call.operands[:-1], call.operands[-1] if call.operands else ""


def _landing(call: Call, sources: Sequence[str], target: str, *, deep: bool) -> tuple[Claim, ...]:
    """What is written at `target`: it, or where it is a folder, what the sources are called in it.

    A folder that the command itself runs in exists for certain, so that only names in it are written.
    """
    names = [posixpath.basename(source.rstrip("/")) for source in sources]
    inside = [posixpath.join(target, name if name not in ("", ".", "..") else "*") for name in names]
    above = _is_above(target, call)
    if deep and not above:
        return call.replaces([target], BELOW)
    return (() if above else call.replaces([target])) + call.replaces(inside, BELOW if deep else "")


def _is_above(folder: str, call: Call) -> bool:
    """Whether the command runs in `folder`, or below it."""
    return is_within(call.invocation.cwd, posixpath.normpath(posixpath.join(call.invocation.cwd, folder)))


def _pack(call: Call) -> tuple[Claim, ...]:
    """A file, and one of its name with another ending beside it, of which one is left."""
    if call.has("-c", "-t", "--stdout", "--to-stdout", "--test"):
        return call.reads(call.operands)
    return call.writes(posixpath.splitext(path)[0] + "*" for path in call.operands if path not in ("", "-"))


def _zip(call: Call) -> tuple[Claim, ...]:
    archive, *members = call.operands or [""]
    written = archive if "." in posixpath.basename(archive) else archive + ".zip"
    return call.writes([written]) + call.reads(members, BELOW)


def _unzip(call: Call) -> tuple[Claim, ...]:
    return call.reads(call.operands[:1]) + call.writes([call.value("-d") or "."], BELOW)


_ACTS: dict[str, Callable[[Call], tuple[Claim, ...]]] = {
    "mkdir": _mkdir,
    **dict.fromkeys(("touch", "tee", "truncate"), _write),
    **dict.fromkeys(("rmdir", "rm", "unlink", "chmod", "chown", "chgrp"), _write_trees),
    "cp": _copy,
    "mv": _move,
    "ln": _link,
    "install": _install,
    "patch": _patch,
    **dict.fromkeys(("gzip", "gunzip", "xz", "unxz", "bzip2", "bunzip2"), _pack),
    "zip": _zip,
    "unzip": _unzip,
}


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | None]] = {
    **dict.fromkeys(WRITERS, recognise_writer),
}
