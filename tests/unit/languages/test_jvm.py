"""What the JVM plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.jvm import plugin as jvm
from paratask.languages.place import Checkout
from paratask.plugins.hookspecs import Delegation, Recognition
from paratask.plugins.manager import load_plugins
from paratask.testing import FakeCheckout, patterns_of

SELF = "<modelVersion>4.0.0</modelVersion>"
PARENT = "<parent><groupId>shop</groupId><artifactId>root</artifactId><version>1</version></parent>"


def module(name: str, *needs: str, more: str = "", parent: str = PARENT) -> str:
    dependencies = "".join(
        f"<dependency><groupId>${{project.groupId}}</groupId><artifactId>{need}</artifactId><version>1</version></dependency>"
        for need in needs
    )
    return f"<project>{SELF}{parent}<artifactId>{name}</artifactId><dependencies>{dependencies}</dependencies>{more}</project>"


def plugin(artifact: str, *goals: str, group: str = "", configuration: str = "", phase: str = "") -> str:
    named = f"<groupId>{group}</groupId>" if group else ""
    bound = "".join(f"<goal>{goal}</goal>" for goal in goals)
    when = f"<phase>{phase}</phase>" if phase else ""
    executions = f"<executions><execution>{when}<goals>{bound}</goals></execution></executions>" if goals else ""
    return (
        f"<build><plugins><plugin>{named}<artifactId>{artifact}</artifactId>{executions}"
        f"<configuration>{configuration}</configuration></plugin></plugins></build>"
    )


MAVEN = {
    "pom.xml": f'<project xmlns="http://maven.apache.org/POM/4.0.0">{SELF}<groupId>shop</groupId><artifactId>root</artifactId>'
    "<version>1</version><packaging>pom</packaging>"
    "<modules><module>core</module><module>api</module><module>web</module></modules></project>",
    "core/pom.xml": module("core"),
    "api/pom.xml": module("api", "core"),
    "web/pom.xml": module("web"),
    "mvnw": "#!/bin/sh\n",
}
GRADLE = {
    "settings.gradle.kts": 'pluginManagement { repositories { gradlePluginPortal() } }\nrootProject.name = "shop"\n'
    'include(":core", ":api")\ninclude("web")\n',
    "build.gradle.kts": "plugins { base }\n",
    "core/build.gradle.kts": "plugins { `java-library` }\n",
    "api/build.gradle.kts": 'plugins { application }\ndependencies { implementation(project(":core")) }\n',
    "web/build.gradle.kts": 'plugins { kotlin("jvm") version "2.0.0" }\n',
    "gradlew": "#!/bin/sh\n",
}
GROOVY = {
    "settings.gradle": "rootProject.name = 'shop' // the shop\ninclude ':core', ':api',\n    ':web'\n",
    "build.gradle": "subprojects {\n  apply plugin: 'java'\n}\n",
    "core/build.gradle": "",
    "api/build.gradle": "dependencies {\n  implementation project(':core')\n}\n",
    "web/build.gradle": "",
    "gradlew": "#!/bin/sh\n",
}
PLAIN = {"src/Main.java": "class Main {}", "src/shop/Item.java": "", "lib/a.jar": "", "sources.txt": "src/Main.java\n"}


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return FakeCheckout(MAVEN if files is None else files).command_claims(text, "/repo")


def touches(claims: Claims, access: Access, path: str) -> bool:
    """Whether a claim covers a path; what it leaves out is looked at by name."""
    return any(
        overlap(entry.pattern, path) and not any(overlap(pattern, path) for pattern in entry.excluding)
        for entry in claims.entries
        if entry.access is access
    )


def writes(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return touches(claims_of(text, files), Access.WRITE, path)


def reads(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return touches(claims_of(text, files), Access.READ, path)


MAVEN_LOCAL = [
    "mvn compile",
    "mvn -B -q clean verify",
    "mvn clean install -DskipTests",
    "mvn -T 1C -o package -Dmaven.test.skip=true",
    "mvn -pl api -am test",
    "mvn --projects :core,web --also-make-dependents -fae verify",
    "mvn -f core/pom.xml test",
    "mvn -f core test -Dtest=Some*Test#method",
    "mvn -ntp -Pci,!slow verify",
    "mvn spotless:check",
    "mvn org.apache.maven.plugins:maven-dependency-plugin:3.6.0:tree",
    "mvn versions:set -DnewVersion=2.0",
    "mvn help:effective-pom",
    "mvn test surefire:test@again",
    "./mvnw test",
    "mvnd package",
    "MAVEN_OPTS=-Xmx1g mvn test",
    "JAVA_HOME=/opt/jdk mvn test",
]
GRADLE_LOCAL = [
    "gradle build",
    "./gradlew clean build -x test --parallel --no-daemon",
    "./gradlew :api:test --tests shop.Some --offline",
    "./gradlew api:assemble core:jar",
    "gradle -p api check --stacktrace -q",
    "gradle dependencies --configuration runtimeClasspath",
    "gradle ktlintCheck detekt spotlessCheck checkstyleMain",
    "gradle ktlintFormat",
    "gradle publishToMavenLocal -Pversion=1.2",
    "gradle wrapper --gradle-version 8.10",
    "gradle",
    "cd api && ../gradlew build",
]
PLAIN_LOCAL = [
    "javac -d out src/Main.java",
    "javac -d out -cp lib/a.jar:out --release 17 -Xlint:all -Werror @sources.txt",
    "javac -proc:none -g:none -d out src/*.java",
    "jar cfe app.jar Main -C out .",
    "jar --create --file=app.jar --main-class Main -C out .",
    "jar xf app.jar",
    "jar tf app.jar",
    "javadoc -d doc -sourcepath src -subpackages shop",
    "kotlinc src -include-runtime -d app.jar",
    "ktlint -F 'src/**/*.kt'",
    "ktlint --reporter=checkstyle,output=build/ktlint.xml",
    "detekt --input src,lib --config detekt.yml --report html:build/detekt.html",
    "google-java-format --replace src/Main.java",
    "google-java-format --dry-run --set-exit-if-changed src/Main.java",
    "ktfmt --dry-run src",
    "checkstyle -c /google_checks.xml src",
    "pmd check -d src -R rules.xml -f text --no-cache",
]
OUTSIDE = [
    "mvn deploy",
    "mvn clean deploy -DskipTests",
    "mvn release:prepare release:perform",
    "mvn com.google.cloud.tools:jib-maven-plugin:3.4.0:build",
    "mvn site-deploy",
]
GRADLE_OUTSIDE = ["gradle publish", "./gradlew :api:jib", "gradle build --scan", "gradle bootBuildImage"]
NOT_RECOGNISED = [
    "mvn",
    "mvn unheard-of",
    "mvn unheard:of",
    "mvn test --unheard-of",
    "mvn $GOAL",
    "mvn test -Dmaven.repo.local=.m2",
    "mvn package -DoutputDirectory=out",
    "mvn package -Dx=../out",
    "mvn dependency:tree -DoutputFile=tree.txt",
    "mvn -f $POM test",
    "mvn -f elsewhere test",
    "mvn -f core -f web test",
    "mvn -s missing.xml test",
    "MAVEN_ARGS=-X mvn test",
    "MAVEN_OPTS=$OPTS mvn test",
    "mvn exec:java -Dexec.mainClass=shop.Main",
    "mvn spring-boot:run",
    "mvn compile exec:exec",
    "cd src && mvn test",
    "gradle",
    "/elsewhere/mvnw test",
    "java -jar app.jar",
    "java -cp out Main",
    "java src/Main.java",
    "kotlin MainKt",
    "sbt compile",
    "javac",
    "javac $(find . -name '*.java')",
    "javac -d $OUT src/Main.java",
    "javac @missing.txt",
    "javac -Aout=/tmp/x -d out src/Main.java",
    "javac --unheard-of src/Main.java",
    "CLASSPATH=x javac src/Main.java",
    "kotlinc -script build.kts",
    "jar",
    "jar cf",
    "jar zf a.jar x",
    "jar cf a.jar @names",
    "ktlint installGitPreCommitHook",
    "ktlint --patterns-from-stdin",
    "detekt src",
]
GRADLE_NOT_RECOGNISED = [
    "gradle unheardOf",
    "gradle tA",
    "gradle :unheard:build",
    "gradle build --unheard-of",
    "gradle build --init-script x.gradle",
    "gradle build -I x.gradle",
    "gradle build -b other.gradle",
    "gradle build --continuous",
    "gradle -p elsewhere build",
    "gradle build -PoutputDir=x",
    "gradle build -Dx=../y",
    "gradle $TASK",
    "gradle bootRun",
    "./gradlew :api:run",
    "GRADLE_OPTS=$X gradle build",
    "ORG_GRADLE_PROJECT_x=1 gradle build",
    "gradle --stop",
]
PRINTING = [
    "mvn --version",
    "mvn -v",
    "gradle --version",
    "gradle -h",
    "java -version",
    "javac --version",
    "jar --version",
    "kotlinc -version",
]


@pytest.mark.parametrize("text", MAVEN_LOCAL)
def test_maven_builds_here(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL


@pytest.mark.parametrize("text", GRADLE_LOCAL)
@pytest.mark.parametrize("files", [GRADLE, GROOVY], ids=["kotlin", "groovy"])
def test_gradle_builds_here(text, files):
    claims = claims_of(text, files)
    assert claims.evidence is Evidence.INFERRED, claims.effect_reason
    assert claims.effect is Effect.LOCAL
    assert ".gradle/**" in patterns_of(claims, Access.WRITE)


@pytest.mark.parametrize("text", PLAIN_LOCAL)
def test_programs_work_here(text):
    claims = claims_of(text, PLAIN)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL


@pytest.mark.parametrize(
    ("text", "files"), [*((text, MAVEN) for text in OUTSIDE), *((text, GRADLE) for text in GRADLE_OUTSIDE)]
)
def test_effects_that_others_can_see_are_outside(text, files):
    claims = claims_of(text, files)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize(
    ("text", "files"),
    [
        *((text, {**MAVEN, **PLAIN}) for text in NOT_RECOGNISED if text != "gradle"),
        *((text, GRADLE) for text in GRADLE_NOT_RECOGNISED),
    ],
)
def test_what_is_not_understood_claims_everything(text, files):
    assert claims_of(text, files).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.entries == ()


@pytest.mark.parametrize(
    ("text", "files", "reason"),
    [
        ("java -jar app.jar", PLAIN, "`java` runs a program, which may do anything"),
        ("mvn exec:java", MAVEN, "`mvn exec:java` runs a program of the build, which may do anything"),
        ("gradle run", GRADLE, "`gradle run` runs a program of the build, so that it may do anything"),
    ],
)
def test_running_a_program_says_why_it_claims_everything(text, files, reason):
    assert claims_of(text, files).effect_reason == reason


@pytest.mark.parametrize(
    ("text", "written", "left_alone"),
    [
        ("mvn compile", ["core/target/classes/A.class", "api/target/x"], ["core/src/A.java", "core/notes.txt", "pom.xml"]),
        ("mvn -pl api compile", ["api/target/x"], ["core/target/x", "web/target/x"]),
        ("mvn -pl api -am compile", ["api/target/x", "core/target/x"], ["web/target/x"]),
        ("mvn -pl core -amd compile", ["api/target/x", "core/target/x"], ["web/target/x"]),
        ("mvn -pl shop:core,web compile", ["core/target/x", "web/target/x"], ["api/target/x"]),
        ("mvn -pl unheard-of compile", ["core/target/x", "web/target/x", "api/target/x"], []),
        ("mvn -pl !web compile", ["core/target/x", "api/target/x", "web/target/x"], []),
        ("mvn -N compile", [], ["core/target/x", "web/target/x"]),
        ("mvn -f core compile", ["core/target/x"], ["api/target/x"]),
        ("cd web && mvn clean compile", ["web/target/x"], ["api/target/x", "web/src/A.java"]),
        ("mvn test", ["core/notes.txt", "api/notes.txt", "core/.cache/x"], ["pom.xml", "core/pom.xml", "docs/x"]),
        ("mvn test -DskipTests", ["core/target/x"], ["core/notes.txt"]),
        ("mvn package -Dmaven.test.skip=true", ["core/target/x"], ["core/notes.txt"]),
        ("mvn test -DskipTests=false", ["core/notes.txt"], []),
        ("mvn validate", [], ["core/target/x", "core/notes.txt"]),
        ("mvn dependency:tree", [], ["core/target/x"]),
        ("mvn checkstyle:check", ["core/target/x"], ["core/notes.txt"]),
        ("mvn spotless:apply", ["core/src/A.java", "core/pom.xml"], []),
        ("mvn versions:set -DnewVersion=2", ["pom.xml", "core/pom.xml", "api/pom.xml"], ["core/src/A.java"]),
        ("mvn -l build.log compile", ["build.log"], ["core/src/A.java"]),
        ("mvn wrapper:wrapper", ["mvnw", ".mvn/wrapper/maven-wrapper.properties"], ["core/src/A.java"]),
    ],
)
def test_what_maven_writes(text, written, left_alone):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert [path for path in written if not touches(claims, Access.WRITE, path)] == []
    assert [path for path in left_alone if touches(claims, Access.WRITE, path)] == []


@pytest.mark.parametrize("files", [GRADLE, GROOVY], ids=["kotlin", "groovy"])
@pytest.mark.parametrize(
    ("text", "written", "left_alone"),
    [
        ("gradle assemble", ["core/build/x", "api/build/x", "web/build/x"], ["core/src/A.java"]),
        ("gradle :api:assemble", ["core/build/x", "api/build/x"], ["web/build/x", "core/src/A.java"]),
        ("gradle :web:assemble", ["web/build/x"], ["core/build/x"]),
        ("gradle -p api classes", ["core/build/x", "api/build/x"], ["web/build/x"]),
        ("cd web && ../gradlew classes", ["web/build/x", ".gradle/x"], ["core/build/x", "web/.gradle/x"]),
        ("gradle :api:test", ["api/notes.txt", "core/build/x"], ["core/notes.txt", "web/notes.txt"]),
        ("gradle :api:build -x test", ["api/build/x"], ["api/notes.txt"]),
        ("gradle :api:build -x integrationTest", ["api/notes.txt"], []),
        ("gradle :core:ktlintFormat", ["core/src/A.kt"], ["api/src/A.kt"]),
        ("gradle dependencies", [".gradle/x"], ["core/build/x", "core/src/A.java"]),
        ("gradle :wrapper", ["gradlew", "gradle/wrapper/gradle-wrapper.jar"], ["core/src/A.java"]),
        ("gradle :core:dependencies --write-locks", ["core/gradle.lockfile"], ["core/src/A.java"]),
        ("gradle assemble --project-cache-dir cache", ["cache/x"], []),
    ],
)
def test_what_gradle_writes(text, written, left_alone, files):
    claims = claims_of(text, files)
    assert claims.evidence is Evidence.INFERRED
    assert [path for path in written if not touches(claims, Access.WRITE, path)] == []
    assert [path for path in left_alone if touches(claims, Access.WRITE, path)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("javac -d out src/Main.java", {"out/**"}),
        ("javac -d out -s gen -h native src/Main.java", {"out/**", "gen/**", "native/**"}),
        ("javac src/Main.java", {"src/**/*.class", "**/*.class"}),
        ("javac -cp lib/a.jar -sourcepath src src/Main.java", {"src/**/*.class"}),
        ("cd src && javac -d ../out *.java", {"out/**"}),
        ("kotlinc src -d app.jar", {"app.jar/**"}),
        ("kotlinc src/Main.kt", {"**"}),
        ("javadoc -d doc src/Main.java", {"doc/**"}),
        ("jar cf app.jar -C out .", {"app.jar"}),
        ("jar -cvfm app.jar MANIFEST.MF -C out .", {"app.jar"}),
        ("jar uf app.jar LICENSE", {"app.jar", "jartmp*.tmp"}),
        ("jar --update --file out/app.jar LICENSE", {"out/app.jar", "out/jartmp*.tmp"}),
        ("jar tf app.jar", set()),
        ("cd out && jar xf ../app.jar", {"out/**"}),
        ("ktlint", set()),
        ("ktlint --reporter=plain --reporter=checkstyle,output=build/k.xml", {"build/k.xml/**"}),
        ("detekt -i src --auto-correct", {"**", "src/**"}),
        ("detekt -r html:build/detekt.html", {"build/detekt.html/**"}),
        ("google-java-format -i src/Main.java", {"src/Main.java/**"}),
        ("google-java-format src/Main.java", set()),
        ("ktfmt src", {"src/**"}),
        ("ktfmt -n src", set()),
        ("pmd check -d src -R rules.xml -r build/pmd.txt --cache build/pmd.cache", {"build/pmd.txt", "build/pmd.cache/**"}),
    ],
)
def test_what_programs_write(text, expected):
    assert patterns_of(claims_of(text, PLAIN), Access.WRITE) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("javac -d out src/Main.java", "src/Main.java"),
        ("javac -d out src/Main.java", "Other.java"),
        ("javac -d out -cp lib/a.jar:classes src/Main.java", "classes/A.class"),
        ("javac -d out @sources.txt", "src/Main.java"),
        ("javac -d out -cp lib @sources.txt", "sources.txt"),
        ("javac -d out src/**/*.java", "src/shop/Item.java"),
        ("jar cfm app.jar MANIFEST.MF -C out .", "out/Main.class"),
        ("jar cfm app.jar MANIFEST.MF -C out .", "MANIFEST.MF"),
        ("jar xf app.jar", "app.jar"),
        ("detekt -i src,lib -c detekt.yml", "lib/A.kt"),
        ("pmd check -d src -R rules.xml", "rules.xml"),
    ],
)
def test_what_programs_read(text, path):
    assert reads(text, path, PLAIN)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("mvn -pl core test", "mvn -pl web test", False),
        ("mvn -pl core test", "mvn -pl api test", True),
        ("mvn -pl core compile", "mvn -pl api compile", True),
        ("cd core && mvn test", "cd web && mvn test", False),
        ("cd core && mvn test", "cd api && mvn test", True),
        ("mvn compile", "mvn clean", True),
        ("mvn compile", "mvn test", True),
        ("mvn validate", "mvn dependency:tree", False),
        ("mvn validate", "mvn -pl web test", False),
        ("mvn versions:set -DnewVersion=2", "mvn -pl web compile", True),
        ("mvn spotless:apply", "mvn -pl web compile", True),
        ("cd core && mvn install", "cd web && mvn test", True),
        ("cd core && mvn package", "cd web && mvn package", False),
        ("mvn -pl web package", "javac -cp tools -d tools/out tools/Main.java", False),
        ("mvn -pl web package", "google-java-format -i web/src/A.java", True),
        ("mvn -pl web package", "google-java-format -n core/src/A.java", False),
        ("jar cf app.jar -C out .", "javac -d out src/Main.java", True),
        ("jar cf app.jar -C out .", "jar xf app.jar", True),
        ("jar cf a.jar -C out .", "jar cf b.jar -C out .", False),
    ],
)
def test_conflicts_with_maven(left, right, expected):
    files = {**MAVEN, **PLAIN}
    assert bool(conflict(claims_of(left, files), claims_of(right, files))) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("gradle :core:test", "gradle :web:test", True),
        ("gradle :core:test", "gradle dependencies", True),
        ("gradle :core:test", "cd tools && javac -d out Main.java", False),
        ("gradle :api:assemble", "ktlint -F core/src", True),
        ("gradle :api:assemble", "ktlint -F web/src", False),
        ("gradle :api:assemble", "cd site && npm run build", False),
        ("gradle :web:assemble", "google-java-format -n web/src/A.java", False),
        ("gradle publishToMavenLocal", "cd other && mvn test", True),
        ("cd one && ./gradlew build", "cd two && ./gradlew build", False),
        ("cd one && ./gradlew build", "cd one && ./gradlew build", True),
    ],
)
def test_conflicts_with_gradle(left, right, expected):
    files = {
        **GRADLE,
        "site/package.json": '{"scripts": {"build": "vite build"}}',
        "other/pom.xml": module("other", parent="<groupId>x</groupId><version>1</version>"),
        **{f"{name}/{file}": text for name in ("one", "two") for file, text in GRADLE.items()},
    }
    assert bool(conflict(claims_of(left, files), claims_of(right, files))) is expected


def test_read_only_commands_run_together():
    texts = ["mvn validate", "mvn dependency:tree", "mvn help:effective-pom", "ktlint", "google-java-format -n src/Main.java"]
    files = {**MAVEN, **PLAIN}
    for left, right in itertools.combinations(texts, 2):
        assert not conflict(claims_of(left, files), claims_of(right, files)), (left, right)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("mvn install", {"maven-repository"}),
        ("mvn dependency:purge-local-repository", {"maven-repository"}),
        ("mvn verify", set()),
    ],
)
def test_what_is_held(text, held):
    assert patterns_of(claims_of(text), Access.EXCLUSIVE) == held


@pytest.mark.parametrize(
    ("text", "files", "cpu"),
    [
        ("mvn test", MAVEN, 1.0),
        ("mvn -T 4 test", MAVEN, 4.0),
        ("mvn -T1C test", MAVEN, 2.0),
        ("mvn -T \u00b2 test", MAVEN, 2.0),
        ("gradle build --max-workers=\u00b2", GRADLE, 2.0),
        ("gradle build", GRADLE, 1.0),
        ("gradle build --parallel", GRADLE, 2.0),
        ("gradle build --max-workers 6", GRADLE, 6.0),
        ("gradle build", {**GRADLE, "gradle.properties": "org.gradle.parallel = true\n"}, 2.0),
        ("gradle build --no-parallel", {**GRADLE, "gradle.properties": "org.gradle.parallel=true\n"}, 1.0),
        ("javac -d out A.java", PLAIN, 1.0),
    ],
)
def test_cpu(text, files, cpu):
    found = FakeCheckout(files).recognition(text)
    assert isinstance(found, Recognition | Delegation)
    assert found.cpu == cpu


def test_an_older_wrapper_of_maven_fetches_its_archive():
    files = {**MAVEN, "mvnw": "#!/bin/sh\nwrapperJar=.mvn/wrapper/maven-wrapper.jar\n"}
    assert writes("./mvnw -v", ".mvn/wrapper/maven-wrapper.jar", files)
    assert not writes("./mvnw -v", ".mvn/wrapper/maven-wrapper.jar")
    assert not writes("./mvnw -v", ".mvn/wrapper/maven-wrapper.jar", {**files, ".mvn/wrapper/maven-wrapper.jar": ""})


@pytest.mark.parametrize("text", ["./mvnw -pl web test", "./gradlew :web:test"])
def test_a_wrapper_is_not_read_as_a_script(text, tmp_path):
    for name, content in {**MAVEN, **GRADLE}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    for name in ("mvnw", "gradlew"):
        (tmp_path / name).write_text("#!/bin/sh\nstart() { exec $JAVA; }\nstart\n")
    place = Checkout(str(tmp_path), plugins=load_plugins(warn=pytest.fail, entry_points=()))
    claims = place.command_claims(text, str(tmp_path))
    assert claims.evidence is Evidence.INFERRED
    assert touches(claims, Access.WRITE, "web/notes.txt")


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in jvm.TOOLS if " " in key}
    assert {group for group in groups if group not in jvm.TOOLS} == set()


def test_every_claim_says_why():
    for text in (*MAVEN_LOCAL, *OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in claims_of(text).entries)
    for text in (*GRADLE_LOCAL, *GRADLE_OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in claims_of(text, GRADLE).entries)


def test_manifests():
    assert {"pom.xml", "settings.gradle", "settings.gradle.kts", "build.gradle.kts"} <= FakeCheckout().manifests()
