"""Whether tests leave the programs of their package as they are, and where they put what they measure. See "Claims" in docs/design.md.

vitest and jest put new snapshots into sources, but where their environment is that of a CI server, or an option says so. What is known of
that is taken from their configurations as text, from options, and from the sources. Knows these tools by name.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.claims.overlap import escape
from paratask.languages.inferred import claim, write_below
from paratask.languages.json_files import read_json
from paratask.languages.node.imports import CODE, ROOT, imported_by
from paratask.languages.node.outputs import configurations_of_tests, results_of_tests
from paratask.languages.node.sources import sources_of
from paratask.languages.options import is_within
from paratask.languages.settings_above import ANY_SETTINGS
from paratask.languages.sources_beyond import files_of
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

PROGRAMS = "*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro,css,scss,sass,less,graphql,gql}"
"""The names of what a package's programs are made of, data left out: tests write that."""
_KEPT = f"/**/{{{PROGRAMS},{ANY_SETTINGS}}}"
"""What no test writes of a package: its programs, what tells of them, and settings."""
_WITH_SNAPSHOTS = ("vitest", "jest")
_TESTS = ("/**/*.{test,spec}.*", "/**/__tests__/**")
_MANIFEST = "package.json"
_CI = "CI"
_NO_CI = (None, "", "false", "0")
_SAY_SO = r"""\bci["']?\s*:\s*false"""
_MAY_WRITE = (
    r"""snapshotResolver|resolveSnapshotPath|\bcompile["']?\s*:\s*["']|[aA]utoUpdate["']?\s*:|typecheck|\bupdate["']?\s*:(?!\s*false)"""
    r"""|\breporters?["']?\s*:[^;]{0,160}?["']html["']"""
)
"""Settings that have snapshots elsewhere, sources compiled (ava), thresholds kept in the configuration, one for the compiler beside it, and
pages with programs."""
_IN_COVERAGE = r"""\breporter["']?\s*:\s*\[[^\]\[]*\]"""
"""How vitest is told which pages to make of what it measures: these lie with the rest of that."""
_WITH_PROGRAMS = ("snap-shot", "mocha-snapshots", "mochawesome", "jest-stare", "jest-html-reporters", '/attest"')
"""Packages whose snapshots are programs, or are put into them, or whose reports bring some along."""
_MEASURES = r"""collectCoverage["']?\s*:(?!\s*false)|["'(]\.\./|["'](?:(?!@babel/)@[\w-]+/[\w-]*(?:config|preset)|[\w-]*(?:jest|vitest)-config)"""
"""Settings that have tests measure what they run, or that come from elsewhere."""
_ENABLED = r"""\benabled\b(?!["']?\s*:\s*false)"""
_GENERATING = (
    r"@sveltejs/kit/vite|@tanstack/(?:router-|(?:react-|solid-)?start)|unplugin-(?:auto-import|vue-(?:components|router)|typed)|vue-router/vite|"
    r"paraglide|@nuxt/test-utils|astro/config|@react-router/dev|houdini/vite|velite|fumadocs-mdx|sass-dts|wxt/testing"
)
"""Parts of vite that write types and programs as soon as a configuration which has them is read."""
_STARTS_ELSEWHERE = r"""\broot(?:Dir)?["']?\s*:"""
"""The setting of the folder that results are put into."""
_BEFORE_ALL = r"""\bglobal(?:Setup|Teardown)["']?\s*:\s*(\[[^\]]*\]|(?:[^,\n}\](]|\([^)]*\))*)"""
"""The programs that run before all tests, and after them."""
_PIECE = r"""["'`]([^"'`\n]+)["'`]"""
_STARTS = (
    r"""\b(?:exec|spawn|fork)(?:Sync|File|FileSync)?\(|\bexeca|\bzx\b|\bBun\.\$|\b(?:build|compile|bundle|generate|emit)\w*\("""
)
_MEASURED = "coverage"
_PROJECTS = ("projects", "workspace", "packages/", "/*'", '/*"')
_ENDINGS = tuple(
    f".{kind}.{code}" for kind in ("config", "project") for code in ("js", "cjs", "mjs", "ts", "cts", "mts", "json")
)
_MOST_NAMES = 64
_MOST_FILES, _LONGEST = 64, 131_072
"""How many configurations are looked at, and how long they are."""
_FIRST_APART = {"vite": 6, "vitest": 4}
"""The versions from which a configuration is bundled to a file among installed packages, and not to one beside it."""


