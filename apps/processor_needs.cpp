// Compiled as the numerical folders are, for the processor that ANNEAL_MARCH names. Data alone:
// nothing in this file runs.
#include "apps/processor_extensions.h"

#define ANNEAL_TEXT(x) #x
#define ANNEAL_DEFINED(x) (ANNEAL_TEXT(x)[0] == '1')  // __AVX2__ is 1, or the text "__AVX2__"
#define ANNEAL_ROW(name, macro) ANNEAL_DEFINED(macro),

namespace anneal::apps {

// NOLINTBEGIN(modernize-avoid-c-arrays)
extern const bool needed_extensions[];
const bool needed_extensions[] = {ANNEAL_EXTENSIONS(ANNEAL_ROW) false};
// NOLINTEND(modernize-avoid-c-arrays)

}  // namespace anneal::apps
