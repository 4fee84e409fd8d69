#include "optim/optimizer.h"

#include <algorithm>
#include <cmath>

#include "nn/autograd/parallel.h"
#include "optim/fail.h"

namespace anneal::optim {
namespace {

void check_groups(const std::vector<Group>& groups) {
  std::vector<const nn::Parameter*> seen;
  for (const Group& group : groups) {
    check_range("lr", group.lr, 0.0);
    check_range("weight_decay", group.weight_decay, 0.0);
    for (const nn::Parameter* p : group.parameters) {
      if (p->gone)
        fail("parameter '" + p->name + "' was moved into a network: make the optimizer of that");
      if (std::ranges::find(seen, p) != seen.end())
        fail("parameter '" + p->name + "' is given twice");
      seen.push_back(p);
    }
  }
}

}  // namespace

Optimizer::Optimizer(std::vector<Group> groups, std::size_t slots)
    : slots_per_parameter_(slots), groups_(std::move(groups)) {
  check_groups(groups_);
  for (const Group& group : groups_)
    for (const nn::Parameter* p : group.parameters)
      for (std::size_t i = 0; i < slots; ++i) slots_.emplace_back(p->value.shape());
  for (const Group& group : groups_)
    for (nn::Parameter* p : group.parameters) p->held = true;
}

void Optimizer::check_slots(std::size_t slots) const {
  if (slots > Slice::max_slots || slots > slots_per_parameter_)
    fail("the rule remembers " + std::to_string(slots) +
         " numbers of each weight; this optimizer " + "has kept " +
         std::to_string(slots_per_parameter_));
}

void Optimizer::zero_grad() {
  for (const Group& group : groups_)
    for (nn::Parameter* p : group.parameters) p->has_grad = false;
}

void Optimizer::set_weight_decay(double weight_decay) {
  check_range("weight_decay", weight_decay, 0.0);
  for (Group& group : groups_) group.weight_decay = weight_decay;
}

void Optimizer::step(double factor) {
  factors_.assign(groups_.size(), factor);
  step(factors_);
}

void Optimizer::step(std::span<const double> factors) {
  if (factors.size() != groups_.size())
    fail("step: " + std::to_string(factors.size()) + " factors for " +
         std::to_string(groups_.size()) + " groups");
  for (const double factor : factors) check_range("factor", factor, 0.0);
  for (const Group& group : groups_)
    for (const nn::Parameter* p : group.parameters)
      if (!p->has_grad) fail("step: no gradient reached parameter '" + p->name + "'");

  ++t_;
  auto slot = slots_.begin();
  auto factor = factors.begin();
  for (const Group& group : groups_) {
    const Update update{group.lr * *factor++, group.weight_decay, t_};
    for (nn::Parameter* p : group.parameters) {
      nn::parallel_shares(p->value.size(), [&](Index begin, Index end) {
        Slice slice{
            end - begin, slots_per_parameter_, p->value.data() + begin, p->grad.data() + begin, {}};
        for (std::size_t i = 0; i < slots_per_parameter_; ++i)
          slice.slots[i] = (slot + static_cast<std::ptrdiff_t>(i))->data() + begin;
        apply_(rule_.data(), slice, update);
      });
      slot += static_cast<std::ptrdiff_t>(slots_per_parameter_);
      p->has_grad = false;
    }
  }
}

}  // namespace anneal::optim
