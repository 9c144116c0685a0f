"""Programs that lint and format sources of languages that have no plugin of their own, and documents, as data.

See `paratask.languages.shell.checker_table` for what the entries say. Those that check policies, schemas and queries stand in more_checkers.py.
"""

from __future__ import annotations

from paratask.languages.shell.call import Accepts
from paratask.languages.shell.checker_table import Checker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_XML = (
    "noout valid postvalid nonet nowarning noblanks format recover huge noent noenc quiet timing xinclude noxincludenode "
    "nofixup-base-uris loaddtd dtdattr stream c14n c14n11 exc-c14n nsclean html xmlout nodefdtd nocatalogs catalogs nocdata dropdtd "
    "copy push memory load-trace sax sax1 oldxml10 debug htmlout nowrap walker nocompact"
)
_XML_VALUES, _XML_FILES = "xpath encode pretty pattern maxmem dtdvalidfpi path", "schema relaxng schematron dtdvalid"
_RUMDL_FLAGS = (
    "--preflight --diff --no-code-block-tools --no-exclude --no-config --isolated --respect-gitignore -q --quiet --show-full-path "
    "--stderr --no-cache --deny-config-warnings -v --verbose --stdin -s --silent"
)
_RUMDL_VALUES = (
    "-d --disable -e --enable --rules --extend-enable --extend-disable --fixable --unfixable --exclude --include --color "
    "--stdin-filename --output-format --flavor"
)
_RUMDL_CACHE = (".rumdl_cache/**",)
_RUMDL_FILES = tuple(
    f"{name}:{word}"
    for name in (".rumdl.toml", "rumdl.toml", ".config/rumdl.toml", "pyproject.toml")
    for word in ("code-block-tools", "code_block_tools", "cache-dir", "cache_dir")
)
"""Its code block tools are programs that it starts."""
_TOMBI = "--quiet --offline -v --verbose --no-cache"
_TOMBI_VALUES = "--stdin-filename --diagnostics-format --cache-ttl --color"
_MANIFESTS = "**/{package.json,pnpm-workspace.yaml,lerna.json,rush.json,package-lock.json,yarn.lock,bun.lock,bun.lockb}"
_PYDOCLINT = (
    "--exclude -isf --include-stub-files --style -ths --type-hints-in-signature -aths --arg-type-hints-in-signature -thd "
    "--type-hints-in-docstring -athd --arg-type-hints-in-docstring -ao --check-arg-order -scsd --skip-checking-short-docstrings -scr "
    "--skip-checking-raises -scpf --skip-checking-private-functions -aid --allow-init-docstring "
    "--require-return-section-when-returning-none -rrs --require-return-section-when-returning-nothing -crt --check-return-types -rys "
    "--require-yield-section-when-yielding-nothing -cyt --check-yield-types -iua --ignore-underscore-args -iuoa --ignore-underscore-only-args -ipa --ignore-private-args "
    "-isda --ignore-special-dunder-args -cca --check-class-attributes -sdpca --should-document-private-class-attributes -ipca "
    "--ignore-private-class-attributes -iuoca --ignore-underscore-only-class-attributes -isdca "
    "--ignore-special-dunder-class-attributes -tpmaca --treat-property-methods-as-class-attributes -oawcv "
    "--only-attrs-with-ClassVar-are-treated-as-class-attrs -ricvd --require-inline-class-var-docs -sdsa "
    "--should-document-star-arguments -oswdv --omit-stars-when-documenting-varargs -sdae "
    "--should-declare-assert-error-if-assert-statement-exists -csm --check-style-mismatch -cad --check-arg-defaults -sfn "
    "--show-filenames-in-every-violation-message -nmnl --native-mode-noqa-location --generate-baseline -arb --auto-regenerate-baseline"
)
OF_SOURCES: Mapping[str, Checker] = {
    "xmllint": Checker(
        accepts=Accepts(
            flags=" ".join(f"-{name} --{name}" for name in _XML.split()),
            values=" ".join(f"-{name} --{name}" for name in _XML_VALUES.split()),
            reads=" ".join(f"-{name} --{name}" for name in _XML_FILES.split()),
            writes="-o -output --output",
        ),
        follows=True,
    ),
    "squawk": Checker(
        accepts=Accepts(
            flags="--verbose --assume-in-transaction --no-assume-in-transaction --no-error-on-unmatched-pattern --list-rules",
            values="--exclude-path -e --exclude -i --include --pg-version --debug --reporter --stdin-filepath",
            reads="-c --config",
        ),
        default=("/dev/stdin",),
        settings="**/.squawk.toml",
        others="server upload-to-github help",
    ),
    "cfn-lint": Checker(
        accepts=Accepts(
            flags="-b --ignore-bad-template -l --list-rules -e --include-experimental -v --merge-configs -D --debug -I --info -L "
            "--list-templates",
            values="--ignore-templates --parameters -f --format -r --regions -i --ignore-checks -c --include-checks -m "
            "--mandatory-checks -x --configure-rule --non-zero-exit-code",
            reads="-t --template --deployment-files --parameter-files --config-file -z --custom-rules -a --append-rules -o --override-spec "
            "-s --registry-schemas",
            writes="--output-file",
        ),
        follows=True,
        unless=tuple(
            f".cfnlintrc{end}:{word}"
            for end in ("", ".yaml", ".yml")
            for word in ("output_file", "build_graph", "update_specs")
        ),
    ),
    "doc8": Checker(
        accepts=Accepts(
            flags="--allow-long-titles --no-sphinx -q --quiet -v --verbose",
            values="--ignore --ignore-path --ignore-path-errors --default-extension --file-encoding --max-line-length -e --extension",
            reads="--config",
        ),
        follows=True,
    ),
    "rstcheck": Checker(
        accepts=Accepts(
            flags="-r --recursive --warn-unknown-settings",
            values="--report-level --log-level --ignore-directives --ignore-roles --ignore-substitutions --ignore-languages "
            "--ignore-messages",
            reads="--config --sphinx-source-dir",
        ),
        follows=True,
    ),
    "swagger-cli validate": Checker(accepts=Accepts(flags="--no-schema --no-spec -d --debug"), follows=True),
    "swagger-cli bundle": Checker(
        accepts=Accepts(flags="-r --dereference -d --debug", values="-f --format -t --type -w --wrap", writes="-o --outfile"),
        follows=True,
    ),
    "jsonlint": Checker(
        accepts=Accepts(
            flags="-q --quiet -c --compact -s --sort-keys -p --pretty-print -i --in-place",
            values="-t --indent -e --environment",
            reads="-V --validate",
        ),
        edits=("-i", "--in-place"),
        default=("/dev/stdin",),
    ),
    "rumdl check": Checker(
        accepts=Accepts(
            flags=f"{_RUMDL_FLAGS} -f --fix --profile --statistics", values=f"{_RUMDL_VALUES} --fail-on", reads="-c --config"
        ),
        edits=("-f", "--fix"),
        follows=True,
        leaves=_RUMDL_CACHE,
        unless=_RUMDL_FILES,
    ),
    "rumdl fmt": Checker(
        accepts=Accepts(flags=f"{_RUMDL_FLAGS} --check", values=_RUMDL_VALUES, reads="-c --config"),
        only_reads=("--check", "--diff"),
        follows=True,
        leaves=_RUMDL_CACHE,
        unless=_RUMDL_FILES,
    ),
    "tombi lint": Checker(
        accepts=Accepts(flags=f"{_TOMBI} --error-on-warnings", values=_TOMBI_VALUES, writes="--diagnostics-file"),
        default=("**/*.toml",),
        follows=True,
        holds="tombi-cache",
    ),
    **dict.fromkeys(
        ("tombi format", "tombi fmt"),
        Checker(
            accepts=Accepts(flags=f"{_TOMBI} --check --diff", values=_TOMBI_VALUES, writes="--diagnostics-file"),
            only_reads=("--check",),
            default=("**/*.toml",),
            follows=True,
            holds="tombi-cache",
        ),
    ),
    "manypkg check": Checker(accepts=Accepts(), default=(_MANIFESTS,), settings=_MANIFESTS),
    "pydoclint": Checker(
        accepts=Accepts(flags="-q --quiet", values=_PYDOCLINT, reads="--config", writes="--baseline"),
        unless=("pyproject.toml:baseline",),
        files="*.{py,pyi}",
    ),
    "gdformat": Checker(
        accepts=Accepts(flags="-c --check -d --diff -f --fast", values="-l --line-length -s --use-spaces"),
        only_reads=("-c", "--check", "-d", "--diff"),
        settings="**/{,.}gdformatrc",
        holds="gdtoolkit-cache",
        files="*.gd",
    ),
    "gdlint": Checker(accepts=Accepts(flags="-v --verbose"), settings="**/{,.}gdlintrc", holds="gdtoolkit-cache", files="*.gd"),
    "beautysh": Checker(
        accepts=Accepts(flags="-c --check -t --tab -v", values="-i --indent-size -s --force-function-style --variable-style"),
        only_reads=("-c", "--check"),
    ),
    "bashate": Checker(
        accepts=Accepts(flags="-v --verbose -s --show", values="-i --ignore -w --warn -e --error --max-line-length")
    ),
    "gersemi": Checker(
        accepts=Accepts(
            flags="-c --check -i --in-place --diff --safe --unsafe --warn-about-unknown-commands --no-warn-about-unknown-commands "
            "--disable-formatting --enable-formatting -q --quiet --color --no-color --cache --no-cache --warnings-as-errors "
            "--respect-ignore-files --no-respect-ignore-files",
            values="-l --line-length --indent --list-expansion --sort-order -w --workers --line-ranges --stdin-filepath",
            reads="--definitions --config",
        ),
        edits=("-i", "--in-place"),
        follows=True,
        unless=(".gersemirc:cache_dir", ".gersemirc:extensions"),
    ),
    "cpplint": Checker(
        accepts=Accepts(
            flags="--recursive --quiet",
            values="--verbose --v --output --filter --counting --root --repository --linelength --headers --exclude --extensions "
            "--includeorder",
        ),
        settings="**/{CPPLINT.cfg,*.{h,hh,hpp,hxx,h++,cuh}}",
    ),
    "flawfinder": Checker(
        accepts=Accepts(
            flags="--listrules --allowlink --followdotdir --nolink --inputs -I --falsepositive -F --neverignore -n --context -c --columns "
            "-C --dataonly -D --html -H --immediate -i --sarif --sonar --csv --singleline -S --omittime --quiet -Q",
            values="--exclude -m --minlevel -e --regex --error-level",
            reads="-P --patch --loadhitlist --diffhitlist",
            writes="--savehitlist",
        )
    ),
    "lizard": Checker(
        accepts=Accepts(
            flags="-V --verbose -w --warnings_only --warning-msvs --no-gitignore -X --xml --csv -H --html -m --modified --checkstyle",
            values="-l --languages -C --CCN -L --length -a --arguments -i --ignore_warnings -x --exclude -t --working_threads -s --sort "
            "-T --Threshold",
            reads="-W --whitelist",
            writes="-o --output_file",
        ),
        settings="**/{whitelizard.txt,.gitignore}",
    ),
    "alejandra": Checker(
        accepts=Accepts(flags="-c --check -q --quiet", values="-e --exclude -t --threads", reads="--experimental-config"),
        only_reads=("-c", "--check"),
        default=("/dev/stdin",),
        settings="**/alejandra.toml",
        files="*.nix",
    ),
    "ocamlformat": Checker(
        accepts=Accepts(
            flags="-i --inplace --check -q --quiet --enable-outside-detected-project --disable-outside-detected-project --impl --intf "
            "--use-file --version-check --no-version-check --ignore-invalid-option",
            values="-p --profile -m --margin -n --max-iters --name -c --config",
            reads="--root",
            writes="-o --output",
        ),
        edits=("-i", "--inplace"),
    ),
    "forge fmt": Checker(
        accepts=Accepts(
            flags="--check -r --raw --nearest -q --quiet", values="-j --threads --jobs --color --profile", reads="--root"
        ),
        only_reads=("--check",),
        default=("**/*.sol",),
        settings="**/foundry.toml",
        files="*.sol",
    ),
    **dict.fromkeys(
        ("swiftlint", "swiftlint lint"),
        Checker(
            accepts=Accepts(
                flags="--fix --autocorrect --format --use-alternative-excluding --strict --lenient --force-exclude --quiet --progress "
                "--enable-all-rules --no-cache",
                values="--reporter --only-rule",
                reads="--config --baseline",
                writes="--output --write-baseline",
            ),
            edits=("--fix", "--autocorrect"),
            settings="**/.swiftlint.yml",
            holds="swiftlint-cache",
            others="analyze autocorrect baseline docs generate-docs help reporters rules version",
            unless=tuple(
                f"**/.swiftlint.yml:{word}"
                for word in ("cache_path", "baseline", "output", "child_config", "parent_config", "http", "../")
            ),
            files="*.swift",
        ),
    ),
    "swiftformat": Checker(
        accepts=Accepts(
            flags="--lint --dry-run --dryrun --lenient --strict --verbose --quiet",
            values="--exclude --unexclude --swift-version --swiftversion --language-mode --rules --disable --enable --lint-only "
            "--reporter --symlinks --min-version --indent --max-width --maxwidth",
            reads="--config --base-config --baseconfig",
            writes="--report",
        ),
        only_reads=("--lint", "--dry-run", "--dryrun"),
        default=("/dev/stdin",),
        settings="**/.swift{format,-version}",
        holds="swiftformat-cache",
        unless=tuple(f"**/.swiftformat:--{word}" for word in ("cache", "output", "report", "markdown", "filelist")),
        files="*.swift",
    ),
    "hlint": Checker(
        accepts=Accepts(
            flags="-g --git --cross --json --cc --no-summary --no-exit-code --timing -s --show --cpp-simple --cpp-ansi -v --verbose -q "
            "--quiet --threads -c --color --colour",
            values="-i --ignore -e --extension -X --language -o --only --ignore-glob --with-group --cpp-define",
            reads="-h --hint -p --path --cpp-include --cpp-file",
        ),
        default=("**",),
        follows=True,
    ),
}
"""By name, with the subcommand."""
