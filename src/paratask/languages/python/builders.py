"""The Python tools that build, document, serve and publish, and those that tidy a repository. Data only."""

from __future__ import annotations

from paratask.languages.kept_caches import BYTECODE
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_VERBOSITY = "-q --quiet -v --verbose"
_SPHINX: Mapping[Role, str] = {
    Role.FLAG: "-q -Q -v --verbose -W --fail-on-warning --keep-going -n --nitpicky -E --fresh-env -a --write-all -T --show-traceback "
    "-N --no-color --color -C --isolated --quiet --silent",
    Role.VALUE: "-b --builder -t --tag -A --html-define -M",
    Role.SETTING: "-D --define",
    Role.READS: "-c --conf-dir",
    Role.WRITES: "-d --doctree-dir -w --warning-file",
    Role.CORES: "-j --jobs",
}
_MKDOCS: Mapping[Role, str] = {
    Role.FLAG: _VERBOSITY + " -s --strict --no-strict -c --clean --dirty --use-directory-urls --no-directory-urls",
    Role.VALUE: "-t --theme",
    Role.READS: "-f --config-file",
    Role.WRITES: "-d --site-dir",
}
_BUMP = Tool(
    summary="changes the version, and commits and tags when set so",
    mode=Mode.OUTSIDE,
    operands=Operands.WORDS,
    options={
        Role.FLAG: "-n --dry-run --verbose -v --list --allow-dirty --commit --no-commit --tag --no-tag --sign-tags --no-configured-files",
        Role.VALUE: "--current-version --new-version --parse --serialize --search --replace --tag-name --tag-message -m --message "
        "--commit-args",
        Role.READS: "--config-file",
    },
)
_PACKAGING: Mapping[Role, str] = {
    Role.FLAG: _VERBOSITY + " -s --sdist -w --wheel -n --no-isolation -x --skip-dependency-check",
    Role.VALUE: "-C --config-setting --installer",
    Role.WRITES: "-o --outdir",
}
_APPLICATION: Mapping[Role, str] = {
    Role.FLAG: "--reload --factory --proxy-headers --no-proxy-headers --no-access-log --access-log --use-colors --no-use-colors "
    "--debug --no-debug --no-reload --preload",
    Role.VALUE: "--host --log-level --loop --http --ws --workers -w --lifespan --root-path --timeout --interface --limit-concurrency "
    "--timeout-keep-alive -k --worker-class --threads --log-config --reload-include --reload-exclude",
    Role.READS: "--reload-dir --env-file --app-dir --ssl-keyfile --ssl-certfile -c --config",
    Role.PORT: "--port -b --bind -p",
}

