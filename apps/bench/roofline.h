#pragma once
#include <cstdint>

namespace anneal::apps {

/// What a core can give: single-precision operations a second, of fused multiply-adds in registers
/// (two operations each). Measured when it is first asked for.
double peak_flops();

/// Bytes a second of a <- a + 3 b over two arrays of `elements` floats, shared out over the
/// threads: two are read, one is written, as in the triad of McCalpin, "Memory Bandwidth and
/// Machine Balance in Current High Performance Computers", 1995; but in place, as optimizers do, so
/// that no line is fetched only to be overwritten. The elements decide which cache they come from.
double triad_bytes_per_s(std::int64_t elements, int threads);

}  // namespace anneal::apps
