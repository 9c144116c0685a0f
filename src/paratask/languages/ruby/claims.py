"""What Ruby's commands claim beyond their tool's entry: the bundle, the gems it is made of, installed gems, a database.

Where a bundle runs code, the gems of the checkout that it is made of are read whole, with what sources name beyond their folders.
Bundler also brings a lock up to date that no longer fits; it is taken to fit where there is one. Which database an application is
configured for is not looked at: all share one resource.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import dataclass
from paratask.languages.dependencies import read_package_of
from paratask.languages.inferred import claim, read_below, read_sources, write_below
from paratask.languages.options import is_within, resolve_path
from paratask.languages.ruby.bundles import GEMFILES, Bundle, find_gemfile, read_bundle
from paratask.languages.ruby.managers import DATABASE, GEMFILE, LOCK, SETTINGS, STORE
from paratask.languages.ruby.testing import kept
from paratask.languages.sources_beyond import named_beyond, paths_beyond
from paratask.languages.tool_claims import tested
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Invocation, Place

SUFFIXES = (".rb", ".rake", ".gemspec", ".ru", "Rakefile")
_REFUSED = frozenset(
    {"BUNDLE_APP_CONFIG", "BUNDLE_BIN", "SPEC_OPTS", "RUBOCOP_OPTS", "TESTOPTS", "RAKEOPT", "RSPEC_OPTS", "YARD_OPTS"}
)
_HARMLESS_WORDS = frozenset(
    "--color --no-color --colour --no-colour --force-color --fail-fast --no-fail-fast --backtrace -b --profile --no-profile --order --seed "
    "rand random defined --parallel --no-parallel --trace --verbose -v --quiet -q --format --format=documentation --format=progress "
    "documentation doc d progress p --warnings -w --dry-run --display-cop-names --extra-details".split()
)
"""Words of options in variables that name no file."""
_OWN = frozenset({"BUNDLE_GEMFILE", "BUNDLE_PATH", "RUBYLIB", "RUBYOPT"})
_HARMLESS_OPTIONS = ("-W", "-w", "--yjit", "--jit", "--enable", "--disable", "-rbundler/setup", "-d", "-E", "-K")
_RUNNING = frozenset({Mode.BUILD, Mode.SERVE, Mode.MODULE})
_CHECKER = "steep"
_LEFT_OUT = ("/{coverage,doc,pkg,tmp,log}/**", "/{Gemfile.lock,gems.locked}")
"""What lies in a gem and is nothing to those who are made of it."""
_HELPERS = (".simplecov", "spec/spec_helper.rb", "spec/rails_helper.rb", "test/test_helper.rb", "test/helper.rb")
_COVERAGE = "coverage_dir"
_WORKED_IN = ("config.ru", "db", "log", "storage")
"""What tells of an application that keeps files of its own."""
_APPLICATION = (
    "config/database.yml",
    "config/application.rb",
    "test/dummy/config/database.yml",
    "spec/dummy/config/database.yml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the variables written before a program say, and the bundle around it.

    `libraries` are folders of `RUBYLIB`; `environment` are the variables that are none of Ruby's own.
    """

    bundle: Bundle | None
    libraries: tuple[str, ...]
    environment: Mapping[str, Word]


def read_context(invocation: Invocation, place: Place) -> Context | None:
    """The context of a call; None where a variable is not understood, or not known."""
    given = invocation.environment
    if any(name in _REFUSED and not _is_harmless(value) for name, value in given.items()) or any(
        given.get(name, "") is None for name in _OWN
    ):
        return None
    options = (given.get("RUBYOPT") or "").split()
    if not all(word.startswith(_HARMLESS_OPTIONS) for word in options):
        return None
    named = given.get("BUNDLE_GEMFILE")
    gemfile = resolve_path(named, invocation.cwd) if named else find_gemfile(invocation.cwd, place)
    libraries = [resolve_path(word, invocation.cwd) for word in (given.get("RUBYLIB") or "").split(":") if word]
    if (named and gemfile is None) or any(path is None for path in libraries):
        return None
    return Context(
        bundle=read_bundle(gemfile, given, place) if gemfile else None,
        libraries=tuple(path for path in libraries if path is not None),
        environment={name: value for name, value in given.items() if name not in _OWN},
    )


def _is_harmless(options: Word) -> bool:
    """Whether the options that a variable adds to a call name no file."""
    return options is not None and all(word in _HARMLESS_WORDS or word.isdigit() for word in options.split())


def surroundings(call: Call, context: Context) -> tuple[Claim, ...]:
    """What every tool uses: installed gems; and where it runs code, the bundle."""
    place, reason = call.place, f"`{call.key}` uses it"
    if call.tool.environment:
        return ()
    shared = [claim(Access.SHARED, STORE, reason)]
    shared.extend(read_below(path, place, "`RUBYLIB` names it") for path in context.libraries)
    if context.bundle and context.bundle.installed:
        shared.append(read_below(context.bundle.installed, place, f"`{call.key}` is installed there"))
    if call.tool.mode not in _RUNNING and not call.tool.whole:
        return tuple(shared)
    used = bundle_reads(context.bundle, place, f"`{call.key}` runs with this bundle") if context.bundle else ()
    return (*shared, *used, *_beyond(call, context))


