"""Generated template expressions through the real `task`, and through `paratask.templating`: the same text, or both refuse.

`task` runs once for many expressions: each is a variable of a task of its own, and all those are dependencies of one, because
dependencies are run to their ends even where one fails. Values come out as base64, each in a file.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import subprocess
import tempfile
import time
import zoneinfo
from datetime import datetime, timezone

from fuzzing import EXAMPLES, EXPRESSIONS_AN_EXAMPLE, TASK, fuzzed, needs_task
from hypothesis import given
from hypothesis import strategies as st
from template_grammar import DATA, references, templates

from paratask.templating import Machine, TemplateError, render, resolve

ZONE = "Europe/Berlin"
ENVIRON = {"TZ": ZONE, "GREETING": "hello world", "EMPTY_ONE": "", "HOME": "/home/someone"}
BATCH = 40
REFUSED = "refused"

pytestmark = needs_task


class LocalMachine(Machine):
    """What `task` sees when it is run here."""

    environ = ENVIRON

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd
        self.arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)

    def now(self) -> float:
        return time.time()

    def random(self) -> random.Random:
        return random.Random(1)

    def _at(self, unix_seconds: float) -> datetime:
        return datetime.fromtimestamp(unix_seconds, timezone.utc).astimezone(zoneinfo.ZoneInfo(ZONE))

    def local_offset(self, unix_seconds: float) -> int:
        offset = self._at(unix_seconds).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def local_name(self, unix_seconds: float) -> str:
        return self._at(unix_seconds).tzname() or ""


def texts_of_task(folder: str, values: list[object], shown: str) -> list[bytes | str]:
    """What the real `task` makes of each: `shown` of a variable R that is set to the value."""
    tasks: dict[str, object] = {
        f"t{place}": {"vars": {"R": value}, "cmds": [f"echo {{{{{shown} | b64enc}}}} > {place}"]}
        for place, value in enumerate(values)
    }
    tasks["default"] = {"deps": list(tasks)}
    variables = {name: {"map": value} if isinstance(value, dict) else value for name, value in DATA.items()}
    with open(os.path.join(folder, "Taskfile.yml"), "w", encoding="utf-8") as file:
        json.dump({"version": "3", "silent": True, "vars": variables, "tasks": tasks}, file, ensure_ascii=False)
    assert TASK is not None
    environment = {"PATH": os.environ.get("PATH", ""), **ENVIRON}
    done = subprocess.run([TASK], capture_output=True, text=True, env=environment, check=False, cwd=folder, timeout=60)
    found: list[bytes | str] = [REFUSED] * len(values)
    for place in range(len(values)):
        with contextlib.suppress(FileNotFoundError), open(os.path.join(folder, str(place)), "rb") as file:
            found[place] = base64.b64decode(file.read())
    assert done.returncode == (201 if REFUSED in found else 0), done.stderr
    return found


def text_of_ours(text: str, machine: Machine) -> bytes | str:
    try:
        return render(text, DATA, machine).encode("utf-8", "surrogateescape")
    except TemplateError:
        return REFUSED


def reference_of_ours(expression: str, shown: str, machine: Machine) -> bytes | str:
    try:
        value = resolve(expression, DATA, machine)
        return base64.b64decode(render(f"{{{{{shown} | b64enc}}}}", {"R": value}, machine))
    except TemplateError:
        return REFUSED


def differing(theirs: list[bytes | str], ours: list[bytes | str], texts: list[str]) -> str:
    """The expressions on which the two differ, with what each made of them."""
    lines = [
        f"{text!r}\n  task:     {their!r}\n  paratask: {our!r}"
        for text, their, our in zip(texts, theirs, ours, strict=True)
        if their != our
    ]
    return "\n".join(sorted(lines, key=len, reverse=True))


@fuzzed(EXAMPLES * EXPRESSIONS_AN_EXAMPLE * 3 // 4 // BATCH)
@given(st.lists(templates(), min_size=BATCH, max_size=BATCH))
def test_templates_give_what_task_gives(texts):
    with tempfile.TemporaryDirectory() as folder:
        theirs = texts_of_task(folder, list(texts), ".R | toString")
        ours = [text_of_ours(text, LocalMachine(folder)) for text in texts]
    found = differing(theirs, ours, texts)
    assert not found, found


@fuzzed(EXAMPLES * EXPRESSIONS_AN_EXAMPLE // 4 // BATCH)
@given(st.lists(references(), min_size=BATCH, max_size=BATCH))
def test_references_give_what_task_gives(expressions):
    shown = '(printf "%T %v" .R .R)'
    with tempfile.TemporaryDirectory() as folder:
        theirs = texts_of_task(folder, [{"ref": expression} for expression in expressions], shown)
        ours = [reference_of_ours(expression, shown, LocalMachine(folder)) for expression in expressions]
    found = differing(theirs, ours, expressions)
    assert not found, found
