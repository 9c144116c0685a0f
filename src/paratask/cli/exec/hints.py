"""What stands here for an option of GNU parallel that is unknown: for the `help:` line of the error. docs/migration.md has all of it."""

from __future__ import annotations

HINTS = {
    "P": "--jobs", "max-procs": "--jobs", "memfree": "--memory", "tag": "--output prefixed", "line-buffer": "--output prefixed",
    "lb": "--output prefixed", "u": "--output interleaved", "ungroup": "--output interleaved", "group": "--output group",
    "dry-run": "--dry", "halt": "--failfast", "halt-on-error": "--failfast", "arg-file": ":::: FILE", "link": ":::+",
    "xapply": ":::+", "results": "--logs", "resume-failed": "--resume", "shuf": "--seed SEED", "wd": "--dir", "workdir": "--dir",
}  # fmt: skip


def hint(name: str) -> str:
    """A line that can be pasted, or empty."""
    return f"GNU parallel's `{'--' if len(name) > 1 else '-'}{name}` is `{HINTS[name]}` here" if name in HINTS else ""
