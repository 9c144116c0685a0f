"""The layout that docs/design.md promises: which package may know which, how large a module may be, who may touch what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "paratask"
DESIGN = Path(__file__).parents[2] / "docs/design.md"
FILES = sorted(SRC.rglob("*.py"))
LOW = {"amounts", "errors", "events", "frozen", "names", "state_files"}
"""What everything may use."""

MAY_IMPORT = {
    "amounts": set(),
    "frozen": set(),
    "names": set(),
    "state_files": set(),
    "errors": set(),
    "events": set(),
    "templating": set(),
    "taskfile": {"templating"},
    "remote": {"taskfile"},
    "variables": {"taskfile", "templating"},
    "claims": set(),
    "plugins": {"claims"},
    "languages": {"claims", "plugins"},
    "freshness": {"claims", "taskfile"},
    "kernel": set(),
    "scheduling": set(),
    "planning": {"claims", "variables", "taskfile", "scheduling"},
    "processes": {"kernel", "scheduling", "variables"},
    "execution": {"processes", "kernel", "scheduling", "freshness", "variables", "taskfile", "templating"},
    "records": set(),
    "reporting": {"claims", "variables", "taskfile", "templating"},
    "proving": set(),
    "observing": {"claims", "taskfile", "templating"},
    "watching": {"kernel", "freshness", "variables", "taskfile"},
    "cli": {
        "execution", "processes", "planning", "reporting", "records", "scheduling", "freshness", "languages", "plugins", "variables", "taskfile",
        "templating", "remote", "watching", "proving", "observing", "claims", "scaffolding", "diagnosing",
    },
    "scaffolding": {"languages", "plugins"},
    "diagnosing": {"languages", "plugins", "taskfile"},
    "testing": {"claims", "languages", "plugins"},
    "__main__": {"cli"},
    "__init__": set(),
}  # fmt: skip
ONLY_FOR_TYPES = {
    "execution": {"planning"},
    "planning": {"plugins"},
    "observing": {"variables"},
    "freshness": {"variables"},
    "records": {"execution"},
    "reporting": {"execution", "planning", "scheduling", "proving", "diagnosing"},
}
PURE = ("templating", "claims", "planning", "scheduling", "observing", "scaffolding", "diagnosing")
IMPURE_MODULES = {
    "os",
    "subprocess",
    "time",
    "sqlite3",
    "socket",
    "shutil",
    "tempfile",
    "pathlib",
    "signal",
    "select",
    "selectors",
}
MAY_START_PROCESSES = {"processes"}
MAY_TOUCH_FILES = {
    "taskfile/reader.py",
    "taskfile/project.py",
    "state_files.py",
    "languages/place.py",
    "plugins/installed.py",
    "reporting/source_lines.py",
}
FILE_PACKAGES = {"freshness", "records", "processes", "execution", "cli", "remote", "proving"}


def package(file: Path) -> str:
    parts = file.relative_to(SRC).parts
    return parts[0] if len(parts) > 1 else parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[tuple[str, bool]]:
    """Dotted names that a module imports, and whether only for types."""
    tree = ast.parse(file.read_text())
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in guarded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) in guarded


def own_packages(file: Path) -> Iterator[tuple[str, bool]]:
    for name, for_types in imports(file):
        parts = name.split(".")
        if parts[0] == "paratask" and len(parts) > 1 and parts[1] != package(file):
            yield parts[1], for_types


def test_arrows_go_one_way():
    wrong = []
    for file in FILES:
        own = package(file)
        for other, for_types in own_packages(file):
            allowed = MAY_IMPORT[own] | LOW | (ONLY_FOR_TYPES.get(own, set()) if for_types else set())
            if other not in allowed:
                wrong.append(f"{file.relative_to(SRC)} imports {other}")
    assert not wrong


def test_no_arrow_leads_back():
    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        return any(
            other == goal or (other not in seen and reaches(other, goal, seen | {other}))
            for other in MAY_IMPORT.get(start, set())
        )

    assert not [name for name in MAY_IMPORT if reaches(name, name, {name})]


def test_every_package_has_its_place_in_the_table():
    assert {package(file) for file in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("name", PURE)
def test_pure_packages_touch_nothing(name):
    wrong = [
        f"{file.relative_to(SRC)} imports {module}"
        for file in FILES
        if package(file) == name
        for module, for_types in imports(file)
        if not for_types and module.split(".")[0] in IMPURE_MODULES
    ]
    assert not wrong


def test_only_one_room_starts_processes():
    starters = {"posix_spawn", "fork", "execv", "execve", "system", "popen", "Popen", "spawnv"}
    wrong = {
        package(file)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in starters
    }
    wrong |= {package(file) for file in FILES if any(module == "subprocess" for module, _ in imports(file))}
    assert wrong <= MAY_START_PROCESSES


def test_only_those_who_may_open_files():
    wrong = [
        str(file.relative_to(SRC))
        for file in FILES
        if package(file) not in FILE_PACKAGES and str(file.relative_to(SRC)) not in MAY_TOUCH_FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert not wrong


def test_a_module_fits_on_a_few_screens():
    sizes = {str(file.relative_to(SRC)): file.read_text().count("\n") for file in FILES}
    assert not {name: lines for name, lines in sizes.items() if lines > 400}


def test_the_design_names_all_folders_and_nothing_that_is_not_there():
    """What comes after a wide gap is about the words before it; one with dots stands for all modules that begin so."""
    block = DESIGN.read_text().partition("    src/paratask/\n")[2].partition("\n\n")[0]
    rows = [re.split(" {2,}", line.strip()) for line in block.splitlines()]
    modules = {word for row in rows for word in row if word.endswith(".py")}
    assert modules == {file.name for file in FILES if file.parent == SRC and not file.name.startswith("__")}
    packages = {row[0]: row[1].split() for row in rows if row[0].endswith("/")}
    assert set(packages) == {f"{folder.name}/" for folder in folders(SRC)}
    for package, words in packages.items():
        here = SRC / package
        assert not [word for word in words if not (here / word).exists() and not any(here.glob(f"{word}.*".replace("….", "")))]
        assert {word for word in words if word.endswith("/")} == {f"{folder.name}/" for folder in folders(here)}


def folders(above: Path) -> list[Path]:
    return [folder for folder in above.iterdir() if folder.is_dir() and folder.name != "__pycache__"]


def test_every_module_says_what_it_is():
    assert not [str(file.relative_to(SRC)) for file in FILES if not ast.get_docstring(ast.parse(file.read_text()))]


def test_nothing_is_kept_in_modules_that_changes():
    """Module-level names that are not constants in upper case, dunders, types or loggers would be state."""
    wrong = [
        f"{file.relative_to(SRC)}: {target.id}"
        for file in FILES
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Dict, ast.Set))
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.islower() and target.id != "__all__"
    ]
    assert not wrong
