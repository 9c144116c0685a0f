"""What the targets do that a project's files add to its build.

Tasks that only compute and print are nothing; those that copy, remove and write files name their paths; any other, `Exec` first of
all, may do anything. When a target runs is not worked out, but for whether it might while packages are restored, and whether it is
hooked to nothing but packing or publishing. What a target writes counts for each build.
"""

from __future__ import annotations

import re

from paratask.frozen import dataclass
from paratask.languages.dotnet.properties import resolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.dotnet.properties import Scope
    from paratask.languages.xml_files import Element

_COMPUTING = frozenset(
    "error warning message propertygroup itemgroup onerror calltarget createitem createproperty readlinesfromfile findunderpath "
    "getassemblyidentity converttoabsolutepath removeduplicates assigntargetpath getfilehash verifyfilehash hash xmlpeek".split()
)
_WRITING = {
    "copy": ("DestinationFolder", "DestinationFiles"),
    "makedir": ("Directories",),
    "removedir": ("Directories",),
    "delete": ("Files",),
    "touch": ("Files",),
    "writelinestofile": ("File",),
    "writecodefragment": ("OutputFile", "OutputDirectory"),
    "unzip": ("DestinationFolder",),
    "zipdirectory": ("DestinationFile",),
    "downloadfile": ("DestinationFolder",),
    "xmlpoke": ("XmlInputPath",),
}
_EVENTS = ("PreBuildEvent", "PostBuildEvent", "PreLinkEvent")
_RESTORING = ("restore", "collect", "packagereference")
_ANY_TIME, _RESTORING_TIME, _PACKING_TIME, _PUBLISHING_TIME = "any", "restore", "pack", "publish"
_HOOKS = {
    _PACKING_TIME: frozenset({"pack", "generatenuspec"}),
    _PUBLISHING_TIME: frozenset({"publish", "prepareforpublish", "copyfilestopublishdirectory"}),
}
"""Targets of the SDK that only run when a project is packed, or published."""
_OF_ITEMS = re.compile(r"@\(\s*\w+\s*->\s*'([^']*)'\s*(?:,[^)]*)?\)")
_METADATA = re.compile(r"%\([\w.]+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What targets add. `writes` are paths; `anything` says which of them may do anything whenever something is built, empty where none may.

    The others say the same of those that may run while packages are restored, when the project is packed, and when it is published.
    """

    writes: tuple[str, ...]
    anything: str
    anything_on_restore: str
    anything_when_packed: str
    anything_when_published: str


def read_additions(scope: Scope, shown: dict[str, str]) -> Additions:
    """What the targets in a project's files do; `shown` has the names of the files as they are told to people."""
    writes: dict[str, None] = {}
    said: dict[str, str] = {}
    events = _of_events(scope, shown)
    if events:
        said[_ANY_TIME] = events
    for path, document in scope.documents.items():
        initial = bool(document.attribute("InitialTargets"))
        for target in (element for element in document.below() if element.name == "Target"):
            for task in target.children:
                found = _written(task, path, scope)
                if found is not None:
                    writes.update(dict.fromkeys(found))
                    continue
                does = "write where only the run tells" if task.name.lower() in _WRITING else "do anything"
                name = target.attribute("Name") or "…"
                text = f"`{shown[path]}` has the target `{name}` run `{task.name}`, which may {does}"
                said.setdefault(_when(target, scope), text)
                if initial or _may_restore(target):
                    said.setdefault(_RESTORING_TIME, text)
    return Additions(
        writes=tuple(writes),
        anything=said.get(_ANY_TIME, ""),
        anything_on_restore=said.get(_RESTORING_TIME, ""),
        anything_when_packed=said.get(_PACKING_TIME, ""),
        anything_when_published=said.get(_PUBLISHING_TIME, ""),
    )


def _of_events(scope: Scope, shown: dict[str, str]) -> str:
    for name in _EVENTS:
        for text, path in scope.definitions(name):
            if text:
                return f"`{shown[path]}` has commands run as `{name}`, which may do anything"
    return ""


def _when(target: Element, scope: Scope) -> str:
    """When a target runs, as far as that is told by what it is hooked to. One that others name may run at any time."""
    hooks = [target.attribute(name) or "" for name in ("BeforeTargets", "AfterTargets")]
    names = {name.strip().lower() for hook in hooks for name in hook.split(";") if name.strip()}
    found = next((when for when, known in _HOOKS.items() if names and names <= known), _ANY_TIME)
    own = (target.attribute("Name") or "").lower()
    return _ANY_TIME if found != _ANY_TIME and _is_named(own, scope) else found


def _is_named(name: str, scope: Scope) -> bool:
    """Whether anything but the target itself speaks of it."""
    for document in scope.documents.values():
        for element in (document, *document.below()):
            texts = [element.text, *(value for key, value in element.attributes if element.name != "Target" or key != "Name")]
            if not name or any(name in text.lower() for text in texts):
                return True
    return False


def _may_restore(target: Element) -> bool:
    """Whether a target might run while packages are restored, by what it is called and what it is hooked to."""
    hooks = " ".join(target.attribute(name) or "" for name in ("Name", "BeforeTargets", "AfterTargets")).lower()
    return any(word in hooks for word in _RESTORING) or "$(" in hooks


def _written(task: Element, file: str, scope: Scope) -> tuple[str, ...] | None:
    """The paths that a task writes; None where it may do anything."""
    name = task.name.lower()
    if name in _COMPUTING:
        return ()
    if name not in _WRITING:
        return None
    return tuple(_named(task, file, scope)) if all(path is not None for path in _named(task, file, scope)) else None  # type: ignore[arg-type]


def _named(task: Element, file: str, scope: Scope) -> Iterator[str | None]:
    """The paths in the attributes that say where a task writes; None for one that is not known."""
    for name in _WRITING[task.name.lower()]:
        for part in (task.attribute(name) or "").split(";"):
            text = _METADATA.sub("*", _OF_ITEMS.sub(r"\1", part.strip()))
            filled = scope.fill(text, file)
            paths = None if filled is None else resolved(filled, scope.folder)
            yield from (None,) if paths is None else paths
