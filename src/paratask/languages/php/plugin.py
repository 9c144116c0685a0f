"""The plugin for PHP: recognises Composer, the frameworks' consoles, and the tools around them. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a script of the
repository does (`php script.php`), nor a method that `composer.json` names, and recognises neither.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claims, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, unique
from paratask.languages.options import Role, is_within, parse, resolve_path, roles
from paratask.languages.patterns import word_pattern
from paratask.languages.php.claims import (
    configured,
    database,
    install,
    manifests_read,
    narrowed,
    only_tests,
    optional_paths,
    own_tests,
    package_reads,
    surroundings,
    working_in,
)
from paratask.languages.php.managers import COMPOSER, DATABASE, FRAMEWORKS, MANAGERS, SCRIPTS
from paratask.languages.php.packages import MANIFESTS, Package, read_package
from paratask.languages.php.runners import BUILDERS, TESTS
from paratask.languages.php.scripts import script_claims, watched
from paratask.languages.php.settings import read_settings
from paratask.languages.php.tools import CHECKS
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import mode_of, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.languages.workspaces import workspace_of
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

TOOLS: Mapping[str, Tool] = {**TESTS, **CHECKS, **BUILDERS, **MANAGERS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_LANGUAGE = Language(
    name="php",
    tools=TOOLS, manifests=MANIFESTS, settings="{*.{xml,neon,dist,yaml,yml,json},.*.dist,.php-cs-fixer*.php,.phpcs.xml,.env*}",
    surroundings=surroundings,
)  # fmt: skip
_REFUSED = frozenset({"COMPOSER", "COMPOSER_VENDOR_DIR", "COMPOSER_BIN_DIR", "PHPRC", "PSALM_ARGS"})
_PRODUCTION = frozenset({"prod", "production", "staging", None})
_SETTINGS_GIVEN = ("-c", "--configuration", "--config", "--config-file", "--standard")
_OF_COMPOSER = frozenset(
    {"about", "archive", "browse", "config", "create-project", "global", "home", "init", "list", "self-update"}
)
"""Commands of Composer that are not recognised, and that no script can stand in for."""


def manifests() -> Sequence[str]:
    """Files that make a folder a PHP workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    if not invocation.words or any(name in _REFUSED for name in invocation.environment):
        return None
    word = invocation.words[0]
    name = _program(word, invocation.cwd, place)
    if name is None or (name == word and name in FRAMEWORKS):
        return None
    found = _named(name, invocation.words[1:], invocation, place)
    return with_root(_with_program(found, word, invocation, place), place)


def _program(word: Word, cwd: str, place: Place) -> str | None:
    """The tool that a word names: plainly, as an archive, as an installed program, or as a framework's script."""
    name = program_name(word)
    if name is None and word is not None:
        path = resolve_path(word, cwd)
        name = None if path is None else _at(path, cwd, place)
    name = name.removesuffix(".phar") if name else None
    return name if name in TOOLS and " " not in (name or " ") else None


def _at(path: str, cwd: str, place: Place) -> str | None:
    folder, name = posixpath.split(path)
    package = read_package(workspace_of(cwd, MANIFESTS, place), place)
    marks = SCRIPTS.get(name)
    installed = folder.endswith("/vendor/bin") or (package is not None and folder == package.programs)
    if marks is None and (installed or name.endswith(".phar")):
        return name
    text = (place.read_text(path) or "") if marks or name == "phpunit" else ""
    if marks:
        return name if any(mark in text for mark in marks) else None
    return "simple-phpunit" if name == "phpunit" and "simple-phpunit" in text else None


def _with_program(
    found: Recognition | Delegation | None, word: Word, invocation: Invocation, place: Place
) -> Recognition | Delegation | None:
    """With the reading of the installed program, where the word names it by a path."""
    path = resolve_path(word, invocation.cwd) if word and "/" in word else None
    if found is None or path is None or not is_within(path, place.root):
        return found
    folder = posixpath.dirname(path)
    installed = posixpath.dirname(folder) if folder.endswith("/vendor/bin") else path
    entry = read_below(installed, place, f"`{word}` lies there")
    if isinstance(found, Recognition):
        return replace(found, claims=unique((*found.claims, entry)))
    return replace(found, claims=replace(found.claims, entries=unique((*found.claims.entries, entry))))


