#pragma once

namespace anneal::apps {

/// Lets the threads of OpenMP sleep soon when they wait for each other. Called first in main();
/// starts the program once more, unless the environment says how to wait (GOMP_SPINCOUNT or
/// OMP_WAIT_POLICY).
///
/// libgomp's threads, while they wait, keep their cores busy for some milliseconds. On idle cores
/// nothing is faster; but when another program wants a core, each thread in turn waits in vain for
/// one that is not running, some thousand times a second, and two threads are a hundred times
/// slower than one. A few microseconds do as well on idle cores (docs/performance.md has the
/// figures). libgomp reads its environment before main() and has no function for it.
void wait_briefly(char** argv);

}  // namespace anneal::apps
