"""What CI services are told."""

from __future__ import annotations

import pytest

from paratask.cli.options import CI_VARIABLES
from paratask.errors import CommandFailedError, Position, TaskRunError, UsageError
from paratask.reporting.ci import SERVICES, Piece, annotation, failure_annotation, service_of
from unit.builders import marked


def piece(state: str = "succeeded", *, job: str = "build", task: str = "build", ran: bool = True) -> Piece:
    return Piece(job=job, task=task, state=state, started_at=1000.0 if ran else 0.0, ended_at=1001.25)


def lines(name: str, what: Piece) -> tuple[str, str]:
    (service,) = [service for service in SERVICES if service.name == name]
    return service.lines(what, marked)


def test_services_are_known_by_their_variables() -> None:
    assert {service.variable for service in SERVICES} == set(CI_VARIABLES)
    assert service_of({"CI": "true"}) is None
    assert service_of({"GITHUB_ACTIONS": "false"}) is None
    for environ, name in (
        ({"GITHUB_ACTIONS": "true"}, "GitHub Actions"),
        ({"GITLAB_CI": "true"}, "GitLab CI"),
        ({"TF_BUILD": "True"}, "Azure Pipelines"),
    ):
        service = service_of(environ)
        assert service is not None
        assert service.name == name


@pytest.mark.parametrize(
    ("what", "title"),
    [
        (piece(), "build (1.2 s)"),
        (piece(task="py:build", job="py-build"), "py:build (1.2 s)"),
        (piece(job="build.2"), "build.2 (1.2 s)"),
        (piece("fresh"), "build (up to date)"),
        (piece("skipped", ran=False), "build (skipped)"),
        (piece(task="two\nlines", job="two-lines"), "two lines (1.2 s)"),
    ],
)
def test_titles(what: Piece, title: str) -> None:
    assert what.title == title


def test_github_folds_what_went_well() -> None:
    assert lines("GitHub Actions", piece(task="100%", job="100-")) == ("::group::100%25 (1.2 s)\n", "::endgroup::\n")
    assert lines("GitHub Actions", piece("failed")) == ("<red>paratask: build (1.2 s) failed</>\n", "")
    assert lines("GitHub Actions", piece("cancelled")) == ("<red>paratask: build (1.2 s) cancelled</>\n", "")


def test_gitlab_has_sections_with_names_and_times() -> None:
    start, end = "\x1b[0Ksection_start:1000:paratask_", "\x1b[0Ksection_end:1001:paratask_"
    assert lines("GitLab CI", piece(task="py:büild", job="py-büild")) == (
        f"{start}py-b_ild_1001250[collapsed=true]\r\x1b[0Kpy:büild (1.2 s)\n",
        f"{end}py-b_ild_1001250\r\x1b[0K\n",
    )
    assert lines("GitLab CI", piece("failed")) == (
        f"{start}build_1001250\r\x1b[0K<red>build (1.2 s) failed</>\n",
        f"{end}build_1001250\r\x1b[0K\n",
    )


def test_azure_folds_what_went_well() -> None:
    assert lines("Azure Pipelines", piece()) == ("##[group]build (1.2 s)\n", "##[endgroup]\n")
    assert lines("Azure Pipelines", piece("failed"))[1] == ""


def test_annotations_are_escaped() -> None:
    assert annotation("error", "a:b, c", "1 %\nnext: x", Position(file="a,b.yml", line=3, column=7)) == (
        "::error title=a%3Ab%2C c,file=a%2Cb.yml,line=3,col=7::1 %25%0Anext: x"
    )
    assert annotation("warning", "t", "m", Position(file="f")) == "::warning title=t,file=f::m"


def test_failure_is_worded_as_by_task() -> None:
    cause = CommandFailedError(command="make", exit_status=2, seconds=0.1)
    error = TaskRunError(task="ci", job="ci", cause=TaskRunError(task="a", job="a", cause=cause))
    assert failure_annotation(error, None) == "::error title=Task 'ci' failed::`make` exited with 2"
    assert failure_annotation(UsageError("no"), None) == "::error title=Task failed::no"
