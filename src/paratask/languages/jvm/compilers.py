"""What calls of javac, javadoc, kotlinc and jar claim: sources and paths of classes read, results written where options say.

Without `-d`, javac puts each class beside its source, also those of sources that it finds on its own. Does not know annotation
processors, which put what they make where results go.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.jvm.programs import COMPILERS, JAR
from paratask.languages.leading_variables import Reader
from paratask.languages.options import Parsed, Role, parse, resolve_path, roles
from paratask.languages.tool_claims import of_environment
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place

_READER = Reader(language="jvm", program="javac")
_CLASSES = ("-cp", "-classpath", "--class-path")
_SOURCES = ("-sourcepath", "--source-path")
_OTHERS = ("-p", "--module-path", "-processorpath", "--processor-path", "-bootclasspath")
_LETTERS = frozenset("cxtuifmevn0MPk")
_ACTIONS = {
    "--create": "c",
    "--extract": "x",
    "--list": "t",
    "--update": "u",
    "--generate-index": "i",
    "--describe-module": "t",
    "-d": "t",
}


def recognise_compiler(name: str, invocation: Invocation, place: Place) -> Recognition | None:
    """javac, javadoc or kotlinc; None where a word or a path is not known."""
    words = _expanded(invocation.words[1:], invocation.cwd, place)
    parsed = None if words is None else parse(words, roles(COMPILERS[name]))
    if parsed is None:
        return None
    if parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{name}` only prints information")
    settings = [option.value or "" for option in parsed.named("-A")]
    if any(char in value for value in settings for char in "/~$") or not (parsed.operands or parsed.named("-subpackages")):
        return None
    own = _compiled(name, parsed, invocation.cwd, place)
    lists = [word[1:] for word in invocation.words[1:] if word is not None and word.startswith("@")]
    named = [read_below(path, place, f"`{name}` takes words from it") for path in _paths(lists, invocation.cwd) or ()]
    return _answer(f"`{name}` compiles", None if own is None else [*own, *named], invocation, place)


def _expanded(words: Sequence[Word], cwd: str, place: Place) -> tuple[Word, ...] | None:
    """The words with files of words (`@sources.txt`) replaced by what they say; None where one cannot be read."""
    import shlex

    found: list[Word] = []
    for word in words:
        if word is None or not word.startswith("@"):
            found.append(word)
            continue
        path = resolve_path(word[1:], cwd)
        text = None if path is None else place.read_text(path)
        try:
            found.extend(shlex.split(text or "@", comments=True))
        except ValueError:
            return None
    return None if "@" in found else tuple(found)


def _answer(reason: str, own: Iterable[Claim] | None, invocation: Invocation, place: Place) -> Recognition | None:
    environment = {name: value for name, value in invocation.environment.items() if name not in ("JAVA_HOME", "CLASSPATH")}
    variables = of_environment(environment, invocation.cwd, place, _READER)
    if own is None or variables is None or "CLASSPATH" in invocation.environment:
        return None
    return Recognition(claims=unique((*own, *variables)), effect=Effect.LOCAL, reason=reason)


def _paths(words: Iterable[Word], cwd: str) -> list[str] | None:
    """Absolute paths of lists of paths; None where one is not known."""
    found = []
    for word in words:
        for part in (word or "$").split(":"):
            path = resolve_path(part or ".", cwd)
            if path is None:
                return None
            found.append(path)
    return found


def _named(parsed: Parsed, names: Sequence[str]) -> list[Word]:
    return [option.value for option in parsed.named(*names)]


def _compiled(name: str, parsed: Parsed, cwd: str, place: Place) -> list[Claim] | None:
    classes, sources = _paths(_named(parsed, _CLASSES), cwd), _paths(_named(parsed, _SOURCES), cwd)
    others = _paths(
        (*_named(parsed, _OTHERS), *_named(parsed, ("-overview", "-stylesheetfile", "--main-stylesheet", "-helpfile"))), cwd
    )
    given = _paths([word for word in parsed.operands if name != "javadoc" or "/" in word or word.endswith(".java")], cwd)
    written = _paths(_named(parsed, ("-d", "-s", "-h")), cwd)
    if classes is None or sources is None or others is None or given is None or written is None:
        return None
    found = [write_below(path, place, f"`{name}` puts results there") for path in written]
    if not parsed.named("-d"):
        found.extend(_beside(name, given, sources or classes or [cwd], cwd, place))
    found.extend(read_below(path, place, f"`{name}` reads it") for path in (*given, *sources, *classes, *others))
    if not classes and name != "kotlinc":
        found.append(claim(Access.READ, place.pattern(cwd, "/**/*.{java,class}"), f"`{name}` looks for classes here"))
    return found


def _beside(name: str, given: Sequence[str], searched: Sequence[str], cwd: str, place: Place) -> Iterator[Claim]:
    """Results without `-d`: classes beside their sources, others in the folder of the call."""
    if name != "javac":
        yield write_below(cwd, place, f"`{name}` puts results here without `-d`")
        return
    folders = dict.fromkeys(posixpath.dirname(path) if path.endswith(".java") else path for path in given)
    for folder in (*folders, *searched):
        yield claim(
            Access.WRITE, place.pattern(folder, "/**/*.class"), "`javac` puts classes beside their sources without `-d`"
        )


def recognise_jar(invocation: Invocation, place: Place) -> Recognition | None:
    """jar, with words in tar's form (`cfe x.jar Main -C out .`) or the longer one; None where a word is not known."""
    words = [word for word in invocation.words[1:] if word is not None]
    if len(words) < len(invocation.words) - 1 or not words or any(word.startswith("@") for word in words):
        return None
    if words[0] in ("--version", "--help", "-h"):
        return Recognition(claims=(), effect=Effect.LOCAL, reason="`jar` only prints information")
    found = _modern(words) if words[0].startswith("--") else _like_tar(words)
    return None if found is None else _answer("`jar` packs", _packed(*found, invocation.cwd, place), invocation, place)


