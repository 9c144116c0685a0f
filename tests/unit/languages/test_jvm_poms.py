"""How POMs are read: modules, inheritance, properties, profiles, and what plugins make of a build."""

from __future__ import annotations

import pytest
from test_jvm import MAVEN, PARENT, SELF, claims_of, module, plugin, reads, writes

from paratask.claims.model import Access, Effect, Evidence
from paratask.languages.xml_files import read_xml
from paratask.testing import FakeCheckout, patterns_of

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><project><artifactId>&b;</artifactId></project>'


def root(more: str = "", modules: str = "<module>core</module><module>api</module><module>web</module>") -> str:
    return (
        f"<project>{SELF}<groupId>shop</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging>"
        f"<modules>{modules}</modules>{more}</project>"
    )


def with_web(more: str) -> dict[str, str]:
    return {**MAVEN, "web/pom.xml": module("web", more=more)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<project>",
        "<project></other>",
        BOMB,
        '<!DOCTYPE project SYSTEM "file:///etc/passwd"><project/>',
        "<a>" * 300 + "</a>" * 300,
    ],
)
def test_what_is_no_plain_xml_is_not_read(text):
    assert read_xml("/repo/pom.xml", FakeCheckout({"pom.xml": text})) is None
    assert claims_of("mvn compile", {"pom.xml": text}).evidence is Evidence.NONE


def test_elements():
    place = FakeCheckout({"a.xml": '<?xml version="1.0"?><n:a xmlns:n="urn:x"><!-- no --> x <b> 1 </b><b><c>2</c></b></n:a>'})
    document = read_xml("/repo/a.xml", place)
    assert document is not None
    assert (document.name, document.text) == ("a", "x")
    assert document.value("b") == "1"
    assert document.value("b", "c") == "2"
    assert document.value("d") is None
    assert [(above, leaf.name, leaf.text) for above, leaf in document.leaves()] == [("a", "b", "1"), ("b", "c", "2")]


@pytest.mark.parametrize(
    ("declared", "folder"),
    [
        ("<module>nested/deep</module>", "nested/deep"),
        ("<module>web/pom.xml</module>", "web"),
        ("<module>${where}</module>", "there"),
    ],
)
def test_modules(declared, folder):
    files = {
        "pom.xml": root("<properties><where>th${rest}</where><rest>ere</rest></properties>", declared),
        f"{folder}/pom.xml": module("web"),
    }
    assert writes("mvn compile", f"{folder}/target/x", files)


def test_modules_of_modules():
    files = {
        "pom.xml": root(modules="<module>libs</module>"),
        "libs/pom.xml": module("libs", more="<packaging>pom</packaging><modules><module>core</module></modules>"),
        "libs/core/pom.xml": module(
            "core", parent="<parent><groupId>shop</groupId><artifactId>libs</artifactId><version>1</version></parent>"
        ),
    }
    assert writes("mvn compile", "libs/core/target/x", files)
    assert reads("cd libs/core && mvn compile", "pom.xml", files)


def test_a_folder_around_modules_is_not_theirs():
    files = {
        "pom.xml": f"<project>{SELF}<groupId>shop</groupId><artifactId>root</artifactId><version>1</version>"
        "<modules><module>web</module></modules></project>",
        "web/pom.xml": module("web"),
    }
    assert writes("mvn -N test", "src/A.java", files)
    assert not writes("mvn -N test", "web/src/A.java", files)
    assert not reads("mvn -N compile", "web/src/A.java", files)


def test_modules_of_profiles_count():
    files = {
        **MAVEN,
        "pom.xml": root("<profiles><profile><id>x</id><modules><module>extra</module></modules></profile></profiles>"),
        "extra/pom.xml": module("extra"),
    }
    assert writes("mvn compile", "extra/target/x", files)


@pytest.mark.parametrize("declared", ["<module>missing</module>", "<module>${unknown}</module>"])
def test_a_module_that_is_not_there_is_not_guessed_at(declared):
    assert claims_of("mvn compile", {"pom.xml": root(modules=declared)}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("relative", "folder"),
    [
        ("<relativePath>../parent/pom.xml</relativePath>", "parent"),
        ("<relativePath>../parent</relativePath>", "parent"),
        ("", ""),
    ],
)
def test_parents(relative, folder):
    parent = PARENT.replace("</parent>", f"{relative}</parent>")
    files = {
        f"{folder}/pom.xml".lstrip("/"): root("<build><directory>out</directory></build>", ""),
        "web/pom.xml": module("web", parent=parent),
    }
    assert writes("cd web && mvn compile", "web/out/x", files)
    assert not writes("cd web && mvn compile", "web/src/x", files)


