# anneal_library(NAME SOURCES...): the library of one folder, as anneal::NAME.
#
# Includes are written from the root of the project ("sched/clock.h"), both here and in an
# installed copy, where that root is include/anneal.


function(anneal_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion
    # A name in one file shadows nothing in another, except where CMake joins them.
    $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow>
    # GCC 12 at -O3 wrongly reports "text" + std::to_string(n) (GCC bug 105651), and values that its
    # own AVX-512 header leaves unset on purpose (GCC bug 105593).
    "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-maybe-uninitialized;-Wno-uninitialized>")
  # Lets clang-tidy look through the files that join several sources.
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
endfunction()

function(anneal_library name)
  add_library(anneal_${name} STATIC ${ARGN})
  add_library(anneal::${name} ALIAS anneal_${name})
  set_target_properties(anneal_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(anneal_${name} PUBLIC cxx_std_20)
  target_include_directories(anneal_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/anneal>)
  # Two compilers that fuse different multiply-adds give different last bits.
  target_compile_options(anneal_${name} PRIVATE -ffp-contract=off)
  anneal_warnings(anneal_${name})
  anneal_install_library(${name})
endfunction()
