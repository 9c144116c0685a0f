"""The plugin for Ruby: recognises Bundler, RubyGems, rake, Rails, and the tools around them. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a script of the
repository does (`ruby script.rb`), nor a task whose Rakefile cannot be seen through, and recognises neither.
"""

from __future__ import annotations

import posixpath
from functools import partial

from paratask.claims.model import Access, Claims, Evidence, union
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.kept_caches import marked
from paratask.languages.options import Role, is_within, parse, resolve_path, roles
from paratask.languages.ruby.bundles import GEMFILES, Bundle, find_gemfile, read_bundle
from paratask.languages.ruby.claims import bundle_reads, database, installing, only_tests, read_context, surroundings
from paratask.languages.ruby.managers import MANAGERS, STORE
from paratask.languages.ruby.rakefiles import find_rakefile, reached, read_rakefile
from paratask.languages.ruby.running import checked, is_test, tests, with_libraries, without_program
from paratask.languages.ruby.scripts import (
    OPTION_FILES,
    PARALLEL_FILES,
    RUBOCOP_CACHE,
    binstub,
    caches_of_rubocop,
    inherited_settings,
    loads_tests,
    options_in,
    outputs_of_site,
    repairs_by_settings,
)
from paratask.languages.ruby.testing import as_programs, kept
from paratask.languages.ruby.tools import CHECKS, DOCUMENTATION, SERVERS, TESTS
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import recognise_call
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.ruby.claims import Context
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = (*GEMFILES, "*.gemspec")
TOOLS: Mapping[str, Tool] = {**TESTS, **CHECKS, **DOCUMENTATION, **SERVERS, **MANAGERS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_NAMES_OUTPUT = {"rdoc": (".rdoc_options", "op_dir"), "brakeman": ("config/brakeman.yml", "output_file")}
"""Settings, and the word in them with which they say where something is written."""
_AFTER_DATABASE = ("db:", "test", "spec", "tmp:", "log:", "assets:", "zeitwerk:")
"""How tasks of Rails begin that may follow one for the database in the same call, and write no more than that."""
_PRODUCTION = frozenset({"production", "staging", None})


def manifests() -> Sequence[str]:
    """Files that make a folder a Ruby workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None:
        return _binstub(invocation.words[0], invocation.words[1:], invocation, place) if invocation.words else None
    if name not in TOOLS or " " in name:
        return None
    found = _recognise(name, invocation, place)
    return with_root(found, place)


def _recognise(name: str, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    context = read_context(invocation, place)
    words = None if context is None else _words(name, invocation, place)
    if context is None or words is None:
        return None
    language = Language(
        name="ruby",
        tools=TOOLS,
        manifests=_manifests(invocation.cwd, place),
        settings="{.*,*.{yml,yaml,toml,gemspec},Steepfile,Gemfile*,gems.*}",
        surroundings=partial(surroundings, context=context),
    )
    cleaned = replace(invocation, environment=context.environment)
    call = resolve_call(name, words, cleaned, language, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    return _of_call(call, context, invocation)


def _words(name: str, invocation: Invocation, place: Place) -> tuple[Word, ...] | None:
    """The words after the program, with those in a file of options before them; None where such a file is not understood."""
    words = invocation.words[1:]
    if name == "bundle" and words[:1] == ("audit",):
        return ("exec", "bundle-audit", *words[1:])
    if name == "bundle" and all(word is not None and word.startswith("-") for word in words):
        informs = ("--version", "-v", "-h", "--help")
        return ("version",) if words and words[0] in informs else ("install", *words)
    head = words[0] if words else ""
    if TOOLS[name].default and head is not None and not head.startswith("-") and head and f"{name} {head}" not in TOOLS:
        return None
    if name.startswith("parallel_") and not _harmless_options(invocation.cwd, place):
        return None
    if name == "standardrb" and "--no-fix" not in words and repairs_by_settings(invocation.cwd, place):
        return ("--fix", *words)
    file = OPTION_FILES.get(name)
    if file is None:
        return words
    read = [options_in(posixpath.join(invocation.cwd, each), place) for each in file.split()]
    if any(words_read is None for words_read in read):
        return None
    given = tuple(word for words_read in read for word in words_read or ())
    return (head, *given, *words[1:]) if f"{name} {head}" in TOOLS else (*given, *words)


def _harmless_options(folder: str, place: Place) -> bool:
    """Whether the files of options for processes that run side by side are understood, and none names an output."""
    for name in PARALLEL_FILES:
        words = options_in(posixpath.join(folder, name), place)
        given = None if words is None else parse(words, roles(TESTS["rspec"].options))
        if given is None or given.all(Role.WRITES):
            return False
    return True


def _manifests(folder: str, place: Place) -> tuple[str, ...]:
    """The names of manifests that count here: gemspecs are named after their gem."""
    above = folders_above(folder, place)
    specifications = (name for each in above for name in place.listdir(each) if name.endswith(".gemspec"))
    return (*GEMFILES, *dict.fromkeys(specifications))


def _of_call(call: Call, context: Context, written: Invocation) -> Recognition | Delegation | None:
    family = call.key.partition(" ")[0]
    if call.key == "bundle exec":
        return _exec(call, context, written)
    if family == "bundle":
        return _bundle(call, context)
    if family == "rake":
        return _rake(call, written)
    if family == "ruby":
        return _ruby(call, written)
    if call.key.startswith("rails db:") and not (_is_local(call) and all(map(_goes_with_database, call.parsed.operands))):
        return None
    if family == "jekyll":
        return _jekyll(call)
    if family in _NAMES_OUTPUT and _names_output(call, *_NAMES_OUTPUT[family]):
        return None
    if family == "gem" and call.tool.mode is Mode.INSTALL:
        return _gem(call)
    found = recognise_call(_as_tests(call))
    if found is None or family in ("gem", "rails") or call.tool.mode is not Mode.BUILD:
        return _linting(call, found)
    return replace(found, claims=unique((*found.claims, *database(call))))


def _as_tests(call: Call) -> Call:
    """The call with what its tests leave alone; not as one of tests where they may write anything."""
    if not only_tests(call):
        return replace(call, tool=replace(call.tool, tests=False, checks=call.is_transient))
    return replace(call, language=replace(call.language, kept_by_tests=kept(call))) if call.tool.tests else call


def _names_output(call: Call, file: str, word: str) -> bool:
    """Whether the tool's settings name where it writes, or may."""
    given = [resolve_path(option.value, call.cwd) for option in call.parsed.named("-c", "--config-file")]
    paths = given or [posixpath.join(call.cwd, file)]
    return any(path is None or word in (call.place.read_text(path) or "") for path in paths)


def _goes_with_database(word: str) -> bool:
    """Whether a word after a task for the database is another one, or a test, or a setting of such."""
    name, equals, _ = word.partition("=")
    return name in ("VERSION", "STEP", "SCOPE") if equals else name.startswith(_AFTER_DATABASE) and f"rails {name}" in TOOLS


def _is_local(call: Call) -> bool:
    """Whether the database is not named as one that others use."""
    return not any(call.invocation.environment.get(name, "") in _PRODUCTION for name in ("RAILS_ENV", "RACK_ENV"))


def _linting(call: Call, found: Recognition | None) -> Recognition | None:
    """RuboCop and its kin look for settings in the folders above as well."""
    if found is None or "rubocop-cache" not in call.tool.shares:
        return found
    names = "/.{rubocop*,standard*,ruby-version,tool-versions}"
    above = [folder for folder in folders_above(call.workspace, call.place) if folder != call.workspace]
    settings = (claim(Access.READ, call.place.pattern(folder, names), f"settings of `{call.key}`") for folder in above)
    named = inherited_settings(call.workspace, call.place)
    inherited = (read_below(path, call.place, f"settings of `{call.key}`") for path in named)
    return replace(found, claims=unique((*as_programs(call, _but_caches(found.claims, call)), *settings, *inherited)))


def _but_caches(entries: Sequence[Claim], call: Call) -> Iterator[Claim]:
    """Where RuboCop is told to keep its cache, which several may fill; whatever else it reads there, it is not that."""
    folders = _caches(call)
    if call.cwd in folders:
        yield write_below(call.cwd, call.place, f"`{call.key}` has its cache somewhere here")
    patterns = tuple(call.place.pattern(folder, "/**") for folder in folders if folder != call.cwd)
    for entry in entries:
        of_files = entry.access is Access.READ and entry.pattern.endswith("**")
        yield replace(entry, excluding=(*entry.excluding, *patterns)) if of_files else entry
    yield from (marked(folder, call.place, f"cache of `{call.key}`") for folder in folders if folder != call.cwd)


def _caches(call: Call) -> tuple[str, ...]:
    """The folders of RuboCop's cache, by an option, a variable, or settings; the call's own where only the run tells."""
    given = [option.value for option in call.parsed.named("--cache-root")]
    given = given or [value for name, value in call.invocation.environment.items() if name == "RUBOCOP_CACHE_ROOT" and value]
    if given:
        path = resolve_path(given[-1], call.cwd)
        return (call.cwd if path is None else posixpath.join(path, RUBOCOP_CACHE),)
    settings = [path for option in call.parsed.named("-c", "--config") if (path := resolve_path(option.value, call.cwd))]
    return caches_of_rubocop(call.cwd, settings, call.place)


def _given_bundle(call: Call, context: Context) -> Bundle | None:
    """The bundle of `--gemfile`, else the one around. None where the option's value is not known."""
    given = [option.value for option in call.parsed.named("--gemfile")]
    if not given:
        return context.bundle or read_bundle(posixpath.join(call.cwd, "Gemfile"), {}, call.place)
    path = resolve_path(given[-1], call.cwd)
    return None if path is None else read_bundle(path, {}, call.place)


def _exec(call: Call, context: Context, written: Invocation) -> Delegation | None:
    """`bundle exec X`: what X claims, in this bundle."""
    head = call.parsed.rest[0] if call.parsed.rest else None
    bundle = _given_bundle(call, context)
    if not head or bundle is None:
        return None
    environment = dict(written.environment)
    if call.parsed.named("--gemfile"):
        environment["BUNDLE_GEMFILE"] = bundle.gemfile
    inner = replace(written, words=call.parsed.rest, environment=environment)
    return _started(call, inner, bundle)


def _started(call: Call, inner: Invocation, bundle: Bundle | None) -> Delegation | None:
    claims = call.place.invocation_claims(inner)
    if claims.evidence is Evidence.NONE:
        return None
    reason = f"`{call.key}` starts `{inner.words[0]}`"
    own = bundle_reads(bundle, call.place, reason) if bundle else ()
    return _delegation(call, [claims], own, reason)


def _delegation(call: Call, parts: Sequence[Claims], own: Sequence[Claim], reason: str, cpu: float = 1.0) -> Delegation | None:
    found = answer(call, own, {})
    if found is None or any(part.evidence is Evidence.NONE for part in parts):
        return None
    claims = union([*parts, Claims(entries=found.claims, evidence=Evidence.INFERRED)])
    return Delegation(claims=claims, reason=reason, cpu=max(cpu, found.cpu))


def _bundle(call: Call, context: Context) -> Recognition | None:
    """Bundler's own commands."""
    bundle = _given_bundle(call, context)
    if bundle is None:
        return None
    place, operands = call.place, call.parsed.operands
    reads = bundle_reads(bundle, place, f"`{call.key}` looks at the bundle")
    if call.tool.mode is Mode.READ or (call.key == "bundle config" and operands[:1] in ((), ("list",), ("get",))):
        return answer(replace(call, tool=replace(call.tool, holds="")), reads)
    if call.tool.mode is Mode.NOTHING:
        return answer(call, ())
    return answer(call, installing(call, bundle))


def _gem(call: Call) -> Recognition | None:
    """Gems for the user, or into a folder; those given as files are read."""
    words = [word for word in call.parsed.operands if word.endswith(".gem") or "/" in word]
    paths = [resolve_path(word, call.cwd) for word in words]
    known = [path for path in paths if path is not None]
    if len(known) < len(paths):
        return None
    return answer(call, (read_below(path, call.place, f"`{call.key}` installs it") for path in known))


def _rake(call: Call, written: Invocation) -> Recognition | Delegation | None:
    """Tasks of a Rakefile: what the programs claim that they run, from its folder."""
    path = find_rakefile(call.cwd, call.place)
    rakefile = None if path is None else read_rakefile(path, call.place)
    names = [word for word in call.parsed.operands if "=" not in word]
    settings = [word.partition("=")[0] for word in call.parsed.operands if "=" in word]
    if rakefile is None or not {*settings} <= {"TEST", "SPEC", "V", "VERBOSE", "N", "A", "SEED"}:
        return None
    parts: list[Claims] = []
    for name in names or ["default"]:
        tasks = reached(rakefile, name)
        if tasks is None and rakefile.rails:
            words: tuple[Word, ...] = ("rails", name)
            parts.append(call.place.invocation_claims(replace(written, words=words, cwd=rakefile.folder)))
            continue
        if tasks is None:
            return None
        for task in tasks:
            started = (replace(written, words=words, cwd=rakefile.folder) for words in task.programs)
            parts.extend(call.place.invocation_claims(each) for each in started)
            parts.extend(call.place.command_claims(text, rakefile.folder) for text in task.texts)
    reads = [claim(Access.READ, call.place.pattern(rakefile.folder, "/{R,r}ake{file,lib}*/**"), "`rake` reads it")]
    return _delegation(call, parts, reads, f"`{call.key}` runs tasks")


def _ruby(call: Call, written: Invocation) -> Recognition | Delegation | None:
    """ruby itself: a test, a check of syntax, or a program that is known by another name."""
    head, after = (call.parsed.rest[0], call.parsed.rest[1:]) if call.parsed.rest else (None, ())
    call = with_libraries(call)
    if call.parsed.all(Role.CHECKS):
        return checked(call)
    named = [option.value for option in call.parsed.all(Role.TASKS)]
    if named:
        words = (named[0], *call.parsed.rest)
        return None if not named[0] else _started(without_program(call), replace(written, words=words), None)
    texts = [option.value for option in call.parsed.all(Role.SHELL)]
    if texts:
        return tests(call, call.parsed.rest) if all(loads_tests(text) for text in texts) else None
    if head is None:
        return None
    if is_test(head):
        return tests(call, call.parsed.rest)
    found = _binstub(head, after, written, call.place)
    return None if found is None else _on_top(found, call)


def _on_top(found: Recognition | Delegation, call: Call) -> Recognition | Delegation | None:
    own = answer(without_program(call), (), {})
    if own is None:
        return None
    if isinstance(found, Recognition):
        return replace(found, claims=unique((*found.claims, *own.claims)))
    return replace(found, claims=union([found.claims, Claims(entries=own.claims, evidence=Evidence.INFERRED)]))


def _jekyll(call: Call) -> Recognition | None:
    """Sites; with the place for results that their configuration names."""
    given = [name for option in call.parsed.named("-c", "--config") for name in (option.value or "$").split(",")]
    sources = [resolve_path(option.value, call.cwd) for option in call.parsed.named("-s", "--source")]
    folder = sources[-1] if sources else call.cwd
    output = None if folder is None else outputs_of_site(folder, given, call.cwd, call.place)
    found = recognise_call(call)
    if found is None or output is None or folder is None:
        return None
    extra = [write_below(path, call.place, "`_config.yml` names it") for path in output]
    extra.append(write_below(folder, call.place, f"`{call.key}` keeps its cache there"))
    return replace(found, claims=unique((*found.claims, *extra)))


def _binstub(word: Word, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """A script of the repository that does nothing but start a gem's program, as that program in its bundle."""
    path = resolve_path(word, invocation.cwd)
    started = None if path is None or not is_within(path, place.root) else binstub(path, place)
    if path is None or started is None:
        return None
    program, *given = started
    gemfile = find_gemfile(posixpath.dirname(path), place)
    environment = {
        **({"BUNDLE_GEMFILE": gemfile} if gemfile and program not in ("bundle", "bundler") else {}),
        **invocation.environment,
    }
    found = recognise(replace(invocation, words=(program, *given, *words), environment=environment), place)
    reason = f"`{word}` starts `{program}`"
    own = (read_below(path, place, reason), claim(Access.SHARED, STORE, reason))
    if isinstance(found, Recognition):
        return replace(found, claims=unique((*found.claims, *own)))
    return (
        None if found is None else replace(found, claims=replace(found.claims, entries=unique((*found.claims.entries, *own))))
    )
