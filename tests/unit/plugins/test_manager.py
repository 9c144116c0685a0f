from __future__ import annotations

import sys

from paratask.claims.model import Effect
from paratask.plugins.hookspecs import Invocation, Recognition, hookimpl
from paratask.plugins.manager import load_plugins


class Entry:
    def __init__(self, name, plugin):
        self.name = name
        self.plugin = plugin

    def load(self):
        if isinstance(self.plugin, Exception):
            raise self.plugin
        return self.plugin


class Knows:
    def __init__(self, answer):
        self.answer = answer

    @hookimpl
    def recognise(self, invocation):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @hookimpl
    def manifests(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return ["x.toml"]


ECHO = Invocation(words=("echo", "x"), cwd="/r")
OWN = Recognition(claims=(), effect=Effect.LOCAL, reason="own")


def ask(*plugins):
    warnings = []
    entries = [Entry(f"p{index}", plugin) for index, plugin in enumerate(plugins)]
    manager = load_plugins(warn=warnings.append, entry_points=entries)
    return manager, warnings


def test_built_in_plugins_answer():
    manager, warnings = ask()
    found = manager.recognise(ECHO, None)
    assert found.reason == "`echo` touches no files"
    assert warnings == []
    assert "package.json" in manager.manifests()


def test_installed_plugin_is_asked_first():
    manager, _ = ask(Knows(OWN))
    assert manager.recognise(ECHO, None) is OWN
    assert "x.toml" in manager.manifests()


def test_plugin_that_raises_is_reported_once_and_passed_over():
    manager, warnings = ask(Knows(ValueError("oops")))
    for _ in range(2):
        assert manager.recognise(ECHO, None).reason == "`echo` touches no files"
    assert warnings == ["language plugin p0 (installed) failed on `echo`: ValueError: oops"]


def test_plugin_that_cannot_name_its_manifests_is_passed_over():
    manager, warnings = ask(Knows(ValueError()))
    assert "x.toml" not in manager.manifests()
    assert warnings == ["language plugin p0 (installed) cannot name its manifests: ValueError"]


def test_plugin_that_answers_something_else_is_passed_over():
    manager, warnings = ask(Knows("rm -rf"))
    assert manager.recognise(ECHO, None).reason == "`echo` touches no files"
    assert warnings == ["language plugin p0 (installed) answered `echo` with a str"]


def test_plugin_that_cannot_be_loaded_is_reported():
    manager, warnings = ask(ImportError("no module"), Knows(OWN))
    assert manager.recognise(ECHO, None) is OWN
    assert warnings == ["language plugin p0 (installed) cannot be loaded: ImportError: no module"]


def test_installed_entry_points_are_looked_up_by_default():
    assert load_plugins(warn=lambda text: None).recognise(ECHO, None) is not None
    assert "importlib.metadata" in sys.modules
