// How often the statistics of compare and report are right: the tables of docs/protocol.md. By
// hand, some minutes:
//
//     ninja -C build/release verdict_study
//     build/release/tests/studies/verdict_study coverage TABLE.csv
//     build/release/tests/studies/verdict_study nulls TABLE.csv
//     build/release/tests/studies/verdict_study power TABLE.csv
//
// TABLE.csv are results of many seeds, whose columns are those of compare's results.csv.
#include <fmt/format.h>

#include <array>
#include <exception>
#include <iostream>

#include "apps/compare/judge.h"
#include "apps/view/read_file.h"
#include "apps/view/table.h"
#include "tests/studies/intervals.h"
#include "tests/studies/samples.h"

using namespace anneal::apps;

namespace {

constexpr std::array<std::size_t, 10> sizes{3, 5, 9, 10, 16, 17, 20, 21, 25, 40};

std::string percent(double share) {
  return fmt::format("{:.1f}", 100.0 * share);
}

ResultsTable read(const std::string& file) {
  return results_table(read_file(file, 1 << 30), file,
                       {.schedule = "name", .metrics = {"validation_loss", "test_accuracy"}});
}

// ---- coverage of intervals ------------------------------------------------------------------

/// How often each of the intervals holds `mean`, of samples that `make` draws.
template <class Make>
std::array<double, 4> covered(std::size_t n, Make make, std::mt19937_64& random) {
  constexpr int repetitions = 10'000;
  constexpr int resamples = 400;
  std::array<double, 4> shares{};
  for (int r = 0; r < repetitions; ++r) {
    const auto [x, mean] = make(n);
    const std::array intervals{t_interval(x), bca(x, resamples, random),
                               bootstrap_t(x, resamples, random), inverted_sign_flips(x, random)};
    for (std::size_t i = 0; i < intervals.size(); ++i)
      if (intervals[i].low <= mean && mean <= intervals[i].high) shares[i] += 1.0 / repetitions;
  }
  return shares;
}

void coverage(const ResultsTable& measured) {
  std::mt19937_64 random(1);
  std::vector<Row> rows{{"differences", "interval"}};
  for (const std::size_t n : sizes) rows[0].push_back(std::to_string(n));
  const auto add = [&](const std::string& name, auto make) {
    constexpr std::array methods{"Student's t", "BCa bootstrap", "bootstrap-t",
                                 "inverted sign flips"};
    std::array<Row, 4> lines;
    for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = {name, methods[i]};
    for (const std::size_t n : sizes) {
      const auto shares = covered(n, make, random);
      for (std::size_t i = 0; i < lines.size(); ++i) lines[i].push_back(percent(shares[i]));
    }
    rows.insert(rows.end(), lines.begin(), lines.end());
  };
  for (const Law law : laws)
    add(name_of(law), [&](std::size_t n) { return std::pair(drawn(law, n, random), 0.0); });
  for (const Metric& metric : measured.metrics)
    add("measured, " + metric.name, [&](std::size_t n) {
      std::uniform_int_distribution<std::size_t> any(0, metric.values.size() - 1);
      const std::size_t a = any(random);
      std::size_t b = a;
      while (b == a) b = any(random);
      const std::vector<double> all = differences(metric.values[a], metric.values[b]);
      std::uniform_int_distribution<std::size_t> round(0, all.size() - 1);
      std::vector<double> x(n);
      for (double& v : x) v = all[round(random)];
      return std::pair(x, mean_of(all));
    });
  std::cout << "Covered by intervals of 95 %, in per cent, by the number of seeds\n\n"
            << table(rows) << "\n";
}

// ---- what is found where there is nothing ---------------------------------------------------

/// Nine contestants in groups; those of one group are alike but for their noise.
struct Null {
  const char* name;
  std::vector<Metric> (*make)(const ResultsTable&, std::size_t n, std::mt19937_64&);
  bool groups;  ///< three of three, far from each other; otherwise a single one
};

std::vector<Metric> independent(Law law, std::size_t n, std::mt19937_64& random) {
  std::vector<Metric> out{{.name = "loss"}};
  for (int i = 0; i < 9; ++i) out[0].values.push_back(drawn(law, n, random));
  return out;
}

const std::array nulls_of{
    Null{"normal",
         [](const ResultsTable&, std::size_t n, std::mt19937_64& random) {
           return independent(Law::normal, n, random);
         },
         false},
    Null{"exponential",
         [](const ResultsTable&, std::size_t n, std::mt19937_64& random) {
           return independent(Law::skewed, n, random);
         },
         false},
    Null{"Student's t, 3 d.f.",
         [](const ResultsTable&, std::size_t n, std::mt19937_64& random) {
           return independent(Law::heavy, n, random);
         },
         false},
    Null{"normal, deviations 1 to 9",
         [](const ResultsTable&, std::size_t n, std::mt19937_64& random) {
           auto out = independent(Law::normal, n, random);
           for (std::size_t i = 0; i < 9; ++i)
             for (double& v : out[0].values[i]) v *= static_cast<double>(i + 1);
           return out;
         },
         false},
    Null{"normal, three groups",
         [](const ResultsTable&, std::size_t n, std::mt19937_64& random) {
           auto out = independent(Law::normal, n, random);
           for (std::size_t i = 0; i < 9; ++i)
             for (double& v : out[0].values[i]) v += 3.0 * static_cast<double>(i / 3);
           return out;
         },
         true},
    Null{"measured, loss and accuracy",
         [](const ResultsTable& measured, std::size_t n, std::mt19937_64& random) {
           return resampled(without_differences(measured.metrics), n, random);
         },
         false}};

void nulls(const ResultsTable& measured) {
  constexpr int repetitions = 4000;
  std::mt19937_64 random(2);
  std::vector<Row> rows{{"nine schedules", "some false p of"}};
  for (const std::size_t n : sizes) rows[0].push_back(std::to_string(n));
  for (const Null& null : nulls_of) {
    Row at_5{null.name, "0.05 or less"};
    Row at_claim{null.name, fmt::format("{} or less", claimed)};
    for (const std::size_t n : sizes) {
      int found_5 = 0;
      int found_claim = 0;
      for (int r = 0; r < repetitions; ++r) {
        const std::vector<Metric> metrics = null.make(measured, n, random);
        std::vector<std::vector<double>> differences_of;
        std::vector<bool> alike;
        for (const Metric& m : metrics)
          for (std::size_t i = 0; i < m.values.size(); ++i)
            for (std::size_t j = i + 1; j < m.values.size(); ++j) {
              differences_of.push_back(differences(m.values[i], m.values[j]));
              alike.push_back(!null.groups || i / 3 == j / 3);
            }
        const JointTest test = joint_sign_flip(differences_of, static_cast<std::uint64_t>(r), 2048);
        double least = 1.0;
        for (std::size_t k = 0; k < alike.size(); ++k)
          if (alike[k]) least = std::min(least, test.p[k]);
        found_5 += least <= significant ? 1 : 0;
        found_claim += least <= claimed ? 1 : 0;
      }
      at_5.push_back(percent(static_cast<double>(found_5) / repetitions));
      at_claim.push_back(percent(static_cast<double>(found_claim) / repetitions));
    }
    rows.insert(rows.end(), {at_5, at_claim});
  }
  std::cout
      << "Of " << repetitions
      << " comparisons, in per cent, with some p that is small for two that are alike, by the "
         "number of seeds\n\n"
      << table(rows) << "\n";
}

// ---- what is found where there is something -------------------------------------------------

void power(const ResultsTable& measured) {
  constexpr int repetitions = 400;
  std::mt19937_64 random(3);
  const Judgement all = judge(measured.metrics, 0);
  std::vector<Row> rows{{"loss, " + measured.schedules[0] + " and", "difference", "deviation",
                         "seeds needed", "claimed with so many, %"}};
  const auto& losses = measured.metrics[0].values;
  for (std::size_t i = 1; i < losses.size(); ++i) {
    const std::vector<double> d = differences(losses[i], losses[0]);
    const auto needed = seeds_needed(d, all);
    if (!needed || *needed > 100) continue;
    int found = 0;
    for (int r = 0; r < repetitions; ++r) {
      const Judgement j =
          judge(resampled(measured.metrics, static_cast<std::size_t>(*needed), random), 0);
      found += j.verdicts[0][i].p <= claimed ? 1 : 0;
    }
    rows.push_back({measured.schedules[i], fmt::format("{:+.4f}", mean_of(d)),
                    fmt::format("{:.4f}", deviation_of(d)), std::to_string(*needed),
                    percent(static_cast<double>(found) / repetitions)});
  }
  std::cout << table(rows) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string what = argc == 3 ? argv[1] : "";
    if (what != "coverage" && what != "nulls" && what != "power") {
      std::cerr << "verdict_study coverage|nulls|power TABLE.csv\n";
      return 2;
    }
    const ResultsTable measured = read(argv[2]);
    if (what == "coverage") coverage(measured);
    if (what == "nulls") nulls(measured);
    if (what == "power") power(measured);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
