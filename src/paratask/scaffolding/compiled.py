"""What can be done in a workspace of cargo, Go, Maven or Gradle: their own verbs."""

from __future__ import annotations

import posixpath

from paratask.languages.toml_files import read_toml
from paratask.scaffolding.recipe import Recipe, first_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

GOLANGCI = (".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")


def rust_commands(folder: str, place: Place) -> Recipe:
    """A cargo workspace does it for its members."""
    manifest = read_toml(posixpath.join(folder, "Cargo.toml"), place) or {}
    whole = " --workspace" if "workspace" in manifest else ""
    return Recipe(
        commands={
            "setup": "cargo fetch",
            "format": "cargo fmt --all" if whole else "cargo fmt",
            "lint": f"cargo clippy{whole} --all-targets",
            "test": f"cargo test{whole}",
            "build": f"cargo build{whole}",
        },
        covers=bool(whole),
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
