from __future__ import annotations

from collections.abc import Mapping

import pytest

from paratask.cli.remote_headers import fill_in_headers
from paratask.errors import TaskfileReadError
from paratask.templating import Machine


class Here(Machine):
    environ: Mapping[str, str] = {"TOKEN": "s3cret", "NAME": "jörg"}


def test_headers_are_filled_in_with_functions_and_no_variables() -> None:
    written = {
        "Authorization": 'Basic {{printf "me:%s" (env "TOKEN") | b64enc}}',
        "A": "{{.TOKEN}}$TOKEN",
        "B": '{{env "NAME"}}',
    }
    assert fill_in_headers({**written, "Host": "x", "content-length": "3"}, "h", Here()) == {
        "Authorization": "Basic bWU6czNjcmV0", "A": "$TOKEN", "B": "j\xc3\xb6rg",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("A B", "x", "`A B` is no name of a header, in the headers for `h` of .taskrc.yml"),
        ("", "x", "`` is no name of a header, in the headers for `h` of .taskrc.yml"),
        ("A", "{{env", "header `A` for `h` in .taskrc.yml: unclosed action"),
    ],
)
def test_wrong_header(name: str, value: str, message: str) -> None:
    with pytest.raises(TaskfileReadError) as caught:
        fill_in_headers({name: value}, "h", Here())
    assert caught.value.message == message
