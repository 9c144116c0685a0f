"""JSON, JUnit, traces and Markdown, read by those who read them."""

from __future__ import annotations

import json

import pytest
from junitparser import JUnitXml, Properties

from paratask.errors import UsageError
from paratask.frozen import replace
from paratask.reporting.exports import markdown
from paratask.reporting.exports.markdown import render_within
from paratask.reporting.exports.registry import Wanted, parse_wanted, render
from paratask.reporting.exports.report import report_of
from unit.reporting.exports.made_up import ODD, job, leaf, report, summary


def made(format: str, **more) -> str:  # noqa: A002
    return render(Wanted(format=format, target="-"), report(**more))


def test_what_is_wanted():
    assert parse_wanted("html=a,b.html,junit=x,otel,json=-,otel=http://h:1") == (
        Wanted(format="html", target="a,b.html"),
        Wanted(format="junit", target="x"),
        Wanted(format="otel", target=""),
        Wanted(format="json", target="-"),
        Wanted(format="otel", target="http://h:1"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pdf=x", "no report has the format `pdf`"),
        ("html", "report `html` needs a path"),
        ("junit=", "report `junit` needs a path"),
    ],
)
def test_what_cannot_be_wanted(text, message):
    with pytest.raises(UsageError) as caught:
        parse_wanted(text)
    assert str(caught.value) == message


def test_json_is_the_summary():
    assert made("json") == summary()


def test_a_junit_reader_reads_it(tmp_path):
    path = tmp_path / "junit.xml"
    path.write_text(made("junit"), encoding="utf-8")
    (suite,) = list(JUnitXml.fromfile(str(path)))
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped, suite.time) == ("ci", 10, 1, 0, 3, 9.5)
    cases = {case.name: case for case in suite}
    assert list(cases) == ["lint:py", "lint:web", "flaky", "build", "py:test", "web:test", "docs", "windows", "deploy", "odd"]
    (failure,) = cases["web:test"].result
    assert failure.message == "`web:test` failed with exit code 3: a command failed"
    assert "FAILED <script>alert(1)</script>\n100%\nE   assert ]]> &  ```" in failure.text
    assert cases["web:test"].system_out.endswith("E   assert ]]> &  ```")
    assert cases["docs"].result[0].message == "fresh: nothing that it reads has changed"
    assert cases["deploy"].result[0].message == "cancelled: something before it failed"
    assert [(one.name, one.value) for one in cases["flaky"].child(Properties)] == [("attempts", "2")]
    assert [(one.name, one.value) for one in cases["build"].child(Properties)] == [("queued_again", "1")]
    assert cases["odd"].classname == ODD.rpartition(":")[0]
    assert cases["py:test"].is_passed
    assert cases["py:test"].time == 3.2


def test_a_task_with_calls_and_commands_is_a_case_of_its_own():
    jobs = [leaf("both", (0.0, 2.0), "failed", exit_code=2), leaf("one", (0.0, 1.0), parent="both")]
    assert '<testcase name="both" classname="ci" time="2.000">' in made("junit", jobs=jobs)


