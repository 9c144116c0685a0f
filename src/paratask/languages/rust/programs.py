"""Programs for Rust that are not called through cargo, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.rust.tools import ALL_CORES
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_TOML = "*.toml"
_LEVELS = "-q --quiet -v --verbose "
_RUSTUP: Mapping[Role, str] = {
    Role.FLAG: _LEVELS
    + "--no-self-update --force --allow-downgrade --force-non-host -y --installed --path --no-update-default-toolchain",
    Role.VALUE: "--profile -c --component -t --target --toolchain --default-host --default-toolchain",
}
_WASM_PACK: Mapping[Role, str] = {
    Role.FLAG: _LEVELS + "--release --dev --profiling --debug --no-typescript --weak-refs --reference-types --no-pack --no-opt "
    "--node --firefox --chrome --safari --headless --all-features --no-default-features --locked --offline --frozen",
    Role.VALUE: "--features -F -t --target -s --scope -m --mode --out-name --log-level --profile -a --access --tag -d --out-dir --pkg-dir --registry "
    "--auth-type",
}
_TRUNK: Mapping[Role, str] = {
    Role.FLAG: _LEVELS
    + "--release --open --minify -M --all-features --no-default-features --locked --offline --frozen --no-sri "
    "--no-autoreload --ignore-chrome --skip-version-check --cargo",
    Role.VALUE: "--public-url --features --cargo-profile --filehash --address -a --ws-protocol --color --proxy-backend --proxy-ws "
    "--proxy-rewrite -i --ignore",
    Role.READS: "--config -w --watch",
    Role.WRITES: "-d --dist",
    Role.PORT: "-p --port",
}
_MDBOOK: Mapping[Role, str] = {
    Role.FLAG: "-o --open",
    Role.VALUE: "-c --chapter -n --hostname",
    Role.WRITES: "-d --dest-dir",
    Role.PORT: "-p --port",
}


def _wasm(summary: str, mode: Mode) -> Tool:
    return Tool(summary=summary, mode=mode, options=_WASM_PACK, cores=ALL_CORES)


def _toolchain(summary: str) -> Tool:
    return Tool(
        summary=summary, mode=Mode.INSTALL, operands=Operands.WORDS, environment="rust", holds="rust-toolchain", options=_RUSTUP
    )


def _group(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.GROUP, options={Role.FLAG: _LEVELS})


PROGRAMS: Mapping[str, Tool] = {
    "rustfmt": Tool(
        summary="formats",
        mode=Mode.EDIT,
        options={
            Role.FLAG: _LEVELS + "-l --files-with-diff --backup --skip-children --unstable-features --error-on-unformatted",
            Role.VALUE: "--color --config --edition --style-edition",
            Role.READS: "--config-path",
            Role.CHECKS: "--check",
        },
    ),
    "rustc": Tool(
        summary="compiles",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-g -O -v --verbose --test",
            Role.VALUE: "--edition --crate-type --crate-name --target --cap-lints -D -W -A -F --cfg --check-cfg --error-format --color",
            Role.SETTING: "-C --codegen",
            Role.READS: "-L --extern",
            Role.WRITES: "-o --out-dir",
            Role.INFORMS: "-V -vV --explain --print",
        },
    ),
    "rustup": Tool(
        summary="manages toolchains",
        mode=Mode.GROUP,
        options={Role.FLAG: _LEVELS, Role.INFORMS: "-V"},
    ),
    "rustup update": _toolchain("installs toolchains"),
    "rustup default": _toolchain("chooses the toolchain"),
    "rustup install": _toolchain("installs toolchains"),
    "rustup self": _toolchain("changes rustup"),
    "rustup override": _toolchain("chooses the toolchain"),
    **{f"rustup {name}": _toolchain("changes toolchains") for name in ("toolchain", "component", "target")},
    "rustup run": Tool(
        summary="starts a program of a toolchain", mode=Mode.RUN, environment="rust", options={Role.FLAG: "--install"}
    ),
    **{
        f"rustup {name}": Tool(
            summary="tells of toolchains",
            mode=Mode.NOTHING,
            operands=Operands.WORDS,
            options={Role.FLAG: "-v --verbose", Role.VALUE: "--toolchain"},
        )
        for name in ("show", "which", "check")
    },
    "wasm-pack": _group("builds for browsers"),
    "wasm-pack build": _wasm("compiles and packs", Mode.BUILD),
    "wasm-pack test": _wasm("runs tests", Mode.BUILD),
    "wasm-pack pack": _wasm("packs", Mode.BUILD),
    "wasm-pack publish": _wasm("publishes", Mode.OUTSIDE),
    "wasm-pack login": _wasm("logs in", Mode.OUTSIDE),
    "napi": _group("builds for Node"),
    "napi build": Tool(
        summary="compiles for Node",
        mode=Mode.BUILD,
        cores=ALL_CORES,
        options={
            Role.FLAG: "--platform --release -r --strip -s --esm --no-const-enum --dts-cache --no-dts-cache --no-js --no-js-binding "
            "--zig --cross-compile -x --use-napi-cross -v --verbose --all-features --no-default-features --const-enum",
            Role.VALUE: "--target -t --features -F --profile --bin --js-package-name --dts-header",
            Role.READS: "--config -c --config-path --package-json-path",
            Role.WRITES: "--output-dir -o --js --dts",
        },
    ),
    "trunk": _group("builds and serves for browsers"),
    "trunk build": Tool(summary="compiles and bundles", mode=Mode.BUILD, options=_TRUNK, cores=ALL_CORES),
    "trunk watch": Tool(summary="compiles and bundles on changes", mode=Mode.BUILD, options=_TRUNK, cores=ALL_CORES),
    "trunk serve": Tool(summary="serves the application", mode=Mode.SERVE, port=8080, options=_TRUNK, cores=ALL_CORES),
    "trunk clean": Tool(summary="removes what was built", mode=Mode.BUILD, options=_TRUNK),
    "mdbook": Tool(summary="makes books", mode=Mode.GROUP),
    **{
        f"mdbook {name}": Tool(summary="makes a book", mode=Mode.EDIT, whole=True, options=_MDBOOK)
        for name in ("build", "clean", "test")
    },
    "mdbook serve": Tool(summary="serves a book", mode=Mode.SERVE, port=3000, options=_MDBOOK),
    "taplo": _group("formats and checks TOML"),
    **{
        f"taplo {name}": Tool(
            summary="formats TOML",
            mode=Mode.EDIT,
            files=_TOML,
            options={
                Role.CHECKS: "--check --diff",
                Role.FLAG: "-f --force",
                Role.VALUE: "-o --option --colors",
                Role.READS: "-c --config",
            },
        )
        for name in ("fmt", "format")
    },
    **{
        f"taplo {name}": Tool(
            summary="checks TOML, by schemas that it or settings name",
            mode=Mode.READ,
            files="*.{toml,json}",
            options={Role.READS: "-c --config", Role.VALUE: "--colors"},
        )
        for name in ("lint", "check", "validate")
    },
    "typos": Tool(
        summary="looks for misspelled words",
        mode=Mode.READ,
        options={
            Role.FLAG: _LEVELS + "--diff --force-exclude --hidden --no-check-filenames --no-ignore --isolated --sort",
            Role.VALUE: "--format --exclude --color --locale -t --type -j --threads",
            Role.READS: "-c --config",
            Role.EDITS: "-w --write-changes",
        },
    ),
}
