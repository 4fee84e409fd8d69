#pragma once

namespace anneal::nn {

/// Makes numbers too small to be normalised (below 1.2e-38 for float) count as 0, on this thread
/// and on those that OpenMP runs for it. Adam's moments of weights that no longer get a gradient
/// fade into that range, where many processors take a hundred times as long. Does nothing on
/// processors other than x86. The setting belongs to the thread: a program that trains calls it
/// once.
void flush_denormals();

}  // namespace anneal::nn