@pytest.mark.parametrize(
    "parent",
    [
        PARENT.replace("root", "elsewhere"),
        PARENT.replace("</parent>", "<relativePath/></parent>"),
    ],
)
def test_a_parent_from_a_repository_may_bind_anything(parent):
    files = {**MAVEN, "web/pom.xml": module("web", parent=parent)}
    assert writes("cd web && mvn compile", "web/src/A.java", files)
    assert not writes("cd web && mvn compile", "web/pom.xml", files)
    assert not writes("cd web && mvn clean", "web/src/A.java", files)


def test_a_parent_from_a_repository_that_is_known():
    parent = (
        "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3</version>"
        "<relativePath/></parent><groupId>shop</groupId>"
    )
    assert not writes("cd web && mvn compile", "web/src/A.java", {"web/pom.xml": module("web", parent=parent)})


@pytest.mark.parametrize(
    "more",
    [
        "<dependencies><dependency><groupId>shop</groupId><artifactId>core</artifactId></dependency></dependencies>",
        (
            "<properties><name>core</name></properties><dependencies><dependency><groupId>${project.parent.groupId}</groupId>"
            "<artifactId>${name}</artifactId></dependency></dependencies>"
        ),
        "<build><plugins><plugin><groupId>shop</groupId><artifactId>core</artifactId></plugin></plugins></build>",
        (
            "<build><plugins><plugin><artifactId>maven-checkstyle-plugin</artifactId><dependencies><dependency><groupId>shop</groupId>"
            "<artifactId>core</artifactId></dependency></dependencies></plugin></plugins></build>"
        ),
        (
            "<dependencyManagement><dependencies><dependency><groupId>shop</groupId><artifactId>core</artifactId><type>pom</type>"
            "<scope>import</scope></dependency></dependencies></dependencyManagement>"
        ),
        (
            "<profiles><profile><activation><activeByDefault>true</activeByDefault></activation><dependencies><dependency>"
            "<groupId>shop</groupId><artifactId>core</artifactId></dependency></dependencies></profile></profiles>"
        ),
    ],
)
def test_every_kind_of_dependency_counts(more):
    assert reads("cd web && mvn compile", "core/src/A.java", with_web(more))
    assert not reads("cd web && mvn compile", "core/src/A.java")


def test_what_modules_depend_on_is_followed():
    files = {**MAVEN, "web/pom.xml": module("web", "api")}
    assert reads("mvn -pl web compile", "core/src/A.java", files)
    assert writes("mvn -pl web -am compile", "core/target/x", files)
    assert not writes("mvn -pl web compile", "core/target/x", files)


def test_properties_of_the_call_are_filled_in():
    files = with_web("<properties><x>out</x></properties><build><directory>${x}</directory></build>")
    assert writes("mvn -pl web compile", "web/out/x", files)
    assert writes("mvn -pl web compile -Dx=other", "web/other/x", files)


@pytest.mark.parametrize(
    "more",
    [
        "<build><directory>${unknown}</directory></build>",
        "<properties><a>${b}</a><b>${a}</b></properties><build><directory>${a}</directory></build>",
        "<build><outputDirectory>${unknown}</outputDirectory></build>",
        plugin("maven-checkstyle-plugin", "check", configuration="<configLocation>${unknown}/../x.xml</configLocation>"),
    ],
)
def test_folders_that_only_the_run_can_tell(more):
    assert claims_of("mvn -pl web compile", with_web(more)).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ("<build><directory>../out/web</directory></build>", "out/web/x"),
        ("<build><directory>${project.basedir}/../out</directory></build>", "out/x"),
        ("<build><outputDirectory>${maven.multiModuleProjectDirectory}/classes</outputDirectory></build>", "classes/x"),
        (plugin("maven-jar-plugin", configuration="<outputDirectory>../dist</outputDirectory>"), "dist/web.jar"),
        (
            plugin("maven-resources-plugin", "copy-resources", configuration="<outputDirectory>src/gen</outputDirectory>"),
            "web/src/gen/x",
        ),
        (plugin("unheard-of-plugin", "go", group="some.where"), "web/src/A.java"),
        (plugin("unheard-of-plugin", "go", group="some.where"), "web/pom.xml"),
        (plugin("maven-compiler-plugin", "go", group="some.where"), "web/src/A.java"),
        ("<build><extensions><extension><artifactId>x</artifactId></extension></extensions></build>", "web/src/A.java"),
        ("<packaging>unheard-of</packaging>", "web/src/A.java"),
    ],
)
def test_what_a_build_is_configured_to_write(more, path):
    claims = claims_of("mvn -pl web compile", with_web(more))
    assert claims.evidence is Evidence.INFERRED
    assert writes("mvn -pl web compile", path, with_web(more))
    assert not writes("mvn -pl web compile", path)


