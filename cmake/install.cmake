# An installed copy: headers under include/anneal, one static library per folder, and the package
# that find_package(Anneal) reads. Targets: anneal::sched, autograd, nn, optim, datasets.
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY ANNEAL_LIBRARIES)
install(TARGETS ${libraries} EXPORT AnnealTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY sched nn optim datasets DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/anneal
  FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT AnnealTargets NAMESPACE anneal:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Anneal)

configure_package_config_file(cmake/AnnealConfig.cmake.in ${PROJECT_BINARY_DIR}/AnnealConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Anneal)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/AnnealConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/AnnealConfig.cmake ${PROJECT_BINARY_DIR}/AnnealConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Anneal)