def keeps_programs(call: Call) -> bool:
    """Whether the tests that the call runs leave programs and settings alone."""
    named = [option.name for option in call.parsed.options]
    if not call.only_tests or any(name.startswith("--typecheck") for name in named):
        return False
    texts = _configurations(call)
    all_texts = (*texts, *_of_projects(call, texts))
    if _reports_pages(call) or len(all_texts) > _MOST_FILES or any(map(_has_tests_write, all_texts)):
        return False
    if any(name in text for text in _manifests(call) for name in _WITH_PROGRAMS):
        return False
    if call.program == "vitest" and not _bundles_apart(call):
        return False
    sources = sources_of(call.workspace, call.place)
    return not sources.writes_programs and (sources.snapshots is not None or _adds_none(call, texts))


def _adds_none(call: Call, texts: tuple[str, ...]) -> bool:
    """Whether the tests surely know that they are on a CI server, where they add no snapshots."""
    return call.program in _WITH_SNAPSHOTS and _is_ci(call) and not any(re.search(_SAY_SO, text) for text in texts)


def new_snapshots(call: Call) -> Iterator[Claim]:
    """The sources, or the folders of snapshots of any name, that tests may put new ones into."""
    found = sources_of(call.workspace, call.place).snapshots
    if found is None:
        found = tuple((call.workspace, suffix) for suffix in _TESTS) if call.program in _WITH_SNAPSHOTS else ()
    if not found or not call.only_tests or _adds_none(call, _configurations(call)):
        return
    for path, suffix in found:
        yield claim(Access.WRITE, call.place.pattern(path, suffix), f"`{call.key}` may put new snapshots there")


def kept(call: Call) -> tuple[str, ...]:
    """The patterns of what such tests leave alone, seen from their package: also data that programs begin with."""
    folder = call.workspace
    first = (path for path in sources_of(folder, call.place).first if is_within(path, folder))
    names = [escape(posixpath.relpath(path, folder)) for path in first][:_MOST_NAMES]
    return (_KEPT, f"/{{{','.join(names)}}}") if len(names) > 1 else (_KEPT, *(f"/{name}" for name in names))


def results(call: Call) -> Iterator[Claim]:
    """What tests put into their package, as far as that is known: results that configurations name, and what they measure."""
    texts = _configurations(call)
    measures = any(option.name.startswith("--coverage") for option in call.parsed.options) or any(
        map(_has_tests_measure, texts)
    )
    folders = [posixpath.join(folder, _MEASURED) for folder in dict.fromkeys((call.workspace, call.cwd))]
    yield from (entry for path, entry in results_of_tests(call) if measures or path not in folders)
    reason = f"`{call.key}` may measure what it runs"
    for folder in folders if measures else ():
        yield write_below(folder, call.place, reason)
    if any(_may_build(text) for text in _before_all(call)):
        yield write_below(call.workspace, call.place, f"what runs before the tests of `{call.key}` starts programs")
    if measures and any(re.search(_STARTS_ELSEWHERE, text) for text in texts):
        yield claim(Access.WRITE, call.place.pattern(call.workspace, f"/**/{_MEASURED}/**"), reason)


def _has_tests_write(text: str) -> bool:
    """Whether a configuration has tests write programs or settings, or is too long to look at."""
    if len(text) > _LONGEST:
        return True
    rest = re.sub(_IN_COVERAGE, "", text)
    return any(re.search(pattern, rest) is not None for pattern in (_MAY_WRITE, _GENERATING))


