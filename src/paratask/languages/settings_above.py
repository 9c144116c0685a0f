"""Settings that a tool looks for above the folder it works in: `eslint.config.js` of a monorepo's root, for a package's `eslint .`.

Each program stands with the names of the files that it goes up for, by its documentation, and that it reads below what it is given. They
are read whether they are there or not, since a step may write one; what those that are there name by a path (`extends: ../base.json`) is
read too. Settings that lie beside the manifest and nowhere else stand in the tool's entry. Those above the root's folder, and those of a
user, are no step's matter.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from paratask.claims.braces import expand
from paratask.claims.model import Access, Claim, Evidence
from paratask.claims.overlap import escape
from paratask.languages.options import is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.plugins.hookspecs import Place

_CODE = "{js,cjs,mjs,ts,cts,mts}"
_DATA = "{,.json,.yaml,.yml,.js,.cjs,.mjs,.ts,.cts,.mts}"
_TSCONFIG = "{ts,js}config{,.base,.eslint}.json"
_TYPES = f"{_TSCONFIG} package.json"
_BUNDLED = f"postcss.config.{_CODE} .postcssrc{_DATA} .browserslistrc babel.config.{{json,{_CODE}}} .babelrc{_DATA} {_TYPES}"
_PROGRAMS: Mapping[str, str] = {
    "eslint": f"eslint.config.{_CODE} .eslintrc{_DATA} .eslintignore {_TYPES}",
    "oxlint": f".oxlintrc.json{{,c}} oxlint.config.{_CODE} .eslintignore {_TYPES}",
    "oxfmt": f".oxfmtrc.json{{,c}} oxfmt.config.{_CODE} .editorconfig .prettierignore package.json",
    "prettier": f".prettierrc{{.toml,.json5,{_DATA}}} prettier.config.{_CODE} .prettierignore .editorconfig package.json package.yaml",
    "biome": f"{{,.}}biome.json{{,c}} .editorconfig {_TYPES}",
    "stylelint": f".stylelintrc{_DATA} stylelint.config.{_CODE} .stylelintignore package.json",
    "markdownlint markdownlint-cli2": ".markdownlint{,-cli2}.{json,jsonc,yaml,yml,cjs,mjs} .markdownlintrc .markdownlintignore package.json",
    "cspell": f"{{,.}}cspell{{,.config}}.{{json,jsonc,toml,yaml,yml,{_CODE}}} cSpell.json package.json",
    "standard semistandard ts-standard": f".eslintignore {_TYPES}",
    "jshint": ".jshintrc .jshintignore package.json",
    "es-check": ".escheckrc{,.json} .browserslistrc package.json",
    "lockfile-lint": f".lockfile-lintrc{_DATA} lockfile-lint.config.{_CODE} package.json",
    "alex": f".alexrc{_DATA} .alexignore package.json",
    "textlint": f".textlintrc{_DATA} .textlintignore package.json",
    "remark": f".remarkrc{_DATA} .remarkignore package.json",
    "secretlint": f".secretlintrc{_DATA} .secretlintignore package.json",
    "case-police ssort": "",
    "jscpd": "{,.config/}.jscpd.json package.json",
    "tsd ts-unused-exports": _TYPES,
    "dpdm": f"dpdm.config.{{json,{_CODE}}} {_TYPES}",
    "unimported": f"{{.,.config/}}unimportedrc{_DATA} {_TYPES}",
    "npmPkgJsonLint": f".npmpackagejsonlintrc{_DATA} npmpackagejsonlint.config.{_CODE} .npmpackagejsonlintignore package.json",
    "dclint": f"{{.,.config/}}dclintrc{_DATA} dclint.config.{_CODE} package.json",
    "linthtml": f"{{.,.config/}}linthtmlrc{_DATA} linthtml.config.{_CODE} .linthtmlignore package.json",
    "pug-lint": ".{pug,jade}-lintrc{,.js,.json} .{pug,jade}-lint.json package.json",
    "graphql-schema-linter": f".graphql-schema-linterrc{_DATA} graphql-schema-linter.config.{_CODE} package.json",
    "graphql-inspector": f".graphqlrc{_DATA} graphql.config.{_CODE} {_TYPES}",
    "commitlint": f"commitlint.config.{_CODE} .commitlintrc{_DATA} package.json",
    "knip depcheck": "{,.}knip.{json,jsonc,ts,js} .depcheckrc{,.json,.yaml,.yml} package.json",
    "jest": f"jest.{{config,preset}}.{{json,{_CODE}}} {_BUNDLED}",
    "vitest": f"{{vitest.config,vitest.workspace,vite.config}}.{{json,{_CODE}}} {_BUNDLED}",
    "mocha ava": f".mocharc.{{json,jsonc,yaml,yml,{_CODE}}} ava.config.{_CODE} {_TYPES}",
    "c8 nyc": ".{nyc,c8}rc{,.json,.yaml,.yml} nyc.config.{js,cjs,mjs} package.json",
    "playwright cypress svelte-check tsx ts-node": _TYPES,
    "vite webpack rollup rolldown parcel esbuild tsup tsdown unbuild rspack rsbuild next nuxt nuxi astro remix storybook vitepress docusaurus babel": (
        _BUNDLED
    ),
    "swc": ".swcrc package.json",
    "postcss": f"postcss.config.{_CODE} .postcssrc{_DATA} .browserslistrc package.json",
    "npm npx": ".npmrc",
    "yarn": ".yarnrc{,.yml} .npmrc .pnp.{cjs,loader.mjs,data.json}",
    "pnpm pnpx": ".npmrc pnpm-workspace.yaml .pnpmfile.{cjs,mjs}",
    "bun bunx": "bunfig.toml .npmrc",
    "ruff": "pyproject.toml ruff.toml .ruff.toml",
    "black": "pyproject.toml",
    "isort": ".isort.cfg pyproject.toml setup.cfg tox.ini .editorconfig",
    "mypy dmypy": "mypy.ini .mypy.ini pyproject.toml setup.cfg",
    "pyright basedpyright": "pyrightconfig.json pyproject.toml",
    "ty": "ty.toml pyproject.toml",
    "pyrefly": "pyrefly.toml pyproject.toml pyrightconfig.json mypy.ini .mypy.ini setup.cfg",
    "yapf autopep8 flynt": ".style.yapf .yapfignore .pep8 setup.cfg tox.ini pyproject.toml",
    "mdformat": ".mdformat.toml",
    "djlint": "djlint.toml .djlintrc .djlint_rules.yaml .editorconfig pyproject.toml",
    "pyproject-fmt": "pyproject-fmt.toml",
    "pymarkdown pymarkdownlnt": ".pymarkdown{,.yml,.yaml} pyproject.toml",
    "docstrfmt pydoclint check-manifest": "pyproject.toml setup.cfg tox.ini",
    "vermin": "vermin.{ini,conf} .vermin setup.cfg",
    "darglint": ".darglint setup.cfg tox.ini",
    "tryceratops pycln fawltydeps pip-licenses": "pyproject.toml setup.cfg",
    "yamlfix": "{,.}yamlfix.toml pyproject.toml",
    "doc8": "{,.config/}doc8.ini tox.ini pep8.ini setup.cfg pyproject.toml docutils.conf",
    "rstcheck": ".rstcheck.cfg setup.cfg pyproject.toml docutils.conf",
    "beautysh": ".editorconfig pyproject.toml",
    "gersemi": ".gersemirc",
    "rumdl": "{,.,.config/}rumdl.toml {,.}markdownlint{,-cli2}.{json,jsonc,yaml,yml} .markdownlintignore pyproject.toml",
    "tombi": "{,.,.config/}tombi.toml pyproject.toml",
    "hlint": ".hlint.yaml",
    "ocamlformat": ".ocamlformat{,-ignore,-enable} .ocp-indent dune-project",
    "deptry": "pyproject.toml *requirements*.{txt,in}",
    "radon xenon autoflake docformatter": "pyproject.toml setup.cfg tox.ini radon.cfg",
    "pylint": "{,.}pylintrc{,.toml} pyproject.toml setup.cfg tox.ini",
    "flake8": ".flake8 setup.cfg tox.ini",
    "bandit": ".bandit pyproject.toml",
    "codespell": ".codespellrc setup.cfg pyproject.toml",
    "pydocstyle": ".pydocstyle{,.ini,rc,rc.ini} pyproject.toml setup.cfg tox.ini",
    "pytest py.test": "pytest.ini .pytest.ini pytest.toml .pytest.toml pyproject.toml tox.ini setup.cfg conftest.py .coveragerc",
    "tox": "tox.ini tox.toml pyproject.toml setup.cfg",
    "uv uvx": "uv.toml pyproject.toml .python-version{,s}",
    "staticcheck": "staticcheck.conf",
    "buf": "buf.yaml buf.work.yaml buf.lock",
    "shfmt ktlint": ".editorconfig",
    "shellcheck": ".shellcheckrc shellcheckrc",
    "cargo cross": "rust-toolchain{,.toml} {,.}{rustfmt,clippy,deny}.toml .cargo/config{,.toml} .config/{nextest,hakari}.toml",
    "rustfmt": "{,.}rustfmt.toml rust-toolchain{,.toml}",
    "stylua": "{,.}stylua.toml .styluaignore .editorconfig",
    "taplo": "taplo.toml .taplo.toml",
    "sqlfluff": ".sqlfluff{,ignore} setup.cfg tox.ini pep8.ini pyproject.toml",
    "sqlfmt": "pyproject.toml",
    "solhint": f".solhint{_DATA} .solhintignore .prettierrc{_DATA} prettier.config.{_CODE} package.json",
    "deno": "deno.json{,c} package.json tsconfig.json .npmrc .editorconfig",
    "dart": "analysis_options.yaml pubspec.yaml .dart_tool/package_config.json",
    "cmake-format cmake-lint": "{,.}cmake-format{,.json,.yaml,.py}",
    "buildifier": ".buildifier{,-tables}.json",
    "kube-linter": ".kube-linter.y{,a}ml",
    "luacheck": ".luacheckrc",
    "rubocop standardrb": ".rubocop{,_todo}.yml .standard.yml",
    "phpcs phpcbf": "{,.}phpcs.xml{,.dist}",
    "psalm": "psalm.xml{,.dist}",
}
NAMES = {program: tuple(names.split()) for programs, names in _PROGRAMS.items() for program in programs.split()}
"""The patterns of names that each program looks for."""
_AS_GIT = frozenset(
    "eslint oxlint oxfmt prettier biome markdownlint markdownlint-cli2 cspell knip depcheck ruff black isort mypy dmypy ty pyrefly djlint stylua deno deptry standard "
    "semistandard ts-standard case-police jscpd linthtml npmPkgJsonLint pymarkdown pymarkdownlnt gersemi rumdl tombi pycln ssort".split()
)
"""Those that pass over what git ignores, always or where they are told to. Below what they are given, tools put lists of that kind into folders
that they make (`.venv`, `coverage`), which say no more than that these are to be passed over.
"""
_LISTS_OF_GIT = (".gitignore", ".ignore")
ANY_SETTINGS = (
    "*.config.*,*rc,.*rc.*,.*ignore,.editorconfig,*config*.json,package.*,{,.}biome.*,{jest,vitest}.*,pnpm-workspace.yaml,"
    "*.toml,*.cfg,*.ini,.flake8,.pep8,.style.yapf,.djlint*,conftest.py,.python-version*,.golangci.*,go.work,rust-toolchain,.pnpm*,.c*/*,.bandit,"
    ".markdownlint*,*requirements*.{txt,in}"
)
"""The names that are looked for by most tools, with commas between them."""
_MOST_NAMES = 1_024
_IMPORTED = re.compile(r"""\b(?:from|import|require)\s*\(?\s*["'](\.[^"'\n]+)["']""")
_NAMING = re.compile(
    r"""\b(?:extends?|inherit_from|plugins|jsPlugins|customRules|preset)["']?\s*[:=]\s*"""
    r"""(\[[^\]]*\]|["'][^"'\n]*["']|(?:\s*-[ ]\S+)+|[^\s"',]+)"""
)
"""A key whose value is one file or several, in JSON, TOML, YAML, INI or JavaScript."""
_PIECE = re.compile(r"""[^\s"',\[\]]+""")
_KINDS = (".toml", ".json", ".yml", ".yaml", ".ini")
_ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".json")
_OTHERS = frozenset(("package.json", "conftest.py", *(expand(_TSCONFIG, _MOST_NAMES) or ())))
"""What is looked for here and names paths that are other claims' matter."""
_MOST_FILES = 64


