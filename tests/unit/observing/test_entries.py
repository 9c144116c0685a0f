from __future__ import annotations

import pytest
from tests.unit.builders import bench, decode

from paratask.claims.observed import Observed
from paratask.observing.entries import Entry, Key, definition_digest, key_of, merged
from paratask.taskfile.model import Variable
from paratask.templating import UNKNOWN

TASKFILE = """\
version: '3'
vars: {MODE: dev, OTHER: 1}
tasks:
  t:
    desc: words
    dir: app
    cmds:
      - make {{.MODE}}
      - {task: u}
  u: echo
"""


def digest(text: str, name: str = "t") -> str:
    taskfile, _ = decode(text)
    return definition_digest(taskfile.tasks[name], taskfile.variables, taskfile.environment)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("desc: words", "desc: other words"),
        ("version: '3'", "version: '3'\n\n# moved"),
        ("OTHER: 1", "OTHER: 2"),
        ("u: echo", "u: ls"),
    ],
)
def test_what_does_not_change_what_a_task_does_itself_keeps_its_digest(old, new):
    assert digest(TASKFILE) == digest(TASKFILE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("make", "cmake"),
        ("dir: app", "dir: api"),
        ("MODE: dev", "MODE: prod"),
        ("task: u", "task: u, vars: {A: 1}"),
        ("desc:", "sources: [a]\n    desc:"),
    ],
)
def test_what_changes_it_changes_the_digest(old, new):
    assert digest(TASKFILE) != digest(TASKFILE.replace(old, new))


def test_variables_that_named_variables_name_count():
    text = TASKFILE.replace("MODE: dev", "MODE: '{{.OTHER}}'")
    assert digest(text) != digest(text.replace("OTHER: 1", "OTHER: 2"))


def key(variables: dict[str, Variable], command_line: dict[str, str] | None = None) -> Key | None:
    ready = bench("tasks: {'t-*': echo}").ready("t-x", variables)
    return key_of(ready, command_line or {})


def test_a_key_is_the_name_with_its_wildcards_and_the_call_s_variables():
    variables = {
        "B": Variable(value="b"),
        "A": Variable(sh="date"),
        "N": Variable(value=[1, "x"]),
        "S": Variable(value="hide", secret=True),
    }
    found = key(variables, {"B": "below", "C": "c"})
    assert found == Key(task="t-x", variables=(("A", "$(date)"), ("B", "b"), ("C", "c"), ("N", '[1, "x"]'), ("S", "*****")))
    assert found.title() == 't-x A=$(date) B=b C=c N=[1, "x"] S=*****'


def test_a_variable_that_is_not_known_yet_makes_no_key():
    assert key({"A": Variable(value=UNKNOWN)}) is None


def entry(definition: str = "d", **seen: object) -> Entry:
    return Entry(definition=definition, observed=Observed(**seen))  # type: ignore[arg-type]


def test_two_runs_are_added_up():
    old = entry(reads=("a", "out/x"), writes=("w",), ports=(1,))
    new = entry(reads=("b",), writes=("out/**",), ports=(2,), contacts=True)
    assert merged(old, new) == entry(reads=("a", "b"), writes=("out/**", "w"), ports=(1, 2), contacts=True)


def test_an_entry_of_another_definition_is_replaced():
    assert merged(entry("old", reads=("a",)), entry("new", reads=("b",))) == entry("new", reads=("b",))
    assert merged(None, entry()) == entry()
