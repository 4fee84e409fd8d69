# A mistake in the declaration of a schedule stops the compiler, with a sentence that says which.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
file(READ ${SOURCE}/examples/own_schedule/sawtooth.h good)

function(mistake from to message)
  string(REPLACE "${from}" "${to}" bad "${good}")
  if(bad STREQUAL good)
    message(FATAL_ERROR "'${from}' is not in the example any more")
  endif()
  file(WRITE ${WORK}/bad.cpp "${bad}")
  execute_process(COMMAND ${CXX} -std=c++20 -fsyntax-only -I${SOURCE} ${WORK}/bad.cpp
    RESULT_VARIABLE code ERROR_VARIABLE output)
  if(code EQUAL 0)
    message(FATAL_ERROR "this compiled:\n${bad}")
  endif()
  expect("${message}")
endfunction()

file(WRITE ${WORK}/good.cpp "${good}")
run(${CXX} -std=c++20 -fsyntax-only -I${SOURCE} ${WORK}/good.cpp)
mistake("  double floor = 0.1;" "  double floor = 0.1;\n  int forgotten = 0;"
  "every field must appear in params(), once")
mistake("now) const" "now)" "a schedule needs: double operator()(const Clock& now) const")
mistake("\"sawtooth\"" "\"Saw tooth\"" "name: lower_case letters, digits, underscores")
mistake("\"Falls in a straight line again and again, ever lower.\"" "\"\""
  "help: one sentence saying what the curve does")
mistake("\"factor reached at the end\"" "\"\""
  "every parameter needs a lower_case name, a help text and min <= max")
mistake("\"teeth\", 1, 1000, \"\", " "\"teeth\", " "a number needs a range")
