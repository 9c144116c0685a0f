"""What docker and podman can be asked for, as data. See `paratask.languages.tool_table`."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_claims import SEVERAL_CORES
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_DAEMON: Mapping[Role, str] = {
    Role.FLAG: "-D --debug --tls --tlsverify",
    Role.VALUE: "-H --host -c --context -l --log-level",
    Role.INFORMS: "-v --version",
}
_BUILD: Mapping[Role, str] = {
    Role.FLAG: "--no-cache --pull -q --quiet --rm --force-rm --squash --compress --load --check --disable-content-trust "
    "--layers --no-hosts --tls-verify --omit-history",
    Role.VALUE: "--build-arg --target --platform --label --network --progress --builder --add-host --shm-size -m --memory "
    "--memory-swap --cpu-shares -c --cpu-quota --cpu-period --cpuset-cpus --cpuset-mems --cgroup-parent --ulimit --isolation "
    "--security-opt --ssh --no-cache-filter --annotation --attest --format --provenance --sbom --jobs --arch --os "
    "--timestamp --retry --retry-delay -t --tag -f --file --secret --cache-from --cache-to --build-context -o --output",
    Role.WRITES: "--iidfile --metadata-file",
    Role.OUTSIDE: "--push",
}
_LOOK: Mapping[Role, str] = {
    Role.FLAG: "-a --all -q --quiet --no-trunc --digests -s --size -n -l --latest -t --timestamps --tree --details --no-stream --dry-run "
    "--services --volumes --images --profiles --environment --variables --no-interpolate --no-normalize --no-consistency --resolve-image-digests "
    "--orphans --verbose -v --hash --no-color --no-log-prefix",
    Role.VALUE: "-f --filter --format --since --until --tail --type --hash --status --index --protocol --platform",
    Role.WRITES: "-o --output",
}
_COMPOSE: Mapping[Role, str] = {
    Role.FLAG: "--all-resources --compatibility --dry-run --verbose",
    Role.VALUE: "--ansi --parallel --profile --progress --project-directory -p --project-name",
    Role.READS: "-f --file --env-file",
}
_RUN: Mapping[Role, str] = {
    Role.FLAG: "--rm -i --interactive -t --tty --init -q --quiet --privileged --read-only --no-healthcheck --oom-kill-disable -P "
    "--publish-all --sig-proxy -d --detach --disable-content-trust",
    Role.VALUE: "-e --env -w --workdir -u --user --name --entrypoint -h --hostname --network --net --platform --pull -m --memory --cpus "
    "--cpu-shares -c --cpuset-cpus --memory-swap --shm-size --ulimit --add-host --dns -l --label --cap-add --cap-drop --security-opt --userns "
    "--group-add --gpus --ipc --pid --uts --tmpfs --restart --stop-timeout --stop-signal --log-driver --log-opt --expose --link "
    "--health-cmd --runtime --sysctl -a --attach --isolation --network-alias --ip --mac-address -v --volume --mount -p --publish",
    Role.READS: "--env-file --label-file",
    Role.WRITES: "--cidfile",
}


_LOGS: Mapping[Role, str] = {
    Role.FLAG: "-f --follow -t --timestamps --details --no-color --no-log-prefix",
    Role.VALUE: "-n --tail --since --until --index",
}


def _looks(summary: str, operands: Operands = Operands.WORDS) -> Tool:
    return Tool(summary=summary, mode=Mode.NOTHING, operands=operands, options=_LOOK)


def _acts(summary: str, flags: str = "", values: str = "", holds: str = "") -> Tool:
    return Tool(
        summary=summary,
        mode=Mode.NOTHING,
        operands=Operands.WORDS,
        options={Role.FLAG: flags, Role.VALUE: values},
        holds=holds,
    )


_FOLLOWED = Tool(summary="prints what was said", mode=Mode.NOTHING, operands=Operands.WORDS, options=_LOGS)
_BUILDS = Tool(summary="builds an image", mode=Mode.READ, operands=Operands.WORDS, options=_BUILD, cores=SEVERAL_CORES)
_PULL = _acts(
    "fetches an image", "-a --all-tags -q --quiet --disable-content-trust --tls-verify", "--platform --arch --os --retry"
)
_TAG = _acts("gives an image another name")
_REMOVE_IMAGE = _acts("removes images", "-f --force --no-prune -a --all -i --ignore")
_PRUNE_OPTIONS = ("-f --force -a --all --volumes", "--filter --keep-storage --max-used-space --reserved-space --min-free-space")
_SAVE = Tool(summary="writes an image to a file", mode=Mode.READ, operands=Operands.WORDS, options={
    Role.FLAG: "-q --quiet --compress", Role.VALUE: "--platform --format", Role.WRITES: "-o --output"})  # fmt: skip
_LOAD = Tool(summary="reads images from a file", mode=Mode.READ, operands=Operands.NONE, holds="docker-images", options={
    Role.FLAG: "-q --quiet", Role.VALUE: "--platform", Role.READS: "-i --input"})  # fmt: skip
_BUILDERS = Tool(summary="changes builders", mode=Mode.NOTHING, operands=Operands.WORDS, holds="docker-builds docker-builder", options={
    Role.FLAG: "--use --bootstrap --append --leave -f --force", Role.VALUE: "--name --driver --driver-opt --platform --buildkitd-flags --node",
    Role.READS: "--buildkitd-config --config"})  # fmt: skip
_RUNS = Tool(summary="runs a container", mode=Mode.RUN, options=_RUN)
_COMPOSE_UP = "up down start stop restart rm kill create run exec cp pause unpause scale watch attach wait"
_CONTAINER_ACTS = "start stop restart kill rm exec cp create pause unpause update rename attach wait commit"
OUTSIDE = frozenset(
    {
        *(
            "push",
            "login",
            "logout",
            "plugin",
            "swarm",
            "service",
            "stack",
            "node",
            "secret",
            "trust",
            "image push",
            "manifest push",
        ),
        *(f"{name} {verb}" for name in ("network", "volume") for verb in ("create", "rm", "prune", "connect", "disconnect")),
        *(
            "system prune",
            "container prune",
            "buildx imagetools create",
            "compose push",
            "compose publish",
            "system reset",
            "machine",
        ),
        *_CONTAINER_ACTS.split(),
        *(f"container {name}" for name in _CONTAINER_ACTS.split()),
        *(f"compose {name}" for name in _COMPOSE_UP.split()),
    }
)
"""Subcommands that send something, or change containers that others may be using."""


def _family(program: str) -> Mapping[str, Tool]:
    plain = {
        "": Tool(summary="works with containers", mode=Mode.GROUP, options=_DAEMON),
        "build": _BUILDS,
        "run": _RUNS,
        "pull": _PULL,
        "tag": _TAG,
        "rmi": _REMOVE_IMAGE,
        "save": _SAVE,
        "load": _LOAD,
        **{name: _looks("prints what there is") for name in "images ps inspect info version history port top stats diff".split()},
        "logs": _FOLLOWED,
        "container logs": _FOLLOWED,
        "buildx": Tool(summary="builds images", mode=Mode.GROUP, options={Role.VALUE: "--builder"}),
        "buildx build": _BUILDS,
        **{f"buildx {name}": _looks("prints what there is") for name in ("ls", "inspect", "du", "version", "imagetools inspect")},
        "buildx imagetools": Tool(summary="looks at images", mode=Mode.GROUP),
        "buildx prune": _acts("removes what builds keep", *_PRUNE_OPTIONS, holds="docker-builds"),
        **{f"buildx {name}": _BUILDERS for name in ("create", "use", "rm", "stop")},
        "builder": Tool(summary="builds images", mode=Mode.GROUP),
        "builder build": _BUILDS,
        "builder prune": _acts("removes what builds keep", *_PRUNE_OPTIONS, holds="docker-builds"),
        "image": Tool(summary="works with images", mode=Mode.GROUP),
        "image build": _BUILDS,
        "image pull": _PULL,
        "image tag": _TAG,
        "image rm": _REMOVE_IMAGE,
        "image save": _SAVE,
        "image load": _LOAD,
        "image prune": _acts("removes images", *_PRUNE_OPTIONS, holds="docker-images"),
        **{f"image {name}": _looks("prints what there is") for name in ("ls", "list", "inspect", "history", "exists")},
        "container": Tool(summary="works with containers", mode=Mode.GROUP),
        "container run": _RUNS,
        **{f"container {name}": _looks("prints what there is") for name in ("ls", "list", "ps", "inspect", "port", "top")},
        "manifest": Tool(summary="looks at images", mode=Mode.GROUP),
        "manifest inspect": _looks("prints what there is"),
        "context": Tool(summary="looks at daemons", mode=Mode.GROUP),
        **{f"context {name}": _looks("prints what there is") for name in ("ls", "list", "inspect", "show")},
        "system": Tool(summary="looks after the daemon", mode=Mode.GROUP),
        **{f"system {name}": _looks("prints what there is") for name in ("df", "info")},
        **{name: Tool(summary="works with what containers share", mode=Mode.GROUP) for name in ("volume", "network")},
        **{f"{name} {verb}": _looks("prints what there is") for name in ("volume", "network") for verb in ("ls", "list", "inspect")},
        "compose": Tool(summary="works with the services of a compose file", mode=Mode.GROUP, options=_COMPOSE),
    }  # fmt: skip
    return {f"{program} {name}".rstrip(): tool for name, tool in plain.items()}


def _compose(program: str) -> Mapping[str, Tool]:
    looking = "config convert ps images ls top port version events stats"
    return {
        f"{program} build": Tool(
            summary="builds the images of services",
            mode=Mode.READ,
            operands=Operands.WORDS,
            cores=SEVERAL_CORES,
            options={
                Role.FLAG: "--no-cache --pull -q --quiet --with-dependencies --check --parallel --force-rm --print",
                Role.VALUE: "--build-arg --ssh -m --memory --builder --progress",
                Role.OUTSIDE: "--push",
            },
        ),
        f"{program} pull": _acts(
            "fetches the images of services", "-q --quiet --ignore-pull-failures --include-deps --ignore-buildable",
            "--policy", "docker-images",
        ),
        f"{program} logs": _FOLLOWED,
        **{f"{program} {name}": _looks("prints what there is") for name in looking.split()},
    }  # fmt: skip


TOOLS: Mapping[str, Tool] = {
    **_family("docker"),
    **_family("podman"),
    **_compose("docker compose"),
    **_compose("podman compose"),
    **{name: Tool(summary="works with a compose file", mode=Mode.GROUP, options=_COMPOSE) for name in ("docker-compose", "podman-compose")},
    **_compose("docker-compose"),
    **_compose("podman-compose"),
    "hadolint": Tool(
        summary="lints Dockerfiles",
        mode=Mode.READ,
        settings=".hadolint.{yaml,yml}",
        options={
            Role.FLAG: "--no-fail --no-color -V --verbose --strict-labels --disable-ignore-pragma --no-color",
            Role.VALUE: "-f --format -t --failure-threshold --ignore --error --warning --info --style --trusted-registry --require-label",
            Role.READS: "-c --config",
            Role.INFORMS: "-v",
        },
    ),
}  # fmt: skip
"""Every program and subcommand that is recognised, but for those of OUTSIDE."""
