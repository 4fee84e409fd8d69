// Anybody's table: what is read of it, and what is refused, with its place.
#include "apps/report/results_table.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "apps/compare/judgement_json.h"
#include "apps/report/better.h"
#include "apps/report/table_report.h"

using namespace anneal::apps;

namespace {

ResultsTable read(const std::string& text, const ResultsColumns& columns = {}) {
  return results_table(text, "t.csv", columns);
}

void refused(const std::string& text, const char* why) {
  CAPTURE(text);
  CHECK_THROWS_WITH_AS(read(text), why, std::runtime_error);
}

TableReport report_on(ResultsTable table) {
  return {.title = "t",
          .command = "anneal report t.csv",
          .schedules = table.schedules,
          .judgement = judge(std::move(table.metrics), 0)};
}

}  // namespace

TEST_CASE("a table of results: quotes, line ends, a byte order mark, failures, rows in any order") {
  const ResultsTable t = read(
      "\xEF\xBB\xBF"
      "seed,schedule,validation_loss,test_accuracy\r\n"
      "2,\"a, \"\"so\"\"\",+0.5,nan\r\n"
      "-1,\"b\nc\",inf,2e-1\n"
      "-1,\"a, \"\"so\"\"\",-1,1\n"
      "2,\"b\nc\",3,.25");
  CHECK(t.schedules == std::vector<std::string>{"a, \"so\"", "b\nc"});
  CHECK(t.seeds == std::vector<std::int64_t>{-1, 2});
  CHECK(t.left_out.empty());
  REQUIRE(t.metrics.size() == 2);
  CHECK_FALSE(t.metrics[0].higher_is_better);
  CHECK(t.metrics[1].higher_is_better);
  CHECK(t.metrics[0].values[0] == std::vector<double>{-1, 0.5});
  CHECK(std::isinf(t.metrics[0].values[1][0]));
  CHECK(std::isnan(t.metrics[1].values[0][1]));
}

TEST_CASE("which metrics, and in what direction") {
  const std::string text = "schedule,seed,loss,reward,note\na,1,1,2,x\nb,1,2,3,y\n";
  const ResultsTable t = read(text, {.metrics = {"reward", "loss"}, .higher = {"reward"}});
  CHECK(t.metrics[0].name == "reward");
  CHECK(t.metrics[0].higher_is_better);
  for (const char* higher :
       {"test_accuracy", "Accuracy", "val_acc", "acc@1", "testAccuracy", "top1", "Top-1 acc", "f1",
        "acc1", "val_acc5", "mIoU", "kappa", "exact_match", "pass@1", "macro F1", "AUC", "mAP"})
    CHECK(better_by_name(higher) == Better::higher);
  for (const char* lower :
       {"loss", "valLoss", "test error", "RMSE", "word_err", "accumulated_loss"})
    CHECK(better_by_name(lower) == Better::lower);
  for (const char* unknown :
       {"accuracyloss", "steps_to_accuracy", "1-accuracy", "1 - AUC", "accuracy_gap",
        "non_accuracy", "acc_std", "score_variance", "accuracy_loss", "accuracy error", "x", ""})
    CHECK(better_by_name(unknown) == Better::unknown);
  const std::string unclear = "schedule,seed,gap,loss\na,1,1,2\nb,1,2,3\n";
  CHECK(read(unclear).guessed == std::vector<std::string>{"gap"});
  CHECK(read(unclear, {.lower = {"gap"}}).guessed.empty());
  refused(text, "t.csv:2: column 'note': 'x' is not a number; --metric names the columns that are");
  const auto mistaken = [&](const ResultsColumns& columns, const char* why) {
    CHECK_THROWS_WITH_AS(read(text, columns), why, std::invalid_argument);
  };
  mistaken(
      {.metrics = {"los"}},
      "t.csv:1: there is no column 'los' among schedule, seed, loss, reward and note; --metric "
      "chooses another; did you mean 'loss'?");
  mistaken({.metrics = {"loss"}, .higher = {"reward"}},
           "--higher: 'reward' is none of the metrics");
  mistaken({.metrics = {"loss"}, .higher = {"loss"}, .lower = {"loss"}},
           "'loss' is given to --higher and to --lower");
  mistaken({.metrics = {"loss", "loss"}}, "--metric: 'loss' is given twice");
  mistaken({.metrics = {"seed"}}, "--metric: 'seed' is no metric");
  mistaken({.seed = "schedule"}, "--schedule and --seed are the same column 'schedule'");
}

