"""What was parsed before is not parsed again until it changes, and a cache that is damaged, foreign or stale is as if it were not there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from paratask.errors import TaskfileDecodeError, TaskfileSyntaxError
from paratask.taskfile import parse_cache as module
from paratask.taskfile import yaml_nodes
from paratask.taskfile.origins import Origin
from paratask.taskfile.parse_cache import ParseCache
from paratask.taskfile.reader import TaskfileReader

HEAD = "version: '3'\n"
LATER = 10_000_000_000
CONFORMANCE = Path(__file__).parents[4] / "shared/conformance/go-task-testdata"


class Checkout:
    """A folder with a Taskfile, a cache and a count of the files that were parsed. `now` is how long after writing it is."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.parsed: list[str] = []
        self.later = LATER
        real = yaml_nodes.parse_yaml

        def counted(data, file):
            self.parsed.append(os.path.relpath(file, folder))
            return real(data, file)

        monkeypatch.setattr(yaml_nodes, "parse_yaml", counted)
        (folder / ".paratask").mkdir()

    @property
    def cache_file(self) -> Path:
        return self.folder / ".paratask/cache/taskfiles"

    def cached(self) -> dict:
        """The cache below its digest."""
        return json.loads(self.cache_file.read_bytes().partition(b"\n")[2])

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(self):
        """The merged Taskfile, and what had to be parsed for it."""
        self.parsed.clear()
        newest = max(max(os.stat(p).st_mtime_ns, os.stat(p).st_ctime_ns) for p in self.folder.rglob("*.yml"))
        cache = ParseCache(str(self.folder / ".paratask"), lambda: newest + self.later)
        reader = TaskfileReader(environ={}, fill=lambda text, values: text, cache=cache)
        taskfile = reader.read(Origin(location=str(self.folder / "Taskfile.yml"), folder=str(self.folder)))
        cache.write()
        return taskfile, list(self.parsed), reader.oddities


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    made = Checkout(tmp_path, monkeypatch)
    made.write("Taskfile.yml", HEAD + "includes: {a: ./a.yml}\ntasks: {x: echo x}\n")
    made.write("a.yml", HEAD + "zzz: 1\ntasks: {y: {desc: why, aliases: [z], cmds: [{task: w}]}, w: echo w}\n")
    return made


def test_what_was_parsed_once_is_not_parsed_again(checkout):
    first, parsed, odd = checkout.read()
    assert parsed == ["Taskfile.yml", "a.yml"]
    second, parsed, odd_again = checkout.read()
    assert parsed == []
    assert second == first
    assert odd_again == odd
    assert len(odd) == 1


def test_only_what_changed_is_parsed(checkout):
    checkout.read()
    checkout.write("a.yml", HEAD + "tasks: {y: echo other}\n")
    taskfile, parsed, _ = checkout.read()
    assert parsed == ["a.yml"]
    assert list(taskfile.tasks) == ["x", "a:y"]
    assert taskfile.tasks["a:y"].steps[0].text == "echo other"
    assert checkout.read()[1] == []


