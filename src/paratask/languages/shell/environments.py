"""What a text finds out about the checkout when it runs, as far as files tell: environments of Python that it activates, and git's root.

`source .venv/bin/activate` runs a script that venv, virtualenv and uv write, always to the same end: programs of the environment are
found first, and `VIRTUAL_ENV` names it. So it need not be read, and need not be there yet. Knows such a script by its place in an
environment, and by what all of them have in them.
"""

from __future__ import annotations

import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.languages.shell.words import Word

VARIABLE = "VIRTUAL_ENV"
ENDING = "deactivate"
"""The function that an activated environment ends with."""
_INSTALLED = frozenset(["$HOME/.cargo/env", "~/.cargo/env"])
"""rustup writes it: PATH then begins with the folder of cargo's programs."""
_SCRIPT = "activate"
_FOLDERS = ("bin", "Scripts")
_ENVIRONMENTS = frozenset({".venv", "venv", ".env", "env", ".virtualenv", "virtualenv"})


def only_sets_path(written: Sequence[str]) -> bool:
    """Whether a command, word by word as written, sources a script of an installer that puts its programs first, and does nothing else."""
    return (
        len(written) == 2 and written[0] in ("source", ".") and written[1].strip('"').replace("${HOME}", "$HOME") in _INSTALLED
    )


def activated(word: Word, folder: str, read: Callable[[str], str | None]) -> str | None:
    """The environment that sourcing `word` in `folder` activates; None where that is another script, or may be one."""
    path = posixpath.normpath(posixpath.join(folder, word or ""))
    above, name = posixpath.split(path)
    environment, inner = posixpath.split(above)
    if not word or name != _SCRIPT or inner not in _FOLDERS:
        return None
    text = read(path)
    if text is None:
        return environment if posixpath.basename(environment) in _ENVIRONMENTS else None
    return environment if f"{ENDING} ()" in text and f"{VARIABLE}=" in text else None


def toplevel_of(folder: str, read: Callable[[str], str | None]) -> str | None:
    """The folder of the git repository or work tree around `folder`."""
    while True:
        if any(read(posixpath.join(folder, name)) is not None for name in (".git/HEAD", ".git")):
            return folder
        if folder in ("", "/"):
            return None
        folder = posixpath.dirname(folder)
