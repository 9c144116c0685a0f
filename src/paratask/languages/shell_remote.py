"""git, and the commands whose effect others can see. See "Claims" in docs/design.md.

For git, what only looks is told from what changes the repository's state, which is guarded like an outside effect. Knows nothing
of what the other side does with what it is sent.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Effect, Evidence
from paratask.languages.shell_call import BELOW, local, names_of
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place

OUTSIDE = names_of(
    "curl wget ssh scp sftp kubectl helm gh glab aws gcloud gsutil az heroku flyctl fly vercel netlify firebase doctl "
    "skopeo cosign crane oras mail sendmail systemctl ansible-playbook argocd flux eksctl s3cmd rclone ftp lftp"
)
"""Work on other machines, or on this one beyond the checkout."""
OUTSIDE_SUBCOMMANDS = {
    "docker": frozenset({"push", "login", "logout"}),
    "podman": frozenset({"push", "login", "logout"}),
    "terraform": frozenset({"apply", "destroy", "import", "refresh", "taint", "untaint"}),
    "tofu": frozenset({"apply", "destroy", "import", "refresh", "taint", "untaint"}),
    "pulumi": frozenset({"up", "update", "destroy", "refresh", "import"}),
    "serverless": frozenset({"deploy", "remove"}),
    "cdk": frozenset({"deploy", "destroy", "bootstrap"}),
}
_LOOKS_AT_FILES = frozenset(["status", "diff", "describe", "ls-files", "grep", "blame", "check-ignore", "show", "log"])
_LOOKS_AT_HISTORY = frozenset(
    [
        "rev-parse",
        "rev-list",
        "cat-file",
        "ls-tree",
        "merge-base",
        "name-rev",
        "shortlog",
        "for-each-ref",
        "show-ref",
        "version",
    ],
)
_CHANGES = names_of(
    "push commit tag fetch pull clone add rm mv checkout switch restore reset clean merge rebase cherry-pick revert "
    "apply am stash init submodule worktree branch config remote gc prune lfs notes bisect update-index update-ref "
    "symbolic-ref send-email"
)
_LOOKS_WITH = {
    "branch": ("--show-current", "--list"),
    "config": ("--get", "--get-all", "--list", "-l"),
    "tag": ("-l", "--list", "--points-at"),
    "remote": ("-v", "get-url"),
    "stash": ("list",),
    "worktree": ("list",),
}
_REACHES = frozenset(["push", "fetch", "pull", "clone", "submodule", "lfs", "send-email", "remote"])


def recognise_git(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """One git command."""
    found = _subcommand(words, invocation.cwd)
    if found is None:
        return None
    name, arguments, cwd = found
    looks = bool(arguments) and arguments[0] in _LOOKS_WITH.get(name, ())
    if looks or name in _LOOKS_AT_FILES | _LOOKS_AT_HISTORY:
        if any(word and word.startswith(("--output", "--ext-diff", "-O", "--open-files-in-pager")) for word in arguments):
            return None
        claims = [_claim(Access.READ, place.pattern(_git_folder(cwd, place), BELOW), f"`git {name}` reads the history")]
        if name in _LOOKS_AT_FILES:
            claims.append(_claim(Access.READ, "**", f"`git {name}` compares with the files"))
        return local(claims, f"`git {name}` only reads")
    if name not in _CHANGES:
        return None
    claims = [
        _claim(Access.WRITE, "**", f"`git {name}` may change files"),
        _claim(Access.WRITE, place.pattern(_git_folder(cwd, place), BELOW), f"`git {name}` changes the repository"),
    ]
    does = "reaches beyond this checkout" if name in _REACHES else "changes the repository's state"
    return Recognition(claims=tuple(claims), effect=Effect.OUTSIDE, reason=f"`git {name}` {does}")


def recognise_outside(name: str, words: Sequence[Word]) -> Recognition | None:
    """A command of OUTSIDE, or of OUTSIDE_SUBCOMMANDS with one of those; it may also write whatever it is told to."""
    shown = name
    if name not in OUTSIDE:
        subcommand = next((word for word in words if word is None or not word.startswith("-")), None)
        if subcommand not in OUTSIDE_SUBCOMMANDS[name]:
            return None
        shown = f"{name} {subcommand}"
    reason = f"`{shown}` reaches beyond this checkout"
    return Recognition(claims=(_claim(Access.WRITE, "**", reason),), effect=Effect.OUTSIDE, reason=reason)


def recognise_rsync(words: Sequence[Word]) -> Recognition | None:
    """rsync to or from another machine; between folders it is not known."""
    remote = any(word and not word.startswith("-") and ":" in word.partition("/")[0] for word in words)
    if not remote and not any(word and word.startswith("rsync://") for word in words):
        return None
    reason = "`rsync` reaches beyond this checkout"
    return Recognition(claims=(_claim(Access.WRITE, "**", reason),), effect=Effect.OUTSIDE, reason=reason)


def _subcommand(words: Sequence[Word], cwd: str) -> tuple[str, Sequence[Word], str] | None:
    """git's subcommand, what follows it, and the folder it works in."""
    rest = list(words)
    while rest and (word := rest.pop(0)):
        if word == "-C" and rest and (folder := rest.pop(0)):
            cwd = posixpath.normpath(posixpath.join(cwd, folder))
        elif word in ("--no-pager", "-P", "--no-optional-locks", "--literal-pathspecs"):
            continue
        elif not word.startswith("-"):
            return word, rest, cwd
        else:
            return None
    return None


def _git_folder(cwd: str, place: Place) -> str:
    """Where the repository that holds `cwd` keeps its history; it may lie above the Taskfile's folder."""
    folder = cwd
    while not place.exists(posixpath.join(folder, ".git")):
        above = posixpath.dirname(folder)
        if above == folder:
            return posixpath.join(place.root, ".git")
        folder = above
    return posixpath.join(folder, ".git")


def _claim(access: Access, pattern: str, reason: str) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)
