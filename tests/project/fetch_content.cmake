# The same project with the sources as a part of it, as FetchContent would have them.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
file(COPY ${SOURCE}/examples/own_schedule DESTINATION ${WORK})
file(READ ${WORK}/own_schedule/CMakeLists.txt text)
string(REPLACE "find_package(Anneal 0.1 REQUIRED)" "include(FetchContent)
FetchContent_Declare(Anneal SOURCE_DIR ${SOURCE})
FetchContent_MakeAvailable(Anneal)" text "${text}")
file(WRITE ${WORK}/own_schedule/CMakeLists.txt "${text}")
run(${configure} -S own_schedule -B build -D CMAKE_BUILD_TYPE=Debug)  # compiles faster
run(${CMAKE_COMMAND} --build build --target own_schedule)
run(build/own_schedule)
expect("40-800  sawtooth:teeth=3")
