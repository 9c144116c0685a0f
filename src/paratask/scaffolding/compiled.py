"""What can be done in a workspace of cargo, Go, Maven, Gradle, .NET or mix: their own verbs."""

from __future__ import annotations

import posixpath
from shlex import quote

from paratask.languages.toml_files import read_toml, table, texts
from paratask.scaffolding.recipe import Recipe, first_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

SOLUTIONS = (".sln", ".slnx")
PROJECTS = (".csproj", ".fsproj", ".vbproj")
OF_TESTS = ("microsoft.net.test.sdk", "mstest.sdk", "tunit")
"""What the file of a project with tests names, in small letters."""
GOLANGCI = (".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")


def rust_commands(folder: str, place: Place) -> Recipe:
    """A cargo workspace does it for its members."""
    manifest = read_toml(posixpath.join(folder, "Cargo.toml"), place) or {}
    whole = " --workspace" if "workspace" in manifest else ""
    excluded = texts(table(manifest, "workspace").get("exclude"))
    return Recipe(
        commands={
            "setup": "cargo fetch",
            "format": "cargo fmt --all" if whole else "cargo fmt",
            "lint": f"cargo clippy{whole} --all-targets",
            "test": f"cargo test{whole}",
            "build": f"cargo build{whole}",
        },
        covers=bool(whole),
        apart=tuple(posixpath.normpath(posixpath.join(folder, path)) for path in excluded),
    )


def go_commands(folder: str, place: Place) -> Recipe:
    """A module, with golangci-lint where that is set up."""
    return Recipe(
        commands={
            "setup": "go mod download",
            "format": "gofmt -w .",
            "lint": "golangci-lint run" if first_above(folder, GOLANGCI, place) else "go vet ./...",
            "test": "go test ./...",
            "build": "go build ./...",
        }
    )


def maven_commands(folder: str, place: Place) -> Recipe:
    """The topmost pom.xml does it for the modules below."""
    maven = "./mvnw" if place.exists(posixpath.join(folder, "mvnw")) else "mvn"
    return Recipe(commands={"test": f"{maven} -B test", "build": f"{maven} -B package -DskipTests"}, covers=True)


def gradle_commands(folder: str, place: Place) -> Recipe:
    """The topmost build does it for the projects below."""
    gradle = "./gradlew" if place.exists(posixpath.join(folder, "gradlew")) else "gradle"
    return Recipe(commands={"test": f"{gradle} test", "build": f"{gradle} assemble"}, covers=True)


def dotnet_commands(folder: str, place: Place) -> Recipe:
    """A solution does it for the projects below. Which file is meant is said where the folder has several."""
    names = place.listdir(folder)
    solutions = [name for name in names if name.endswith(SOLUTIONS)]
    projects = [name for name in names if name.endswith(PROJECTS)]
    meant = (solutions or projects)[0]
    whole = f" {quote(meant)}" if len(solutions) + len(projects) > 1 else ""
    commands = {
        "setup": f"dotnet restore{whole}",
        "format": f"dotnet format{whole}",
        "lint": f"dotnet format{whole} --verify-no-changes",
        "test": f"dotnet test{whole}",
        "build": f"dotnet build{whole}",
    }
    text = (place.read_text(posixpath.join(folder, meant)) or "").lower()
    if not solutions and not any(word in text for word in OF_TESTS):
        del commands["test"]
    return Recipe(commands=commands, covers=bool(solutions))


def mix_commands(folder: str, place: Place) -> Recipe:
    """An umbrella does it for its apps."""
    return Recipe(
        commands={
            "setup": "mix deps.get",
            "format": "mix format",
            "lint": "mix format --check-formatted",
            "test": "mix test",
            "build": "mix compile",
        },
        covers="apps_path" in (place.read_text(posixpath.join(folder, "mix.exs")) or ""),
    )
