"""Calls of tools that can share job slots: which of them run several jobs by their own words, and how they are told to share.

`make -j8`, `ninja -j8` and their kin take no part in a jobserver, and make says so on stderr. So what a call says of its number of
jobs is left out when it gets one. And a call that would run one job at a time (`make`, `make -j1`) gets none: a jobserver would make
it parallel, and there are makefiles that do not bear that.

Said twice: `shared_words` for a command without shell syntax, and `shell_body` for one with it, whose words are only known when
the shell has come to them. tests/unit/execution/jobserver/test_calls.py holds the two together.
"""

from __future__ import annotations

from shlex import quote

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SERIAL, UNLIMITED = "1", "0"
NINJA_GENERATOR = "CMAKE_GENERATOR:INTERNAL=Ninja"
CACHE_FILE = "CMakeCache.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a tool is told its number of jobs: `-j8`, `-j 8`, and `long` in its place.

    `letters` are one-letter flags that may stand before the `j`, as in `-kj8`; `followed` options whose value is the next word; `first`
    the first words that make it a call that builds; `needs` the beginning of a word without which it runs no jobs at all. `parallel`:
    it runs several jobs when nothing is said. `lone_j`: `-j` alone is right, and the next word belongs to it only where it is a number.
    `ends`: its options end with a word `--`.
    """

    long: str = ""
    letters: str = ""
    followed: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    needs: str = ""
    parallel: bool = False
    lone_j: bool = False
    ends: bool = True


_MAKE = Form(long="--jobs", letters="bBdeikLnpqrRsStvw", followed=("-C", "-f", "-I", "-o", "-W", "-E"), lone_j=True)
_NINJA = Form(letters="nv", followed=("-C", "-f", "-k", "-l", "-d", "-w"), parallel=True)
_GCC = Form(needs="-flto", parallel=True)
FORMS = {
    "make": _MAKE,
    "gmake": _MAKE,
    "ninja": _NINJA,
    "ninja-build": _NINJA,
    "meson": Form(long="--jobs", followed=("-C",), first=("compile",), parallel=True),
    "cmake": Form(long="--parallel", followed=("-t", "--target"), first=("--build",), lone_j=True, ends=False),
    "cargo": Form(
        long="--jobs", letters="qv", followed=("-p", "-F", "-Z"), parallel=True,
        first=("build", "b", "check", "c", "clippy", "test", "t", "bench", "doc", "d", "rustc", "install"),
    ),
    "rustc": Form(needs="--crate", parallel=True),
    "maturin": Form(long="--jobs", first=("build", "develop", "sdist"), parallel=True),
    "gcc": _GCC,
    "g++": _GCC,
}  # fmt: skip


STARTERS = {
    "nice": ("-n", "--adjustment"),
    "ionice": ("-c", "-n", "--class", "--classdata"),
    "nohup": (),
    "setsid": (),
    "stdbuf": ("-i", "-o", "-e", "--input", "--output", "--error"),
    "timeout": ("-k", "-s", "--kill-after", "--signal"),
    "env": (),
}
"""Programs that start another with the environment that they have, and their options whose value is the next word."""


def started_at(words: Sequence[str]) -> int:
    """Where in a command's words the program stands that it comes to, behind `nice`, `timeout 5m`, `env X=1`; 0 also where that is not known."""
    at = 0
    while at < len(words) and (name := words[at].rpartition("/")[2]) in STARTERS:
        at += 1
        while at < len(words) and words[at].startswith("-"):
            if name == "env":
                return 0  # it may take variables away
            at += 2 if words[at] in STARTERS[name] else 1
        at += name == "timeout"
        while name == "env" and at < len(words) and "=" in words[at]:
            at += 1
    return at if at < len(words) else 0


def shared_words(form: Form, words: Sequence[str], *, parallel: bool) -> list[str] | None:
    """A call's words without its number of jobs; None where it is to stay as it is. `parallel`: several jobs when nothing is said."""
    if not _is_meant(form, words):
        return None
    jobs = UNLIMITED if parallel else SERIAL
    kept = [words[0]]
    expects = ""
    for word in words[1:]:
        if expects == "number":
            expects = ""
            if word.isascii() and word.isdigit():
                jobs = word
                continue
            jobs = jobs if form.lone_j else SERIAL
        prefix, number = _split_jobs(form, word) if not expects else ("", None)
        if number is None:
            kept.append(word)
            expects = _expected(form, word, expects)
            continue
        if prefix:
            kept.append(prefix)
        jobs = number or UNLIMITED
        expects = "" if number else "number"
    return kept if jobs.isascii() and jobs.isdigit() and jobs != SERIAL else None