def _named(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    prepared = _script_named(words) if name == "composer" else _unless_unknown(name, words)
    call = None if prepared is None else resolve_call(name, prepared, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    if name == "composer" and watched(read_package(call.workspace, place)):
        return None
    match call.tool.mode:
        case Mode.MODULE:
            return _php(call)
        case Mode.RUN:
            return _started(call)
        case Mode.SCRIPT:
            return _scripts(call)
        case Mode.INSTALL:
            package = read_package(call.workspace, place)
            is_script = package is not None and call.key == "composer normalize" and "normalize" in package.scripts
            return None if package is None or is_script else install(call, package)
    return _tool(call, name)


def _unless_unknown(name: str, words: Sequence[Word]) -> Sequence[Word] | None:
    """The words, unless they start with a subcommand that is not in the table, where one of these stands for none."""
    head = words[0] if words else ""
    if TOOLS[name].default and head and not head.startswith("-") and f"{name} {head}" not in TOOLS:
        return None
    return words


def _script_named(words: Sequence[Word]) -> Sequence[Word] | None:
    """`composer NAME` as `composer run-script NAME`, where Composer has no such command."""
    given = parse(words, roles(COMPOSER["composer"].options), stop=True)
    head = given.rest[0] if given and given.rest else None
    if given is None or not head or f"composer {head}" in TOOLS or head in _OF_COMPOSER:
        return words
    before = words[: len(words) - len(given.rest)]
    return (*before, "run-script", *given.rest)


def _tool(call: Call, name: str) -> Recognition | None:
    """A tool that is not Composer: its entry, with what its configuration adds."""
    if DATABASE in call.tool.holds and not _is_local(call):
        return None
    given = [
        resolve_path(option.value, call.cwd) for option in call.parsed.named(*_SETTINGS_GIVEN) if option.role is Role.READS
    ]
    if name in ("phpcs", "phpcbf"):
        given = [path for path in given if path is not None and call.place.exists(path)]
    if call.tool.operands is Operands.WORDS and any(".." in word or word.startswith("/") for word in call.parsed.operands):
        return None
    settings = read_settings(name, given[-1] if given else None, call.cwd, call.place)
    if call.only_tests and not only_tests(call):
        call = replace(call, tool=replace(call.tool, tests=False, checks=True))
    found, extra = recognise_call(call), optional_paths(call)
    if found is None or extra is None or settings is None:
        return None
    mode = mode_of(call)
    own = configured(call, settings, edits=mode is Mode.EDIT)
    tests = database(call, settings) if name in TESTS else ()
    manifests = manifests_read(call) if name == "composer" and mode is Mode.READ else ()
    claims = (*narrowed(found.claims, call), *extra, *own, *own_tests(call), *tests, *manifests)
    return replace(found, claims=unique(claims))


def _is_local(call: Call) -> bool:
    """Whether the environment is not named as one that others use."""
    named = [option.value for option in call.parsed.named("-e", "--env")]
    named.append(call.invocation.environment.get("APP_ENV", ""))
    return not any(value in _PRODUCTION for value in named)


def _package(call: Call) -> Package | None:
    return read_package(call.workspace, call.place)


def _delegation(call: Call, parts: Sequence[Claims], reason: str) -> Delegation | None:
    package = _package(call)
    reads = package_reads(package, call.place, f"`{call.key}` reads the manifest") if package else ()
    plain = replace(call, tool=replace(call.tool, mode=Mode.NOTHING))
    own = answer(plain, reads)
    if own is None or any(part.evidence is Evidence.NONE for part in parts):
        return None
    claims = union([*parts, Claims(entries=own.claims, evidence=Evidence.INFERRED)])
    return Delegation(claims=claims, reason=reason, cpu=own.cpu)


def _scripts(call: Call) -> Delegation | None:
    """`composer run-script NAME -- WORDS`."""
    package = _package(call)
    words = [word for word in call.parsed.rest if word is not None]
    if package is None or not words or len(words) < len(call.parsed.rest) or words[0] not in package.scripts:
        return None
    arguments = words[1:]
    if "--" in arguments:
        arguments.remove("--")
    parts = script_claims(words[0], arguments, package, call.place)
    if parts is None:
        why = f"the script `{words[0]}` of `composer.json` may do anything"
        return Delegation(claims=unknown(why), reason=why)
    return _delegation(call, parts, f"`{call.key}` runs the script `{words[0]}`")


def _started(call: Call) -> Delegation | None:
    """`composer exec X`, `symfony console X`: as X, from the folder of the package."""
    words = tuple(word for index, word in enumerate(call.parsed.rest) if word != "--" or index > 1)
    if call.key == "symfony console":
        script = next((path for path in ("bin/console",) if call.place.exists(posixpath.join(call.cwd, path))), None)
        words = (script, *words)
    elif call.key.startswith("symfony "):
        words = (call.key.partition(" ")[2], *words)
    if not words or not words[0]:
        return None
    inner = replace(call.invocation, words=words, cwd=call.cwd)
    return _delegation(call, [call.place.invocation_claims(inner)], f"`{call.key}` starts `{words[0]}`")


def _php(call: Call) -> Recognition | Delegation | None:
    """PHP itself: a check of syntax, a server, a test, or a tool by the path of its program."""
    words = call.parsed.rest
    if call.parsed.all(Role.SHELL) or any((option.value or "").startswith("auto_") for option in call.parsed.all(Role.SETTING)):
        return None
    if call.parsed.all(Role.PORT):
        served = replace(call, tool=replace(call.tool, mode=Mode.SERVE))
        return recognise_call(served) if all(_stays(word, call) for word in words) else None
    if call.parsed.all(Role.CHECKS):
        return _checked(call, words)
    head = words[0] if words else None
    if head is None:
        return None
    name = _program(head if "/" in head else f"./{head}", call.cwd, call.place)
    if name is not None:
        found = _named(name, words[1:], call.invocation, call.place)
        return _on_top(_with_program(found, head, call.invocation, call.place), call)
    return _test(call, words) if head.endswith(("Test.php", "_test.php")) else None


def _stays(word: Word, call: Call) -> bool:
    path = resolve_path(word, call.cwd)
    return path is not None and is_within(path, call.workspace)


def _checked(call: Call, words: Sequence[Word]) -> Recognition | None:
    """`php -l`: reads the files that are named, or those that a pattern stands for."""
    known = [word for word in words if word is not None and resolve_path(word, call.cwd) is not None]
    if not known or len(known) < len(words):
        return None
    reason = f"`{call.key} -l` checks its syntax"
    found = answer(call, (claim(Access.READ, word_pattern(word, call.cwd, call.place, "/**"), reason) for word in known))
    return None if found is None else replace(found, claims=tuple(entry for entry in found.claims if entry.reason == reason))


def _on_top(found: Recognition | Delegation | None, call: Call) -> Recognition | Delegation | None:
    """With what options of PHP itself name."""
    own = answer(replace(call, tool=replace(call.tool, mode=Mode.NOTHING)), ())
    if found is None or own is None:
        return None
    if isinstance(found, Recognition):
        return replace(found, claims=unique((*found.claims, *own.claims)))
    return replace(found, claims=union([found.claims, Claims(entries=own.claims, evidence=Evidence.INFERRED)]))


def _test(call: Call, words: Sequence[Word]) -> Recognition | None:
    """A test that PHP runs itself: like those of any runner, it works in its workspace. None where words may name paths."""
    if not all(word is not None and "/" not in word and ".." not in word for word in words[1:]):
        return None
    path = resolve_path(words[0], call.cwd)
    if path is None:
        return None
    reason = f"`{call.key}` runs a test, which works in this workspace"
    folders = dict.fromkeys((call.workspace, workspace_of(posixpath.dirname(path), MANIFESTS, call.place)))
    return answer(call, (*(entry for folder in folders for entry in working_in(folder, call, reason)), *database(call, None)))
