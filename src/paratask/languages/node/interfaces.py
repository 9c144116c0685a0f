"""The Node tools that work on descriptions of interfaces (OpenAPI), as data, and what these read beside the file they are given.

A description is put together from files that name each other by `$ref`, from where they lie. Does not know what plugins of redocly do.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.inferred import claim, read_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.sources_beyond import paths_beyond
from paratask.languages.tool_table import Mode, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

_REDOCLY: Mapping[Role, str] = {
    Role.FLAG: "--dereferenced -d --force -f --remove-unused-components --keep-url-references -k",
    Role.VALUE: "--format --max-problems --skip-rule --skip-preprocessor --skip-decorator --extends --lint-config --ext --title "
    "--component-renaming-conflicts-severity --component-names-strategy",
    Role.READS: "--config -t --template --overlay",
}
_SETTINGS = "{,.}redocly.{yaml,yml} .redocly.lint-ignore.yaml"
_KINDS = (".yaml", ".yml", ".json")
INTERFACES: Mapping[str, Tool] = {
    "openapi-typescript": Tool(
        summary="writes types for an interface",
        mode=Mode.READ,
        whole=True,
        settings=_SETTINGS,
        options={
            Role.FLAG: "--enum --enum-values --dedupe-enums --export-type -t --immutable --additional-properties --empty-objects-unknown "
            "--default-non-nullable --properties-required-by-default --array-length --path-params-as-types --alphabetize "
            "--exclude-deprecated --root-types --root-types-no-schema-prefix --root-types-keep-casing --make-paths-enum "
            "--generate-path-params --conditional-enums --read-write-markers --check",
            Role.READS: "--redocly -c",
            Role.WRITES: "-o --output",
        },
    ),
    "redocly": Tool(summary="checks and bundles interfaces", mode=Mode.GROUP),
    "redocly lint": Tool(
        summary="checks an interface",
        mode=Mode.READ,
        whole=True,
        settings=_SETTINGS,
        options=_REDOCLY,
    ),
    "redocly bundle": Tool(
        summary="puts an interface into one file",
        mode=Mode.READ,
        whole=True,
        settings=_SETTINGS,
        options={**_REDOCLY, Role.WRITES: "-o --output --metafile"},
    ),
    "redocly build-docs": Tool(
        summary="writes documentation of an interface",
        mode=Mode.READ,
        writes="redoc-static.html",
        whole=True,
        settings=_SETTINGS,
        options={**_REDOCLY, Role.FLAG: "--inlineBundle --disableGoogleFont", Role.WRITES: "-o --output"},
    ),
}


def reads_of_interface(call: Call) -> tuple[Claim, ...] | None:
    """The files around those that the call is given. None where its settings name these, and with them perhaps the results."""
    words = [word for word in call.parsed.operands if "://" not in word]
    paths = [resolve_path(word, call.cwd) for word in words]
    folders = [posixpath.dirname(path) for path in paths if path is not None]
    if not call.parsed.operands or len(folders) < len(paths) or not all(word.endswith(_KINDS) for word in words):
        return None
    beyond = [paths_beyond(folder, _KINDS, (), call.place) for folder in dict.fromkeys(folders)]
    if any(each is None for each in beyond):
        return None
    named = dict.fromkeys((*folders, *(path for each in beyond for path in each or ())))
    return (*(read_below(path, call.place, f"`{call.key}` puts it together from there") for path in named), *_made(call))


def _made(call: Call) -> Iterator[Claim]:
    """The folders of results, which these tools make."""
    for option in call.parsed.all(Role.WRITES):
        path = resolve_path(option.value, call.cwd)
        if path is not None:
            yield claim(Access.ADD, call.place.pattern(posixpath.dirname(path)), f"`{call.key}` makes it")
