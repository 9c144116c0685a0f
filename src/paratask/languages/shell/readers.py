"""Everyday commands that only read, and those that touch no file at all.

A table of the options that each takes, and for the few with a rule of their own a function. What is not in the table is not
accepted: an option nobody knows may write. Knows nothing of commands that write.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import GIVES_TIME, Access, Claim, Evidence
from paratask.languages.kept_caches import is_no_cache, without_caches
from paratask.languages.patterns import anywhere
from paratask.languages.shell.call import BELOW, Accepts, local, names_of, option_claims, parse_call, path_claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.shell.call import Call
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

SILENT = names_of(
    "true false : pwd cd sleep exit type which command export set unset local read shift wait umask ulimit hostname "
    "uname whoami id nproc basename dirname seq expr yes break continue let shopt tty printenv arch hash "
    "tr return envsubst ps pgrep df free uptime groups lscpu sw_vers getconf"
)
"""Touch no file, whatever their words."""
DRAWERS = ("tput", "clear", "reset", "stty")
"""Change how the terminal shows what comes after them, so that their order is part of what a run prints."""
PRINTERS = ("echo", "printf")
TESTS = ("test", "[", "[[")

_LISTS = names_of("--list -l --list-all -a --version --help -h --summary")
_LISTS_WITH = names_of("--silent -s --color -c --color=false --sort=none --sort=alphanumeric --sort=default")
_TASKFILES = ("**/Taskfile*", "**/taskfile*", "**/.taskrc*", "**/.env*")
_ASKS = {"tput": ("cols", "lines", "colors", "longname", "-V"), "stty": ("size", "-g")}
_FILE_TESTS = frozenset("-" + letter for letter in "abcdefghkprstuwxGLNOS")
_FILE_COMPARISONS = ("-nt", "-ot", "-ef")
_SUMS = Accepts(flags="-b -t -w --quiet --status --tag -z --binary --text --strict --ignore-missing")
_GREP = Accepts(
    flags="-E -F -G -P -i -v -w -x -c -l -L -q -s -b -H -h -n -o -r -R -T -Z -a -I -y -z --color --colour --recursive --quiet "
    "--silent --ignore-case --invert-match --line-number --only-matching --count --files-with-matches --extended-regexp "
    "--fixed-strings --perl-regexp --word-regexp --no-messages --with-filename --no-filename --line-buffered "
    "--files-without-match --null",
    values="-e -A -B -C -m -d -D --regexp --max-count --include --exclude --exclude-dir --after-context --before-context "
    "--context --label",
    reads="-f --file --exclude-from",
)
_RG = Accepts(
    flags="-i -v -w -x -c -l -q -s -S -n -N -H -I -o -U -P -F -u -. -L -0 -p -a --hidden --no-ignore --no-ignore-vcs --no-heading --heading "
    "--line-number --no-line-number --files --files-with-matches --files-without-match --fixed-strings --ignore-case --smart-case "
    "--case-sensitive --count --count-matches --quiet --pcre2 --multiline --multiline-dotall --only-matching --no-filename "
    "--with-filename --no-messages --text --json --vimgrep --follow --stats --word-regexp --line-regexp --invert-match --trim --null "
    "--no-config --unrestricted --pretty --column --no-column --type-list",
    values="-g --glob --iglob -t --type -T --type-not -e --regexp -A -B -C -m --after-context --before-context --context --max-count -d "
    "--max-depth -j --threads --sort --sortr --color --colors -r --replace --max-filesize --max-columns -M -E --encoding --engine",
    reads="-f --file --ignore-file",
)
READERS = {
    "cat": Accepts(flags="-A -b -e -E -n -s -t -T -u -v --number --show-all --squeeze-blank"),
    "head": Accepts(flags="-q -v -z --quiet", values="-n -c --lines --bytes"),
    "tail": Accepts(flags="-q -v -z --quiet", values="-n -c --lines --bytes"),
    "wc": Accepts(flags="-c -m -l -L -w --bytes --chars --lines --words"),
    "sort": Accepts(
        flags="-b -d -f -g -i -M -h -n -R -r -V -c -C -m -s -u -z --unique --reverse --numeric-sort --version-sort --check "
        "--stable --ignore-case",
        values="-k -t -S --key --field-separator --parallel",
        writes="-o --output",
    ),
    "cut": Accepts(
        flags="-n -s -z --complement --only-delimited", values="-b -c -d -f --bytes --fields --delimiter --output-delimiter"
    ),
    "diff": Accepts(
        flags="-q -s -c -u -e -n -y -r -N -a -i -E -Z -b -w -B -t -T -d -p --brief --recursive --unified --new-file --color "
        "--side-by-side --strip-trailing-cr --ignore-all-space --suppress-common-lines",
        values="-C -U -W -x -I -F --exclude --label -L --context --ignore-matching-lines",
    ),
    "cmp": Accepts(flags="-s -l -b --silent --quiet --verbose", values="-n -i --bytes"),
    "comm": Accepts(flags="-1 -2 -3 -i --nocheck-order --check-order"),
    "nl": Accepts(values="-b -w -s -n"),
    "rev": Accepts(),
    "tac": Accepts(),
    "fold": Accepts(flags="-s -b", values="-w"),
    "paste": Accepts(flags="-s", values="-d"),
    "stat": Accepts(flags="-L -f -t", values="-c --format --printf"),
    "file": Accepts(flags="-b -i -L -k --brief --mime --mime-type"),
    "base64": Accepts(flags="-d -D -i --decode", values="-w --wrap"),
    "realpath": Accepts(flags="-e -m -s -q", values="--relative-to"),
    "readlink": Accepts(flags="-f -e -m -n -q"),
    "cksum": Accepts(),
    **dict.fromkeys(("md5sum", "sha1sum", "sha256sum", "sha512sum", "b2sum"), _SUMS),
    "shasum": Accepts(
        flags="-b -t -U -0 -s -q --binary --text --quiet --status --ignore-missing --strict", values="-a --algorithm"
    ),
    "du": Accepts(
        flags="-a -c -h -k -m -s -x -b -L --summarize --human-readable --apparent-size", values="-d --max-depth --exclude"
    ),
    "ls": Accepts(
        flags="-a -A -b -B -c -C -d -f -F -g -G -h -H -i -k -l -L -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -Z -1 "
        "--all --almost-all --color --directory --full-time --recursive --human-readable --reverse --group-directories-first",
        values="-I -w -T --ignore --sort --time --time-style --format",
    ),
    "tree": Accepts(flags="-a -d -f -i -s -h -D -F --dirsfirst --noreport -C -n", values="-L -I -P"),
    "jq": Accepts(
        flags="-c -n -r -R -s -S -e -j -a -C -M --compact-output --raw-output --slurp --sort-keys --exit-status --null-input "
        "--join-output --raw-input --tab",
        values="--indent",
        reads="-f --from-file",
    ),
    **dict.fromkeys(("grep", "egrep", "fgrep"), _GREP),
    "rg": _RG,
}
"""Read the paths that their operands name."""
_MAY_WRITE = frozenset(["sort", "file", "tree", "rg"])
"""Those of READERS that have an option with which they write, or start a program, so that a word that is not known may be that."""
_STDIN = "-"
_MKTEMP = Accepts(flags="-d -q -u -t --directory --quiet --dry-run --tmpdir", values="-p --suffix")
_OWN_FILE = ("-f", "--file", "--from-file", "-e", "--regexp", "--files")
_FROM_FILE = ("--slurpfile", "--rawfile")
_GIVES_NAME = ("--arg", "--argjson", *_FROM_FILE)
_FIRST_IS_TEXT = ("grep", "egrep", "fgrep", "rg", "jq")
_RECURSIVE = {
    "ls": ("-R", "--recursive"),
    **dict.fromkeys(("grep", "egrep", "fgrep"), ("-r", "-R", "--recursive", "-d")),
}
_WHOLE_TREES = ("diff", "du", "tree", "rg")


def recognise_silent(name: str, words: Sequence[Word]) -> Recognition | None:
    """Commands that touch no file."""
    if name == "command" and (not words or words[0] not in ("-v", "-V")):
        return None
    if name == "sleep":
        return local(anywhere(Access.READ, GIVES_TIME), "`sleep` touches no files")
    return local((), f"`{name}` touches no files")


def recognise_drawer(name: str, words: Sequence[Word]) -> Recognition:
    """Uses the terminal alone, but where it only asks for the terminal's size and abilities."""
    if words[:1] and words[0] in _ASKS.get(name, ()):
        return local((), f"`{name} {words[0]}` only asks")
    reason = f"`{name}` changes what the terminal shows"
    return local((Claim(access=Access.EXCLUSIVE, pattern="terminal", evidence=Evidence.INFERRED, reason=reason),), reason)


