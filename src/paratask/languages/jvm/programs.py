"""The JDK's programs, Kotlin's compiler, and formatters and linters for both languages, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS = frozenset(
    "-cp -classpath --class-path -p --module-path -sourcepath --source-path -processorpath --processor-path -bootclasspath "
    "-i --input -c --config --plugins -R --rulesets -d --dir".split()
)
"""Options with several paths in one word, where the tool declares them to have a value that changes nothing else."""
_PATHS = "-cp -classpath --class-path -p --module-path -sourcepath --source-path "
_MODULES = "--add-modules --add-exports --add-reads --add-opens --limit-modules -J "

JAVAC: Mapping[Role, str] = {
    Role.FLAG: "-g -g: -nowarn -verbose -deprecation -parameters -Werror -Xlint -Xlint: -Xdoclint -Xdoclint: -implicit: -proc: -Xdiags: "
    "--enable-preview -Xpkginfo: -XDignore.symbol.file",
    Role.VALUE: _PATHS
    + _MODULES
    + "--release -source --source -target --target -encoding -processor -processorpath --processor-path -A "
    "-Xmaxerrs -Xmaxwarns --module-version -bootclasspath",
    Role.WRITES: "-d -s -h",
    Role.INFORMS: "-version --version -help --help -X --help-extra --help-lint",
}
JAVADOC: Mapping[Role, str] = {
    Role.FLAG: "-quiet -verbose -public -protected -package -private -html5 -Xdoclint -Xdoclint: -Werror -Xwerror -notimestamp -author "
    "-version -use -splitindex -nodeprecated -noindex -notree -nohelp -nonavbar -linksource -keywords -breakiterator --enable-preview",
    Role.VALUE: _PATHS + _MODULES + "-subpackages -exclude -encoding -docencoding -charset -locale --release -source --source "
    "-windowtitle -doctitle -header -footer -bottom -link -tag -group -noqualifier -sourcetab -J",
    Role.READS: "-overview -stylesheetfile --main-stylesheet -helpfile",
    Role.WRITES: "-d",
    Role.INFORMS: "--version -help --help -X",
}
KOTLINC: Mapping[Role, str] = {
    Role.FLAG: "-include-runtime -nowarn -verbose -Werror -progressive -no-stdlib -no-reflect -no-jdk -java-parameters",
    Role.VALUE: _PATHS + "-jvm-target -language-version -api-version -module-name -opt-in -jdk-home -kotlin-home -J",
    Role.WRITES: "-d",
    Role.INFORMS: "-version -help -h -X",
}
COMPILERS: Mapping[str, Mapping[Role, str]] = {"javac": JAVAC, "javadoc": JAVADOC, "kotlinc": KOTLINC}
JAR: Mapping[Role, str] = {
    Role.FLAG: "-v --verbose -0 --no-compress -M --no-manifest -n --normalize -k --keep-old-files",
    Role.VALUE: "-e --main-class --module-version --release --date --warn-if-resolved -f --file",
    Role.READS: "-m --manifest",
    Role.WRITES: "--dir",
}

PROGRAMS: Mapping[str, Tool] = {
    "javac": Tool(summary="compiles", mode=Mode.COMPILE, options=JAVAC),
    "kotlinc": Tool(summary="compiles", mode=Mode.COMPILE, options=KOTLINC),
    "javadoc": Tool(summary="writes documentation", mode=Mode.COMPILE, options=JAVADOC),
    "jar": Tool(summary="packs and unpacks archives", mode=Mode.NOTHING),
    "java": Tool(summary="runs a program", mode=Mode.MODULE),
    "kotlin": Tool(summary="runs a program", mode=Mode.MODULE),
    "javap": Tool(
        summary="prints classes",
        mode=Mode.READ,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-v -verbose -l -public -protected -package -p -private -c -s -sysinfo -constants",
            Role.VALUE: "-cp -classpath --class-path --module-path -m --module",
            Role.INFORMS: "-version -help --help -?",
        },
    ),
    "jdeps": Tool(
        summary="prints what depends on what",
        mode=Mode.READ,
        options={
            Role.FLAG: "-s -summary -v -verbose -verbose: -R --recursive -jdkinternals --jdk-internals -q -quiet --print-module-deps "
            "--list-deps --list-reduced-deps --ignore-missing-deps --check --missing-deps",
            Role.VALUE: "-cp -classpath --class-path --module-path -m --module --multi-release --add-modules -e -regex -f -filter",
            Role.WRITES: "-dotoutput --dot-output --generate-module-info",
            Role.INFORMS: "-version --version",
        },
    ),
    "ktlint": Tool(
        summary="checks the style of Kotlin",
        mode=Mode.READ,
        options={
            Role.FLAG: "-a --android --color --relative --verbose -v --experimental --code-style= --disabled_rules",
            Role.VALUE: "--color-name --limit -l --log-level --code-style --reporter",
            Role.READS: "--editorconfig -R --ruleset",
            Role.WRITES: "--baseline",
            Role.EDITS: "-F --format",
        },
    ),
    "detekt": Tool(
        summary="lints Kotlin",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            Role.FLAG: "--build-upon-default-config --all-rules --debug --disable-default-rulesets -dd --fail-fast",
            Role.VALUE: "-i --input -c --config --excludes -ex --includes -in --jvm-target --language-version --base-path -bp "
            "--max-issues --fail-on-severity -p --plugins -cp --classpath",
            Role.READS: "--baseline -b",
            Role.REPORT: "-r --report",
            Role.EDITS: "--auto-correct -ac",
            Role.SEVERAL_CORES: "--parallel",
        },
    ),
    "google-java-format": Tool(
        summary="formats Java",
        mode=Mode.READ,
        options={
            Role.FLAG: "-n --dry-run --set-exit-if-changed -a --aosp --skip-sorting-imports --skip-removing-unused-imports "
            "--fix-imports-only --skip-javadoc-formatting --skip-reflowing-long-strings",
            Role.VALUE: "--lines --line --offset --length --assume-filename",
            Role.EDITS: "-i --replace",
        },
    ),
    "ktfmt": Tool(
        summary="formats Kotlin",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "--kotlinlang-style --google-style --meta-style --dropbox-style --set-exit-if-changed --do-not-remove-unused-imports",
            Role.VALUE: "--stdin-name",
            Role.CHECKS: "-n --dry-run",
        },
    ),
    "checkstyle": Tool(
        summary="checks the style of Java",
        mode=Mode.READ,
        options={
            Role.FLAG: "-d --debug --executeIgnoredModules",
            Role.VALUE: "-f -x --exclude-regexp",
            Role.READS: "-c -p -e --exclude",
            Role.WRITES: "-o",
            Role.INFORMS: "-V --version",
        },
    ),
    "pmd": Tool(summary="lints Java", mode=Mode.GROUP),
    "pmd check": Tool(
        summary="lints",
        mode=Mode.READ,
        options={
            Role.FLAG: "--no-cache --no-progress --fail-on-violation --no-fail-on-violation -v --verbose --show-suppressed --no-ruleset-compatibility",
            Role.VALUE: "-d --dir -R --rulesets -f --format --minimum-priority --use-version -e --encoding --aux-classpath -P --property",
            Role.READS: "--file-list --ignore-list",
            Role.WRITES: "-r --report-file",
            Role.CACHE: "--cache",
            Role.CORES: "-t --threads",
        },
    ),
    "pmd cpd": Tool(
        summary="looks for copies",
        mode=Mode.READ,
        options={
            Role.FLAG: "--ignore-identifiers --ignore-literals --ignore-annotations --skip-duplicate-files --no-fail-on-violation",
            Role.VALUE: "-d --dir --minimum-tokens -l --language -f --format --exclude -e --encoding",
        },
    ),
}
