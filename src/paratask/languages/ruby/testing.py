"""Tests of a gem leave programs alone, and RuboCop looks at nothing else. See "Claims" in docs/design.md.

Tests that generate programs are found by their text. RuboCop reads programs wherever they are, and the first line of a file without an
ending, to see whether it is one: such files are taken to lie where others see them (`bin/`), and not among tests. Its extensions may
look at other files; of some it is known that they do not.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import BUT_CACHES
from paratask.languages.remembered import remembered
from paratask.languages.ruby.bundles import GEMFILES
from paratask.languages.settings_above import ANY_SETTINGS
from paratask.languages.sources_beyond import any_has, files_of
from paratask.languages.toml_files import table, texts
from paratask.languages.tool_claims import operand_paths
from paratask.languages.workspaces import folders_above, seen_by_others
from paratask.languages.yaml_files import read_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_PROGRAMS = (
    "*.{rb,rake,gemspec,ru,rbi,rbs,arb,axlsx,builder,fcgi,gemfile,god,jb,jbuilder,mspec,opal,pluginspec,podspec,rabl,rbuild,rbw,rbx,"
    "ruby,schema,spec,thor,watchr},{Gem,Rake,Guard,Cap,Steep,Brew,Danger,Fast,Pod,Thor,Vagrant}file,Appraisals,rakefile,.{irb,pry}rc,.simplecov"
)
_SETTINGS = ".rubocop{,.yml,_todo.yml},.standard{,_todo}.yml,.ruby-version,.tool-versions,Gemfile.lock,gems.locked"
_BUNDLE = "/.bundle/**"
_KEPT = f"/**/{{{_PROGRAMS},{_SETTINGS},{ANY_SETTINGS}}}"
_SUFFIXES = (".rb", ".rake", "Rakefile")
_GENERATES = r"\bFile\.(?:open|new|rename|symlink|link)|\bFileUtils\.|\.(?:bin)?write\b|\b(?:create|copy)_file\b|Generators::TestCase|inline_snapshot"
_A_PROGRAM = r"\.rb[\"']|Generators::TestCase|inline_snapshot"
_FILES = (".rubocop.yml", ".rubocop_todo.yml", ".standard.yml")
_OWN_FILES = frozenset(_FILES)
_EXTENSIONS = (
    r"rubocop-(?:capybara|factory_bot|minitest|performance|rails|rails-omakase|rake|rspec|rspec_rails|sequel|shopify|sorbet|thread_safety)|"
    r"standard(?:-\w+)?"
)
"""Those that look at programs only."""
_EXTENDING = ("require", "plugins")


def kept(call: Call) -> tuple[str, ...]:
    """The patterns of what the tests of a gem leave alone, seen from it; none where they may write programs."""
    return () if _generates_programs(call.workspace, call.place) else (_KEPT, _BUNDLE)


@remembered(256)
def _generates_programs(folder: str, place: Place) -> bool:
    return any_has(files_of(folder, _SUFFIXES, GEMFILES, place), place, _GENERATES, _A_PROGRAM)


def as_programs(call: Call, entries: Iterable[Claim]) -> Iterator[Claim]:
    """The claims of RuboCop, less what it does not look at, where its settings are known to have it look at programs only."""
    place = call.place
    whole, settings = (place.pattern(call.workspace, suffix) for suffix in (BUT_CACHES, f"/{call.language.settings}"))
    folders = {place.pattern(path, "/**"): path for path in (operand_paths(call) or ())}
    folders.update(dict.fromkeys((whole, settings), call.workspace))
    looks_at_others = call.parsed.named("-c", "--config", "-r", "--require", "--plugin", "--cache-root") or not all(
        _looks_at_programs(folder, place) for folder in folders_above(call.workspace, place)
    )
    for entry in entries:
        folder = None if looks_at_others or entry.access is not Access.READ else folders.get(entry.pattern)
        if folder is None:
            yield entry
            continue
        if entry.pattern == settings:
            yield replace(entry, pattern=place.pattern(folder, f"/{{{_SETTINGS}}}"))
            continue
        yield replace(entry, pattern=place.pattern(folder, f"/**/{{{_PROGRAMS},{_SETTINGS}}}"))
        if entry.pattern == whole:
            yield replace(entry, pattern=seen_by_others(folder, place))


def _looks_at_programs(folder: str, place: Place) -> bool:
    """Whether the settings in a folder are understood, and have RuboCop look at no other kinds of files."""
    for path in (posixpath.join(folder, name) for name in _FILES):
        settings = read_yaml(path, place) if place.read_text(path) else {}
        if not isinstance(settings, dict) or "Include" in table(settings, "AllCops") or "extend_config" in settings:
            return False
        named = [*table(settings, "inherit_gem")]
        for key in _EXTENDING:
            value = settings.get(key)
            named.extend([value] if isinstance(value, str) else texts(value))
        value = settings.get("inherit_from")
        bases = [value] if isinstance(value, str) else texts(value)
        if not all(re.fullmatch(_EXTENSIONS, name) for name in named) or not all(
            base.removeprefix("./") in _OWN_FILES for base in bases
        ):
            return False
    return True