TEST_CASE("what is unclear in a table is refused with file, line and column") {
  const std::string head = "schedule,seed,loss\n";
  refused("", "t.csv:1: is empty; wanted a header such as schedule,seed,validation_loss");
  refused(head, "t.csv:2: there is no row below the header");
  refused("schedule,seed,seed\n", "t.csv:1: there are two columns 'seed'");
  refused("schedule,seed,\n", "t.csv:1: column 3 has no name");
  refused(head + "a,1\n", "t.csv:2: has 2 fields where the header has 3");
  refused(head + "a,1,2\n\na,2,2\n", "t.csv:3: an empty line");
  refused(head + "a,1,2\na,1,3\n", "t.csv:3: column 'seed': 'a' has seed 1 already, in line 2");
  refused(head + "a,1,\n",
          "t.csv:2: column 'loss': is empty; a run that failed is written as nan or inf");
  refused(head + "a,1,0x2\n",
          "t.csv:2: column 'loss': '0x2' is not a number; --metric names the columns that are");
  refused(head + "a,1,+\n",
          "t.csv:2: column 'loss': '+' is not a number; --metric names the columns that are");
  refused(head + "a,1,+-2\n",
          "t.csv:2: column 'loss': '+-2' is not a number; --metric names the columns that are");
  refused(
      head + "a,1,1e200\n",
      "t.csv:2: column 'loss': '1e200' is too large or too small a number, beyond 1e100 or 1e-100");
  refused(head + "a,1,-1e-320\n",
          "t.csv:2: column 'loss': '-1e-320' is too large or too small a number, beyond 1e100 or "
          "1e-100");
  refused(head + "a,1.5,2\n", "t.csv:2: column 'seed': '1.5' is not a seed, a whole number");
  refused(head + "a,99999999999999999999,2\n",
          "t.csv:2: column 'seed': '99999999999999999999' is not a seed, a whole number");
  refused(head + ",1,2\n", "t.csv:2: column 'schedule': is empty");
  refused(head + "a\"b,1,2\n", "t.csv:2: a quote within a field that does not begin with one");
  refused(head + "\"a\"b,1,2\n", "t.csv:2: a quoted field goes on after its closing quote");
  refused(head + "\"a,1,2\n", "t.csv:2: a quote is not closed");
  refused(head + "a,1,2\rb,1,2\n", "t.csv:2: a carriage return that ends no line");
  refused(head + "a,1,2\nb,2,2\n",
          "t.csv: no seed is there for all schedules, so that nothing can be paired");
}

TEST_CASE("tabs, semicolons and bars separate too, where they stand in the header") {
  for (const char c : {'\t', ';', ',', '|'}) {
    std::string text = " schedule | seed|loss\na|1|0.5\n\"b|c\"|1|2\n";
    std::ranges::replace(text, '|', c);
    const ResultsTable t = read(text);
    CHECK(t.schedules == std::vector<std::string>{"a", std::string("b") + c + "c"});
    CHECK(t.metrics[0].values == std::vector<std::vector<double>>{{0.5}, {2.0}});
  }
  CHECK(read("schedule;seed;loss\na;1;0,5\n").metrics[0].values[0][0] == 0.5);
  refused("schedule;seed;loss\na;1;0,5,1\n",
          "t.csv:2: column 'loss': '0,5,1' is not a number; --metric names the columns that are");
  refused("schedule,seed,loss\na,1,\"0,5\"\n",
          "t.csv:2: column 'loss': '0,5' is not a number; --metric names the columns that are");
  refused("\xFF\xFEs", "t.csv:1: is UTF-16 or no text; wanted UTF-8");
}

TEST_CASE("of a table that holds several comparisons, one is chosen") {
  const std::string text =
      "epochs,schedule,optimizer,seed,loss\n1,a,sgd,1,5\n1,b,sgd,1,6\n3,a,sgd,1,7\n3,b,sgd,1,8\n"
      "3,a,adam,1,9\n";
  const ResultsColumns loss{.metrics = {"loss"}};
  CHECK_THROWS_WITH_AS(read(text, loss),
                       "t.csv:4: column 'seed': 'a' has seed 1 already, in line 2; they differ in "
                       "'epochs': --where epochs=1 takes one kind",
                       std::runtime_error);
  ResultsColumns three{.where = {{"epochs", "3"}}, .metrics = {"loss"}};
  CHECK_THROWS_WITH_AS(read(text, three),
                       "t.csv:6: column 'seed': 'a' has seed 1 already, in line 4; they differ in "
                       "'optimizer': --where optimizer=sgd takes one kind",
                       std::runtime_error);
  three.where.push_back({"optimizer", "sgd"});
  CHECK(read(text, three).metrics[0].values == std::vector<std::vector<double>>{{7.0}, {8.0}});
  three.metrics.clear();  // what a row is chosen by is no metric
  CHECK(read(text, three).metrics.size() == 1);
  CHECK_THROWS_WITH_AS(read(text, {.where = {{"epochs", "2"}}}),
                       "t.csv: no row is as --where wants it", std::invalid_argument);
  CHECK_THROWS_AS(read(text, {.where = {{"epoch", "3"}}}), std::invalid_argument);
}

TEST_CASE("seeds that some schedule does not have are left out, and said") {
  const ResultsTable t = read("schedule,seed,loss\na,1,1\na,2,1\na,3,1\nb,3,1\nb,1,1\nb,4,1\n");
  CHECK(t.seeds == std::vector<std::int64_t>{1, 3});
  CHECK(t.left_out == std::vector<std::int64_t>{2, 4});
}

TEST_CASE("a report of a table, whatever there is in it") {
  std::string one = "schedule,seed,loss\n";
  std::string failed = "schedule,seed,loss,accuracy\n";
  for (int k = 0; k < 9; ++k) {
    one += "<b>," + std::to_string(k) + "," + std::to_string(k) + "\n";
    for (const char* name : {"a", "b"})
      failed +=
          std::string(name) + "," + std::to_string(k) + ",nan," + std::to_string(k % 4) + "\n";
  }
  const std::string alone = table_report_text(report_on(read(one)));
  CHECK(alone.find("`<b>` is alone: there is nothing to compare it with.") != std::string::npos);
  CHECK(alone.find("9 seeds") != std::string::npos);
  CHECK(table_report_page(report_on(read(one))).find("<b>") == std::string::npos);
  const TableReport all_failed = report_on(read(failed));
  CHECK(table_report_text(all_failed).find("9 of 9 failed") != std::string::npos);
  CHECK(table_report_text(all_failed).find("there are no two to test") != std::string::npos);
  CHECK(table_report_page(all_failed).find("there are no two to test") != std::string::npos);
  const Json json = judgement_json(all_failed.judgement, all_failed.schedules);
  CHECK(json["metrics"][0]["schedules"][0]["mean"].is_null());
  CHECK(json["claims"].empty());
}
