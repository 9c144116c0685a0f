"""What the configuration of PHP's tools says of paths: caches, reports, tests and sources beyond their folder.

XML is read with a parser. phpstan's neon is read line by line, for one key. What is configured by a PHP program (php-cs-fixer,
rector) is looked at for quoted paths that climb out of the folder, and for a cache; a cache whose place cannot be seen may be
anywhere in the workspace. Reads through `Place`.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.languages.options import resolve_path
from paratask.languages.sources_beyond import named_beyond
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

_TEST_FILES = ("phpunit.xml", "phpunit.dist.xml", "phpunit.xml.dist")
_STYLE_FILES = (".phpcs.xml", "phpcs.xml", ".phpcs.xml.dist", "phpcs.xml.dist")
_WRITTEN = frozenset({"cacheDirectory", "cacheResultFile", "outputDirectory", "outputFile", "target", "cacheDir"})
_CONFIGURED = {
    "phpunit": _TEST_FILES, "simple-phpunit": _TEST_FILES, "pest": _TEST_FILES, "paratest": _TEST_FILES, "artisan": _TEST_FILES,
    "phpcs": _STYLE_FILES, "phpcbf": _STYLE_FILES,
    "psalm": ("psalm.xml", "psalm.xml.dist"),
    "php-cs-fixer": (".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs", ".php_cs.dist"),
    "rector": ("rector.php",), "ecs": ("ecs.php",), "twig-cs-fixer": (".twig-cs-fixer.php", ".twig-cs-fixer.dist.php"),
    "infection": ("infection.json5", "infection.json", "infection.json5.dist", "infection.json.dist"),
    "deptrac": ("deptrac.yaml", "deptrac.yml", "depfile.yaml"), "codecept": ("codeception.yml", "codeception.dist.yml"),
    "box": ("box.json", "box.json.dist"), "phpbench": ("phpbench.json", "phpbench.json.dist"),
    "behat": ("behat.yml", "behat.yaml", "behat.yml.dist", "behat.dist.yml"), "phpdoc": ("phpdoc.xml", "phpdoc.dist.xml", "phpdoc.xml.dist"),
}  # fmt: skip
_ONLY_INSIDE = frozenset({"infection", "deptrac", "codecept", "box", "phpbench", "behat", "phpdoc"})
"""Tools whose configuration is not looked into, and so may not speak of folders above."""
_LOOKING_UP = frozenset({"phpcs", "phpcbf", "psalm"})
"""Tools that look for their configuration in the folders above, too."""
_CACHES = ("setCacheFile", "withCache", "cacheDirectory", "cacheClass", "containerCacheDirectory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Paths that a configuration names, absolute. `somewhere` is true where it has a cache that may be anywhere in its folder."""

    folder: str
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    somewhere: bool = False
    in_memory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of an XML document."""

    name: str
    attributes: Mapping[str, str]
    text: str


def read_settings(tool: str, given: str | None, folder: str, place: Place) -> Settings | None:
    """The settings of `tool`: the file or folder that an option gives, else what lies in `folder`. None where not understood."""
    if tool == "phpstan":
        return _stan(given, folder, place)
    path = _file(tool, given, folder, place)
    text = None if path is None else place.read_text(path)
    if path is None or text is None:
        return Settings(folder=folder) if given is None and (path is None or not place.exists(path)) else None
    if tool in _ONLY_INSIDE:
        return None if ".." in text or '"/' in text else Settings(folder=posixpath.dirname(path))
    if not path.endswith((".xml", ".xml.dist")):
        return _program(path, text, place)
    elements = _elements(text)
    return None if elements is None else _document(path, elements)


def _file(tool: str, given: str | None, folder: str, place: Place) -> str | None:
    names = _CONFIGURED.get(tool, ())
    folders = folders_above(folder, place) if tool in _LOOKING_UP and given is None else (given or folder,)
    if given is not None and not any(place.exists(posixpath.join(given, name)) for name in names):
        return given
    paths = (posixpath.join(each, name) for each in folders for name in names)
    return next((path for path in paths if place.exists(path)), None)


def _document(path: str, elements: tuple[Element, ...]) -> Settings | None:
    folder = posixpath.dirname(path)
    writes, reads = list(_written(elements)), list(_read(elements))
    resolved = [[resolve_path(text, folder) for text in texts] for texts in (writes, reads)]
    if any(each is None for each in resolved[0]):
        return None
    values = {element.attributes.get("name", ""): element.attributes.get("value", "") for element in elements}
    return Settings(
        folder=folder,
        writes=tuple(each for each in resolved[0] if each is not None),
        reads=tuple(each for each in resolved[1] if each is not None),
        in_memory=values.get("DB_DATABASE") == ":memory:",
    )


def _written(elements: tuple[Element, ...]) -> Iterator[str]:
    for element in elements:
        yield from (value for name, value in element.attributes.items() if name in _WRITTEN and not value.startswith("php://"))
        name, value = element.attributes.get("name", ""), element.attributes.get("value", "")
        if element.name == "arg" and (name == "cache" or name.startswith("report-")) and value:
            yield value


def _read(elements: tuple[Element, ...]) -> Iterator[str]:
    for element in elements:
        named = element.attributes.get("name", "") if element.name in ("directory", "file") else ""
        text = element.text if element.name in ("directory", "file") else ""
        for value in (named, text, element.attributes.get("bootstrap", ""), element.attributes.get("ref", "")):
            if ".." in value or value.startswith("/"):
                yield value


@lru_cache(maxsize=256)
def _elements(text: str) -> tuple[Element, ...] | None:
    """All elements of a document; None where it cannot be parsed, or defines entities, which no configuration needs."""
    from xml.parsers import expat

    found: list[Element] = []
    names: list[tuple[str, dict[str, str], list[str]]] = []
    refused: list[str] = []

    def data(text: str) -> None:
        names[-1][2].append(text)

    def end(_: str) -> None:
        name, attributes, texts = names.pop()
        found.append(Element(name=name, attributes=attributes, text="".join(texts).strip()))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: refused.append("")
    parser.StartElementHandler = lambda name, attributes: names.append((name, attributes, []))
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return None
    return None if refused else tuple(found)


def _program(path: str, text: str, place: Place) -> Settings:
    """A configuration that is a PHP program."""
    folder = posixpath.dirname(path)
    return Settings(
        folder=folder,
        reads=named_beyond(path, folder, place),
        somewhere=any(name in text for name in _CACHES),
    )


def _stan(given: str | None, folder: str, place: Place) -> Settings | None:
    """phpstan: `tmpDir`, and the folders that its neon files name, included ones among them."""
    names = ("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")
    path = given or next((path for name in names if place.exists(path := posixpath.join(folder, name))), None)
    writes: list[str] = []
    reads: list[str] = []
    waiting = [path] if path else []
    for file in waiting:
        text = place.read_text(file)
        if text is None or len(waiting) > 32:
            return None
        base = posixpath.dirname(file)
        for value in _neon(text, "tmpDir"):
            place_of = resolve_path(value.replace("%currentWorkingDirectory%", folder), base)
            if place_of is None or "%" in place_of:
                return None
            writes.append(place_of)
        named = [word for line in text.splitlines() if (word := _bare(line.strip().removeprefix("-"))) and ".." in word]
        reads.extend(each for word in named if (each := resolve_path(word, base)) is not None)
        included = (_bare(line.strip().removeprefix("-")) for line in text.splitlines() if line.strip().startswith("-"))
        files = (posixpath.normpath(posixpath.join(base, word)) for word in included if word.endswith((".neon", ".neon.dist")))
        waiting.extend(file for file in files if place.exists(file) and file not in waiting)
    return Settings(folder=posixpath.dirname(path) if path else folder, writes=tuple(writes), reads=tuple(reads))


def _neon(text: str, key: str) -> Iterator[str]:
    """The values of a key, each on a line of its own; one that stands in another way gives a value that is no path."""
    for line in text.splitlines():
        name, colon, value = line.strip().partition(":")
        if name == key and colon:
            yield _bare(value) or "$"
        elif key in line.partition("#")[0]:
            yield "$"


def _bare(value: str) -> str:
    return value.partition(" #")[0].strip().strip("'\"")
