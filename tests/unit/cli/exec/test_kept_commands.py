"""What is kept of plain commands for `--resume`, and what is no such thing."""

from __future__ import annotations

import json

import pytest

from paratask.cli.exec.project import Commands, Line, commands_of, document_of, named
from paratask.records.logs import COMMANDS_FILE

GOOD = {"schema": 1, "folder": "/repo", "has_slot": False, "lines": [["echo a", "a"]]}


@pytest.fixture
def kept(tmp_path):
    def read(document: object) -> Commands | None:
        text = document if isinstance(document, str) else json.dumps(document)
        (tmp_path / COMMANDS_FILE).write_text(text, errors="surrogateescape")
        return commands_of(str(tmp_path))

    return read


def test_commands_come_back_as_they_were(kept, tmp_path):
    assert commands_of(str(tmp_path)) is None
    lines = [
        Line(number=number, text=f"echo {text}", prefix=text) for number, text in enumerate(("a", "a", "\udcff\n{{ü", ""), 1)
    ]
    commands = Commands(lines=named(lines), folder="/a$b/{{.X}}\\\udcff", has_slot=True)
    assert kept(document_of(commands)) == commands


@pytest.mark.parametrize(
    "change",
    [
        {"lines": [[5, "a"]]},
        {"lines": [["echo a", None]]},
        {"lines": [["echo a"]]},
        {"lines": [["echo a", "a", "b"]]},
        {"lines": ["ab"]},
        {"lines": {"ab": 1}},
        {"lines": [["a\0b", "a"]]},
        {"lines": [["\ud800", "a"]]},
        {"folder": "repo"},
        {"folder": None},
        {"folder": "/re\0po"},
        {"has_slot": 1},
    ],
)
def test_what_has_another_shape_is_none_of_them(kept, change):
    """`--resume` ended in a traceback, or went on in some folder."""
    assert kept(GOOD) is not None
    assert kept({**GOOD, **change}) is None


@pytest.mark.parametrize("document", ["", "[", "null", "[]", {"lines": []}, "[" * 100_000])
def test_what_is_no_document_is_none(kept, document):
    assert kept(document) is None
