# cmake --install, then a project elsewhere that finds the package, registers a schedule of its own
# and trains with it.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
file(COPY ${SOURCE}/examples/own_schedule DESTINATION ${WORK})
run(${configure} -S own_schedule -B build -D CMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build build)
run(build/own_schedule)
expect("36-720 sawtooth:teeth=3")
# Of two classes, as large as each other, chance has a loss of 0.69. Trained, it is 0.08.
if(NOT output MATCHES "\ntest loss ([0-9.]+)\n" OR CMAKE_MATCH_1 GREATER 0.15)
  message(FATAL_ERROR "expected a test loss below 0.15 in:\n${output}")
endif()
run(build/own_schedule "repeat(2, sawtooth) * cosine")
expect("0-360 sawtooth * cosine")

# The program of the README, and the other examples, on what needs no download. Chance is 10 %, or 0.69.
foreach(example mnist own_loop own_optimizer)
  file(COPY ${SOURCE}/examples/${example} DESTINATION ${WORK})
  run(${configure} -S ${example} -B ${example}_build -D CMAKE_PREFIX_PATH=${WORK}/prefix)
  run(${CMAKE_COMMAND} --build ${example}_build)
endforeach()
foreach(example mnist own_loop)
  run(${example}_build/${example} digits)
  if(NOT output MATCHES "test accuracy ([0-9.]+) %" OR CMAKE_MATCH_1 LESS 98)
    message(FATAL_ERROR "expected a test accuracy of 98 % at least in:\n${output}")
  endif()
endforeach()
run(own_optimizer_build/own_optimizer)
if(NOT output MATCHES "^test loss ([0-9.]+)" OR CMAKE_MATCH_1 GREATER 0.15)
  message(FATAL_ERROR "expected a test loss below 0.15 in:\n${output}")
endif()

set(part_of_sched "anneal::sched::parse(\"warmup@5 | linear\").text() == \"warmup@5 | linear\"")
set(part_of_nn "anneal::nn::Dropout(0.5).parameters().empty()")

# A component at a time: sched is enough for whoever wants schedules alone, and needs no Eigen.
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/sched_alone --component sched)
file(WRITE ${WORK}/curve/main.cpp [[
#include <cstdio>
#include "sched/parse.h"
int main() {
  const auto cosine = anneal::sched::parse("cosine");
  std::printf("%.6f\n", cosine(anneal::sched::Clock::at(1, 4, 1)));
}
]])
file(WRITE ${WORK}/curve/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(Curve LANGUAGES CXX)
find_package(Anneal 0.1 REQUIRED COMPONENTS ${PARTS})
add_executable(curve main.cpp)
target_link_libraries(curve PRIVATE anneal::sched)
]])
set(alone -S curve -D CMAKE_PREFIX_PATH=${WORK}/sched_alone -D CMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)
run(${configure} ${alone} -B curve_build -D PARTS=sched)
# "anneal/anneal.h" has what was asked for: of a whole copy the schedules alone, or the layers alone.
foreach(part sched nn)
  file(WRITE ${WORK}/part_${part}/main.cpp "#include \"anneal/anneal.h\"
int main() { return ${part_of_${part}} ? 0 : 1; }")
  file(WRITE ${WORK}/part_${part}/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)
project(Part LANGUAGES CXX)
find_package(Anneal 0.1 REQUIRED COMPONENTS ${part})
add_executable(part main.cpp)
target_link_libraries(part PRIVATE anneal::anneal)")
  set(without_eigen)
  if(part STREQUAL sched)
    set(without_eigen -D CMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)
  endif()
  run(${configure} -S part_${part} -B part_${part}_build -D CMAKE_PREFIX_PATH=${WORK}/prefix ${without_eigen})
  run(${CMAKE_COMMAND} --build part_${part}_build)
  run(part_${part}_build/part)
endforeach()
run(${CMAKE_COMMAND} --build curve_build)
run(curve_build/curve)
expect("0.853553") # (1 + cos(pi / 4)) / 2
run_wrong(${configure} ${alone} -B no_nn -D PARTS=nn)
expect("anneal::autograd is not installed here")
run_wrong(${configure} ${alone} -B no_such -D PARTS=sketch)
expect("Anneal has no component 'sketch'; it has sched, autograd, nn, optim, datasets")
