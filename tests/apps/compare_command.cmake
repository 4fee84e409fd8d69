# anneal compare as a user runs it: report and numbers, workers, kills, shards, mistakes.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)

set(small --dataset moons --examples 1000 --validation 300 --hidden 8 --batch-size 50)
set(few ${small} --grid 2 --growth 0 --tuning-seeds 2 --seeds 3
  --config few.json)

# Semicolons would end an argument here, so what holds some is read from files.
file(WRITE ${WORK}/few.json [[{"schedule": ["linear", "constant; name=flat"]}]])
function(mistake schedule pattern)
  file(WRITE ${WORK}/mistake.json "{\"schedule\": \"${schedule}\"}")
  anneal(2 compare ${small} --config mistake.json --out mistake)
  expect("${err}" "${pattern}")
endfunction()

function(count_trials folder expected)
  file(GLOB trials ${WORK}/${folder}/trials/*)
  list(LENGTH trials count)
  if(NOT count EQUAL ${expected})
    message(FATAL_ERROR "there are ${count} trials in ${folder}, not ${expected}")
  endif()
endfunction()

function(count_lines file expected)
  file(STRINGS ${WORK}/${file} lines)
  list(LENGTH lines count)
  if(NOT count EQUAL ${expected})
    message(FATAL_ERROR "${file} has ${count} lines, not ${expected}")
  endif()
endfunction()

# The report on standard output and in its file; the numbers; the trials kept.
anneal(0 compare ${few} --out two --workers 2)
expect("${out}" "^# 2 schedules on moons")
expect("${out}" "With 3 fresh seeds no two schedules can be told apart")
expect("${out}" "[|] `flat` ")
expect("${err}" "tuning: trial 8 of 8")
file(READ ${WORK}/two/report.md report)
if(NOT out STREQUAL report)
  message(FATAL_ERROR "report.md is not what was printed:\n${report}")
endif()
file(READ ${WORK}/two/report.html page)
expect("${page}" "<html")
count_lines(two/results.csv 7)         # names, 2 schedules with 3 seeds
count_lines(two/tuning.csv 9)          # names, 2 schedules with 2 peaks and 2 seeds
count_lines(two/curves.csv 121)        # names, 20 evaluations of each that decides
count_trials(two 14)

# One worker gives the same bits.
anneal(0 compare ${few} --out one --workers 1)
foreach(file results.csv tuning.csv curves.csv)
  same_files(${file} one two)
endforeach()

# Killed at any moment, it goes on from there: no trial is computed twice.
foreach(seconds 0.15 0.2 0.25 0.3 0.35)
  execute_process(COMMAND ${ANNEAL} compare ${few} --out killed --workers 2 WORKING_DIRECTORY ${WORK}
    TIMEOUT ${seconds} OUTPUT_QUIET ERROR_QUIET)
endforeach()
file(GLOB before ${WORK}/killed/trials/*/run.jsonl)
foreach(trial IN LISTS before)
  file(TIMESTAMP ${trial} time_of_${trial} "%s" UTC)
endforeach()
anneal(0 compare ${few} --out killed --workers 2)
foreach(trial IN LISTS before)
  file(TIMESTAMP ${trial} time "%s" UTC)
  if(NOT trial MATCHES "unfinished" AND NOT time STREQUAL "${time_of_${trial}}")
    message(FATAL_ERROR "${trial} was computed again")
  endif()
endforeach()
foreach(file results.csv tuning.csv curves.csv)
  same_files(${file} killed two)
endforeach()
anneal(0 compare ${few} --out killed)
expect("${err}" "deciding: trial 6 of 6 [(]6 were there already[)]")

# In parts that share nothing, merged between the phases.
foreach(part 1 2)
  anneal(0 compare ${few} --shard ${part}/2 --out part${part})
  expect("${err}" "part ${part} of 2 is done; 4 trials of the others are not in part${part}/trials")
endforeach()
anneal(0 merge part1 part2 --out merged)
expect("${err}" "part1: 4 trials taken over\npart2: 4 trials taken over")
foreach(part 1 2)
  anneal(0 compare ${few} --shard ${part}/2 --out merged)
