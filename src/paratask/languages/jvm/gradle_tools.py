"""Gradle's options, and the tasks that are known by name, as data.

A name is known where Gradle's own plugins, or those that nearly everybody uses for formatting and linting, give it that meaning; a
build script that defines such a name otherwise is noticed elsewhere.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = "gradle-home"
"""`~/.gradle`: Gradle locks what lies there itself."""
OPTIONS: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -w --warn -i --info -d --debug -s --stacktrace -S --full-stacktrace --offline --no-daemon --daemon --foreground "
    "--build-cache --no-build-cache --configuration-cache --no-configuration-cache --configure-on-demand --no-configure-on-demand "
    "--continue --no-continue -U --refresh-dependencies --refresh-keys --export-keys --rerun-tasks --rerun --no-rebuild -a -m --dry-run "
    "--profile --watch-fs --no-watch-fs --no-scan --parallel --no-parallel --problems-report --no-problems-report "
    "--fail-fast --no-fail-fast --debug-jvm --all --group --types --single-path --info --test-dry-run --no-test-dry-run",
    Role.VALUE: "-P --project-prop -D --system-prop -x --exclude-task --console --warning-mode --priority --tests "
    "--configuration --dependency --task --gradle-version --distribution-type --gradle-distribution-url "
    "--gradle-distribution-sha256-sum --configuration-cache-problems -F --dependency-verification --non-interactive",
    Role.FOLDER: "-p --project-dir",
    Role.WRITES: "-g --gradle-user-home --project-cache-dir",
    Role.CORES: "--max-workers",
    Role.EDITS: "--write-locks --write-verification-metadata -M --update-locks",
    Role.OUTSIDE: "--scan",
    Role.WATCHES: "-t --continuous",
    Role.INFORMS: "-v --version -h --help -?",
}


def _several(names: str, tool: Tool) -> dict[str, Tool]:
    return dict.fromkeys(names.split(), tool)


def _of(summary: str, mode: Mode, *, writes: str = "", holds: str = "", whole: bool = False) -> Tool:
    """`whole`: what lies in the folders of projects below may be looked at too."""
    return Tool(summary=summary, mode=mode, operands=Operands.WORDS, writes=writes, holds=holds, shares=HOME, whole=whole)


TASKS: Mapping[str, Tool] = {
    **_several(
        "assemble classes testClasses jar testJar sourcesJar javadocJar war ear bootJar bootWar shadowJar compileJava "
        "compileKotlin compileGroovy compileScala compileTestJava compileTestKotlin processResources processTestResources javadoc "
        "groovydoc scaladoc dokkaHtml dokkaGfm dokkaJavadoc dokkaGenerate distZip distTar installDist "
        "assembleDist kaptKotlin kspKotlin startScripts assembleDebug assembleRelease bundleRelease bundleDebug",
        _of("compiles", Mode.COMPILE),
    ),
    **_several(
        "checkstyleMain checkstyleTest pmdMain pmdTest spotbugsMain spotbugsTest codenarcMain codenarcTest detekt detektMain detektTest "
        "ktlintCheck lintKotlin spotlessCheck spotlessJavaCheck spotlessKotlinCheck jacocoTestReport jacocoTestCoverageVerification "
        "apiCheck lint lintDebug lintRelease dependencyUpdates",
        _of("checks, and writes reports", Mode.COMPILE, whole=True),
    ),
    **_several("clean", _of("removes what was built", Mode.COMPILE)),
    **_several(
        "build check test testDebugUnitTest testReleaseUnitTest jmh",
        _of("runs tests", Mode.BUILD),
    ),
    **_several(
        "ktlintFormat formatKotlin spotlessApply spotlessJavaApply spotlessKotlinApply apiDump detektBaseline detektGenerateConfig "
        "generateLock saveLock updateLock lintFix",
        _of("changes sources", Mode.EDIT),
    ),
    **_several(
        "dependencies dependencyInsight tasks projects properties help buildEnvironment outgoingVariants resolvableConfigurations "
        "javaToolchains components artifactTransforms dependencyManagement",
        _of("looks at the build", Mode.READ),
    ),
    "wrapper": _of("writes the wrapper", Mode.EDIT, writes="gradlew gradlew.bat gradle/wrapper/**"),
    "publishToMavenLocal": _of(
        "builds, and puts the results into Maven's local repository", Mode.COMPILE, holds="maven-repository"
    ),
    **_several("bootRun run runIde bootTestRun", _of("runs a program of the build", Mode.MODULE)),
    **_several(
        "publish publishPlugins publishAllPublicationsToMavenRepository publishToSonatype closeAndReleaseSonatypeStagingRepository "
        "closeAndReleaseRepository publishAndReleaseToMavenCentral publishToMavenCentral uploadArchives jib jibDockerBuild bootBuildImage "
        "dockerPush deploy release sonar sonarqube",
        _of("has effects that others can see", Mode.OUTSIDE),
    ),
}
GRADLE: Mapping[str, Tool] = {
    "gradle": Tool(summary="builds projects", mode=Mode.GROUP),
    **{f"gradle {name}": tool for name, tool in TASKS.items()},
}
TESTING = frozenset({"test", "check"})
"""Tasks that, left out of `build`, keep tests from being run."""
