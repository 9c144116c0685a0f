"""Node programs that run scripts or start other programs: `npm run X`, `pnpm -r X`, `npx X`, `concurrently`, `cross-env`.

Knows how each manager hands words on, and which packages it works on. What a script claims is for scripts.py, what a
program claims for the plugin that knows it.
"""

from __future__ import annotations

import fnmatch
import posixpath

from paratask.claims.model import Claims, Effect, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.inferred import unique
from paratask.languages.node.dependencies import installed
from paratask.languages.node.fetched import fetching
from paratask.languages.node.managers import BINARIES, BUILT_IN
from paratask.languages.node.outputs import results_of_tests
from paratask.languages.node.packages import monorepo_of, package_folder, read_package, select_members
from paratask.languages.node.scripts import script_claims
from paratask.languages.options import Role, parse, resolve_path, roles
from paratask.languages.tool_claims import of_environment, of_options, of_resources
from paratask.languages.tool_table import OUTSIDE_PROGRAMS, Operands
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Option, Word
    from paratask.languages.tool_calls import Call

_MEASURING = ("c8", "nyc")
_OF_SHELL = "shx"
_GLOB = frozenset("*?[]{}()!~")
_SHORT_NAMES = {"t": "test", "tst": "test"}
_SHELL_WORDS = frozenset(
    {"test", "echo", "true", "false", "cd", "env", "time", "kill", "printf", "set", "export", "build", "wait"}
)
_INFORMING = frozenset({"--version", "--help", "-v", "-V", "-h"})
_FILES = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".tsx", ".jsx", ".sh", ".wasm")


