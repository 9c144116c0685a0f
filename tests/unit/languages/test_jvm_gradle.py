"""How Gradle's settings and build scripts are read: projects, what they depend on, and where reading them gives up."""

from __future__ import annotations

import pytest
from test_jvm import GRADLE, GROOVY, claims_of, reads, writes

from paratask.claims.model import Access, Evidence
from paratask.languages.jvm.gradle_settings import read_build
from paratask.languages.jvm.scripts import Kind, tokens
from paratask.testing import FakeCheckout, patterns_of


def shown(script: str, *, kotlin: bool = True) -> list[str] | None:
    found = tokens(script, kotlin=kotlin)
    if found is None:
        return None
    return [repr(token.value) + ("" if token.literal else "?") if token.kind is Kind.TEXT else token.value for token in found]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a.b(1)", ["a", ".", "b", "(", "1", ")"]),
        ("a // b\nc", ["a", "\n", "c"]),
        ("a /* b\n c */ d", ["a", "d"]),
        ('x("a b")', ["x", "(", "'a b'", ")"]),
        ("x 'a\\'b'", ["x", '"a\'b"']),
        ('"""a\n"b" c"""', ["'a\\n\"b\" c'"]),
        ("'''a'b'''", ['"a\'b"']),
        ('"a$b.c"', ["'a$.c'?", "b"]),
        ('"a${b.c("d")}e"', ["'a$e'?", "b", ".", "c", "(", "'d'", ")"]),
        ('"a${ { "}" } }b"', ["'a$b'?", "{", "'}'", "}"]),
        ('"a\\$b"', ["'a$b'"]),
        ("`java-library`", ["java-library"]),
        ("#!/bin/x\na", ["\n", "a"]),
        ("a\r\nb", ["a", "\n", "b"]),
    ],
)
def test_tokens(script, expected):
    assert shown(script) == expected


def test_comments_nest_in_kotlin_only():
    assert shown("/* a /* b */ c */ d") == ["d"]
    assert shown("/* a /* b */ d", kotlin=False) == ["d"]


@pytest.mark.parametrize("script", ['"a', "'a\n'", "/* a", '"a${b"', "`a", '"""a"', '"${' * 20])
@pytest.mark.parametrize("kotlin", [True, False])
def test_scripts_that_cannot_be_read(script, kotlin):
    assert tokens(script, kotlin=kotlin) is None


def test_a_slash_in_groovy_may_begin_a_text():
    assert tokens("x = a / b", kotlin=False) is None
    assert tokens("x = a / b", kotlin=True) is not None


@pytest.mark.parametrize(
    ("name", "text", "projects"),
    [
        ("settings.gradle.kts", "", {}),
        ("settings.gradle.kts", 'include(":a")', {":a": "a"}),
        ("settings.gradle.kts", 'include(\n  ":a", // one\n  "b",\n)\n', {":a": "a", ":b": "b"}),
        ("settings.gradle.kts", 'include(":libs:core")', {":libs": "libs", ":libs:core": "libs/core"}),
        ("settings.gradle", "include ':a', ':b'\ninclude 'c'", {":a": "a", ":b": "b", ":c": "c"}),
        ("settings.gradle", "include(':a')", {":a": "a"}),
        ("settings.gradle", "include 'a',\n  'b'\n", {":a": "a", ":b": "b"}),
        ("settings.gradle", "include ':a'\nproject(':a').projectDir = file('x/y')", {":a": "x/y"}),
        (
            "settings.gradle",
            "include ':a:b'\nproject(':a').projectDir = new File(settingsDir, 'x')",
            {":a": "x", ":a:b": "x/b"},
        ),
        ("settings.gradle.kts", 'include(":a")\nproject(":a").projectDir = File(rootDir, "x")', {":a": "x"}),
        ("settings.gradle.kts", 'include(":a")\nproject(":a").projectDir = file("../x")', {":a": "../x"}),
        (
            "settings.gradle.kts",
            (
                'import a.b.C\n@Suppress("x")\npluginManagement {\n  repositories { google() }\n}\nplugins { id("x") version "1" }\n'
                'rootProject.name = "x"; enableFeaturePreview("TYPESAFE_PROJECT_ACCESSORS")\n'
                "dependencyResolutionManagement { versionCatalogs { } }\n"
                'include(":a")'
            ),
            {":a": "a"},
        ),
    ],
)
def test_settings(name, text, projects):
    build = read_build("/repo/w/sub", FakeCheckout({f"w/{name}": text, "w/sub/x": ""}))
    assert build is not None
    assert build.understood
    folders = {path: folder.removeprefix("/repo/") for path, folder in build.projects.items()}
    expected = {
        path: folder.removeprefix("../") if folder.startswith("../") else f"w/{folder}" for path, folder in projects.items()
    }
    assert folders == {":": "w", **expected}


