"""What `--report` checks before anything runs."""

from __future__ import annotations

import pytest

from paratask.cli import reports
from paratask.errors import UsageError


def test_without_the_extra_nothing_is_sent(monkeypatch):
    monkeypatch.setattr(reports, "lacks_otel", lambda: True)
    reports.check_wanted("html=x")
    with pytest.raises(UsageError) as caught:
        reports.check_wanted("html=x,otel")
    assert (str(caught.value), caught.value.help) == (
        "report `otel` needs OpenTelemetry's exporter",
        "pip install 'paratask[otel]'",
    )


def test_a_defect_in_a_report_is_a_warning():
    warnings: list[str] = []
    made = reports.Reports("json=-,html=x", folder="/", logs="/", environ={}, warn=warnings.append)
    assert not made.write("{}")
    assert warnings == [
        "report `json` could not be made: KeyError: 'started_at'",
        "report `html` could not be made: KeyError: 'started_at'",
    ]
