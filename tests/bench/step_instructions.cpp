// One training step of the workload W1 or W2, to be counted by valgrind: see step_instructions.py.
#include <omp.h>

#include <iostream>
#include <string_view>

#include "nn/autograd/denormals.h"
#include "workload.h"

using namespace anneal;

/// By its name valgrind knows when to count.
extern "C" [[gnu::noinline]] float counted_step(Training& training) {
  return training.step();
}

int main(int argc, char** argv) try {
  const std::string_view workload = argc == 2 ? argv[1] : "";
  if (workload != "W1" && workload != "W2") {
    std::cerr << "usage: step_instructions W1|W2\n";
    return 2;
  }
  omp_set_num_threads(1);
  nn::flush_denormals();
  Training training = workload == "W1" ? w1(3) : w2(3);
  for (int i = 1; i < 3; ++i) training.step();  // the first of them allocates
  std::cout << workload << ": loss " << counted_step(training) << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
