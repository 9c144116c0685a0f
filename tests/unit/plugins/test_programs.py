"""A plugin is not asked of programs that it does not know; that it may know none but those, its tables tell."""

from __future__ import annotations

import importlib
import importlib.metadata
import subprocess
import sys

import pytest

from paratask.plugins.hookspecs import Invocation
from paratask.plugins.manager import BUILT_IN, load_plugins
from paratask.plugins.programs import _PROGRAMS, may_know
from paratask.testing import FakeCheckout

BINSTUB = '#!/usr/bin/env ruby\nrequire "bundler/setup"\nload Gem.bin_path("rspec-core", "rspec")\n'
FILES = {
    "package.json": '{"name": "x", "scripts": {"build": "tsc"}}',
    "pyproject.toml": '[project]\nname = "x"\n',
    "Cargo.toml": '[package]\nname = "x"\n',
    "go.mod": "module x\n",
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version></project>",
    "Gemfile": 'source "https://rubygems.org"\n',
    "Gemfile.lock": "GEM\n  specs:\n    rspec-core (3.0)\n\nDEPENDENCIES\n  rspec-core\n",
    "bin/rspec": BINSTUB,
    "composer.json": "{}",
    "artisan": "#!/usr/bin/env php\n<?php\n$app = require_once __DIR__.'/bootstrap/app.php';\n",
    "gradlew": "#!/bin/sh\n",
    "mvnw": "#!/bin/sh\n",
    "build.gradle": "",
    "settings.gradle": "",
}
FOLDERS = ("", "./", "bin/", "./bin/", "vendor/bin/", "node_modules/.bin/", ".venv/bin/", "/usr/bin/", "tools/")
ODD = ("python3.12", "python2", "pip3", "phpunit.phar", "./composer.phar", "./gradlew", "./mvnw", "./artisan", "nodejs")
ARGUMENTS = ((), ("build",), ("test",), ("check",), ("run", "build"), ("--version",), ("-V",), ("x.txt",))


def calls(plugin):
    names = _PROGRAMS.get(plugin, frozenset())
    for program in sorted({folder + name for name in names for folder in FOLDERS} | set(ODD)):
        for arguments in ARGUMENTS:
            yield Invocation(words=(program, *arguments), cwd="/repo")


@pytest.mark.slow
@pytest.mark.parametrize("plugin", [name for name in BUILT_IN if name != "shell"])
def test_whatever_a_plugin_recognises_it_is_asked_of(plugin):
    module = importlib.import_module(f"paratask.languages.{plugin}.plugin")
    place = FakeCheckout(FILES)
    recognised = 0
    for other in BUILT_IN:
        for invocation in calls(other):
            if module.recognise(invocation, place) is not None:
                recognised += 1
                assert may_know(plugin, invocation.words[0]), invocation
    assert recognised


def test_none_is_loaded_for_programs_that_it_does_not_know():
    probe = (
        "import sys; from paratask.testing import FakeCheckout; place = FakeCheckout({});"
        "assert place.recognises('echo x'); assert not place.recognises('who-knows x');"
        "print([name for name in sys.modules if name in sys.argv[1:]])"
    )
    modules = [f"paratask.languages.{name}.plugin" for name in BUILT_IN if name != "shell"]
    done = subprocess.run([sys.executable, "-c", probe, *modules], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_packages_without_plugins_are_not_asked_for_them(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: asked.append(group) or [])
    monkeypatch.setattr("sys.path", [str(tmp_path), str(tmp_path / "missing")])
    (tmp_path / "other-1.0.dist-info").mkdir()
    (tmp_path / "other-1.0.dist-info/entry_points.txt").write_text("[console_scripts]\nx = y:z\n")
    load_plugins(warn=pytest.fail)
    assert asked == []
    (tmp_path / "mine-1.0.dist-info").mkdir()
    (tmp_path / "mine-1.0.dist-info/entry_points.txt").write_text("[paratask.languages]\nx = y\n")
    load_plugins(warn=pytest.fail)
    assert asked == ["paratask.languages"]
    (tmp_path / "archive.zip").write_bytes(b"")
    monkeypatch.setattr("sys.path", [str(tmp_path / "archive.zip")])
    load_plugins(warn=pytest.fail)
    assert asked == ["paratask.languages"] * 2, "an archive may hold anything"
