"""Shell commands of the kind that Taskfiles have: the same output from task's own shell and from bash as paratask starts it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
import yaml

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = [pytest.mark.slow, pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")]

FORMS = r"""
echo a | read x; echo "[$x]"
cat in.txt | while read -r l; do c=$((c+1)); done; echo $c
seq 3 | while read i; do [ $i = 9 ] && echo no; done; echo after
while read -r l; do [ "$l" = x ] && echo y; done < in.txt; echo after
n=0; until [ $n -ge 2 ]; do n=$((n+1)); [ $n = 9 ] && echo no; done; echo $n
echo a | { cd sub; }; basename "$PWD"
seq 3 | while read i; do exit 4; done; echo after
set -o pipefail; false | while read x; do echo; done; echo after
f() { while read -r l; do return 4; done < in.txt; }; f || echo "code $?"
echo "$UID:$GID"
[ 1 = 2 ] && echo x; echo after
f() { false; echo in; }; if f; then echo y; fi
x=$(false); echo after
export X=$(false); echo after
(set +e; false; echo in); echo out
false | true; echo after
{ false; echo in; } || echo caught
for f in *.nomatch; do echo "$f"; done
echo {a,b}{1..3} ~/x "~" *.txt
echo -e "a\tb"; echo "a\tb"; echo -n x; echo
case x in [a-m]) echo 1;; [n-z]) echo 2;& y) echo 3;; esac
x=a.b.c; echo ${x%.*} ${x##*.} ${x//./-} ${x^^} ${#x} ${undef:-d}
a=(1 2 3); a+=(4); echo "${a[@]:1}" ${#a[@]}; declare -A m; m[k]=v; echo "${m[k]}"
[[ v1.2 =~ ^v([0-9]+)\.([0-9]+)$ ]] && echo "${BASH_REMATCH[2]}"
source ./lib.sh; hello
trap 'echo bye' EXIT; echo hi
trap 'false; echo bye' EXIT; echo hi
(sleep 0.01; exit 3) & wait $! || echo "code $?"
printf '%s-%d\n' a 1 b 2
printf '--- %s\n' a
IFS=, read -r a b <<< "1,2"; echo "$b$a"
diff <(echo a) <(echo a) && echo same
command -v nothere > /dev/null || echo missing
cat <<EOF | tr a-z A-Z
"""


def commands() -> list[str]:
    *forms, here_document = FORMS.strip().split("\n")
    return [
        *forms,
        f"{here_document}\nx $((1+1))\nEOF",
        "echo one\r\necho two\r\n",
        "if true; then\r\n  echo x\r\nfi\r\n",
        "echo one \\\n  two\n",
        "echo ok\nexit 0\necho never\n",
        "for i in 1 2; do\n  echo $i\ndone | sort -r\n",
        "shopt -s expand_aliases\nalias q='echo q'\nf() { q $1; }\nq x\nf y\n",
    ]


def printed(program: list[str], folder, **more: str) -> str:
    environ = {**os.environ, "USE_PARALLEL": "false", **more}
    done = subprocess.run(program, cwd=folder, env=environ, capture_output=True, text=True, check=True, timeout=100)
    return done.stdout


def test_commands_print_the_same(tmp_path):
    steps = [
        step
        for number, text in enumerate(commands())
        for step in ({"cmd": f"echo '== {number}'"}, {"cmd": text, "ignore_error": True})
    ]
    (tmp_path / "Taskfile.yml").write_text(yaml.safe_dump({"version": "3", "silent": True, "tasks": {"t": {"cmds": steps}}}))
    (tmp_path / "in.txt").write_text("l1\nl2\nl3\n")
    (tmp_path / "lib.sh").write_text("hello() { echo hello; }\n")
    (tmp_path / "sub").mkdir()
    theirs = printed([TASK, "t"], tmp_path)
    assert printed([sys.executable, "-m", "paratask", "t"], tmp_path).split("== ") == theirs.split("== ")


def test_what_an_environment_holds_for_shells_changed_what_commands_did(tmp_path):
    """CI services set BASH_ENV, distributions export functions (`which`), people export CDPATH. What commands start sees all of it."""
    texts = ["cd sub && pwd", "echo *", "type greet >/dev/null 2>&1 || echo none", "bash -c greet"]
    tasks = {"t": {"cmds": [{"cmd": text} for text in texts]}}
    (tmp_path / "Taskfile.yml").write_text(yaml.safe_dump({"version": "3", "silent": True, "tasks": tasks}))
    (tmp_path / "env.sh").write_text("echo read\n")
    for folder in (tmp_path / "sub", tmp_path / "other" / "sub"):
        folder.mkdir(parents=True)
    held = {
        "BASH_ENV": str(tmp_path / "env.sh"), "CDPATH": str(tmp_path / "other"), "BASH_FUNC_greet%%": "() { echo hello; }",
        "GLOBIGNORE": "*", "SHELLOPTS": "noglob",
    }  # fmt: skip
    theirs = printed([TASK, "t"], tmp_path, **held)
    assert theirs == f"{tmp_path}/sub\nTaskfile.yml env.sh other sub\nnone\nread\nhello\n"
    assert printed([sys.executable, "-m", "paratask", "t"], tmp_path, **held) == theirs
