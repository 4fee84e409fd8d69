#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/find_lr/range_test.h"
#include "apps/view/terminal.h"

namespace anneal::apps {

/// What a reader of a range test must know besides, as text.
struct RangeFacts {
  std::string command = {};     ///< that makes the test again
  std::string comparison = {};  ///< "anneal compare --optimizer adam": that tunes what was tested
  std::string train = {};       ///< "anneal train --hidden 128": that trains it, but for the rate
  std::string data = {};        ///< "mnist; 55000 training examples"
  std::string conditions = {};  ///< network, optimizer, batches
};

/// "from 1e-4 to 10 in 300 updates, seeds 1 to 5"
std::string range_text(const RangeTestOptions& options);

/// The one rate that a test gives: minimum/10 of the mean, which came nearest to what tuning found
/// (docs/find-lr.md), and the least and the greatest of single seeds. None if the loss hardly fell,
/// or the range was too narrow to tell.
struct SuggestedRate {
  double rate = 0.0;
  double low = 0.0;
  double high = 0.0;
};
std::optional<SuggestedRate> suggested_rate(const RangeTest& test);
/// "0.035", and "0.027 to 0.038 for single seeds; a tenth of the rate at which the loss is lowest".
std::string rate_text(const SuggestedRate& suggested);
std::string rate_origin(const RangeTest& test, const SuggestedRate& suggested);

/// Whether a rule is worth showing: its seeds differ by less than a factor of ten.
bool is_offered(const RangeTest& test, std::size_t rule);

/// The least and the greatest of a rule's suggestions over the seeds.
std::pair<double, double> spread_of(const RangeTest& test, std::size_t rule);

/// The same as text: "0.01 to 0.02".
std::string spread_text(const RangeTest& test, std::size_t rule);

/// What to make of the test, in sentences: that the loss hardly fell, that the range was too
/// narrow, or else how far the rules are apart and which are not offered; and where it ended.
std::vector<std::string> advice(const RangeTest& test);

/// The command that tunes the peak around what was suggested: rates twice apart, from half to eight
/// times that of minimum/10, for a schedule that decays takes a higher peak than a constant rate.
/// Empty where there is no suggested_rate().
std::string tuning_command(const RangeFacts& facts, const RangeTest& test);
/// The command that trains at that rate, or nothing.
std::string training_command(const RangeFacts& facts, const RangeTest& test);

/// The curve with the suggestions marked, a table of them, and the advice.
std::string range_report(const RangeFacts& facts, const RangeTest& test, const Terminal& terminal);

/// A row for each update with the rate and, for each seed, the loss and the smoothed loss; every
/// digit, and nothing where a test had ended.
std::string range_csv(const RangeTest& test);

/// One JSON object: options, rates, losses, suggestions, advice.
std::string range_json(const RangeTestOptions& options, const RangeFacts& facts,
                       const RangeTest& test);

/// A page that shows all of it: one HTML file that needs no other and no network.
std::string range_page(const RangeTestOptions& options, const RangeFacts& facts,
                       const RangeTest& test);

}  // namespace anneal::apps
