# cmake --install, then a project elsewhere that finds the package, registers a schedule of its own
# and trains with it.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
file(COPY ${SOURCE}/examples/own_schedule DESTINATION ${WORK})
run(${configure} -S own_schedule -B build -D CMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build build)
run(build/own_schedule)
expect("40-800  sawtooth:teeth=3")
expect("test loss 0.")
run(build/own_schedule "repeat(2, sawtooth) * cosine")
expect("0-400  sawtooth * cosine")