def _like_tar(words: Sequence[str]) -> tuple[str, Parsed] | None:
    """`cfm x.jar manifest …`: letters, then their values in the same order."""
    letters, rest = words[0].lstrip("-"), list(words[1:])
    action = [letter for letter in letters if letter in "cxtui"]
    if not _LETTERS.issuperset(letters) or len(action) != 1:
        return None
    values = ["-f"] if action == ["i"] and "f" not in letters else []
    values += [f"-{letter}" for letter in letters if letter in "fme"]
    if len(rest) < len(values):
        return None
    given = [word for name in values for word in (name, rest.pop(0))]
    parsed = _contents([*given, *rest])
    return None if parsed is None else (action[0], parsed)


def _modern(words: Sequence[str]) -> tuple[str, Parsed] | None:
    actions = [_ACTIONS[word.partition("=")[0]] for word in words if word.partition("=")[0] in _ACTIONS]
    kept: list[str] = []
    for word in words:
        name, _, value = word.partition("=")
        if name in _ACTIONS:
            kept.extend(["-f", value] if value else [])
        else:
            kept.append(word)
    parsed = _contents(kept)
    return None if parsed is None or len(actions) != 1 else (actions[0], parsed)


def _contents(words: Sequence[str]) -> Parsed | None:
    """The options and paths, with `-C FOLDER PATH` made one path."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == "-C":
            if at + 2 >= len(words):
                return None
            kept.append(posixpath.join(words[at + 1], words[at + 2]))
            at += 2
        else:
            kept.append(words[at])
        at += 1
    return parse(kept, roles(JAR))


def _packed(action: str, parsed: Parsed, cwd: str, place: Place) -> list[Claim] | None:
    archives = [resolve_path(option.value, cwd) for option in parsed.named("-f", "--file")]
    named = [resolve_path(word, cwd) for word in (*parsed.operands, *_named(parsed, ("-m", "--manifest")))]
    folders = [resolve_path(word, cwd) for word in _named(parsed, ("--dir",))] or [cwd]
    known = [path for path in (*archives, *named, *folders) if path is not None]
    if len(known) < len(archives) + len(named) + len(folders):
        return None
    found = []
    for archive in archives:
        access = Access.WRITE if action in "cui" else Access.READ
        found.append(claim(access, place.pattern(archive or "/"), "`jar` names it"))
        if action in "ui":
            beside = place.pattern(posixpath.dirname(archive or "/"), "/jartmp*.tmp")
            found.append(claim(Access.WRITE, beside, "`jar` puts the new archive together there"))
    if action == "x":
        found.extend(write_below(folder or cwd, place, "`jar` unpacks into it") for folder in folders)
    elif action in "cu":
        found.extend(read_below(path or cwd, place, "`jar` packs it") for path in named)
    return found
