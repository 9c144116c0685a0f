"""What `--doctor` finds of tools that take `.paratask` for a part of the project, since they read no `.gitignore` that lies in it."""

from __future__ import annotations

import os
import shlex
from fnmatch import fnmatchcase

from paratask.diagnosing.finding import Finding
from paratask.errors import Position
from paratask.state_files import read_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OURS = ".paratask"


def check_unignored(root: str, cwd: str) -> Iterator[Finding]:
    """`root` is the folder that `.paratask` is in, or would be; commands in `help` are to be typed in `cwd`."""
    ignore = os.path.join(root, ".gitignore")
    manifest = os.path.join(root, "pyproject.toml")
    ignored = OURS in _text(ignore)
    to_ignore = f"echo {OURS}/ >> {typed(ignore, cwd)}"
    message = f"`{OURS}` is not in the .gitignore at the root"
    if not ignored and _hatchling_takes_it(_text(manifest)):
        yield _finding(manifest, message, "hatchling puts it into the sdist", to_ignore)
    for name in ("biome.json", "biome.jsonc"):
        path = os.path.join(root, name)
        if os.path.isfile(path):
            why = "Biome takes its JSON for the project's"
            match _biome_takes_it(_text(path)):
                case "unless ignored" if not ignored:
                    yield _finding(path, message, why, to_ignore)
                case "always":
                    yield _finding(
                        path, f"`{OURS}` is not left out here", why, 'have `"!.paratask"` in its `files.includes`, after `"**"`'
                    )
            return


def _hatchling_takes_it(text: str) -> bool:
    """Hatch's documentation, "Build configuration": all that lies there, but for what the `.gitignore` at the root names, or lists say otherwise."""
    from paratask.languages.toml_files import parse_toml, table, texts

    document = parse_toml(text) if "hatchling" in text else None
    if document is None:
        return False
    build = table(document, "tool", "hatch", "build")
    merged = {**build, **table(build, "targets", "sdist")}
    taken = [pattern for key in ("include", "only-include", "packages") for pattern in texts(merged.get(key))]
    left_out = (pattern.strip("/").removeprefix("**/").removesuffix("/**") for pattern in texts(merged.get("exclude")))
    return (not taken or _names_it(taken)) and not any(fnmatchcase(OURS, pattern) for pattern in left_out)


def _biome_takes_it(text: str) -> str:
    """`always`, `unless ignored` (only the `.gitignore` at the root counts before Biome 2), or never: "". Biome's documentation, "Configuration"."""
    from paratask.languages.json_files import parse_jsonc
    from paratask.languages.toml_files import table, texts

    document = parse_jsonc(text)
    if document is None or OURS in text:
        return ""
    included = [pattern for pattern in texts(table(document, "files").get("includes")) if not pattern.startswith("!")]
    if included and not _names_it(included):
        return ""
    vcs = table(document, "vcs")
    if vcs.get("enabled") is True and vcs.get("useIgnoreFile") is True:
        return "unless ignored" if "/schemas/1." in str(document.get("$schema")) else ""
    return "always"


def _names_it(patterns: Iterable[str]) -> bool:
    """Whether one of these globs may be about our folder, or what lies in it."""
    return any(fnmatchcase(OURS, pattern.removeprefix("./").lstrip("/").split("/")[0]) for pattern in patterns)


def _finding(path: str, message: str, why: str, help_: str) -> Finding:
    return Finding(kind="not-ignored", message=message, why=why, help=help_, is_problem=False, position=Position(file=path))


def _text(path: str) -> str:
    try:
        return read_kept(path).decode(errors="replace")
    except OSError:
        return ""


def typed(path: str, cwd: str) -> str:
    """As a word of a command: from here where that is shorter."""
    relative = os.path.relpath(path, cwd)
    return shlex.quote(relative if len(relative) < len(path) else path)
