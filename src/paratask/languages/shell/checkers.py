"""Programs that look at scripts and data of no language in particular: shellcheck, shfmt, actionlint, yamllint, yamlfmt, yq and the like.

Each reads the paths it is given, else all below its folder, and writes them instead where one of its options says so. What is not
in the table is not accepted. Knows nothing of what the programs' own configuration files say.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Evidence
from paratask.frozen import dataclass
from paratask.languages.installed_programs import starting
from paratask.languages.options import resolve_path
from paratask.languages.place import anywhere
from paratask.languages.settings_above import settings_above
from paratask.languages.shell.call import BELOW, Accepts, local, option_claims, parse_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.shell.call import Call
    from paratask.plugins.hookspecs import Invocation, Place, Recognition


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """`edits` are the options with which it writes; with `only_reads` instead it writes unless one of those is given.

    `default` is what it reads without operands, `settings` what it reads in any case, both as patterns from the root. `follows`
    says that it reads more than it is given (what a script sources), `texts` how many operands are no paths. `leaves` are files
    that it may write in its folder in any case.
    """

    accepts: Accepts
    edits: tuple[str, ...] = ()
    only_reads: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    settings: str = ""
    follows: bool = False
    texts: int = 0
    leaves: tuple[str, ...] = ()


_YQ = Checker(
    accepts=Accepts(
        flags="-i --inplace -P --prettyPrint -r --unwrapScalar -e --exit-status -N --no-doc -n --null-input -C --colors -M "
        "--no-colors -j --tojson -0 --nul-output -v --verbose",
        values="-o --output-format -p --input-format -I --indent --expression",
        reads="--from-file",
    ),
    edits=("-i", "--inplace"),
    texts=1,
)
CHECKERS: Mapping[str, Checker] = {
    "shellcheck": Checker(
        accepts=Accepts(
            flags="-a -x --check-sourced --external-sources --color --norc --list-optional",
            values="-C -e -f -i -o -P -s -S -W --exclude --format --include --enable --source-path --shell --severity",
            reads="--rcfile",
        ),
        follows=True,
    ),
    "shfmt": Checker(
        accepts=Accepts(
            flags="-l -d -w -s -mn -bn -ci -sr -kp -fn -p -f --list --diff --write --simplify --minify --binary-next-line "
            "--case-indent --space-redirects --keep-padding --func-next-line --posix --find",
            values="-i -ln --indent --language-dialect --filename",
        ),
        edits=("-w", "--write"),
    ),
    "clang-format": Checker(
        accepts=Accepts(
            flags="-i -n --dry-run -Werror --Werror --verbose --sort-includes --fail-on-incomplete-format",
            values="-style --style -fallback-style --fallback-style -assume-filename --assume-filename --ferror-limit",
            reads="--files",
        ),
        edits=("-i",),
        settings="**/.clang-format*",
    ),
    "actionlint": Checker(
        accepts=Accepts(
            flags="-color -no-color -oneline -verbose -debug",
            values="-format -ignore -shellcheck -pyflakes",
            reads="-config-file",
        ),
        default=("**/.github/**", "**/action.{yml,yaml}"),
    ),
    "yamllint": Checker(
        accepts=Accepts(
            flags="-s --strict --no-warnings --list-files", values="-d -f --config-data --format", reads="-c --config-file"
        ),
        settings="**/.yamllint*",
    ),
    "yamlfmt": Checker(
        accepts=Accepts(
            flags="-lint -dry -quiet -verbose -continue_on_error -gitignore_excludes -in",
            values="-formatter -extensions -match_type -output_format",
            reads="-conf -gitignore_path",
        ),
        only_reads=("-lint", "-dry", "-in"),
    ),
    "addlicense": Checker(
        accepts=Accepts(flags="-check -s -v", values="-c -l -y -ignore -skip", reads="-f"), only_reads=("-check",)
    ),
    "kubeconform": Checker(
        accepts=Accepts(
            flags="-summary -strict -verbose -exit-on-error -ignore-missing-schemas -insecure-skip-tls-verify",
            values="-kubernetes-version -n -output -reject -skip -ignore-filename-pattern",
            reads="-schema-location",
            writes="-cache",
        )
    ),
    **dict.fromkeys(
        ("ec", "editorconfig-checker"),
        Checker(
            accepts=Accepts(
                flags="-v -debug --debug -verbose --verbose -no-color --no-color -dry-run --dry-run",
                values="-exclude --exclude -format --format -f",
                reads="-config --config",
            ),
            settings="**/.e{ditorconfig*,crc}",
        ),
    ),
    "lychee": Checker(
        accepts=Accepts(
            flags="-v --verbose -q --quiet -n --no-progress --offline --include-fragments --include-verbatim --include-mail --cache "
            "--no-ignore --hidden --insecure --skip-missing --glob-ignore-case --require-https -E --exclude-all-private "
            "--exclude-private --exclude-link-local --exclude-loopback --exclude-mail",
            values="--exclude --exclude-path --include --max-concurrency --max-retries --max-redirects --max-cache-age --min-tls "
            "-a --accept -t --timeout -r --retry-wait-time -X --method -b --base --base-url --root-dir --remap -f --format --mode "
            "-s --scheme -u --user-agent -H --header --github-token --basic-auth --cache-exclude-status --fallback-extensions "
            "--extensions -T --threads --archive",
            reads="-c --config",
            writes="-o --output",
        ),
        follows=True,
        leaves=(".lycheecache",),
    ),
    "markdown-link-check": Checker(
        accepts=Accepts(
            flags="-p --progress -q --quiet -v --verbose -r --retry",
            values="-a --alive -P --projectBaseUrl",
            reads="-c --config",
        ),
        follows=True,
    ),
    "lipo": Checker(
        accepts=Accepts(flags="-create -info -archs -detailed_info", values="-thin -extract -remove", writes="-output -o")
    ),
    "yq": _YQ,
    "yq eval": _YQ,
}
_SHORT = {"e": "yq eval", "eval": "yq eval", "ea": "yq eval", "eval-all": "yq eval"}
_LONG_WITH_ONE_DASH = frozenset(
    ["actionlint", "yamlfmt", "addlicense", "kubeconform", "ec", "editorconfig-checker", "shfmt", "clang-format", "lipo"]
)


def recognise_checker(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """One of CHECKERS."""
    if name == "yq" and words[:1] and words[0] in _SHORT:
        name, words = _SHORT[words[0] or ""], words[1:]
    checker = CHECKERS[name]
    call = parse_call(name.partition(" ")[0], words, checker.accepts, invocation, place)
    if call is None or (name in _LONG_WITH_ONE_DASH and not _spelled_out(call, words)):
        return None
    texts = 0 if call.has("--expression", "--from-file") else checker.texts
    if any(reads_more in text for text in call.operands[:texts] for reads_more in ("load", "eval")):
        return None
    paths = call.operands[texts:] or (() if texts or checker.default else (".",))
    edits = call.has(*checker.edits) if checker.edits else bool(checker.only_reads) and not call.has(*checker.only_reads)
    claims = call.writes(paths, BELOW) if edits else _read(call, paths, checker)
    program = starting([call.name], f"`{call.name}` may be one that go installed")
    given = [path for word in paths if (path := resolve_path(word, invocation.cwd))]
    above = settings_above(call.name, (*given, invocation.cwd), place, but=given)
    return local(
        (*option_claims(call), *call.writes(checker.leaves), *claims, *above, *program),
        f"`{call.name}` {'writes' if edits else 'reads'} the paths it is given",
    )


def _read(call: Call, paths: Sequence[str], checker: Checker) -> tuple[Claim, ...]:
    reason = f"`{call.name}` reads it"
    patterns = (*(() if paths else checker.default), *filter(None, [checker.settings]))
    own = (Claim(access=Access.READ, pattern=pattern, evidence=Evidence.INFERRED, reason=reason) for pattern in patterns)
    more = anywhere(Access.READ, f"`{call.name}` follows what they refer to") if checker.follows else ()
    return (*call.reads(paths, BELOW), *own, *more)


def _spelled_out(call: Call, words: Sequence[Word]) -> bool:
    """Whether each option stands as a word of its own: these programs know no letters written together."""
    given = {word.partition("=")[0] for word in words if word is not None}
    return all(option.name in given for option in call.parsed.options)
