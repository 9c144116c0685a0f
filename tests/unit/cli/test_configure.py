"""`.taskrc.yml`: where it is looked for, what it says, and what is said of a bad one; experiments from three places."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from paratask.cli.configure import configure, find_taskrcs
from paratask.cli.experiments import Experiments, read_switches, render_experiments, resolve_experiments
from paratask.cli.options import Typed
from paratask.cli.taskrc import read_configuration, read_taskrc
from paratask.errors import TaskfileDecodeError

REFERENCE = Path(__file__).parents[3] / "docs" / "reference.md"
NOTHING_TYPED = Typed(values={}, calls=(), variables={}, rest=())


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """Where the tests run says nothing about colours."""
    for name in ("CI", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tree(tmp_path):
    """HOME is tmp_path; the folder is below it."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "xdg" / "task").mkdir(parents=True)
    return tmp_path


def written(path, text):
    path.write_text(text)
    return str(path)


def test_weakest_first(tree):
    here = written(tree / "a" / "b" / ".taskrc.yaml", "")
    above = written(tree / "a" / ".taskrc.yml", "")
    written(tree / "a" / ".taskrc.yaml", "")
    home = written(tree / ".taskrc.yml", "")
    xdg = written(tree / "xdg" / "task" / "taskrc.yml", "")
    environ = {"HOME": str(tree), "XDG_CONFIG_HOME": str(tree / "xdg")}
    assert list(dict.fromkeys(find_taskrcs(str(tree / "a" / "b"), environ))) == [xdg, home, above, here]


def test_nothing_there(tree):
    assert list(find_taskrcs(str(tree / "a"), {})) == []
    assert list(find_taskrcs(str(tree / "none"), {"HOME": str(tree)})) == []
    assert configure(NOTHING_TYPED, {"HOME": "/nowhere"}).values == {}


def test_all_keys(tree):
    path = written(
        tree / ".taskrc.yml",
        """
version: '3'
verbose: true
silent: no
color: false
disable-fuzzy: true
concurrency: 4
interactive: true
failfast: true
temp-dir: t
experiments: {GENTLE_FORCE: 1}
remote:
  insecure: true
  offline: false
  timeout: 5s
  cache-expiry: 1h30m
  cache-dir: c
  trusted-hosts: [b, a]
  cacert: ca
  cert: ce
  cert-key: ck
""",
    )
    found = read_taskrc(path)
    assert found.oddities == ()
    assert dict(found.experiments) == {"GENTLE_FORCE": 1}
    assert dict(found.values) == {
        "verbose": True, "silent": False, "color": False, "disable_fuzzy": True, "jobs": "4", "interactive": True,
        "failfast": True, "temp_dir": "t", "insecure": True, "offline": False, "timeout": "5s", "expiry": "1h30m",
        "remote_cache_dir": "c", "trusted_hosts": "b,a", "cacert": "ca", "cert": "ce", "cert_key": "ck",
    }  # fmt: skip


def test_the_example_of_the_reference(tree):
    section = REFERENCE.read_text(encoding="utf-8").partition("\n## .taskrc.yml\n")[2].partition("\n## ")[0]
    example = textwrap.dedent("\n".join(line for line in section.splitlines() if line.startswith("    ")))
    found = read_taskrc(written(tree / ".taskrc.yml", example))
    assert found.oddities == ()
    assert found.values["expiry"] == "24h"
    assert found.headers == {"gitlab.example.com": {"PRIVATE-TOKEN": '{{env "GITLAB_TOKEN"}}'}}


def test_unknown_keys_are_oddities(tree):
    found = read_taskrc(written(tree / ".taskrc.yml", "verbos: true\nremote:\n  offlin: true\n"))
    assert [(oddity.message, oddity.position.line, oddity.help) for oddity in found.oddities] == [
        ("unknown key `verbos` in .taskrc.yml", 1, "did you mean `verbose`?"),
        ("unknown key `offlin` in remote", 3, "did you mean `offline`?"),
    ]
    assert dict(found.values) == {}


@pytest.mark.parametrize(
    "text", ["- x", "verbose: 1", "concurrency: '4'", "concurrency: true", "experiments: [A]", "experiments: {A: x}", "remote: {timeout: 5}"]
)  # fmt: skip
def test_wrong_types(tree, text):
    with pytest.raises(TaskfileDecodeError):
        read_taskrc(written(tree / ".taskrc.yml", text))


