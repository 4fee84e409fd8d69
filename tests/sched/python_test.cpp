// The arithmetic of Python that people write into their calls.
#include <doctest/doctest.h>

#include "sched/parse.h"
#include "sched/peers/peers.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

std::string error_of(const std::string& text, double base = 1.0) {
  try {
    parse(text, base);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

/// What one number of a call comes to.
std::string worked_out(const std::string& expression) {
  const std::string text = parse("torch.StepLR(step_size=1, gamma=" + expression + ")").text();
  const std::string head = "step:gamma=";
  if (!text.starts_with(head)) return text;
  return text.substr(head.size(), text.find(',') - head.size());
}

/// A lambda of `s`, as our formula.
std::string as_formula(const std::string& body) {
  return parse("torch.LambdaLR(lambda s: " + body + ")").text();
}

double rate(const std::string& call, double step, double base = 1.0) {
  const auto translation = peers::translate(call, base);
  REQUIRE(translation);
  return translation->lr({.step = step, .total = 1000.0});
}

}  // namespace

TEST_CASE("numbers in arguments are worked out as Python does") {
  const std::pair<const char*, const char*> cases[] = {
      {"1 + 2 * 3 - 4 / 2", "5"},
      {"2 ** 3 ** 2", "512"},
      {"-2 ** 2 + 5", "1"},
      {"7 // 2 + -7 % 3", "5"},
      {"0.5 if 3 > 2 else 0.25", "0.5"},
      {"0.5 if 1 < 2 < 2 else 0.25", "0.25"},
      {"1 / 0 if False else 0.25", "0.25"},
      {"0.5 if not True or 3 in [1, 2] else 0.25", "0.25"},
      {"0.0 or 0.75", "0.75"},
      {"float(3) / int(2.9)", "1.5"},
      {"float('0.25')", "0.25"},
      {"round(2.675, 2)", "2.67"},
      {"round(2.5)", "2"},
      {"round(1234.5, -2) / 1000", "1.2"},
      {"len(range(3, 10, 2))", "4"},
      {"sum(range(4)) / 10", "0.6"},
      {"sum([0.5 ** i for i in range(1, 3)])", "0.75"},
      {"max(i * j for i in range(3) for j in range(3) if i != j)", "2"},
      {"min([0.5, 0.25]) + abs(-1) + pow(2, 3)", "9.25"},
      {"max(0.5, min(1, 0.75))", "0.75"},
      {"math.cos(0) + math.floor(1.5) + math.ceil(0.5)", "3"},
      {"np.sqrt(4) * math.log2(8) / math.log(100, 10)", "3"},
      {"math.exp(0) + math.fabs(-1)", "2"},
      {"[0.1, 0.2, 0.4][-1]", "0.4"},
      {"([0.1] * 2 + [0.7])[2]", "0.7"},
      {"sorted([0.3, 0.2])[0]", "0.2"},
      {"1_000 / 2_000", "0.5"},
      {"sum(m <= 50 for m in [30, 60])", "1"},
  };
  for (const auto& [expression, wanted] : cases) {
    CAPTURE(expression);
    CHECK(worked_out(expression) == wanted);
  }
}

TEST_CASE("lists, dictionaries and lengths are worked out too") {
  CHECK(parse("torch.MultiStepLR([30 * i for i in range(1, 4)])").text() ==
        parse("torch.MultiStepLR([30, 60, 90])").text());
  CHECK(parse("torch.MultiStepLR(list(range(30, 100, 30)), gamma=1/2)").text() ==
        parse("torch.MultiStepLR([30, 60, 90], 0.5)").text());
  CHECK(parse("torch.MultiStepLR(milestones=[int(0.5 * 75), int(0.75 * 75)])").text() ==
        parse("torch.MultiStepLR([37, 56])").text());
  CHECK(
      parse("optax.piecewise_constant_schedule(1.0, {10 * i: 0.5 for i in range(1, 3)})").text() ==
      parse("optax.piecewise_constant_schedule(1.0, {10: 0.5, 20: 0.5})").text());
  CHECK(parse("transformers.get_scheduler('cosine_with_min_lr', None, 10, 100, "
              "scheduler_specific_kwargs=dict(min_lr_rate=0.1))")
            .text() == parse("transformers.cosine_with_min_lr(10, 100, min_lr_rate=0.1)").text());
}

TEST_CASE("lambdas become formulas of the step") {
  const std::pair<const char*, const char*> cases[] = {
      {"0.95 ** s", "expr:'0.95 ** step'"},
      {"0.95 ** float(s)", "expr:'0.95 ** step'"},
      {"1.0", "expr:'1'"},
      {"2 * 3 ** (s // int(30.5))", "expr:'2 * 3 ** (step // 30)'"},
      {"round(0.95 ** s, 4)", "expr:'round(0.95 ** step, 4)'"},
      {"1 if s < 10 else 0.1", "expr:'1 if step < 10 else 0.1'"},
      {"min(1, (s + 1) / 10) * (1 if s < 50 else 0.1)",
       "expr:'min(1, (step + 1) / 10) * (1 if step < 50 else 0.1)'"},
      {"0.1 ** sum(s >= m for m in [30, 60])", "expr:'0.1 ** ((step >= 30) + (step >= 60))'"},
      {"0.1 ** len([m for m in [30, 60] if m <= s])",
       "expr:'0.1 ** ((1 if 30 <= step else 0) + (1 if 60 <= step else 0))'"},
      {"0.1 ** bisect_right([30, 60], s)", "expr:'0.1 ** ((30 <= step) + (60 <= step))'"},
      {"0.5 * (1 + math.cos(math.pi * s / 100))", "expr:'0.5 * (1 + cos(pi * step / 100))'"},
  };
  for (const auto& [body, wanted] : cases) {
    CAPTURE(body);
    CHECK(as_formula(body) == wanted);
  }
  // Rounded as Python rounds: 0.95 ** 5 is 0.7737809375.
  CHECK(rate("torch.LambdaLR(lambda s: round(0.95 ** s, 3))", 5) == 0.774);
  CHECK(rate("torch.LambdaLR(lambda epoch, rate=0.5: rate ** epoch)", 3) == 0.125);
}

TEST_CASE("mistakes in the arithmetic have a caret where they are") {
  CHECK(error_of("torch.StepLR(30, gamma=1 / (2 - 2))") ==
        "bad schedule: division by zero\n"
        "  torch.StepLR(30, gamma=1 / (2 - 2))\n"
        "                              ^");
  CHECK(error_of("torch.StepLR(step_size=n)").find("and 'n' is a name: write its value") !=
        std::string::npos);
  CHECK(error_of("torch.StepLR(30, gamma=2 * rate)")
            .starts_with("bad schedule: no value is called 'rate': write its number"));
  CHECK(error_of("torch.StepLR(30, float('inf'))").starts_with("bad schedule: wanted a finite"));
  CHECK(error_of("torch.StepLR(30, math.nan)").starts_with("bad schedule: wanted a finite"));
  CHECK(error_of("torch.StepLR(30, 10.0 ** 400)")
            .starts_with("bad schedule: this is not a finite number"));
  CHECK(error_of("torch.StepLR(round(1, 2, 3))")
            .starts_with("bad schedule: 'round' takes one or two values, got 3"));
  CHECK(error_of("torch.MultiStepLR([m for m in 3])").starts_with("bad schedule: wanted a list"));
  CHECK(
      error_of("torch.StepLR([1, 2][7])").starts_with("bad schedule: the list has no such entry"));
  CHECK(error_of("torch.LambdaLR(lambda s: [1, 0.1][s])")
            .starts_with("bad schedule: this cannot depend on the lambda's parameter"));
}

TEST_CASE("what a text may ask for has limits") {
  const auto listed = [](const std::string& n) {
    return error_of("torch.MultiStepLR(list(range(" + n + ")))");
  };
  CHECK(listed("10000") == "none");
  CHECK(listed("10001").starts_with("bad schedule: a list has at most 10000 entries"));
  CHECK(error_of("torch.MultiStepLR([1] * 10001)")
            .starts_with("bad schedule: a list has at most 10000 entries"));
  CHECK(error_of("torch.StepLR(sum(sum(sum(1 for k in range(9999)) for j in range(9999)) "
                 "for i in range(9999)))")
            .starts_with("bad schedule: this is too much to work out"));
  for (const char* text :
       {"torch.MultiStepLR([1 for x in [range(10000)] * 10000])",
        "torch.MultiStepLR([1 for i in range(10000) if len(range(10000))])",
        "torch.MultiStepLR([e for e in [[d]*9999 for d in [[c]*9999 for c in [[1]*9999]]]])"}) {
    CAPTURE(text);
    CHECK(error_of(text).find("this is too much to work out") != std::string::npos);
  }
  const std::string ten = "s,s,s,s,s,s,s,s,s,s";
  std::string doubled = "[s]";
  for (int i = 0; i < 6; ++i) doubled = "[sum([" + ten + "]) for s in " + doubled + "]";
  CHECK(error_of("torch.LambdaLR(lambda s: sum(" + doubled + "))")
            .find("as a formula this is longer than 100000 characters") != std::string::npos);
  CHECK(error_of("torch.StepLR(step_size=" + std::string(60'000, '-') + "1)")
            .starts_with("bad schedule: nested too deeply"));
  CHECK(error_of("torch.StepLR(step_size=" + std::string(60'000, '(') + "1")
            .starts_with("bad schedule: nested too deeply"));
}
