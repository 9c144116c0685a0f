from __future__ import annotations

import pytest

from paratask.languages.brought_tools import TOOLS
from paratask.plugins.programs import is_known
from paratask.testing import FakeCheckout

BINARY = b"\x7fELF\0"


@pytest.mark.parametrize(
    "program", ["bin/golangci-lint", "./tmp/bin/golangci-lint-v2.11.0", ".tools/golangci-lint@1.2", "/repo/bin/golangci-lint"]
)
@pytest.mark.parametrize("files", [{}, {"bin/golangci-lint": BINARY, "tmp/bin/golangci-lint-v2.11.0": BINARY}])
def test_a_tool_that_the_repository_installs_is_that_tool(program, files):
    checkout = FakeCheckout({"go.mod": "module a\n", **files})
    assert checkout.writes(f"{program} run ./...") == checkout.writes("golangci-lint run ./...")
    assert checkout.reads(f"{program} run") - checkout.reads("golangci-lint run") == {
        program.removeprefix("./").removeprefix("/repo/")
    }


def test_who_installs_a_tool_comes_first():
    checkout = FakeCheckout()
    assert checkout.may_run_together("bin/yq . a.yaml", "shfmt -d a.sh")
    assert not checkout.may_run_together("cp yq bin/yq", "bin/yq . a.yaml")
    assert not checkout.may_run_together("bin/yq . a.yaml", "rm -rf bin")


def test_what_a_folder_leads_to_is_seen_from_where_the_call_is():
    checkout = FakeCheckout()
    assert "bin/yq" in checkout.reads("../bin/yq . a.yaml", cwd="api")


@pytest.mark.parametrize(
    "program", ["bin/serve", "bin/test", "bin/rake", "bin/golangci-lint-fast", "bin/uv-x", "build/app-1.2", "bin/env"]
)
def test_what_may_be_the_repositorys_own_is_not_taken_for_a_tool(program):
    assert not FakeCheckout({program: BINARY}).recognises(f"{program} run")


@pytest.mark.parametrize("text", ["#!/usr/bin/env node\n", "#!/usr/bin/python3\n", "no shebang\n"])
def test_a_script_is_not_taken_for_the_tool_that_it_is_named_after(text):
    assert not FakeCheckout({"bin/yq": text}).recognises("bin/yq . a.yaml")


def test_a_shell_script_is_read_as_one():
    assert FakeCheckout({"bin/yq": "#!/bin/sh\ntouch made\n"}).writes("bin/yq . a.yaml") == {"made"}


def test_a_folder_is_no_tool():
    assert not FakeCheckout({"tools/yq/x.go": ""}).recognises("tools/yq . a.yaml")


def test_the_tools_are_known():
    assert {tool for tool in TOOLS if not is_known(tool)} == set()
