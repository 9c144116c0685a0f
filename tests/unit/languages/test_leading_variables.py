"""Variables of a task's environment: reports that they lead to a file, and tools to which they are no matter."""

from __future__ import annotations

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Evidence
from paratask.testing import FakeCheckout

INSTALLED = '{"devDependencies": {"eslint": "9", "jest": "29", "mocha": "10", "vitest": "2", "playwright": "1"}}'
FILES = {
    f"{package}/{manifest}": text
    for package in ("a", "b")
    for manifest, text in {
        "pyproject.toml": "",
        "package.json": INSTALLED,
        "go.mod": f"module {package}",
        "x.go": f"package {package}",
        "Cargo.toml": f'[package]\nname = "{package}"\n',
        "Gemfile": "",
        "main.tf": "",
        "Chart.yaml": "",
    }.items()
}
IN_BOTH = ["/repo/reports/one.xml", "../reports/one.xml"]


def together(left: str, right: str, of_left: dict[str, str], of_right: dict[str, str]) -> bool:
    """Whether commands in two packages, each with its task's environment, may run side by side."""
    place = FakeCheckout(FILES)
    one, other = place.command_claims(left, "/repo/a", of_left), place.command_claims(right, "/repo/b", of_right)
    assert Evidence.NONE not in (one.evidence, other.evidence)
    return conflict(one, other) is None and conflict(other, one) is None


@pytest.mark.parametrize("path", IN_BOTH)
@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("MOCHA_FILE", "npx mocha"),
        ("JEST_JUNIT_OUTPUT", "npx jest"),
        ("JEST_JUNIT_OUTPUT_FILE", "npx jest"),
        ("JEST_JUNIT_OUTPUT_DIR", "npx jest"),
        ("NODE_V8_COVERAGE", "npx vitest run"),
        ("JUNIT_REPORT_PATH", "npx mocha"),
        ("PLAYWRIGHT_JUNIT_OUTPUT_NAME", "npx playwright test"),
        ("PLAYWRIGHT_HTML_REPORT", "npx playwright test"),
        ("COVERAGE_FILE", "pytest"),
        ("COVERAGE_FILE", "coverage run -m pytest"),
        ("GOCOVERDIR", "go test ./..."),
        ("GOTESTSUM_JUNITFILE", "gotestsum ./..."),
        ("LLVM_PROFILE_FILE", "cargo test"),
        ("CARGO_TARGET_DIR", "cargo build"),
        ("MINITEST_REPORTERS_REPORTS_DIR", "minitest"),
    ],
)
def test_two_that_are_led_to_the_same_report_wait_for_each_other_and_others_do_not(variable, command, path):
    assert together(command, command, {}, {})
    assert not together(command, command, {variable: path}, {variable: path})
    assert together(command, command, {variable: path}, {variable: path.replace("one", "two")})


@pytest.mark.parametrize("command", ["pytest", "python -m pytest", "uv run pytest"])
def test_options_that_a_variable_adds_to_pytest_are_its_own(command):
    same = {"PYTEST_ADDOPTS": "-q --junitxml ../reports/one.xml"}
    assert not together(command, command, same, same)
    assert not together(command, f"{command} --junitxml=../reports/one.xml", same, {})
    assert together(command, command, same, {"PYTEST_ADDOPTS": "-q --junitxml ../reports/two.xml"})
    assert together(command, command, {"PYTEST_ADDOPTS": "-q"}, {"PYTEST_ADDOPTS": "-q"})
    place = FakeCheckout(FILES)
    for value in ("--some-unknown-option", "'", None):
        assert place.command_claims(command, "/repo/a", {"PYTEST_ADDOPTS": value}).evidence is Evidence.NONE


def test_options_that_a_variable_adds_to_rspec_are_believed_where_they_name_no_file():
    place = FakeCheckout(FILES)
    for value, evidence in (
        ("--format documentation --seed 7", Evidence.INFERRED),
        ("--out ../x", Evidence.NONE),
        (None, Evidence.NONE),
    ):
        assert place.command_claims("rspec", "/repo/a", {"SPEC_OPTS": value}).evidence is evidence


def test_a_folder_and_a_name_in_it_are_one_report():
    folder = {"JEST_JUNIT_OUTPUT_DIR": "../reports"}
    one, two = ({**folder, "JEST_JUNIT_OUTPUT_NAME": name} for name in ("one.xml", "two.xml"))
    assert not together("npx jest", "npx jest", one, one)
    assert together("npx jest", "npx jest", one, two)
    assert not together("npx jest", "npx jest", one, folder)