BUILDERS: Mapping[str, Tool] = {
    "pyproject-build": Tool(summary="builds distributions", mode=Mode.BUILD, options=_PACKAGING),
    "check-manifest": Tool(
        summary="compares a source distribution that it builds with what git has",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-q --quiet -v --verbose -c --create -u --update --no-build-isolation",
            Role.VALUE: "-p --python --ignore --ignore-bad-ideas",
        },
    ),
    "pyroma": Tool(
        summary="rates the packaging of a project, which it builds",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-a --auto -d --directory -f --file -p --pypi -q --quiet",
            Role.VALUE: "-n --min --skip-tests",
        },
    ),
    "flit": Tool(summary="builds and publishes", mode=Mode.GROUP, options={Role.READS: "-f --ini-file"}),
    "flit build": Tool(
        summary="builds distributions",
        mode=Mode.BUILD,
        options={Role.FLAG: "--setup-py --no-setup-py --use-vcs --no-use-vcs", Role.VALUE: "--format"},
    ),
    "flit publish": Tool(summary="publishes", mode=Mode.OUTSIDE, options={Role.VALUE: "--repository --format --pypirc"}),
    "maturin": Tool(summary="builds extension modules", mode=Mode.GROUP, options={Role.FLAG: "-v --verbose -q --quiet"}),
    "maturin build": Tool(
        summary="builds an extension module",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        cores=2.0,
        options={
            Role.FLAG: "-r --release --strip --sdist --locked --frozen --offline --all-features --no-default-features --zig",
            Role.VALUE: "-i --interpreter -F --features --target --profile -b --bindings --compatibility --auditwheel",
            Role.CORES: "-j --jobs",
            Role.READS: "-m --manifest-path",
            Role.WRITES: "-o --out --target-dir",
        },
    ),
    "maturin sdist": Tool(summary="builds a source distribution", mode=Mode.BUILD, options={Role.WRITES: "-o --out"}),
    "maturin develop": Tool(
        summary="builds into the environment",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        writes=".venv",
        holds="python-environment",
        cores=2.0,
        options={
            Role.FLAG: "-r --release --strip --uv --skip-install --locked",
            Role.VALUE: "-E --extras -F --features --profile",
        },
    ),
    "maturin publish": Tool(
        summary="publishes", mode=Mode.OUTSIDE, options={Role.FLAG: "-r --release --no-sdist --skip-existing"}
    ),
    "maturin upload": Tool(summary="publishes", mode=Mode.OUTSIDE, options={Role.FLAG: "--skip-existing"}),
    "twine": Tool(summary="checks and publishes distributions", mode=Mode.GROUP),
    "twine check": Tool(summary="checks distributions", mode=Mode.READ, options={Role.FLAG: "--strict"}),
    "twine upload": Tool(
        summary="publishes distributions",
        mode=Mode.OUTSIDE,
        options={
            Role.FLAG: "--skip-existing --verbose --non-interactive --disable-progress-bar --attestations -s --sign",
            Role.VALUE: "-r --repository --repository-url -u --username -p --password -c --comment -i --identity --sign-with",
            Role.READS: "--config-file --cert --client-cert",
        },
    ),
    "twine register": Tool(summary="registers a project", mode=Mode.OUTSIDE, options={Role.VALUE: "-r --repository -u -p"}),
    "python -m compileall": Tool(
        summary="compiles modules",
        mode=Mode.READ,
        keeps=BYTECODE,
        files="*.py",
        options={
            Role.FLAG: "-l -f -q -b --hardlink-dupes -qq",
            Role.VALUE: "-r -x -d -s -p -o -e --invalidation-mode",
            Role.READS: "-i",
            Role.CORES: "-j --workers",
        },
    ),
    "python -m py_compile": Tool(
        summary="compiles modules", mode=Mode.READ, keeps=BYTECODE, files="*.py", options={Role.FLAG: "-q --quiet"}
    ),
    "python -m tabnanny": Tool(summary="checks indentation", mode=Mode.READ, options={Role.FLAG: "-q -v"}),
    "python -m zipapp": Tool(
        summary="packs an application",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-c --compress --info",
            Role.VALUE: "-p --python -m --main",
            Role.WRITES: "-o --output",
        },
    ),
    "pyclean": Tool(
        summary="removes compiled modules",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "-q --quiet -v --verbose -n --dry-run -y --yes",
            Role.VALUE: "-i --ignore",
            Role.WHOLE: "-d --debris",
        },
    ),
    "python setup.py": Tool(
        summary="builds by a project's own script",
        mode=Mode.GROUP,
        options={Role.FLAG: _VERBOSITY + " --no-user-cfg --version"},
    ),
    **{
        f"python setup.py {command}": Tool(
            summary="builds",
            mode=Mode.BUILD,
            operands=Operands.TASKS,
            options={
                Role.FLAG: "--inplace -i --universal --quiet -q --verbose -v --force -f --all -a",
                Role.VALUE: "--formats --plat-name --python-tag -p",
                Role.WRITES: "-d --dist-dir -b --build-base --bdist-dir --build-lib",
            },
        )
        for command in ("build", "build_ext", "build_py", "sdist", "bdist_wheel", "egg_info", "test", "clean")
    },
    "python setup.py upload": Tool(summary="publishes", mode=Mode.OUTSIDE),
    "python setup.py register": Tool(summary="registers a project", mode=Mode.OUTSIDE),
}

DOCUMENTATION: Mapping[str, Tool] = {
    "sphinx-build": Tool(
        summary="writes documentation to its output folder",
        mode=Mode.READ,
        operands=Operands.OUTPUT,
        options=_SPHINX,
        dependencies=True,
    ),
    "sphinx-autobuild": Tool(
        summary="serves documentation and builds it on changes",
        mode=Mode.SERVE,
        port=8000,
        options={
            **_SPHINX,
            Role.FLAG: _SPHINX[Role.FLAG] + " --open-browser --no-initial --re-ignore",
            Role.VALUE: _SPHINX[Role.VALUE] + " --host --delay --ignore",
            Role.READS: "-c --conf-dir --watch",
            Role.PORT: "--port",
        },
    ),
    "sphinx-apidoc": Tool(
        summary="writes documentation sources",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-q -f --force -e --separate -P --private -M --module-first -T --no-toc -E --no-headings -F --full "
            "--implicit-namespaces -l --follow-links --remove-old",
            Role.VALUE: "-d --maxdepth -s --suffix -H --doc-project -A --doc-author -V --doc-version",
            Role.WRITES: "-o --output-dir",
            Role.READS: "-t --templatedir",
        },
    ),
    "mkdocs": Tool(summary="builds documentation", mode=Mode.GROUP, options={Role.FLAG: _VERBOSITY + " --color --no-color"}),
    "mkdocs build": Tool(summary="builds documentation", mode=Mode.BUILD, options=_MKDOCS),
    "mkdocs serve": Tool(
        summary="serves documentation",
        mode=Mode.SERVE,
        port=8000,
        options={
            **_MKDOCS,
            Role.FLAG: _MKDOCS[Role.FLAG] + " --livereload --no-livereload --dirtyreload -o --open",
            Role.READS: "-f --config-file -w --watch",
            Role.PORT: "-a --dev-addr",
        },
    ),
    "zensical": Tool(summary="builds documentation", mode=Mode.GROUP),
    "zensical build": Tool(
        summary="builds documentation",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options={Role.FLAG: "-c --clean -s --strict", Role.READS: "-f --config-file"},
    ),
    "zensical serve": Tool(
        summary="serves documentation",
        mode=Mode.SERVE,
        operands=Operands.NONE,
        port=8000,
        options={Role.FLAG: "-o --open -s --strict", Role.READS: "-f --config-file", Role.PORT: "-a --dev-addr"},
    ),
    "mkdocs gh-deploy": Tool(
        summary="publishes documentation",
        mode=Mode.OUTSIDE,
        options={
            **_MKDOCS,
            Role.FLAG: _MKDOCS[Role.FLAG] + " --force --no-history --ignore-version --shell",
            Role.VALUE: "-m --message -b --remote-branch -r --remote-name -t --theme",
        },
    ),
}

