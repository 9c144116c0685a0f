"""What running tests adds to a build: where results and reports go, and which files of the checkout the tests name.

A report's file lies in the folder of results, unless its settings say otherwise. What tests read by paths that they put together is not
known.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import replace
from paratask.languages.dotnet.tools import DOTNET
from paratask.languages.inferred import read_below, write_below
from paratask.languages.options import Parsed, is_within, parse, resolve_path, roles
from paratask.languages.sources_beyond import paths_beyond
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.dotnet.solutions import Selection
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call

_SOURCES = (".cs", ".fs", ".vb")
_SETTING = re.compile(r"[\w.]+=[^/\\]*")
_RESULTS = "RunConfiguration.ResultsDirectory="
_NAMED_FILES = ("logfilename",)
_NAMED_PATHS = ("logfilepath", "testrundirectory")
_IN_RESULTS = ("--coverage-output", "--report-trx-filename")


def with_rest(call: Call, rest: Sequence[Word]) -> Call | None:
    """The call with what follows `--`, which goes to the runner of tests; None where that is not understood."""
    words = [f"--results-directory={word[len(_RESULTS) :]}" if word and word.startswith(_RESULTS) else word for word in rest]
    parsed = parse(words, roles(DOTNET["dotnet test"].options))
    if parsed is None or not all(_SETTING.fullmatch(word) and ".." not in word for word in parsed.operands):
        return None
    options = (*call.parsed.options, *parsed.options)
    return replace(call, parsed=Parsed(options=options, operands=call.parsed.operands))


def testing(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    """What the runner writes, and what tests read beyond their projects; None where a path is not known."""
    reports = tuple(_reports(call, selection))
    if None in reports:
        return None
    reason = f"`{call.key}` writes a report"
    written = tuple(write_below(path, call.place, reason) for path in reports if path is not None)
    return (*written, *_beyond(call, selection))


def _reports(call: Call, selection: Selection) -> Iterator[str | None]:
    """The paths that reports are written to, beside the folder of results; None for one that is not known."""
    folders = [call.cwd, *(project.folder for project in selection.named)]
    for option in call.parsed.named("-l", "--logger", "--collect"):
        for part in (option.value or "$").split(";"):
            name, _, value = part.strip().partition("=")
            if name.lower() in _NAMED_PATHS:
                path = re.sub(r"\{\w+\}", "*", value.strip('"'))
                yield from (resolve_path(path, folder) for folder in folders)
            elif name.lower() in _NAMED_FILES and not _stays(value):
                yield None
    for option in call.parsed.named(*_IN_RESULTS):
        if not _stays(option.value or "$"):
            yield None
    for path in _settings(call, selection):
        document = read_xml(path, call.place)
        for element in document.below() if document else ():
            if element.name == "ResultsDirectory" and element.text:
                yield resolve_path(element.text.replace("\\", "/"), posixpath.dirname(path))


def _settings(call: Call, selection: Selection) -> Iterator[str]:
    for option in call.parsed.named("-s", "--settings"):
        path = resolve_path(option.value, call.cwd)
        if path is not None:
            yield path
    for project in selection.named:
        yield from (path for path in project.reads if path.endswith(".runsettings"))
        names = call.place.listdir(project.folder)
        yield from (posixpath.join(project.folder, name) for name in names if name.endswith(".runsettings"))


def _stays(value: str) -> bool:
    """Whether a file's name keeps it in the folder of results."""
    return not value.strip('"').startswith(("/", "~")) and ".." not in value and "$" not in value


def _beyond(call: Call, selection: Selection) -> Iterator[Claim]:
    for project in selection.named:
        paths = paths_beyond(project.folder, _SOURCES, (), call.place)
        if paths is None:
            yield read_below(call.place.root, call.place, "too many sources to look at which files they name")
            continue
        yield from (read_below(path, call.place, "sources name it") for path in paths if not is_within(project.folder, path))
