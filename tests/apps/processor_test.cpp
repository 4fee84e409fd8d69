#include "apps/processor.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace anneal::apps;

namespace {

std::string message(std::initializer_list<Extension> extensions, std::size_t size = 1024) {
  std::string text(size, '.');
  text.resize(describe_missing(extensions.begin(), extensions.size(), text.data(), size));
  return text;
}

}  // namespace

TEST_CASE("a processor that has what the program needs is not complained of") {
  CHECK(message({}).empty());
  CHECK(message({{"avx", true, true}, {"avx2", false, true}, {"fma", false, false}}).empty());
}

TEST_CASE("what is needed and missing is named, and the option that decides it") {
  const std::string text = message(
      {{"sse3", true, true}, {"avx2", true, false}, {"bmi", false, false}, {"fma", true, false}});
  CHECK(
      text.starts_with("anneal: this processor does not have avx2, fma, which the program was "
                       "compiled to use (ANNEAL_MARCH="));
  CHECK(text.find("-D ANNEAL_MARCH=") != std::string::npos);
  CHECK(text.ends_with("\n"));
}

TEST_CASE("a message that is longer than its room is cut") {
  CHECK(message({{"avx2", true, false}}, 20) == "anneal: this process");
}
