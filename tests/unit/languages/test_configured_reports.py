"""Settings of linters of Python that have them put what they find into a file."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("flake8 src", ".flake8", "[flake8]\noutput-file = out/found.txt\n"),
        ("flake8 src", "setup.cfg", "[flake8]\noutput_file=out/found.txt\ntee=true\n"),
        ("pylint src", ".pylintrc", "[MAIN]\noutput-format=json:out/found.txt,colorized\n"),
        ("pylint src", "pyproject.toml", "[tool.pylint.reports]\noutput-format = 'parseable:out/found.txt'\n"),
        ("pylint src", "setup.cfg", "[pylint.MAIN]\noutput = out/found.txt\n"),
        ("interrogate src", "pyproject.toml", "[tool.interrogate]\noutput = 'out/found.txt'\n"),
        ("interrogate src", "setup.cfg", "[tool:interrogate]\ngenerate-badge = out\n"),
    ],
)
def test_a_report_that_settings_name_was_read_while_it_was_written(command, name, text):
    place = FakeCheckout({"pyproject.toml": "", "src/a.py": "", name: text})
    assert place.may_write(command, "out/found.txt")
    assert not place.may_run_together(command, "cat out/found.txt")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("pylint src", "[tool.pylint.reports]\noutput-format = 'colorized'\n"),
        ("pylint src", "[tool.other]\noutput = 'x.txt'\n"),
        ("pylint src", "[tool.pylint.main]\njobs = 0\n"),
    ],
)
def test_other_settings_name_no_report(command, text):
    assert FakeCheckout({"pyproject.toml": text, "src/a.py": ""}).writes(command) == set()
