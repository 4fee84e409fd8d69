# anneal_double: the sources of nn and optim once more, in double: gradient checks, golden values
# and studies ask for more digits than float has. The names are the same, so a program links either
# this or anneal::nn, anneal::optim and anneal::datasets, never both.
foreach(target anneal_autograd anneal_nn anneal_optim)
  get_target_property(double_folder ${target} SOURCE_DIR)
  get_target_property(double_files ${target} SOURCES)
  if(target STREQUAL "anneal_autograd")
    list(FILTER double_files EXCLUDE REGEX "^autograd/gemm")
    list(APPEND double_files ${anneal_double_gemm})
  endif()
  list(TRANSFORM double_files PREPEND ${double_folder}/)
  list(APPEND double_sources ${double_files})
endforeach()
get_target_property(double_options anneal_autograd INTERFACE_COMPILE_OPTIONS)
add_library(anneal_double STATIC EXCLUDE_FROM_ALL ${double_sources})
target_compile_features(anneal_double PUBLIC cxx_std_20)
target_include_directories(anneal_double PUBLIC ${PROJECT_SOURCE_DIR})
target_compile_definitions(anneal_double PUBLIC ANNEAL_SCALAR=double)
target_compile_options(anneal_double PUBLIC ${double_options} -ffp-contract=off)
anneal_gemm_properties(anneal_double)
target_link_libraries(anneal_double PUBLIC Eigen3::Eigen OpenMP::OpenMP_CXX PRIVATE ${anneal_blas_libraries})
target_include_directories(anneal_double SYSTEM PRIVATE ${anneal_blas_includes})
# clang-tidy looks at the sources once, as float.
set_target_properties(anneal_double PROPERTIES UNITY_BUILD ON EXPORT_COMPILE_COMMANDS OFF)
