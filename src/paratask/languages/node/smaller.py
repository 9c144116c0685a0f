"""The smaller Node tools of many scripts, as data: those that copy, compile one kind of file, and look at imports or pages."""

from __future__ import annotations

from paratask.languages.node.tools import COLOR
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def _makes(summary: str, options: Mapping[Role, str]) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, options=options)


def _looks(summary: str, options: Mapping[Role, str], *, whole: bool = True, cache: str = "") -> Tool:
    return Tool(summary=summary, mode=Mode.READ, whole=whole, dependencies=whole, cache=cache, options=options)


SMALLER: Mapping[str, Tool] = {
    "copyfiles": _makes(
        "copies files",
        {Role.FLAG: "-a --all -f --flat -E --error -V --verbose -s --soft -F --follow", Role.VALUE: "-u --up -e --exclude"},
    ),
    "cpy": _makes(
        "copies files",
        {
            Role.FLAG: "--overwrite --no-overwrite --parents --dot --flat --update",
            Role.VALUE: "--rename --concurrency --base",
            Role.FOLDER: "--cwd",
        },
    ),
    "cpx": _makes(
        "copies files",
        {
            Role.FLAG: "-C --clean -L --dereference -p --preserve -u --update -v --verbose -w --watch --include-empty-dirs --no-initial"
        },
    ),
    "shx": Tool(summary="does what a shell's command of that name does", mode=Mode.RUN),
    "tsc-alias": _makes(
        "changes imports in what was compiled",
        {
            Role.FLAG: "-w --watch -v --verbose --silent -f --resolve-full-paths --debug",
            Role.VALUE: "-fe --resolve-full-extension",
            Role.READS: "-p --project --dir --inputglob",
            Role.WRITES: "--outDir --outdir",
        },
    ),
    "lessc": _makes(
        "compiles style sheets",
        {
            Role.FLAG: "--js --no-color -x --compress --clean-css --strict-imports --math --lint -M --depends -s --silent -l --source-map "
            "--source-map-inline --source-map-include-source --rewrite-urls -ru --verbose --quiet",
            Role.READS: "--include-path",
        },
    ),
    "uglifyjs": _makes(
        "makes programs small",
        {
            Role.FLAG: "-c --compress -m --mangle -b --beautify --comments --toplevel --source-map --ie --ie8 --keep-fnames --module "
            "--webkit --verbose --warn -V --timings",
            Role.VALUE: "-d --define -e --enclose -p --parse -O --output-opts --wrap",
            Role.READS: "--config-file",
            Role.WRITES: "-o --output --name-cache",
        },
    ),
    "jsdoc": _makes(
        "writes documentation",
        {
            Role.FLAG: "-r --recurse -p --private --pedantic --debug --verbose -X --explain",
            Role.VALUE: "-a --access -e --encoding -q --query",
            Role.READS: "-c --configure -t --template -R --readme -P --package -u --tutorials",
            Role.WRITES: "-d --destination",
        },
    ),
    "madge": _looks(
        "looks for circles of imports",
        {
            Role.FLAG: COLOR
            + "-c --circular --no-count --orphans --leaves -j --json -s --summary --warning --debug --no-spinner "
            "--include-npm --dot",
            Role.VALUE: "-d --depends -x --exclude -l --layout --extensions -b --basedir --stdin",
            Role.READS: "--require-config --webpack-config --ts-config",
            Role.WRITES: "-i --image",
        },
    ),
    **dict.fromkeys(
        ("depcruise", "dependency-cruise"),
        _looks(
            "checks imports",
            {
                Role.FLAG: "--no-config --progress -p --no-progress --ignore-known --metrics -m --no-metrics --ts-pre-compilation-deps "
                "--validate -v --info -i",
                Role.VALUE: "-T --output-type -I --include-only -F --focus --focus-depth -R --reaches -A --affected -x --do-not-follow "
                "--exclude -X --collapse -S --max-depth -M --module-systems -H --highlight --prefix -P --suffix",
                Role.READS: "--config -c --ts-config --webpack-config --babel-config",
                Role.WRITES: "-f --output-to",
                Role.CACHES: "-C --cache",
            },
            cache="node_modules/.cache/dependency-cruiser",
        ),
    ),
    "type-coverage": _looks(
        "measures types",
        {
            Role.FLAG: "--detail --suppressError --strict --debug --ignore-catch --ignore-unread "
            "--no-detail-when-failed --report-semantic-error",
            Role.VALUE: "--ignore-files --at-least",
            Role.READS: "-p --project",
        },
    ),
    "ts-prune": _looks(
        "looks for unused code",
        {Role.FLAG: "-e --error -u --unusedInModule", Role.VALUE: "-i --ignore -s --skip", Role.READS: "-p --project"},
    ),
    "html-validate": _looks(
        "checks pages",
        {
            Role.FLAG: "--dump-events",
            Role.VALUE: "--ext --max-warnings --rule --preset -f --formatter",
            Role.READS: "-c --config",
        },
        whole=False,
    ),
    "htmlhint": _looks(
        "checks pages",
        {
            Role.FLAG: "-n --nocolor -l --list --warn",
            Role.VALUE: "-r --rules -i --ignore -f --format",
            Role.READS: "-c --config -R --rulesdir",
        },
        whole=False,
    ),
}
