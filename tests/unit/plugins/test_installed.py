"""Which reporters packages offer, found without loading one, or the standard library's slow way to look."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from paratask.plugins.installed import installed_reporters, load

METADATA = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"


@pytest.fixture
def offer(tmp_path, monkeypatch):
    """Puts a package with these entry points into a folder of the path."""
    monkeypatch.setattr("sys.path", [])

    def put(folder: str, text: str, info: str = "other-1.0.dist-info") -> None:
        (tmp_path / folder / info).mkdir(parents=True)
        (tmp_path / folder / info / "entry_points.txt").write_text(text)
        sys.path.append(str(tmp_path / folder))

    return put


def test_names_and_places_are_read_from_what_is_installed(offer):
    offer(
        "a",
        "[console_scripts]\nx = y:z\n\n[paratask.reporters]\nBell = bell:Bell\nchat= chat.of.ours : make [http]\n# none = x\n",
    )
    offer("b", "[paratask.languages]\nhugo = hugo\n")
    offer("c", "[paratask.reporters]\nplain = plain\nBell = another:Bell\n", info="c.egg-info")
    assert installed_reporters() == {"Bell": "bell:Bell", "chat": "chat.of.ours : make [http]", "plain": "plain"}


def test_of_what_cannot_be_read_nothing_is_taken(offer, tmp_path):
    offer("a", "paratask.reporters\n= x\n")
    offer("b", "[other]\ntext = paratask.reporters\n")
    (tmp_path / "b" / "broken.dist-info").write_text("no folder")
    sys.path += [str(tmp_path / "missing"), str(tmp_path / "b")]
    assert installed_reporters() == {}


def test_an_archive_of_the_path_is_looked_into(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("other-1.0.dist-info/METADATA", METADATA)
        archive.writestr("other-1.0.dist-info/entry_points.txt", "[paratask.reporters]\nbell = bell:Bell\n")
    monkeypatch.setattr("sys.path", [str(tmp_path / "all.zip")])
    assert installed_reporters() == {"bell": "bell:Bell"}


def test_what_is_found_is_loaded_by_its_place():
    assert load("paratask.plugins.installed:load") is load
    assert load("zipfile : ZipFile.open [extra]") is zipfile.ZipFile.open
    assert load("zipfile") is zipfile
    with pytest.raises(ModuleNotFoundError):
        load("no_such_module:x")


def test_looking_does_not_import_the_slow_way():
    probe = (
        "import sys; from paratask.plugins.installed import installed_reporters; installed_reporters();"
        "print([name for name in ('importlib.metadata', 'pluggy', 'threading') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", probe], capture_output=True, text=True, check=True, env=_without_site())
    assert done.stdout == "[]\n"


def _without_site() -> dict[str, str]:
    """Where paratask itself is found: `-S` leaves out what an editable install adds."""
    from pathlib import Path

    import paratask

    return {"PYTHONPATH": str(Path(paratask.__file__).parents[1])}