def test_what_a_build_is_configured_to_read():
    more = plugin("maven-checkstyle-plugin", "check", configuration="<configLocation>../config/style.xml</configLocation>")
    assert reads("mvn -pl web compile", "config/style.xml", with_web(more))
    assert not writes("mvn -pl web compile", "config/style.xml", with_web(more))


@pytest.mark.parametrize(
    ("more", "text", "understood"),
    [
        (plugin("maven-antrun-plugin", "run"), "mvn -pl web compile", False),
        (plugin("maven-antrun-plugin", "run"), "mvn -pl core compile", True),
        (plugin("maven-antrun-plugin", "run"), "mvn -pl web dependency:tree", True),
        (plugin("maven-antrun-plugin", "run"), "mvn -pl web clean", True),
        (plugin("maven-antrun-plugin", "run", phase="clean"), "mvn -pl web clean", False),
        (plugin("exec-maven-plugin", "java", group="org.codehaus.mojo"), "mvn -pl web compile", False),
        (
            plugin("exec-maven-plugin", group="org.codehaus.mojo", configuration="<mainClass>A</mainClass>"),
            "mvn -pl web compile",
            True,
        ),
        (plugin("exec-maven-plugin", "java", group="org.codehaus.mojo", phase="none"), "mvn -pl web compile", True),
        (plugin("frontend-maven-plugin", "npm", group="com.github.eirslett"), "mvn package", False),
    ],
)
def test_plugins_that_run_anything(more, text, understood):
    assert (claims_of(text, with_web(more)).evidence is Evidence.INFERRED) is understood


def test_a_plugin_that_runs_anything_is_named():
    claims = claims_of("mvn compile", with_web(plugin("maven-antrun-plugin", "run")))
    assert claims.effect_reason == "`web/pom.xml` has `maven-antrun-plugin` run with the build, which may do anything"


@pytest.mark.parametrize(
    ("more", "effect"),
    [
        (plugin("jib-maven-plugin", "build", group="com.google.cloud.tools"), Effect.OUTSIDE),
        (plugin("jib-maven-plugin", group="com.google.cloud.tools"), Effect.LOCAL),
        (plugin("some-plugin", "publish", group="some.where"), Effect.OUTSIDE),
        (plugin("maven-surefire-plugin", "test"), Effect.LOCAL),
    ],
)
def test_plugins_that_reach_out(more, effect):
    assert claims_of("mvn -pl web package", with_web(more)).effect is effect


def test_management_adds_to_plugins_that_are_used():
    management = (
        plugin("maven-antrun-plugin", "run")
        .replace("<plugins>", "<pluginManagement><plugins>")
        .replace("</plugins>", "</plugins></pluginManagement>")
    )
    files = {**MAVEN, "pom.xml": root(management)}
    assert claims_of("mvn compile", files).evidence is Evidence.INFERRED
    used = {**files, "web/pom.xml": module("web", more=plugin("maven-antrun-plugin"))}
    assert claims_of("mvn compile", used).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("text", "activation", "understood"),
    [
        ("mvn compile", "", True),
        ("mvn compile -Pgen", "", False),
        ("mvn compile -P other,+gen", "", False),
        ("mvn compile", "<activation><property><name>x</name></property></activation>", False),
    ],
)
def test_profiles(text, activation, understood):
    more = f"<profiles><profile><id>gen</id>{activation}{plugin('maven-antrun-plugin', 'run')}</profile></profiles>"
    assert (claims_of(text, with_web(more)).evidence is Evidence.INFERRED) is understood


def test_configuration_beside_the_build_counts():
    assert writes("mvn compile", "build.log", {**MAVEN, ".mvn/maven.config": "-T\n3\n# no\n-l build.log\n"})
    assert claims_of("mvn compile", {**MAVEN, ".mvn/maven.config": "-Dmaven.repo.local=x"}).evidence is Evidence.NONE
    assert writes("cd web && mvn compile", "web/src/A.java", {**MAVEN, ".mvn/extensions.xml": "<extensions/>"})
    assert reads("cd web && mvn compile", ".mvn/jvm.config", {**MAVEN, ".mvn/jvm.config": "-Xmx1g"})


