"""Which options go with which."""

from __future__ import annotations

import pytest

from paratask.cli.combinations import check
from paratask.cli.flags import MAKES_J
from paratask.cli.options import parse
from paratask.errors import UsageError


@pytest.mark.parametrize(("argv", "help_line"), [(("-j", "4", "build"), MAKES_J), (("-j", "build"), "")])
def test_who_writes_jobs_as_for_make_was_told_of_json_only(argv: tuple[str, ...], help_line: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(parse(argv, {}))
    assert caught.value.message.startswith("--json goes with --list")
    assert caught.value.help == help_line
