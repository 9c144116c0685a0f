"""Everyday commands with a small language of their own: find, sed, awk and tar.

Each is read only as far as is needed to tell what it touches; what goes further is not recognised.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re

from paratask.claims.model import Access, Claims, Evidence, union
from paratask.frozen import replace
from paratask.languages.kept_caches import is_no_cache, without_caches
from paratask.languages.patterns import anywhere
from paratask.languages.shell.call import BELOW, Accepts, local, names_of, option_claims, parse_call
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.shell.call import Call
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

_FIND_ALONE = names_of(
    "( ) ! -not -o -or -a -and , -print -print0 -prune -quit -empty -depth -d -follow -mount -xdev -daystart -true "
    "-false -readable -writable -executable -ls -nouser"
)
_FIND_WITH_VALUE = names_of(
    "-name -iname -path -ipath -wholename -regex -iregex -regextype -lname -type -xtype -size -mtime -mmin -atime "
    "-amin -ctime -cmin -maxdepth -mindepth -user -group -perm -links -printf -newermt -inum"
)
_NEGATIONS = ("!", "-not")
_SED = Accepts(
    flags="-n -E -r -s -u -z --quiet --silent --regexp-extended --separate --null-data --posix -i --in-place",
    values="-e --expression -l",
    reads="-f --file",
)
_SED_ADDRESS = r"(?:\d+|\$|/(?:\\.|[^/\\\n])*/I?)"
_SED_RANGE = rf"{_SED_ADDRESS}\s*(?:,\s*(?:[+~]?\d+|{_SED_ADDRESS})\s*)?"
_SED_COMMAND = re.compile(
    rf"[\s;]*(?:{_SED_RANGE}!?\s*\{{\s*)*(?:{_SED_RANGE})?!?[\s{{]*"
    r"(?:[sy]([^\w\s\\])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1[gpiIm0-9]*|[dDgGhHnNpPqxz=]|[aic][\s\\][^\n]*)?[\s;}]*(?![^\s;}])",
    re.DOTALL,
)
_AWK_SIGNS = re.compile(r"[>|@]|system|getline|ARG[VC]")
"""What an awk program has that does more than print."""
_AWK = Accepts(values="-F -v --field-separator --assign")
_TAR = Accepts(
    flags="-z -j -J -v -p -m -h -a -P --gzip --bzip2 --xz --zstd --verbose --auto-compress --no-same-owner --dereference "
    "--preserve-permissions --overwrite --numeric-owner -c --create -x --extract -t --list",
    values="--exclude --strip-components --transform --owner --group --mtime --sort --mode --format -f --file",
    reads="-T --files-from -X --exclude-from",
    folder="-C --directory",
)


def recognise_find(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """Reads what lies below its start folders, and writes it where it deletes; what it starts is given any of that."""
    split = next((index for index, word in enumerate(words) if word is None or word[:1] in "-(!"), len(words))
    call = parse_call("find", words[:split], Accepts(), invocation, place)
    acts = _find_acts(words[split:])
    if call is None or acts is None:
        return None
    starts = call.operands or (".",)
    deletes, commands = acts
    names = find_names(words[split:])
    found = [posixpath.join(start, "**", name) for start in starts for name in names] or [
        posixpath.join(start, "**") for start in starts
    ]
    if deletes:
        themselves = [
            start for start in starts if not names or any(fnmatch.fnmatch(posixpath.basename(start), name) for name in names)
        ]
        own = local(call.writes((*themselves, *(found if names else ())), BELOW), "`find` deletes what it finds")
    else:
        own = local(
            _but_caches(call.reads(found if names else starts, "" if names else BELOW), names), "`find` lists what is there"
        )
    if not commands:
        return own
    started = [
        place.invocation_claims(
            replace(invocation, words=tuple(part for word in words for part in (found if word == "{}" else [word])))
        )
        for words in commands
    ]
    claims = union([*started, Claims(entries=own.claims, evidence=Evidence.INFERRED)])
    return Delegation(claims=replace(claims, entries=_but_caches(claims.entries, names)), reason="`find` starts commands")


def _but_caches(entries: tuple[Claim, ...], names: Sequence[str]) -> tuple[Claim, ...]:
    """`entries` without what lies in caches, where files of these names do not."""
    return tuple(map(without_caches, entries)) if names and all(map(is_no_cache, names)) else entries


def find_names(words: Sequence[Word]) -> tuple[str, ...]:
    """The `-name` patterns of which all that is found matches one; none where something else may be found as well."""
    alternatives: list[list[Word]] = [[]]
    if "," in words:
        return ()
    for word in words:
        if word in ("-o", "-or"):
            alternatives.append([])
        else:
            alternatives[-1].append(word)
    acts = any(word in ("-print", "-print0", "-exec", "-printf", "-ls") for word in words)
    found = [_find_name(words) for words in alternatives if not (acts and words[-1:] == ["-prune"])]
    return tuple(name for name in found if name) if all(found) else ()


def _find_name(words: Sequence[Word]) -> str | None:
    """The name that is asked for before anything is started; what follows `!` is not."""
    for before, word, value in zip(("", *words), words, words[1:], strict=False):
        if word in ("-exec", "-execdir") or (before in _NEGATIONS and word == "("):
            return None
        if word == "-name" and before not in _NEGATIONS:
            return value if value and "/" not in value else None
    return None


def _find_acts(words: Sequence[Word]) -> tuple[bool, list[list[Word]]] | None:
    """Whether the expression deletes, and the commands that it starts; None where it does what is not understood."""
    deletes = False
    commands: list[list[Word]] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-exec", "-execdir"):
            end = next((index for index, ending in enumerate(rest) if ending in (";", "+")), 0)
            command, rest = rest[:end], rest[end + 1 :]
            if _is_removal(command):
                deletes = True
            elif word == "-exec" and command and all(part == "{}" or part is None or "{}" not in part for part in command):
                commands.append(command)
            else:
                return None
        elif word == "-delete":
            deletes = True
        elif word in _FIND_WITH_VALUE and rest:
            rest.pop(0)
        elif word not in _FIND_ALONE and not (word and word.startswith("-O")):
            return None
    return deletes, commands


def _is_removal(command: Sequence[Word]) -> bool:
    """`rm` of what was found and of nothing else."""
    options = command[1:-1]
    return command[:1] == ["rm"] and command[-1] == "{}" and all(word and word.startswith("-") for word in options)


def recognise_sed(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """Reads its files, with `-i` writes them. A script that could write or run something itself is not recognised."""
    suffixed = [word for word in words if word and word.startswith(("-i", "--in-place=")) and word != "-i"]
    edits = "-i" in words or "--in-place" in words or bool(suffixed)
    plain = ["-i" if word in suffixed else word for word in words if word != ""]
    call = parse_call("sed", plain, _SED, invocation, place)
    if call is None or call.has("-f", "--file"):
        return None
    scripts = [option.value for option in call.parsed.named("-e", "--expression")]
    files = call.operands if scripts else call.operands[1:]
    if any(script is None or not _only_edits(script) for script in scripts or call.operands[:1]):
        return None
    if not edits:
        return local(call.reads(files), "`sed` only reads")
    backups = call.writes(files, "*") if suffixed else ()
    return local(call.writes(files) + backups, "`sed -i` writes the files it is given")


def _only_edits(script: str) -> bool:
    """Whether a sed script consists of commands that stay within the text: `r`, `w`, `e` and whatever is not known do not."""
    position = 0
    while position < len(script):
        found = _SED_COMMAND.match(script, position)
        if found is None or found.end() == position:
            return False
        position = found.end()
    return True


def recognise_awk(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """Reads its files; a program that could write or run something is not recognised."""
    unknown = bool(words) and words[-1] is None
    call = parse_call("awk", words[:-1] if unknown else words, _AWK, invocation, place)
    if call is None or not call.operands:
        return None
    program, *files = call.operands
    more = anywhere(Access.READ, "`awk` reads a path that only the run tells") if unknown else ()
    if not {">", "|", "system", "getline", "@", "ARGV", "ARGC"}.isdisjoint(_AWK_SIGNS.findall(program)):
        from paratask.languages.shell.awk_programs import only_reads

        if not only_reads(program):
            return None
    return local((*call.reads(word for word in files if "=" not in word), *more), "`awk` only reads")


def recognise_tar(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """Creates, lists or extracts an archive; `-C` counts for all that it is given."""
    first = words[0] if words else None
    if first and not first.startswith("-"):
        words = ["-" + first, *words[1:]]
    call = parse_call("tar", words, _TAR, invocation, place)
    archive = call.value("-f", "--file") if call else None
    if call is None or not archive or ":" in archive:
        return None
    folders = [option.value or "" for option in call.parsed.named("-C", "--directory")]
    if call.has("-c", "--create"):
        claims = call.writes([archive]) + _members(call, folders)
    elif call.has("-x", "--extract"):
        claims = call.reads([archive]) + call.writes(folders or ["."], BELOW)
    elif call.has("-t", "--list"):
        claims = call.reads([archive])
    else:
        return None
    return local(option_claims(call) + claims, "`tar` packs or unpacks files")


def _members(call: Call, folders: Sequence[str]) -> tuple[Claim, ...]:
    """What is packed. Folders may stand between the members, so that each counts in each."""
    seen_from = ["", *folders]
    members = [posixpath.join(folder, member) for folder in seen_from for member in call.operands]
    return call.reads(members, BELOW)


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | Delegation | None]] = {
    "find": lambda _name, words, invocation, place: recognise_find(words, invocation, place),
    "sed": lambda _name, words, invocation, place: recognise_sed(words, invocation, place),
    "awk": lambda _name, words, invocation, place: recognise_awk(words, invocation, place),
    "tar": lambda _name, words, invocation, place: recognise_tar(words, invocation, place),
}
