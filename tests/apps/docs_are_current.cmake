# docs/ is what the declarations say: made again, it is the same.
file(REMOVE_RECURSE ${WORK})
execute_process(COMMAND ${DOCS} ${WORK} COMMAND_ERROR_IS_FATAL ANY)
file(GLOB_RECURSE made RELATIVE ${WORK} ${WORK}/*)
foreach(file ${made})
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${WORK}/${file} ${SOURCE}/docs/${file}
    RESULT_VARIABLE different)
  if(different)
    message(FATAL_ERROR "docs/${file} is out of date: run ./dev docs")
  endif()
endforeach()
