"""Hooks for git, as shell text. See githooks(5) for when they run and what they are told.

Both look for what changed and leave it to the task as `CHANGED`, one path a line. Knows git's side of it, and no file.
"""

from __future__ import annotations

from shlex import quote

MARK = "# Written by `paratask --install-hooks`"
"""How our own hooks are known."""
EVENTS = ("pre-commit", "pre-push")
CHANGED = {
    "pre-commit": "changed=$(git diff --cached --relative --name-only --diff-filter=ACMR)\n",
    "pre-push": """\
changed=$(while read -r local_ref local_oid remote_ref remote_oid; do
    case $local_oid in *[!0]*) ;; *) continue ;; esac  # the branch is being deleted
    if git rev-parse -q --verify "$remote_oid^{commit}" >/dev/null 2>&1; then
        git diff --relative --name-only --diff-filter=ACMR "$remote_oid" "$local_oid"
    else
        git log --relative --name-only --diff-filter=ACMR --format= "$local_oid" --not --remotes
    fi
done | sort -u)
""",
}
LONGEST = 100_000
"""The kernel takes no argument that is much longer."""


def render_hook(event: str, *, task: str, folder: str, program: str, taskfile: str = "") -> str:
    """`folder` is the Taskfile's, below the top of the work tree; `program` stands in where there is no `paratask` on PATH.

    `taskfile` is its name where it is none of those that are looked for.
    """
    named = f"--taskfile {quote(taskfile)} " if taskfile else ""
    return f"""\
#!/bin/sh
{MARK} for the task {task!r}. `paratask --uninstall-hooks` removes it; `git --no-verify` goes past it.
cd {quote(folder)} || exit
{CHANGED[event]}[ -n "$changed" ] || exit 0
[ ${{#changed}} -lt {LONGEST} ] || changed=  # too many to name
paratask=$(command -v paratask) || paratask={quote(program)}
if [ ! -x "$paratask" ]; then
    echo "paratask: not found, so the {event} hook cannot run; \\`git --no-verify\\` goes past it" >&2
    exit 1
fi
exec "$paratask" {named}{quote(task)} "CHANGED=$changed" </dev/null
"""
