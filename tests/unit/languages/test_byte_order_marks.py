"""Manifests that begin with a byte order mark, as editors on Windows leave them: Cargo and npm read them all the same."""

from __future__ import annotations

from paratask.testing import FakeCheckout

MARK = "\ufeff"


def test_a_member_whose_manifest_begins_with_a_mark_was_not_seen():
    place = FakeCheckout(
        {
            "Cargo.toml": f'{MARK}[workspace]\nmembers = ["api"]\n',
            "api/Cargo.toml": f'{MARK}[package]\nname = "api"\n',
            "api/src/lib.rs": "",
        }
    )
    assert place.may_write("cargo fmt --all", "api/src/lib.rs")
    assert not place.may_run_together("cargo fmt --all", "cat api/src/lib.rs")
    assert place.may_run_together("cargo fmt --all", "cat README.md")


def test_scripts_in_a_manifest_that_begins_with_a_mark_were_not_seen():
    place = FakeCheckout(
        {"web/package.json": f'{MARK}{{"name": "web", "scripts": {{"lint": "eslint ."}}}}', "web/package-lock.json": "{}"}
    )
    assert place.may_run_together("cd web && npm run lint", "touch other")