SERVERS: Mapping[str, Tool] = {
    "python -m http.server": Tool(
        summary="serves a folder",
        mode=Mode.SERVE,
        dependencies=False,
        operands=Operands.PORT,
        port=8000,
        options={
            Role.FLAG: "--cgi",
            Role.VALUE: "-b --bind -p --protocol",
            Role.READS: "-d --directory",
        },
    ),
    "uvicorn": Tool(summary="serves an application", mode=Mode.SERVE, operands=Operands.WORDS, port=8000, options=_APPLICATION),
    "hypercorn": Tool(
        summary="serves an application", mode=Mode.SERVE, operands=Operands.WORDS, port=8000, options=_APPLICATION
    ),
    "gunicorn": Tool(
        summary="serves an application", mode=Mode.SERVE, operands=Operands.WORDS, port=8000, options=_APPLICATION
    ),
    "flask": Tool(
        summary="serves an application",
        mode=Mode.GROUP,
        options={
            Role.FLAG: "--debug --no-debug",
            Role.VALUE: "-A --app",
            Role.READS: "-e --env-file",
        },
    ),
    "flask run": Tool(
        summary="serves an application",
        mode=Mode.SERVE,
        operands=Operands.NONE,
        port=5000,
        options={
            **_APPLICATION,
            Role.VALUE: "-h --host --cert --key --extra-files --exclude-patterns",
            Role.INFORMS: "--help",
        },
    ),
}


def _hooks(program: str) -> Mapping[str, Tool]:
    """The entries of pre-commit, and of what takes its place."""
    return {
        program: Tool(
            summary="runs a repository's hooks", mode=Mode.GROUP, options={Role.VALUE: "--color", Role.READS: "-c --config"}
        ),
        f"{program} run": Tool(
            summary="runs hooks, which may change any file",
            mode=Mode.REPOSITORY,
            operands=Operands.TASKS,
            options={
                Role.FLAG: "-a --all-files -v --verbose --show-diff-on-failure",
                Role.VALUE: "--color --hook-stage --from-ref -s --source --to-ref -o --origin --files",
                Role.READS: "-c --config",
            },
        ),
        f"{program} install": Tool(
            summary="installs git hooks",
            mode=Mode.NOTHING,
            operands=Operands.NONE,
            writes=".git/hooks",
            options={
                Role.FLAG: "-f --overwrite --install-hooks --allow-missing-config",
                Role.VALUE: "-t --hook-type --color",
                Role.READS: "-c --config",
            },
        ),
        f"{program} autoupdate": Tool(
            summary="updates its configuration",
            mode=Mode.NOTHING,
            operands=Operands.NONE,
            writes=".pre-commit-config.yaml",
            options={Role.FLAG: "--bleeding-edge --freeze", Role.VALUE: "--repo -j --jobs"},
        ),
        f"{program} validate-config": Tool(summary="checks its configuration", mode=Mode.READ),
        f"{program} install-hooks": Tool(
            summary="makes the environments of hooks",
            mode=Mode.READ,
            operands=Operands.NONE,
            options={Role.VALUE: "--color", Role.READS: "-c --config"},
        ),
    }


REPOSITORY: Mapping[str, Tool] = {
    "bump2version": _BUMP,
    "bumpversion": _BUMP,
    "bump-my-version": Tool(summary="changes the version", mode=Mode.GROUP),
    "bump-my-version bump": _BUMP,
    "bump-my-version show": Tool(summary="prints the version", mode=Mode.READ, operands=Operands.WORDS),
    "cz": Tool(summary="commits and changes versions", mode=Mode.GROUP),
    "cz check": Tool(summary="checks commit messages", mode=Mode.READ, options={Role.VALUE: "--rev-range --message -m"}),
    "cz bump": Tool(
        summary="changes the version and tags",
        mode=Mode.OUTSIDE,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "--yes --changelog -ch --dry-run --no-verify --check-consistency",
            Role.VALUE: "--increment --prerelease -pr",
        },
    ),
    **_hooks("pre-commit"),
    **_hooks("prek"),
    **dict.fromkeys(
        ("prek autoupdate", "prek auto-update"),
        Tool(summary="updates the configurations of all projects", mode=Mode.REPOSITORY, operands=Operands.NONE),
    ),
}
