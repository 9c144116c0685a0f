"""Where records of plain commands are kept outside of any project."""

from __future__ import annotations

import os

import pytest

from paratask.cli.exec.project import own_state


@pytest.mark.parametrize(
    ("stated", "home", "expected"),
    [
        ("/state", "/home/me", "/state/paratask"),
        ("state", "/home/me", "/home/me/.local/state/paratask"),
        ("", "here", "/.local/state/paratask"),
        ("", "~", "/.local/state/paratask"),
    ],
)
def test_who_had_no_home_got_a_folder_of_the_name_of_a_tilde(monkeypatch, stated, home, expected):
    """The user of a container may be nobody that the system knows, and `rm -r ~` is soon typed."""
    monkeypatch.setattr(os.path, "expanduser", lambda _: home)
    assert own_state({"XDG_STATE_HOME": stated}) == expected
