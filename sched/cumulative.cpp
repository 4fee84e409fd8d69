#include <cmath>

#include "sched/algebra.h"
#include "sched/combine.h"
#include "sched/fail.h"
#include "sched/limits.h"
#include "sched/memory.h"

namespace anneal::sched {
namespace {

/// Each update multiplies one factor onto the product that the memory holds. Without a memory each
/// question multiplies them all, for which it has a memory of its own: so a product of products
/// does not multiply theirs anew for each of its factors.
struct Product {
  Schedule s;

  double operator()(const Clock& now) const {
    Memory own;
    Clock then = now;
    if (then.memory == nullptr) then.memory = &own;
    Memory::Place& place = then.memory->of(this, now);
    const double last = std::floor(now.elapsed());
    if (!place.state || static_cast<double>(place.seen) > last) {
      place.seen = 0;
      place.state = std::make_shared<double>(1.0);
    }
    const double missing = last - static_cast<double>(place.seen);
    if (!(missing * s.extent().parts <= limits::catching_up))
      fail("cumulative: the factor at update " + number_text(last) + " is a product of " +
           number_text(missing) + " factors of '" + shown(s.text()) + "', which takes too long");
    double& product = *static_cast<double*>(place.state.get());
    while (static_cast<double>(place.seen) < last) {
      then.step = static_cast<double>(place.seen + 1);
      product *= s(then);  // which may throw
      ++place.seen;
    }
    return product;
  }
};

}  // namespace

Schedule cumulative(const Schedule& s) {
  if (const std::string wrong = refusal_to_move(s); !wrong.empty()) fail("cumulative: " + wrong);
  auto form = form_of("cumulative", {}, s);
  Extent extent = extent_of(*form);
  extent.pace = std::max(extent.pace, 1.0);
  return {"cumulative(" + s.text() + ")",
          Schedule::Binding::atom,
          Product{s},
          nullptr,
          std::move(form),
          false,
          extent};
}

}  // namespace anneal::sched