def run_scripts(call: Call) -> Recognition | Delegation | None:
    """What a call that runs scripts claims: theirs, with its own on top."""
    if call.tool.operands is Operands.TEXTS:
        parts = [_text(text, call) for text in call.parsed.operands]
    elif call.tool.operands is Operands.SCRIPTS:
        parts = [
            _script_claims(word, (), folder, call)
            for folder in [_own(call)]
            for word in _expanded(call.parsed.operands, folder, call)
        ]
    elif call.key == "bun exec":
        parts = [_text(text, call) for text in call.parsed.rest[:1]]
    elif call.key.startswith("yarn workspace") and call.key != "yarn workspaces run":
        parts = _yarn(call)
    else:
        wanted = _wanted(call)
        if wanted is None:
            return None
        name, arguments, options = wanted
        if not name and call.key == "yarn run" and not _says_run(call):
            return None
        if not name:
            return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{call.key}` lists scripts")
        moved = _moved(options[len(call.parsed.options) :], call)
        if moved is None:
            return None
        call = moved
        parts = _in_packages(name, arguments, options, call)
    return delegate(call, parts, f"`{call.key}` runs scripts", call.tool.cores, more=_programs(call))


def start(call: Call) -> Recognition | Delegation | None:
    """What a call that starts another program claims: the program's claims, with its own on top."""
    shell = call.parsed.all(Role.SHELL)
    if shell:
        return delegate(call, [_text(option.value, call) for option in shell], f"`{call.key}` runs a shell text")
    environment, words = _assignments(call)
    if call.key == "cross-env-shell" and len(words) == 1:
        return delegate(call, [_text(words[0], call)], f"`{call.key}` runs a shell text")
    if call.key == _OF_SHELL and any(word is None or not _GLOB.isdisjoint(word) for word in words):
        return None  # it looks for files itself
    name = _binary(words[0], call) if words else None
    if not name or (call.tool.shares and name in _SHELL_WORDS):
        return None
    if call.tool.shares and len(words) == 2 and words[1] in _INFORMING:
        return Recognition(claims=of_resources(call), effect=Effect.LOCAL, reason=f"`{name}` only prints information")
    folders = selected_folders(call.parsed.options, call)
    parts = [
        call.place.invocation_claims(Invocation(words=(name, *words[1:]), cwd=folder, environment=environment))
        for folder in folders or ()
    ]
    kept = tuple(entry for _, entry in results_of_tests(call)) if call.key in _MEASURING else ()
    return delegate(
        call, parts, f"`{call.key}` starts `{name}`", more=(*fetching(call, words[0], name), *_programs(call), *kept)
    )


def delegate(
    call: Call, parts: Sequence[Claims | None], reason: str, cpu: float = 1.0, more: tuple[Claim, ...] = ()
) -> Delegation | None:
    """`parts` and what the call itself claims, with `more`; None where there are none, or one is not known. What was not understood of one
    is all that there is to say.
    """
    for part in parts:
        if part is not None and part.evidence is Evidence.NONE and part.entries:
            return Delegation(claims=part, reason=reason, cpu=cpu)
    known = [part for part in parts if part is not None and part.evidence > Evidence.NONE]
    options = of_options(call)
    environment = of_environment(call.invocation.environment, call.cwd, call.place, call.reader)
    if not known or len(known) < len(parts) or options is None or environment is None:
        return None
    own: tuple[Claim, ...] = unique((*options, *environment, *of_resources(call), *more))
    claims = union([*known, Claims(entries=own, evidence=Evidence.INFERRED)])
    return Delegation(claims=claims, reason=reason, cpu=cpu)


def _programs(call: Call) -> tuple[Claim, ...]:
    """The programs that installed packages bring, of the package and those above: they are looked for before those of the machine."""
    reason = f"`{call.key}` looks for programs there"
    folders = (
        folder for folder in folders_above(call.cwd, call.place) if call.place.exists(posixpath.join(folder, "package.json"))
    )
    return tuple(installed(posixpath.join(folder, "node_modules", ".bin"), call.place, reason) for folder in folders)


def _own(call: Call) -> str:
    return package_folder(call.cwd, call.place)


def _wanted(call: Call) -> tuple[str, tuple[str, ...], tuple[Option, ...]] | None:
    """The script's name, the words handed to it, and the options of the call. None where one of these is not known."""
    manager, sub = call.key.split()[0], call.key.split()[-1]
    words = call.parsed.rest
    if sub not in ("run", "run-script"):
        words = (_SHORT_NAMES.get(sub, sub), *words)
    if not words:
        return "", (), ()
    name, after = words[0], words[1:]
    options = call.parsed.options
    if manager == "npm":
        end = after.index("--") if "--" in after else len(after)
        more = parse(after[:end], roles(call.tool.options))
        if more is None:
            return None
        options, after = (*options, *more.options), (*more.operands, *after[end:])
    arguments = tuple(word for word in after[after[:1] == ("--",) :] if word is not None)
    handed_on = len(after) - (after[:1] == ("--",))
    if name is None or len(arguments) < handed_on or _is_file(name) or (name in BUILT_IN.split() and not _says_run(call)):
        return None
    return name, arguments, options


def _moved(options: Sequence[Option], call: Call) -> Call | None:
    """The call in the folder that options behind the script's name have npm work in. None where that is not known."""
    given = [option.value for option in options if option.role is Role.FOLDER]
    cwd = resolve_path(given[-1], call.invocation.cwd) if given else call.cwd
    return None if cwd is None else replace(call, cwd=cwd)


def _is_file(name: str) -> bool:
    return name.endswith(_FILES) or name.startswith((".", "/", "~"))


def _says_run(call: Call) -> bool:
    return any(word in ("run", "run-script") for word in call.invocation.words)


def _starts_programs(call: Call) -> bool:
    """Whether a name that is no script's is that of a program, as for yarn and bun, and for pnpm where `run` is not said."""
    return call.program in ("yarn", "bun") or (call.key == "pnpm run" and not _says_run(call))


def _in_packages(name: str, arguments: tuple[str, ...], options: tuple[Option, ...], call: Call) -> list[Claims | None]:
    """The script's claims in each package that the call works on; packages without it are passed over where there are several."""
    if call.key == "yarn workspaces run":
        folders: Sequence[str] | None = monorepo_of(call.cwd, call.place).members
    else:
        folders = selected_folders(options, call)
    if folders is None:
        return [None]
    optional = any(option.name == "--if-present" for option in options)
    found: list[Claims | None] = []
    for folder in folders:
        package = read_package(folder, call.place)
        if (len(folders) > 1 or optional) and package and name not in package.scripts:
            found.append(Claims(evidence=Evidence.INFERRED))
        else:
            found.append(_script_claims(name, arguments, folder, call))
    return found


def _script_claims(name: str, arguments: tuple[str, ...], folder: str, call: Call) -> Claims | None:
    started = Invocation(words=(name, *arguments), cwd=folder, environment=call.invocation.environment)

    def of_program() -> Claims | None:
        """Of a program that is installed in the package. A name alone that is no tool's is taken for a script that is not there yet."""
        if name not in call.language.tools or " " in name:
            if not _starts_programs(call) or not (arguments or name in OUTSIDE_PROGRAMS):
                return None
            found = unknown("") if name in _SHELL_WORDS else call.place.invocation_claims(started)
            known = found.evidence > Evidence.NONE
            return found if known else unknown(f"no script is called `{name}`: `{call.program}` starts a program then")
        return call.place.invocation_claims(started)

    return script_claims(name, arguments, folder, call.place, of_program)


def selected_folders(options: Sequence[Option], call: Call) -> tuple[str, ...] | None:
    """The packages that the call works on. None where the options select what is not known."""
    own = _own(call) if call.tool.operands is Operands.TASKS else call.cwd
    chosen = [option for option in options if option.on and option.role in (Role.MEMBERS, Role.ALL_MEMBERS, Role.ROOT_MEMBER)]
    if not chosen:
        return (own,)
    monorepo = monorepo_of(call.cwd, call.place)
    found: list[str] = []
    for option in chosen:
        if option.role is Role.ROOT_MEMBER:
            selected: tuple[str, ...] | None = (monorepo.root,)
        elif option.role is Role.ALL_MEMBERS:
            selected = monorepo.members
            extra = any(option.name == "--include-workspace-root" for option in options)
            selected = (monorepo.root, *selected) if selected is not None and extra else selected
        else:
            selected = select_members(option.value or "", monorepo, call.cwd, call.place) if option.value else None
        if selected is None:
            return None
        found.extend(selected)
    return tuple(dict.fromkeys(found))


def _yarn(call: Call) -> list[Claims | None]:
    """`yarn workspace NAME X` and `yarn workspaces foreach X`, as `yarn X` in those packages."""
    monorepo = monorepo_of(call.cwd, call.place)
    words = call.parsed.rest
    folders = monorepo.members
    if call.key == "yarn workspace":
        folders = select_members(words[0] or "", monorepo, call.cwd, call.place) if words and words[0] else None
        words = words[1:]
    if not folders or not words:
        return [None]
    return [_yarn_in(folder, words, call) for folder in folders]


def _yarn_in(folder: str, words: tuple[Word, ...], call: Call) -> Claims | None:
    package = read_package(folder, call.place)
    if words[0] == "run" and len(words) > 1 and package and words[1] not in package.scripts and call.key.endswith("foreach"):
        return Claims(evidence=Evidence.INFERRED)
    invocation = Invocation(words=("yarn", *words), cwd=folder, environment=call.invocation.environment)
    return call.place.invocation_claims(invocation)


def _text(text: Word, call: Call) -> Claims | None:
    """A shell text of `concurrently`, which may also name scripts: `npm:lint`, `npm:lint:*`."""
    if not text:
        return None
    manager, colon, names = text.partition(":")
    if not colon or manager not in ("npm", "pnpm", "yarn", "bun", "node"):
        return call.place.command_claims(text, call.cwd)
    words = names.split()
    parts = [_script_claims(name, tuple(words[1:]), _own(call), call) for name in _expanded(words[:1], _own(call), call)]
    known = [part for part in parts if part is not None]
    return union(known) if known and len(known) == len(parts) else None


def _expanded(names: Sequence[str], folder: str, call: Call) -> Iterator[str]:
    """Names of scripts, where a glob stands for all that match; one that matches none stays as it is."""
    package = read_package(folder, call.place)
    for name in names:
        plain = name.partition(" ")[0]
        matching = [script for script in (package.scripts if package else ()) if _matches(script, plain)]
        yield from matching or (plain,)


def _matches(script: str, glob: str) -> bool:
    """A little wider than the runners: `*` also passes over `:`."""
    return script == glob or fnmatch.fnmatchcase(script, glob)


def _assignments(call: Call) -> tuple[dict[str, Word], tuple[Word, ...]]:
    """The environment and the words of the program that is started; `cross-env` takes assignments from its own words."""
    environment = dict(call.invocation.environment)
    words = call.parsed.rest
    while call.key.startswith("cross-env") and words and words[0] and "=" in words[0]:
        name, _, value = words[0].partition("=")
        environment[name] = value
        words = words[1:]
    return environment, words


def _binary(word: Word, call: Call) -> str | None:
    """The program that a package brings: without its version, and by another name where the package is called so."""
    if not word or not call.tool.shares:
        return word
    at = word.find("@", 1)
    name = word[:at] if at > 0 else word
    return BINARIES.get(name, name if not name.startswith(("@", ".")) else posixpath.basename(name))
