"""What the .NET plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect
from paratask.languages.dotnet import plugin as dotnet
from paratask.testing import FakeCheckout

FOLDER = "2150E333-8FDC-42A3-9474-1A3956D46DE8"
CSHARP = "FAE04EC0-301F-11D3-BF4B-00C04F79EFBC"


def project(
    *references: str, items: str = "", more: str = "", packages: tuple[str, ...] = (), sdk: str = "Microsoft.NET.Sdk"
) -> str:
    refers = "".join(f'<ProjectReference Include="{path}" />' for path in references)
    names = "".join(f'<PackageReference Include="{name}" Version="1.0" />' for name in packages)
    return (
        f'<Project Sdk="{sdk}"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup>'
        f"<ItemGroup>{refers}{names}{items}</ItemGroup>{more}</Project>"
    )


def properties(**values: str) -> str:
    return "<PropertyGroup>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</PropertyGroup>"


def props(content: str) -> str:
    return f"<Project>{content}</Project>"


def target(tasks: str, hooks: str = 'AfterTargets="Build"') -> str:
    return f'<Target Name="Mine" {hooks}>{tasks}</Target>'


def solution(*paths: str) -> str:
    entries = "".join(
        f'Project("{{{CSHARP}}}") = "x", "{path}", "{{00000000-0000-0000-0000-000000000000}}"\r\nEndProject\r\n'
        for path in paths
    )
    folder = f'Project("{{{FOLDER}}}") = "src", "src", "{{11111111-0000-0000-0000-000000000000}}"\r\nEndProject\r\n'
    return f"\r\nMicrosoft Visual Studio Solution File, Format Version 12.00\r\n{folder}{entries}"


TESTED = ("xunit", "Microsoft.NET.Test.Sdk", "coverlet.collector")
SHOP = {
    "Shop.sln": solution("src\\Core\\Core.csproj", "src\\Api\\Api.csproj", "src\\Web\\Web.csproj"),
    "Shop.slnx": '<Solution><Folder Name="/src/"><Project Path="src/Core/Core.csproj" /></Folder><Project Path="src/Web/Web.csproj" /></Solution>',
    "Web.slnf": '{"solution": {"path": "Shop.sln", "projects": ["src\\\\Web\\\\Web.csproj"]}}',
    "src/Core/Core.csproj": project(packages=("Newtonsoft.Json",)),
    "src/Core/Core.cs": "class Core {}\n",
    "src/Api/Api.csproj": "\ufeff" + project("..\\Core\\Core.csproj", sdk="Microsoft.NET.Sdk.Web"),
    "src/Web/Web.csproj": project(sdk="Microsoft.NET.Sdk.Web"),
    "src/Calc/Calc.fsproj": project(),
    "src/Old/Old.vbproj": project(),
    "tests/Api.Tests/Api.Tests.csproj": project("../../src/Api/Api.csproj", packages=TESTED),
    "tests/Core.Tests/Core.Tests.csproj": project("../../src/Core/Core.csproj", packages=TESTED),
    ".config/dotnet-tools.json": '{"version": 1, "isRoot": true, "tools": {}}',
}
APART = {
    "a/A.csproj": project(),
    "b/B.csproj": project(),
    "a/A.cs": "",
    "b/B.cs": "",
}


def checkout(files: dict[str, str] | None = None, **more: str) -> FakeCheckout:
    return FakeCheckout({**(SHOP if files is None else files), **more})


def with_core(content: str, **more: str) -> FakeCheckout:
    """The checkout, with another project file for Core."""
    return checkout({**SHOP, "src/Core/Core.csproj": content, **more})


def why_unknown(files: FakeCheckout, text: str) -> str:
    claims = files.claims(text)
    assert not files.recognises(text), text
    return claims.effect_reason


LOCAL = [
    "dotnet build src/Core",
    "dotnet build src/Core/Core.csproj -c Release --no-restore -v q -nologo",
    "dotnet build src/Api/Api.csproj --configuration Release -warnaserror /m:2 -p:Version=1.2.3 /p:TreatWarningsAsErrors=true",
    "dotnet build Shop.sln -c:Release '--property:ContinuousIntegrationBuild=true;Deterministic=true' -clp:ErrorsOnly -nr:false",
    "dotnet build Shop.sln -bl:out/build.binlog -tl:off -graph -maxcpucount --self-contained false -r linux-x64",
    "dotnet build Shop.slnx",
    "dotnet build Web.slnf",
    "dotnet build src/Calc && dotnet build src/Old",
    "cd src/Core && dotnet build",
    "dotnet restore src/Api/Api.csproj --locked-mode --runtime linux-x64 -s https://api.nuget.org/v3/index.json",
    "dotnet test tests/Api.Tests --filter FullyQualifiedName~Some --logger 'trx;LogFileName=x.trx' --collect:'XPlat Code Coverage'",
    "dotnet test --project tests/Api.Tests/Api.Tests.csproj --no-build --blame-hang-timeout 60s",
    "dotnet test tests/Api.Tests --settings tests/a.runsettings -- RunConfiguration.MaxCpuCount=1 NUnit.NumberOfTestWorkers=1",
    "dotnet test tests/Api.Tests --logger:'console;verbosity=detailed' --results-directory ./results -e A=b",
    "dotnet test tests/Api.Tests -- --report-trx --coverage --coverage-output x.xml",
    "dotnet pack src/Core -c Release --no-build -o dist --include-symbols -p:PackageVersion=2.0",
    "dotnet publish src/Web/Web.csproj -c Release -o out /p:PublishSingleFile=true --self-contained true --os linux",
    "dotnet publish src/Web --self-contained=true -p:PackageProjectUrl=https://example.org/shop",
    "dotnet clean Shop.sln -c Release",
    "dotnet msbuild src/Core/Core.csproj -t:Rebuild -p:Configuration=Release -r -v:m",
    "msbuild src/Core/Core.csproj '/t:Restore;Build' /p:Configuration=Release /m /nologo",
    "dotnet format src/Core/Core.csproj --verify-no-changes --severity warn --no-restore",
    "dotnet format style Shop.sln --include src/a.cs src/b.cs --exclude gen",
    "dotnet format whitespace src --folder",
    "dotnet list src/Core/Core.csproj package --outdated --include-transitive",
    "dotnet package list --project src/Core/Core.csproj --vulnerable",
    "dotnet list src/Api reference",
    "dotnet add src/Core package Serilog --version 4.0.0",
    "dotnet remove src/Core/Core.csproj package Serilog",
    "dotnet add src/Core/Core.csproj reference src/Web/Web.csproj",
    "dotnet sln Shop.sln add src/Calc/Calc.fsproj && dotnet sln list",
    "dotnet new classlib -n Extra -o src/Extra",
    "dotnet tool restore",
    "dotnet tool install -g dotnet-ef --version 9.0.0",
    "dotnet tool update csharpier",
    "dotnet tool list",
    "dotnet nuget locals all --clear",
    "dotnet nuget add source https://example.org/v3/index.json --name x",
    "dotnet workload restore",
    "dotnet build-server shutdown",
    "dotnet dev-certs https --trust",
    "dotnet csharpier .",
    "dotnet csharpier check .",
    "dotnet csharpier --check src",
    "csharpier format src --no-cache",
    "dotnet tool run csharpier -- check src",
    "dotnet fantomas --check src/Calc -r",
    "dotnet reportgenerator '-reports:**/coverage.cobertura.xml' -targetdir:coverage '-reporttypes:Html;Cobertura'",
    "reportgenerator -reports:a.xml -targetdir:coverage",
    "dotnet ef database update --project src/Core --startup-project src/Api",
    "dotnet ef migrations add First -p src/Core -s src/Api -o Migrations",
    "dotnet-ef migrations script --project src/Core --idempotent -o out.sql",
    "dotnet outdated Shop.slnx --upgrade",
    "dotnet --version",
    "dotnet --info",
    "dotnet build --help",
    "/usr/bin/dotnet build src/Core",
    "DOTNET_ROOT=/opt/dotnet MSBUILDDISABLENODEREUSE=1 dotnet build src/Core",
    "DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet build src/Core",
]


@pytest.mark.parametrize("text", LOCAL)
def test_known_commands_stay_in_the_checkout(text):
    files = checkout()
    assert files.recognises(text), files.claims(text).effect_reason
    assert files.effect(text) is Effect.LOCAL


UNKNOWN = [
    ("dotnet run --project src/Api", "runs a program"),
    ("dotnet watch test", "runs a program"),
    ("dotnet src/Api/bin/Debug/net9.0/Api.dll", "runs a program"),
    ("dotnet exec app.dll", "runs a program"),
    ("dotnet fsi build.fsx", "runs a program"),
    ("dotnet build", "several projects or solutions"),
    ("dotnet build docs", "no project and no solution"),
    ("dotnet build src/None/None.csproj", "is not there"),
    ("dotnet build Gone.slnx", "is not there"),
    ("dotnet build src/Core -t:Custom", "the target `custom` may do anything"),
    ("dotnet build src/Core -p:SomeTool=../x/y", "the property `sometool` may lead it elsewhere"),
    ("dotnet build src/Core -p:PostBuildEvent=ls", "the property `postbuildevent`"),
    ("dotnet new my-template", "a template may run programs"),
    (
        "ASPNETCORE_ENVIRONMENT=Production dotnet ef database update -p src/Core -s src/Core",
        "database of `ASPNETCORE_ENVIRONMENT`",
    ),
    ("dotnet build src/Core --what-is-this", "is not recognised"),
    ("dotnet build src/Core src/Api", "is not recognised"),
    ("dotnet build src/Core -l:MyLogger.dll", "is not recognised"),
    ("dotnet what-is-this", "is not recognised"),
    ("dotnet test tests/Api.Tests --logger 'trx;LogFileName=../../x.trx'", "is not recognised"),
    ("dotnet test tests/Api.Tests -- --custom ../x", "is not recognised"),
    ("dotnet csharpier server", "is not recognised"),
    ("OutputPath=../x dotnet build src/Core", "is not recognised"),
    ("./dotnet build src/Core", "is not recognised"),
]


@pytest.mark.parametrize(("text", "why"), UNKNOWN)
def test_what_may_do_anything_is_not_recognised_and_it_says_why(text, why):
    assert why in why_unknown(checkout(), text)


@pytest.mark.parametrize(
    "text",
    [
        "dotnet nuget push dist/*.nupkg -s https://api.nuget.org/v3/index.json -k KEY --skip-duplicate",
        "dotnet nuget delete Shop 1.0.0 --non-interactive",
        "dotnet publish src/Web -t:PublishContainer",
        "dotnet publish src/Web -p:PublishProfile=Azure",
        "dotnet publish src/Web /p:ContainerRegistry=example.org",
        "dotnet ef database update -p src/Core -s src/Api --connection Server=db",
    ],
)
def test_what_sends_something_elsewhere_has_an_effect_outside(text):
    files = checkout()
    assert files.recognises(text)
    assert files.effect(text) is Effect.OUTSIDE


def test_a_build_writes_what_it_builds_of_its_project_and_of_those_it_refers_to():
    assert checkout().writes("dotnet build tests/Api.Tests") == {
        f"{folder}/{kind}/**" for folder in ("tests/Api.Tests", "src/Api", "src/Core") for kind in ("bin", "obj")
    }
    assert checkout().may_read("dotnet build tests/Api.Tests", "src/Core/Core.cs")
    assert not checkout().may_read("dotnet build tests/Api.Tests", "src/Web/Page.cs")


CONFLICTS = [
    ("dotnet build src/Api", "dotnet build tests/Core.Tests"),
    ("dotnet restore src/Api/Api.csproj", "dotnet restore tests/Core.Tests/Core.Tests.csproj"),
    ("dotnet restore src/Core", "dotnet build src/Core --no-restore"),
    ("dotnet build src/Core", "dotnet test tests/Core.Tests --no-build"),
    ("dotnet test tests/Api.Tests", "dotnet test tests/Core.Tests"),
    ("dotnet clean src/Api", "dotnet build src/Core"),
    ("dotnet format src/Core/Core.csproj", "dotnet build src/Api"),
    ("dotnet format src/Core/Core.csproj --verify-no-changes", "dotnet build src/Core"),
    ("dotnet format src/Api/Api.csproj --verify-no-changes", "dotnet format src/Core/Core.csproj --verify-no-changes"),
    ("dotnet build src/Web -o out", "dotnet build src/Calc -o out"),
    ("dotnet publish src/Web -o out", "dotnet publish src/Calc -o out"),
    ("dotnet build src/Web --artifacts-path all", "rm -rf all"),
    ("dotnet list src/Core package", "dotnet restore src/Core"),
    ("dotnet build src/Web", "dotnet build-server shutdown"),
    ("dotnet restore src/Web", "dotnet nuget locals all --clear"),
    ("dotnet build src/Web", "dotnet workload install maui"),
    ("dotnet tool restore", "dotnet csharpier check src"),
    ("dotnet tool restore", "dotnet tool install -g dotnet-ef"),
    ("dotnet csharpier format src", "dotnet build src/Core"),
    ("dotnet csharpier format src", "dotnet restore src/Core"),
    ("dotnet add src/Core package Serilog", "dotnet build src/Core"),
    ("dotnet sln Shop.sln add src/Calc/Calc.fsproj", "dotnet build Shop.sln"),
    ("dotnet new buildprops", "dotnet build src/Core"),
    (
        "dotnet test tests/Core.Tests --results-directory results",
        "dotnet reportgenerator '-reports:results/**/*.xml' -targetdir:html",
    ),
    ("dotnet ef database update -p src/Core -s src/Core", "dotnet ef database update -p src/Web -s src/Web"),
    ("dotnet outdated src/Core --upgrade", "dotnet build src/Core"),
    ("sed -i s/a/b/ src/Core/Core.cs", "dotnet build src/Api"),
    ("dotnet restore src/Core", "tar cf all.tar src"),
    ("dotnet restore src/Core", "npx prettier --check ."),
    ("sed -i s/a/b/ global.json", "dotnet build src/Api"),
    ("touch src/Directory.Build.props", "dotnet build src/Api"),
    ("dotnet pack src/Core -o dist", "dotnet pack src/Web -o dist"),
]


@pytest.mark.parametrize(("first", "second"), CONFLICTS)
def test_those_that_touch_the_same_keep_their_order(first, second):
    files = checkout()
    assert files.recognises(first)
    assert files.recognises(second)
    assert not files.may_run_together(first, second)


TOGETHER = [
    ("dotnet build src/Core", "dotnet build src/Web"),
    ("dotnet restore src/Core", "dotnet restore src/Web"),
    ("dotnet test tests/Core.Tests", "dotnet build src/Web -c Release"),
    ("dotnet test tests/Api.Tests --no-build", "dotnet test tests/Core.Tests --no-build"),
    ("dotnet pack src/Core --no-build", "dotnet pack src/Web --no-build"),
    ("dotnet publish src/Web -o out/web", "dotnet publish src/Calc -o out/calc"),
    ("dotnet format src/Core/Core.csproj --verify-no-changes", "dotnet format src/Web/Web.csproj --verify-no-changes"),
    ("dotnet csharpier check src", "dotnet csharpier check src/Core"),
    ("dotnet csharpier check src", "dotnet restore src/Core"),
    ("dotnet csharpier check src", "dotnet test tests/Core.Tests --no-build"),
    ("dotnet sln list", "dotnet build src/Core"),
    ("dotnet list src/Core package --no-restore", "dotnet list src/Core package --no-restore"),
    ("dotnet build src/Web --artifacts-path all", "dotnet build src/Calc --artifacts-path all"),
    ("dotnet tool list", "dotnet build src/Core"),
    ("dotnet build src/Core", "ruff check scripts"),
    ("dotnet restore src/Core", "ruff check ."),
    ("dotnet format src/Core/Core.csproj --verify-no-changes", "go vet ./..."),
    ("dotnet build src/Core", "cd svc && go build ./..."),
    ("dotnet csharpier format src/Core", "dotnet csharpier format src/Web"),
]


@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_those_that_only_read_the_same_run_together(first, second):
    assert checkout().why_not(first, second) is None


def test_what_is_not_built_is_only_read():
    files = checkout()
    assert files.writes("dotnet build src/Api --no-dependencies") == {"src/Api/bin/**", "src/Api/obj/**"}
    assert files.writes("dotnet test tests/Api.Tests --no-build") == {"tests/Api.Tests/**"}
    assert files.writes("dotnet restore src/Api") == {"src/Api/obj/**", "src/Core/obj/**"}
    assert "src/Core/**" in files.reads("dotnet pack src/Api --no-build")
    assert files.writes("dotnet pack src/Api --no-build") == {"src/Api/bin/**", "src/Api/obj/**"}


def test_a_solution_is_all_of_its_projects():
    files = checkout()
    built = files.writes("dotnet build Shop.sln")
    assert {"src/Core/bin/**", "src/Api/obj/**", "src/Web/bin/**"} <= built
    assert not any("Tests" in pattern for pattern in built)
    assert "src/Api/bin/**" not in files.writes("dotnet build Shop.slnx")
    assert files.writes("dotnet build Web.slnf") == {"src/Web/bin/**", "src/Web/obj/**"}
    assert files.may_read("dotnet build Web.slnf", "Shop.sln")


def test_a_folder_stands_for_the_one_solution_or_project_in_it():
    alone = {**APART, "a/A.sln": solution("A.csproj", "..\\b\\B.csproj")}
    assert checkout(alone).writes("cd a && dotnet build") == {"a/bin/**", "a/obj/**", "b/bin/**", "b/obj/**"}, (
        "of one name: the solution"
    )
    other = {**APART, "a/Other.sln": solution("A.csproj")}
    assert "several" in why_unknown(checkout(other), "cd a && dotnet build")


def test_projects_that_are_no_projects_of_dotnet_are_not_understood():
    files = checkout({**APART, "x.sln": solution("a\\A.csproj", "native\\N.vcxproj"), "native/N.vcxproj": project()})
    assert "`native/N.vcxproj` is no project of C#, F# or Visual Basic" in why_unknown(files, "dotnet build x.sln")


@pytest.mark.parametrize("name", ["Directory.Solution.targets", "after.Shop.sln.targets", "Directory.Build.rsp"])
def test_what_adds_to_the_build_of_a_solution_is_not_understood(name):
    files = checkout({**SHOP, name: props("")})
    assert f"`{name}` adds" in why_unknown(files, "dotnet build Shop.sln")


def test_options_in_a_file_above_are_not_understood():
    assert "adds options" in why_unknown(
        checkout({**SHOP, "src/Directory.Build.rsp": "-t:X"}), "dotnet build src/Core/Core.csproj"
    )


class TestProjects:
    def test_commands_that_a_target_runs_may_do_anything(self):
        files = with_core(project(more=target('<Exec Command="npm run build" />')))
        assert why_unknown(files, "dotnet build src/Core") == (
            "`dotnet build`: `src/Core/Core.csproj` has the target `Mine` run `Exec`, which may do anything"
        )
        assert why_unknown(files, "dotnet test tests/Api.Tests").endswith("run `Exec`, which may do anything")
        assert files.recognises("dotnet restore src/Core"), "that target does not run"
        assert files.recognises("dotnet build src/Web")

    def test_also_those_of_a_file_above_and_of_events(self):
        above = checkout({**SHOP, "Directory.Build.targets": props(target("<MyTask />"))})
        assert "`Directory.Build.targets` has the target `Mine` run `MyTask`" in why_unknown(above, "dotnet build src/Web")
        event = with_core(project(more=properties(PostBuildEvent="cp x y")))
        assert "has commands run as `PostBuildEvent`" in why_unknown(event, "dotnet build src/Core")

    def test_commands_that_may_run_while_packages_are_restored(self):
        hooks = 'BeforeTargets="Restore"'
        files = with_core(project(more=target('<Exec Command="x" />', hooks)))
        assert "run `Exec`" in why_unknown(files, "dotnet restore src/Core")
        assert "run `Exec`" in why_unknown(files, "dotnet list src/Core package")

    @pytest.mark.parametrize(("hooks", "command"), [('AfterTargets="Pack"', "pack"), ('BeforeTargets="Publish"', "publish")])
    def test_commands_that_only_run_when_a_project_is_packed_or_published(self, hooks, command):
        run = target('<Exec Command="x" />', hooks)
        files = with_core(project(more=run))
        assert "run `Exec`" in why_unknown(files, f"dotnet {command} src/Core")
        assert files.recognises("dotnet build src/Api")
        called = with_core(project(more=run + '<Target Name="Other" AfterTargets="Build" DependsOnTargets="Mine" />'))
        assert "run `Exec`" in why_unknown(called, "dotnet build src/Core"), "another target has it run"
        packed = with_core(project(more=run + properties(GeneratePackageOnBuild="true")))
        assert packed.recognises("dotnet build src/Core") is False, "it is packed when it is built"

    def test_targets_that_only_look_or_print_are_nothing(self):
        tasks = '<Error Condition="!Exists(\'x\')" Text="x" /><Message Text="y" /><ItemGroup><A Include="b" /></ItemGroup>'
        assert with_core(project(more=target(tasks))).writes("dotnet build src/Core") == {"src/Core/bin/**", "src/Core/obj/**"}

    def test_files_that_targets_copy_are_written_where_they_go(self):
        tasks = (
            '<Copy SourceFiles="@(X)" DestinationFolder="$(MSBuildProjectDirectory)/../../plugins/$(Configuration)" />'
            '<Copy SourceFiles="@(X)" DestinationFiles="@(X->\'$(OutDir)lib/%(Filename)%(Extension)\')" />'
            '<WriteLinesToFile File="$(IntermediateOutputPath)stamp.txt" Lines="x" />'
        )
        files = with_core(project(more=target(tasks)))
        assert "plugins/**" in files.writes("dotnet build src/Core")
        unclear = with_core(project(more=target('<Delete Files="@(X)" />')))
        assert "run `Delete`, which may write where only the run tells" in why_unknown(unclear, "dotnet build src/Core")

    def test_an_sdk_that_is_not_known_may_do_anything(self):
        assert "is built by `Uno.Sdk`, which may do anything" in why_unknown(
            with_core(project(sdk="Uno.Sdk/5.0")), "dotnet build src/Core"
        )
        assert "names no SDK" in why_unknown(with_core(props("")), "dotnet build src/Core")
        assert "cannot be read" in why_unknown(with_core("<Project"), "dotnet build src/Core")

    def test_a_reference_that_is_not_there_is_not_understood(self):
        assert "refers to `../Gone/Gone.csproj`, which is not there" in why_unknown(
            with_core(project("../Gone/Gone.csproj")), "dotnet build src/Core"
        )
        assert "may be any project" in why_unknown(with_core(project("$(Elsewhere)/x.csproj")), "dotnet build src/Core")

    def test_projects_that_refer_to_each_other_end(self):
        files = checkout({"a/A.csproj": project("../b/B.csproj"), "b/B.csproj": project("../a/A.csproj")})
        assert files.writes("dotnet build a") == {"a/bin/**", "a/obj/**", "b/bin/**", "b/obj/**"}

    def test_patterns_of_references(self):
        files = checkout({**APART, "all.proj": project("*/*.csproj", sdk="Microsoft.Build.Traversal")})
        assert {"a/bin/**", "b/bin/**"} <= files.writes("dotnet build all.proj")

    def test_files_beyond_the_project_are_read(self):
        items = (
            '<Compile Include="..\\..\\shared\\**\\*.cs" /><None Include="../../README.md" Pack="true" />'
            '<Reference Include="Lib"><HintPath>../../lib/Lib.dll</HintPath></Reference><Content Include="data/*.json" />'
        )
        files = with_core(project(items=items))
        for path in ("shared/a/b.cs", "README.md", "lib/Lib.dll"):
            assert files.may_read("dotnet build src/Api", path), path
        assert not files.may_read("dotnet restore src/Api", "README.md")
        assert files.may_write("dotnet format src/Core/Core.csproj", "src/Core/Core.cs")

    def test_linked_sources_are_formatted_too(self):
        files = with_core(project(items='<Compile Include="../../shared/**/*.cs" />'), **{"shared/a.cs": ""})
        assert files.may_write("dotnet format src/Core/Core.csproj", "shared/a.cs")
        assert not files.may_write("dotnet format src/Core/Core.csproj --verify-no-changes", "shared/a.cs")
        assert not files.may_write("dotnet format src/Api/Api.csproj", "src/Core/Core.cs")

    def test_an_item_that_may_be_any_file_has_everything_read(self):
        files = with_core(project(items='<None Include="$(Somewhere)/x.txt" />'))
        assert "**" in files.reads("dotnet build src/Core")
        packaged = with_core(project(items='<None Include="$(NuGetPackageRoot)/x.txt" /><Using Include="A.B" />'))
        assert "**" not in packaged.reads("dotnet build src/Core")

    def test_a_package_that_is_not_known_may_write_beside_the_sources(self):
        assert "src/Core/**" in with_core(project(packages=("NSwag.MSBuild",))).writes("dotnet build src/Core")
        assert "src/Core/**" in with_core(project(packages=("Microsoft.TypeScript.MSBuild",))).writes("dotnet build src/Core")
        assert "src/Core/**" not in with_core(project(packages=("Serilog.Sinks.File",))).writes("dotnet build src/Core")

    def test_what_is_made_of_an_item_is_written_where_it_says(self):
        files = with_core(project(items='<Protobuf Include="../../protos/*.proto" OutputDir="../../generated" />'))
        assert files.may_write("dotnet build src/Core", "generated/a.cs")
        assert files.may_read("dotnet build src/Core", "protos/a.proto")

    def test_a_lock_file_is_written_by_restoring(self):
        files = checkout({**SHOP, "src/Core/packages.lock.json": "{}"})
        assert files.may_write("dotnet restore src/Core", "src/Core/packages.lock.json")
        assert not files.may_write("dotnet restore src/Core --locked-mode", "src/Core/packages.lock.json")
        assert checkout().may_write("dotnet restore src/Core --use-lock-file", "src/Core/packages.lock.json")


class TestResults:
    @pytest.mark.parametrize(
        ("content", "path"),
        [
            (properties(BaseOutputPath="../../build/"), "build/Debug/Core.dll"),
            (properties(OutputPath="..\\..\\bin\\$(Configuration)\\"), "bin/Release/Core.dll"),
            (
                properties(Root="$(MSBuildThisFileDirectory)../..", OutDir="$(Root)/out/$(MSBuildProjectName)"),
                "out/Core/Core.dll",
            ),
            (properties(BaseIntermediateOutputPath="$(MSBuildProjectDirectory)/../../.obj/"), ".obj/x"),
            (properties(DocumentationFile="../../docs/core.xml"), "docs/core.xml"),
            (
                properties(OutputPath="$([System.IO.Path]::Combine('$(MSBuildProjectDirectory)', '..', '..', 'joined'))"),
                "joined/Core.dll",
            ),
            (
                properties(
                    Root="$([System.IO.Directory]::GetParent($(MSBuildThisFileDirectory)).Parent.Parent.FullName)",
                    OutDir="$(Root)\\up",
                ),
                "up/Core.dll",
            ),
            (properties(SwaggerOutputFile="../../api/swagger.json"), "api/swagger.json"),
        ],
    )
    def test_results_go_where_properties_say(self, content, path):
        assert with_core(project(more=content)).may_write("dotnet build src/Core", path)

    def test_several_values_are_all_written(self):
        more = (
            properties(OutputPath="../../one/")
            + '<PropertyGroup Condition="x"><OutputPath>../../two/</OutputPath></PropertyGroup>'
        )
        assert {"one/**", "two/**"} <= with_core(project(more=more)).writes("dotnet build src/Core")

    def test_a_place_that_is_not_known_is_not_understood(self):
        files = with_core(project(more=properties(OutputPath="$(Elsewhere)/bin")))
        assert "`OutputPath` of `src/Core/Core.csproj` may be any path" in why_unknown(files, "dotnet build src/Core")

    def test_properties_that_refer_to_one_another_end(self):
        names = [f"P{number}" for number in range(12)]
        refers = {name: "".join(f"$({other})/" for other in names if other != name) for name in names}
        files = with_core(project(more=properties(**refers) + properties(**refers) + properties(OutputPath="$(P0)")))
        assert "may be any path" in why_unknown(files, "dotnet build src/Core")

    def test_a_property_of_the_call_counts_for_all_projects(self):
        files = checkout()
        written = files.writes("dotnet build src/Api '-p:BaseOutputPath=../../all/;Version=1'")
        assert "all/**" in written
        assert not files.may_run_together(
            "dotnet build src/Web -p:OutDir=../../all", "dotnet build src/Calc -p:OutDir=../../all"
        )

    def test_imports_are_followed_from_where_they_stand(self):
        above = (
            "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))\" />"
        )
        files = checkout(
            {
                **SHOP,
                "src/Directory.Build.props": props(above + '<Import Project="../build/more.props" />'),
                "Directory.Build.props": props(properties(PackageOutputPath="$(MSBuildThisFileDirectory)dist")),
                "build/more.props": props(
                    properties(BaseOutputPath="$(MSBuildThisFileDirectory)../built/$(MSBuildProjectName)")
                ),
            }
        )
        assert "built/Core/**" in files.writes("dotnet build src/Core")
        assert "dist/**" in files.writes("dotnet pack src/Core")
        assert "dist/**" not in files.writes("dotnet build src/Core")
        assert files.may_read("dotnet build src/Core", "build/more.props")
        assert files.may_read("dotnet restore src/Core", "Directory.Build.props")

    def test_an_import_that_cannot_be_followed_is_not_understood(self):
        assert "may be any file" in why_unknown(
            with_core(project(more='<Import Project="$(VSToolsPath)/x.targets" />')), "dotnet build src/Core"
        )
        assert "is not there" in why_unknown(
            with_core(project(more='<Import Project="gone.props" />')), "dotnet build src/Core"
        )
        optional = with_core(project(more='<Import Project="local.props" Condition="Exists(\'local.props\')" />'))
        assert optional.may_read("dotnet restore src/Core", "src/Core/local.props")

    def test_one_folder_for_the_results_of_all(self):
        files = checkout({**SHOP, "Directory.Build.props": props(properties(UseArtifactsOutput="true"))})
        assert {"artifacts/bin/Core/**", "artifacts/obj/Core/**"} <= files.writes("dotnet build src/Core")
        assert "artifacts/package/**" in files.writes("dotnet pack src/Core")
        assert "artifacts/publish/Web/**" in files.writes("dotnet publish src/Web")
        assert files.may_run_together("dotnet build src/Core", "dotnet build src/Web")
        assert not files.may_run_together("dotnet build src/Core", "dotnet build src/Api")
        assert files.may_read("dotnet test tests/Core.Tests --no-build", "artifacts/bin/Core/x.dll")

    def test_publishing_a_project_that_names_a_profile_goes_elsewhere(self):
        files = with_core(project(more=properties(PublishProfile="Azure")))
        assert files.effect("dotnet publish src/Core") is Effect.OUTSIDE
        assert files.effect("dotnet build src/Core") is Effect.LOCAL


class TestPackages:
    def test_a_folder_that_packages_come_from_is_read(self):
        config = '<configuration><packageSources><add key="a" value="./feed" /><add key="b" value="https://x.org" /></packageSources></configuration>'
        files = checkout({**SHOP, "nuget.config": config})
        assert "feed/**" in files.reads("dotnet restore src/Core")
        assert not files.may_run_together("dotnet pack src/Web -o feed", "dotnet restore src/Core")

    def test_packages_in_the_checkout_are_unpacked_side_by_side(self):
        config = '<configuration><config><add key="globalPackagesFolder" value="packages" /></config></configuration>'
        files = checkout({**SHOP, "NuGet.Config": config})
        assert files.adds_to("dotnet restore src/Core") == {"packages/CACHEDIR.TAG"}
        assert files.may_run_together("dotnet restore src/Core", "dotnet restore src/Web")
        assert not files.may_run_together("dotnet restore src/Core", "rm -rf packages")
        assert checkout().adds_to("dotnet restore src/Core --packages p") == {"p/CACHEDIR.TAG"}

    def test_a_feed_that_the_environment_tells_may_be_any_folder(self):
        config = '<configuration><packageSources><add key="a" value="%FEED%" /></packageSources></configuration>'
        assert "**" in checkout({**SHOP, "nuget.config": config}).reads("dotnet restore src/Core")

    def test_the_user_s_packages_are_for_all_at_once(self):
        assert "nuget-packages" in checkout().shares("dotnet build src/Core")
        assert "nuget-packages" in checkout().holds("dotnet nuget locals all --clear")
        assert "nuget-packages" in checkout().shares("dotnet nuget locals all --list")

    def test_variables_say_where_packages_lie(self):
        files = checkout()
        named = "NUGET_PACKAGES=/repo/.packages dotnet restore src/Core"
        assert files.adds_to(named) == {".packages/CACHEDIR.TAG"}
        assert files.recognises(named)


class TestTests:
    def test_tests_write_their_project_and_where_results_go(self):
        files = checkout()
        written = files.writes("dotnet test tests/Core.Tests --results-directory out/results -d out/log.txt")
        assert {"tests/Core.Tests/**", "out/results/**", "out/log.txt"} <= written
        assert "src/Core/**" not in written

    def test_loggers_and_settings_say_where_reports_go(self):
        settings = (
            "<RunSettings><RunConfiguration><ResultsDirectory>..\\..\\found</ResultsDirectory></RunConfiguration></RunSettings>"
        )
        files = checkout({**SHOP, "tests/all/a.runsettings": settings})
        assert "found/**" in files.writes("dotnet test tests/Core.Tests --settings tests/all/a.runsettings")
        junit = "dotnet test tests/Core.Tests --logger 'junit;LogFilePath=../../reports/{assembly}.xml'"
        assert any("reports" in pattern for pattern in files.writes(junit))
        moved = "dotnet test tests/Core.Tests -- RunConfiguration.ResultsDirectory=./elsewhere"
        assert "elsewhere/**" in files.writes(moved)

    def test_files_that_sources_name_are_read(self):
        files = checkout({**SHOP, "tests/Core.Tests/A.cs": 'var text = File.ReadAllText("../../fixtures/a.json");'})
        assert files.may_read("dotnet test tests/Core.Tests --no-build", "fixtures/a.json")

    def test_a_library_that_the_environment_names_is_read(self):
        assert "target/release/**" in checkout().reads("LD_LIBRARY_PATH=/repo/target/release dotnet test tests/Core.Tests")


def test_tools_of_the_checkout_read_its_manifest():
    files = checkout()
    assert files.may_read("cd src && dotnet csharpier check .", ".config/dotnet-tools.json")
    assert not files.may_read("cd src && csharpier check .", ".config/dotnet-tools.json")
    assert files.writes("dotnet tool install csharpier") == {".config/dotnet-tools.json"}
    assert files.writes("dotnet tool install -g csharpier") == set()


def test_formatters_touch_files_of_their_kinds():
    files = checkout()
    assert files.may_write("dotnet csharpier format src", "src/Core/Core.cs")
    assert not files.may_write("dotnet csharpier format src", "src/Core/data.json")
    assert not files.may_write("dotnet csharpier check src", "src/Core/Core.cs")
    assert files.writes("dotnet format whitespace src --folder --verify-no-changes") == set()


def test_a_build_takes_more_than_one_core_unless_it_is_told_otherwise():
    files = checkout()
    assert files.cpu("dotnet build src/Core") > 1
    assert files.cpu("dotnet build src/Core -m:1") == 1
    assert files.cpu("dotnet tool restore") == 1


def test_the_folder_s_solution_is_that_of_the_properties():
    files = with_core(project(more=properties(OutputPath="$(SolutionDir)/all/")))
    assert "all/**" in files.writes("dotnet build Shop.sln")
    assert "may be any path" in why_unknown(files, "dotnet build src/Core")


def test_the_plugin_names_its_manifests():
    assert "global.json" in dotnet.manifests()


def test_a_project_at_the_root_reads_all_below_it():
    files = checkout({"App.csproj": project(), "lib/Lib.csproj": project()})
    assert not files.may_run_together("dotnet build App.csproj", "dotnet build lib"), "sources below belong to it"
