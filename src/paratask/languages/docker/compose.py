"""Compose files: which images `docker compose build` makes, and from which folders. See "Claims" in docs/design.md.

All services of all files count, whichever are asked for. For a build, a file that takes others in (`include`, `extends`), or one whose place a
variable sets, is not followed: the call is not recognised then. Does not know what services do once they run.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.docker.contexts import Build, build_claims, is_remote
from paratask.languages.inferred import claim, read_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.workspaces import folders_above
from paratask.languages.yaml_files import read_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Option, Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_USUAL = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = tuple(name.replace(".y", ".override.y") for name in _USUAL)
_ANY = "/{compose,docker-compose}{,.override}.y{,a}ml"
_PLACES = ("COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR", "COMPOSE_ENV_FILES", "COMPOSE_PROJECT_DIRECTORY")


def files_read(call: Call) -> tuple[str, ...] | None:
    """The compose files that the call reads; None where they are not surely known."""
    if any(name in _PLACES for name in call.invocation.environment):
        return None
    given = _given(call)
    paths: Sequence[str | None] = [resolve_path(option.value, call.cwd) for option in given] if given else _usual(call)
    known = tuple(path for path in paths if path is not None)
    if not known or len(known) < len(paths):
        return None
    settings = call.place.read_text(posixpath.join(posixpath.dirname(known[0]), ".env")) or ""
    return None if any(name in settings for name in _PLACES) else known


def _given(call: Call) -> list[Option]:
    """The options that name compose files; `-f` of `logs` follows what is said."""
    return [option for option in call.parsed.all(Role.READS) if option.name in ("-f", "--file")]


def _usual(call: Call) -> tuple[str, ...]:
    for folder in folders_above(call.cwd, call.place):
        names = [name for name in _USUAL if call.place.exists(posixpath.join(folder, name))]
        if names:
            others = [name for name in _OVERRIDES if call.place.exists(posixpath.join(folder, name))]
            return tuple(posixpath.join(folder, name) for name in (names[0], *others))
    return ()


def reading_claims(files: Sequence[str], call: Call) -> tuple[Claim, ...]:
    """Reading the files, the variables beside them, and what they name: compose looks at all of it, whatever it is asked for."""
    reason, folder = f"`{call.key}` reads it", _directory(files, call) or posixpath.dirname(files[0])
    folders = dict.fromkeys((*map(posixpath.dirname, files), folder, call.cwd))
    beside = [posixpath.join(each, ".env") for each in folders]
    named = _named(files, folder, call.place)
    more = (call.place.root,) if named is None else tuple(path for path in named if path not in beside)
    found = () if _given(call) else dict.fromkeys((posixpath.dirname(files[0]), call.cwd))
    return (
        *(claim(Access.READ, call.place.pattern(path), reason) for path in (*files, *beside)),
        *(claim(Access.READ, call.place.pattern(each, _ANY), f"`{call.key}` looks for it") for each in found),
        *(read_below(path, call.place, f"`{call.key}` reads what a compose file names") for path in more),
    )


def _directory(files: Sequence[str], call: Call) -> str | None:
    """The folder that paths in the files are seen from; None where only the run tells."""
    given = [resolve_path(option.value, call.cwd) for option in call.parsed.named("--project-directory")]
    return given[-1] if given else posixpath.dirname(files[0])


def _named(files: Sequence[str], folder: str, place: Place) -> tuple[str, ...] | None:
    """The files of variables that services have, and the compose files that they are taken from, with what these name. None where one is not known."""
    found: dict[str, None] = {}
    waiting = [(path, folder) for path in files]
    seen = set(files)
    while waiting:
        file, seen_from = waiting.pop()
        document = read_yaml(file, place) if place.exists(file) else {}
        if document is None:
            return None
        variables, others = _names_of(document)
        for word in (*variables, *others):
            for start in dict.fromkeys((seen_from, posixpath.dirname(file))):
                path = resolve_path(word, start)
                if path is None:
                    return None
                found[path] = None
                found.update(dict.fromkeys([posixpath.join(posixpath.dirname(path), ".env")] if word in others else ()))
                if word in others and path not in seen:
                    seen.add(path)
                    waiting.append((path, posixpath.dirname(path)))
    return tuple(found)


def _names_of(document: Mapping[object, object]) -> tuple[list[str], list[str]]:
    """The paths of files of variables and labels, and those of other compose files, as they are written."""
    services = [service for _, service in _entries(document.get("services")) if isinstance(service, dict)]
    taken = [service.get("extends") for service in services]
    included = [each if isinstance(each, dict) else {"path": each} for each in _listed(document.get("include"))]
    variables = [*_paths(services, "env_file"), *_paths(services, "label_file"), *_paths(included, "env_file")]
    return variables, [*_paths([each for each in taken if isinstance(each, dict)], "file"), *_paths(included, "path")]


def _paths(settings: Sequence[Mapping[str, object]], key: str) -> Iterator[str]:
    """The texts under `key`, alone, in a list, or as `path`; what is fetched is none."""
    for value in (each.get(key) for each in settings):
        for item in value if isinstance(value, list) else [value]:
            path = item.get("path") if isinstance(item, dict) else item
            if isinstance(path, str) and not is_remote(path):
                yield path


def building_claims(files: Sequence[str], call: Call) -> tuple[Claim, ...] | None:
    """What building all services claims; None where a file cannot be understood."""
    folder = _directory(files, call)
    if folder is None:
        return None
    documents = [document for document in (read_yaml(path, call.place) for path in files) if document is not None]
    if len(documents) < len(files) or any("include" in document for document in documents):
        return None
    project = _project(documents, folder, call)
    found: list[Claim] = []
    for document in documents:
        entries = _of_file(document, folder, project, call)
        if entries is None:
            return None
        found.extend(entries)
    return tuple(found)


def _project(documents: Sequence[Mapping[object, object]], folder: str, call: Call) -> Word:
    """What the images of services without a name of their own are called after; None where only the run tells."""
    given = [option.value for option in call.parsed.named("-p", "--project-name")]
    given += (
        [call.invocation.environment["COMPOSE_PROJECT_NAME"]] if "COMPOSE_PROJECT_NAME" in call.invocation.environment else []
    )
    if given:
        return given[0]
    written = [_text(document["name"]) for document in documents if "name" in document]
    if written:
        return written[-1]
    plain = posixpath.basename(folder).lower()
    return "".join(char for char in plain if char.isalnum() or char in "_-").lstrip("_-")


def _of_file(document: Mapping[object, object], folder: str, project: Word, call: Call) -> tuple[Claim, ...] | None:
    found: list[Claim] = []
    for name, service in _entries(document.get("services")):
        if not isinstance(service, dict) or "extends" in service:
            return None
        if "build" in service:
            entries = _of_service(service, None if project is None else f"{project}-{name}", folder, call)
            if entries is None:
                return None
            found.extend(entries)
    for _, secret in _entries(document.get("secrets")):
        path = resolve_path(_text(secret.get("file")), folder) if isinstance(secret, dict) and "file" in secret else ""
        if path is None:
            return None
        found += [read_below(path, call.place, f"`{call.key}` may read this secret")] if path else []
    return tuple(found)


def _of_service(service: Mapping[str, object], usual: Word, folder: str, call: Call) -> tuple[Claim, ...] | None:
    given = service["build"]
    settings: Mapping[str, object] = given if isinstance(given, dict) else {"context": given}
    dockerfile = settings.get("dockerfile", "")
    build = Build(
        shown=call.key,
        folder=folder,
        context=_text(settings.get("context", ".")),
        dockerfile="-" if "dockerfile_inline" in settings else _text(dockerfile),
        tags=(_text(service["image"]) if "image" in service else usual, *map(_text, _listed(settings.get("tags")))),
        arguments=_arguments(settings.get("args")),
        inner=True,
    )
    claims = build_claims(build, call.place)
    others = _contexts(settings.get("additional_contexts"), folder, call.place, call.key)
    return None if claims is None or others is None else (*claims, *others)


def _contexts(value: object, folder: str, place: Place, shown: str) -> tuple[Claim, ...] | None:
    given = [str(path) for _, path in _entries(value)] or [str(item).partition("=")[2] for item in _listed(value)]
    paths = [resolve_path(word, folder) for word in given if not is_remote(word) and not word.startswith("service:")]
    known = [path for path in paths if path is not None]
    if len(known) < len(paths):
        return None
    return tuple(read_below(path, place, f"`{shown}` sends this folder to the builder") for path in known)


def _arguments(value: object) -> Mapping[str, Word]:
    given = dict(_entries(value)) or {
        part[0]: part[2] if part[1] else None for part in (str(i).partition("=") for i in _listed(value))
    }
    return {name: None if each is None else _text(str(each)) for name, each in given.items()}


def _entries(value: object) -> Iterator[tuple[str, object]]:
    yield from ((str(name), each) for name, each in value.items()) if isinstance(value, dict) else ()


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> Word:
    """A string without variables, else None."""
    return value if isinstance(value, str) and "$" not in value else None
