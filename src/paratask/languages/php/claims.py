"""What PHP's commands claim beyond their tool's entry: installed packages, packages of the checkout, a database.

Code that runs, or is analysed as a whole, reads the packages of the checkout that it is made of, and files elsewhere that sources
name. Which database an application is configured for is not looked at: all share one resource.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claims, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.dependencies import read_package_of
from paratask.languages.inferred import BUT_CACHES, claim, read_below, read_sources, write_below
from paratask.languages.kept_caches import marked
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.php.managers import DATABASE
from paratask.languages.php.packages import MANIFESTS, read_package, surely_stays
from paratask.languages.php.scripts import event_claims
from paratask.languages.php.tools import OPTIONAL_PATHS
from paratask.languages.sources_beyond import paths_beyond
from paratask.languages.tool_answers import answer
from paratask.languages.tool_claims import tested
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.php.packages import Package
    from paratask.languages.php.settings import Settings
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

SUFFIXES = (".php", ".phpt", ".inc", "artisan", "console")
_BUT_PHP_CACHES = "/{[!.]*,.[!emp]*,.e[!s]*,.m[!y]*,.p[!h]*}/**"
"""All of a folder but what `BUT_CACHES` leaves out, and what starts with `.ph`: `.phpunit.cache`, `.php-cs-fixer.cache`."""
_RUNNING = frozenset({Mode.BUILD, Mode.SERVE, Mode.MODULE})
_TESTS = "Tests"
_LEFT_OUT = ("/vendor/**", "/composer.lock", f"/{_TESTS}/**")
"""What lies in a package and is nothing to those who are made of it."""
_CACHES = ("cache-dir", "cache-files-dir", "cache-repo-dir", "cache-vcs-dir")
_COPYING = "COMPOSER_MIRROR_PATH_REPOS"
_UPDATING = "--update-snapshots"
"""What snapshots are written anew with, after PHPUnit's `-d`."""
_WORKED_IN = ("bin/console", "var", "storage")
"""What tells of an application that keeps files of its own."""
_APPLICATION = ("artisan", "config/database.php", "config/packages/doctrine.yaml", "config/doctrine.yaml")


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What every tool uses: installed packages; and where it runs or analyses code, what this is made of."""
    place, package = call.place, read_package(call.workspace, call.place)
    vendor = package.vendor if package else posixpath.join(call.workspace, "vendor")
    used = (read_below(vendor, place, f"`{call.key}` runs with the packages installed there"),)
    if call.tool.mode not in _RUNNING and not call.tool.whole:
        return used
    own = package_reads(package, place, f"`{call.key}` runs with this package") if package else _unreadable(call)
    return (*used, *own, *_beyond(call, package))


def caches(package: Package, place: Place) -> tuple[Claim, ...]:
    """Where the manifest puts what Composer has downloaded; with `{$…}` or `~` in it, it is not followed."""
    config = package.manifest.get("config")
    given = [config.get(key) for key in _CACHES] if isinstance(config, dict) else []
    paths = [resolve_path(value, package.folder) for value in given if isinstance(value, str)]
    return tuple(marked(path, place, "`composer.json` has Composer's cache there") for path in paths if path is not None)


def package_reads(package: Package, place: Place, reason: str, *, whole: bool = False) -> tuple[Claim, ...]:
    """The manifest and the packages of the checkout that this one is made of; all that lies in these where they are read `whole`."""
    found = [claim(Access.READ, place.pattern(package.folder, "/composer.{json,lock}"), reason)]
    read = read_sources if whole else _read_other
    found.extend(read(folder, place, f"{reason}, which this one is part of") for folder in package.packages)
    found.extend(read_below(path, place, "`composer.json` names it") for path in package.named)
    if not package.known:
        found.append(read_below(place.root, place, "only the run tells which folders `composer.json` names"))
    return tuple(found)


def _read_other(folder: str, place: Place, reason: str) -> Claim:
    """Reading a package that others are made of; what is not there yet, whole."""
    is_package = place.exists(posixpath.join(folder, MANIFESTS[0]))
    return read_package_of(folder, _LEFT_OUT, place, reason) if is_package else read_sources(folder, place, reason)


def manifests_read(call: Call) -> tuple[Claim, ...]:
    """What Composer looks at of the packages in the checkout, wherever it tells of packages."""
    package = read_package(call.workspace, call.place)
    if package is None:
        return _unreadable(call)
    if not package.known:
        return (read_below(call.place.root, call.place, "only the run tells which folders `composer.json` names"),)
    reason = f"`{call.key}` looks at the packages that this one is made of"
    read = (claim(Access.READ, call.place.pattern(folder, "/composer.{json,lock}"), reason) for folder in package.packages)
    return (*read, *caches(package, call.place))


def only_tests(call: Call) -> bool:
    """Whether a call that runs tests leaves alone what others see of the package: those of an application may write anything."""
    is_updating = any(option.value == _UPDATING for option in call.parsed.options)
    is_application = any(call.place.exists(posixpath.join(call.workspace, name)) for name in (*_APPLICATION, *_WORKED_IN))
    return not is_updating and not is_application


def own_tests(call: Call) -> tuple[Claim, ...]:
    """Tests in a folder that is called as Symfony does, which nobody else looks into either."""
    folder = posixpath.join(call.workspace, _TESTS)
    runs = call.only_tests and call.place.exists(folder)
    return (write_below(folder, call.place, f"`{call.key}` runs the tests there"),) if runs else ()


def working_in(folder: str, call: Call, reason: str) -> tuple[Claim, ...]:
    """What tests that PHP runs itself write in a folder."""
    return tested(folder, call.place, reason, ()) if only_tests(call) else (write_below(folder, call.place, reason),)


def _unreadable(call: Call) -> tuple[Claim, ...]:
    if not call.place.exists(posixpath.join(call.workspace, "composer.json")):
        return ()
    return (read_below(call.place.root, call.place, "`composer.json` cannot be read"),)


def _beyond(call: Call, package: Package | None) -> Iterator[Claim]:
    place = call.place
    for folder in dict.fromkeys((call.workspace, *(package.packages if package else ()))):
        named = paths_beyond(folder, SUFFIXES, MANIFESTS, place) if is_within(folder, place.root) else ()
        if named is None:
            yield read_below(place.root, place, "too many sources to look at which files they name")
        yield from (read_below(path, place, "sources name it") for path in named or ())


def narrowed(entries: Iterable[Claim], call: Call) -> Iterator[Claim]:
    """Readers of a workspace leave the caches of PHP's tools alone."""
    wide = {call.place.pattern(folder, BUT_CACHES): folder for folder in (call.workspace, call.cwd)}
    for entry in entries:
        folder = wide.get(entry.pattern) if entry.access is Access.READ else None
        yield entry if folder is None else replace(entry, pattern=call.place.pattern(folder, _BUT_PHP_CACHES))


