"""A command's text as the program to start. See "Processes" in docs/design.md.

bash with `-e` and go-task's options, sh where there is no bash, and no shell at all for a command without shell syntax.
go-task reads the whole command before running any of it, so a command of several lines is wrapped to make bash do the same.
Its shell runs the last part of a pipeline itself, knows `$GID`, and passes over the first half of a line's CR LF; so does ours.
Knows nothing of variables and output.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-= ")
QUOTED = frozenset(PLAIN | set("!#&()*;<>?[]^{|}~")) - {"!"}
SHELL_WORDS = frozenset(
    "alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done elif else enable "
    "esac eval exec exit export fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd pushd "
    "pwd read readarray readonly return select set shift shopt source suspend test then time times trap type typeset ulimit umask "
    "unalias unset until wait while printf . : [ [[ { } !".split()
)
APPLE_BASH = "/bin/bash" if sys.platform == "darwin" else ""  # 3.2: it does not know `inherit_errexit` and `lastpipe`
UNMOVED = "-p"
"""bash then does what a text says whatever its environment holds for shells: BASH_ENV (CircleCI sets it), functions that were exported (`which` on
Fedora), CDPATH, SHELLOPTS. go-task's shell knows none of these. Programs that the text starts see them as ever.
"""
EXTENDED = ("extglob",)
"""bash wants this one set before it reads a command that uses it; go-task's shell reads all of a command first."""
ALIASES = "expand_aliases"
"""bash knows an alias from the line after its own, so a command that uses them is read a line at a time."""
UNTESTED_OPTIONS = ("echo",)


class Shell:
    """Turns command texts into argument vectors for one environment's PATH. `say` is told once when sh has to stand in for bash.

    A `plain` one has the shell run texts as it would by itself, without what makes it like go-task's.
    """

    def __init__(self, environ: Mapping[str, str], say: Callable[[str], None] | None = None, *, plain: bool = False) -> None:
        self._plain = plain
        path = environ.get("PATH", os.defpath)
        bash = self.find("bash", path)
        self.program = bash or self.find("sh", path) or "/bin/sh"
        self.is_bash = bash is not None
        self._say = None if self.is_bash else say

    def argv(
        self, text: str, *, path: str, folder: str, set_options: Sequence[str] = (), shopt_options: Sequence[str] = ()
    ) -> list[str]:
        """What to start for `text`. `path` is the PATH of its environment."""
        words = None if set_options or shopt_options else plain_words(text)
        if words:
            program = self._located(words[0], path, folder)
            if program is not None:
                return [program, *words]
        return self.in_shell(text, set_options, shopt_options)

    def in_shell(self, text: str, set_options: Sequence[str] = (), shopt_options: Sequence[str] = ()) -> list[str]:
        """What to start to have the shell run `text`, whatever is in it. NUL bytes mean nothing, as in go-task's shell."""
        if self._say is not None:
            self._say(f"paratask: there is no bash on PATH; commands run in `{self.program}`, where bash's own syntax fails")
            self._say = None
        argv = [self.program, os.path.basename(self.program)]
        text = text.replace("\0", "")
        if self._plain:
            return [*argv, "-c", text]
        if self.is_bash:
            argv.append(UNMOVED)
            if self.program != APPLE_BASH:
                argv += ["-O", "inherit_errexit", "-O", "lastpipe"]
            for name in (*shopt_options, *(EXTENDED if EXTENDED[0] in text else ())):
                argv += ["-O", name]
        argv.append("-e")
        for name in set_options:
            argv += [f"-{name}"] if len(name) == 1 else ["-o", name]
        script = adapted(text)
        if self.is_bash and "trap" in text:
            from paratask.processes.exit_traps import without_errexit

            script = without_errexit(script)
        if ALIASES not in text and ALIASES not in shopt_options:
            script = whole(script)
        return [*argv, "-c", (self._definitions(text) if self.is_bash else "") + script]

    def in_missing_folder(self, text: str, folder: str) -> list[str]:
        """What to start, in an empty folder made for it, for a `text` whose `folder` is not there: builtins work all the same."""
        from paratask.processes.imitation import in_missing_folder

        *argv, script = self.in_shell(text)
        return [*argv, in_missing_folder(folder) + script]

    def _definitions(self, text: str) -> str:
        group = f': "${{GID={os.getgid()}}}"; ' if "GID" in text else ""
        if "shopt" not in text and "set " not in text:
            return group
        from paratask.processes.imitation import tables

        return group + tables(text)

    def _located(self, name: str, path: str, folder: str) -> str | None:
        if "/" in name:
            candidate = os.path.normpath(os.path.join(folder, name))
            return candidate if os.access(candidate, os.X_OK) and not os.path.isdir(candidate) else None
        return self.find(name, path) if all(part.startswith("/") for part in path.split(os.pathsep)) else None

    @staticmethod
    def find(name: str, path: str) -> str | None:
        """The program of that name on `path`, absolute; None where there is none. Looks anew: a step may have installed it."""
        candidates = (os.path.join(part, name) for part in path.split(os.pathsep) if part.startswith("/"))
        return next((c for c in candidates if os.access(c, os.X_OK) and not os.path.isdir(c)), None)


def adapted(text: str) -> str:
    """`text`, changed where go-task's shell and bash read it in different ways. See "The shell" in docs/compatibility.md."""
    text = text.replace("\r\n", "\n")
    if text.startswith(("-", "+")):  # to bash, `-c -x` is two options
        text = f" {text}"
    if "done" in text:
        from paratask.processes.while_loops import with_zero_status

        text = with_zero_status(text)
    if "printf" in text:
        from paratask.processes.printf_formats import after_options

        text = after_options(text)
    return text


def whole(text: str) -> str:
    """`text`, made so that a shell reads all of it before it runs any. It may end in a backslash, which takes one newline."""
    stripped = text.strip()
    return f"{{ :\n{text}\n\n}}" if "\n" in stripped else text


def plain_words(text: str) -> list[str] | None:
    """The words of a command that needs no shell; None where it may need one."""
    words = text.split() if PLAIN.issuperset(text) else _quoted_words(text)
    if not words or "=" in words[0] or words[0] in SHELL_WORDS:
        return None
    if words[0] in UNTESTED_OPTIONS and any(word.startswith("-") for word in words[1:]):
        return None
    return words


def _quoted_words(text: str) -> list[str] | None:
    """As `str.split`, with quotes around plain characters; None where there is anything else."""
    words: list[str] = []
    current: str | None = None
    quote = ""
    for char in text.strip(" \n"):
        if quote:
            if char == quote:
                quote = ""
            elif char in QUOTED or ord(char) > 127 or (quote == '"' and char == "'") or (quote == "'" and char in '"!'):
                current = (current or "") + char
            else:
                return None
        elif char in "\"'":
            quote, current = char, current or ""
        elif char == " ":
            if current is not None:
                words.append(current)
            current = None
        elif char in PLAIN or ord(char) > 127:
            current = (current or "") + char
        else:
            return None
    if quote:
        return None
    return words if current is None else [*words, current]
