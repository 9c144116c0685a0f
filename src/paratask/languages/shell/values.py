"""Expansions whose value the text itself tells: `$X` after `X=build`, `$PWD`, `$(dirname "$0")`, `$(cd .. && pwd)`.

Only values of plain characters count, which no shell splits or takes for a wildcard, and "" for a variable that is not set; such words with
blanks between them where a variable stands by itself and is split; of a loop's variable also the pattern whose files it goes through, for
those who ask for that. Where a text does what could change a
variable unnoticed (arithmetic that assigns, references to names, another IFS), nothing is believed. Knows no file and no program
but the few that print paths, or how many cores there are.
"""

from __future__ import annotations

import os
import posixpath
import re
from zlib import crc32

from paratask.languages.options import is_within
from paratask.languages.shell.flow import COUNT
from paratask.languages.shell.lists import JOINTS, pipelines
from paratask.languages.shell.words import resolve_words, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tree_sitter import Node

    from paratask.languages.shell.flow import State
    from paratask.languages.shell.lists import Part
    from paratask.languages.shell.words import Word

SCRIPT = "BASH_ARGV0"
"""bash: assigning it sets `$0`. A text that is a script's begins with that."""
LISTED = "\0"
"""Before a pattern that is the value of a variable: it stands for all files that match, and not for one of them as in a loop."""
NAMED = "\3"
"""Before a pattern that is given to a variable: it stands for one name that matches."""
EMPTY = "\1"
"""The value of a variable that a text has made empty. Others may be put together with it; by itself it counts as not known."""
SETTERS = frozenset(
    ["read", "mapfile", "readarray", "getopts", "let", "unset", "export", "declare", "typeset", "local", "readonly"]
)
"""Programs that set variables which their words name."""
_THERE = frozenset(["-t", "--tmpdir"])
"""The template of such a file is a name in the system's folder for that."""
_MKTEMP = frozenset(["-d", "--directory", "-q", "--quiet", *_THERE])
_TOPLEVEL = ["git", "rev-parse", "--show-toplevel"]
_COUNTING = (["nproc"], ["nproc", "--all"], ["getconf", "_NPROCESSORS_ONLN"], ["sysctl", "-n", "hw.ncpu"])
"""They print how many cores there are; where a run may use fewer, it is told a smaller number, which changes no claim."""
GIT = frozenset(["GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES"])
_FILTERS = (["grep"], ["egrep"], ["tr"], ["sort"], ["uniq"], ["head"])
_LOOKED_IN = "CDPATH"
_ALL_GIVEN = frozenset(['"$@"', '"${@}"', "$@", "${@}", "$*", "${*}"])
"""Each of them by itself is all that was given, one word for each."""
_CHANGING = frozenset(["_", "SECONDS", "RANDOM", "LINENO", "REPLY", "OPTARG", "OPTIND"])
"""The shell changes these itself."""
_PLAIN = re.compile(r"[\w./@:%+,=-]+", re.ASCII)
_SEVERAL = re.compile(r"[ \t\n]*[\w./@:%+,=-]+(?:[ \t\n]+[\w./@:%+,=-]+)*[ \t\n]*", re.ASCII)
_PATTERN = re.compile(r"(?!-)[\w./@:%+,=\-!^]*[*?\[][\w./@:%+,=\-!^*?\[\]]*", re.ASCII)
_LISTING = re.compile(r"\bfind\b|\bls-files\b")
_NAME = re.compile(r"\$\{?([A-Za-z_]\w*|\d)\}?|\$\{(?:BASH_SOURCE\[0\]|([1-9]\d+))\}", re.ASCII)
_WITH_DEFAULT = re.compile(r"\$\{([A-Za-z_]\w*|[1-9]\d*):?-([^{}$`]*)\}", re.ASCII)
_REQUIRED = re.compile(r"\$\{([A-Za-z_]\w*|[1-9]\d*):?\?[^{}$`]*\}", re.ASCII)
"""The shell ends where it is empty."""
_WHERE_SET = re.compile(r"\$\{([A-Za-z_]\w*):?\+")
_NAMED = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
_SOURCES = re.compile(r"(?:^|[\s;&|({!])(?:source|\.)\s", re.MULTILINE)
_OF_THE_SHELL = re.compile(
    r"_|BASH\w*|COLUMNS|COMP_\w+|COPROC|DIRSTACK|EPOCH\w+|EUID|FUNCNAME|GROUPS|HIST\w+|HOME|HOST\w+|IFS|LINENO|LINES|MACHTYPE|MAILCHECK"
    r"|\w*MAKEFLAGS|OLDPWD|OPT\w+|OSTYPE|PARATASK\w*|PATH|PIPESTATUS|PPID|PS\d|PWD|RANDOM|READLINE_\w+|REPLY|SECONDS|SHELL\w*|SHLVL|SRANDOM"
    r"|TASK\w*|TERM|TIMEFORMAT|UID"
)
"""What a shell sets by itself, or a run of ours for what it starts."""
_UNNOTICED = re.compile(
    r"\bIFS\b|\blastpipe\b|\$\{!|\b(?:declare|local|typeset)\s+-\w*[naAiul]|\(\(.*(?:\+\+|--|[^=!<>]=[^=])|\bprintf\s+-v"
)
_SHIFTING = re.compile(r"\b(?:set|shift)\b")
_FOR_READ = re.compile(r"(?<![\w$])IFS=(?:\$?'[^'\n]*'|\"\$\(printf '[^'\n]*'\)\"|\"[^\"$`\n]*\"|[\w:,./-]*)[ \t]+read\b")
"""`IFS= read`: for that call alone."""


