"""What the model's values say of themselves."""

from __future__ import annotations

import pytest

from paratask.taskfile.model import Platform, suits

HERE = Platform(os="linux", arch="amd64")


@pytest.mark.parametrize(
    ("platforms", "is_here"),
    [
        ([], True),
        ([Platform(os="linux")], True),
        ([Platform(arch="amd64")], True),
        ([Platform(os="linux", arch="amd64")], True),
        ([Platform(os="windows"), Platform(os="linux")], True),
        ([Platform(os="windows")], False),
        ([Platform(arch="arm64")], False),
        ([Platform(os="linux", arch="arm64")], False),
        ([Platform(os="windows", arch="amd64")], False),
    ],
)
def test_one_platform_that_is_this_one_suffices(platforms, is_here):
    assert suits(platforms, HERE) is is_here
