"""Commands and modules of CMake that touch nothing but the build folder, by name, and the names of options whose value is a path.

What is not here, and not defined in the files of the project, is not understood. Knows names only.
"""

from __future__ import annotations

import re

HARMLESS = frozenset(
    "add_compile_definitions add_compile_options add_definitions add_dependencies add_library add_link_options aux_source_directory "
    "block break build_command cmake_host_system_information cmake_minimum_required cmake_parse_arguments cmake_path cmake_policy "
    "continue define_property else elseif enable_language enable_testing endblock endforeach endif endwhile "
    "endfunction endmacro find_file find_library find_path find_program fltk_wrap_ui foreach get_cmake_property get_directory_property "
    "get_filename_component get_property get_source_file_property get_target_property get_test_property if include_directories "
    "include_guard include_regular_expression link_directories link_libraries list mark_as_advanced math message option qt_wrap_cpp "
    "qt_wrap_ui remove remove_definitions return separate_arguments set_directory_properties set_property set_source_files_properties "
    "set_target_properties set_tests_properties site_name source_group string subdir_depends target_compile_definitions "
    "target_compile_features target_compile_options target_include_directories target_link_directories target_link_libraries "
    "target_link_options target_precompile_headers target_sources try_compile unset while "
    # of modules that come with CMake
    "add_feature_info add_jar check_c_compiler_flag check_c_source_compiles check_compiler_flag check_cxx_compiler_flag "
    "check_cxx_source_compiles check_cxx_symbol_exists check_fortran_compiler_flag check_function_exists check_include_file "
    "check_include_file_cxx check_include_files check_ipo_supported check_language check_library_exists check_linker_flag "
    "check_prototype_definition check_source_compiles check_struct_has_member check_symbol_exists check_type_size "
    "check_variable_exists check_pie_supported check_objc_compiler_flag cmake_dependent_option cmake_print_properties "
    "cmake_print_variables cmake_push_check_state cmake_reset_check_state cmake_pop_check_state cpack_add_component "
    "cpack_add_component_group cpack_add_install_type cuda_add_executable cuda_add_library feature_summary "
    "find_package_check_version find_package_handle_standard_args find_package_message find_dependency generate_export_header "
    "gtest_add_tests gtest_discover_tests pkg_check_modules pkg_get_variable pkg_search_module print_disabled_features "
    "print_enabled_features processorcount select_library_configurations set_package_properties swig_add_library swig_link_libraries "
    "test_big_endian write_compiler_detection_header add_flex_bison_dependency check_required_components set_and_check "
    # of libraries that many projects use
    "catch_discover_tests doctest_discover_tests parseandaddcatchtests pybind11_add_module nanobind_add_module python_add_library "
    "python3_add_library protobuf_generate protobuf_generate_cpp protobuf_generate_python qt_add_executable qt_add_library "
    "qt_add_resources qt_standard_project_setup qt5_add_resources qt5_wrap_cpp qt5_wrap_ui qt6_add_resources qt6_wrap_cpp qt6_wrap_ui "
    "qt_add_qml_module".split()
)  # fmt: skip
SYSTEM_MODULES = frozenset(
    "AddFileDependencies CheckCCompilerFlag CheckCSourceCompiles CheckCXXCompilerFlag CheckCXXSourceCompiles CheckCXXSymbolExists "
    "CheckCompilerFlag CheckFunctionExists CheckIPOSupported CheckIncludeFile CheckIncludeFileCXX CheckIncludeFiles CheckLanguage "
    "CheckLibraryExists CheckLinkerFlag CheckPIESupported CheckPrototypeDefinition CheckSourceCompiles CheckStructHasMember "
    "CheckSymbolExists CheckTypeSize CheckVariableExists CMakeDependentOption CMakeFindDependencyMacro CMakePackageConfigHelpers "
    "CMakeParseArguments CMakePrintHelpers CMakePushCheckState CPack CPackComponent CPackIFW CTest CTestUseLaunchers Dart "
    "FeatureSummary FetchContent FindPackageHandleStandardArgs FindPackageMessage FindPkgConfig FindPythonInterp "
    "GenerateExportHeader GNUInstallDirs GoogleTest InstallRequiredSystemLibraries ProcessorCount SelectLibraryConfigurations "
    "TestBigEndian UseJava UseSWIG WriteCompilerDetectionHeader WriteBasicConfigVersionFile "
    "Catch CatchAddTests ParseAndAddCatchTests doctest ExternalProject".split()
)
"""Modules that come with CMake, or with libraries of tests, and define nothing but commands of HARMLESS and those that are followed."""
PROGRAMS = {
    "CMAKE_COMMAND": "cmake",
    "CMAKE_CTEST_COMMAND": "ctest",
    "GIT_EXECUTABLE": "git",
    "Git_EXECUTABLE": "git",
    "PYTHON_EXECUTABLE": "python3",
    "Python_EXECUTABLE": "python3",
    "Python3_EXECUTABLE": "python3",
}
"""Variables that hold a program which `find_package` has looked for."""
_OUTPUT = r"(?:ARCHIVE|LIBRARY|RUNTIME|PDB|COMPILE_PDB)_OUTPUT_DIRECTORY(?:_[A-Z]+)?"
WRITTEN_VARIABLE = re.compile(
    rf"CMAKE_{_OUTPUT}|EXECUTABLE_OUTPUT_PATH|LIBRARY_OUTPUT_PATH|CPACK_OUTPUT_FILE_PREFIX|CPACK_PACKAGE_DIRECTORY|FETCHCONTENT_BASE_DIR|FETCHCONTENT_SOURCE_DIR_\w+|CPM_SOURCE_CACHE|CMAKE_SWIG_OUTDIR"
)
"""Names of variables whose value is a path that is written while configuring or building."""
WRITTEN_OPTION = re.compile(
    rf"{_OUTPUT}|(?:OUTPUT_NAME|\w+_OUTPUT_NAME)(?:_[A-Z]+)?|OUTPUT_DIR|OUT_DIR|PROTOC_OUT_DIR|EXPORT_FILE_NAME|OUTPUT_DIRECTORY|ADDITIONAL_CLEAN_FILES"
)
"""Names of properties and options whose value is such a path."""
TAKES_WRITTEN = frozenset(
    "set_property set_target_properties set_directory_properties set_source_files_properties generate_export_header protobuf_generate "
    "protobuf_generate_cpp protobuf_generate_python qt_add_qml_module swig_add_library".split()
)
DASHBOARD = re.compile(r"(?:Experimental|Nightly|Continuous)\w*")
"""Targets that send results to a server."""
BUILDS = ("build", "builddir", "_build", "cmake-build-debug", "cmake-build-release", "cmake-build-relwithdebinfo", "cmake-build-minsizerel",
          *(f"build{sign}{kind}" for sign in "-_" for kind in (
              *("debug", "release", "relwithdebinfo", "minsizerel", "Debug", "Release", "asan", "tsan", "ubsan", "msan", "coverage"),
              *("clang", "gcc", "static", "shared", "test", "tests", "ci", "x64", "x86", "arm64", "wasm", "fuzz", "bench", "docs"))))  # fmt: skip
"""What folders of builds are called that lie beside the sources, also before there is one."""