def test_what_the_program_fills_in_keeps_the_names_of_others_apart():
    one, two = ({"LLVM_PROFILE_FILE": f"../cov/{name}-%p-%4m.profraw"} for name in ("one", "two"))
    assert not together("cargo test", "cargo test", one, one)
    assert together("cargo test", "cargo test", one, two)


OF_ALL = {
    "PIP_CACHE_DIR": "/repo/.cache/pip",
    "UV_CACHE_DIR": "/repo/.cache/uv",
    "NPM_CONFIG_CACHE": "/repo/.cache/npm",
    "npm_config_store_dir": "/repo/.cache/pnpm",
    "GOCACHE": "/repo/.cache/go",
    "GOLANGCI_LINT_CACHE": "/repo/.cache/golangci",
    "CARGO_HOME": "/repo/.cache/cargo",
    "GRADLE_USER_HOME": "/repo/.cache/gradle",
    "TF_PLUGIN_CACHE_DIR": "/repo/.cache/terraform",
    "RUFF_CACHE_DIR": "/repo/.cache/ruff",
    "KUBECONFIG": "/home/me/.kube/config:/home/me/.kube/other",
    "DOCKER_CONFIG": "/home/me/.docker",
}
COMMANDS = [
    "go build ./...",
    "ruff check .",
    "pytest",
    "npx eslint .",
    "npx jest",
    "cargo build",
    "helm lint .",
    "terraform validate",
]


@pytest.mark.parametrize("left", COMMANDS)
@pytest.mark.parametrize("right", COMMANDS)
def test_what_is_set_for_all_tasks_makes_none_wait(left, right):
    assert together(left, right, {}, {})
    assert together(left, right, OF_ALL, OF_ALL)


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("PIP_CACHE_DIR", "pip install -r requirements.txt"),
        ("UV_CACHE_DIR", "uv run ruff check ."),
        ("NPM_CONFIG_CACHE", "npx jest"),
        ("CARGO_HOME", "cargo build"),
        ("RUFF_CACHE_DIR", "ruff check ."),
        ("GOCACHE", "go build ./..."),
    ],
)
def test_who_removes_a_cache_that_a_variable_names_waits_for_who_fills_it(variable, command):
    place = FakeCheckout(FILES)
    filling = place.command_claims(command, "/repo/a", {variable: "/repo/.cache/x"})
    assert conflict(place.command_claims("rm -rf .cache/x", "/repo"), filling) is not None
    assert conflict(place.command_claims("rm -rf .cache/y", "/repo"), filling) is None


def test_a_cache_that_is_not_to_be_shared_is_kept_apart():
    same = {"MYPY_CACHE_DIR": "/repo/.cache/mypy"}
    assert not together("mypy .", "mypy .", same, same)
    assert together("mypy .", "ruff check .", same, same)
    same = {"TF_PLUGIN_CACHE_DIR": "/repo/.cache/terraform"}
    assert not together("terraform init", "terraform init", same, same)


def test_a_variable_that_nobody_knows_is_for_whoever_is_given_it():
    for text in ("GOLDEN_DIR=../out", "REPORT_DIR=../out", "GOOGLE_OUTPUT=../out"):
        assert not FakeCheckout(FILES).may_run_together(f"cd a && {text} npx jest", f"cd b && {text} npx jest")


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("YAMLLINT_CONFIG_FILE", "yamllint a.yml"),
        ("AWS_CONFIG_FILE", "aws s3 ls"),
        ("AWS_SHARED_CREDENTIALS_FILE", "aws sts get-caller-identity"),
        ("PIP_CONSTRAINT", "pip install x"),
        ("UV_OVERRIDE", "uv pip install x"),
    ],
)
def test_settings_that_a_tasks_variable_names_are_read(variable, command):
    place = FakeCheckout(FILES)
    reading = place.command_claims(command, "/repo/b", {variable: "/repo/conf/x"})
    assert conflict(place.command_claims("cp y conf/x", "/repo"), reading) is not None
    assert conflict(place.command_claims("cp y conf/z", "/repo"), reading) is None
    other = place.command_claims("ruff check .", "/repo/b", {variable: "/repo/conf/x"})
    assert conflict(place.command_claims("cp y conf/x", "/repo"), other) is None
