"""Where in a file a template went wrong: its line is looked for, and nothing is made up where it is written otherwise."""

from __future__ import annotations

import os

import pytest

from paratask.errors import Position, TemplateSpot, VariableError
from paratask.reporting.errors import render_error
from paratask.reporting.source_lines import excerpt, find_in_file

TASKFILE = """\
version: '3'
vars: {N: '{{index .L 7}}'}
tasks:
  a:
    desc: the first
    cmds:
      - echo {{.X | nope}}
      - |
        echo one
          echo {{ if }}
      - "echo \\"{{.X | quoted}}\\""
  b:
    cmds: ['echo {{.X | nope}}']
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Taskfile.yml"
    path.write_text(TASKFILE)
    return str(path)


@pytest.mark.parametrize(
    ("near", "source", "spot", "found"),
    [
        (4, "echo {{.X | nope}}", (1, 13), (7, 21)),
        (12, "echo {{.X | nope}}", (1, 13), (13, 25)),
        (4, "echo one\n  echo {{ if }}\n", (2, 13), (10, 21)),
        (4, "{{index .L 7}}", (1, 3), (2, 14)),
        (4, 'echo "{{.X | quoted}}"', (1, 14), (11, 24)),
        (4, 'echo "{{"a"}}"', (1, 9), None),
        (4, 'echo "{{.X', (1, 7), None),
        (4, "echo {{.X | nope}}", (9, 1), None),
        (99, "echo {{.X | nope}}", (1, 13), (7, 21)),
    ],
)
def test_the_template_s_line_is_found_at_or_after_its_task(file, near, source, spot, found):
    position = find_in_file(TemplateSpot(source=source, line=spot[0], column=spot[1]), Position(file=file, line=near, column=3))
    assert (position and (position.line, position.column)) == found


def rendered(file, source, **at):
    error = VariableError(
        "function `nope` is not defined",
        position=Position(file=file, line=4, column=3),
        help="did you mean `none`?",
        spot=TemplateSpot(source=source, **at),
    )
    return render_error(error, cwd=os.path.dirname(file), paint=lambda color, text: text)


def test_the_caret_is_below_what_is_wrong(file):
    assert rendered(file, "echo {{.X | nope}}", line=1, column=13) == (
        "Taskfile.yml:7:21: error: function `nope` is not defined\n"
        " 7 |       - echo {{.X | nope}}\n"
        "   |                     ^\n"
        "  help: did you mean `none`?"
    )


def test_where_it_is_not_found_the_template_itself_is_shown(file):
    assert rendered(file, "made of {{nope}}", line=1, column=11) == (
        "Taskfile.yml:4:3: error: function `nope` is not defined\n"
        "  in `made of {{nope}}`, line 1, column 11\n"
        " 4 |   a:\n"
        "   |   ^\n"
        "  help: did you mean `none`?"
    )


def test_without_the_file_there_is_no_excerpt(tmp_path):
    text = rendered(str(tmp_path / "gone.yml"), "{{nope}}", line=1, column=3)
    assert text.splitlines()[1:] == ["  in `{{nope}}`, line 1, column 3", "  help: did you mean `none`?"]


@pytest.mark.parametrize(
    ("before", "blank"),
    [("e\u0301é x", "    "), ("日本語 🚀", "         "), ("\tx\ty", "\t \t ")],
)
def test_the_caret_stood_left_of_what_is_wrong_where_something_wide_or_a_tab_is_before_it(tmp_path, before, blank):
    file = tmp_path / "Taskfile.yml"
    file.write_text(f"{before}{{{{nope}}}}\n", encoding="utf-8")
    assert excerpt(Position(file=str(file), line=1, column=len(before) + 1)) == [f" 1 | {before}{{{{nope}}}}", f"   | {blank}^"]
