#include "apps/report/better.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace anneal::apps {
namespace {

/// "testAccuracy", "test_accuracy" and "Test accuracy" are test and accuracy.
/// Digits at a word's end are left out ("acc1"), except where they make it ("f1"), and what is
/// written as one, "mIoU", is a word as a whole too.
std::vector<std::string> words_of(std::string_view name) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::vector<std::string> words(1);
  std::vector<std::string> wholes(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool letter = is_upper(name[i]) || (name[i] >= 'a' && name[i] <= 'z');
    if ((is_upper(name[i]) && i > 0 && !is_upper(name[i - 1])) || (!letter && !is_digit(name[i])))
      words.emplace_back();
    if (!letter && !is_digit(name[i])) wholes.emplace_back();
    if (!letter && !is_digit(name[i])) continue;
    const char c = is_upper(name[i]) ? static_cast<char>(name[i] | 0x20) : name[i];
    words.back() += c;
    wholes.back() += c;
  }
  for (std::size_t i = words.size(); i-- > 0;) {
    const std::size_t letters = words[i].find_last_not_of("0123456789") + 1;
    if (letters > 0 && letters < words[i].size()) words.push_back(words[i].substr(0, letters));
  }
  words.insert(words.end(), wholes.begin(), wholes.end());
  return words;
}

}  // namespace

Better better_by_name(std::string_view metric) {
  constexpr std::array less{"loss", "error", "err",     "perplexity",  "ppl", "nll",
                            "mse",  "rmse",  "mae",     "wer",         "cer", "bpb",
                            "fid",  "time",  "seconds", "ece",         "kl",  "brier",
                            "bpc",  "cost",  "xent",    "crossentropy"};
  constexpr std::array more{
      "kappa",   "mcc",      "rouge",     "likelihood", "auprc",      "specificity", "sensitivity",
      "jaccard", "spearman", "pearson",   "success",    "throughput", "hits",        "pass",
      "match",   "top",      "accuracy",  "acc",        "top1",       "top5",        "f1",
      "auc",     "auroc",    "precision", "recall",     "iou",        "miou",        "map",
      "bleu",    "dice",     "psnr",      "ssim",       "score",      "r2",          "ap",
      "mrr",     "ndcg",     "reward",    "return"};
  // Of what follows or comes before, "steps to accuracy" and "1 - accuracy" are no accuracies.
  constexpr std::array otherwise{"to",   "until",    "drop",     "gap",    "std",       "sd",
                                 "var",  "variance", "non",      "not",    "diff",      "delta",
                                 "loss", "minus",    "no",       "spread", "deviation", "range",
                                 "rank", "change",   "decrease", "error"};
  const std::vector<std::string> words = words_of(metric);
  bool lower = false;
  bool higher = false;
  for (const std::string& word : words) {
    lower = lower || std::ranges::find(less, word) != less.end();
    higher = higher || std::ranges::find(more, word) != more.end();
  }
  const bool turned = words.front() == "1" || std::ranges::any_of(words, [&](const auto& word) {
                        return std::ranges::find(otherwise, word) != otherwise.end();
                      });
  if (lower == higher || (higher && turned)) return Better::unknown;
  return lower ? Better::lower : Better::higher;
}

}  // namespace anneal::apps
