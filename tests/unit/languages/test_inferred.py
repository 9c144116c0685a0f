"""Inferred claims of the usual forms."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Evidence
from paratask.languages.inferred import claim, unique
from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("access", "pattern", "leaves_out"),
    [
        (Access.READ, "a/**", True),
        (Access.READ, "/srv/**", True),
        (Access.READ, "a/.x_cache/b.json", False),
        (Access.READ, "a/*", False),
        (Access.WRITE, "a/**", False),
        (Access.ADD, "a/**", False),
    ],
)
def test_only_what_is_read_of_whole_folders_is_so_without_caches(access, pattern, leaves_out):
    made = claim(access, pattern, "why")
    assert (made.access, made.pattern, made.evidence, made.reason) == (access, pattern, Evidence.INFERRED, "why")
    assert bool(made.excluding) is leaves_out


def test_each_claim_is_there_once_in_order():
    first, second = claim(Access.READ, "b", ""), claim(Access.READ, "a", "")
    assert unique([first, second, first]) == (first, second)


@pytest.mark.parametrize("folder", ["dist/chart.js", "dist/animate.css", "sites/example.info", "sites/get.sh"])
def test_a_folder_called_after_a_library_or_a_site_was_taken_for_a_file(folder):
    place = FakeCheckout({"web/package.json": "{}", "web/src/a.ts": "", "web/src/lib.js": ""})
    command = f"tsup --out-dir ../{folder}"
    assert place.may_write(command, f"{folder}/index.mjs", "web")
    assert not place.may_run_together(f"cd web && {command}", f"cat {folder}/index.mjs")


def test_what_is_a_file_is_claimed_as_one():
    place = FakeCheckout({"web/package.json": "{}", "web/lib.js": ""})
    assert place.writes("uglifyjs -o ../x.json a.js", "web") == {"web/**", "x.json"}
    assert place.reads("prettier --check lib.js", "web") & {"web/lib.js", "web/lib.js/**"} == {"web/lib.js"}