def recognise_mktemp(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """Makes a file with a name of its own, in the system's folder for that where no template names another."""
    call = parse_call("mktemp", words, _MKTEMP, invocation, place)
    if call is None or len(call.operands) > 1 or any(option.value is None for option in call.parsed.named("-p")):
        return None
    template, folder = "".join(call.operands), call.value("-p", "--tmpdir") or ""
    is_bare = "/" not in template and (not template or call.has("-t", "--tmpdir"))
    if is_bare and not folder:
        return local((), "`mktemp` makes a file that nobody else knows")
    made = posixpath.join(folder, re.sub(r"X{2,}.*", "*", template, flags=re.DOTALL) if template else "tmp.*")
    return local(call.makes([made]), "`mktemp` makes a file with a name of its own")


def recognise_task(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """go-task, where it only says which tasks there are, for which it evaluates nothing; what it runs is a run of its own."""
    names = [word for word in words if word and not word.startswith("-")] if "--summary" in words else []
    options = [word for word in words if word not in names]
    if not _LISTS.intersection(options) or not _LISTS.union(_LISTS_WITH).issuperset(options):
        return None
    files = (path_claim(Access.READ, name, invocation, place, "`task` reads it") for name in _TASKFILES)
    return local(
        (*files, *(anywhere(Access.READ, "`task` reads what is included") if _goes_far(invocation.cwd, place) else ())),
        "`task` lists what there is",
    )


def _goes_far(cwd: str, place: Place) -> bool:
    """Whether Taskfiles may be read that lie anywhere: those above the folder, and those that the root's includes."""
    if cwd != place.root:
        return True
    texts = [
        place.read_text(f"{place.root}/{name}") for name in place.listdir(place.root) if name.lower().startswith("taskfile.")
    ]
    return any(text is None or "includes" in text for text in texts)


def recognise_date(words: Sequence[Word]) -> Recognition | None:
    """`date` with a format; its other options may read files or set the clock."""
    harmless = all(word and (word in ("-u", "-I", "-R", "--utc") or word.startswith(("+", "-I"))) for word in words)
    return local((), "`date` touches no files") if harmless else None


def recognise_printer(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition:
    """`echo` and `printf` touch nothing, but what a wildcard becomes depends on which files there are."""
    reason = f"`{name}` lists it"
    globs = [word for word in words if word and not {"*", "?", "["}.isdisjoint(word) and " " not in word and "\n" not in word]
    claims = [
        path_claim(Access.READ, word, invocation, place, reason) for word in globs if "%" not in word and "\\" not in word
    ]
    return local(claims, f"`{name}` touches no files")


def recognise_test(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition:
    """Reads the paths after file operators; one that only the run tells may be anywhere."""
    reason = f"`{name}` looks at it"
    padded = (*words, "", "")
    looked_at: list[Word] = []
    for index, word in enumerate(padded[: len(words)]):
        if word in _FILE_TESTS and _is_operand(padded, index):
            looked_at.append(padded[index + 1])
        elif word in _FILE_COMPARISONS and index > 0:
            looked_at += [padded[index - 1], padded[index + 1]]
    claims: list[Claim] = []
    for word in looked_at:
        unknown = anywhere(Access.READ, f"{reason}, a path that only the run tells")
        claims += unknown if word is None else (path_claim(Access.READ, word, invocation, place, reason),)
    return local(claims, f"`{name}` writes nothing")


def recognise_reader(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """One of READERS."""
    words = _without_pairs(words) if name == "jq" else words
    dashed = [f"-n{word[1:]}" if word and word[:1] == "-" and word[1:].isdigit() else word for word in words]
    unknown = None in words and name not in _MAY_WRITE
    known = [_STDIN if word is None and unknown else word for word in (dashed if name in ("head", "tail") else words)]
    call = parse_call(name, known, READERS[name], invocation, place)
    if call is None:
        return None
    more = anywhere(Access.READ, f"`{name}` reads a path that only the run tells") if unknown else ()
    paths = call.operands
    if name in _FIRST_IS_TEXT and not call.has(*_OWN_FILE):
        paths = paths[1:]
    return local(option_claims(call) + _read(call, paths) + more, f"`{name}` only reads")


def _without_pairs(words: Sequence[Word]) -> list[Word]:
    """jq: the words without options that give a name a value; of those that take it from a file, the file stays, as one that is read."""
    kept: list[Word] = []
    files: list[Word] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in _GIVES_NAME and len(rest) > 1:
            value = rest[1]
            del rest[:2]
            files += [value] if word in _FROM_FILE else []
        else:
            kept.append(word)
    return [*kept, *files]


def recognise_uniq(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """`uniq [input [output]]`."""
    accepts = Accepts(flags="-c -d -D -i -u -z --count --repeated --unique", values="-f -s -w")
    call = parse_call("uniq", words, accepts, invocation, place)
    if call is None:
        return None
    return local(call.reads(call.operands[:1]) + call.writes(call.operands[1:]), "`uniq` reads one file and writes another")


def _read(call: Call, paths: Sequence[str]) -> tuple[Claim, ...]:
    recursive = call.has(*_RECURSIVE.get(call.name, ()))
    included = [option.value for option in call.parsed.named("--include")]
    if recursive and included:
        found = [entry for name in included if name for entry in call.reads(paths or ["."], f"{BELOW}/{name}")]
        plain = all(name and is_no_cache(name) for name in included)
        return (*call.reads(paths), *(map(without_caches, found) if plain else found))
    if call.name in _WHOLE_TREES or recursive:
        return call.reads(paths or ["."], BELOW)
    if call.name == "ls":
        return call.reads(paths or ["."]) + call.reads(paths or ["."], "/*")
    return call.reads(paths)


def _is_operand(padded: Sequence[Word], index: int) -> bool:
    """Whether an operator at `index` has something after it to look at; `-a` between two expressions means "and"."""
    return padded[index] != "-a" or index == 0 or padded[index - 1] in ("!", "(", "-a", "-o", "&&", "||")


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | None]] = {
    "date": lambda _name, words, _invocation, _place: recognise_date(words),
    "uniq": lambda _name, words, invocation, place: recognise_uniq(words, invocation, place),
    "mktemp": lambda _name, words, invocation, place: recognise_mktemp(words, invocation, place),
    **dict.fromkeys(("task", "go-task"), lambda _name, words, invocation, place: recognise_task(words, invocation, place)),
    **dict.fromkeys(DRAWERS, lambda name, words, _invocation, _place: recognise_drawer(name, words)),
    **dict.fromkeys(SILENT, lambda name, words, _invocation, _place: recognise_silent(name, words)),
    **dict.fromkeys(PRINTERS, recognise_printer),
    **dict.fromkeys(TESTS, recognise_test),
    **dict.fromkeys(READERS, recognise_reader),
}
