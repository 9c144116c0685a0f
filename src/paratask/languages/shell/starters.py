"""Everyday commands that start another: `env`, `timeout`, `xargs`, `bash -c` and the like.

What they claim is what the other claims, asked of the place. Knows nothing of what is started.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claims, Evidence, union
from paratask.frozen import replace
from paratask.languages.leading_variables import unset
from paratask.languages.shell.call import Accepts, local, option_claims, parse_call, path_claim
from paratask.languages.shell.values import SCRIPT
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

SHELLS = ("bash", "sh", "dash", "zsh", "ksh")
_SHELL_FLAGS = frozenset("euxvfhlmnpEB")
_SHELL_WORDS = ("--login", "--norc", "--noprofile", "--posix")
STARTERS = {
    "env": Accepts(flags="-i --ignore-environment", values="-u --unset"),
    "nice": Accepts(values="-n --adjustment"),
    "ionice": Accepts(flags="-t", values="-c -n"),
    "time": Accepts(flags="-p -v", values="-f --format", writes="-o --output"),
    "timeout": Accepts(flags="--preserve-status --foreground -v", values="-k -s --kill-after --signal"),
    "stdbuf": Accepts(values="-i -o -e"),
    "setsid": Accepts(flags="-w -f"),
    "chronic": Accepts(),
    "xargs": Accepts(
        flags="-0 -r -t -x --null --no-run-if-empty --verbose",
        values="-n -P -L -d -s -E -I --max-args --max-procs --delimiter --replace",
        reads="-a --arg-file",
    ),
}


def recognise_starter(
    name: str, words: Sequence[Word], invocation: Invocation, place: Place
) -> Recognition | Delegation | None:
    """One of STARTERS."""
    call = parse_call(name, words, STARTERS[name], invocation, place, stop=True)
    taken = [option.value for option in call.parsed.named("-u", "--unset")] if call else []
    if call is None or None in taken:
        return None
    rest = list(call.parsed.rest)
    environment = {**invocation.environment, **{name: unset(name) for name in taken if name is not None}}
    if call.has("-i", "--ignore-environment"):
        environment["PATH"] = None
    if name == "timeout":
        rest = rest[1:] if rest and rest[0] is not None else [None]
    while name == "env" and rest and rest[0] and "=" in rest[0]:
        variable, _, value = (rest.pop(0) or "").partition("=")
        environment[variable] = value
    if name == "xargs":
        rest = _with_input(rest, call.value("-I", "--replace"))
    if not rest:
        return local((), f"`{name}` touches no files")
    started = place.invocation_claims(replace(invocation, words=tuple(rest), environment=environment))
    own = Claims(entries=option_claims(call), evidence=Evidence.INFERRED)
    return Delegation(claims=union([started, own]), reason=f"`{name}` starts `{rest[0] or '…'}`")


def recognise_shell(words: Sequence[Word], invocation: Invocation, place: Place) -> Delegation | None:
    """`bash -c 'text'`, and `bash script.sh` where the script can be read."""
    rest = list(words)
    while rest and rest[0] and rest[0].startswith(("-", "+")):
        option = rest.pop(0) or ""
        if option in _SHELL_WORDS:
            continue
        letters = option[1:]
        if not letters or not set(letters) <= _SHELL_FLAGS | {"o", "c"}:
            return None
        if "o" in letters and (not rest or rest.pop(0) is None):
            return None
        if "c" in letters:
            text = rest[0] if rest else None
            return (
                None
                if text is None
                else Delegation(claims=_text_claims(text, invocation, place), reason="the commands of the text")
            )
    return recognise_script(rest[0], rest[1:], invocation, place) if rest and rest[0] else None


def recognise_script(word: str, given: Sequence[Word], invocation: Invocation, place: Place) -> Delegation | None:
    """A shell script: it is read, and what it says is run with the words that it is `given`. As it stands now; a step that writes it
    conflicts with its reading.
    """
    path = posixpath.normpath(posixpath.join(invocation.cwd, word))
    text = place.read_text(path)
    if text is None:
        return None
    read = path_claim(Access.READ, word, invocation, place, "the shell reads the script")
    own = Claims(entries=(read,), evidence=Evidence.INFERRED)
    words = "".join(" $UNKNOWN" if each is None else f" {_quoted(each)}" for each in given)
    named = f"{SCRIPT}={_quoted(word)}\nset --{words}\n{text}"
    return Delegation(claims=union([own, _text_claims(named, invocation, place)]), reason=f"the commands of `{word}`")


def is_shell_script(word: str, invocation: Invocation, place: Place) -> bool:
    """Whether the program is a script that says to be run by a shell."""
    text = place.read_text(posixpath.normpath(posixpath.join(invocation.cwd, word))) or ""
    first = text.partition("\n")[0]
    return first.startswith("#!") and posixpath.basename(first.split()[-1 if "env" in first else 0].lstrip("#!")) in SHELLS


def _text_claims(text: str, invocation: Invocation, place: Place) -> Claims:
    """What a text claims that runs with the variables of the call."""
    exports = "".join(f"export {name}={_quoted(value)}\n" for name, value in invocation.environment.items())
    return place.command_claims(exports + text, invocation.cwd)


def _quoted(value: Word) -> str:
    """A value that the text's reader takes as it is; where it is not known, an expansion, which it does not know either."""
    return '"$UNKNOWN"' if value is None else "'" + value.replace("'", "'\\''") + "'"


def _with_input(rest: Sequence[Word], placeholder: Word) -> list[Word]:
    """The words that xargs starts: its input comes last, or at the placeholder; only the run tells what it is."""
    if placeholder:
        return [None if word and placeholder in word else word for word in rest]
    return [*rest, None] if rest else []


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | Delegation | None]] = {
    **dict.fromkeys(SHELLS, lambda _name, words, invocation, place: recognise_shell(words, invocation, place)),
    **dict.fromkeys(STARTERS, recognise_starter),
}