def may_change_unnoticed(text: str) -> bool:
    """Whether the text has what could change a variable without naming it in an assignment."""
    return _UNNOTICED.search(_FOR_READ.sub("read", text) if "IFS" in text else text) is not None


def is_plain(value: Word) -> bool:
    """Whether a value stays one word, and itself, wherever it is expanded."""
    return value is not None and _PLAIN.fullmatch(value) is not None


def is_several(value: Word) -> bool:
    """Whether a value becomes plain words where it is expanded without quotes, and itself between them."""
    return value is not None and _SEVERAL.fullmatch(value) is not None


def is_pattern(value: Word) -> bool:
    """Whether a value has wildcards, and nothing else that means anything to a shell."""
    return value is not None and _PATTERN.fullmatch(value) is not None


def unset_names(text: str, is_set: Callable[[str], bool]) -> list[str]:
    """The variables that a text expands and that are not set all through it: nobody sets them before, nor does the text itself.

    It may do so where it names one in another way than to expand it, or sources a file.
    """
    names = [name for name in dict.fromkeys(_NAMED.findall(text)) if not (is_set(name) or _OF_THE_SHELL.fullmatch(name))]
    if not names or _SOURCES.search(text):
        return []
    return [name for name in names if _only_expands(text, name)]


def _only_expands(text: str, name: str) -> bool:
    expanded_in = re.findall(rf"\$(?:{name}(?!\w)|\{{{name}(?:\}}|:?[-+]))", text, re.ASCII)
    return len(expanded_in) == len(re.findall(rf"(?<!\w){name}(?!\w)", text, re.ASCII))


def as_good_as_unset(text: str, names: Sequence[str]) -> list[str]:
    """Of variables that a text is started with and that are empty, those that are so all through it, where it does not ask which
    of the two they are (`${X-default}`).
    """
    asked = [name for name in names if re.search(rf"\$\{{{name}[-+]", text)]
    return [name for name in unset_names(text, lambda name: name not in names) if name not in asked]


def looks_elsewhere(state: State) -> bool:
    """Whether a `cd` may lead to a folder of that name elsewhere."""
    return state.environment.get(_LOOKED_IN, "") != ""


def assigned_names(nodes: Iterable[Node]) -> set[str]:
    """The variables that an assignment or a loop anywhere below `nodes` sets."""
    found: set[str] = set()
    below = list(nodes)
    while below:
        node = below.pop()
        if node.type == "variable_assignment":
            found.add(variable_of(node))
        elif node.type == "for_statement" and (name := node.child_by_field_name("variable")):
            found.add(source(name))
        below.extend(node.children)
    return found


def may_shift(nodes: Iterable[Node]) -> bool:
    """Whether a command below `nodes` may change what the text was given."""
    return any(_SHIFTING.search(source(node)) for node in nodes)


def variable_of(assignment: Node) -> str:
    """The variable that an assignment sets, also one element of."""
    name = assignment.child_by_field_name("name")
    return "" if name is None else source(name).partition("[")[0]


def expanded(node: Node, state: State) -> Word:
    """What an expansion becomes in `state`; None where only the run tells."""
    value = _expanded(node, state)
    return value if value == "" or is_plain(value) else None


def assigned(node: Node, state: State) -> Word:
    """What an expansion becomes in the value of an assignment, where nothing is split; None where only the run tells."""
    value = _expanded(node, state)
    return value if value in ("", EMPTY) or is_several(value) else None


def filled(node: Node, state: State) -> Word:
    """What `expanded` says, and for a loop's variable by itself the pattern that it goes through."""
    value = _expanded(node, state)
    return value if value == "" or is_plain(value) or (_is_name(node) and is_pattern(value)) else None


