# On a processor of 2008 the program runs, or says what it was compiled for: it never just dies.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)
foreach(arguments --version "schedules;cosine" "train;--dataset;moons")
  execute_process(COMMAND ${QEMU} -cpu Nehalem ${ANNEAL} ${arguments} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(code EQUAL 2)
    expect("${err}" "anneal: this processor does not have [a-z0-9, ]+, which the program was compiled to use [(]ANNEAL_MARCH=")
  elseif(NOT code EQUAL 0)
    message(FATAL_ERROR "anneal ${arguments} ended with ${code}:\n${out}${err}")
  endif()
endforeach()
