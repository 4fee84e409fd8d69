# Where a run writes, and what becomes of it when it cannot, or is told to end.
include(${CMAKE_CURRENT_LIST_DIR}/run_anneal.cmake)
set(ENV{ANNEAL} ${ANNEAL})
set(quick "--dataset moons --hidden 16 --epochs 2 --validation 200 --threads 1")

# shell(CODE SCRIPT): a script in WORK, where $ANNEAL is the program; like anneal().
function(shell expected_code script)
  execute_process(COMMAND sh -c "${script}" WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL ${expected_code})
    message(FATAL_ERROR "${script}\nended with ${code}, not ${expected_code}:\n${out}${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

# whole_log(FOLDER LINES): the log has this many lines, JSON each, the last of them the result.
function(whole_log folder lines)
  file(STRINGS ${WORK}/${folder}/run.jsonl log)
  list(LENGTH log count)
  if(lines AND NOT count EQUAL lines)
    message(FATAL_ERROR "${folder}/run.jsonl has ${count} lines, not ${lines}")
  endif()
  foreach(line IN LISTS log)
    string(JSON type GET "${line}" type)
  endforeach()
  if(NOT type STREQUAL "result")
    message(FATAL_ERROR "${folder}/run.jsonl ends with a record of type ${type}")
  endif()
  if(NOT EXISTS ${WORK}/${folder}/run.html)
    message(FATAL_ERROR "${folder} has no page")
  endif()
endfunction()

# With descriptors closed, nothing that is printed gets into the log.
set(number 0)
foreach(closed ">&-" "2>&-" "<&-" ">&- 2>&-" "<&- >&- 2>&-")
  math(EXPR number "${number} + 1")
  shell(0 "\"$ANNEAL\" train ${quick} --out closed${number} ${closed}")
  whole_log(closed${number} 64) # configuration, 60 updates, 2 evaluations, result
endforeach()

# What is in no file is missed: --json, a curve, the version.
foreach(command "train ${quick} --json --out closed_json" "schedules cosine" "--version")
  shell(2 "\"$ANNEAL\" ${command} >&-")
  expect("${err}" "standard output: could not be written to its end")
endforeach()
whole_log(closed_json 64)
# And a log is a file.
shell(2 "mkdir -p odd; mkfifo odd/run.jsonl; \"$ANNEAL\" train ${quick} --out odd")
expect("${err}" "odd/run[.]jsonl: is no regular file; give another directory")

# Runs of one second, without --out: a folder each.
shell(0 "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  \"$ANNEAL\" train ${quick} --seed $i > /dev/null & pids=\"$pids $!\"
done
for pid in $pids; do wait $pid || exit 1; done")
file(GLOB folders RELATIVE ${WORK} ${WORK}/runs/*)
list(LENGTH folders count)
if(NOT count EQUAL 12)
  message(FATAL_ERROR "12 runs left ${count} folders")
endif()
foreach(folder ${folders})
  whole_log(${folder} 64)
endforeach()
# Of several on one --out, one gets it, and its log is its own.
shell(0 "for i in 1 2 3 4 5 6; do
  \"$ANNEAL\" train ${quick} --seed $i --out shared > /dev/null 2> shared$i.txt & pids=\"$pids $!\"
done
for pid in $pids; do wait $pid; codes=\"$codes $?\"; done
echo $codes")
string(REGEX MATCHALL "0" fine "${out}")
string(REGEX MATCHALL "2" refused "${out}")
list(LENGTH fine fine)
list(LENGTH refused refused)
if(NOT fine EQUAL 1 OR NOT refused EQUAL 5)
  message(FATAL_ERROR "of six runs on one --out: ${out}")
endif()
whole_log(shared 64)
anneal(2 train --dataset moons --epochs 1 --out shared)
expect("${err}" "shared/run.jsonl already holds a run; give another directory")
file(WRITE ${WORK}/file "")
anneal(2 train --dataset moons --epochs 1 --out file)
expect("${err}" "cannot make file")

# A signal ends a run as Ctrl-C does, and the code says which. It is sent when the program is at work: when
# READY, a test of the shell, is true. (A shell that is no user's lets what runs behind it ignore SIGINT.)
function(signalled expected_code signal ready command)
  shell(${expected_code} "rm -f said.txt told.txt; env --default-signal=INT \"$ANNEAL\" ${command} > said.txt 2> told.txt & pid=$!
while ! ${ready} 2> /dev/null && kill -0 $pid; do sleep 0.1; done; sleep 0.5
kill -s ${signal} $pid; wait $pid; code=$?; cat said.txt; cat told.txt >&2; exit $code")
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()
foreach(signal "INT;130" "TERM;143" "HUP;129")
  list(GET signal 0 name)
  list(GET signal 1 code)
  signalled(${code} ${name} "test -s stopped_${name}/run.jsonl"
    "train --dataset moons --epochs 1000000 --threads 1 --out stopped_${name} --json")
  expect("${out}" "\"stopped\":\"interrupted\"")
  whole_log(stopped_${name} "")
  file(STRINGS ${WORK}/stopped_${name}/run.jsonl last REGEX "\"type\":\"result\"")
  expect("${last}" "interrupted")
  file(READ ${WORK}/stopped_${name}/run.html page)
  expect("${page}" "This run was interrupted")
endforeach()
signalled(143 TERM "grep -q updates told.txt" "compare --dataset moons --epochs 100000 --seeds 1 --out stopped")
expect("${err}" "interrupted; the same command goes on from here")
signalled(143 TERM "test -s said.txt" "find-lr --dataset moons --updates 1000000 --out stopped")
expect("${err}" "interrupted; nothing was written")

# What was computed is printed also when it cannot be kept, and the code says that something failed.
# A file that may not grow any more is as good as a full disk.
shell(2 "ulimit -f 6; \"$ANNEAL\" train ${quick} --out full --json")
expect("${out}" "\"test_accuracy\":0[.]")
expect("${err}" "anneal: cannot write full/run.jsonl: File too large\n")
if(err MATCHES "\n(log|page) ")
  message(FATAL_ERROR "files that could not be written are named as though they were there: ${err}")
endif()
expect("${err}" "test accuracy [0-9.]+ %")
shell(2 "\"$ANNEAL\" train --dataset moons --hidden 64 --epochs 400 --threads 1 --out gone > gone.txt &
while [ ! -s gone/run.jsonl ]; do sleep 0.1; done; rm -r gone; wait $!; code=$?; cat gone.txt; exit $code")
expect("${out}" "\ntest accuracy [0-9.]+ %, test loss")
expect("${err}" "anneal: gone/run.jsonl: cannot be read: No such file")
shell(2 "mkdir -p taken/run.html; \"$ANNEAL\" train ${quick} --out taken")
expect("${out}" "\ntest accuracy [0-9.]+ %, test loss")
expect("${err}" "anneal: taken/run.html: cannot be written: Is a directory")
shell(2 "\"$ANNEAL\" train ${quick} --out nowhere > /dev/full")
expect("${err}" "standard output: could not be written to its end")
whole_log(nowhere 64)
# Whoever reads the output may go: the run is kept.
shell(0 "\"$ANNEAL\" train ${quick} --out piped | head -1")
whole_log(piped 64)
shell(2 "mkdir -p held/find-lr.csv
\"$ANNEAL\" find-lr --dataset moons --updates 20 --seeds 1 --out held --json")
expect("${out}" "\"suggestions\":")
expect("${err}" "held/find-lr.csv: cannot be written")
shell(2 "mkdir -p torn/report.md; \"$ANNEAL\" compare --schedule 'linear; lr=0.1' --schedule 'cosine; lr=0.1' \
  --dataset moons --validation 500 --hidden 4 --seeds 3 --out torn")
expect("${out}" "2 schedules on moons")
expect("${err}" "torn/report.md: cannot be written")
anneal(3 train --dataset digits --examples 1280 --epochs 1 --hidden 32 --schedule "1@9 | 1e30"
  --optimizer sgd --lr 0.01 --out broken --json)
expect("${out}" "\"diverged\":true,\"stopped\":\"diverged\"")
expect("${err}" "\ndiverged: the loss after update 10 is not a number")

# What a user wrote reaches the terminal without its escape sequences, and pages as text.
string(ASCII 27 escape)
anneal(0 train --dataset moons --epochs 1 --out "odd${escape}[31m</script><b>")
expect("${out}" "log   odd.[[]31m</script><b>/run.jsonl")
anneal(2 train --dataset moons --schedule "cosine${escape}[31m")
foreach(text "${out}" "${err}")
  if(text MATCHES "${escape}")
    message(FATAL_ERROR "an escape sequence reaches the terminal: ${text}")
  endif()
endforeach()
file(READ "${WORK}/odd${escape}[31m</script><b>/run.html" page)
expect("${page}" "odd.[^<]*&lt;/script&gt;&lt;b&gt;")
