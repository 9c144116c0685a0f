"""What go-task's own shell shows otherwise than bash, made to look the same: definitions that go before a command's text.

Two things only: the tables of `shopt` and `set -o`, which bash pads and the other does not, and a folder that is not there yet, where
builtins work all the same. Empty for nearly every command. See "The shell" in docs/compatibility.md. Pure.
"""

from __future__ import annotations

SHOPT = (
    'shopt() { case ${1-} in -*) builtin shopt "$@";; *) local t s=0; t=$(builtin shopt "$@") || s=$?; '
    '[ -z "$t" ] || s=0; '
    "while [[ $t == *' '* ]]; do t=${t// /}; done; [ -z \"$t\" ] || printf '%s\\n' \"$t\"; return $s;; esac; }; "
)  # fmt: skip
SET = (
    'set() { local n; if [ $# -gt 1 ]; then builtin set "$@"; return; fi; case ${1-} in '
    "-o) for n in allexport errexit noexec noglob nounset xtrace pipefail; do "
    "if [ -o $n ]; then printf '%s\\ton\\n' $n; else printf '%s\\toff\\n' $n; fi; done;; "
    "+o) for n in allexport errexit noexec noglob nounset xtrace pipefail; do "
    "if [ -o $n ]; then printf 'set -o %s\\n' $n; else printf 'set +o %s\\n' $n; fi; done;; "
    '*) builtin set "$@";; esac; }; '
)  # fmt: skip
WORKING_FOLDER = "pwd() { printf '%s\\n' \"$PWD\"; }; "
TABLE_ENDS = frozenset("|;&)>\n")


def tables(text: str) -> str:
    """Definitions that make the tables which `text` prints unpadded; empty where it prints none."""
    shopt = SHOPT if "shopt" in text else ""
    return shopt + SET if _prints_options(text) else shopt


def in_missing_folder(folder: str) -> str:
    """What goes before a command whose folder is not there: `pwd` and `$PWD` say `folder`, and the empty one it starts in goes."""
    quoted = folder.replace("'", "'\\''")
    return f"command -p rmdir \"$PWD\"; PWD='{quoted}'; {WORKING_FOLDER}"


def _prints_options(text: str) -> bool:
    """Whether `set -o` or `set +o` stands alone somewhere, and no other `set` has operands, which a function could not set."""
    if "set -o" not in text and "set +o" not in text:
        return False
    prints = False
    for rest in text.split("set ")[1:]:
        words = rest.split(maxsplit=1)
        if not words or words[0] == "--" or words[0][0] not in "+-":
            return False
        if words[0].rstrip(";|&)>") in ("-o", "+o"):
            after = rest.lstrip(" ")[2:].lstrip(" ")
            prints = prints or not after or after[0] in TABLE_ENDS
    return prints
