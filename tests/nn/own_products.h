#pragma once
#include <doctest/doctest.h>

#include "nn/autograd/gemm.h"

namespace anneal::nn {

/// Whether the products are our own, whose bits depend on neither tiles nor threads, and which
/// allocate nothing. If not, says why a test claims nothing.
inline bool own_products() {
  const std::string library = product_library();
  if (library == "Anneal") return true;
  MESSAGE("skipped: not claimed where the products are computed by " << library);
  return false;
}

}  // namespace anneal::nn