def any_settings(folder: str, place: Place) -> str:
    """The pattern of what most programs look for in `folder` when they are called there or below, written shorter and somewhat wider."""
    return place.pattern(folder, f"/{{{ANY_SETTINGS}}}")


def settings_above(program: str, folders: Iterable[str], place: Place, *, but: Iterable[str] = ()) -> tuple[Claim, ...]:
    """Reading what `program` looks for in `folders` and all above these; those in `but` are claimed otherwise."""
    if program not in NAMES:
        return ()
    left_out = frozenset(but)
    above = dict.fromkeys(each for folder in dict.fromkeys(folders) for each in folders_above(folder, place))
    return tuple(entry for folder in above for entry in _read_in(program, folder, place, whole=folder in left_out))


@remembered(8_192)
def _read_in(program: str, folder: str, place: Place, *, whole: bool) -> tuple[Claim, ...]:
    """The settings in one folder, less those where all in it is read, and what they name elsewhere."""
    names, reason = NAMES[program], f"settings of `{program}`"
    every = (*names, *_LISTS_OF_GIT) if program in _AS_GIT else names
    suffix = f"/{{{','.join(every)}}}" if len(every) > 1 else f"/{every[0]}"
    own = () if whole else (_reading(place.pattern(folder, suffix), reason),)
    return (*own, *(_reading(pattern, f"{reason} name it") for pattern in _named_in(folder, names, place)))