def configured(call: Call, settings: Settings, *, edits: bool) -> tuple[Claim, ...]:
    """What the tool's configuration names beyond its folder; what an editor reads there, it also writes."""
    place, reason = call.place, f"the configuration of `{call.key}` names it"
    of_read = write_below if edits else read_below
    found = [write_below(path, place, reason) for path in settings.writes]
    found.extend(of_read(path, place, reason) for path in settings.reads)
    if not is_within(settings.folder, call.workspace) and not call.parsed.operands:
        found.append(of_read(settings.folder, place, f"the configuration of `{call.key}` lies there, and may mean all of it"))
    if settings.somewhere:
        found.append(write_below(settings.folder, place, f"the configuration of `{call.key}` puts its cache somewhere here"))
    if call.tool.mode is Mode.BUILD and settings.folder != call.workspace:
        above = call.place.workspace(settings.folder, MANIFESTS) or settings.folder
        found.append(write_below(above, place, f"`{call.key}` is configured to work there"))
    return tuple(found)


def optional_paths(call: Call) -> tuple[Claim, ...] | None:
    """Values after `=` of options that need none. None where one may lead out of the workspace, for an option that is not known so."""
    found: list[Claim] = []
    for option in call.parsed.options:
        if option.role not in (Role.FLAG, Role.WHOLE, Role.CHECKS, Role.EDITS) or option.value == "":
            continue
        path = resolve_path(option.value, call.cwd)
        if path is None:
            return None
        if option.name in OPTIONAL_PATHS.split():
            found.append(write_below(path, call.place, f"`{call.key} {option.name}` names it"))
        elif not is_within(path, call.workspace):
            return None
    return tuple(found)


def database(call: Call, settings: Settings | None) -> tuple[Claim, ...]:
    """The database that tests of an application run on, unless they have one in memory."""
    application = any(call.place.exists(posixpath.join(call.workspace, name)) for name in _APPLICATION)
    if not application or (settings is not None and settings.in_memory):
        return ()
    return (claim(Access.EXCLUSIVE, DATABASE, f"`{call.key}` runs tests of an application on its database"),)


def install(call: Call, package: Package) -> Delegation | None:
    """What a command of Composer changes, with the scripts that run on the way."""
    place, reason = call.place, f"`{call.key}`: {call.tool.summary}"
    copies = package.copies or _COPYING in call.invocation.environment
    entries = list(package_reads(package, place, f"`{call.key}` reads what is to be installed", whole=copies))
    entries.append(read_sources(package.folder, place, f"`{call.key}` may look for classes here"))
    entries.extend(caches(package, place))
    for name in () if call.parsed.all(Role.CHECKS) else call.tool.writes.split():
        if name == "vendor":
            entries.extend(write_below(path, place, reason) for path in dict.fromkeys((package.vendor, package.programs)))
        elif name != "composer.lock" or not (package.locked and call.tool.environment == "install"):
            entries.append(claim(Access.WRITE, place.pattern(package.folder, f"/{name}"), reason))
    silent = call.parsed.named("--no-scripts") or call.tool.environment == "none"
    scripts = [] if silent else event_claims(call.tool.environment, package, place)
    if not surely_stays(package) and not call.parsed.named("--no-plugins"):
        entries.append(write_below(package.folder, place, f"`{call.key}` runs plugins, which may put files anywhere here"))
    own = answer(call, entries)
    if own is None:
        return None
    if scripts is None or any(part.evidence is Evidence.NONE for part in scripts):
        why = f"`{call.key}` runs scripts of `composer.json`, which may do anything"
        return Delegation(claims=unknown(why), reason=why)
    claims = union([*scripts, Claims(entries=own.claims, evidence=Evidence.INFERRED)])
    return Delegation(claims=claims, reason=reason)
