# A new file in sched/schedules/ is all that it takes: the schedule is listed, parsed, and put through
# the conformance tests, without any other file being touched.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
foreach(part CMakeLists.txt cmake sched tests)
  file(COPY ${SOURCE}/${part} DESTINATION ${WORK}/anneal)
endforeach()
# Of the project, sched and its tests alone: nothing else has to be built.
file(WRITE ${WORK}/anneal/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)
project(Anneal VERSION 0.1.0 LANGUAGES CXX)
include(cmake/targets.cmake)
add_subdirectory(sched)
add_executable(conformance tests/main.cpp tests/sched/conformance_test.cpp)
find_package(doctest REQUIRED)
target_link_libraries(conformance PRIVATE anneal::sched doctest::doctest)
file(WRITE ${WORK}/anneal/list.cpp [[
#include <iostream>
#include \"sched/parse.h\"
#include \"sched/registry.h\"
int main() {
  for (const auto& e : anneal::sched::registry()) std::cout << e.name << ' ';
  std::cout << anneal::sched::parse(\"warmup@5 | sawtooth:teeth=2\").text() << '\\n';
}
]])
add_executable(list list.cpp)
target_link_libraries(list PRIVATE anneal::sched)
")
run(${configure} -D CMAKE_BUILD_TYPE=Debug -S anneal -B build)
run(${CMAKE_COMMAND} --build build --target anneal_sched)

file(COPY ${SOURCE}/examples/own_schedule/sawtooth.h DESTINATION ${WORK}/anneal/sched/schedules)
run(${CMAKE_COMMAND} --build build)
run(build/list)
expect("rex sawtooth stalled")
expect("warmup@5 | sawtooth:teeth=2")
run(build/conformance)
expect("Status: SUCCESS!")

# And the tests are not asleep: a schedule that goes below zero is found out.
file(READ ${WORK}/anneal/sched/schedules/sawtooth.h text)
string(REPLACE "return floor +" "return -0.5 + floor +" text "${text}")
file(WRITE ${WORK}/anneal/sched/schedules/sawtooth.h "${text}")
run(${CMAKE_COMMAND} --build build --target conformance)
execute_process(COMMAND ${WORK}/build/conformance RESULT_VARIABLE code OUTPUT_VARIABLE output)
if(code EQUAL 0)
  message(FATAL_ERROR "the conformance tests did not notice a negative factor")
endif()
expect("schedule 'sawtooth")
expect("a factor is finite and >= 0")