def test_the_stronger_one_wins_and_hosts_add_up(tree):
    weak = written(
        tree / "weak.yml",
        "verbose: true\nfailfast: true\nexperiments: {A: 1, B: 1}\nremote: {trusted-hosts: [b], cache-dir: w}",
    )
    strong = written(
        tree / "strong.yml", "verbose: false\nfailfast: false\nexperiments: {A: 2}\nremote: {trusted-hosts: [c, a, b]}"
    )
    found = read_configuration([weak, strong])
    assert dict(found.values) == {"verbose": False, "failfast": True, "remote_cache_dir": "w", "trusted_hosts": "a,b,c"}
    assert dict(found.experiments) == {"A": 2, "B": 1}


def test_a_bad_file_takes_the_others_with_it(tree):
    found = read_configuration([written(tree / "good.yml", "verbose: true"), written(tree / "bad.yml", "verbose: [")])
    assert dict(found.values) == {}
    assert found.trouble is not None


def test_the_command_line_and_the_environment_are_stronger(tree, capsys):
    written(tree / "a" / ".taskrc.yml", "verbose: true\nsilent: true\nspeed: 3\n")
    typed = Typed(values={"dir": str(tree / "a"), "silent": False}, calls=(), variables={}, rest=())
    assert configure(typed, {}).values == {"dir": str(tree / "a"), "silent": False, "verbose": True}
    shown = os.path.relpath(tree / "a" / ".taskrc.yml")
    shown = min(shown, str(tree / "a" / ".taskrc.yml"), key=len)
    assert capsys.readouterr().err == f"paratask: {shown}:3:1: warning: unknown key `speed` in .taskrc.yml\n"


def test_a_bad_file_is_said(tree, capsys):
    path = written(tree / "a" / ".taskrc.yml", "verbose: maybe\n")
    typed = Typed(values={"taskfile": str(tree / "a" / "Taskfile.yml")}, calls=(), variables={}, rest=())
    assert configure(typed, {}).values == typed.values
    shown = min(os.path.relpath(path), path, key=len)
    assert capsys.readouterr().err == (
        f"paratask: {shown}:1:10: warning: cannot unmarshal !!str `maybe` into bool; the file has no effect\n"
    )


def test_experiments():
    assert resolve_experiments({}, {"HOME": "/"}) == Experiments(values={})
    found = resolve_experiments({"GENTLE_FORCE": 1}, {"TASK_X_GENTLE_FORCE": "2", "TASK_X_ENV_PRECEDENCE": "1"})
    assert found.enabled("GENTLE_FORCE")
    assert found.enabled("ENV_PRECEDENCE")
    assert found.complaint() == ""
    assert not resolve_experiments({}, {"TASK_X_ENV_PRECEDENCE": "yes"}).values


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"ENV_PRECEDENCE": 2}, 'task: Experiment "ENV_PRECEDENCE" has an invalid value 2 (allowed values: 1)'),
        ({"MAP_VARIABLES": 1}, 'task: Experiment "MAP_VARIABLES" is released and no longer needs to be enabled'),
    ],
)
def test_experiments_that_cannot_be(values, complaint):
    assert Experiments(values=values).complaint() == complaint


def test_the_list_of_experiments():
    assert render_experiments({"GENTLE_FORCE"}, lambda _, text: text) == "* GENTLE_FORCE:   on (1)\n* ENV_PRECEDENCE: off\n"


def test_switches_in_a_dotenv_file(tree):
    assert read_switches(str(tree)) == {}
    written(tree / ".env", "A=1\nTASK_X_GENTLE_FORCE=1\n")
    assert read_switches(str(tree)) == {"TASK_X_GENTLE_FORCE": "1"}
    environ: dict[str, str] = {}
    typed = configure(Typed(values={"dir": str(tree)}, calls=(), variables={}, rest=()), environ)
    assert (typed.experiments, environ) == (frozenset({"GENTLE_FORCE"}), {"TASK_X_GENTLE_FORCE": "1"})
    written(tree / ".env", "TASK_X_GENTLE_FORCE='1\n")
    assert read_switches(str(tree)) == {}
