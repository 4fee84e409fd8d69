#pragma once
#include <string_view>

/// The files of this folder as they were when the program was built.
namespace anneal::apps::bench {

extern const std::string_view torch_mlp_py;

}  // namespace anneal::apps::bench