def filled_or_listed(node: Node, state: State) -> Word:
    """What `filled` says, and for files that are listed, or a variable that stands for such a list, the pattern that all of them match."""
    value = filled(node, state)
    if value is not None or not _stands_alone(node):
        return value
    known = _expanded(node, state) or ""
    return known.removeprefix(LISTED) if _is_name(node) and is_list(known) else _listed_by(node, state)


def all_given(node: Node, state: State) -> tuple[Word, ...] | None:
    """The words that `"$@"` becomes, or a variable by itself whose value is split; None for any other word, and where it is not known
    how many there are.
    """
    count = state.values.get(COUNT)
    if count is not None and source(node) in _ALL_GIVEN:
        return tuple(state.values.get(str(number)) for number in range(1, int(count) + 1))
    value = _expanded(node, state) if _is_name(node) else None
    return tuple(value.split()) if value and is_several(value) else None


def _is_name(node: Node) -> bool:
    return node.type != "command_substitution" and _NAME.fullmatch(source(node)) is not None


def is_list(value: Word) -> bool:
    """Whether a value stands for a list of files, behind LISTED."""
    return value is not None and value.startswith(LISTED)


def listed_by(node: Node, state: State) -> Word:
    """LISTED and the pattern of the files that the value of an assignment lists; None for any other."""
    inner = node.named_children[0] if node.type == "string" and len(node.named_children) == 1 else node
    found = _listed_by(inner, state) if _stands_alone(inner) else None
    return None if found is None else LISTED + found


def _listed_by(node: Node, state: State) -> Word:
    if node.type != "command_substitution" or not _LISTING.search(source(node)):
        return None
    from paratask.languages.shell.listed_files import listed

    return listed(node, state)


def _stands_alone(node: Node) -> bool:
    """Whether an expansion is a word by itself, between quotes or not."""
    parent = node.parent
    if parent is not None and parent.type == "string":
        return source(parent) == f'"{source(node)}"' and _stands_alone(parent)
    return parent is None or parent.type != "concatenation"


def _expanded(node: Node, state: State) -> Word:
    if node.type == "command_substitution":
        inside = node.named_children
        if len(inside) == 1 and inside[0].type == "command" and _is_temporary(words_of(inside[0], state), state):
            return _temporary(node)
        return _printed_last(node, state)
    text = source(node)
    if found := _NAME.fullmatch(text):
        return _value(found[1] or found[2] or "0", state)
    if found := _REQUIRED.fullmatch(text):
        return _value(found[1], state) or None
    if found := _WITH_DEFAULT.fullmatch(text):
        value = _value(found[1], state)
        return found[2] if value == "" else value
    found = _WHERE_SET.match(text)
    return "" if found and _value(found[1], state) == "" else None


def _is_temporary(words: Sequence[Word], state: State) -> bool:
    """Whether a command prints the name of a file or folder that it makes for this text alone."""
    if words[:1] != ["mktemp"] or "TMPDIR" in state.environment:
        return False
    templates = [word or "-" for word in words[1:] if word not in _MKTEMP]
    there = ("", "/tmp") if not _THERE.isdisjoint(words) else ("/tmp",)  # noqa: S108
    return not templates or (len(templates) == 1 and templates[0][0] != "-" and posixpath.dirname(templates[0]) in there)


def _temporary(node: Node) -> str:
    """What stands for the name: any that nobody else has is as good as the one that the run will tell, and no two texts have the same."""
    root = node
    while root.parent is not None:
        root = root.parent
    return f"/tmp/tmp.{crc32(root.text or b''):010d}"  # noqa: S108


def _value(name: str, state: State) -> Word:
    if name == "PWD":
        return state.folders[0] if len(state.folders) == 1 and name not in state.environment else None
    if name.isdigit() and int(name) > int(state.values.get(COUNT, name)):
        return ""
    return None if name in _CHANGING else state.values.get(SCRIPT if name in ("0", "BASH_SOURCE") else name)


def _printed_last(substitution: Node, state: State) -> Word:
    """What the last of several statements prints, after nothing but `cd`. One that stands by itself may fail, and what follows prints another
    folder then: it has to lead to one that is there, the text's own or one above that or above where it runs.
    """
    statements = [child for child in substitution.named_children if child.type != "comment"]
    if not statements or any(child.type == "&" for child in substitution.children):
        return None
    script = state.values.get(SCRIPT) or ""
    there = [posixpath.dirname(posixpath.normpath(posixpath.join(folder, script))) for folder in state.folders]
    for statement in statements[:-1]:
        for operator, parts in pipelines(statement):
            folders = _changed(parts[0].body, state) if operator in ("", "&&") and len(parts) == 1 else None
            if folders is None or not all(any(is_within(path, folder) for path in there) for folder in folders):
                return None
            state = state.at(folders)
    return _printed(statements[-1], state)