def test_a_change_that_keeps_size_and_time_of_change_is_seen(checkout):
    path = checkout.folder / "Taskfile.yml"
    checkout.read()
    before = os.stat(path)
    path.write_text(path.read_text().replace("echo x", "echo q"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(path).st_size == before.st_size
    taskfile, parsed, _ = checkout.read()
    assert parsed == ["Taskfile.yml"]
    assert taskfile.tasks["x"].steps[0].text == "echo q"


def test_a_file_written_just_now_is_compared_by_its_content(checkout, monkeypatch):
    checkout.later = 1000
    checkout.read()
    path = checkout.folder / "Taskfile.yml"
    same_stamp = module._stamp(str(path))
    path.write_text(path.read_text().replace("echo x", "echo q"))
    real = module._stamp
    monkeypatch.setattr(module, "_stamp", lambda p: same_stamp if p == str(path) else real(p))
    taskfile, parsed, _ = checkout.read()
    assert parsed == ["Taskfile.yml"], "the clock of the file system hid the change"
    assert taskfile.tasks["x"].steps[0].text == "echo q"
    assert checkout.read()[1] == []


def test_once_its_times_are_old_enough_a_file_is_not_read_any_more(checkout):
    checkout.later = 1000
    checkout.read()
    checkout.later = LATER
    checkout.read()
    entries = checkout.cached()["files"]
    assert [entry["racy"] for entry in entries.values()] == [False, False]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.partition("\n")[2],
        lambda text: text.replace("echo x", "echo q"),
        lambda text: "x" + text,
    ],
)
def test_a_damaged_cache_is_as_if_it_were_not_there(checkout, damage):
    first = checkout.read()[0]
    checkout.cache_file.write_text(damage(checkout.cache_file.read_text()))
    taskfile, parsed, _ = checkout.read()
    assert parsed == ["Taskfile.yml", "a.yml"]
    assert taskfile == first
    assert checkout.read()[1] == [], "and a good one takes its place"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "[" * 100_000,
        lambda text: "[]",
        lambda text: "null",
        lambda text: '{"signature": 1}',
        lambda text: json.dumps({**json.loads(text), "files": 3}),
        lambda text: json.dumps({**json.loads(text), "signature": [0]}),
        lambda text: json.dumps({**json.loads(text), "files": {key: {} for key in json.loads(text)["files"]}}),
        lambda text: json.dumps({**json.loads(text), "files": {key: [] for key in json.loads(text)["files"]}}),
        lambda text: text.replace('"head":"', '"head":"['),
        lambda text: text.replace('"head":', '"tail":'),
    ],
)
def test_a_cache_that_something_else_wrote_whole_is_as_if_it_were_not_there(checkout, change):
    first = checkout.read()[0]
    body = change(checkout.cache_file.read_text().partition("\n")[2]).encode()
    checkout.cache_file.write_bytes(b"%d\n%s" % (module._digest(body), body))
    taskfile, parsed, _ = checkout.read()
    assert parsed == ["Taskfile.yml", "a.yml"]
    assert taskfile == first
    assert checkout.read()[1] == [], "and a good one takes its place"


def test_what_another_user_wrote_is_not_believed(checkout, monkeypatch):
    checkout.read()
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    assert checkout.read()[1] == ["Taskfile.yml", "a.yml"]


def test_a_cache_of_other_parsers_is_not_used(checkout, monkeypatch):
    checkout.read()
    monkeypatch.setattr(module, "_signature", lambda: ["newer"])
    assert checkout.read()[1] == ["Taskfile.yml", "a.yml"]
    assert checkout.read()[1] == []


def test_files_with_errors_are_not_kept(checkout):
    checkout.write("a.yml", HEAD + "tasks: {y: {cmds: {}}}\n")
    for _ in range(2):
        with pytest.raises(TaskfileDecodeError):
            checkout.read()
    checkout.write("a.yml", HEAD + "tasks: [")
    with pytest.raises(TaskfileSyntaxError):
        checkout.read()


def test_where_nothing_can_be_written_everything_is_parsed(checkout):
    (checkout.folder / ".paratask").rmdir()
    checkout.write(".paratask", "a file where the folder should be")
    for _ in range(2):
        assert checkout.read()[1] == ["Taskfile.yml", "a.yml"]


def test_nothing_is_left_beside_the_cache_and_git_ignores_it(checkout):
    checkout.read()
    assert sorted(p.name for p in (checkout.folder / ".paratask").rglob("*")) == [
        ".gitignore",
        ".prettierrc",
        "cache",
        "taskfiles",
    ]
    assert (checkout.folder / ".paratask/.gitignore").read_text() == "*\n"


def test_files_that_are_not_used_any_more_are_forgotten_in_the_end(checkout, monkeypatch):
    monkeypatch.setattr(module, "MAX_FORGOTTEN", 1)
    checkout.read()
    for number in range(3):
        checkout.write(f"b{number}.yml", HEAD)
        checkout.write("Taskfile.yml", HEAD + f"includes: {{b: ./b{number}.yml}}\n")
        checkout.read()
    names = sorted(os.path.basename(path) for path in checkout.cached()["files"])
    assert names == ["Taskfile.yml", "b1.yml", "b2.yml"]


def test_looking_at_a_small_project_leaves_no_trace(checkout):
    (checkout.folder / ".paratask").rmdir()
    for _ in range(2):
        assert checkout.read()[1] == ["Taskfile.yml", "a.yml"]
    assert sorted(path.name for path in checkout.folder.iterdir()) == ["Taskfile.yml", "a.yml"]


