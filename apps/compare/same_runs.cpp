#include "apps/compare/same_runs.h"

#include <algorithm>

#include "apps/view/quote.h"

namespace anneal::apps {
namespace {

bool same_result(const RunLog& a, const RunLog& b) {
  return a.evaluations == b.evaluations && a.result->steps == b.result->steps &&
         a.result->train_loss == b.result->train_loss && a.result->test_loss == b.result->test_loss;
}

/// A run's bits follow from its factors; two that agree in every evaluation, in the loss of the
/// last updates and on the test set have not had different ones.
bool same(const Contestant& a, const Contestant& b) {
  return a.peak() == b.peak() && a.entrant.optimizer.name == b.entrant.optimizer.name &&
         a.diverged() == 0 && std::ranges::equal(a.runs, b.runs, same_result);
}

template <class T>
void erase_at(std::vector<T>& from, std::size_t i) {
  if (i < from.size()) from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
}

}  // namespace

void merge_same(Study& study) {
  std::vector<Contestant>& all = study.contestants;
  std::size_t& baseline = study.comparison.baseline;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = i + 1; k < all.size();) {
      if (!same(all[i], all[k])) {
        ++k;
        continue;
      }
      const std::size_t gone = k == baseline ? i : k;
      const std::size_t kept = k == baseline ? k : i;
      study.comparison.merged.push_back({all[gone].entrant.name, all[kept].entrant.name});
      for (SameRuns& before : study.comparison.merged)
        if (before.as == all[gone].entrant.name) before.as = all[kept].entrant.name;
      erase_at(all, gone);
      erase_at(study.comparison.entrants, gone);
      if (baseline > gone) --baseline;
      if (gone == i) k = i + 1;  // another stands at i now
    }
}

std::string on_the_same(const Study& study) {
  std::string text;
  for (const SameRuns& m : study.comparison.merged)
    text += markdown_code(m.name) + " ran under the same rates as " + markdown_code(m.as) +
            " at every update: they are one here. ";
  return text;
}

}  // namespace anneal::apps
