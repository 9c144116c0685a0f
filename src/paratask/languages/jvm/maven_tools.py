"""Maven's phases and the goals of plugins that are called by name, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = "maven-repository"
"""The user's local repository. Maven 3 locks it within one process only: downloads are put in place whole, so that several calls may
share it, but what `install` puts there is what others would resolve meanwhile.
"""
OPTIONS: Mapping[Role, str] = {
    Role.FLAG: "-B --batch-mode --non-interactive -C --strict-checksums -c --lax-checksums -e --errors -X --debug --verbose "
    "-fae --fail-at-end -ff --fail-fast -fn --fail-never -N --non-recursive -nsu --no-snapshot-updates "
    "-ntp --no-transfer-progress -npr --no-plugin-registry -npu --no-plugin-updates -o --offline -q --quiet -U --update-snapshots "
    "-up --update-plugins -cpu --check-plugin-updates -llr --legacy-local-repository -am --also-make -amd --also-make-dependents "
    "-itr --ignore-transitive-repositories -r --resume --raw-streams -fos --fail-on-severity -V --show-version",
    Role.VALUE: "-D --define -P --activate-profiles -pl --projects -rf --resume-from -b --builder --color",
    Role.PROJECT: "-f --file",
    Role.READS: "-s --settings -gs --global-settings -is --install-settings -t --toolchains -gt --global-toolchains",
    Role.WRITES: "-l --log-file",
    Role.CORES: "-T --threads",
    Role.INFORMS: "-v --version -h --help -ep --encrypt-password -emp --encrypt-master-password",
}


def _of(summary: str, mode: Mode, *, writes: str = "", holds: str = "", shares: str = REPOSITORY) -> Tool:
    return Tool(summary=summary, mode=mode, operands=Operands.WORDS, writes=writes, holds=holds, shares="" if holds else shares)


def _several(names: str, tool: Tool) -> dict[str, Tool]:
    return dict.fromkeys(names.split(), tool)


_POMS = "pom.xml pom.xml.versionsBackup pom.xml.tag pom.xml.next pom.xml.releaseBackup"
GOALS: Mapping[str, Tool] = {
    **_several("validate initialize", _of("checks the modules", Mode.READ)),
    **_several("pre-clean clean post-clean", _of("removes what was built", Mode.COMPILE)),
    **_several(
        "generate-sources process-sources generate-resources process-resources compile process-classes generate-test-sources "
        "process-test-sources generate-test-resources process-test-resources test-compile process-test-classes",
        _of("compiles", Mode.COMPILE),
    ),
    "test": _of("runs tests", Mode.BUILD),
    **_several("prepare-package package", _of("runs tests and packs", Mode.BUILD)),
    **_several("pre-integration-test integration-test post-integration-test verify", _of("runs all tests", Mode.BUILD)),
    "install": _of("builds, and puts the results into the local repository", Mode.BUILD, holds=REPOSITORY),
    **_several("pre-site site post-site", _of("writes reports", Mode.BUILD)),
    **_several("deploy site-deploy", _of("builds and deploys", Mode.OUTSIDE, holds=REPOSITORY)),
    **_several(
        "compiler:compile compiler:testCompile resources:resources resources:testResources jar:jar jar:test-jar war:war source:jar "
        "source:jar-no-fork javadoc:javadoc javadoc:jar javadoc:aggregate assembly:single clean:clean "
        "spring-boot:repackage spring-boot:build-info checkstyle:check checkstyle:checkstyle pmd:check pmd:pmd pmd:cpd "
        "pmd:cpd-check spotbugs:check spotbugs:spotbugs jacoco:report jacoco:check jacoco:report-aggregate spotless:check "
        "ktlint:check detekt:check dependency:analyze dependency:analyze-only license:check japicmp:cmp "
        "project-info-reports:dependencies enforcer:enforce fmt:check sortpom:verify spring-javaformat:validate formatter:validate "
        "impsort:check",
        _of("writes into `target`", Mode.COMPILE),
    ),
    **_several(
        "surefire:test failsafe:integration-test failsafe:verify pitest:mutationCoverage spotbugs:gui",
        _of("runs tests", Mode.BUILD),
    ),
    **_several(
        "dependency:tree dependency:list dependency:resolve dependency:resolve-plugins dependency:go-offline "
        "dependency:resolve-sources dependency:list-repositories dependency:display-ancestors help:effective-pom "
        "help:effective-settings help:active-profiles help:all-profiles help:describe help:evaluate help:system "
        "versions:display-dependency-updates versions:display-plugin-updates versions:display-property-updates "
        "versions:display-parent-updates enforcer:display-info",
        _of("looks at the modules", Mode.READ),
    ),
    **_several(
        "spotless:apply fmt:format spring-javaformat:apply formatter:format impsort:sort ktlint:format license:format license:remove "
        "license:update-file-header rewrite:run rewrite:runNoFork",
        _of("changes sources", Mode.EDIT),
    ),
    **_several(
        "versions:set versions:set-property versions:update-properties versions:use-latest-versions versions:use-latest-releases "
        "versions:use-next-releases versions:use-releases versions:update-parent versions:update-child-modules versions:commit "
        "versions:revert versions:set-scm-tag versions:lock-snapshots versions:unlock-snapshots sortpom:sort tidy:pom",
        _of("changes every `pom.xml`", Mode.EDIT, writes=_POMS),
    ),
    **_several("flatten:flatten flatten:clean", _of("writes `.flattened-pom.xml`", Mode.EDIT, writes=".flattened-pom.xml")),
    "wrapper:wrapper": _of("writes the wrapper", Mode.EDIT, writes="mvnw mvnw.cmd .mvn/wrapper/**"),
    **_several(
        "install:install dependency:purge-local-repository",
        _of("changes the local repository", Mode.COMPILE, holds=REPOSITORY),
    ),
    **_several(
        "exec:java exec:exec spring-boot:run spring-boot:start quarkus:dev jetty:run tomcat7:run wildfly:run liberty:dev antrun:run "
        "groovy:execute jbang:run javafx:run",
        _of("runs a program", Mode.MODULE),
    ),
    **_several(
        "deploy:deploy deploy:deploy-file release:prepare release:perform release:clean release:rollback release:stage "
        "release:update-versions release:branch jib:build jib:dockerBuild docker:build docker:push dockerfile:push "
        "nexus-staging:release nexus-staging:deploy scm:tag scm:checkin site:deploy gh-pages:site gpg:sign sonar:sonar "
        "spring-boot:build-image wagon:upload central-publishing:publish",
        _of("has effects that others can see", Mode.OUTSIDE),
    ),
}
MAVEN: Mapping[str, Tool] = {
    "mvn": Tool(summary="builds modules", mode=Mode.GROUP),
    **{f"mvn {name}": tool for name, tool in GOALS.items()},
}
SKIPPING = frozenset({"skipTests", "maven.test.skip"})
"""Properties that keep tests from being run."""