def _is_meant(form: Form, words: Sequence[str]) -> bool:
    begins = not form.first or (len(words) > 1 and words[1] in form.first)
    return begins and any(word.startswith(form.needs) for word in words)


def _expected(form: Form, word: str, expects: str) -> str:
    """What the next word is, after this one was kept."""
    if expects == "rest" or (word == "--" and form.ends and not expects):
        return "rest"
    return "value" if not expects and word in form.followed else ""


def _split_jobs(form: Form, word: str) -> tuple[str, str | None]:
    """What is left of a word, and the number of jobs that it says: empty for one without, None for a word that says none."""
    if form.long and word == form.long:
        return "", ""
    if form.long and word.startswith(f"{form.long}="):
        return "", word[len(form.long) + 1 :] or "nothing"
    flags, j, number = word.partition("j")
    if not j or not flags.startswith("-") or not set(flags[1:]) <= set(form.letters) or not set(number) <= set("0123456789"):
        return "", None
    return "" if flags == "-" else flags, number


def shell_body(name: str, form: Form, *, variable: str, value: str, before: str, parallel: bool) -> str:
    """The body, on one line, of a shell function that stands in for a tool and tells it to share where `shared_words` would.

    It runs in a subshell and ends in the tool itself. `value` is the variable's new one, `before` what it must be in the shell at
    that moment: where the command itself has set it, it stays.
    """
    leave = f'exec {name} "$@"'
    lines = [f'[ "${{{variable}-}}" = {quote(before)} ] || {leave}']
    if form.first:
        lines.append(f"case ${{1-}} in {'|'.join(form.first)}) ;; *) {leave};; esac")
    if form.needs:
        lines.append(f'case " $*" in *" {form.needs}"*) ;; *) {leave};; esac')
    lines += [f"_paratask_j={UNLIMITED if parallel else SERIAL}", _passes(form, leave)]
    lines.append(f"{variable}={quote(value)}; export {variable}; {leave}")
    return "; ".join(lines)


def _passes(form: Form, leave: str) -> str:
    """Twice over the words: once to learn the number of jobs, and once more, where it is not 1, to leave it out."""
    keep = 'set -- "$@" "$_paratask_w"'
    drop = f"[ $_paratask_p = 2 ] || {keep}"
    number = (
        f"_paratask_s=; case $_paratask_w in ''|*[!0-9]*) {'' if form.lone_j else f'_paratask_j={SERIAL}'};; "
        f"*) _paratask_j=$_paratask_w; {drop}; continue;; esac"
    )
    states = f"case $_paratask_s in v) _paratask_s=; {keep}; continue;; r) {keep}; continue;; n) {number};; esac"
    cases = []
    if form.ends:
        cases.append(f"--) _paratask_s=r; {keep};;")
    if form.followed:
        cases.append(f"{'|'.join(form.followed)}) _paratask_s=v; {keep};;")
    if form.long:
        cases.append(f"{form.long}) _paratask_j={UNLIMITED}; _paratask_s=n; {drop};;")
        cases.append(f"{form.long}=*) _paratask_j=${{_paratask_w#*=}}; {drop};;")
    split = (
        f'_paratask_j=${{_paratask_w#*j}}; [ -n "$_paratask_j" ] || {{ _paratask_j={UNLIMITED}; _paratask_s=n; }}; '
        f'if [ $_paratask_p = 1 ]; then {keep}; elif [ "${{_paratask_w%%j*}}" != - ]; then set -- "$@" "${{_paratask_w%%j*}}"; fi'
    )
    cases += [
        f"-*j*[!0-9]*|-*[!{form.letters}j0-9]*j*|-*[0-9]*j*|--*) {keep};;",
        f"-*j*) {split};;",
        f"*) {keep};;",
    ]
    loop = f"_paratask_s=; for _paratask_w do shift; {states}; case $_paratask_w in {' '.join(cases)} esac; done"
    stays = f"case $_paratask_j in {SERIAL}|''|*[!0-9]*) {leave};; esac"
    return f"for _paratask_p in 1 2; do {loop}; {stays}; done"
