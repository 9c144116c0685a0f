"""The record that describes one tool, and the words that tell an effect beyond the checkout.

The tables of the language plugins are made of these records; recognition and the reference documentation both come from
them. Knows what a tool does to a workspace in general; knows no call, no folder and no file.
"""

from __future__ import annotations

import enum

from paratask.frozen import dataclass
from paratask.languages.options import Role

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Mode(enum.Enum):
    """What a tool does to the workspace it works in."""

    GROUP = "has subcommands, each with an entry of its own"
    NOTHING = "touches nothing but what its options name"
    READ = "reads the paths it is given, else the workspace"
    EDIT = "writes the paths it is given, else the workspace"
    BUILD = "reads and writes the workspace"
    SERVE = "runs until it is stopped, on a port, reading and writing the workspace"
    REPOSITORY = "may read and write the whole repository"
    OUTSIDE = "does what others can see, from the workspace"
    INSTALL = "fills the environment that the tools of a project run in"
    RUN = "starts the program that its operands name"
    COMPILE = "reads packages and those they are made of, and writes what it compiles them to"
    SCRIPT = "runs what the manifest defines under a name"
    MODULE = "runs a module or a file of the language"


class Operands(enum.Enum):
    """What the words of a call that are no options are."""

    PATHS = "paths to work on"
    WORDS = "names that change nothing that is touched"
    TASKS = "names of what to run, from the tool's own configuration"
    TEXTS = "shell texts to run"
    SCRIPTS = "names of scripts, with globs"
    OUTPUT = "a path that is read, then one that is written, then paths that are read"
    WRITTEN = "paths that are written, in place of what the tool writes by default"
    PACKAGES = "packages to install; those that are paths are built in place"
    PORT = "a port to listen on"
    NONE = "there are none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One program, or one subcommand of a program.

    options       option names by their roles, with spaces between them
    default       the entry that stands for a group which is called without a subcommand
    whole         named paths do not bound what is read: a type checker follows imports
    settings      files beside the manifest that are read in any case; programs that look in the folders above too have theirs in settings_above.py
    writes        paths written in any case, from the folder worked in; for INSTALL from the project's folder
    cache         a path written there too: where an option asks for it, if there is one that does; an option may name another
    keeps         the name of a cache that calls may fill side by side; it lies in the folder of the settings that hold
    kept_beside   the names of those settings' files, some with a word that has to be in them after `:`
    kept_by       the setting that says where else that cache lies
    sweeps        the name of a cache that is removed, wherever it lies
    shares        resources that it uses beside others
    holds         resources that it needs for itself
    locks         those of which this is all there is to them: one call of it runs at a time
    environment   whose environment INSTALL fills, or RUN starts programs in
    port          what SERVE listens on, unless it is told another one
    cores         how many it keeps busy
    dependencies  whether packages of the checkout are read that the workspace depends on; where it is None, the mode tells
    tests         it runs tests, which leave alone what other packages see of this one
    checks        it only checks, and what it writes is for itself
    compiles      it leaves bytecode beside the modules that it runs
    files         a pattern of the names that it touches in folders; empty for all
    skips         a pattern of the folders in which it touches none, unless it is told to
    leaves        a pattern of the names that it leaves alone there: other languages' sources
    overlooks     likewise, as long as no operand's wildcards may name them: what it is given it looks at, or says that it cannot
    extended_by   words for plugins; where the manifest has one of them, neither holds
    """

    summary: str
    mode: Mode
    operands: Operands = Operands.PATHS
    options: Mapping[Role, str] = {}
    default: str = ""
    whole: bool = False
    settings: str = ""
    writes: str = ""
    cache: str = ""
    keeps: str = ""
    kept_beside: str = ""
    kept_by: str = ""
    sweeps: str = ""
    shares: str = ""
    holds: str = ""
    locks: str = ""
    environment: str = ""
    port: int = 0
    cores: float = 1.0
    dependencies: bool | None = None
    tests: bool = False
    checks: bool = False
    compiles: bool = False
    files: str = ""
    skips: str = ""
    leaves: str = ""
    overlooks: str = ""
    extended_by: str = ""

    @property
    def reads_dependencies(self) -> bool:
        """Whether packages of the checkout that the workspace depends on are read: by what builds, runs, or follows imports."""
        if self.dependencies is not None:
            return self.dependencies
        return self.whole or self.mode in (Mode.BUILD, Mode.SERVE)


OUTSIDE_STEMS = ("publish", "deploy", "releas", "upload", "notif", "announc", "bump")
"""Words that start so tell an effect that others can see."""
OUTSIDE_WORDS = frozenset({"push", "send", "tag", "tags", "commit"})
"""Likewise, but only as whole words."""
OUTSIDE_PROGRAMS = frozenset(
    {"ssh", "scp", "sftp", "rsync", "kubectl", "helm", "terraform", "aws", "gcloud", "az", "gh", "vercel", "np", "twine"}
)
"""Programs that work on other machines."""


def split_words(text: str) -> list[str]:
    """The words of a name or text: runs of letters and digits, lower case; `camelCase` counts as two."""
    spaced = "".join(
        f" {char}" if char.isupper() and before.islower() else char if char.isalnum() else " "
        for before, char in zip(" " + text, text, strict=False)
    )
    return spaced.lower().split()


def outside_word(name: str, text: str = "") -> str | None:
    """The word in a task's name or text that tells an effect beyond the checkout, else None."""
    words = split_words(name) + split_words(text)
    for word in words:
        if word in OUTSIDE_WORDS or word.startswith(OUTSIDE_STEMS):
            return word
    if "version" in words and (not text or "git" in words or "npm" in words):
        return "version"
    return next((word for word in split_words(text) if word in OUTSIDE_PROGRAMS), None)
