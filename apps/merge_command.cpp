// anneal merge: joins the trials of comparisons that were computed in parts.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/commands.h"
#include "apps/compare/store.h"
#include "apps/comparison_file.h"
#include "apps/fail.h"
#include "apps/view/read_file.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

struct MergeArguments {
  std::vector<std::string> from;
  std::string out = "runs/compare";
};

/// The options of the comparison, where all parts have the same.
void keep_comparison(const MergeArguments& a) {
  const auto text_of = [](const std::string& folder) {
    const fs::path file = fs::path(folder) / comparison_file;
    return fs::is_regular_file(file) ? read_file(file, 1 << 24) : std::string();
  };
  const std::string text = text_of(a.from.at(0));
  const bool same =
      std::ranges::all_of(a.from, [&](const std::string& from) { return text_of(from) == text; });
  if (same && !text.empty() && text_of(a.out).empty())
    write_file(fs::path(a.out) / comparison_file, text);
}

int run_merge(const MergeArguments& a) {
  for (const std::string& from : a.from)  // before anything is made
    if (!fs::is_directory(fs::path(from) / "trials"))
      fail(Fault::world,
           from + ": there is no folder 'trials' in it; wanted the --out of anneal compare");
  const TrialStore store(fs::path(a.out) / "trials");
  for (const std::string& from : a.from) {
    const TrialStore::Merged merged = store.merge(fs::path(from) / "trials");
    for (const std::string& fault : merged.unfinished) std::cerr << fault << "; left out\n";
    std::cerr << fmt::format("{}: {} trial{} taken over\n", from, merged.taken,
                             merged.taken == 1 ? "" : "s");
  }
  keep_comparison(a);
  return 0;
}

}  // namespace

Command declare_merge(CLI::App& app) {
  const auto a = std::make_shared<MergeArguments>();
  app.add_option("FROM", a->from, "Folders that were the --out of anneal compare")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--out", a->out, "Folder of the comparison that gets their trials")
      ->capture_default_str()
      ->type_name("DIR");
  app.footer(R"(A comparison in four parts, on machines that share nothing, e.g. in a Slurm array:
  anneal compare --shard 1/4 --out part1        (the others: 2/4, 3/4, 4/4)
  anneal merge part1 part2 part3 part4 --out all
  anneal compare --shard 1/4 --out all          (now the seeds that decide; and so on)
Merging may be repeated, and parts may have trials in common. On a shared file system all parts may
use one --out: then nothing needs merging.
)");
  return [a] { return run_merge(*a); };
}

}  // namespace anneal::apps
