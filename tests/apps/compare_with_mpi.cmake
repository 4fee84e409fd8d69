# Several processes share one comparison, and lose nothing when they are ended.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)
set(ENV{OMPI_ALLOW_RUN_AS_ROOT} 1)  # as in a container
set(ENV{OMPI_ALLOW_RUN_AS_ROOT_CONFIRM} 1)
set(ENV{OMPI_MCA_rmaps_base_oversubscribe} 1)
set(ENV{ASAN_OPTIONS} detect_leaks=0)  # Open MPI keeps some memory to its end

set(small compare --dataset moons --examples 1000 --validation 300 --hidden 8 --grid 3 --tuning-seeds 2
  --schedule linear --schedule constant)
set(few ${small} --growth 1 --seeds 3)
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
execute_process(COMMAND ${MPIEXEC} ${MPIEXEC_NUMPROC_FLAG} 2 ${ANNEAL} ${small} --growth 1 --seeds 60 --out ended
  WORKING_DIRECTORY ${WORK} TIMEOUT 1.5 OUTPUT_QUIET ERROR_QUIET)
file(GLOB before ${WORK}/ended/trials/*/run.jsonl)
anneal(0 ${few} --out ended)
foreach(file results.csv tuning.csv curves.csv)
  same_files(${file} ended alone)
endforeach()

# One process is lost in the middle: mpirun ends the others, what was done stays, and one process
# alone computes only what is missing.
set(many ${small} --growth 0 --refinements 0 --epochs 100 --seeds 40)
anneal(0 ${many} --out all)
set(losses 2 0)
if(SANITIZED)
  set(losses 2)  # a process that starts slowly, many times
endif()
foreach(lost IN LISTS losses)
  set(folder lost${lost})
  execute_process(WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text
    COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/lose_a_rank.sh ${lost} ${folder} 30
      ${MPIEXEC} ${MPIEXEC_NUMPROC_FLAG} 4 -- ${ANNEAL} ${many} --out ${folder})
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "losing rank ${lost}: ${text}")
  endif()
  file(STRINGS ${WORK}/${folder}.before before)
  file(GLOB kept RELATIVE ${WORK}/${folder}/trials ${WORK}/${folder}/trials/*/run.jsonl)
  foreach(trial IN LISTS before)
    list(FIND kept ${trial} place)
    if(place EQUAL -1)
      message(FATAL_ERROR "losing rank ${lost} lost the finished trial ${trial}")
    endif()
  endforeach()
  list(LENGTH kept found)

  anneal(0 ${many} --out ${folder})
  set(already 0)
  foreach(phase "tuning: trial 12 of 12" "deciding: trial 80 of 80")
    if(NOT err MATCHES "${phase}[^(\n]*([(]([0-9]+) were there already.)?\n")
      message(FATAL_ERROR "expected '${phase}' in:\n${err}")
    endif()
    math(EXPR already "${already} + 0${CMAKE_MATCH_2}")
  endforeach()
  if(NOT already EQUAL found)
    message(FATAL_ERROR "losing rank ${lost}: ${found} trials were kept, but ${already} used:\n${err}")
  endif()
  foreach(file results.csv tuning.csv curves.csv)
    same_files(${file} ${folder} all)
  endforeach()
endforeach()