def test_a_large_project_is_parsed_once_even_when_it_is_only_looked_at(checkout):
    (checkout.folder / ".paratask").rmdir()
    checkout.write("a.yml", HEAD + "tasks:\n" + "".join(f"  t{n}: echo {n}\n" for n in range(3000)))
    assert checkout.read()[1] == ["Taskfile.yml", "a.yml"]
    assert checkout.read()[1] == []


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="no reference data here")
@pytest.mark.slow
def test_all_of_the_reference_data_comes_back_as_it_was(tmp_path):
    from paratask.taskfile.codec import decode_taskfile_entry, encode_taskfile
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.decode_file import decode_taskfile
    from paratask.taskfile.yaml_nodes import parse_yaml

    count = 0
    kept_out: list[str] = []
    for path in sorted(CONFORMANCE.rglob("*askfile*.y*ml")):
        if not path.is_file():
            continue
        decoder = Decoder(str(path))
        try:
            taskfile = decode_taskfile(decoder, parse_yaml(path.read_bytes(), str(path)))
        except (TaskfileDecodeError, TaskfileSyntaxError):
            continue
        try:
            encoded = encode_taskfile(taskfile, tuple(decoder.oddities))
        except TypeError:
            kept_out.append(path.parent.name)
            continue
        entry = json.loads(json.dumps(encoded))
        assert decode_taskfile_entry(entry) == (taskfile, tuple(decoder.oddities)), path
        count += 1
    assert count > 150
    assert set(kept_out) == {"secrets"}


EVERYTHING = """version: '3'
output: {group: {begin: b, error_only: true}}
set: [pipefail]
dotenv: [.env]
interval: 1.5s
zzz: 1
includes: {a: {taskfile: ./a.yml, optional: true, aliases: [b], vars: {N: 1}}}
vars:
  LIST: [1, 2.5, true, ~, '', [x, []], {k: v, '': {}}]
  MAP: {map: {'': 1, p: [t], m: {}, deep: {er: [1]}}}
  REF: {ref: .LIST}
  SH: {sh: echo, secret: true}
  NONE: ~
tasks:
  x:
    requires: {vars: [A, {name: B, enum: [c, d]}, {name: C, enum: {ref: .LIST}}]}
    preconditions: [test -f x, {sh: 'false', msg: 'no "x"'}]
    sources: ['**/*.go', {exclude: y}]
    platforms: [linux/amd64, windows]
    silent: false
    cmds:
      - {for: [1, true, ~, [a], {b: c}], cmd: 'echo "{{.ITEM}}"'}
      - {for: {matrix: {OS: [linux, 1], ARCH: {ref: .LIST}}}, task: y, vars: {V: [1]}, timeout: 1m}
      - {defer: {task: y}}
  "w\\"": ~
  ümläut: {desc: "\\U0001F600 \\t", env: {E: 1e3}}
"""


def test_every_kind_of_value_comes_back_as_it_was(checkout):
    checkout.write("Taskfile.yml", EVERYTHING)
    checkout.write(
        "a.yml",
        HEAD + "vars: {L: [1], S: {map: {k: [v]}}}\ntasks: {y: {vars: {D: {map: {}}, E: []}, deps: [{for: [1], task: w}]}}\n",
    )
    first, parsed, odd = checkout.read()
    assert parsed == ["Taskfile.yml", "a.yml"]
    second, parsed, odd_again = checkout.read()
    assert parsed == []
    assert (dict(second.tasks), second, odd_again) == (dict(first.tasks), first, odd)
    assert repr(second) == repr(first), "1 is no true, and a list no tuple"
    assert [repr(task) for task in second.tasks.values()] == [repr(task) for task in first.tasks.values()]


def test_the_value_of_a_secret_is_not_kept(checkout):
    checkout.write("Taskfile.yml", HEAD + "vars: {X: {value: hunter2, secret: true}}\ntasks: {x: echo x}\n")
    for _ in range(2):
        assert checkout.read()[1] == ["Taskfile.yml"]
    assert b"hunter2" not in checkout.cache_file.read_bytes()


def test_a_value_that_json_would_change_keeps_its_file_out(checkout):
    checkout.write("Taskfile.yml", HEAD + "vars: {X: 18446744073709551615}\ntasks: {x: echo x}\n")
    first = checkout.read()[0]
    second = checkout.read()[0]
    assert second == first
    assert type(second.variables["X"].value) is type(first.variables["X"].value)


def test_a_link_that_a_checkout_brings_was_written_through(checkout):
    victim = checkout.write("victim", "as it was")
    (checkout.folder / ".paratask/cache").mkdir()
    os.symlink(victim, f"{checkout.cache_file}.{os.getpid()}.tmp")
    checkout.read()
    assert victim.read_text() == "as it was"
    assert checkout.read()[1] == []


def test_no_formatter_takes_the_cache_for_a_file_of_the_project(checkout):
    """`prettier --check .` and `biome lint .` look into .paratask, go by the ending of a name, and fail on what is not JSON alone."""
    checkout.read()
    assert [p.suffix for p in (checkout.folder / ".paratask/cache").iterdir()] == [""]