@pytest.mark.parametrize(
    "text",
    [
        'listOf("a", "b").forEach { include(it) }',
        "include(name)",
        'include("a-$x")',
        'if (true) { include(":a") }',
        'val x = "a"',
        'include(":a", name)',
        'include(":a") + 1',
        'rootProject.children.forEach { it.name = "x" }',
        'includeFlat("x")',
        'include(":a")\nproject(":a").projectDir = file(x)',
        'project(":unheard").projectDir = file("x")',
        'apply(from = "more.gradle.kts")',
        'plugins { include(":a") }',
    ],
)
def test_settings_that_are_not_understood_make_one_whole(text):
    files = {**GRADLE, "settings.gradle.kts": text, "more.gradle.kts": ""}
    build = read_build("/repo", FakeCheckout(files))
    assert build is not None
    assert not build.understood
    claims = claims_of("gradle assemble", files)
    assert claims.evidence is Evidence.INFERRED
    assert "**" in patterns_of(claims, Access.WRITE)
    assert "**" in patterns_of(claims_of("cd api && gradle :api:assemble", files), Access.WRITE)
    refused = {**files, "deep/er/build.gradle.kts": "exec { }"}
    assert claims_of("gradle assemble", refused).evidence is Evidence.NONE


@pytest.mark.parametrize("text", ['file("../x").listFiles().forEach { include(it.name) }', 'val x = "'])
def test_settings_that_may_reach_out_are_not_guessed_at(text):
    assert claims_of("gradle assemble", {**GRADLE, "settings.gradle.kts": text}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "text", ['includeBuild("../tools")', 'pluginManagement { includeBuild("../tools") }', "includeBuild('../tools') { }"]
)
def test_included_builds_are_built_first(text):
    files = {f"w/{name}": script for name, script in GRADLE.items()}
    files.update({"w/settings.gradle.kts": text + '\ninclude(":api")', "tools/build.gradle.kts": "plugins { java }"})
    assert writes("cd w && gradle :api:assemble", "tools/build/x", files)
    refused = {**files, "tools/build.gradle.kts": 'exec { commandLine("x") }'}
    assert claims_of("cd w && gradle :api:assemble", refused).evidence is Evidence.NONE


def test_a_build_without_settings_is_one_project():
    files = {"one/build.gradle": "apply plugin: 'java'\n", "two/build.gradle": ""}
    assert writes("cd one && gradle assemble", "one/build/x", files)
    assert not writes("cd one && gradle assemble", "one/src/x", files)
    assert not writes("cd one && gradle assemble", "two/build/x", files)


def test_a_folder_that_is_no_project():
    assert claims_of("cd docs && gradle build", GRADLE).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "script",
    [
        'dependencies { implementation(project(":core")) }',
        'dependencies { testImplementation(testFixtures(project(":core"))) }',
        'dependencies { api(project(path = ":core", configuration = "x")) }',
        "dependencies { implementation(projects.core) }",
        "dependencies { implementation(project(name)) }",
        "dependencies { implementation(projects.unheard) }",
        'dependencies { implementation(project(":$name")) }',
        "dependencies { rootProject.subprojects.forEach { implementation(it) } }",
    ],
)
def test_what_a_project_depends_on(script):
    files = {**GRADLE, "web/build.gradle.kts": script}
    assert reads("gradle :web:assemble", "core/src/A.java", files)
    assert writes("gradle :web:assemble", "core/build/x", files)
    assert not reads("gradle :web:assemble", "core/src/A.java", GRADLE)


