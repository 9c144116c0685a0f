"""What tools look at in a package that know programs only: type checkers and linters. See "Claims" in docs/design.md.

They were taken to look at everything that may concern them. What tests may write there is not among it, unless a source names it, or the
configuration of a linter has plugins that look at other files; `coverage/` is, unless it is known to be passed over. Knows these tools by
name, and which plugins of theirs look at programs.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import BUT_CACHES, claim
from paratask.languages.json_files import read_json
from paratask.languages.node.imports import CODE, IMPORTED, imported_by
from paratask.languages.node.kept_by_tests import PROGRAMS
from paratask.languages.node.sources import sources_of
from paratask.languages.options import is_within, resolve_path
from paratask.languages.toml_files import table
from paratask.languages.tool_claims import operand_paths
from paratask.languages.workspaces import folders_above, seen_by_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

_NOT_LOOKED_INTO = "/**/{node_modules,.*cache,.nyc_output}/**"
_SETTINGS = "/**/{*config*.json,package.json,*rc,.*rc.*}"
_MEASURED = "/coverage/**"
_PROGRAM = r"\.?(?:[cm]?[tj]s|[tj]sx|vue|svelte|astro|[?@()|cm]*\[(?:jt|tj)\]s[?()x]*)"
_STYLES = frozenset({"css", "scss", "sass", "less"})
_OF_WHAT_THEY_ARE_GIVEN = ("prettier", "stylelint")
"""They look at nothing else but settings, and at data where they are given a folder."""
_ANY_SETTING = ".config.*"
"""How settings of any kind are called, which tests leave alone."""
_TELLS_OTHERWISE = ("--plugin", "--parser", "--resolve-plugins-relative-to", "--rulesdir", "--no-config-lookup", "--stdin")
_OLD_WAY = "ESLINT_USE_FLAT_CONFIG"
_NAMED_BY_OLD = r"""\b(?:extends|plugins|parser)["']?\s*[:(]\s*(\[[^\]]*\]|["'][^\n)\]]*)"""
"""What `FlatCompat` is given the names of."""
_COMPATIBLE = "FlatCompat"
_FOR_FILES = r"""\bfiles["']?\s*:\s*(\[[^\]]*\]|["'][^"'\n]*["'])"""
_PIECE = r"""["']([^"'\n]+)["']"""
_PLUGINS = (
    r"(?:plugin:)?(?:"
    r"eslint(?:/.*)?|eslint:(?:recommended|all)|node:\w+|path|url|fs|process|module|globals|@eslint/(?:js|compat|eslintrc)|"
    r"@?typescript-eslint(?:/.*)?|@(?:stylistic|vitest|next|tanstack|babel|vue|rushstack|eslint-community|eslint-react)(?:/.*)?|"
    r"(?:eslint-(?:plugin|config)-)?(?:airbnb(?:-base|-typescript)?|astro|ava|better-tailwindcss|boundaries|chai-friendly|compat|cypress|"
    r"deprecation|es-x|eslint-comments|formatjs|functional|github|google|i18next|import(?:-x)?|jest|jest-dom|jsdoc|jsx-a11y|lit|lodash|"
    r"mocha|n|next|no-barrel-files|no-only-tests|no-secrets|no-unsanitized|node|perfectionist|playwright|prefer-arrow|prettier|promise|"
    r"qwik|react|react-app|react-compiler|react-hooks|react-native|react-perf|react-refresh|regexp|rxjs|security|semistandard|"
    r"simple-import-sort|solid|sonarjs|sort-destructure-keys|standard|standard-jsx|storybook|svelte|tailwindcss|testing-library|tsdoc|"
    r"turbo|typescript-sort-keys|unicorn|unused-imports|vitest|vue|wc)(?:/.*)?|eslint-import-resolver-.*|"
    r"(?:vue|svelte|astro)-eslint-parser|neostandard"
    r")"
)
"""Packages that are known to look at programs only."""
_PASSED_OVER = r"""(?:\{\s*(?:name\s*:\s*["'][^"'\n]*["']\s*,\s*)?ignores\s*:\s*(\[[^\]\[]*\])\s*,?\s*\}|\bglobalIgnores\(\s*(\[[^\]\[]*\]))"""
"""What a whole configuration passes over; `ignores` beside other settings is about these only."""
_AS_GIT = "includeIgnoreFile"
_FOLDER = r"(?:\*\*/|\./|/)?coverage(?:/(?:\*\*(?:/\*)?)?)?"
_IN_GIT = r"(/)?(?:\*\*/)?coverage(?:/(?:\*\*)?)?"
_MOST_FILES, _DEEPEST = 8, 3
_LONGEST = 131_072
_TABLES = ("dependencies", "peerDependencies", "devDependencies")
_COVERAGE = "coverage"


def as_programs(call: Call, entries: tuple[Claim, ...], *, passes_over: bool) -> tuple[Claim, ...]:
    """The claims of a call that looks at programs only. What it reads of its package is in three parts: what is there to be seen by others,
    programs and settings wherever they are, and data that sources name. `passes_over` is whether it looks at nothing in `coverage/`.
    """
    place, folder = call.place, call.workspace
    whole = place.pattern(folder, BUT_CACHES)
    data = sources_of(folder, place).data
    if data is None or not any(entry.pattern == whole for entry in entries):
        return entries
    found: list[Claim] = []
    for entry in entries:
        if entry.access is not Access.READ or entry.pattern != whole:
            found.append(entry)
            continue
        left = (_NOT_LOOKED_INTO, *((_MEASURED,) if passes_over else ()))
        excluding = (*entry.excluding, *(place.pattern(folder, each) for each in left))
        patterns = (place.pattern(folder, each) for each in (f"/**/{PROGRAMS}", _SETTINGS))
        found.extend(replace(entry, pattern=each, excluding=excluding) for each in patterns)
        found.append(replace(entry, pattern=seen_by_others(folder, place)))
        reason = f"sources name it, and `{call.key}` may read it"
        found.extend(claim(Access.READ, place.pattern(path), reason) for path in data if is_within(path, place.root))
    return tuple(found)


def linted(call: Call, entries: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims of a linter or a checker of types, where all that it is given and its configuration has it look at are programs."""
    if call.program in _OF_WHAT_THEY_ARE_GIVEN:
        return tuple(_by_ending(call, entries)) if _given_programs(call) else entries
    if not all(map(_is_of_programs, call.parsed.operands)):
        return entries
    if call.program == "oxlint":
        return as_programs(call, entries, passes_over=_git_passes_over(call) and not call.parsed.named("--no-ignore"))
    if call.program == "svelte-check":
        return as_programs(call, entries, passes_over=False)
    named = [option.value or "" for option in call.parsed.named("--ext")]
    is_known = all(re.fullmatch(_PROGRAM, kind) for value in named for kind in value.split(","))
    if not is_known or call.parsed.named(*_TELLS_OTHERWISE) or _OLD_WAY in call.invocation.environment:
        return entries
    found = _configuration(call)
    if found is None or not all(_knows_programs_only(text, call) for text in found[1]):
        return entries
    return as_programs(call, entries, passes_over=_passes_over(*found, call))


def _by_ending(call: Call, entries: tuple[Claim, ...]) -> Iterator[Claim]:
    """The claims of a call that is given patterns of programs and style sheets."""
    below = {call.place.pattern(path, "/**"): path for path in operand_paths(call) or ()}
    for entry in as_programs(call, entries, passes_over=False):
        folder = below.get(entry.pattern) if entry.access is Access.READ else None
        yield replace(entry, pattern=call.place.pattern(folder, f"/**/{PROGRAMS}")) if folder else entry


def _given_programs(call: Call) -> bool:
    """Whether all operands are patterns, each of which says which kind of programs or style sheets it is about."""
    operands = (operand for operand in call.parsed.operands if not operand.startswith("!"))
    kinds = [kind for operand in operands for kind in _kinds(operand) or ("*",)]
    return bool(kinds) and all(re.fullmatch(_PROGRAM, kind) or kind in _STYLES for kind in kinds)


def _kinds(operand: str) -> list[str]:
    """The endings that a pattern is about; none where it does not say."""
    stem, dot, kinds = posixpath.basename(operand).rpartition(".")
    return kinds.strip("{}").split(",") if dot and stem.strip(".") else []


def _is_of_programs(operand: str) -> bool:
    """Whether an operand is a folder, a program, or a pattern that programs match and nothing else."""
    kinds, name = _kinds(operand), posixpath.basename(operand)
    if not kinds:
        return "*" not in name or name in ("*", "**")
    return operand.endswith(_ANY_SETTING) or all(re.fullmatch(_PROGRAM, kind) for kind in kinds)


def _configuration(call: Call) -> tuple[str, tuple[str, ...]] | None:
    """The folder that eslint's configuration is about, and its text, with those that it imports by a path. None where there is none, or one
    of them is not known.
    """
    place, given = call.place, [option.value for option in call.parsed.named("-c", "--config")]
    if given:
        first = resolve_path(given[-1], call.cwd)
    else:
        folders = folders_above(call.cwd, place)
        paths = (f"{folder}/eslint.config{kind}" for folder in folders for kind in CODE)
        first = next((path for path in paths if place.read_text(path) is not None), None)
    found: dict[str, str] = {}
    waiting = [first]
    while waiting:
        path = waiting.pop()
        text = place.read_text(path) if path else None
        if path is None or text is None or len(found) > _MOST_FILES or len(text) > _LONGEST:
            return None
        found[path] = text
        waiting.extend(
            each for each in imported_by(path, text, place) if each not in found and not (each or "").endswith(".json")
        )
    return call.cwd if given else posixpath.dirname(first or ""), tuple(found.values())


def _knows_programs_only(text: str, call: Call) -> bool:
    named = [piece for piece in re.findall(IMPORTED, text) if not piece.startswith(".")]
    if _COMPATIBLE in text:
        named.extend(piece for value in re.findall(_NAMED_BY_OLD, text) for piece in re.findall(_PIECE, value))
    kinds = (piece for value in re.findall(_FOR_FILES, text) for piece in re.findall(_PIECE, value))
    return all(_looks_at_programs(name, call) for name in named) and all(map(_is_of_programs, kinds))


def _looks_at_programs(name: str, call: Call, depth: int = 0) -> bool:
    """Whether a package is known to look at programs only, or is an installed configuration which is made of such."""
    if re.fullmatch(_PLUGINS, name):
        return True
    parts = name.split("/")
    package = "/".join(parts[: 2 if name.startswith("@") else 1])
    if "config" not in package or depth > _DEEPEST:
        return False
    paths = (posixpath.join(folder, "node_modules", package, "package.json") for folder in folders_above(call.cwd, call.place))
    manifest = next((found for path in paths if (found := read_json(path, call.place))), None)
    used = [each for key in _TABLES for each in table(manifest or {}, key) if "eslint" in each]
    return bool(used) and all(_looks_at_programs(each, call, depth + 1) for each in used)


def _passes_over(folder: str, texts: tuple[str, ...], call: Call) -> bool:
    """Whether eslint, configured in `folder`, looks at nothing in `coverage/` of the package."""
    if call.parsed.named("--no-ignore"):
        return False
    given = [option.value or "" for option in call.parsed.named("--ignore-pattern")]
    found = [(call.cwd, word) for word in given]
    lists = (value for text in texts for both in re.findall(_PASSED_OVER, text) for value in both)
    found.extend((folder, piece) for value in lists for piece in re.findall(_PIECE, value))
    if any(re.fullmatch(_FOLDER, word) and (start == call.workspace or word.startswith("**/")) for start, word in found):
        return True
    return any(_AS_GIT in text for text in texts) and _git_passes_over(call, (folder,))


def _git_passes_over(call: Call, within: tuple[str, ...] = ()) -> bool:
    """Whether the files of git that say what it ignores have `coverage/` of the package among it: those `within` folders, or all."""
    place = call.place
    folders = folders_above(call.workspace, place)
    lines = [
        (folder, line.strip())
        for folder in within or folders
        for line in (place.read_text(posixpath.join(folder, ".gitignore")) or "").splitlines()
    ]
    found = [(folder, each) for folder, line in lines if (each := re.fullmatch(_IN_GIT, line))]
    is_repository = any(place.exists(posixpath.join(folder, ".git")) for folder in folders)
    is_taken_back = any(line.startswith("!") and _COVERAGE in line for _, line in lines)
    return is_repository and not is_taken_back and any(folder == call.workspace or not each[1] for folder, each in found)