def _before_all(call: Call) -> Iterator[str | None]:
    """The text of what runs before all tests and after them, None of what is not there; what is installed starts services, and builds nothing."""
    for path in configurations_of_tests(call):
        for value in re.findall(_BEFORE_ALL, _text(path, call)[:_LONGEST]):
            for piece in re.findall(_PIECE, value):
                start = posixpath.normpath(posixpath.join(posixpath.dirname(path), piece.removeprefix(ROOT)))
                texts = (call.place.read_text(start + end) for end in ("", *CODE))
                text = next((text for text in texts if text is not None), None)
                yield from (text,) if text is not None or piece.startswith((".", ROOT)) else ()


def _may_build(text: str | None) -> bool:
    """Whether a program may start others, or build by itself, as its text says."""
    return text is None or re.search(_STARTS, text) is not None


def _has_tests_measure(text: str) -> bool:
    rest = text.partition("coverage")[2]
    return len(text) > _LONGEST or re.search(_MEASURES, text) is not None or re.search(_ENABLED, rest) is not None


def _configurations(call: Call) -> tuple[str, ...]:
    """What configures the tests, as text, with what that imports by a path; of the manifest what is about them."""
    found = {path: _text(path, call) for path in configurations_of_tests(call)}
    waiting = list(found)
    while waiting and len(found) <= _MOST_FILES:
        path = waiting.pop()
        for each in imported_by(path, found[path][:_LONGEST], call.place):
            if each is not None and each not in found:
                found[each] = _text(each, call)
                waiting.append(each)
    given = (option.value or "" for option in call.parsed.named("-c", "--config"))
    return (*found.values(), *(value for value in given if value.startswith("{")))


def _of_projects(call: Call, texts: tuple[str, ...]) -> tuple[str, ...]:
    """What configures the tests of packages below, where those of the root are said to run them. Where they measure is not for them to say."""
    if not any(word in text for text in texts for word in _PROJECTS) or call.program not in _WITH_SNAPSHOTS:
        return ()
    files = files_of(call.workspace, (*_ENDINGS, _MANIFEST), (), call.place)
    names = tuple(f"{name}." for name in ("jest", "vitest", "vite"))
    if files is None:
        return ("",) * (_MOST_FILES + 1)
    found = (path for path in files if posixpath.basename(path).startswith((_MANIFEST, *names)))
    return tuple(text for path in found if (text := _text(path, call)))


def _text(path: str, call: Call) -> str:
    if posixpath.basename(path) != _MANIFEST:
        return call.place.read_text(path) or ""
    own = (read_json(path, call.place) or {}).get(call.program)
    if own is None:
        return ""
    import json

    return json.dumps(own)


def _manifests(call: Call) -> Iterator[str]:
    for folder in dict.fromkeys((call.workspace, call.place.root)):
        yield call.place.read_text(posixpath.join(folder, _MANIFEST)) or ""


def _reports_pages(call: Call) -> bool:
    return any("html" in (option.value or "html") for option in call.parsed.named("--reporter", "--reporters", "-R"))


def _is_ci(call: Call) -> bool:
    """Whether the tests surely find themselves on a CI server, or are told so. Of variables only one before the command is sure."""
    given = [option.value for option in call.parsed.options if option.name == "--ci"]
    if given:
        return all(value in ("", "true") for value in given) and "false" not in call.parsed.operands
    return call.invocation.environment.get(_CI) not in _NO_CI


def _bundles_apart(call: Call) -> bool:
    """Whether vite, as it is installed, leaves no program beside its configuration while it reads that."""
    if not any(_configurations(call)):
        return True
    for folder in folders_above(call.workspace, call.place):
        for name, first in _FIRST_APART.items():
            manifest = read_json(posixpath.join(folder, "node_modules", name, _MANIFEST), call.place)
            version = str((manifest or {}).get("version", "")).partition(".")[0]
            if version.isdecimal() and (name == "vite" or int(version) >= first):
                return int(version) >= first
    return False
