"""The plugin for programs that work on clusters and clouds: kubectl, helm, gh, aws, gcloud, az. See "Claims" in docs/design.md.

What surely only looks has no effect; everything else these programs are asked for reaches beyond the checkout, also where it is
not understood. Does not know what runs in a cluster.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect
from paratask.languages.cloud.tools import TOOLS
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, parse, resolve_path, roles
from paratask.languages.outside_calls import reaching
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Invocation, Place

MANIFESTS = ("Chart.yaml",)
PROGRAMS = ("kubectl", "kustomize", "helm", "gh", "aws", "gcloud", "az")
_AWS_OPTIONS = {
    Role.FLAG: "--no-cli-pager --no-paginate --no-sign-request --debug --no-verify-ssl",
    Role.VALUE: "--region --profile --output --query --endpoint-url --color --cli-read-timeout --cli-connect-timeout",
}
_AWS_FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_AWS_LOOKS = frozenset(
    {"sts get-caller-identity", "s3 ls", "ecr get-login-password", "configure list", "configure get", "configure list-profiles"}
)


_LANGUAGE = Language(name="cloud", tools=TOOLS, manifests=MANIFESTS, settings="")


def manifests() -> Sequence[str]:
    """Files that make a folder a chart."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in PROGRAMS:
        return None
    words = invocation.words[1:]
    if name == "aws":
        looks, files = _aws(words), _aws_files(invocation, place)
        if looks is None or files is None:
            return reaching("aws")
        return Recognition(claims=files, effect=Effect.LOCAL, reason=f"`{looks}` looks at what there is")
    call = resolve_call(name, words, invocation, _LANGUAGE, place)
    found = None if call is None else with_root(_answer(call), place)
    if found is not None or name == "kustomize":
        return found
    head = words[0] if words else None
    return reaching(name if head is None or head.startswith("-") else f"{name} {head}")


def _aws(words: Sequence[Word]) -> str | None:
    """The service and command of a call that only looks, else None. Values may name files, which are not looked for."""
    given = parse(words, roles(_AWS_OPTIONS), stop=True)
    known = [word for word in given.rest if word is not None] if given else []
    if (
        given is None
        or len(known) < 2
        or len(known) < len(given.rest)
        or any("file" in word and "://" in word for word in known)
    ):
        return None
    named = " ".join(known[:2])
    return f"aws {named}" if named in _AWS_LOOKS or known[1].startswith(("describe-", "list-")) else None


def _aws_files(invocation: Invocation, place: Place) -> tuple[Claim, ...] | None:
    """The settings that variables name; None where only the run tells which."""
    words = [invocation.environment[name] for name in _AWS_FILES if name in invocation.environment]
    paths = [resolve_path(word, invocation.cwd) for word in words]
    known = [path for path in paths if path is not None]
    return tuple(read_below(path, place, "`aws` reads it") for path in known) if len(known) == len(paths) else None


def _answer(call: Call) -> Recognition | None:
    if call.parsed.all(Role.INFORMS):
        return answer(call, ())
    if any("-file=" in (option.value or "") for option in call.parsed.named("-o", "--output", "--template")):
        return None
    family, _, command = call.key.partition(" ")
    if call.parsed.named("-k", "--kustomize") or "kustomize" in call.key:
        paths = operand_paths(call)
        return (
            None
            if paths is None
            else answer(call, (_anything(call), *(read_below(path, call.place, "it is read") for path in paths)))
        )
    if family == "helm":
        return _helm(call, command)
    return answer(call, _several(call))


def _several(call: Call) -> tuple[Claim, ...]:
    """The files of an option that takes several, with commas between them: `-f a.yaml,b.yaml`."""
    values = (option.value or "" for option in call.parsed.all(Role.READS))
    paths = (resolve_path(part, call.cwd) for value in values if "," in value for part in value.split(","))
    return tuple(read_below(path, call.place, f"`{call.key}` reads it") for path in paths if path)


def _anything(call: Call) -> Claim:
    return read_below(call.place.root, call.place, f"`{call.key}` follows paths in what it reads")


def _helm(call: Call, command: str) -> Recognition | None:
    repositories, reason = "helm-repositories", f"`{call.key}` uses it"
    if call.tool.mode is Mode.INSTALL:
        return answer(call, (claim(Access.EXCLUSIVE, repositories, f"`{call.key}` changes it"),))
    uses = claim(Access.SHARED, repositories, reason)
    if command.partition(" ")[0] not in ("lint", "template", "show", "package", "dep", "dependency"):
        return answer(call, (uses,))
    charts = _charts(call, command)
    if charts is None:
        return None
    if call.tool.mode is Mode.BUILD:
        written = (write_below(chart, call.place, f"`{call.key}` puts charts into this one") for chart in charts)
        near = (_anything(call),) if any(_names_others(chart, call.place) for chart in charts) else ()
        return answer(call, (*written, *near, claim(Access.EXCLUSIVE, repositories, reason)))
    read = (*(read_below(chart, call.place, f"`{call.key}` reads this chart") for chart in charts), *_several(call))
    if command != "package" or call.parsed.named("-d", "--destination"):
        return answer(call, (*read, uses))
    return answer(call, (*read, uses, claim(Access.WRITE, call.place.pattern(call.cwd, "/*.tgz"), f"`{call.key}` writes it")))


def _charts(call: Call, command: str) -> tuple[str, ...] | None:
    """The folders of the charts that operands name. What looks like a chart of a repository (`x/y`) may be a folder that is made until then."""
    words = call.parsed.operands or (() if command in ("template", "package") else (".",))
    named = [word for word in (words[-1:] if command == "template" else words) if word is None or "://" not in word]
    paths = [resolve_path(word, call.cwd) for word in named]
    known = tuple(path for path in paths if path is not None)
    return known if words and len(known) == len(paths) else None


def _names_others(chart: str, place: Place) -> bool:
    """Whether a chart is made of others in the repository, or nobody can tell."""
    text = place.read_text(posixpath.join(chart, "Chart.yaml"))
    return text is None or "file:" in text