endforeach()
same_files(results.csv merged two)

# Other systems' ways of writing, budgets, optimizers, rates as published, options from a file.
file(WRITE ${WORK}/mine.json [[{"epochs": "1,2", "optimizer": "sgd,adam", "seeds": 3, "grid": 2,
  "schedule": ["linear", "torch.StepLR(step_size=10); name=StepLR",
               "cosine; optimizer=sgd; lr=0.05"]}]])
anneal(0 compare ${small} --config mine.json --growth 0 --tuning-seeds 1 --baseline "linear, adam" --target 80% --out budgets)
expect("${out}" "network 2-8-2, sgd with momentum 0.9 and adam, batches of 50, 2 epochs, 40 updates")
expect("${out}" "`StepLR, adam`")
expect("${out}" "minus linear, adam, 95 %")
expect("${out}" "All rows, whatever their optimizer, are compared with one baseline: `linear, adam`[.]")
expect("${out}" "updates to 80 %")
expect("${out}" "`cosine` was not tuned: it runs at 0.05, as it was given")
count_lines(budgets/results.csv 31)    # names, 2 budgets of 5 with 3 seeds

# The report's command is the one that was typed: the program by the path it was called by, or what
# ./dev says that it was called itself.
expect("${out}" "\n    ${ANNEAL} compare ")
set(ENV{ANNEAL_COMMAND} "./dev run")
anneal(0 compare ${few} --out two)
expect("${out}" "\n    ./dev run compare ")
unset(ENV{ANNEAL_COMMAND})
anneal(0 compare ${few} --baseline cosine --out two)
expect("${out}" "minus cosine, 95 %")

# Mistakes, before anything is computed.
anneal(2 compare ${few} --baseline foo --out mistake)
expect("${err}" "--baseline 'foo' is none of those compared [(]linear; flat[)], and no schedule\n$")
anneal(2 compare ${few} --baseline linaer --out mistake)
expect("${err}" "--baseline 'linaer' is none of those compared, and no schedule; did you mean 'linear'")
anneal(2 --peeks)
expect("${err}" "Try anneal --help[.]\n$")
anneal(2 compare --peaks 0.1,0.05)
expect("${err}" "Try anneal compare --help[.]\n$")
expect("${err}" "--peaks: '0.1,0.05' is not a rising list of rates such as 0.01,0.02,0.04")
anneal(2 compare ${small} --schedule cosin --out mistake)
expect("${err}" "did you mean 'cosine'")
mistake("linear; color=red" "--schedule 'linear; color=red': 'color' is none of name, optimizer and lr")
mistake("linear; optimizer=adm" "optimizer 'adm' is not known; did you mean 'adam'")
mistake("linear; lr=fast" "'fast' is not a rate, or a rising list of them")
mistake("linear; lr" "'lr' should be name=TEXT, optimizer=NAME or lr=RATE")
anneal(2 compare ${small} --schedule linear --schedule linear --out mistake)
expect("${err}" "'linear' is named twice")
anneal(2 compare --preset clasic --out mistake)
expect("${err}" "--preset 'clasic' is not known; did you mean 'classic'")
anneal(2 compare ${few} --target 120% --out mistake)
expect("${err}" "--target: '120%' is not an accuracy such as 97.5% or 0.975")
anneal(2 compare ${few} --epochs none --out mistake)
expect("${err}" "--epochs: there must be one budget at least")
anneal(2 compare ${few} --shard 3/2 --out mistake)
expect("${err}" "--shard: '3' is not a whole number in .1, 2.")
anneal(2 compare ${few} --examples 100000 --out mistake)
expect("${err}" "training examples besides those held out, but 100000 were asked for")
anneal(2 merge nowhere)
expect("${err}" "nowhere")
if(EXISTS ${WORK}/mistake)
  message(FATAL_ERROR "a comparison that cannot be left a folder")
endif()
anneal(0 compare --help)
expect("${out}" "classic +the seven that most articles compare")