def _printed(node: Node, state: State) -> Word:
    """What commands print: some `cd`, each only if the one before it succeeded, and one that prints a path."""
    steps = pipelines(node) if node.type in JOINTS else []
    if not steps:
        words = words_of(node, state) if node.type == "command" else []
        return _answer(words, state) or _listed(words, state)
    found = packages(steps, state)
    if found is not None:
        return found
    for operator, parts in steps:
        body = parts[0].body
        if operator not in ("", "&&") or len(parts) > 1 or body is None or body.type != "command":
            return None
        if parts is steps[-1][1]:
            quiet = all(source(redirect).startswith("2>") for redirect in parts[0].redirects)
            return _answer(words_of(body, state), state) if quiet else None
        folders = _changed(body, state)
        if folders is None:
            return None
        state = state.at(folders)
    return None


def packages(steps: Sequence[tuple[str, list[Part]]], state: State) -> Word:
    """For `go list ./... | grep -v …`, which prints packages: all that there are below. What it says when it fails is none."""
    (_, first), *others = steps
    bodies = [part.body for part in first]
    commands = [words_of(body, state) if body is not None and body.type == "command" else [] for body in bodies]
    fails = [words_of(parts[0].body, state)[:1] if parts[0].body else [] for operator, parts in others if operator == "||"]
    if fails != [["echo"]] * len(others) or any(words[:1] not in _FILTERS for words in commands[1:]):
        return None
    return _listed(commands[0], state)


def _listed(words: Sequence[Word], state: State) -> Word:
    """All packages below the folder, or all folders where it is these that are asked for."""
    folder = _value("PWD", state)
    rest = list(words[2:])
    folders = rest[:2] == ["-f", "{{.Dir}}"]
    patterns = rest[2:] if folders else rest
    if (
        words[:2] != ["go", "list"]
        or folder is None
        or not patterns
        or any(p is None or not p.startswith("./") for p in patterns)
    ):
        return None
    return folder if folders else posixpath.join(folder, "...")


def _toplevel(state: State) -> Word:
    """Where git's repository begins; nothing is known where variables lead it elsewhere."""
    folder = _value("PWD", state)
    return None if folder is None or GIT.intersection(state.environment) else state.toplevel(folder)


def words_of(command: Node, state: State) -> list[Word]:
    """The words of a command, as far as the text tells them."""
    return _words(command.children, state)


def _words(nodes: Sequence[Node], state: State) -> list[Word]:
    return [word for child in nodes for word in resolve_words(child, lambda node: expanded(node, state))]


def _changed(command: Node | None, state: State) -> tuple[str, ...] | None:
    """Where a `cd` leads, also one that says that it looks nowhere else: `CDPATH= cd -- x`."""
    children = [] if command is None or command.type != "command" else command.children
    own = [child for child in children if child.type == "variable_assignment"]
    if any(source(child).rstrip("'\"") != f"{_LOOKED_IN}=" for child in own) or (not own and looks_elsewhere(state)):
        return None
    words = _words([child for child in children if child not in own], state)
    operands = [word for word in words[1:] if word not in ("--", "-P", "-L")]
    if words[:1] != ["cd"] or len(operands) != 1 or not is_plain(operands[0]) or operands[0] == "-":
        return None
    return tuple(posixpath.normpath(posixpath.join(folder, operands[0] or "")) for folder in state.folders)


def _answer(words: Sequence[Word], state: State) -> Word:
    """What one of a few programs prints."""
    name, *rest = words or [None]
    if list(words) == _TOPLEVEL:
        return _toplevel(state)
    if list(words) in _COUNTING:
        return str(os.cpu_count() or 1)
    if name == "pwd" and all(word in ("-P", "-L") for word in rest):
        return _value("PWD", state)
    operands = [word for word in rest if word != "--"]
    operand = operands[0] if len(operands) == 1 else None
    if operand is None or not is_plain(operand) or operand.startswith("-"):
        return None
    if name == "dirname":
        return posixpath.dirname(operand.rstrip("/")) or ("/" if operand.startswith("/") else ".")
    if name == "basename":
        return posixpath.basename(operand.rstrip("/"))
    folder = _value("PWD", state)
    is_up = ".." in operand.split("/")
    return posixpath.normpath(posixpath.join(folder, operand)) if name == "realpath" and folder and not is_up else None
