"""System calls to accesses: which paths a job read, looked up, listed, wrote or made, and what it did on the network.

Follows each process's working folder. Paths come out absolute, symbolic links resolved by `resolve`, which, like
`is_file` and `read_link`, looks at the disk as it is afterwards; the links themselves are looked up on the way. Knows nothing of tasks, and not which paths matter: that is ground.py's.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.observing.call_kinds import AT_CALLS, BY_FD, CHANGERS, LOOK_UPS, MAKERS, OPENS, PAIRS, STARTERS, SYMLINKS
from paratask.observing.network import bound_port, bound_socket, contact, own_port
from paratask.observing.system_calls import STRING, unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from paratask.observing.system_calls import SystemCall

_FD = r"(?:AT_FDCWD|-?\d+)(?:<((?:[^>\\]|\\.)*)>)?(?:\(deleted\))?"
_AT = re.compile(rf"{_FD}, (?:NULL|{STRING})(.*)", re.DOTALL)
_PLAIN = re.compile(rf"{STRING}(.*)", re.DOTALL)
_TWO_AT = re.compile(rf"{_FD}, {STRING}, {_FD}, {STRING}", re.DOTALL)
_TWO_PLAIN = re.compile(rf"{STRING}, {STRING}", re.DOTALL)
_SYMLINK_AT = re.compile(rf"{STRING}, {_FD}, {STRING}", re.DOTALL)
_ONLY_FD = re.compile(_FD)
_RESULT_FD = re.compile(r"\d+<((?:[^>\\]|\\.)*)>")
_ABSENT = ("ENOENT", "ELOOP", "ENAMETOOLONG")
_MAX_RENAMES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Accesses:
    """What was seen of one job; every path is in as many of the sets as fit.

    `reads` were opened or executed before the job itself wrote them; `looks` are files that were looked up, `missing` what was
    looked for and not there, `folders` folders that were looked up, `lists` folders whose names were read. `made` are the
    writes by which a name came or went; `ensured` are folders that it asked to be made, whether they were there or not; `trees` were renamed
    with all that is in them; `private` are names that were made so that nobody else could know them. `contacts` are addresses beyond this machine.
    """

    reads: frozenset[str] = frozenset()
    looks: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    ensured: frozenset[str] = frozenset()
    trees: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()
    contacts: frozenset[str] = frozenset()


class Witness:
    """Takes in one job's calls, command after command."""

    def __init__(self, resolve: Callable[[str], str], is_file: Callable[[str], bool], read_link: Callable[[str], str]) -> None:
        self._look_up = resolve
        self._is_file = is_file
        self._read_link = read_link
        self._twins: dict[str, str] = {}
        self._moved_away: dict[str, str] = {}
        self._real: dict[str, str] = {}
        self._folders_of: dict[int, list[str]] = {}
        self._first = ""
        self._seen: dict[str, set[str]] = {name: set() for name in Accesses.__slots__ if name not in ("ports", "contacts")}
        self._ports: set[int] = set()
        self._drawn_ports: set[int] = set()
        self._contacts: set[str] = set()
        self._known: set[tuple[str, ...]] = set()

    def take(self, calls: Iterable[SystemCall], folder: str) -> None:
        """One command's calls, started in `folder`."""
        self._folders_of = {}
        self._first = folder
        for call in calls:
            if call.name in STARTERS:
                self._started(call)
            elif call.name in ("chdir", "fchdir"):
                self._moved(call)
            elif not self._is_repeated(call):
                self._take(call)

    def _is_repeated(self, call: SystemCall) -> bool:
        """Whether a call that only looks, or opens what is there, was taken before: most were."""
        if call.name not in LOOK_UPS and (call.name not in OPENS or "O_CREAT" in call.arguments):
            return False
        key = (call.name, call.arguments, call.result, self._folder(call.pid)[0])
        if key in self._known:
            return True
        self._known.add(key)
        return False

    def accesses(self) -> Accesses:
        """What has been seen so far."""
        kept = {name: frozenset(map(self._final, paths)) for name, paths in self._seen.items()}
        return Accesses(**kept, ports=frozenset(self._ports), contacts=frozenset(self._contacts))

    def _take(self, call: SystemCall) -> None:
        if call.name in LOOK_UPS:
            self._looked(call)
        elif call.name in OPENS:
            self._opened(call)
        elif call.name in MAKERS | CHANGERS:
            self._changed(call)
        elif call.name in PAIRS | SYMLINKS:
            self._paired(call)
        elif call.name.startswith("getdents"):
            self._listed(call)
        elif call.name in BY_FD:
            self._changed_by_fd(call)
        elif call.name in ("execve", "execveat"):
            self._executed(call)
        elif call.name in ("connect", "bind", "getsockname"):
            self._on_network(call)

    # Working folders.

    def _folder(self, pid: int) -> list[str]:
        """The process's working folder, in a list that threads share."""
        return self._folders_of.setdefault(pid, [self._first])

    def _started(self, call: SystemCall) -> None:
        if call.succeeded and call.number > 0:
            own = self._folder(call.pid)
            self._folders_of[call.number] = own if "CLONE_FS" in call.arguments else list(own)

    def _moved(self, call: SystemCall) -> None:
        if not call.succeeded:
            return
        if call.name == "fchdir":
            path = self._of_fd(call.arguments)
        else:
            found = _PLAIN.match(call.arguments)
            path = self._absolute(call, unescaped(found.group(1))) if found else None
        if path:
            self._folder(call.pid)[0] = self._resolve(path)

    def _absolute(self, call: SystemCall, path: str, base: str | None = None) -> str:
        return posixpath.join(base or self._folder(call.pid)[0], path)

    def _target(self, call: SystemCall) -> tuple[str, str] | None:
        """The first path that a call names, absolute, and the arguments after it; None where it names none."""
        at = call.name in AT_CALLS
        found = (_AT if at else _PLAIN).match(call.arguments)
        if found is None:
            return None
        if not at:
            return self._absolute(call, unescaped(found.group(1))), found.group(2)
        base = unescaped(found.group(1)) if found.group(1) else None
        if base and call.arguments.startswith("AT_FDCWD"):
            self._folder(call.pid)[0] = base
        if not found.group(2):
            if not base or not base.startswith("/") or call.arguments.startswith("AT_FDCWD"):
                return None
            return base, found.group(3)
        return self._absolute(call, unescaped(found.group(2)), base), found.group(3)

    def _of_fd(self, text: str) -> str | None:
        found = _ONLY_FD.match(text)
        path = unescaped(found.group(1)) if found and found.group(1) else ""
        return path if path.startswith("/") else None

    def _named(self, path: str) -> str:
        """`path` with its folder resolved; its last name is kept, be it a symbolic link or nothing."""
        folder, name = posixpath.split(posixpath.normpath(path) if name_is_odd(path) else path.rstrip("/"))
        return posixpath.join(self._resolve(folder), name)

    def _resolve(self, path: str) -> str:
        """`path` without symbolic links, as far as the disk still knows it."""
        real = self._real.get(path)
        if real is None:
            real = self._real[path] = self._look_up(path)
            if real != path:
                self._follow(path)
        return real

    def _follow(self, path: str) -> None:
        """Note the symbolic links that `path` leads through: whoever changes one of them changes what is found there."""
        at = "/"
        for name in path.split("/"):
            if name in ("", ".", ".."):
                at = posixpath.dirname(at) if name == ".." else at
                continue
            named = posixpath.join(at, name)
            at = self._resolve(named)
            if at != named:
                self._read(named, "looks")
                self._resolve(posixpath.join(posixpath.dirname(named), self._read_link(named)))  # which may be the next link

    # What is noted.

    def _note(self, kind: str, path: str) -> None:
        self._seen[kind].add(path)

    def _read(self, path: str, kind: str = "reads") -> None:
        if path not in self._seen["made"]:
            self._seen[kind].add(path)

    def _write(self, path: str, *, made: bool) -> None:
        self._moved_away.pop(path, None)
        self._seen["writes"].add(path)
        if made:
            self._seen["made"].add(path)

    def _change(self, path: str, *, made: bool = False) -> None:
        """A write into what stands there, which a file may have under another name as well."""
        self._write(path, made=made)
        if path in self._twins:
            self._write(self._twins[path], made=False)

    def _failed(self, call: SystemCall, path: str) -> None:
        """A call that failed has only looked."""
        if "ENOTDIR" in call.result:
            self._look(self._resolve(posixpath.dirname(path)))
        elif any(word in call.result for word in _ABSENT):
            self._read(self._named(path), "missing")
        elif "EEXIST" in call.result and call.name.startswith("mkdir"):
            self._note("ensured", self._resolve(path))
        elif call.result != "?":
            self._look(self._resolve(path))

    def _look(self, path: str) -> None:
        """A look-up that did not tell what it found."""
        self._read(path, "looks" if self._is_file(path) else "folders")

    def _looked(self, call: SystemCall) -> None:
        target = self._target(call)
        if target is None:
            return
        path, rest = target
        if call.result[:1] == "?":
            return
        if not call.succeeded:
            self._failed(call, path)
        elif "AT_EMPTY_PATH" in rest and path == self._of_fd(call.arguments):
            return
        elif "S_IFDIR" in rest:
            self._note("folders", self._resolve(path))
        else:
            self._look(self._named(path))
            if not call.name.startswith(("readlink", "lstat")):
                self._look(self._resolve(path))

    def _opened(self, call: SystemCall) -> None:
        target = self._target(call)
        if target is None:
            return
        path, flags = target
        creates = call.name == "creat" or "O_CREAT" in flags
        if not call.succeeded:
            if call.result[:1] != "?":
                self._failed(call, path)
            elif creates:
                self._write(self._named(path), made=True)
            return
        real = self._real_name(call, path)
        if not real.startswith("/") or "O_TMPFILE" in flags:
            return
        if "O_PATH" in flags or "O_DIRECTORY" in flags:
            self._note("folders" if "O_DIRECTORY" in flags else "looks", real)
            return
        if call.name != "creat" and "O_WRONLY" not in flags:
            self._read(real)
        if creates or "O_WRONLY" in flags or "O_RDWR" in flags or "O_TRUNC" in flags:
            self._change(real, made=creates)
            if "O_EXCL" in flags and creates:
                self._note("private", real)

    def _real_name(self, call: SystemCall, path: str) -> str:
        """What was opened, as its descriptor has it; the links on the way are noted where there are any."""
        found = _RESULT_FD.match(call.result)
        if found is None:
            return self._resolve(path)
        real = unescaped(found.group(1))
        if real != path and posixpath.join(self._resolve(posixpath.dirname(path)), posixpath.basename(path)) != real:
            self._resolve(path)
        return real

    def _changed(self, call: SystemCall) -> None:
        target = self._target(call)
        if target is None:
            return
        path, rest = target
        if call.succeeded or call.result[:1] == "?":
            if call.name not in MAKERS:
                self._change(self._resolve(path))
                return
            named = self._named(path)
            self._twins.pop(named, None)
            self._write(named, made=True)
            if call.name.startswith("mkdir") and rest.strip(", ") == "0700":
                self._note("private", named)
            if call.name.startswith("mkdir"):
                self._note("ensured", named)
        else:
            self._failed(call, path)

    def _paired(self, call: SystemCall) -> None:
        """rename, link, symlink: both names are written, except the text that a symbolic link holds."""
        paths = self._pair(call)
        was_made = bool(paths) and self._named(paths[0]) in self._seen["made"]
        for index, path in enumerate(paths):
            if not call.succeeded and call.result[:1] != "?":
                self._failed(call, path)
            elif call.name.startswith("link") and not index:
                self._read(self._named(path))
            else:
                self._write(self._named(path), made=True)
        if len(paths) < 2 or not call.succeeded:
            return
        old, new = map(self._named, paths)
        if call.name.startswith("rename"):
            self._renamed(old, new, was_made=was_made)
        else:
            self._twins[new] = old

    def _renamed(self, old: str, new: str, *, was_made: bool) -> None:
        """What a job made under another name first counts under the last one. What it found may be a folder with all below it."""
        self._twins.pop(new, None)
        if was_made:
            self._moved_away[old] = new
        elif not self._is_file(new):
            self._seen["trees"].update((old, new))

    def _final(self, path: str) -> str:
        """The last name of what stands at a path."""
        for _ in range(_MAX_RENAMES if self._moved_away else 0):
            place = next((folder for folder in (path, *_folders(path)) if folder in self._moved_away), None)
            if place is None:
                break
            path = self._moved_away[place] + path[len(place) :]
        return path

    def _pair(self, call: SystemCall) -> list[str]:
        """The absolute paths that a call with two names changes."""
        if call.name == "symlinkat":
            found = _SYMLINK_AT.match(call.arguments)
            named = [(found.group(2), found.group(3))] if found else []
        elif call.name.endswith(("at", "at2")):
            found = _TWO_AT.match(call.arguments)
            named = [(found.group(1), found.group(2)), (found.group(3), found.group(4))] if found else []
        else:
            found = _TWO_PLAIN.match(call.arguments)
            named = [(None, found.group(1)), (None, found.group(2))] if found else []
            named = named[1:] if call.name == "symlink" else named
        return [self._absolute(call, unescaped(path), unescaped(base) if base else None) for base, path in named]

    def _listed(self, call: SystemCall) -> None:
        path = self._of_fd(call.arguments)
        if path is not None and call.succeeded:
            self._note("lists", path)

    def _changed_by_fd(self, call: SystemCall) -> None:
        path = self._of_fd(call.arguments)
        if path is not None and call.succeeded:
            self._change(path)

    def _executed(self, call: SystemCall) -> None:
        target = self._target(call)
        if target is not None and call.succeeded:
            self._read(self._resolve(target[0]))
        elif target is not None:
            self._failed(call, target[0])

    def _on_network(self, call: SystemCall) -> None:
        port, drawn, socket, whom = bound_port(call), own_port(call), bound_socket(call), contact(call)
        if drawn is not None and drawn not in self._ports:
            self._drawn_ports.add(drawn)
        if port is not None and port not in self._drawn_ports:
            self._ports.add(port)
        if socket is not None:
            self._write(self._named(self._absolute(call, socket)), made=True)
        if whom is not None:
            self._contacts.add(whom)


def _folders(path: str) -> Iterable[str]:
    while "/" in path[1:]:
        path = path.rpartition("/")[0]
        yield path


def name_is_odd(path: str) -> bool:
    """Whether the last name of a path is no name of its own."""
    return path.rstrip("/").rpartition("/")[2] in ("", ".", "..")
