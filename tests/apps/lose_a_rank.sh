#!/bin/sh
# sh lose_a_rank.sh RANK OUT TRIALS MPIEXEC... -- PROGRAM...
# Runs PROGRAM under MPIEXEC and kills the process RANK once OUT holds some TRIALS; OUT.before names those
# that were done by then. Fails if PROGRAM came to its end, or if that many never appear.
rank=$1 out=$2 wanted=$3
shift 3
launcher=
while [ "$1" != -- ]; do
  launcher="$launcher $1"
  shift
done
shift
# shellcheck disable=SC2086,SC2016  # words to be split; expanded by the inner shell
$launcher sh -c 'echo $$ >"$0.rank${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" && exec "$@"' "$out" "$@" >"$out.log" 2>&1 &
done_trials() { (cd "$out/trials" && echo */run.jsonl | tr ' ' '\n' | grep -v '[*]') 2>/dev/null; }
while [ "$(done_trials | wc -l)" -lt "$wanted" ]; do
  kill -0 $! 2>/dev/null || { echo "ended too early:"; cat "$out.log"; exit 1; }
  sleep 0.02
done
done_trials >"$out.before"
kill -9 "$(cat "$out.rank$rank")" || exit 1
if wait $!; then
  echo "came to its end in spite of a lost process"
  exit 1
fi