@pytest.mark.parametrize(
    "script",
    ["dependencies { implementation project(':core') }", "dependencies { implementation project(path: ':core') }"],
)
def test_what_a_project_in_groovy_depends_on(script):
    files = {**GROOVY, "web/build.gradle": script}
    assert reads("gradle :web:assemble", "core/src/A.java", files)
    assert not reads("gradle :web:assemble", "api/src/A.java", files)


def test_names_of_projects_in_scripts():
    files = {
        "settings.gradle.kts": 'include(":web-app", ":libs:big_core")',
        "web-app/build.gradle.kts": "dependencies { implementation(projects.libs.bigCore) }",
        "libs/big_core/build.gradle.kts": "",
        "libs/build.gradle.kts": "",
    }
    assert reads("gradle :web-app:assemble", "libs/big_core/src/A.java", files)


def test_what_is_said_for_all_projects_counts_for_each():
    files = {**GRADLE, "build.gradle.kts": 'subprojects { dependencies { "implementation"(project(":core")) } }'}
    assert reads("gradle :web:assemble", "core/src/A.java", files)
    own = {**GRADLE, "buildSrc/src/main/kotlin/conventions.gradle.kts": 'dependencies { implementation(project(":core")) }'}
    assert reads("gradle :web:assemble", "core/src/A.java", own)
    assert writes("gradle :web:assemble", "buildSrc/build/x", own)


REFUSED = [
    'tasks.register("x") { doLast { exec { commandLine("x") } } }',
    'tasks.register<Exec>("x") { }',
    'val x = providers.exec { commandLine("git") }',
    "ProcessBuilder().start()",
    'Runtime.getRuntime().exec("x")',
    'val x = "${"git".execute()}"',
    'tasks.check { dependsOn("x") }',
    "tasks.check { dependsOn(integration) }",
    'tasks.named("build") { finalizedBy("deployIt") }',
    'tasks.build { finalizedBy("publish") }',
    "tasks.build { dependsOn(tasks.bootRun) }",
    'tasks.build { dependsOn("publishToMavenLocal") }',
    "tasks.build { dependsOn() }",
    'tasks.register("build") { }',
    'task("test") { }',
    "tasks.register(name) { }",
    'tasks { register("jar") { } }',
    "tasks { val jar by registering { } }",
    "task(name) { }",
    "val test by tasks.registering { }",
    'layout.buildDirectory.set(file("x"))',
    'layout.buildDirectory = file("x")',
    'buildDir = file("x")',
    'apply(from = "https://elsewhere/x.gradle")',
    "apply(from = name)",
    'val x = file("$name/../x")',
]


@pytest.mark.parametrize("script", REFUSED)
def test_scripts_of_which_nothing_can_be_said(script):
    claims = claims_of("gradle :core:assemble", {**GRADLE, "web/build.gradle.kts": script})
    assert claims.evidence is Evidence.NONE
    assert claims.effect_reason.startswith("`web/build.gradle.kts` ")
    assert claims.effect_reason.endswith(", so that it may do anything")


@pytest.mark.parametrize(
    "script", ["task test { }", "tasks.register('check') { }", "def x = 'ls'.execute()", "x = a / b", "ext.x = "]
)
def test_scripts_in_groovy_of_which_nothing_can_be_said(script):
    if script == "ext.x = ":
        script += "'"
    assert claims_of("gradle :core:assemble", {**GROOVY, "web/build.gradle": script}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "script",
    [
        "tasks.test { useJUnitPlatform(); finalizedBy(tasks.jacocoTestReport) }",
        'tasks.named("check") { dependsOn("ktlintCheck", tasks.named("detekt")) }',
        'tasks.register("hello") { }',
        "tasks.test { maxParallelForks = Runtime.getRuntime().availableProcessors() }",
        'tasks.jar { from(layout.buildDirectory.dir("x")) }',
        'group = "shop"; version = "1"',
        'configurations.create("test")',
        'publishing { publications { create<MavenPublication>("maven") { } } }',
        "kotlin { jvmToolchain(17) }",
    ],
)
def test_scripts_that_change_nothing(script):
    files = {**GRADLE, "web/build.gradle.kts": script}
    assert patterns_of(claims_of("gradle :core:assemble", files), Access.WRITE) == patterns_of(
        claims_of("gradle :core:assemble", GRADLE), Access.WRITE
    )


