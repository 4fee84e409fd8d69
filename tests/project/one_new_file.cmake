# The sources as a part of another project, as FetchContent has them. Then a new file in
# sched/schedules/, which is all that a new schedule takes: it is listed, parsed, and put through
# the conformance tests, without any other file being touched.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
foreach(part CMakeLists.txt cmake sched nn optim datasets tests)
  file(COPY ${SOURCE}/${part} DESTINATION ${WORK}/anneal)
endforeach()
file(COPY ${SOURCE}/examples/own_schedule DESTINATION ${WORK})
file(READ ${WORK}/own_schedule/CMakeLists.txt text)
string(REPLACE "find_package(Anneal 0.1 REQUIRED)" "include(FetchContent)
FetchContent_Declare(Anneal SOURCE_DIR ${WORK}/anneal)
FetchContent_MakeAvailable(Anneal)" text "${text}")
file(WRITE ${WORK}/own_schedule/CMakeLists.txt "${text}
if(CMAKE_DISABLE_FIND_PACKAGE_doctest)
  return()
endif()
find_package(doctest REQUIRED)
add_executable(conformance
  ${WORK}/anneal/tests/main.cpp ${WORK}/anneal/tests/sched/conformance_test.cpp)
target_link_libraries(conformance PRIVATE anneal::sched doctest::doctest)
file(WRITE ${WORK}/list.cpp [[
#include <iostream>
#include \"sched/parse.h\"
#include \"sched/registry.h\"
int main() {
  for (const auto& e : anneal::sched::registry()) std::cout << e.name << ' ';
  std::cout << anneal::sched::parse(\"warmup@5 | sawtooth:teeth=2\").text() << '\\n';
}
]])
add_executable(list ${WORK}/list.cpp)
target_link_libraries(list PRIVATE anneal::sched)
")
# What the program and the tests need is not asked for.
foreach(package CLI11 fmt nlohmann_json doctest benchmark)
  list(APPEND without -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
  list(APPEND with -D CMAKE_DISABLE_FIND_PACKAGE_${package}=OFF)
endforeach()
set(fast -D CMAKE_BUILD_TYPE=None -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=20
  -D CMAKE_DISABLE_PRECOMPILE_HEADERS=ON)  # compiles fastest
run(${configure} -S own_schedule -B build ${without} ${fast})
run(${CMAKE_COMMAND} --build build --target own_schedule)
run(build/own_schedule)
expect("36-720 sawtooth:teeth=3")

run(${configure} -S own_schedule -B build ${with} ${fast})
file(COPY ${SOURCE}/examples/own_schedule/sawtooth.h DESTINATION ${WORK}/anneal/sched/schedules)
run(${CMAKE_COMMAND} --build build --target list conformance)
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
