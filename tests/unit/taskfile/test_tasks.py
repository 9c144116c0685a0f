"""Tasks are made when they are asked for, and what they say is known without making more of them than need be."""

from __future__ import annotations

from paratask.frozen import replace
from paratask.taskfile.codec import decode_taskfile_entry, encode_taskfile
from paratask.taskfile.tasks import Pending, Tasks, pending
from unit.builders import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.model import Task

TEXT = """\
version: '3'
tasks:
  plain: echo plain
  makes:
    generates: [out.txt]
    cmds: [touch out.txt]
  quotes: echo '"sources":'
  names:
    vars: {sources: a}
    cmds: [echo]
"""


def test_what_is_kept_tells_without_being_read() -> None:
    kept = _as_kept()
    made: list[str] = []
    tasks = Tasks({name: _watched(name, entry, made) for name, entry in kept.items()})
    assert tasks.any_says("generates")
    assert made == ["makes"]
    assert not tasks.any_says("sources")
    assert made == ["makes", "names"]  # the word stands there, as the name of something else


def test_a_change_adds_nothing() -> None:
    entry = _as_kept()["makes"].changed(lambda task: replace(task, dir="elsewhere"))
    assert entry.says("generates")
    assert not entry.says("sources")
    assert entry.task().dir == "elsewhere"


def _as_kept() -> dict[str, Pending]:
    taskfile, oddities = decode(TEXT)
    return pending(decode_taskfile_entry(encode_taskfile(taskfile, tuple(oddities)))[0].tasks)


def _watched(name: str, entry: Pending, made: list[str]) -> Pending:
    def note(task: Task) -> Task:
        made.append(name)
        return task

    return entry.changed(note)
