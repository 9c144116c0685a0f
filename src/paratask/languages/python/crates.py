"""Python projects that are built from Rust: installing one for development compiles its crate, as `cargo build` would.

Asks the checkout what cargo claims. Knows maturin and setuptools-rust, and where they look for the crate.
"""

from __future__ import annotations

import posixpath

from paratask.languages.inferred import write_below
from paratask.languages.python.projects import read_manifest
from paratask.languages.toml_files import table
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.claims.model import Claim
    from paratask.plugins.hookspecs import Place

COMPILING = frozenset(["maturin build", "maturin develop"])
"""What compiles the crate in any case."""
_PLACES = ("Cargo.toml", "rust/Cargo.toml")


def crate_claims(folder: str, place: Place) -> tuple[Claim, ...]:
    """What building the project in `folder` compiles; nothing where it is not built from Rust."""
    manifest = read_manifest(folder, place)
    build = table(manifest, "build-system")
    requires = build.get("requires")
    builders = [build.get("build-backend"), *(requires if isinstance(requires, list) else ())]
    if not any(str(name).replace("_", "-").startswith(("maturin", "setuptools-rust")) for name in builders):
        return ()
    named = table(manifest, "tool", "maturin").get("manifest-path")
    found = [path for path in ([named] if isinstance(named, str) else _PLACES) if place.exists(posixpath.join(folder, path))]
    if not found:
        return (write_below(place.root, place, "which crate is built is not known"),)
    crate = posixpath.normpath(posixpath.dirname(posixpath.join(folder, found[0])))
    return place.invocation_claims(Invocation(words=("cargo", "build"), cwd=crate)).entries
