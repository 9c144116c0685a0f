"""What the plugin for C and C++ makes of commands: claims, evidence, effect, and the reason where something is not understood."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence
from paratask.languages.native.cmake_text import commands
from paratask.languages.native.make_variables import MakeVariables, NotConstantError
from paratask.testing import FakeCheckout

APP = "project(app C)\nadd_executable(app main.c)\nenable_testing()\nadd_test(NAME t COMMAND app)\ninstall(TARGETS app)\n"
FILES = {
    "app/CMakeLists.txt": APP,
    "app/main.c": '#include "../common/x.h"\n',
    "common/x.h": "",
    "lib/CMakeLists.txt": "project(lib C)\nadd_library(lib x.c)\ninstall(TARGETS lib)\n",
    "lib/x.c": "",
    "mes/meson.build": "project('x', 'c')\nsubdir('src')\n",
    "mes/src/meson.build": "executable('x', 'x.c')\ntest('t', x)\n",
    "web/package.json": "{}",
}


@pytest.fixture(scope="module")
def checkout():
    return FakeCheckout(FILES)


def of(lists):
    """A checkout with one CMake project, in `app`."""
    return FakeCheckout({"app/CMakeLists.txt": lists})


def why(checkout, text, cwd=""):
    claims = checkout.claims(text, cwd)
    assert claims.evidence is Evidence.NONE
    return claims.effect_reason


@pytest.mark.parametrize(
    ("text", "cwd"),
    [
        ("cmake -S . -B build", "app"),
        ("cmake . -B ./build -DCMAKE_BUILD_TYPE:STRING=Debug -G 'Ninja Multi-Config'", "app"),
        ("cmake -Bapp/build -Sapp -GNinja -Wno-dev --fresh", ""),
        ("mkdir -p build && cd build && cmake ..", "app"),
        ("cmake --build build", "app"),
        ("cmake --build build -j --target app lib --config Release -v", "app"),
        ("cmake --build app/build --parallel 4 -- -k", ""),
        ("ninja -C build", "app"),
        ("ninja -j4 -C app/build app", ""),
        ("cd build && cmake .. && make -j4", "app"),
    ],
)
def test_configuring_and_building_write_the_build_folder(checkout, text, cwd):
    assert checkout.recognises(text, cwd)
    assert "app/build/**" in checkout.writes(text, cwd)
    assert checkout.writes(text, cwd) == {"app/build/**"}
    assert checkout.may_read(text, "app/main.c", cwd)
    assert not checkout.may_read(text, "lib/x.c", cwd)
    assert checkout.effect(text, cwd) is Effect.LOCAL


def test_headers_beyond_the_source_are_read_with_those_beside_them(checkout):
    assert checkout.may_read("cmake --build app/build", "common/y.h")
    assert not checkout.may_run_together("cmake --build app/build", "cp web/package.json common/y.h")


def test_two_projects_are_built_together_and_two_builds_of_one(checkout):
    assert checkout.may_run_together("cmake -S app -B app/build && cmake --build app/build", "cmake -S lib -B lib/build")
    assert checkout.may_run_together("cmake --build app/build-debug", "cmake --build app/build-release")
    assert not checkout.may_run_together("cmake -S app -B app/build", "cmake --build app/build")
    assert not checkout.may_run_together("touch app/new.c", "cmake --build app/build")


def test_a_source_of_another_name_than_a_build_is_read():
    checkout = FakeCheckout({**FILES, "app/build-tools/x.cmake": ""})
    assert checkout.may_read("cmake --build app/out", "app/build-tools/x.cmake")
    assert not checkout.may_read("cmake --build app/out", "app/build-release/x.o")


def test_tests_write_the_project(checkout):
    for text in ("ctest --test-dir app/build --output-on-failure -j4", "cd app/build && ctest -C Release --verbose"):
        assert {"app/**", "app/build/**"} <= checkout.writes(text)
        assert not checkout.may_run_together(text, "cmake --build app/build")
        assert checkout.may_run_together(text, "cmake --build lib/build")
    assert "app/**" in checkout.writes("cmake --build app/build --target test")


def test_what_a_test_is_known_to_do_counts_too():
    checkout = of("project(x)\nadd_test(NAME a COMMAND docker push x)\nadd_test(NAME b COMMAND unheard-of)\n")
    assert checkout.effect("ctest --test-dir app/build") is Effect.OUTSIDE
    checkout = of("project(x)\nadd_test(NAME b COMMAND unheard-of WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/../data)\n")
    assert "data/**" in checkout.writes("ctest --test-dir app/build")


def test_installing(checkout):
    assert checkout.writes("cmake --install app/build --prefix stage") == {"app/build/**", "stage/**"}
    assert checkout.holds("cmake --install app/build --prefix stage") == set()
    assert checkout.holds("cmake --install app/build --prefix /opt/x") == {"installed-libraries"}
    assert not checkout.may_run_together("cmake --install lib/build --prefix /opt/x", "cmake -S app -B app/build")
    assert "not known before `build` is configured" in why(checkout, "cmake --install app/build")
    assert {"/tmp/d/**", "/tmp/d/opt/x/**"} <= checkout.writes("DESTDIR=/tmp/d cmake --install app/build --prefix /opt/x")
    assert not checkout.recognises("DESTDIR=$X cmake --install app/build --prefix /opt/x")


def test_what_is_configured_says_where_things_are():
    cache = "CMAKE_HOME_DIRECTORY:INTERNAL=/repo/lib\nCMAKE_INSTALL_PREFIX:PATH=/repo/stage\nA_DIR:PATH=/repo/sdk\n"
    checkout = FakeCheckout({**FILES, "out/l/CMakeCache.txt": cache + "CMAKE_RUNTIME_OUTPUT_DIRECTORY:PATH=/repo/bin\n"})
    assert checkout.writes("cmake --build out/l") == {"out/l/**", "bin/**"}
    assert checkout.may_read("cmake --build out/l", "lib/x.c")
    assert checkout.may_read("cmake --build out/l", "sdk/x")
    assert "stage/**" in checkout.writes("cmake --install out/l")
    assert "stage/**" in checkout.writes("cmake --build out/l --target install")
    assert checkout.writes("cmake out/l") == {"out/l/**", "bin/**"}


def test_notes_of_cmake_do_not_count_as_given():
    lists = "project(x)\nfile(WRITE ${x_BINARY_DIR}/a b)\n"
    cache = "CMAKE_HOME_DIRECTORY:INTERNAL=/repo/app\nx_BINARY_DIR:STATIC=/repo/app/build\n"
    checkout = FakeCheckout({"app/CMakeLists.txt": lists, "app/build/CMakeCache.txt": cache})
    assert checkout.writes("cmake --build app/build") == {"app/build/**"}


def test_a_build_folder_that_nothing_tells_about(checkout):
    assert "nothing tells which project is built in `there`" in why(checkout, "cmake --build /elsewhere/there")


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ("-DCMAKE_PREFIX_PATH=stage", "stage/lib/x"),
        ("-DX_DIR:PATH=../lib/build", "lib/build/x"),
        ("-DSDK=/repo/sdk", "sdk/x"),
        ("--toolchain lib/t.cmake", "lib/t.cmake"),
    ],
)
def test_variables_that_lead_elsewhere_are_read(checkout, options, path):
    assert checkout.may_read(f"cmake -S app -B app/build {options}", path)


def test_a_variable_of_the_task_that_leads_elsewhere(checkout):
    assert checkout.may_read("CMAKE_PREFIX_PATH=/repo/stage cmake -S app -B app/build", "stage/x")
    assert not checkout.recognises("CMAKE_TOOLCHAIN_FILE=$X cmake -S app -B app/build")


@pytest.mark.parametrize(
    "text",
    [
        "cmake -S app -B $WHERE",
        "cmake -S app -B app/build -DX=$Y",
        "cmake -S app -B app/build --unheard-of",
        "cmake --build app/build -- install",
        "cmake --build app/build --unheard-of",
        "cmake -S app lib",
        "cmake -P x.cmake",
        "cmake -DX=1 -P x.cmake",
        "cmake --open app/build",
        "cmake --preset missing",
        "cmake --build app/build --target Nightly",
        "ctest -S x.cmake",
        "ctest -D Experimental",
        "ninja -t restat",
        "ninja -f other.ninja",
        "meson install -C mes/build",
        "meson dist",
        "make -f $X",
        "make",
        "cpack --config x",
    ],
)
def test_what_is_not_understood_claims_everything(checkout, text):
    assert not checkout.recognises(text)


@pytest.mark.parametrize(
    "text", ["cmake --version", "cmake --help", "ctest --help", "ninja --version", "make -v", "meson --version"]
)
def test_what_only_informs(checkout, text):
    assert checkout.claims(text).entries == ()


@pytest.mark.parametrize(
    ("lists", "reason"),
    [
        ("include(ExternalProject)\nExternalProject_Add(x)\n", "`externalproject_add()` is not known (app/CMakeLists.txt:2)"),
        ("execute_process(COMMAND unheard-of)\n", "`unheard-of` is not recognised (app/CMakeLists.txt:1)"),
        ("execute_process(COMMAND git push)\nexecute_process(COMMAND ${X} y)\n", "only the run tells which program"),
        ("file(WRITE ${OUT}/x y)\n", "`file()` writes what only the run tells (app/CMakeLists.txt:1)"),
        ("file(UPLOAD x y)\n", "`file(UPLOAD)` is not followed"),
        ("configure_file(a.in ${WHERE})\n", "`configure_file()` writes what only the run tells"),
        ("add_subdirectory(${X})\n", "only the run tells which folder is added"),
        ("add_subdirectory(missing)\n", "there is no app/missing/CMakeLists.txt"),
        ("include(${X}/y.cmake)\n", "only the run tells what is included"),
        ("include(Unheard)\n", "the module `Unheard` is not known"),
        ("set(O ${CMAKE_BINARY_DIR}/${N})\nset(O ${X})\nconfigure_file(a.in ${O})\n", "writes what only the run tells"),
        (
            "function(f)\nset(O ${CMAKE_CURRENT_SOURCE_DIR}/x)\nfile(WRITE ${O} x)\nendfunction()\nf()\n",
            "what only the run tells",
        ),
        ("unheard_of(x)\n", "`unheard_of()` is not known"),
        ("cmake_language(EVAL CODE x)\n", "`cmake_language()` is not known"),
        ("export(PACKAGE x)\n", "tells the user's other projects"),
        ("add_custom_command(OUTPUT x COMMAND python gen.py)\n", "`python gen.py`"),
        ("add_custom_target(x ALL ${TOOL} y)\n", "only the run tells which program"),
        ("FetchContent_Declare(x PATCH_COMMAND sh x.sh)\n", "`PATCH_COMMAND` of what is fetched is not followed"),
        (
            "function(f)\n  file(WRITE x y)\nendfunction()\nf()\n",
            "`file()` writes what only the run tells (app/CMakeLists.txt:2)",
        ),
        ('set(X "a\n', "not understood: app/CMakeLists.txt"),
    ],
)
def test_why_a_project_is_not_understood(lists, reason):
    checkout = of(lists)
    assert reason in why(checkout, "cmake --build app/build")
    assert checkout.recognises("cmake -S app -B app/build") == lists.startswith("add_custom")


@pytest.mark.parametrize(
    ("lists", "written"),
    [
        ("file(WRITE made.txt x)\n", "app/made.txt/**"),
        ("file(COPY a DESTINATION ${CMAKE_SOURCE_DIR}/../there)\n", "there/**"),
        ("set(OUT ${CMAKE_SOURCE_DIR}/gen)\nconfigure_file(a.in ${OUT}/a.h)\n", "app/gen/a.h/**"),
        ("configure_file(a.in ${PROJECT_SOURCE_DIR}/gen/${X}.h)\n", "app/gen/**"),
        ("set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/bin)\n", "app/bin/**"),
        ("set_target_properties(x PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/../out)\n", "out/**"),
        ("add_custom_command(OUTPUT ${CMAKE_SOURCE_DIR}/g.c COMMAND touch ${CMAKE_SOURCE_DIR}/g.c)\n", "app/g.c/**"),
        ("add_custom_target(x ALL COMMAND ${CMAKE_COMMAND} -E copy_directory a ../../shared)\n", "shared/**"),
        (
            "add_custom_command(TARGET x POST_BUILD COMMAND cmake -E copy $<TARGET_FILE:x> ${CMAKE_SOURCE_DIR}/bin)\n",
            "app/bin/**",
        ),
        ("add_executable(gen g.c)\nadd_custom_command(OUTPUT x COMMAND gen x)\n", "app/**"),
        ("set(CMAKE_CXX_CLANG_TIDY clang-tidy -fix)\n", "app/**"),
        ("try_run(A B x y)\n", "app/**"),
        ("FetchContent_Declare(x SOURCE_DIR ${CMAKE_SOURCE_DIR}/third/x)\n", "app/third/x/**"),
    ],
)
def test_what_is_written_beside_the_build_folder(lists, written):
    checkout = of("project(x)\n" + lists)
    assert written in checkout.writes("cmake --build app/build")


@pytest.mark.parametrize(
    "lists",
    [
        "file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/x y)\nfile(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/$<CONFIG>/x CONTENT y)\n",
        "include(FetchContent)\nFetchContent_Declare(Y URL https://x/y)\nFetchContent_MakeAvailable(Y)\nadd_subdirectory(${y_SOURCE_DIR})\n",
        "#[[ file(WRITE ${X} y) ]]\n# unheard_of()\nset(X [[file(WRITE)]])\n",
        "function(f)\n  unheard_of()\nendfunction()\n",
        "macro(m)\nset(A b)\nendmacro()\nm()\n",
        "add_custom_target(deploy COMMAND kubectl apply -f x)\n",
        "add_custom_target(fmt COMMAND unheard-of ${CMAKE_SOURCE_DIR})\n",
        "find_package(Git)\nexecute_process(COMMAND ${GIT_EXECUTABLE} rev-parse HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})\n",
        "install(CODE [[ file(WRITE /x y) ]])\n",
        "set(OUT ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.pc)\nconfigure_file(a.in ${OUT})\n",
        "function(f n)\nset(OUT ${CMAKE_CURRENT_BINARY_DIR}/${n})\nconfigure_file(a.in ${OUT}/x)\nendfunction()\nf(x)\n",
        "if(WIN32)\nset(X a)\nelse()\nset(X b)\nendif()\ntarget_link_libraries(x ${X})\n",
    ],
)
def test_what_stays_in_the_build_folder(lists):
    checkout = of("project(x)\n" + lists)
    assert checkout.writes("cmake --build app/build") == {"app/build/**"}
    assert checkout.effect("cmake --build app/build") is Effect.LOCAL


def test_targets_that_are_asked_for_count():
    checkout = of(
        "project(x)\nadd_custom_target(deploy COMMAND kubectl apply -f x)\nadd_custom_target(fmt COMMAND unheard-of)\n"
    )
    assert checkout.effect("cmake --build app/build --target deploy") is Effect.OUTSIDE
    assert not checkout.recognises("cmake --build app/build -t fmt")
    checkout = of("project(x)\nadd_custom_target(fmt COMMAND unheard-of)\nadd_dependencies(x fmt)\n")
    assert not checkout.recognises("cmake --build app/build")


def test_a_variable_with_two_values_has_none():
    checkout = of("set(OUT ${CMAKE_BINARY_DIR})\nif(X)\nset(OUT ${CMAKE_SOURCE_DIR})\nendif()\nfile(WRITE ${OUT}/x y)\n")
    assert not checkout.recognises("cmake --build app/build")
    checkout = of("set(OUT ${CMAKE_BINARY_DIR})\nunheard(OUT)\nfunction(unheard v)\nendfunction()\nfile(WRITE ${OUT}/x y)\n")
    assert not checkout.recognises("cmake --build app/build")


def test_a_variable_that_may_come_from_outside_has_none():
    checkout = of("if(NOT DEFINED OUT)\nset(OUT ${CMAKE_BINARY_DIR})\nendif()\nfile(WRITE ${OUT}/x y)\n")
    assert not checkout.recognises("cmake --build app/build")
    checkout = of("if(A)\nset(OUT ${CMAKE_BINARY_DIR})\nendif()\nfile(WRITE ${OUT}/x y)\n")
    assert checkout.recognises("cmake -S app -B app/build")
    assert not checkout.recognises("cmake -S app -B app/build -DOUT=/repo/gen")


def test_a_prefix_that_the_project_sets():
    checkout = of("project(x)\nset(CMAKE_INSTALL_PREFIX ${CMAKE_SOURCE_DIR}/../stage)\n")
    assert "stage/**" in checkout.writes("cmake --install app/build --prefix s")


def test_folders_that_are_added_and_modules_of_the_project():
    lists = "project(x)\nlist(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake)\ninclude(Own)\nadd_subdirectory(../shared shared)\n"
    lists += "find_package(Odd)\n"
    assert not of(lists).recognises("cmake --build app/build")
    files = {
        "app/cmake/Own.cmake": "set(A b)\n",
        "shared/CMakeLists.txt": "file(WRITE s.txt x)\n",
        "app/cmake/FindOdd.cmake": "",
    }
    checkout = FakeCheckout({"app/CMakeLists.txt": lists, **files})
    assert checkout.writes("cmake --build app/build") == {"app/build/**", "shared/s.txt/**"}
    assert checkout.may_read("cmake --build app/build", "shared/x.c")
    checkout = FakeCheckout({"app/CMakeLists.txt": lists, **files, "app/cmake/FindOdd.cmake": "unheard_of()"})
    assert "app/cmake/FindOdd.cmake:1" in why(checkout, "cmake --build app/build")


def test_paths_out_of_the_source_are_read():
    checkout = of("project(x)\nadd_executable(x ../other/x.c)\ninclude_directories(${CMAKE_SOURCE_DIR}/../inc)\n")
    assert checkout.may_read("cmake --build app/build", "other/x.c")
    assert checkout.may_read("cmake --build app/build", "inc/x.h")
    assert not checkout.may_read("cmake --build app/build", "web/x")
    checkout = of("project(x)\nadd_executable(x ${WHERE}/../x.c)\n")
    assert checkout.may_read("cmake --build app/build", "web/x")


def test_a_glob_over_the_whole_source_sees_other_builds():
    checkout = of("project(x)\nfile(GLOB_RECURSE S ${CMAKE_SOURCE_DIR}/*.c)\n")
    assert not checkout.may_run_together("cmake --build app/build-debug", "cmake --build app/build-release")
    checkout = of("project(x)\nfile(GLOB_RECURSE S src/*.c)\n")
    assert checkout.may_run_together("cmake --build app/build-debug", "cmake --build app/build-release")


def test_what_installs_elsewhere():
    assert "runs what is not followed" in why(of("project(x)\ninstall(CODE x)\n"), "cmake --install app/build --prefix s")
    checkout = of("project(x)\ninstall(TARGETS x DESTINATION /etc/x)\ninstall(FILES y DESTINATION ${CMAKE_INSTALL_BINDIR})\n")
    assert {"/etc/x/**", "s/**"} <= checkout.writes("cmake --install app/build --prefix s")
    assert "only the run tells where" in why(of("install(TARGETS x DESTINATION ${W})"), "cmake --install app/build --prefix s")


def test_places_that_no_prefix_of_the_call_moves():
    lists = 'project(x)\ninclude(GNUInstallDirs)\ninstall(FILES x.h DESTINATION "${CMAKE_INSTALL_FULL_INCLUDEDIR}/x")\n'
    cache = "CMAKE_HOME_DIRECTORY:INTERNAL=/repo/app\nCMAKE_INSTALL_PREFIX:PATH=/usr/local\n"
    assert "is not known before `build` is configured" in why(of(lists), "cmake --install app/build --prefix s")
    checkout = FakeCheckout({"app/CMakeLists.txt": lists, "app/build/CMakeCache.txt": cache})
    assert {"s/**", "/usr/local/**"} <= checkout.writes("cmake --install app/build --prefix s")
    assert checkout.holds("cmake --install app/build --prefix s") == {"installed-libraries"}
    lists = "project(x)\ninclude(GNUInstallDirs)\ninstall(TARGETS x DESTINATION ${CMAKE_INSTALL_LIBDIR})\n"
    checkout = FakeCheckout(
        {"app/CMakeLists.txt": lists, "app/build/CMakeCache.txt": cache + "CMAKE_INSTALL_LIBDIR:PATH=/opt/l\n"}
    )
    assert {"s/**", "/opt/l/**"} <= checkout.writes("cmake --install app/build --prefix s")
    lists = "project(x)\nset(W ${CMAKE_INSTALL_PREFIX}/y)\ninstall(TARGETS x DESTINATION ${W})\n"
    assert "is not known before" in why(of(lists), "cmake --install app/build --prefix s")


PRESETS = """{"version": 6, "include": ["more.json"],
 "configurePresets": [{"name": "base", "hidden": true, "binaryDir": "${sourceDir}/out/${presetName}"},
                      {"name": "dev", "inherits": "base", "cacheVariables": {"SDK": {"type": "PATH", "value": "/repo/sdk"}}},
                      {"name": "odd", "binaryDir": "$env{HOME}/x"}],
 "buildPresets": [{"name": "dev", "configurePreset": "dev", "targets": ["x"]}],
 "testPresets": [{"name": "dev", "configurePreset": "dev"}],
 "workflowPresets": [{"name": "all", "steps": [{"type": "configure", "name": "dev"}, {"type": "test", "name": "dev"}]}]}"""


def test_presets():
    checkout = FakeCheckout({"app/CMakeLists.txt": APP, "app/CMakePresets.json": PRESETS, "app/more.json": "{}"})
    for text in ("cmake --preset dev", "cmake --build --preset dev", "cmake --build --preset=dev -j4"):
        assert checkout.writes(text, "app") == {"app/out/dev/**"}
        assert checkout.may_read(text, "sdk/x", "app")
    assert checkout.writes("cmake --preset dev -B other", "app") == {"app/other/**"}
    assert "app/**" in checkout.writes("ctest --preset dev", "app")
    assert "app/**" in checkout.writes("cmake --workflow --preset all", "app")
    for text in ("cmake --preset odd", "cmake --build --preset base", "cmake --preset missing"):
        assert "is not understood" in why(checkout, text, "app")
    missing = FakeCheckout({"app/CMakeLists.txt": APP, "app/CMakePresets.json": PRESETS})
    assert "is not understood" in why(missing, "cmake --preset dev", "app")


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("cmake -E copy a b c", "cp -r a b c"),
        ("cmake -E copy_directory a b", "cp -r a b"),
        ("cmake -E make_directory a/b", "mkdir -p a/b"),
        ("cmake -E rm -rf a", "rm -rf a"),
        ("cmake -E remove_directory a", "rm -rf a"),
        ("cmake -E rename a b", "mv a b"),
        ("cmake -E touch a", "touch a"),
        ("cmake -E env A=b touch a", "touch a"),
        ("cmake -E chdir app touch a", "touch app/a"),
        ("cmake -E time touch a", "touch a"),
        ("cmake -E tar czf a.tgz web", "tar czf a.tgz web"),
    ],
)
def test_what_cmake_does_as_everyday_commands_do(checkout, text, shell):
    assert checkout.writes(text) | checkout.adds_to(text) == checkout.writes(shell) | checkout.adds_to(shell)
    assert checkout.reads(text) == checkout.reads(shell)


@pytest.mark.parametrize(
    "text", ["cmake -E unheard-of", "cmake -E", "cmake -E env X=y", "cmake -E copy $A b", "cmake -E server"]
)
def test_what_cmake_does_otherwise(checkout, text):
    assert not checkout.recognises(text)


def test_packing(checkout):
    assert checkout.writes("cd app/build && cpack -G TGZ -B ../../dist") == {"app/build/**", "dist/**"}
    assert not of("project(x)\ninstall(SCRIPT x)\n").recognises("cd app/build && cpack")
    assert not of("project(x)\nset(CPACK_INSTALL_SCRIPTS x)\n").recognises("cd app/build && cpack")
    assert of("project(x)\nset(CPACK_PACKAGE_DESCRIPTION x)\n").recognises("cd app/build && cpack")


@pytest.mark.parametrize("text", ["meson setup mes/build mes", "cd mes && meson setup build --buildtype=release -Da=b"])
def test_meson_configures(checkout, text):
    assert checkout.writes(text) == {"mes/build/**"}
    assert checkout.may_read(text, "mes/src/x.c")


def test_meson_builds_and_tests(checkout):
    assert checkout.writes("meson compile -C mes/build") == checkout.writes("ninja -C mes/build") == {"mes/build/**"}
    assert "mes/**" in checkout.writes("meson test -C mes/build --print-errorlogs")
    assert checkout.may_run_together("meson test -C mes/build", "cmake --build app/build")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("run_command('x', check: true)", "`run_command()` is not followed (mes/meson.build:2)"),
        ("custom_target('x')", "`custom_target()` is not followed"),
        ("gnome = import('gnome')", "`import()` is not followed"),
        ("subdir(name)", "only the run tells which folder is added"),
    ],
)
def test_why_a_meson_project_is_not_understood(text, reason):
    checkout = FakeCheckout({"mes/meson.build": f"project('x', 'c')\n{text}\n"})
    assert reason in why(checkout, "meson compile -C mes/build")


@pytest.mark.parametrize(
    "text", ["custom_target('x', command: ['./x'])", "generator(p)", "vcs_tag(input: 'a', output: 'b')", "run_target('y')"]
)
def test_meson_configures_a_project_that_runs_programs_only_in_builds(text):
    checkout = of_meson(text)
    assert checkout.writes("meson setup mes/build mes") == {"mes/build/**"}
    assert not checkout.recognises("meson compile -C mes/build")
    assert "`run_command()` is not followed" in why(of_meson("run_command('x')"), "meson setup mes/build mes")


def of_meson(text: str) -> FakeCheckout:
    return FakeCheckout({"mes/meson.build": f"project('x', 'c')\n{text}\n"})


def test_meson_that_fetches_and_looks_elsewhere():
    checkout = FakeCheckout(
        {"mes/meson.build": "project('x')\nsubproject('z')\nexecutable('x', '../other/x.c') # run_command(x)\n"}
    )
    assert "mes/subprojects/**" in checkout.writes("meson setup mes/build mes")
    assert checkout.may_read("meson setup mes/build mes", "other/x.c")


def test_ninja_files_of_others():
    checkout = FakeCheckout({"x/build.ninja": "rule a\n"})
    assert "made by neither cmake nor meson" in why(checkout, "ninja -C x")
    checkout = FakeCheckout(
        {**FILES, "app/b/build.ninja": "", "app/b/CMakeCache.txt": "CMAKE_HOME_DIRECTORY:INTERNAL=/repo/app\n"}
    )
    assert checkout.writes("ninja -C app/b") == {"app/b/**"}


def test_make_in_a_build_folder():
    made = "# CMAKE generated file: DO NOT EDIT!\n"
    checkout = FakeCheckout(
        {**FILES, "app/b/Makefile": made, "app/b/CMakeCache.txt": "CMAKE_HOME_DIRECTORY:INTERNAL=/repo/app\n"}
    )
    assert checkout.writes("make -C app/b -j4 app") == {"app/b/**"}
    assert "app/**" in checkout.writes("make -C app/b test")


def made(makefile, files=None):
    """A checkout with a Makefile in `m`, and other files."""
    return FakeCheckout({"m/Makefile": makefile, **(files or {})})


@pytest.mark.parametrize(
    ("makefile", "text", "written"),
    [
        ("all: b\n\ttouch a\nb:\n\ttouch b\nc:\n\ttouch c\n", "make", {"m/a", "m/b"}),
        ("all: b\n\ttouch a\nb:\n\ttouch b\nc:\n\ttouch c\n", "make c b", {"m/b", "m/c"}),
        (".PHONY: x\n.DEFAULT_GOAL := y\nx:\n\ttouch x\ny:\n\ttouch y\n", "make", {"m/y"}),
        ("B := out\nX = $(B)/x\nall:\n\ttouch $(X) ${B}.y\n", "make", {"m/out/x", "m/out.y"}),
        ("B = out\nall:\n\ttouch $(B)\n", "make B=other", {"m/other"}),
        ("B ?= out\nall:\n\ttouch $(B)\n", "make B=other", {"m/other"}),
        ("A := x\nA += y\nall:\n\ttouch $(A)\n", "make", {"m/x", "m/y"}),
        ("all: ; touch z\n", "make", {"m/z"}),
        ("a b:\n\ttouch $@\n", "make b", {"m/b"}),
        ("all:\n\t-@touch x\n\t+touch y # z\n\t# touch w\n", "make", {"m/x", "m/y"}),
        ("all:\n\tcd sub && \\\n\ttouch x\n\ttouch y\n", "make", {"m/sub/x", "m/y"}),
        ("all:\n\t$(MAKE) -C ../n B=x\n", "make", {"n/x"}),
        ("all:\n\tcd ../n && make\n", "make B=other", {"n/other"}),
        ("all:\n\t$(MAKE) -C ../n\n", "make B=other", {"n/other"}),
        ("V := $(shell touch v)\nall:\n\techo\n", "make", {"m/v"}),
        ("Makefile: all\n\ttouch w\nall:\n\techo\n", "make all", {"m/w"}),
        ("%.o: %.c\n\tcp $< $@\nall:\n\ttouch a\n", "make", {"m/a"}),
        (".DELETE_ON_ERROR:\nx:\n\ttouch y\n", "make", {"m/x", "m/y"}),
        ("all:\n\ttouch a\n", "make -j 4 -s --no-print-directory all", {"m/a"}),
        ("export A := b\nall:\n\ttouch a\n", "MAKEFLAGS='-j4 --no-print-directory' make", {"m/a"}),
    ],
)
def test_recipes_of_a_plain_makefile(makefile, text, written):
    checkout = made(makefile, {"n/Makefile": "B = out\nall:\n\ttouch $(B)\n"})
    assert checkout.recognises(text, "m")
    assert checkout.writes(text, "m") == written
    assert checkout.may_read(text, "m/Makefile", "m")
    assert checkout.writes(text.replace("make", "make -C m", 1)) == written


@pytest.mark.parametrize(
    ("makefile", "reason"),
    [
        ("include x.mk\nall:\n\techo\n", "m/Makefile is not understood: `include` (line 1)"),
        ("ifdef X\nall:\n\techo\nendif\n", "`ifdef` (line 1)"),
        ("define x\nendef\n", "`define`"),
        ("all: X = y\nall:\n\techo\n", "a variable of a target (line 1)"),
        ("all:\n\techo $(X)\n", "`$(X)` may come from the environment (line 2)"),
        ("X ?= y\nall:\n\techo $(X)\n", "`$(X)`"),
        ("X = $(wildcard *.c)\nall:\n\techo $(X)\n", "is no constant (line 3)"),
        ("F = $(shell touch z)\nV := $(F)\nall:\n\techo\n", "(line 2)"),
        ("V := $(strip $(shell touch z))\nall:\n\techo\n", "(line 1)"),
        ("V != touch z\nall:\n\techo\n", "`V !=` runs a command"),
        ("$(eval X := y)\nall:\n\techo\n", "(line 1)"),
        ("all: $(shell touch x)\n\techo\n", "(line 1)"),
        ("SHELL := python\nall:\n\techo\n", "it sets `SHELL`"),
        (".ONESHELL:\nall:\n\techo\n", "`.ONESHELL`"),
        ("export PATH := x\nall:\n\techo\n", "it sets `PATH`"),
        ("export\nall:\n\techo\n", "`export`"),
        ("all::\n\techo\n", "double-colon"),
        ("a.o: %.o: %.c\n\techo\n", "is no plain name (line 1)"),
        ("%.x: %.y\n\techo\nall: b.x\n\techo\n", "the rule for `%.x` may make `b.x`"),  # which is not there yet
        ("%.x: %.y\n\techo\nall: a.x\n\techo\n", "the rule for `%.x` may make `a.x`"),
        (".c.x:\n\techo\nall: a.x\n\techo\n", "the rule for `%.x` may make `a.x`"),
        ("%:\n\techo\nall:\n\techo\n", "the rule for `%` may make `Makefile`"),
        ("all: a.o\n\techo\n", "a rule of make's own may make `a.o` from `a.c`"),
        ("all: missing\n\techo\n", "no rule of it makes `missing`"),
        ("all: *.c\n\techo\n", "`*.c` is no plain name"),
        ("all:\n\techo\nall:\n\techo\n", "`all` has several rules"),
        ("all:\n\tunheard-of\n", "`unheard-of` is not recognised (line 2)"),
        ("all: b\n\techo $?\nb:\n", "may come from the environment (line 2)"),
        ("# nothing\n", "nothing is its first goal"),
    ],
)
def test_why_a_makefile_is_not_understood(makefile, reason):
    assert reason in why(made(makefile, {"m/a.x": "", "m/a.o": "", "m/a.c": ""}), "make", "m")


@pytest.mark.parametrize(
    "text",
    [
        "make -e",
        "make -I x",
        "make --eval=x",
        "make -t",
        "make X+=y",
        "make 'X=$(shell x)'",
        "MAKEFLAGS=-e make",
        "MAKEFILES=x make",
    ],
)
def test_calls_of_make_that_are_not_understood(text):
    assert not made("all:\n\techo\n").recognises(text, "m")


def test_effects_of_recipes():
    checkout = made("deploy:\n\tkubectl apply -f x\ntest:\n\techo\n")
    assert checkout.effect("make -C m deploy") is Effect.OUTSIDE
    assert checkout.effect("make -C m test") is Effect.LOCAL


def test_variables_that_recipes_get():
    checkout = made("export CARGO_TARGET_DIR = /tmp/t\nall:\n\tcargo build\n", {"m/Cargo.toml": "[package]\nname='x'\n"})
    assert "/tmp/t/**" in checkout.writes("make -C m")
    assert "/tmp/u/**" in checkout.writes("make -C m CARGO_TARGET_DIR=/tmp/u")


def test_checkers(checkout):
    assert checkout.writes("clang-tidy -p build main.c", "app") == set()
    assert checkout.may_read("clang-tidy -p build main.c", "common/y.h", "app")
    assert "app/**" in checkout.writes("clang-tidy --fix -p build main.c", "app")
    assert checkout.writes("cppcheck --enable=all --error-exitcode=1 --cppcheck-build-dir=cache .", "app") == {"app/cache/**"}
    assert checkout.may_run_together("cppcheck app", "clang-tidy app/main.c")
    assert not checkout.recognises("cppcheck --dump .", "app")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("gcc -o app main.c", {"app/app/**"}),
        ("cc -c main.c -Iinclude -O2 -Wall -DX=1 -D Y", {"app/main.o/**"}),
        ("g++ -std=c++17 -MMD -c main.c -o out/main.o", {"app/out/main.o/**", "app/out/main.d/**", "app/out/main.o-main.d/**"}),
        ("clang main.o -L../lib -lfoo -Wl,-rpath,/x,--gc-sections -o../bin/app", {"bin/app/**"}),
        ("gcc main.c", {"app/a.out/**"}),
        ("gcc -fsyntax-only main.c -o /dev/null", None),
        ("gcc -E main.c", set()),
        ("gcc -shared -fPIC main.c -o /dev/null", set()),
        ("gcc main.c -fplugin=x", None),
        ("gcc main.c -Wl,-Map,../x.map", None),
        ("gcc main.c -Wl,--plugin,x", None),
        ("gcc main.c --coverage", None),
        ("gcc -save-temps main.c", None),
        ("gcc -fstack-usage main.c", None),
        ("gcc @options", None),
        ("gcc $X main.c", None),
        ("gcc", None),
    ],
)
def test_compilers_that_are_called_by_hand(checkout, text, written):
    assert checkout.recognises(text, "app") == (written is not None)
    if written is not None:
        assert checkout.writes(text, "app") == written
    if written and "main.c" in text:
        assert checkout.may_read(text, "common/y.h", "app")


def test_a_makefile_that_compiles():
    checkout = made("CFLAGS += -O2\nx: x.c x.h\n\t$(CC) $(CFLAGS) -o $@ $< $(LDLIBS)\n", {"m/x.c": "", "m/x.h": ""})
    assert checkout.writes("make -C m") == {"m/x/**"}
    assert "m/x/**" in checkout.writes("CFLAGS='-g -I../n' make -C m")
    assert checkout.may_read("CFLAGS='-g -I../n' make -C m", "n/z.h")
    assert not checkout.recognises("CC=$X make -C m")


def test_how_many_cores(checkout):
    assert checkout.cpu("cmake --build app/build -j4") == 4
    assert checkout.cpu("cmake --build app/build --parallel") == checkout.cpu("ninja -C app/build") == 2
    assert checkout.cpu("cmake -S app -B app/build") == 1


def test_manifests(checkout):
    assert {"CMakeLists.txt", "meson.build"} <= checkout.manifests()


def test_a_repositorys_own_program_of_such_a_name(checkout):
    assert not checkout.recognises("./ninja -C app/build")
    assert checkout.recognises("/usr/bin/ninja -C app/build")


def test_cmakes_language_is_cut_into_commands():
    found = commands('Set(A "b ${C}" [=[ ) ]=] d\\ e) # x\nif((X AND Y) OR Z)\nmessage("a\\\nb" -Dx="y z")')
    assert found is not None
    assert [(command.name, command.texts, command.line) for command in found] == [
        ("set", ("A", "b ${C}", " ) ", "d\\ e"), 1),
        ("if", ("X", "AND", "Y", "OR", "Z"), 2),
        ("message", ("ab", '-Dx="y z"'), 3),
    ]
    assert commands("set(A") is None
    assert commands("set A)") is None


def test_values_of_makes_variables():
    variables = MakeVariables({"G": "given"}, {"E": "told", "N": None}, "/repo/m", "make")
    for name, sign, text in (("A", ":=", "x"), ("B", "=", "$(A)$(C)"), ("C", "=", "y"), ("G", ":=", "own"), ("A", "+=", "$$z")):
        variables.assign(name, sign, text)
    texts = {"$(B)": "x $zy", "$(G)": "given", "$(CURDIR)": "/repo/m", "$$X": "$X", "$(CC)": "cc", "$(E)": "told", "$@": "t"}
    assert {text: variables.expand(text, automatic={"@": "t"}) for text in texts} == texts
    for text in ("$(N)", "$(UNSET)", "$(shell x)", "$(B:x=y)", "$(unfinished"):
        with pytest.raises(NotConstantError):
            variables.expand(text)
    variables.assign("L", "=", "$(L)")
    with pytest.raises(NotConstantError):
        variables.expand("$(L)")
