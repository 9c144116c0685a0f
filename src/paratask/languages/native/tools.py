"""What cmake, ctest, cpack, ninja, meson, make and the checkers of C and C++ can be asked for, as data. See `paratask.languages.tool_table`."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_claims import SEVERAL_CORES
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CMAKE_INFORMS = (
    "--help --help-full --help-manual-list --help-command-list --help-module-list --help-policy-list --help-property-list "
    "--help-variable-list --version -version /V --list-presets --system-information"
)
_CONFIGURE: Mapping[Role, str] = {
    Role.FLAG: "-Wno-dev -Wdev -Werror -Wno-error -Wdeprecated -Wno-deprecated --fresh --warn-uninitialized --no-warn-unused-cli --check-system-vars "
    "--debug-output --debug-trycompile --debug-find --trace --trace-expand --trace-format --log-level --log-context --compile-no-warning-as-error "
    "-L -LA -LH -LAH -N",
    Role.VALUE: "-D -U -G -T -A -S -B -H --preset --install-prefix --toolchain -C",
    Role.WRITES: "--graphviz --trace-redirect --profiling-output",
    Role.INFORMS: _CMAKE_INFORMS,
}
_COMPILE = "reads its source and writes its build folder"
_CTEST: Mapping[Role, str] = {
    Role.FLAG: "--progress -V --verbose -VV --extra-verbose --debug --output-on-failure --stop-on-failure -F -Q --quiet -N --show-only "
    "--rerun-failed --schedule-random --no-tests --no-label-summary --no-subproject-summary --force-new-ctest-process "
    "--no-compress-output --print-labels -U --union",
    Role.VALUE: "-C --build-config -R --tests-regex -E --exclude-regex -L --label-regex -LE --label-exclude -FA --fixture-exclude-any -FS "
    "--fixture-exclude-setup -FC --fixture-exclude-cleanup -I --tests-information --repeat --timeout --stop-time --test-timeout "
    "--max-width --test-load --interactive-debug-mode --preset --tests-from-file --exclude-from-file",
    Role.CORES: "-j --parallel",
    Role.FOLDER: "--test-dir",
    Role.WRITES: "-O --output-log --output-junit",
    Role.READS: "--resource-spec-file",
    Role.INFORMS: "--help --version --list-presets",
}
_MESON_SETUP: Mapping[Role, str] = {
    Role.FLAG: "--reconfigure --wipe --fatal-meson-warnings --strip --werror --debug --clearcache",
    Role.VALUE: "-D --prefix --buildtype --default-library --warnlevel --unity --optimization --layout --backend --wrap-mode --auto-features",
    Role.READS: "--native-file --cross-file",
    Role.INFORMS: "--help -h --version",
}
_MESON = "in a meson project"

TOOLS: Mapping[str, Tool] = {
    "cmake": Tool(summary=f"configures: {_COMPILE}", mode=Mode.COMPILE, options=_CONFIGURE),
    "cmake --build": Tool(
        summary=f"builds: {_COMPILE}",
        mode=Mode.COMPILE,
        options={
            Role.FLAG: "--clean-first --use-stderr -v --verbose",
            Role.VALUE: "--target -t --config --preset --resolve-package-references",
            Role.CORES: "-j --parallel",
            Role.INFORMS: "--list-presets --help -h",
        },
    ),
    "cmake --install": Tool(
        summary="installs what was built",
        mode=Mode.INSTALL,
        options={
            Role.FLAG: "--strip -v --verbose",
            Role.VALUE: "--config --component --default-directory-permissions --prefix",
            Role.CORES: "-j --parallel",
        },
    ),
    "cmake --workflow": Tool(
        summary="configures, builds and tests as a preset says",
        mode=Mode.BUILD,
        options={Role.FLAG: "--fresh", Role.VALUE: "--preset", Role.INFORMS: "--list-presets"},
        cores=SEVERAL_CORES,
    ),
    "cmake -E": Tool(summary="does what everyday commands do", mode=Mode.RUN),
    "ctest": Tool(summary="runs the tests of a build", mode=Mode.BUILD, operands=Operands.NONE, options=_CTEST),
    "cpack": Tool(
        summary="packs what was built",
        mode=Mode.COMPILE,
        operands=Operands.NONE,
        options={
            Role.FLAG: "-V --verbose --debug --trace --trace-expand",
            Role.VALUE: "-G -C -D -P -R --vendor --preset",
            Role.WRITES: "-B",
            Role.INFORMS: "--help --version --list-presets",
        },
    ),
    "ninja": Tool(
        summary=f"builds: {_COMPILE}",
        mode=Mode.COMPILE,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-v --verbose --quiet -n",
            Role.VALUE: "-k -l -d -w",
            Role.CORES: "-j",
            Role.FOLDER: "-C",
            Role.TASKS: "-t",
            Role.INFORMS: "--version -h --help",
        },
        cores=SEVERAL_CORES,
    ),
    "meson": Tool(summary="builds projects", mode=Mode.GROUP, options={Role.INFORMS: "--version -v --help -h"}),
    "meson setup": Tool(summary=f"configures: {_COMPILE}", mode=Mode.COMPILE, options=_MESON_SETUP),
    "meson compile": Tool(
        summary=f"builds: {_COMPILE}",
        mode=Mode.COMPILE,
        operands=Operands.WORDS,
        options={Role.FLAG: "--clean -v --verbose", Role.VALUE: "-l", Role.CORES: "-j --jobs", Role.FOLDER: "-C"},
        cores=SEVERAL_CORES,
    ),
    "meson test": Tool(
        summary="builds, and runs the tests",
        mode=Mode.BUILD,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "--no-rebuild -v --verbose -q --quiet --print-errorlogs --no-stdsplit --list --maxfail --benchmark",
            Role.VALUE: "--suite --no-suite --repeat -t --timeout-multiplier --num-processes -j --test-args",
            Role.FOLDER: "-C",
        },
        cores=SEVERAL_CORES,
    ),
    "meson introspect": Tool(
        summary=f"prints what there is {_MESON}",
        mode=Mode.READ,
        options={
            Role.FLAG: "-a --all -i --indent -f --force-object-output --targets --tests --benchmarks --buildoptions --dependencies "
            "--installed --projectinfo --ast --scan-dependencies --buildsystem-files --machines --compilers --install-plan",
            Role.VALUE: "--backend",
        },
    ),
    "make": Tool(
        summary="runs the recipes of a Makefile",
        mode=Mode.SCRIPT,
        operands=Operands.SCRIPTS,
        options={
            Role.FLAG: "-s --silent --quiet --no-silent -k --keep-going -S --no-keep-going -B --always-make -i --ignore-errors -w "
            "--print-directory --no-print-directory -r --no-builtin-rules -R --no-builtin-variables --trace --warn-undefined-variables "
            "-O --output-sync -d --debug -n --just-print --dry-run --recon -b -m -L -q --question",
            Role.VALUE: "-l --load-average --max-load -W --what-if -o --old-file",
            Role.READS: "-f --file --makefile",
            Role.CORES: "-j --jobs",
            Role.FOLDER: "-C --directory",
            Role.INFORMS: "-v --version -h --help",
        },
    ),
    **{
        name: Tool(summary="compiles the sources it is given", mode=Mode.COMPILE)
        for name in ("cc", "c++", "gcc", "g++", "clang", "clang++")
    },
    "clang-tidy": Tool(
        summary="checks sources as a build compiles them",
        mode=Mode.READ,
        whole=True,
        settings=".clang-tidy",
        options={
            Role.FLAG: "-quiet --quiet -use-color --use-color -system-headers --system-headers -allow-no-checks --allow-no-checks "
            "-header-filter --header-filter -checks --checks -warnings-as-errors --warnings-as-errors -format-style --format-style "
            "-extra-arg --extra-arg -extra-arg-before --extra-arg-before -exclude-header-filter --exclude-header-filter -config "
            "--config -line-filter --line-filter",
            Role.READS: "-p -config-file --config-file -vfsoverlay --vfsoverlay",
            Role.WRITES: "-export-fixes --export-fixes -store-check-profile --store-check-profile",
            Role.WHOLE: "-fix --fix -fix-errors --fix-errors -fix-notes --fix-notes",
            Role.INFORMS: "-list-checks --list-checks -dump-config --dump-config -explain-config --explain-config -verify-config "
            "--verify-config -version",
        },
    ),
    "cppcheck": Tool(
        summary="checks sources",
        mode=Mode.READ,
        whole=True,
        options={
            Role.FLAG: "--enable --disable --std --language --inline-suppr --force -f --quiet -q --verbose -v --xml --xml-version "
            "--error-exitcode --suppress --template --template-location --inconclusive --check-config --check-library "
            "--max-configs --max-ctu-depth --check-level --platform --output-format --report-progress --safety --showtime "
            "--library --relative-paths -rp --file-filter --performance-valueflow-max-if-count --exception-handling "
            "--suppress-xml --debug --fsigned-char --funsigned-char",
            Role.VALUE: "-D -U -x -l",
            Role.READS: "-I -i --include --includes-file --config-exclude --exitcode-suppressions --suppressions-list --file-list --rule-file "
            "--project",
            Role.WRITES: "--output-file --cppcheck-build-dir --plist-output --checkers-report",
            Role.CORES: "-j",
            Role.INFORMS: "--version --help --errorlist --doc",
        },
    ),
}  # fmt: skip
"""Every program and way to call it that is recognised. cmake's ways are told by an option, which stands here as part of the name."""
