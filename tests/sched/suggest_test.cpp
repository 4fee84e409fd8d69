#include "sched/suggest.h"

#include <doctest/doctest.h>

#include <vector>

using namespace anneal::sched;

TEST_CASE("closest finds what was meant, or nothing") {
  const std::vector<std::string> names{"constant", "cosine", "inverse_sqrt", "linear", "step"};
  CHECK(closest("cosin", names) == "cosine");
  CHECK(closest("cosnie", names) == "cosine");
  CHECK(closest("const", names) == "constant");
  CHECK(closest("inverse", names) == "inverse_sqrt");
  CHECK(closest("liner", names) == "linear");
  CHECK(closest("tsep", names) == "step");
  CHECK(closest("banana", names).empty());
  CHECK(closest("", names).empty());
  CHECK(closest(std::string(1000, 'a'), names).empty());
  CHECK(did_you_mean("cosin", names) == "; did you mean 'cosine'?");
  CHECK(did_you_mean("banana", names).empty());
}
