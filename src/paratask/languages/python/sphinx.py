"""What `sphinx-build` claims because of its configuration: pages that are generated among those it reads, and sources beyond its project.

`conf.py` is a program, and looked at as text: the names of extensions that write pages (`sphinx.ext.autosummary`), words by which it
writes or starts something itself, and paths that climb out of the project. Pages are looked at for what they include. Does not know
extensions of the project's own.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.inferred import read_below, write_below
from paratask.languages.options import is_within, resolve_path
from paratask.languages.sources_beyond import files_of, named_beyond
from paratask.languages.tool_claims import operand_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

_GENERATING = re.compile(r"autosummary|autoapi|apidoc|autodoc2|automodapi|numpydoc|sphinx_gallery|exhale|sphinx_tags")
_NOT_GENERATING = re.compile(r"^autosummary_generate\s*=\s*False", re.MULTILINE)
_WRITING = re.compile(r"\bsubprocess\b|\bos\.system\(|\bshutil\b|\.write|\bmkdir\(|\bmakedirs\(|[\"'][wax]b?\+?[\"']")
_REMARK = re.compile(r"^\s*#.*", re.MULTILINE)
_PAGES = (".rst", ".md", ".txt")
_INCLUDING = re.compile(r"include(?:::|\})[ \t]+(\.\.?/[^\s`]+)")


def sphinx_claims(call: Call) -> Iterator[Claim]:
    """What the call claims beyond reading its workspace and writing its output."""
    source = next(iter(operand_paths(call) or ()), call.cwd)
    given = [path for option in call.parsed.named("-c", "--conf-dir") if (path := resolve_path(option.value, call.cwd))]
    settings = posixpath.join(given[-1] if given else source, "conf.py")
    text = _REMARK.sub("", call.place.read_text(settings) or "")
    if _WRITING.search(text):
        yield write_below(call.workspace, call.place, f"`{call.key}` runs `conf.py`, which writes or starts something")
    elif _GENERATING.search(text) and not _NOT_GENERATING.search(text):
        yield write_below(source, call.place, f"an extension of `{call.key}` writes pages there")
    if call.workspace == call.place.root:
        return
    for path in dict.fromkeys((*named_beyond(settings, call.workspace, call.place), *_included(source, call))):
        yield read_below(path, call.place, f"`{call.key}` documents what is there")


def _included(source: str, call: Call) -> Iterator[str]:
    """The files beyond the project that its pages take in."""
    for page in files_of(source, _PAGES, (), call.place) or ():
        for word in _INCLUDING.findall(call.place.read_text(page) or ""):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page), word))
            if not is_within(path, call.workspace) and is_within(path, call.place.root):
                yield path
