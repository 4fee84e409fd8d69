# Who computes the matrix products. oneDNN knows float only: in double they are our own.
#
# Our own innermost loops are compiled for each generation of processors, and the best that runs is
# chosen when the program starts, whatever the rest was compiled for.
set(anneal_own_gemm autograd/gemm.cpp autograd/gemm_portable.cpp)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  list(APPEND anneal_own_gemm autograd/gemm_x86_64_v3.cpp autograd/gemm_x86_64_v4.cpp)
  set(anneal_portable_march -march=x86-64)
  set(anneal_x86_64_v3_march -march=x86-64-v3)
  set(anneal_x86_64_v4_march -march=x86-64-v4)
endif()
set(anneal_gemm ${anneal_own_gemm})
set(anneal_double_gemm ${anneal_own_gemm})

# anneal_gemm_properties(TARGET): how they are compiled, for a target of the calling folder.
#
# Every sum of a matrix product is a chain of fused multiply-adds, in tiles of any height. Tuned for
# some processors (Zen 2 to 4), GCC would fuse the chains of some tiles and not of others.
function(anneal_gemm_properties target)
  set(options -ffp-contract=fast $<$<CXX_COMPILER_ID:GNU>:--param=avoid-fma-max-bits=0>)
  foreach(kernel portable x86_64_v3 x86_64_v4)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/nn/autograd/gemm_${kernel}.cpp TARGET_DIRECTORY ${target}
      PROPERTIES COMPILE_OPTIONS "${options};${anneal_${kernel}_march}" SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
endfunction()
if(ANNEAL_BLAS STREQUAL "OpenBLAS")
  find_package(OpenBLAS CONFIG QUIET)
  if(NOT OpenBLAS_FOUND)
    message(FATAL_ERROR "ANNEAL_BLAS=OpenBLAS, but OpenBLAS is not found (Debian, Ubuntu: libopenblas-openmp-dev)")
  endif()
  set(anneal_gemm autograd/gemm_openblas.cpp)
  set(anneal_double_gemm ${anneal_gemm})
  set(anneal_blas_includes ${OpenBLAS_INCLUDE_DIRS})
  set(anneal_blas_libraries ${OpenBLAS_LIBRARIES})
elseif(ANNEAL_BLAS STREQUAL "oneDNN")
  find_path(ANNEAL_DNNL_INCLUDE oneapi/dnnl/dnnl.h)
  find_library(ANNEAL_DNNL_LIBRARY dnnl)
  if(NOT ANNEAL_DNNL_INCLUDE OR NOT ANNEAL_DNNL_LIBRARY)
    message(FATAL_ERROR "ANNEAL_BLAS=oneDNN, but oneDNN is not found (Debian, Ubuntu: libdnnl-dev)")
  endif()
  set(anneal_gemm autograd/gemm_onednn.cpp)
  set(anneal_blas_includes ${ANNEAL_DNNL_INCLUDE})
  set(anneal_blas_libraries ${ANNEAL_DNNL_LIBRARY})
elseif(ANNEAL_BLAS)
  message(FATAL_ERROR "ANNEAL_BLAS='${ANNEAL_BLAS}' is not known: OpenBLAS, oneDNN, or empty for our own kernel")
endif()
