"""Where tests put results among what others look at, which they leave alone otherwise; seen under a tracer."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("command", "name", "text", "written"),
    [
        (
            "jest",
            "jest.config.js",
            'module.exports = {collectCoverage: true, coverageDirectory: "build/cov"}',
            "build/cov/lcov.info",
        ),
        ("jest", "jest.config.js", 'module.exports = {cacheDirectory: "<rootDir>/lib/cache"}', "lib/cache/x"),
        (
            "jest",
            "jest.config.ts",
            "export default {reporters: [['jest-junit', {outputDirectory: 'dist/r'}]]}",
            "dist/r/junit.xml",
        ),
        ("jest", "package.json", '{"jest": {"coverageDirectory": "dist/cov"}}', "dist/cov/lcov.info"),
        ("vitest run", "vitest.config.ts", "export default {test: {outputFile: {junit: 'src/junit.xml'}}}", "src/junit.xml"),
        ("vitest run", "vite.config.ts", "export default {cacheDir: './src/.v', test: {}}", "src/.v/x"),
        (
            "vitest run --coverage",
            "vitest.config.mts",
            "export default {test: {coverage: {reportsDirectory: path.join(__dirname, 'dist', 'cov')}}}",
            "dist/cov/index.html",
        ),
        ("mocha", ".mocharc.json", '{"reporterOptions": ["output=dist/m.xml"]}', "dist/m.xml"),
        ("mocha", ".mocharc.yml", "reporter-options:\n  - mochaFile=build/m.xml\n", "build/m.xml"),
        ("nyc mocha", ".nycrc", '{"report-dir": "dist/cov", "temp-dir": "src/.nyc"}', "dist/cov/lcov.info"),
        ("nyc mocha", ".nycrc.json", '{"report-dir": "../cov"}', "../cov/lcov.info"),
        ("c8 mocha", ".c8rc.json", '{"reports-dir": "build/cov"}', "build/cov/lcov.info"),
    ],
)
def test_a_report_that_a_configuration_puts_among_what_is_built_was_packed_while_it_was_written(command, name, text, written):
    place = FakeCheckout({"a/package.json": "{}", "a/src/a.ts": "", f"a/{name}": text})
    path = f"a/{written}".replace("a/../", "")
    assert place.may_write(command, path, "a")
    assert not place.may_run_together(f"cd a && {command}", f"cp {path} /tmp/x")


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = {coverageDirectory: undefined}",
        "module.exports = {output: 'x', coverageReporters: ['lcov']}",
        "output = 1",
    ],
)
def test_other_settings_name_no_results(text):
    place = FakeCheckout({"a/package.json": "{}", "a/src/a.ts": "", "a/jest.config.js": text})
    assert place.may_run_together("cd a && jest", "cp a/build/cov/lcov.info /tmp/x")


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("pytest -o cache_dir=build/cache", "build/cache/v/x"),
        ("pytest -o log_cli=true -o log_file=build/x.log", "build/x.log"),
        ("mocha --reporter-options mochaFile=build/m.xml,toConsole=true", "build/m.xml"),
        ("mocha -O output=dist/m.json", "dist/m.json"),
        ("cypress run -c video=true,videosFolder=dist/v", "dist/v/x.mp4"),
    ],
)
def test_settings_on_a_command_line_say_where_something_is_put(command, written):
    place = FakeCheckout({"pyproject.toml": "", "package.json": "{}", "src/x.py": ""})
    assert place.may_write(command, written)


def test_other_settings_on_a_command_line_are_no_paths():
    place = FakeCheckout({"a/pyproject.toml": "", "a/src/x.py": ""})
    assert place.writes("pytest -o addopts= -o junit_family=xunit2 -o pythonpath=src", "a") == {"a/**"}
    assert place.may_run_together("cd a && pytest -o pythonpath=src", "cd a && black --check src")
