# run(COMMAND...): runs it in WORK and stops with its output if it fails; the output is in ${output}.
function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${code}:\n${out}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

# run_wrong(COMMAND...): the same, but stops if it does not fail.
function(run_wrong)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nought to fail:\n${out}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

# expect(TEXT): stops unless ${output} contains it; line breaks are as good as spaces.
function(expect text)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected '${text}' in:\n${output}")
  endif()
endfunction()

set(configure ${CMAKE_COMMAND} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${CXX}
  -D CMAKE_CXX_FLAGS=${CXX_FLAGS} -D CMAKE_BUILD_TYPE=Release)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
