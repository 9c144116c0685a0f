"""The machine as templates and `platforms` know it: by Go's names."""

from __future__ import annotations

import os

import pytest

from paratask.execution import machine


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("linux", "linux"),
        ("darwin", "darwin"),
        ("freebsd14", "freebsd"),
        ("openbsd7", "openbsd"),
        ("netbsd10", "netbsd"),
        ("dragonfly6", "dragonfly"),
        ("sunos5", "solaris"),
        ("win32", "windows"),
    ],
)
def test_systems_by_go_s_names(monkeypatch, system, name):
    monkeypatch.setattr(machine.sys, "platform", system)
    assert machine.SystemMachine(environ={}, cwd="/").os == name


@pytest.mark.parametrize(("said", "name"), [("arm64", "arm64"), ("aarch64", "arm64"), ("x86_64", "amd64"), ("amd64", "amd64")])
def test_processors_by_go_s_names(monkeypatch, said, name):
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Darwin", "host", "24", "x", said)))
    assert machine.SystemMachine(environ={}, cwd="/").arch == name
