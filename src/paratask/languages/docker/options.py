"""Options of `docker build` whose value is a list of settings (`type=local,dest=out`): what they read, write or send."""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.docker.contexts import is_remote
from paratask.languages.inferred import read_below, write_below
from paratask.languages.options import Role, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Option
    from paratask.languages.tool_calls import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What options add to a build: claims, and whether something is sent away."""

    claims: tuple[Claim, ...] = ()
    outside: bool = False


def fields(value: str) -> Mapping[str, str]:
    """`a=b,c` as a mapping; a name alone has the value ""."""
    return {name: text for name, _, text in (part.partition("=") for part in value.split(","))}


def beside_build(call: Call) -> Beside | None:
    """What `--output`, `--cache-to`, `--secret` and the like of a build add; None where a path is not known."""
    found: list[Claim] = []
    outside = bool(call.parsed.all(Role.OUTSIDE))
    for option in call.parsed.named("-o", "--output", "--cache-from", "--cache-to", "--secret", "--build-context"):
        one = _of_option(option, call)
        if one is None:
            return None
        found.extend(one.claims)
        outside = outside or one.outside
    return Beside(claims=tuple(found), outside=outside)


def _of_option(option: Option, call: Call) -> Beside | None:
    if option.value is None:
        return None
    given = fields(option.value)
    if option.name == "--build-context":
        word = option.value.partition("=")[2]
        return Beside() if is_remote(word) else _path(word, option, call, writes=False)
    if option.name in ("--secret", "--cache-from"):
        return _path(given.get("src") or given.get("source") or "", option, call, writes=False)
    if option.name in ("-o", "--output") and "type" not in given and "dest" not in given:
        return _path(option.value, option, call, writes=True)
    kind = given.get("type", "")
    if option.name == "--cache-to":
        sends = kind not in ("local", "inline")
    else:
        sends = (
            kind == "registry"
            or given.get("push", "false") != "false"
            or kind not in ("local", "tar", "oci", "docker", "image", "cacheonly")
        )
    if sends:
        return Beside(outside=True)
    return _path(given.get("dest", ""), option, call, writes=True)


def _path(word: str, option: Option, call: Call, *, writes: bool) -> Beside | None:
    if word in ("", "-", "/dev/null"):
        return Beside()
    path = resolve_path(word, call.cwd)
    if path is None:
        return None
    reason = f"`{call.key} {option.name}` names it"
    return Beside(claims=((write_below if writes else read_below)(path, call.place, reason),))
