"""Commands whose effect others can see, whatever they are asked for. See "Claims" in docs/design.md.

Those that can also look only (docker, terraform, kubectl, git and the like) have plugins of their own. Knows nothing of what the other
side does with what it is sent.
"""

from __future__ import annotations

from paratask.languages.outside_calls import reaching
from paratask.languages.shell.call import names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

OUTSIDE = names_of(
    "ssh scp sftp glab gsutil heroku flyctl fly vercel netlify firebase doctl "
    "skopeo cosign crane oras mail sendmail systemctl ansible-playbook argocd flux eksctl s3cmd rclone ftp lftp"
)
"""Work on other machines, or on this one beyond the checkout."""
OUTSIDE_SUBCOMMANDS = {
    "pulumi": frozenset({"up", "update", "destroy", "refresh", "import"}),
    "serverless": frozenset({"deploy", "remove"}),
    "cdk": frozenset({"deploy", "destroy", "bootstrap"}),
}


def recognise_outside(name: str, words: Sequence[Word]) -> Recognition | None:
    """A command of OUTSIDE, or of OUTSIDE_SUBCOMMANDS with one of those; it may also write whatever it is told to."""
    shown = name
    if name not in OUTSIDE:
        subcommand = next((word for word in words if word is None or not word.startswith("-")), None)
        if subcommand not in OUTSIDE_SUBCOMMANDS[name]:
            return None
        shown = f"{name} {subcommand}"
    return reaching(shown)


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | None]] = {
    **dict.fromkeys((*OUTSIDE, *OUTSIDE_SUBCOMMANDS), lambda name, words, _invocation, _place: recognise_outside(name, words)),
}
