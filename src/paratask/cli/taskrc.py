"""`.taskrc.yml`: options and experiments for all Taskfiles below a folder, for a user, or both. go-task: taskrc.Reader, ast.TaskRC.

Decodes files and puts them together, the nearest on top. Which files there are is configure.py's; loaded only where there is one.
"""

from __future__ import annotations

from functools import partial

from paratask.errors import ParataskError
from paratask.frozen import dataclass, replace
from paratask.taskfile.decode import Decoder
from paratask.taskfile.nodes import Mapping as MappingNode
from paratask.taskfile.nodes import Scalar, is_null, scalar_value
from paratask.taskfile.reader import read_bytes
from paratask.taskfile.yaml_nodes import parse_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.taskfile.model import Oddity
    from paratask.taskfile.nodes import Node

FLAGS = frozenset(("verbose", "silent", "color", "disable-fuzzy", "interactive", "failfast"))
OTHER_KEYS = frozenset(("version", "concurrency", "temp-dir", "experiments", "remote"))
REMOTE_FLAGS = frozenset(("insecure", "offline"))
REMOTE_TEXTS = {"cache-dir": "remote_cache_dir", "cacert": "cacert", "cert": "cert", "cert-key": "cert_key"}
REMOTE_DURATIONS = {"timeout": "timeout", "cache-expiry": "expiry"}
REMOTE_KEYS = REMOTE_FLAGS | REMOTE_TEXTS.keys() | REMOTE_DURATIONS.keys() | {"trusted-hosts"}
HEADER_KEYS = frozenset(("host", "headers"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the files say together: option values by key, experiments by name, headers of requests by host, and what was strange."""

    values: Mapping[str, str | bool]
    experiments: Mapping[str, int]
    headers: Mapping[str, Mapping[str, str]]
    oddities: tuple[Oddity, ...] = ()
    trouble: ParataskError | None = None


NOTHING = Configuration(values={}, experiments={}, headers={})


def read_configuration(paths: Iterable[str]) -> Configuration:
    """All of these files together, weakest first. One that cannot be used takes the others with it, as for task."""
    together = NOTHING
    try:
        for path in paths:
            together = _over(together, read_taskrc(path))
    except ParataskError as error:
        return replace(NOTHING, trouble=error)
    return together


def read_taskrc(path: str) -> Configuration:
    """One file. Raises TaskfileError."""
    root = parse_yaml(read_bytes(path), path)
    decoder = Decoder(path)
    if root is None or is_null(root):
        return NOTHING
    found = _fields(decoder, root, FLAGS | OTHER_KEYS, ".taskrc.yml")
    values: dict[str, str | bool] = {_key(name): decoder.flag(found[name]) for name in sorted(FLAGS & found.keys())}
    if not values.get("failfast"):
        values.pop("failfast", None)  # to task, false is as good as not there
    if "concurrency" in found:
        values["jobs"] = str(max(0, _integer(decoder, found["concurrency"])))
    if "temp-dir" in found:
        values["temp_dir"] = decoder.text(found["temp-dir"])
    headers: dict[str, Mapping[str, str]] = {}
    if "remote" in found:
        remote = _fields(decoder, found["remote"], REMOTE_KEYS | {"headers"}, "remote")
        if "headers" in remote:
            headers.update(decoder.many(remote.pop("headers"), partial(_headers, decoder), "[]ast.RemoteHeaders"))
        values.update(_remote(decoder, remote))
    experiments = _experiments(decoder, found["experiments"]) if "experiments" in found else {}
    return Configuration(values=values, experiments=experiments, headers=headers, oddities=tuple(decoder.oddities))


def _fields(decoder: Decoder, node: Node, known: frozenset[str], what: str) -> dict[str, Node]:
    return {name: value for name, value in decoder.fields(node, known, what).items() if not is_null(value)}


def _remote(decoder: Decoder, found: Mapping[str, Node]) -> Iterator[tuple[str, str | bool]]:
    for name, value in found.items():
        if name in REMOTE_FLAGS:
            yield _key(name), decoder.flag(value)
        elif name in REMOTE_TEXTS:
            yield REMOTE_TEXTS[name], decoder.text(value)
        elif name in REMOTE_DURATIONS:
            decoder.seconds(value, name)
            yield REMOTE_DURATIONS[name], decoder.text(value)
        else:
            yield "trusted_hosts", ",".join(decoder.texts(value))


def _headers(decoder: Decoder, node: Node) -> tuple[str, Mapping[str, str]]:
    """A host, and what requests to it carry."""
    found = _fields(decoder, node, HEADER_KEYS, "ast.RemoteHeaders")
    pairs = found.get("headers")
    if pairs is not None and not isinstance(pairs, MappingNode):
        raise decoder.wrong_type(pairs, "map[string]string")
    values = {key.text: decoder.text(value) for key, value in (pairs.pairs if pairs else ())}
    return decoder.text(found["host"]) if "host" in found else "", values


def _experiments(decoder: Decoder, node: Node) -> dict[str, int]:
    if not isinstance(node, MappingNode):
        raise decoder.wrong_type(node, "map[string]int")
    return {key.text: _integer(decoder, value) for key, value in node.pairs}


def _integer(decoder: Decoder, node: Node) -> int:
    value = scalar_value(node) if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise decoder.wrong_type(node, "int")
    return value


def _over(weak: Configuration, strong: Configuration) -> Configuration:
    """Both, `strong` first; trusted hosts add up, and so do hosts with headers."""
    hosts = {host for one in (weak, strong) for host in str(one.values.get("trusted_hosts", "")).split(",") if host}
    values = {**weak.values, **strong.values}
    if hosts:
        values["trusted_hosts"] = ",".join(sorted(hosts))
    return Configuration(
        values=values,
        experiments={**weak.experiments, **strong.experiments},
        headers={**weak.headers, **strong.headers},
        oddities=(*weak.oddities, *strong.oddities),
    )


def _key(name: str) -> str:
    return name.replace("-", "_")
