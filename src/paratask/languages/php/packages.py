"""What `composer.json` and `composer.lock` say: scripts, folders, and which packages of the checkout a package is made of.

Follows Composer's documentation ("The composer.json schema", "Repositories: path", "Scripts"). A package in the checkout counts
where a `path` repository of the root manifest leads to it and something required asks for it, or where the lock says so. Reads
through `Place`, with a JSON parser; does not know the user's own configuration.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.languages.options import resolve_path
from paratask.languages.workspaces import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

MANIFESTS = ("composer.json",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package, with its manifest. All paths are absolute.

    `packages` are the folders of packages in the checkout that it is made of; `named` are other paths beyond its folder that it
    loads code from. `known` is False where only the run tells which these are. `copies` is whether installing copies packages of
    the checkout instead of linking to them.
    """

    folder: str
    manifest: Mapping[str, object]
    vendor: str
    programs: str
    locked: bool
    packages: tuple[str, ...]
    named: tuple[str, ...]
    known: bool
    copies: bool

    @property
    def scripts(self) -> Mapping[str, object]:
        """The scripts that the manifest defines."""
        return _table(self.manifest, "scripts")


def read_package(folder: str, place: Place) -> Package | None:
    """The package in `folder`; None where its manifest cannot be read."""
    manifest = _read(posixpath.join(folder, "composer.json"), place)
    if manifest is None:
        return None
    config = _table(manifest, "config")
    vendor = resolve_path(str(config.get("vendor-dir") or "vendor"), folder)
    programs = resolve_path(str(config.get("bin-dir") or "vendor/bin"), folder) if "bin-dir" in config else None
    lock = posixpath.join(folder, "composer.lock")
    locked = _read(lock, place)
    found = _repositories(folder, manifest, place)
    known = found is not None and vendor is not None and not (locked is None and place.exists(lock))
    vendor = vendor or folder
    return Package(
        folder=folder,
        manifest=manifest,
        vendor=vendor,
        programs=programs or posixpath.join(vendor, "bin"),
        locked=locked is not None,
        packages=tuple(dict.fromkeys((*_required(manifest, found or {}), *_locked(folder, locked or {})))),
        named=tuple(_autoloaded(folder, manifest)),
        known=known,
        copies=any(_table(each, "options").get("symlink") is False for each in _listed(manifest)),
    )


def _read(path: str, place: Place) -> Mapping[str, object] | None:
    text = place.read_text(path)
    return None if text is None else _parsed(text)


@lru_cache(maxsize=1_024)
def _parsed(text: str) -> Mapping[str, object] | None:
    import json

    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _table(document: object, name: str) -> Mapping[str, object]:
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, dict) else {}


def _repositories(folder: str, manifest: Mapping[str, object], place: Place) -> dict[str, Mapping[str, object]] | None:
    """The manifests of packages that `path` repositories lead to, by their folder; of `artifact` ones, the folder of archives. None where a path is not known."""
    found: dict[str, Mapping[str, object]] = {}
    for each in _listed(manifest):
        if each.get("type") not in ("path", "artifact"):
            continue
        folders = _folders(str(each.get("url") or ""), folder, place)
        if folders is None:
            return None
        found.update((path, _read(posixpath.join(path, "composer.json"), place) or {}) for path in folders)
    return found


def _listed(manifest: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    declared = manifest.get("repositories")
    listed = declared.values() if isinstance(declared, dict) else declared if isinstance(declared, list) else ()
    yield from (each for each in listed if isinstance(each, dict))


def _folders(url: str, folder: str, place: Place) -> tuple[str, ...] | None:
    """The folders that a `url` of a path repository names, wildcards included."""
    base = resolve_path(url, folder)
    if base is None or "{" in url:
        return None
    parts = url.rstrip("/").split("/")
    wild = next((index for index, part in enumerate(parts) if any(char in part for char in "*?[")), None)
    return (base,) if wild is None else members(base, ["/".join(parts[wild:])], place)


def _required(manifest: Mapping[str, object], found: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """The folders of `found` that the manifest asks for, directly or through one another."""
    wanted = {*_table(manifest, "require"), *_table(manifest, "require-dev")}
    waiting = dict(found)
    while True:
        named = [folder for folder, package in waiting.items() if not package.get("name") or package.get("name") in wanted]
        if not named:
            return
        for folder in named:
            wanted.update(_table(waiting.pop(folder), "require"))
            yield folder


def _locked(folder: str, lock: Mapping[str, object]) -> Iterator[str]:
    for kind in ("packages", "packages-dev"):
        listed = lock.get(kind)
        for package in listed if isinstance(listed, list) else ():
            dist = _table(package, "dist")
            path = resolve_path(str(dist.get("url") or ""), folder) if dist.get("type") == "path" else None
            if path is not None:
                yield path


def _autoloaded(folder: str, manifest: Mapping[str, object]) -> Iterator[str]:
    """Paths out of the folder that classes are loaded from."""
    for kind in ("autoload", "autoload-dev"):
        for paths in _table(manifest, kind).values():
            values = list(paths.values()) if isinstance(paths, dict) else paths
            for value in values if isinstance(values, list) else ():
                for text in value if isinstance(value, list) else (value,):
                    path = resolve_path(text, folder) if isinstance(text, str) and text.startswith("..") else None
                    if path is not None:
                        yield path


def surely_stays(package: Package) -> bool:
    """Whether no plugin of Composer may run that puts files elsewhere than among the installed packages."""
    allowed = _table(package.manifest, "config").get("allow-plugins")
    if isinstance(allowed, dict):
        return all(name in _STAYING for name, on in allowed.items() if on)
    return not allowed


_STAYING = frozenset(
    {
        "phpstan/extension-installer",
        "pestphp/pest-plugin",
        "dealerdirect/phpcodesniffer-composer-installer",
        "infection/extension-installer",
        "ergebnis/composer-normalize",
        "symfony/runtime",
    }
)
"""Plugins that write among the installed packages, and nowhere else in the checkout."""
