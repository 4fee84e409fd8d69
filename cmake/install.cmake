# An installed copy, a component at a time: `cmake --install build --component sched`. A library is the
# component of its name, with its headers under include/anneal and the targets that find_package(Anneal)
# reads; so is a program. All components that were built: `cmake --install build`.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(anneal_package ${CMAKE_INSTALL_LIBDIR}/cmake/Anneal)

# anneal_unless_built(TARGET COMPONENT COMMAND): COMMAND is for an installation without what was not
# built. Asked for by name, that is an error.
function(anneal_unless_built target component command)
  install(CODE "if(NOT EXISTS \"$<TARGET_FILE:${target}>\")
    set(anneal_hint \"${component} is not built: cmake --build ${PROJECT_BINARY_DIR} --target ${target}\")
    if(CMAKE_INSTALL_COMPONENT)
      message(FATAL_ERROR \"\${anneal_hint}\")
    endif()
    message(STATUS \"Not installed: \${anneal_hint}\")
    ${command}
  endif()" COMPONENT ${component})
endfunction()

# anneal_install_library(NAME): the library anneal_NAME of the calling folder.
function(anneal_install_library name)
  if(NOT ANNEAL_INSTALL)
    return()
  endif()
  anneal_unless_built(anneal_${name} ${name} "return()") # which leaves the rules of this folder
  install(TARGETS anneal_${name} EXPORT Anneal_${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${name})
  install(EXPORT Anneal_${name} FILE Anneal-${name}.cmake NAMESPACE anneal:: DESTINATION ${anneal_package}
    COMPONENT ${name})
  set(folder ${name})
  set(without)
  if(name STREQUAL "autograd")
    set(folder nn/autograd)
  elseif(name STREQUAL "nn")
    set(without PATTERN autograd EXCLUDE) # a component of its own
  endif()
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/anneal/${folder}
    COMPONENT ${name} FILES_MATCHING PATTERN "*.h" ${without})
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/AnnealConfig.cmake.in
    ${PROJECT_BINARY_DIR}/AnnealConfig.cmake INSTALL_DESTINATION ${anneal_package}
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/AnnealConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/AnnealConfig.cmake ${PROJECT_BINARY_DIR}/AnnealConfigVersion.cmake
    DESTINATION ${anneal_package} COMPONENT ${name})
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/include/anneal/anneal.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/anneal COMPONENT ${name})
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${name})
endfunction()

# anneal_install_program(TARGET)
function(anneal_install_program target)
  if(ANNEAL_INSTALL)
    anneal_unless_built(${target} ${target} "")
    install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${target} OPTIONAL)
  endif()
endfunction()
