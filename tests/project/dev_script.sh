#!/usr/bin/env bash
# dev_script.sh SOURCE WORK: what ./dev asks of other programs, which are played by stand-ins that write
# down how they were called.
set -euo pipefail
source=$1 work=$2
rm -rf "$work"
mkdir -p "$work/project" "$work/bin"
cp "$source/dev" "$source/CMakePresets.json" "$work/project/"
cd "$work/project"
export CALLS=$work/calls MISSING=$work/missing PATH="$work/bin:$PATH"
unset CI
touch "$CALLS" "$MISSING"

stand_in() {
  # shellcheck disable=SC2016 # for the stand-in to expand
  { printf '#!/usr/bin/env bash\necho "%s $*" >>"$CALLS"\n' "$1" && cat; } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
stand_in dpkg-query <<'END'
for package in "${@:4}"; do
  grep -qxF -- "$package" "$MISSING" || echo "$package installed 1.0"
done
END
stand_in apt-get <<'END'
[[ $1 != install ]] || : >"$MISSING"
END
stand_in sudo <<'END'
exec "$@"
END
stand_in cmake <<'END'
mkdir -p build/release/apps
if [[ $1 == --preset ]]; then
  [[ ! -e $CALLS.broken ]] || { echo "no such compiler"; exit 1; }
  printf '#\n%s\n#\n' "${4/=/:BOOL=}" >build/release/CMakeCache.txt
  touch build/release/build.ninja
else
  printf '#!/bin/sh\necho "anneal: $*"\n' >build/release/apps/anneal
  chmod +x build/release/apps/anneal
fi
END
stand_in ctest <<'END'
mkdir -p build/release/Testing/Temporary
cp "$CALLS.log" build/release/Testing/Temporary/LastTest.log
exit 8
END

# after COMMAND...: what it called is in $calls, what it said in $said, its exit code in $code.
after() {
  : >"$CALLS"
  code=0
  said=$("$@" 2>&1) || code=$?
  calls=$(<"$CALLS")
}
fail() {
  printf 'dev_script: %s\nexit code %s, said:\n%s\ncalled:\n%s\n' "$1" "$code" "$said" "$calls" >&2
  exit 1
}
called() { [[ $calls == *"$1"* ]] || fail "expected a call of '$1'"; }
uncalled() { [[ $calls != *"$1"* ]] || fail "did not expect a call of '$1'"; }

# On a fresh machine the program gets what it needs, and the tests are not configured.
printf 'g++\ncmake\ndoctest-dev\n' >"$MISSING"
after ./dev run schedules "cosine | linear"
called "apt-get install -y -qq --no-install-recommends g++ cmake"
uncalled doctest-dev$'\n'
called "cmake --preset release -D ANNEAL_TESTS=OFF"
called "cmake --build build/release --target anneal"
[[ $said == *"anneal: schedules cosine | linear" ]] || fail "the program was not run"
[[ $said == *"dev: installing g++ cmake"* && $said == *"dev: building build/release"* ]] || fail "silent work"

# When nothing changed: one question for all packages, nothing is configured, and nothing said.
after ./dev run
[[ $(grep -c dpkg-query <<<"$calls") == 1 ]] || fail "dpkg-query was asked more than once"
uncalled apt-get
uncalled --preset
[[ $said == "anneal: train" ]] || fail "expected the program's words alone"

# The tests are configured when they are asked for. The last line says what was skipped; the code is ctest's.
cat >"$CALLS.log" <<'END'
1/3 Test: page_in_chromium
Command: "cmake" "-E" "echo" "skipped: there is no Chromium"
Output:
----------------------------------------------------------
skipped: there is no Chromium
<end of output>
Test Skipped.
2/3 Test: exported_code
Output:
----------------------------------------------------------
keras: skipped, for Python has no keras
python: 3 of 3
<end of output>
END
printf 'doctest-dev\n' >"$MISSING"
after ./dev test -R page
called "install -y -qq --no-install-recommends doctest-dev"
called "cmake --preset release -D ANNEAL_TESTS=ON"
called "ctest --preset release -R page"
[[ $code == 8 ]] || fail "expected the exit code of ctest"
[[ ${said##*$'\n'} == "dev: skipped: page_in_chromium: there is no Chromium; exported_code: Python has no keras" ]] ||
  fail "the last line does not say what was skipped"
printf '1/1 Test: a\nOutput:\nfine\n<end of output>\n' >"$CALLS.log"
after ./dev test
uncalled --preset\ release\ -D
[[ ${said##*$'\n'} == "dev: nothing was skipped" ]] || fail "the last line does not say that nothing was skipped"

# They stay; and are configured again for a new package or preset.
after ./dev run
uncalled --preset
printf 'libopenmpi-dev\n' >"$MISSING"
after ./dev run
called "cmake --preset release -D ANNEAL_TESTS=ON"
: >"$MISSING"
after ./dev run
called "cmake --preset release -D ANNEAL_TESTS=ON"
touch -d '1 minute' CMakePresets.json
after ./dev run
called "cmake --preset release -D ANNEAL_TESTS=ON"
touch -d '1 minute ago' CMakePresets.json
after env CI=true ./dev test
uncalled --preset\ release\ -D
rm -r build
after env CI=true ./dev run
called "cmake --preset release -D ANNEAL_TESTS=OFF -D CMAKE_COMPILE_WARNING_AS_ERROR=ON"

# A build that fails shows why, and is tried anew.
rm -r build
touch "$CALLS.broken"
after ./dev run
[[ $code == 1 && $said == *"no such compiler"*"the build failed"* ]] || fail "expected the log"
rm "$CALLS.broken"
after ./dev run
[[ $code == 0 && $said == *"anneal: train" ]] || fail "expected to recover"

# A schedule to be changed into one's own is one already.
mkdir -p sched/schedules
after ./dev new schedule new_one
[[ $code == 0 && $said == *"wrote sched/schedules/new_one.h"* ]] || fail "expected a new file"
"${CXX:-c++}" -std=c++20 -fsyntax-only -I. -I"$source" -x c++ - <<<'#include "sched/schedules/new_one.h"'
grep -q 'struct NewOne' sched/schedules/new_one.h || fail "expected struct NewOne"
after ./dev new schedule new_one
[[ $code == 2 && $said == *"sched/schedules/new_one.h is there already"* ]] || fail "expected a refusal"
for name in "" New 1st "a b" ../x; do
  after ./dev new schedule "$name"
  [[ $code == 2 && $said == *"lower-case letters"* ]] || fail "expected '$name' to be refused"
done
mkdir -p sched
echo "struct Taken {" >sched/taken.h
after ./dev new schedule taken
[[ $code == 2 && $said == *"is taken"* ]] || fail "expected a refusal"
after ./dev new optimizer x
[[ $code == 2 && $said == *"new schedule NAME"* ]] || fail "expected a refusal"
