"""The plugin for docker and podman: building images, and what is done with them. See "Claims" in docs/design.md.

A build reads its context and makes names of images; one that only runs containers may reach anything, so that it keeps its place in
the written order, as does all that starts or stops services that others use. Which daemon is used is not told apart.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect
from paratask.frozen import replace
from paratask.languages.docker.compose import building_claims, files_read, reading_claims
from paratask.languages.docker.contexts import Build, build_claims
from paratask.languages.docker.images import image_claims
from paratask.languages.docker.mounts import mount_claims, port_claims
from paratask.languages.docker.options import beside_build
from paratask.languages.docker.tools import OUTSIDE, TOOLS
from paratask.languages.inferred import claim
from paratask.languages.options import Role
from paratask.languages.outside_calls import named, reaching
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import recognise_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

MANIFESTS: tuple[str, ...] = ()
PROGRAMS = ("docker", "podman", "docker-compose", "podman-compose", "hadolint")
_BUILDERS = "docker-builds"
"""What builds keep between them, which they may share but not lose."""
_IMAGES_SHOWN = frozenset(
    {"images", "inspect", "history", "image ls", "image list", "image inspect", "image history", "image exists"}
)
_SENDING = ("push", "publish", "login", "logout")


def _daemon(call: Call) -> tuple[Claim, ...]:
    return () if call.key == "hadolint" else (claim(Access.SHARED, "docker", f"`{call.key}` asks the daemon"),)


_LANGUAGE = Language(name="docker", tools=TOOLS, manifests=MANIFESTS, settings="", surroundings=_daemon)


def manifests() -> Sequence[str]:
    """Images have none."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in PROGRAMS:
        return None
    words = invocation.words[1:]
    call = resolve_call(name, words, invocation, _LANGUAGE, place)
    if call is not None:
        return with_root(_answer(call), place)
    shown = named(name, words, _outside(name), TOOLS)
    if shown is None:
        return None
    return reaching(shown) if shown.endswith(_SENDING) else reaching(shown, "changes containers that others may use")


def _outside(name: str) -> frozenset[str]:
    if name in ("docker", "podman"):
        return frozenset(f"{name} {command}" for command in OUTSIDE)
    return frozenset(command.replace("compose", name, 1) for command in OUTSIDE if command.startswith("compose "))


def _answer(call: Call) -> Recognition | None:
    if call.parsed.all(Role.INFORMS) or call.key == "hadolint":
        return recognise_call(call)
    family, _, rest = call.key.partition(" ")
    command = f"compose {rest}" if family.endswith("-compose") else rest
    if command.startswith("compose"):
        return _composed(call, command)
    if command.rpartition(" ")[2] == "build":
        return _built(call)
    if command in ("run", "container run"):
        return _run(call)
    if command in ("tag", "image tag"):
        return _named(call, call.parsed.operands[:1], call.parsed.operands[1:])
    if command in ("pull", "rmi", "image pull", "image rm"):
        return _named(call, (), call.parsed.operands)
    if command in ("save", "image save"):
        return _named(call, call.parsed.operands, ())
    if command in _IMAGES_SHOWN:
        return _named(call, call.parsed.operands or (None,), ())
    return answer(call, ())


def _named(call: Call, used: Sequence[Word], made: Sequence[Word]) -> Recognition | None:
    own = (
        *image_claims(used, Access.SHARED, f"`{call.key}` uses it"),
        *image_claims(made, Access.EXCLUSIVE, f"`{call.key}` sets it"),
    )
    return answer(call, own)


def _built(call: Call) -> Recognition | None:
    parsed = call.parsed
    if len(parsed.operands) != 1:
        return None
    arguments = [(option.value or "").partition("=") for option in parsed.named("--build-arg")]
    files = parsed.named("-f", "--file")
    build = Build(
        shown=call.key,
        folder=call.cwd,
        context=parsed.operands[0],
        dockerfile=files[-1].value if files else "",
        tags=tuple(option.value for option in parsed.named("-t", "--tag")),
        arguments={name: value if equals else None for name, equals, value in arguments if name},
    )
    own, beside = build_claims(build, call.place), beside_build(call)
    if own is None or beside is None:
        return None
    found = answer(call, (*own, *beside.claims, claim(Access.SHARED, _BUILDERS, f"`{call.key}` uses what was built before")))
    return reaching(call.key) if found and beside.outside else found


def _composed(call: Call, command: str) -> Recognition | None:
    if command == "compose version":
        return answer(call, ())
    files = files_read(call)
    if files is None:
        return None
    read = reading_claims(files, call)
    if command != "compose build":
        return answer(call, read)
    built = building_claims(files, call)
    shared = claim(Access.SHARED, _BUILDERS, f"`{call.key}` uses what was built before")
    return None if built is None else answer(call, (*read, *built, shared))


def _run(call: Call) -> Recognition | None:
    """A container has the folders and ports that it is given; without a network it reaches nothing else."""
    parsed = call.parsed
    mounts = mount_claims(call)
    if mounts is None or not parsed.rest:
        return None
    reason = f"`{call.key}` uses it"
    names = [option.value for option in parsed.named("--name")]
    if None in names:
        return None
    own = (
        *mounts,
        *port_claims(call),
        *image_claims(parsed.rest[:1], Access.SHARED, reason),
        *(claim(Access.EXCLUSIVE, f"docker-container:{name}", reason) for name in names),
    )
    found = answer(call, own)
    if found is None or _is_alone(call):
        return found
    return replace(found, effect=Effect.OUTSIDE, reason=f"`{call.key}` starts a program that may reach beyond this checkout")


def _is_alone(call: Call) -> bool:
    """Whether the container is cut off: no network, no rights of the machine's, gone when the call ends."""
    networks = [option.value for option in call.parsed.named("--network", "--net")]
    if networks != ["none"] or call.parsed.named("--privileged", "-d", "--detach", "--pid", "--ipc", "--uts"):
        return False
    sources = [option.value or "" for option in call.parsed.named("-v", "--volume", "--mount")]
    return not any(
        posixpath.basename(part).startswith(("docker.sock", "podman.sock")) for each in sources for part in each.split(":")
    )
