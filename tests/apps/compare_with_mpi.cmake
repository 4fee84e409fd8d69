# Several processes share one comparison, and lose nothing when they are ended.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)
set(ENV{OMPI_ALLOW_RUN_AS_ROOT} 1)  # as in a container
set(ENV{OMPI_ALLOW_RUN_AS_ROOT_CONFIRM} 1)
set(ENV{OMPI_MCA_rmaps_base_oversubscribe} 1)
set(ENV{ASAN_OPTIONS} detect_leaks=0)  # Open MPI keeps some memory to its end

set(few compare --dataset moons --examples 1000 --validation 300 --hidden 8 --grid 3 --growth 1
  --tuning-seeds 2 --seeds 3 --schedule linear --schedule constant)
anneal(0 ${few} --out alone)
foreach(ranks 2 4)
  execute_process(COMMAND ${MPIEXEC} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${ANNEAL} ${few} --out ranks${ranks}
    WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ranks} ranks ended with ${code}:\n${out}${err}")
  endif()
  expect("${out}" "in each of ${ranks} processes")
  foreach(file results.csv tuning.csv curves.csv)
    same_files(${file} ranks${ranks} alone)
  endforeach()
endforeach()

# Ended in the middle: what was done is kept, and one process goes on with it.
execute_process(COMMAND ${MPIEXEC} ${MPIEXEC_NUMPROC_FLAG} 2 ${ANNEAL} ${few} --seeds 60 --out ended
  WORKING_DIRECTORY ${WORK} TIMEOUT 1.5 OUTPUT_QUIET ERROR_QUIET)
file(GLOB before ${WORK}/ended/trials/*/run.jsonl)
anneal(0 ${few} --out ended)
foreach(file results.csv tuning.csv curves.csv)
  same_files(${file} ended alone)
endforeach()
