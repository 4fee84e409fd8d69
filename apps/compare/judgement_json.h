#pragma once
#include <string>
#include <vector>

#include "apps/compare/judge.h"
#include "apps/json_object.h"

namespace anneal::apps {

/// All that a judgement says, to be checked by others. What is not finite or not known is null.
///
///     {"baseline", "seeds", "tested", "verdict": words,
///      "test": {"procedure", "pairs", "sets", "exact", "claimed_at", "close_up_to",
///        "sampling_error": that of a p of claimed_at, "least_p"},
///      "metrics": [{"name", "higher_is_better", "schedules": [{"name", "mean", "deviation",
///        "interval": [low, high], "failed", "rank", "tier", "difference": {"mean", "interval"},
///        "p", "seeds_needed"}]}],
///      "claims" and "close": [{"metric", "better", "worse", "difference", "interval", "p"}],
///      "reservations": [words]}
///
/// `claims` is everything that the verdict claims. A difference is the better's mean minus the
/// worse's; p is adjusted for all pairs of all metrics. Schedules are in the order of their ranks.
Json judgement_json(const Judgement& judgement, const std::vector<std::string>& names);

}  // namespace anneal::apps
