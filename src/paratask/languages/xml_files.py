"""XML files, read through `Place`. What cannot be parsed counts as not being there; knows no manifest of any language.

A document type is refused: with it come entities, which can make a short file expand without end or name other files, and no
manifest needs one. Names are given without their namespace.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

_MAX_DEPTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element. `text` is what stands in it outside of other elements, without space around it; `attributes` are pairs."""

    name: str
    text: str
    children: tuple[Element, ...]
    attributes: tuple[tuple[str, str], ...] = ()

    def all(self, *names: str) -> Iterator[Element]:
        """The elements at `names`, each a step down."""
        if not names:
            yield self
            return
        for child in self.children:
            if child.name == names[0]:
                yield from child.all(*names[1:])

    def value(self, *names: str) -> str | None:
        """The text of the first element at `names`; None where there is none."""
        return next((element.text for element in self.all(*names)), None)

    def attribute(self, name: str) -> str | None:
        """The attribute of that name; None where there is none."""
        return next((value for key, value in self.attributes if key == name), None)

    def below(self) -> Iterator[Element]:
        """Every element below, at any depth, in order."""
        for child in self.children:
            yield child
            yield from child.below()

    def leaves(self, above: str = "") -> Iterator[tuple[str, Element]]:
        """Every element below without children, with the name of the one around it."""
        if not self.children:
            yield above, self
        for child in self.children:
            yield from child.leaves(self.name)


def read_xml(path: str, place: Place) -> Element | None:
    """The document at `path`; None where there is none or it cannot be parsed."""
    text = place.read_text(path)
    return None if text is None else _parsed(text)


class _RefusedError(Exception):
    """There is more in the document than is read here."""


class _Building:
    """Gathers what the parser finds."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.texts: list[list[str]] = [[]]
        self.children: list[list[Element]] = [[]]
        self.attributes: list[tuple[tuple[str, str], ...]] = []

    def refuse(self, *_: object) -> None:
        raise _RefusedError

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.names) >= _MAX_DEPTH:
            raise _RefusedError
        self.names.append(name.rpartition(":")[2])
        self.texts.append([])
        self.children.append([])
        self.attributes.append(tuple(attributes.items()))

    def end(self, _: str) -> None:
        element = Element(
            name=self.names.pop(),
            text="".join(self.texts.pop()).strip(),
            children=tuple(self.children.pop()),
            attributes=self.attributes.pop(),
        )
        self.children[-1].append(element)

    def data(self, text: str) -> None:
        self.texts[-1].append(text)


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> Element | None:
    """Manifests are looked at for each command of a build, and parsing is what costs."""
    from xml.parsers import expat

    parser, building = expat.ParserCreate(), _Building()
    parser.StartDoctypeDeclHandler = building.refuse
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.data
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, _RefusedError):
        return None
    return building.children[0][0]
