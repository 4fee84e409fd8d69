#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/compare/judge.h"

/// What a judgement says in words. `names` are those of the contestants, as they are to stand in
/// the text.
namespace anneal::apps {

/// "a", "a and b", "a, b and c"; of more than `most`, "a, b and 7 more".
std::string joined(const std::vector<std::string>& words, std::size_t most = 20);

/// "one seed", "seven seeds", "13 seeds".
std::string counted_in_words(std::int64_t number, std::string_view what);

/// "0.041", "<0.001".
std::string p_text(double p);

/// "ab", and "ab~" where it is close to being told from one of its tier.
std::string tier_text(const Verdict& verdict);

/// The answer in a few sentences. Whatever it claims is a pair that is told apart; it is silent on
/// what is close to the threshold but for saying so, so the same words stand for a p of 0.041 and
/// one of 0.055.
std::string headline(const Judgement& judgement, const std::vector<std::string>& names);

/// What the tests do not say: too few rounds; what is close to the threshold; that a p is sampled,
/// and how finely; where two metrics contradict each other, by pair.
std::vector<std::string> reservations(const Judgement& judgement,
                                      const std::vector<std::string>& names);

/// How intervals, p and tiers come about, for below a table.
std::string how_tested(const Judgement& judgement);

}  // namespace anneal::apps