def _reading(pattern: str, reason: str) -> Claim:
    return Claim(access=Access.READ, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)


def _named_in(folder: str, names: tuple[str, ...], place: Place) -> tuple[str, ...]:
    """The patterns of what the settings in `folder` name by a path, and of what that names, wherever in the checkout it lies."""
    found: dict[str, None] = {}
    wanted = _written_out(names)
    waiting = [posixpath.join(folder, name) for name in place.listdir(folder) if name in wanted]
    seen = set(waiting)
    while waiting and len(seen) <= _MOST_FILES:
        for path in _named_by(waiting.pop(), place):
            found.update(dict.fromkeys(_patterns(path, place)))
            known = next(
                (each for each in (path, *(path + end for end in _ENDINGS)) if place.read_text(each) is not None), None
            )
            if known and known not in seen:
                seen.add(known)
                waiting.append(known)
    return tuple(found)


@lru_cache(maxsize=128)
def _written_out(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for each in names for name in expand(each, _MOST_NAMES) or ()) - _OTHERS


def _named_by(path: str, place: Place) -> Iterator[str]:
    """The paths that the file of settings at `path` has read with it."""
    text = place.read_text(path) or ""
    listed = (piece for value in _NAMING.findall(text) for piece in _PIECE.findall(value))
    given = (piece for piece in listed if piece.startswith(("./", "../")) or piece.endswith(_KINDS))
    for piece in dict.fromkeys((*_IMPORTED.findall(text), *given)):
        named = resolve_path(piece, posixpath.dirname(path))
        if named is not None and is_within(named, place.root) and named != place.root:
            yield named


def _patterns(path: str, place: Place) -> Iterator[str]:
    """A file, also where its ending is left out, or all of a folder; what is not there might be either."""
    folder, name = posixpath.split(path)
    if place.listdir(path):
        yield place.pattern(path, "/**")
    elif place.exists(path):
        yield place.pattern(path)
    else:
        yield place.pattern(folder, f"/{escape(name)}{{,.*,/**}}")
