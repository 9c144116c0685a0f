"""Which files beyond their package tests open, in Node and in Python."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

NODE = {"apps/web/package.json": '{"name": "web"}', "apps/api/package.json": '{"name": "api"}', "core/package.json": "{}"}
PYTHON = {"apps/web/pyproject.toml": '[project]\nname = "web"\n', "core/pyproject.toml": '[project]\nname = "core"\n'}
JS = "apps/web/tests/unit/x.test.ts"
PY = "apps/web/tests/unit/test_x.py"


def meets(text: str, files: dict[str, str], written: str) -> bool:
    """Whether a call in apps/web waits for who writes a file."""
    return not FakeCheckout(files).may_run_together(f"cd apps/web && {text}", f"echo x > {written}")


@pytest.mark.parametrize(
    "text", ["npx vitest run", "npx jest", "npx playwright test", "node --test", "npx mocha", "npx cypress run"]
)
def test_tests_in_node_read_what_sources_name_beyond_their_package(text):
    """Tests of an extension in a browser load it from where another package's build leaves it; they ran meanwhile."""
    source = "const dist = path.resolve(import.meta.dirname, '../../../../core/dist')"
    assert meets(text, {**NODE, JS: source}, "core/dist/x.js")
    assert not meets(text, NODE, "core/dist/x.js")


@pytest.mark.parametrize("text", ["npx eslint .", "npx prettier --check ."])
def test_who_runs_no_tests_reads_no_more_than_before(text):
    assert not meets(text, {**NODE, JS: "read('../../../../core/x')"}, "core/x")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("readFileSync('../../core/sites.json')", True),
        ("readFileSync(join(__dirname, '..', '..', '..', '..', 'core', 'sites.json'))", True),
        ("import sites from '../../../../core/sites.json'", True),
        ("new URL('../../../../core/sites.json', import.meta.url)", True),
        ("process.chdir('../..')", True),
        ("readFileSync(path.resolve('../../core/sites.json'))", True),
        ("readFileSync(process.cwd() + '/../../core/sites.json')", True),
        ("readFileSync(`${process.cwd()}/../../core/sites.json`)", True),
        ("const own = __dirname; readFileSync(join(process.cwd(), '../../core/sites.json'))", True),
        ("import { x } from '../core/sites.json'", False),
        ("vi.mock('../../core/sites.json')", False),
        ("jest.doMock( '../../core/sites.json')", False),
        ("jest.requireActual('../../core/sites.json')", False),
        ("vi.importActual('../../core/sites.json')", False),
        ("jest.createMockFromModule('../../core/sites.json')", False),
        ("import '../../core/sites.json'", False),
        ("export * from '../../core/sites.json'", False),
        ("require('../../core/sites.json')", False),
        ("await import('../../core/sites.json')", False),
        ("page.locator(x); read('../../core/sites.json')", True),
        ("await vi.importActual<typeof import('../../core/sites')>('../../core/sites.json')", False),
        ("require.resolve('../../core/sites.json')", False),
        ("new URL('../../core/sites.json', import.meta.url)", False),
        ("createRequire(__filename)('../../core/sites.json')", False),
        ("join(__dirname, '../../core/sites.json')", False),
        ("page.getByText('Cash').locator('..').locator('../..')", False),
        ("if (name.includes('..') || name === '../') {}", False),
        ("expect(() => read('../latest')).toThrow()", False),
    ],
)
def test_where_a_path_in_a_source_is_seen_from(source, expected):
    assert meets("npx vitest run", {**NODE, JS: source}, "core/sites.json") is expected


@pytest.mark.parametrize(
    "text", ["pytest", "uv run pytest -q", "python -m pytest tests", "python -m unittest", "coverage run -m pytest"]
)
@pytest.mark.parametrize(
    "source",
    [
        'open("../../core/sites.json")',
        'sys.path.insert(0, "../..")',
        'os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "core")',
    ],
)
def test_tests_in_python_read_what_sources_name_beyond_their_project(text, source):
    assert meets(text, {**PYTHON, PY: source}, "core/sites.json")
    assert not meets(text, {**PYTHON, PY: 'os.path.join(os.path.dirname(__file__), "..", "data")'}, "core/sites.json")


def test_tests_of_a_package_with_too_many_sources_may_read_anything():
    assert meets("pytest", {**PYTHON, **{f"apps/web/{number}.py": "" for number in range(5_001)}}, "core/sites.json")


def test_sources_of_packages_below_are_theirs():
    files = {**NODE, "apps/web/sub/package.json": "{}", "apps/web/sub/x.ts": "read('../../../core/sites.json')"}
    assert not meets("npx vitest run", files, "core/sites.json")


def test_configurations_are_followed_by_who_knows_what_they_name():
    config = "export default { build: { outDir: '../../server/static' } }"
    assert not meets("npx vitest run", {**NODE, "apps/web/vite.config.ts": config}, "server/static/x.js")
