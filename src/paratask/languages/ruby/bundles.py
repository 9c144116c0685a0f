"""Bundler's files: which Gemfile counts in a folder, and which packages of the checkout it is made of.

`Gemfile.lock` is a plain format, and its `PATH` sections are what Bundler itself made of the Gemfile. The Gemfile is a program;
of it, literal `gem … path:`, `path … do`, `gemspec` and `eval_gemfile` are understood, in whatever branch they stand. What else
it may do is told by `literal`. Follows Bundler's manual pages gemfile(5) and bundle-config(1). Reads only through `Place`; does
not know the user's own configuration (`~/.bundle/config`).
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.options import resolve_path
from paratask.languages.ruby.syntax import arguments, calls, literal, method_of, nodes, parse_ruby, source
from paratask.languages.sources_beyond import named_beyond

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

GEMFILES = ("Gemfile", "gems.rb")
_MAX_NESTED = 8
_MERGE_MARK = "<<<<<<<"
_LOADING = ("eval_gemfile", "require_relative", "load", "instance_eval", "eval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One Gemfile with its lock. All paths are absolute.

    `packages` are the folders of gems in the checkout, `files` what else it reads. `literal` is False where the Gemfile may name
    packages that cannot be seen in it, `bounded` where it may read files that cannot. `installed` is the folder that gems are
    installed to, where the bundle's own configuration names one.
    """

    gemfile: str
    lock: str
    locked: bool
    packages: tuple[str, ...]
    files: tuple[str, ...]
    literal: bool
    bounded: bool
    installed: str | None

    @property
    def folder(self) -> str:
        """Where the Gemfile lies."""
        return posixpath.dirname(self.gemfile)

    @property
    def settled(self) -> bool:
        """Whether all packages are known: from the lock, or because the Gemfile is literal."""
        return self.bounded and (self.locked or self.literal)


def find_gemfile(folder: str, place: Place) -> str | None:
    """The Gemfile that Bundler uses in `folder`: in it, or the nearest above, also above the root."""
    while True:
        found = next((path for name in GEMFILES if place.exists(path := posixpath.join(folder, name))), None)
        if found or folder == posixpath.dirname(folder):
            return found
        folder = posixpath.dirname(folder)


def read_bundle(gemfile: str, environment: Mapping[str, Word], place: Place) -> Bundle:
    """The bundle of the Gemfile at this path, which need not exist."""
    found = _Found()
    _read_gemfile(gemfile, found, place, 0)
    lock = posixpath.join(posixpath.dirname(gemfile), "gems.locked") if gemfile.endswith("/gems.rb") else f"{gemfile}.lock"
    text = place.read_text(lock)
    remotes = None if text is None or _MERGE_MARK in text else tuple(locked_paths(text))
    folders = [path for remote, names in remotes or () for path in _gem_folders(remote, names, lock, found, place)]
    return Bundle(
        gemfile=gemfile,
        lock=lock,
        locked=remotes is not None,
        packages=tuple(dict.fromkeys((*found.packages, *folders))),
        files=tuple(dict.fromkeys(found.files)),
        literal=found.literal,
        bounded=found.bounded,
        installed=_installed(gemfile, environment, place),
    )


class _Found:
    """What the Gemfile and those that it loads have said so far."""

    def __init__(self) -> None:
        self.packages: list[str] = []
        self.files: list[str] = []
        self.literal = True
        self.bounded = True


def locked_paths(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The `PATH` sections of a lock file: the folder of each as written, and the names of the gems in it."""
    names: list[str] = []
    section, remote = "", ""
    for line in [*text.splitlines(), "END"]:
        if line and not line[0].isspace():
            if section == "PATH" and remote:
                yield remote, tuple(names)
            section, remote, names = line.strip(), "", []
        elif line.startswith("  remote: "):
            remote = line.removeprefix("  remote: ").strip()
        elif line.startswith("    ") and not line.startswith("     "):
            names.append(line.split()[0])


def _gem_folders(remote: str, names: tuple[str, ...], lock: str, found: _Found, place: Place) -> Iterator[str]:
    folder = resolve_path(remote, posixpath.dirname(lock))
    if folder is None:
        found.bounded = False
        return
    for name in names:
        yield gem_folder(folder, name, place)


def gem_folder(folder: str, name: str, place: Place) -> str:
    """Where the gem lies that Bundler finds in `folder`: there, or up to two folders below, by its gemspec; else all of `folder`."""
    wanted, level = f"{name}.gemspec", [folder]
    for _ in range(3):
        for each in level:
            if place.exists(posixpath.join(each, wanted)):
                return each
        level = [posixpath.join(each, child) for each in level for child in place.listdir(each) if "." not in child]
    return folder


def _read_gemfile(path: str, found: _Found, place: Place, depth: int) -> None:
    text = place.read_text(path)
    root = None if text is None else parse_ruby(text)
    if depth > _MAX_NESTED or (root is None and place.exists(path)):
        found.literal = found.bounded = False
        return
    found.files.extend(named_beyond(path, posixpath.dirname(path), place))
    if root is None:
        return
    if any(node.type == "identifier" and source(node) == "gemspec" for node in nodes(root)):
        found.packages.append(posixpath.dirname(path))
    for call in calls(root):
        given, method = arguments(call), method_of(call)
        if method in _LOADING:
            target = literal(given.words[0], path) if len(given.words) == 1 else None
            plain = method == "eval_gemfile" or (target or "").endswith(".rb")
            target = target if plain or target is None else f"{target}.rb"
            _read_nested(target if method in _LOADING[:3] else None, path, found, place, depth)
        elif method in ("gem", "gemspec", "path"):
            wanted = given.named.get("path") if method != "path" else (given.words[0] if given.words else None)
            found.literal = found.literal and given.complete and all(word.type != "identifier" for word in given.words[1:])
            if wanted is not None:
                name = literal(given.words[0], path) if method == "gem" and given.words else None
                _add_package(literal(wanted, path), name, path, found, place)


def _read_nested(target: str | None, path: str, found: _Found, place: Place, depth: int) -> None:
    resolved = None if target is None else resolve_path(target, posixpath.dirname(path))
    if resolved is None:
        found.bounded = found.literal = False
        return
    found.files.append(resolved)
    _read_gemfile(resolved, found, place, depth + 1)


def _add_package(wanted: str | None, name: str | None, path: str, found: _Found, place: Place) -> None:
    folder = None if wanted is None else resolve_path(wanted, posixpath.dirname(path))
    if folder is None:
        found.literal = False
        return
    found.packages.append(folder if name is None else gem_folder(folder, name, place))


def _installed(gemfile: str, environment: Mapping[str, Word], place: Place) -> str | None:
    """The folder that `BUNDLE_PATH` names, in the environment or in the bundle's configuration."""
    folder = posixpath.dirname(gemfile)
    value = environment.get("BUNDLE_PATH")
    if not value:
        settings = configuration(folder, place)
        deployed = str(settings.get("BUNDLE_DEPLOYMENT", "")).lower() == "true" or environment.get("BUNDLE_DEPLOYMENT")
        value = str(settings.get("BUNDLE_PATH") or ("vendor/bundle" if deployed else ""))
    return resolve_path(value, folder) if value else None


def configuration(folder: str, place: Place) -> Mapping[str, object]:
    """`.bundle/config` of the Gemfile's folder; empty where there is none or it cannot be read."""
    text = place.read_text(posixpath.join(folder, ".bundle/config"))
    if text is None:
        return {}
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return value if isinstance(value, dict) else {}