@pytest.mark.parametrize(
    ("settings", "understood"),
    [
        ("<settings><mirrors/></settings>", True),
        ("<settings><localRepository>x</localRepository></settings>", False),
        ("<settings><profiles/></settings>", False),
        ("not xml", False),
    ],
)
def test_settings(settings, understood):
    files = {**MAVEN, "ci/settings.xml": settings}
    assert (claims_of("mvn -s ci/settings.xml compile", files).evidence is Evidence.INFERRED) is understood


def test_packing_keeps_results_for_other_calls_of_maven_4():
    assert writes("mvn -pl web package", "target/project-local-repo/shop/web/1/web.jar")
    assert not patterns_of(claims_of("mvn -pl web package"), Access.EXCLUSIVE)


def test_a_build_above_the_root_taskfile_is_not_looked_for():
    place = FakeCheckout({"core/pom.xml": module("core")})
    place.files["/pom.xml"] = root(modules="<module>repo/core</module>")
    claims = place.command_claims("cd core && mvn compile", "/repo")
    assert claims.evidence is Evidence.INFERRED


@pytest.mark.parametrize(
    ("text", "path"), [("mvn -pl web compile -Pci", "web/out/x"), ("mvn -pl web compile -Pci -Dx=other", "web/other/x")]
)
def test_a_profile_that_is_named_changes_properties(text, path):
    profile = "<profile><id>ci</id><properties><x>out</x></properties></profile>"
    more = f"<properties><x>here</x></properties><profiles>{profile}</profiles><build><directory>${{x}}</directory></build>"
    assert writes(text, path, with_web(more))
    assert writes("mvn -pl web compile", "web/here/x", with_web(more))
    maybe = more.replace("<id>", "<activation><jdk>17</jdk></activation><id>")
    assert claims_of("mvn -pl web compile", with_web(maybe)).evidence is Evidence.NONE


def test_a_folder_that_depends_on_what_comes_true():
    profile = "<profile><activation><jdk>17</jdk></activation><build><directory>out</directory></build></profile>"
    more = f"<build><directory>here</directory></build><profiles>{profile}</profiles>"
    assert claims_of("mvn -pl web compile", with_web(more)).evidence is Evidence.NONE


LINE = "@{argLine} --enable-preview -Djava.library.path=${project.basedir}/../native/release"


def test_options_for_tests_are_a_line_of_words_and_not_a_path():
    files = with_web(plugin("maven-surefire-plugin", configuration=f"<argLine>{LINE}</argLine>"))
    assert reads("cd web && mvn test", "native/release/x.so", files)
    assert not writes("cd web && mvn test", "native/release/x.so", files)
    assert not reads("cd web && mvn compile", "native/release/x.so", files)
    assert not reads("cd web && mvn package -DskipTests", "native/release/x.so", files)
    assert not reads("cd web && mvn checkstyle:check", "native/release/x.so", files)


@pytest.mark.parametrize(
    "line", ["-Xlog:gc:../logs/x", "-Dlog.dir=../logs", "-javaagent:a.jar=dump=../logs/x,append=true", '-Dx="../logs/x"']
)
def test_other_paths_in_options_may_be_written(line):
    files = with_web(plugin("maven-surefire-plugin", configuration=f"<argLine>-Xmx1g {line}</argLine>"))
    assert writes("cd web && mvn test", "logs/x", files)


def test_options_with_a_path_that_cannot_be_told_are_not_understood():
    files = with_web(plugin("maven-surefire-plugin", configuration="<argLine>-Dlog.dir=${unknown}/../logs</argLine>"))
    assert claims_of("cd web && mvn test", files).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mvn frobnicate", "`mvn frobnicate` is no goal that is known"),
        ("mvn test -Dreport.dir=x", "`mvn -Dreport.dir` may name a path"),
        ("mvn -q", "`mvn` is told no goal"),
        ("cd docs && mvn test", "`mvn`: `docs` has no `pom.xml`"),
        ("MAVEN_ARGS=x mvn test", "`MAVEN_ARGS` may have `mvn` do anything"),
        ("mvn test --frobnicate", "`mvn test` is not recognised with `--frobnicate`"),
        ("cd broken && mvn test", "`broken/pom.xml` is not understood"),
    ],
)
def test_why_a_call_of_maven_is_not_understood(text, why):
    assert claims_of(text, {**MAVEN, "broken/pom.xml": "<project>", "docs/a.md": ""}).effect_reason == why


@pytest.mark.parametrize("given", ["-Dsurefire.useFile=false", "-DtrimStackTrace=true"])
def test_a_property_that_is_true_or_false_names_no_path(given):
    assert claims_of(f"mvn test {given}", MAVEN).evidence is Evidence.INFERRED
