# For tests of the program: an empty folder WORK, anneal(CODE ARGUMENTS...) and what it wrote in
# ${out} and ${err}, and what to expect of a text.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(ENV{XDG_CACHE_HOME} ${WORK}/cache)

function(anneal expected_code)
  execute_process(COMMAND ${ANNEAL} ${ARGN} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL ${expected_code})
    list(JOIN ARGN " " arguments)
    message(FATAL_ERROR "anneal ${arguments}\nended with ${code}, not ${expected_code}:\n${out}${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

function(expect text pattern)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "expected '${pattern}' in:\n${text}")
  endif()
endfunction()

# same_files(FILE A B): the file is the same in two folders of WORK.
function(same_files file a b)
  file(SHA256 ${WORK}/${a}/${file} of_a)
  file(SHA256 ${WORK}/${b}/${file} of_b)
  if(NOT of_a STREQUAL of_b)
    message(FATAL_ERROR "${a}/${file} and ${b}/${file} differ")
  endif()
endfunction()
