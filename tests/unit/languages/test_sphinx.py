"""What `sphinx-build` touches because of its configuration, as seen under a tracer."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

DOCS = {"pyproject.toml": "", "src/a.py": "", "docs/index.rst": "", "CHANGELOG.md": "", "README.md": ""}
BUILD = "sphinx-build -b html docs public"


def docs(settings: str, **files: str) -> FakeCheckout:
    return FakeCheckout({**DOCS, "docs/conf.py": settings, **files})


@pytest.mark.parametrize(
    "settings",
    [
        "extensions = ['sphinx.ext.autodoc', 'sphinx.ext.autosummary']",
        'extensions = ["autoapi.extension"]',
        'extensions = ["sphinx_gallery.gen_gallery"]',
        "extensions = [\n    'sphinxcontrib.apidoc',\n]\n",
    ],
)
def test_an_extension_that_writes_pages_wrote_them_while_others_read_the_documents(settings):
    place = docs(settings)
    assert place.may_write(BUILD, "docs/generated/a.rst")
    assert not place.may_write(BUILD, "src/a.py")
    assert not place.may_run_together(BUILD, "codespell docs")
    assert place.may_run_together(BUILD, "codespell src")


@pytest.mark.parametrize(
    "settings",
    [
        "import subprocess\nsubprocess.run(['make', 'api'])",
        "Path('src/version.txt').write_text('1')",
        "with open('api.rst', 'w') as f: f.write('')",
        "shutil.copy('../README.md', '.')",
    ],
)
def test_a_configuration_that_writes_or_starts_something_may_do_so_anywhere_in_its_project(settings):
    assert docs(settings).may_write(BUILD, "src/a.py")


@pytest.mark.parametrize(
    "settings",
    [
        "extensions = ['sphinx.ext.autodoc', 'myst_parser']",
        "# is overwritten by autosummary, see shutil\nextensions = []",
        "extensions = ['sphinx.ext.autosummary']\nautosummary_generate = False",
        "version = open('../VERSION').read()",
    ],
)
def test_other_configurations_only_read(settings):
    assert docs(settings).writes(BUILD) == {"public/**"}


def test_documents_with_a_list_of_requirements_of_their_own_read_the_project_around_them():
    """The list makes a workspace of the folder, and `conf.py` imports from beyond it."""
    place = docs("sys.path.insert(0, os.path.abspath('../src'))", **{"docs/requirements.txt": "sphinx\n"})
    assert not place.may_run_together("cd docs && sphinx-build . _build", "black src")
    assert place.may_run_together("cd docs && sphinx-build . _build", "mdformat README.md")


@pytest.mark.parametrize(
    "page", [".. include:: ../README.md\n", "```{include} ../README.md\n```\n", ".. literalinclude:: ../README.md\n"]
)
def test_pages_take_in_files_beyond_their_project(page):
    place = docs("", **{"docs/requirements.txt": "sphinx\n", "docs/index.rst": page})
    assert not place.may_run_together("cd docs && sphinx-build . _build", "mdformat README.md")
    assert place.may_run_together("cd docs && sphinx-build . _build", "mdformat CHANGELOG.md")