@pytest.mark.parametrize(
    "script",
    [
        'plugins { id("some.plugin") }',
        "plugins { alias(libs.plugins.kotlin) }",
        "tasks.jar { doLast { println() } }",
        'tasks.processResources { into("src") }',
        'apply(plugin = "some.plugin")',
        "tasks.assemble { dependsOn(tasks.test) }",
        'tasks.compileKotlin { dependsOn("ktlintFormat") }',
    ],
)
def test_scripts_that_may_write_their_projects(script):
    files = {**GRADLE, "web/build.gradle.kts": script}
    assert writes("gradle :web:assemble", "web/src/A.java", files)
    assert not writes("gradle :web:assemble", "web/src/A.java", GRADLE)


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ('val x = file("../generated")', "generated/x"),
        ('val x = rootProject.file("generated")', "generated/x"),
        ('val x = "$rootDir/generated"', "generated/x"),
        ('apply(from = "../more.gradle.kts")', "docs/x"),
    ],
)
def test_scripts_that_name_what_lies_elsewhere(script, path):
    files = {**GRADLE, "web/build.gradle.kts": script, "more.gradle.kts": 'val y = file("../docs")'}
    assert writes("gradle :web:assemble", path, files)
    assert not writes("gradle :web:assemble", path, GRADLE)


def test_scripts_that_are_applied_are_read():
    files = {**GRADLE, "web/build.gradle.kts": 'apply(from = "more.gradle.kts")'}
    assert claims_of("gradle assemble", files).evidence is Evidence.NONE
    assert claims_of("gradle assemble", {**files, "web/more.gradle.kts": "// nothing"}).evidence is Evidence.INFERRED
    assert claims_of("gradle assemble", {**files, "web/more.gradle.kts": "exec { }"}).evidence is Evidence.NONE
    assert claims_of("gradle assemble", {**files, "web/more.gradle.kts": 'apply(from = "more.gradle.kts")'}).entries


def test_too_many_sources_of_plugins():
    files = {**GRADLE, **{f"buildSrc/src/A{number}.kt": "" for number in range(400)}}
    claims = claims_of("gradle assemble", files)
    assert claims.effect_reason == "`buildSrc` has too many sources to look at, so that it may do anything"


def test_a_project_around_others_is_written_without_them():
    files = {**GRADLE, "build.gradle.kts": "plugins { java }", "src/main/java/A.java": ""}
    assert writes("gradle :test", "src/A.java", files)
    assert not writes("gradle :test", "core/src/A.java", files)
    assert writes("gradle test", "core/src/A.java", files)


def test_a_project_that_only_groups_others_has_nothing_to_test():
    assert not writes("gradle build", "site/index.html", GRADLE)
    assert not reads("gradle build", "site/index.html", GRADLE)
    assert writes("gradle build", "site/index.html", {**GRADLE, "web/build.gradle.kts": "tasks.jar { doLast { } }"})


def test_linters_may_look_at_all_that_lies_below():
    assert reads("gradle :spotlessCheck", "core/src/A.java", GRADLE)
    assert writes("gradle :spotlessApply", "core/src/A.java", GRADLE)


@pytest.mark.parametrize("name", ["buildSrc/src/main/kotlin/conventions.gradle.kts", "more.gradle.kts"])
def test_paths_in_what_is_said_for_several_projects(name):
    script = 'subprojects { val x = file("../generated") }'
    files = {
        **GRADLE,
        name: script,
        "build.gradle.kts": 'apply(from = "more.gradle.kts")',
        **({} if name.startswith("more") else {"more.gradle.kts": ""}),
    }
    assert claims_of("gradle assemble", files).evidence is Evidence.NONE
