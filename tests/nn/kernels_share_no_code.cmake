# The linker keeps one copy of a function that several files define inline. Were it a copy compiled for
# AVX-512, the program would end on every other processor: so a kernel's file defines its table alone.
execute_process(COMMAND ${NM} --defined-only --extern-only --format=posix -A ${LIBRARY}
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "gemm_(portable|x86_64)[^\n]*" defined "${symbols}")
list(FILTER defined EXCLUDE REGEX "_kernelE ")
string(REGEX MATCHALL "gemm_portable[^\n]*_kernelE " tables "${symbols}")
if(NOT tables)
  message(FATAL_ERROR "no kernel found in ${LIBRARY}")
elseif(defined)
  list(JOIN defined "\n  " defined)
  message(FATAL_ERROR "defined in a kernel's file, where another file may mean its own:\n  ${defined}")
endif()