def bundle_reads(bundle: Bundle, place: Place, reason: str) -> tuple[Claim, ...]:
    """The bundle's files, and the gems in the checkout that it is made of."""
    lock = Access.READ if bundle.locked else Access.WRITE
    found = [
        claim(Access.READ, place.pattern(bundle.gemfile), reason),
        claim(lock, place.pattern(bundle.lock), reason if bundle.locked else f"{reason}, which has no lock yet"),
        claim(Access.SHARED, SETTINGS, reason),
        read_below(posixpath.join(bundle.folder, ".bundle"), place, reason),
    ]
    named = (path for path in bundle.files if path not in bundle.packages)
    found.extend(read_below(path, place, "the Gemfile names it") for path in named)
    found.extend(_read_gem(folder, place, f"{reason}, which this gem is part of") for folder in bundle.packages)
    if not bundle.settled:
        found.append(read_below(place.root, place, "only the run tells which folders the Gemfile names"))
    return tuple(found)


def _read_gem(folder: str, place: Place, reason: str) -> Claim:
    """Reading a gem that others are made of; what is not there yet, or is found in some other way, whole."""
    is_gem = any(name.endswith(".gemspec") for name in place.listdir(folder))
    return read_package_of(folder, _LEFT_OUT, place, reason) if is_gem else read_sources(folder, place, reason)


def _beyond(call: Call, context: Context) -> Iterator[Claim]:
    """Files elsewhere that sources name: those of the workspace, and of the gems that its bundle is made of."""
    place = call.place
    packages = context.bundle.packages if context.bundle else ()
    for folder in dict.fromkeys((call.workspace, *packages)):
        named = _named(folder, call) if is_within(folder, place.root) else ()
        if named is None:
            yield read_below(place.root, place, "too many sources to look at which files they name")
        for path in named or ():
            yield read_below(path, place, "sources name it")
            yield claim(Access.READ, place.pattern(path + ".rb"), "sources name it")


def _named(folder: str, call: Call) -> tuple[str, ...] | None:
    """What the sources in a folder name beyond it. None where there are too many. steep follows no `require`: its own file says what it reads."""
    if call.program == _CHECKER:
        given = [resolve_path(option.value, call.cwd) for option in call.parsed.named("--steepfile")]
        paths = [path for path in given if path] or [posixpath.join(folder, "Steepfile")]
        return tuple(beyond for path in paths for beyond in named_beyond(path, folder, call.place))
    return paths_beyond(folder, SUFFIXES, GEMFILES, call.place)


def is_application(call: Call) -> bool:
    """Whether the workspace is that of an application, of which tests may write anything."""
    return any(call.place.exists(posixpath.join(call.workspace, name)) for name in _APPLICATION)


def only_tests(call: Call) -> bool:
    """Whether a call that runs tests leaves alone what others see of the gem: no application does, nor who says where coverage goes."""
    if any(call.place.exists(posixpath.join(call.workspace, name)) for name in _WORKED_IN):
        return False
    texts = (call.place.read_text(posixpath.join(call.workspace, name)) or "" for name in _HELPERS)
    return not is_application(call) and not any(_COVERAGE in text for text in texts)


def working_in(folder: str, call: Call, reason: str) -> tuple[Claim, ...]:
    """What tests that ruby runs itself write in a folder."""
    return tested(folder, call.place, reason, kept(call)) if only_tests(call) else (write_below(folder, call.place, reason),)


def database(call: Call) -> tuple[Claim, ...]:
    """The database that tests of an application run on."""
    if not is_application(call):
        return ()
    return (claim(Access.EXCLUSIVE, DATABASE, f"`{call.key}` runs tests of an application on its database"),)


def installing(call: Call, bundle: Bundle) -> tuple[Claim, ...] | None:
    """What a command of Bundler changes: the bundle's files, and the installed gems."""
    place, reason = call.place, f"`{call.key}`: {call.tool.summary}"
    frozen = bundle.locked and bool(call.parsed.named("--frozen", "--deployment"))
    found: list[Claim] = []
    for name in call.tool.writes.split():
        if name == LOCK:
            found.append(claim(Access.READ if frozen else Access.WRITE, place.pattern(bundle.lock), reason))
        elif name == GEMFILE:
            found.append(claim(Access.WRITE, place.pattern(bundle.gemfile), reason))
        else:
            found.append(write_below(posixpath.join(bundle.folder, name), place, reason))
    if call.tool.environment:
        found.extend(_installed(call, bundle, reason))
    if bundle.locked or call.key not in ("bundle config", "bundle init"):
        found.extend(_read_for(bundle, place, f"`{call.key}` reads what is to be installed"))
    return tuple(found)


def _read_for(bundle: Bundle, place: Place, reason: str) -> Iterator[Claim]:
    yield from (entry for entry in bundle_reads(bundle, place, reason) if entry.access is not Access.WRITE)
    if not bundle.literal:
        yield read_below(place.root, place, "only the run tells which folders the Gemfile names")


def _installed(call: Call, bundle: Bundle, reason: str) -> Iterator[Claim]:
    """Where gems are installed to; and gems of the checkout whose extensions are built in place."""
    place = call.place
    yield claim(Access.SHARED, "bundler-cache", reason)
    yield write_below(posixpath.join(bundle.folder, ".bundle"), place, reason)
    yield write_below(bundle.installed or posixpath.join(bundle.folder, "vendor/bundle"), place, reason)
    if not bundle.installed and not call.parsed.named("--path", "--deployment"):
        yield claim(Access.EXCLUSIVE, STORE, reason)
    for folder in bundle.packages:
        if place.exists(posixpath.join(folder, "ext")):
            yield write_below(folder, place, f"`{call.key}` builds its extensions in place")
