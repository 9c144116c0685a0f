"""What formats are made of: the report, its logs, lanes, and what ran when."""

from __future__ import annotations

from paratask.reporting.exports import junit, markdown
from paratask.reporting.exports.html_resources import averaged
from paratask.reporting.exports.html_timeline import tick_seconds, timeline
from paratask.reporting.exports.lanes import lay_bars
from paratask.reporting.exports.plain_text import last_lines, without_escapes
from paratask.reporting.exports.usage import busy_cores, held_memory, running_commands
from unit.reporting.exports.made_up import ODD, START, job, leaf, report


def test_a_caller_that_failed_only_by_what_it_called_is_no_failure_of_its_own():
    assert [job.id for job in report().failures()] == ["web-test"]


def test_logs_come_without_colours_and_controls():
    made = report()
    by_id = {job.id: job for job in made.jobs}
    assert made.log(by_id["web-test"]) == "collected 3\nFAILED <script>alert(1)</script>\n100%\nE   assert ]]> &  ```"
    assert made.earlier_logs(by_id["flaky"]) == [("first attempt", "the first time it broke")]
    assert made.earlier_logs(by_id["build"]) == []


def test_escapes():
    assert without_escapes("\x1b]0;title\x07\x1b[1;31mred\x1b[0m\x1b(B \x1bMup\x00\x9b") == "red up"
    assert without_escapes("one\r\ntwo\rTWO\n") == "one\nTWO\n"
    assert without_escapes(ODD) == ODD


def test_a_long_line_in_a_log_kept_the_report_from_being_written() -> None:
    """Each place in the line was a beginning from which all of it was looked at: a megabyte would have taken an hour."""
    line = "x" * (1 << 20)
    assert without_escapes(f"\x1b[31m{line}\n{line}\r{line}y\n") == f"{line}\n{line}y\n"


def test_long_logs_say_what_went_before():
    assert last_lines("a\nb\nc\n", 2) == "… 1 earlier lines are in the log\nb\nc"
    assert last_lines("a\nb", 2) == "a\nb"


def test_in_a_lane_bars_of_one_depth_never_meet_and_lie_within_the_one_above():
    bars = lay_bars(report().jobs)
    assert {bar.job.id: (bar.lane, bar.depth) for bar in bars}["lint-py"] == (0, 2)
    for bar in bars:
        for other in bars:
            if bar is not other and (bar.lane, bar.depth) == (other.lane, other.depth):
                assert bar.job.ended_at <= other.start or other.job.ended_at <= bar.start
        if bar.depth:
            assert any(
                (above.lane, above.depth) == (bar.lane, bar.depth - 1)
                and above.start <= bar.start
                and bar.job.ended_at <= above.job.ended_at
                for above in bars
            )


def test_what_waits_for_its_turn_takes_no_lane():
    made = report(
        [leaf("a", (0.0, 1.0)), leaf("b", (0.0, 2.0), command_seconds=1.0), leaf("c", (0.0, 3.0), command_seconds=0.5)]
    )
    assert [(bar.job.id, bar.start - START, bar.lane) for bar in lay_bars(made.jobs)] == [
        ("a", 0, 0),
        ("b", 1, 0),
        ("c", 2.5, 0),
    ]


def test_jobs_that_never_ran_have_no_bar():
    assert "deploy" not in {bar.job.id for bar in lay_bars(report().jobs)}
    assert lay_bars(report([job("a", "cancelled")]).jobs) == []


def test_what_ran_when():
    made = report([job("top", at=(0.0, 3.0)), leaf("a", (0.0, 2.0), parent="top"), leaf("b", (1.0, 3.0), parent="top")])
    assert [(at - START, count) for at, count in running_commands(made)] == [(0, 1), (1, 2), (2, 1), (3, 0)]
    assert [(at - START, cores) for at, cores in busy_cores(made)] == [(0, 0.8), (1, 1.6), (2, 0.8), (3, 0)]
    assert max(size for _, size in held_memory(made)) == 2 * 180_000_000
    assert max(size for _, size in held_memory(report(samples=True))) == 400_000_000


def test_the_average_of_a_very_short_command_is_noise():
    made = report([leaf("a", (0.0, 0.01), cpu_seconds=0.5)])
    assert max(cores for _, cores in busy_cores(made)) == 1.0


def test_many_steps_are_averaged():
    points = [(at / 10, float(at % 2)) for at in range(100)]
    assert averaged(points, 0.0, 10.0, 50) == points
    parts = averaged(points, 0.0, 10.0, 5)
    assert [round(at, 6) for at, _ in parts] == [0, 2, 4, 6, 8]
    assert [round(value, 6) for _, value in parts] == [0.5] * 5
    assert averaged([(0.0, 1.0), (7.5, 3.0), (7.5, 3.0)], 0.0, 10.0, 1) == [(0.0, 1.5)]


def test_ticks_are_round():
    ticks = [tick_seconds(seconds) for seconds in (0, 0.5, 9.5, 45, 200, 700, 5000, 40_000)]
    assert [round(tick, 6) for tick in ticks] == [0.0002, 0.1, 2, 10, 60, 120, 900, 7200]


def test_the_time_in_which_a_run_was_stopped_counted_in_its_reports() -> None:
    """Ctrl-Z, a minute, `fg`: the records had the seconds that were measured, and reports those of the time of day."""
    jobs = [job("ci", at=(0.0, 70.0), seconds=10.0), leaf("a", (0.0, 4.0), parent="ci", neighbours=1)]
    jobs.append(leaf("b", (4.0, 70.0), parent="ci", seconds=6.0, command_seconds=6.0, neighbours=1))
    made = report(jobs, seconds=10.0, ended_at=START + 70.0, exit_code=0, saved_seconds=1.0)
    assert (made.seconds, made.span_seconds, [job.seconds for job in made.jobs]) == (10.0, 70.0, [10.0, 4.0, 6.0])
    text = markdown.render(made)
    assert "3 jobs in 10.0 s: 3 succeeded." in text
    assert "Longest way: `a` 4.0 s → `b` 6.0 s." in text
    drawn = timeline(made)
    assert " For 1 min 00 s of it the run was stopped.</p>" in drawn
    assert 'title="b: succeeded, 6.0 s"' in drawn
    assert "after waiting" not in drawn
    assert 'time="10.000"' in junit.render(made)