def test_slices_of_a_trace_nest_by_thread():
    text = made("trace", samples=True)
    assert text.index("\n") == len(text) - 1, "what is indented takes five times as long"
    trace = json.loads(text)
    events = trace["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    assert {event["ph"] for event in events} == {"M", "X", "C"}
    assert all(isinstance(event["ts"], int) and event["ts"] >= 0 and event["pid"] == 1 for event in events)
    assert len(slices) == 11
    for one in slices:
        for other in slices:
            if one is not other and one["tid"] == other["tid"]:
                (a, b), (c, d) = ((event["ts"], event["ts"] + event["dur"]) for event in (one, other))
                assert b <= c or d <= a or (a <= c and d <= b) or (c <= a and b <= d)
    by_name = {event["name"]: event for event in slices}
    assert by_name["web:test"]["cat"] == "failed"
    assert by_name["web:test"]["args"]["exit_code"] == 3
    assert (by_name["web:test"]["ts"], by_name["web:test"]["dur"]) == (6_100_000, 3_300_000)
    assert {event["name"] for event in events if event["ph"] == "C"} == {"running commands", "busy cores", "memory"}
    assert trace["otherData"]["exit_code"] == 201


def test_callers_of_what_failed_were_counted_as_failures(tmp_path):
    """In heads and tables; and who had a command of its own in it, in JUnit's numbers as well."""
    jobs = [
        job("top", "failed", at=(0.0, 4.0), passed_on=True, forgiven=False),
        leaf("ignores", (0.0, 2.0), "failed", parent="top", exit_code=3, passed_on=False, forgiven=False),
        leaf("forgiven", (0.0, 1.0), "failed", parent="ignores", exit_code=7, passed_on=False, forgiven=True),
        leaf("mixed", (2.0, 4.0), "failed", parent="top", exit_code=1, passed_on=True, state_reason="`low` failed"),
        leaf("low", (2.0, 3.0), "failed", parent="mixed", exit_code=9, passed_on=False, forgiven=False),
    ]
    more = {"jobs": jobs, "exit_code": 201, "saved_seconds": None}
    ran = report_of(summary(**more))
    assert [job.id for job in ran.failures()] == ["ignores", "forgiven", "low"]
    told = "5 jobs in 9.5 s: 2 failed, 1 failed, which is ignored, 2 failed through others. Failed"
    assert made("markdown", **more).splitlines()[2].startswith(told)
    page = made("html", **more)
    assert "<dt>failed</dt><dd>2</dd>" in page
    assert "<dt>failed through others</dt><dd>2</dd>" in page
    path = tmp_path / "junit.xml"
    path.write_text(made("junit", **more), encoding="utf-8")
    (suite,) = list(JUnitXml.fromfile(str(path)))
    assert (suite.tests, suite.failures, suite.skipped) == (4, 2, 2)
    assert [case.result[0].message for case in suite if case.name == "mixed"] == ["`mixed` failed: `low` failed"]


def test_next_to_nothing_was_said_to_be_saved():
    assert "Side by side" not in made("markdown", saved_seconds=0.004)
    assert "saved side by side" not in made("html", saved_seconds=0.004)


def test_markdown():
    text = made("markdown")
    assert text.startswith(
        "## ❌ ci\n\n13 jobs in 9.5 s: 7 succeeded, 1 failed, 2 failed through others, 1 cancelled, 1 skipped, 1 fresh. Side by side saved 7.9 s. "
        "Failed, exit code 201. Run `20231114-221320-000-42`.\n"
    )
    assert "| flaky | ✅ succeeded, 2 attempts | 2.8 s | 2.2 s | 240 M |  |" in text
    assert "| build | ✅ succeeded, queued again once |" in text
    assert "| odd\\:\\<b" not in text
    assert 'odd:\\<b\\>\\&"x"\\|\\`y\\`' in text
    assert text.endswith(
        "### web:test failed with exit code 3\n\na command failed\n\n````text\ncollected 3\nFAILED <script>alert(1)</script>\n"
        "100%\nE   assert ]]> &  ```\n````\n"
    )


def test_markdown_has_the_stages_of_pipelines():
    blank = {"pipeline": "ci", "of": 3, "gate": "", "gate_state": ""}
    stages = [
        {**blank, "stage": "check", "number": 1, "state": "succeeded", "seconds": 2.5, "gate": "ok", "gate_state": "succeeded"},
        {**blank, "stage": "a|b", "number": 2, "state": "failed", "seconds": 1.25},
        {**blank, "stage": "ship", "number": 3, "state": "cancelled", "seconds": None, "gate": "sent"},
    ]
    assert (
        "| stage | state | time | gate |\n|---|---|--:|---|\n"
        "| ci: check \\(1 of 3\\) | ✅ succeeded | 2.5 s | ✅ ok |\n"
        "| ci: a\\|b \\(2 of 3\\) | ❌ failed | 1.2 s |  |\n"
        "| ci: ship \\(3 of 3\\) | ⏹ not begun |  | sent |\n\n| job |"
    ) in made("markdown", stages=stages)
    assert "| stage |" not in made("markdown")


def test_markdown_of_many_keeps_what_failed():
    many = [job(f"j{number}", "fresh") for number in range(300)] + [leaf("last", (0.0, 1.0), "failed", exit_code=1)]
    text = made("markdown", jobs=many)
    assert "| last | ❌ failed |" in text
    assert "\nAnd 101 more.\n" in text


def test_markdown_of_a_run_that_went_well_has_the_longest_way():
    jobs = [
        job("ci", at=(0.0, 9.5)),
        leaf("a", (0.0, 4.0), parent="ci"),
        leaf("b", (0.0, 2.0), parent="ci"),
        leaf("c", (4.0, 9.5), parent="ci"),
    ]
    text = made("markdown", jobs=jobs, exit_code=0)
    assert "Side by side saved 7.9 s. Longest way: `a` 4.0 s → `c` 5.5 s. Passed." in text


def test_markdown_is_made_to_fit():
    failures = [leaf(f"j{number}", (0.0, 1.0), "failed", exit_code=1) for number in range(30)]
    run = replace(report(jobs=failures), read_log=lambda _: "word\n" * 100)
    whole = render_within(run, 1 << 20)
    assert whole == render(Wanted(format="markdown", target="-"), run)
    assert whole.count("word\n") == 30 * 50
    assert render_within(run, len(whole.encode())) == whole
    shorter = render_within(run, len(whole.encode()) - 1)
    assert shorter.count("word\n") == 30 * 10
    without_logs = render_within(run, len(shorter.encode()) - 1)
    assert (without_logs.count("word"), without_logs.count("\n| j")) == (0, 31)
    few = render_within(run, len(without_logs.encode()) - 1)
    assert few.endswith("\nAnd 10 more.\n")
    result = render_within(run, len(few.encode()) - 1)
    assert result.endswith("\nAnd 30 more.\n")
    assert render_within(run, len(result.encode()) - 1) is None


@pytest.mark.parametrize("format", ["json", "junit", "trace", "html", "markdown"])
def test_a_run_in_which_nothing_ran(format):  # noqa: A002
    assert made(format, jobs=[], calls=[], saved_seconds=None, predicted_seconds=None)


def test_what_was_done_before_counted_as_done_now():
    jobs = [
        job("ci", at=(0.0, 2.0)),
        leaf("a", (0.0, 2.0), parent="ci"),
        job("b", "fresh", parent="ci", done_before=True),
        job("c", "fresh"),
    ]
    more = {"jobs": jobs, "exit_code": 0, "saved_seconds": None}
    words = made("markdown", **more).splitlines()[2]
    assert words.startswith("3 jobs in 9.5 s: 2 succeeded, 1 fresh; 1 was done before. Passed.")
    assert "<dt>jobs</dt><dd>3</dd></div><div><dt>done before</dt><dd>1</dd></div><div><dt>fresh</dt><dd>1</dd>" in made(
        "html", **more
    )
    assert '<property name="done_before" value="1" />' in made("junit", **more)


def test_calls_that_share_a_job_counted_as_jobs_and_its_failure_for_each_of_them():
    shared = [
        job(f"gen-{number}", "failed", at=(0.0, 1.0), parent="b", state_reason="exited with 3", shared=True)
        for number in (2, 3)
    ]
    jobs = [
        job("a", "failed", at=(0.0, 2.0)),
        job("b", "failed", at=(0.0, 2.0)),
        leaf("gen", (0.0, 1.0), "failed", exit_code=3),
        *shared,
    ]
    more = {"jobs": jobs, "exit_code": 201, "saved_seconds": None}
    text = made("markdown", **more)
    assert text.splitlines()[2].startswith("3 jobs for 5 calls in 9.5 s: 2 failed, 1 failed through others. Failed")
    assert "gen-2" not in text
    junit = made("junit", **more)
    assert junit.count("<failure ") == 2, "`a` failed by itself, and `gen` did"
    assert '<property name="shared" value="2" />' in junit
    page = made("html", **more)
    assert "<dt>jobs</dt><dd>3</dd></div><div><dt>calls</dt><dd>5</dd></div><div><dt>failed</dt><dd>2</dd>" in page
    assert page.count('<article class="failed">') == 2


def test_a_failure_that_the_taskfile_ignores_was_a_failure_to_who_reads_reports(tmp_path):
    jobs = [
        job("ci", at=(0.0, 3.0)),
        leaf("lint", (0.0, 1.0), "failed", parent="ci", exit_code=3),
        job("inner", "failed", at=(1.0, 2.0), parent="ci"),
        leaf("deep", (1.0, 2.0), "failed", parent="inner", exit_code=4),
    ]
    ran = report_of(summary(jobs=jobs, exit_code=0))
    assert ran.ignored() == {"lint", "inner", "deep"}
    path = tmp_path / "junit.xml"
    path.write_text(render(Wanted(format="junit", target="-"), ran), encoding="utf-8")
    (suite,) = list(JUnitXml.fromfile(str(path)))
    assert (suite.tests, suite.failures, suite.skipped) == (2, 0, 2)
    assert [case.result[0].message for case in suite] == [
        "`lint` failed with exit code 3, which is ignored", "`deep` failed with exit code 4, which is ignored",
    ]  # fmt: skip
    assert "### deep failed with exit code 4, which is ignored" in render(Wanted(format="markdown", target="-"), ran)
    assert render(Wanted(format="html", target="-"), ran).count("which is ignored") == 2 + 1, "and once in the head"


def test_what_is_ignored_in_one_call_and_not_in_another_that_shares_it_is_a_failure():
    jobs = [
        job("ci", "failed", at=(0.0, 3.0)),
        job("a", at=(0.0, 1.0), parent="ci"),
        leaf("once", (0.0, 1.0), "failed", parent="a", exit_code=3),
        job("b", "failed", at=(0.0, 1.0), parent="ci"),
        leaf("once.2", (0.0, 1.0), "failed", parent="b", task="once", shared=True),
    ]
    assert not report_of(summary(jobs=jobs)).ignored()


def test_a_run_that_was_stopped_was_told_of_as_one_that_failed():
    jobs = [job("a", "cancelled", at=(0.0, 1.0), state_reason="the run was stopped by a signal (interrupt)")]
    more = {"jobs": jobs, "stopped_by": "interrupt"}
    text = made("markdown", **more)
    assert text.startswith("## ⏹ ci\n")
    assert "1 cancelled. Stopped (interrupt), exit code 201." in text.replace(" Side by side saved 7.9 s.", "")
    assert "■ stopped (interrupt), exit code 201" in made("html", **more)
    assert '<property name="outcome" value="stopped (interrupt), exit code 201" />' in made("junit", **more)


def test_a_run_that_goes_on_was_said_not_to_have_come_to_its_end():
    text = summary([job("a", "running", at=(0.0, None))], exit_code=None)
    assert "The run goes on." in markdown.render(report_of(text, goes_on=True))
    assert "running, and the run goes on" in markdown.render(report_of(text, goes_on=True))
    assert "The run did not come to its end." in markdown.render(report_of(text))


def test_a_stage_of_a_killed_run_stayed_running():
    jobs = [
        job("ci", "running", at=(0.0, None)),
        job("ship", "running", at=(1.0, None), parent="ci"),
        job("smoke", "waiting", parent="ship"),
    ]
    stage = {
        "pipeline": "ci",
        "stage": "ship",
        "number": 1,
        "of": 1,
        "job": "ship",
        "parent": "ci",
        "state": "running",
        "seconds": None,
    }
    stages = [{**stage, "gate": "smoke", "gate_job": "smoke", "gate_state": "waiting", "gate_seconds": None, "ran": 0}]
    assert "| ci: ship \\(1 of 1\\) | ⏹ cancelled | 8.5 s | ⏹ smoke |" in made(
        "markdown", jobs=jobs, exit_code=None, stages=stages
    )
