"""The Python tools that check documents and packaging, and the smaller ones for sources."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {
    "pyproject.toml": "[project]\nname = 'x'\n",
    "docs/a.rst": "",
    "web/package.json": "{}",
    "pkg/pyproject.toml": "[project]\n",
}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("pymarkdown scan docs", "docs/a.md"),
        ("pymarkdown -d MD013 --config conf.json scan docs", "conf.json"),
        ("pymarkdownlnt scan -r .", ".pymarkdown"),
        ("doc8 --max-line-length 100 docs", "docs/a.rst"),
        ("doc8 docs", "doc8.ini"),
        ("rstcheck -r docs", "docs/b.rst"),
        ("rstcheck docs/a.rst", ".rstcheck.cfg"),
        ("doc8 docs", "README.rst"),
        ("rstcheck docs/a.rst", "include/a.h"),
        ("sphinx-lint -j 2 docs", "docs/a.rst"),
        ("docstrfmt --check docs", "docs/a.rst"),
        ("docstrfmt -c docs", "pyproject.toml"),
    ],
)
def test_checkers_of_documents_read_them_and_write_nothing(text, read):
    place = FakeCheckout(FILES)
    assert place.recognises(text)
    assert place.writes(text) == set()
    assert not place.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("pymarkdown fix docs", {"docs/**/*.md"}),
        ("pymarkdown --log-file out.log scan docs", {"out.log"}),
        ("docstrfmt docs", {"docs/**"}),
        ("cd pkg && check-manifest", {"pkg/**"}),
        ("cd pkg && pyroma -n 8 .", {"pkg/**"}),
    ],
)
def test_what_they_write_is_said(text, written):
    assert FakeCheckout(FILES).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "pymarkdown scan -ae .txt docs",
        "pymarkdown --add-plugin rules/own.py scan docs",
        "pymarkdown plugins list",
        "docstrfmt --frob docs",
        "check-manifest --frob",
        "doc8 --frob",
    ],
)
def test_options_nobody_knows_are_not_believed(text):
    assert not FakeCheckout(FILES).recognises(text)


def test_what_builds_a_project_to_look_at_it_keeps_to_it():
    assert FakeCheckout(FILES).may_run_together("cd pkg && check-manifest", "cd web && npx eslint .")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("vermin -t=3.9- --no-tips --violations pkg", "pkg/a.py"),
        ("cd pkg && vermin .", "vermin.ini"),
        ("eradicate -r -e pkg", "pkg/a.py"),
        ("darglint -s google pkg/a.py", "pkg/.darglint"),
        ("pycln --check pkg", "other/imported.py"),
        ("cd pkg && pycln --check .", "pyproject.toml"),
        ("ssort --check pkg", "pkg/a.py"),
        ("yamlfix --check k8s", "k8s/a.yaml"),
        ("fawltydeps --check --detailed", "requirements.txt"),
        ("pip-licenses --fail-on GPL", ".venv/lib/x"),
    ],
)
def test_smaller_checkers_of_sources_read_them_and_write_nothing(text, read):
    place = FakeCheckout({**FILES, ".venv/pyvenv.cfg": ""})
    assert place.recognises(text)
    assert place.writes(text) == set()
    assert not place.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("eradicate -i a.py", {"a.py"}),
        ("tryceratops src", {".tryceratops-errors.log"}),
        ("pycln docs", {"docs/**/*.{py,pyi,ipynb}"}),
        ("ssort docs", {"docs/**/*.py"}),
        ("add-trailing-comma a.py b.py", {"a.py", "b.py"}),
        ("yamlfix docs", {"docs/**"}),
        ("pip-licenses --format json --output-file lic.json", {"lic.json"}),
    ],
)
def test_what_the_smaller_ones_write_is_said(text, written):
    assert FakeCheckout(FILES).writes(text) == written


def test_a_list_of_licences_that_settings_ask_for_is_written():
    files = {"pyproject.toml": '[tool.pip-licenses]\noutput-file = "out/lic.txt"\n'}
    assert not FakeCheckout(files).may_run_together("pip-licenses", "cat out/lic.txt")
    assert FakeCheckout({"pyproject.toml": ""}).may_run_together("pip-licenses", "cat out/lic.txt")


@pytest.mark.parametrize(
    "text", ["pycln --expand-stars .", "fawltydeps --install-deps", "ssort --frob .", "yamlfix --frob a.yaml"]
)
def test_of_the_smaller_ones_too_options_that_do_more_are_not_believed(text):
    assert not FakeCheckout(FILES).recognises(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("python -m pymarkdown scan docs", "pymarkdown scan docs"),
        ("python -m sphinxlint docs", "sphinx-lint docs"),
        ("python -m check_manifest", "check-manifest"),
        ("python -m piplicenses --output-file lic.txt", "pip-licenses --output-file lic.txt"),
        ("python -m tryceratops src", "tryceratops src"),
    ],
)
def test_they_are_known_as_modules_too(text, plain):
    assert FakeCheckout(FILES).writes(text) >= FakeCheckout(FILES).writes(plain)
    assert FakeCheckout(FILES).recognises(text)
