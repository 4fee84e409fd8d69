# Sizes: defaults follow the data, and what the machine has no memory for is refused with numbers.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)

# One batch an epoch is a range test as any other; more examples than there are is a whole batch.
anneal(0 find-lr --dataset moons --batch-size 60000 --updates 20 --seeds 1 --out one_batch)
expect("${out}" "batches of 60000\nLearning rates from 1e-4 to 10 in 20 updates")
anneal(0 train --dataset moons --batch-size 1000000 --epochs 3 --schedule linear --out whole)
expect("${out}" "after 3 of 3 updates")

# A comparison holds out what the data can spare, also as find-lr prints it.
file(WRITE ${WORK}/fixed.json [[{"schedule": ["linear; lr=0.1", "cosine; lr=0.1"]}]])
foreach(dataset spirals moons)
  anneal(0 compare --dataset ${dataset} --config fixed.json --seeds 3 --hidden 4 --out compare_${dataset})
  expect("${out}" "3334 training, 666 validation")
endforeach()
anneal(0 find-lr --dataset moons --validation 0 --hidden 32 --updates 200 --seeds 2 --out unheld)
string(REGEX MATCH "anneal compare [^\n]*" command "${out}")
expect("${command}" "compare --dataset moons --hidden 32 --peaks")
anneal(2 compare --validation 0 --dataset moons)
expect("${err}" "^anneal: --validation is 0, but schedules are compared by their loss on examples held out")
anneal(2 compare --validation 4000 --dataset moons)
expect("${err}" "a validation set of 4000 leaves nothing of 4000")
anneal(2 find-lr --validation 4000 --dataset moons)
expect("${err}" "a validation set of 4000 leaves nothing of 4000")

foreach(command train compare find-lr)
  anneal(2 ${command} --dataset moons --hidden 1000000,1000000,1000000 --out huge)
  expect("${err}" "^anneal: training would take [0-9]+ TB of memory, and there are [0-9.]+ [GMT]B: [0-9]+ TB for the network")
endforeach()
if(EXISTS ${WORK}/huge/run.jsonl)
  message(FATAL_ERROR "a run that is refused leaves a log")
endif()
anneal(2 find-lr --dataset moons --hidden 1000,30000 --seeds 1000 --workers 1000 --out huge)
expect("${err}" "training would take [0-9]+ GB of memory, for 1000 runs at a time")
anneal(2 compare --dataset moons --hidden 1000,30000 --workers 1000 --out huge)
expect("${err}" "training would take [0-9]+ GB of memory, for 1000 runs at a time")
# A process that is allowed little.
execute_process(COMMAND sh -c "ulimit -v 4000000; \"${ANNEAL}\" train --dataset moons --hidden 20000,20000"
  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code ERROR_VARIABLE err OUTPUT_QUIET)
expect("${code}" "^2$")
expect("${err}" "training would take 6[.]8 GB of memory, and there are 4[.]1 GB")

# A rate that dies is said before the run, with what to write instead.
anneal(0 train --dataset moons --schedule "torch.StepLR(step_size=3)" --epochs 2 --optimizer sgd --out dying)
expect("${out}" "note       the rate of 'torch.StepLR[(]step_size=3[)]' is below a millionth of its peak for [0-9]+ % of the updates: .*per_epoch[(]torch.StepLR[(]step_size=3[)][)]")
file(WRITE ${WORK}/dying.json [[{"schedule": ["torch.StepLR(step_size=3); lr=0.1", "linear; lr=0.1"]}]])
anneal(0 compare --dataset moons --config dying.json --hidden 4 --seeds 3 --epochs 2 --out dying)
expect("${err}" "the rate of 'torch.StepLR[(]step_size=3[)]' is below a millionth")
