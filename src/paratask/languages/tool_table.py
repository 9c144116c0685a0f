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

    `options` maps roles to option names, separated by spaces. `default` is the entry that stands for a group called without a
    subcommand. `whole` says that named paths do not bound what is read (a type checker follows imports). `settings` are files
    beside the manifest that are read in any case. `writes` are paths written in any case, from the folder worked in; for
    INSTALL from the project's folder. `cache` is written there too. `keeps` is the name of a cache that calls fill side by side, in the
    folder of the settings that hold (`kept_beside`: their files' names, some with a word that has to be in them after `:`), which may say where it lies by the setting `kept_by`, and
    `sweeps` of one that is removed wherever it lies. `compiles` tells that it leaves bytecode beside the modules that it runs. `shares` and `holds` are resources, used shared and
    exclusively. `environment` names whose environment INSTALL fills, or RUN starts programs in. `dependencies` tells that the
    packages of the checkout that the workspace depends on are read too; where it is None, the mode tells. `tests` is whether it runs
    tests, which leave alone what other packages see of this one. `files` is a pattern of the names that are touched in folders,
    `leaves` one of those that are not: other languages' sources, unless the manifest speaks of one of `extended_by`.
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
    environment: str = ""
    port: int = 0
    cores: float = 1.0
    dependencies: bool | None = None
    tests: bool = False
    compiles: bool = False
    files: str = ""
    leaves: str = ""
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
