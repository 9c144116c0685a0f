"""Each program of a text is noted, also where claims keep only the sum."""

from __future__ import annotations

import json

import pytest

from paratask.languages.effects import EffectWatch
from paratask.plugins.manager import load_plugins


@pytest.fixture
def watch(tmp_path):
    scripts = {"release": "mystery --now && npm publish", "lint": "eslint ."}
    (tmp_path / "package.json").write_text(json.dumps({"name": "p", "scripts": scripts}))
    return EffectWatch(str(tmp_path), plugins=load_plugins(warn=pytest.fail))


def noted(watch, text):
    watch.begin()
    watch.command_claims(text, watch.root)
    return list(watch.outside), list(watch.unknown)


def test_local_commands_are_not_noted(watch):
    assert noted(watch, "mkdir -p a && echo x > a/b") == ([], [])


def test_each_program_is_noted_by_itself(watch):
    assert noted(watch, "mystery x; git push origin; other | cat") == (["git push origin"], ["mystery x", "other"])


def test_what_a_script_starts_is_noted(watch):
    assert noted(watch, "npm run release") == (["npm publish"], ["mystery --now"])


def test_what_was_looked_at_before_is_noted_again(watch):
    assert noted(watch, "npm run release") == noted(watch, "npm run release")


def test_reasons_are_those_of_the_plugins(watch):
    noted(watch, "git push; mystery")
    assert watch.outside["git push"] == "`git push` reaches beyond this checkout"
    assert watch.unknown["mystery"] == "`mystery` is not recognised"


def test_what_the_environment_tells_is_known_as_in_a_plan(tmp_path):
    plugins = load_plugins(warn=pytest.fail)
    text = "git ${NOWHERE:+push} status"
    for environ, expected in ((None, ["git … status"]), ({}, []), ({"NOWHERE": "x"}, ["git … status"])):
        watch = EffectWatch(str(tmp_path), plugins=plugins, environ=environ)
        watch.command_claims(text, watch.root, is_whole=True)
        assert list(watch.unknown) == expected
