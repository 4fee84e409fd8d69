// Writes docs/schedules.md, its pictures, and docs/coming-from.md from what the schedules and the
// peers' classes declare of themselves. `./dev docs` runs it; a test fails when they differ.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "apps/sample_losses.h"
#include "apps/view/svg.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "sched/peers/peers.h"
#include "sched/registry.h"

namespace {

using namespace anneal;
namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw std::runtime_error(file.string() + ": cannot be written");
}

constexpr sched::Step updates = 400;

apps::Series series_of(const std::string& spec) {
  const sched::Schedule s = sched::parse(spec);
  const std::vector<sched::Observation> log = apps::sample_losses(updates);
  sched::Memory memory;
  // The picture bears the schedule's name already.
  const std::size_t colon = spec.find(':');
  apps::Series series{colon == std::string::npos ? "defaults" : spec.substr(colon + 1)};
  for (sched::Step step = 0; step < updates; ++step) {
    series.x.push_back(static_cast<double>(step));
    series.y.push_back(s(sched::Clock::at(step, updates, updates / 10, log, &memory)));
  }
  return series;
}

std::string picture(const sched::Entry& entry) {
  std::vector<apps::Series> all;
  for (const std::string& spec : entry.shown) all.push_back(series_of(spec));
  return apps::svg_chart(all, {.title = entry.name,
                               .x_label = "update of 400",
                               .y_label = "factor",
                               .description = entry.help,
                               .height = 260});
}

bool holds(const sched::Schedule& s, const std::string& name) {
  const sched::Form* form = s.form();
  if (form == nullptr) return false;
  if (form->name == name) return true;
  for (const sched::Part& part : form->parts)
    if (holds(part.schedule, name)) return true;
  return false;
}

std::string call_of(const sched::peers::Peer& peer, const sched::peers::Class& c) {
  return fmt::format("{}.{}({})", peer.name, c.name, c.example);
}

/// The peers' names of a schedule: the classes whose example is translated into it.
std::string names_elsewhere(const std::string& name) {
  std::string text;
  for (const sched::peers::Peer& peer : sched::peers::all()) {
    std::string names;
    for (const sched::peers::Class& c : peer.classes)
      if (holds(sched::parse(call_of(peer, c)), name))
        names += fmt::format("{}`{}`", names.empty() ? "" : ", ", c.name);
    if (!names.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : "; ", peer.title, names);
  }
  return text;
}

std::string kind_of(const sched::ParamInfo& p) {
  if (std::holds_alternative<bool>(p.initial)) return "true, false";
  if (std::holds_alternative<sched::Length>(p.initial)) return "length";
  if (std::holds_alternative<sched::Lengths>(p.initial)) return "list of lengths";
  if (std::holds_alternative<std::string>(p.initial)) return "text";
  if (std::holds_alternative<sched::Choice>(p.initial)) {
    std::string words;
    for (const std::string_view word : p.choices)
      words += (words.empty() ? "" : ", ") + std::string(word);
    return words;
  }
  const char* form = std::holds_alternative<sched::Numbers>(p.initial) ? "list of " : "";
  const char* whole = std::holds_alternative<int>(p.initial) ? "whole, " : "";
  return fmt::format("{}{}{} to {}{}{}", form, whole, sched::number_text(p.min),
                     sched::number_text(p.max), p.unit.empty() ? "" : " ", p.unit);
}

std::string schedules_page() {
  std::string text = R"(# Schedules

A schedule gives, at each update, a factor by which the base learning rate is multiplied. `t` is the
fraction of its stage that is done, `step` the updates of the stage that are done and `total` how many
there are. A length is in updates (`500`), epochs (`5ep`) or percent of the stage (`10%`).

Written `name:parameter=value,...`; what is not given has its default. `warmup@5% | cosine` puts one
after another, `a * b` and `a + b` combine two, `0.5 * a` scales one; the [combinators](#combinators)
are at the end. `anneal schedules "warmup@5% | cosine" --lr 0.1 --steps 1000` draws any of them.

)";
  for (const sched::Entry& entry : sched::registry())
    text += fmt::format("[{0}](#{0}) ", entry.name);
  text += "\n";
  for (const sched::Entry& entry : sched::registry()) {
    text += fmt::format("\n## {}\n\n{} {}\n\n![{}](schedules/{}.svg)\n\n", entry.name, entry.help,
                        entry.when, entry.help, entry.name);
    std::string shown;
    for (const std::string& spec : entry.shown)
      shown += fmt::format("{}`{}`", shown.empty() ? "" : ", ", spec);
    text += fmt::format("Drawn: {}.\n\nFormula: `{}`\n\n", shown, entry.formula);
    if (!entry.params.empty()) {
      text += "| parameter | default | values | |\n|---|---|---|---|\n";
      for (const sched::ParamInfo& p : entry.params)
        text += fmt::format("| `{}` | `{}` | {} | {} |\n", p.name, sched::value_text(p.initial),
                            kind_of(p), p.help);
      text += "\n";
    }
    if (!entry.source.empty()) text += fmt::format("Source: {}.\n", entry.source);
    if (const std::string names = names_elsewhere(entry.name); !names.empty())
      text += fmt::format("{}Elsewhere: {}.\n", entry.source.empty() ? "" : "\n", names);
  }
  text +=
      "\n## Combinators\n\n| written | what it is |\n|---|---|\n"
      "| `a@5% \\| b \\| c@20%` | one after another; one stage takes what the lengths leave |\n"
      "| `a * b`, `a + b`, `0.5 * a` | at each update |\n";
  for (const sched::Combinator& c : sched::combinators())
    text += fmt::format("| `{}` | {} |\n", c.usage, c.help);
  return text;
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string coming_from_page() {
  std::string text = R"md(# Coming from another system

What you write there can be written here as it is, `--schedule "torch.StepLR(step_size=30)"`; the table
shows what it becomes in our own terms, for an example of some 100 updates at a base rate of 1. One call
of the system's `step()` is one update. Rates that are absolute there become factors of `--lr`. The
numbers are the system's own, traps included; the last column names them.

The other way, `anneal schedules SPEC --export torch` (or `keras`, `optax`, `python`) prints code that
gives the same curve there.
)md";
  for (const sched::peers::Peer& peer : sched::peers::all()) {
    text += fmt::format("\n## {}\n\n| there | here | to know |\n|---|---|---|\n", peer.title);
    for (const sched::peers::Class& c : peer.classes) {
      const std::string call = call_of(peer, c);
      text += fmt::format("| `{}` | `{}` | {} |\n", escaped(call),
                          escaped(sched::parse(call).text()), c.note);
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: anneal_docs FOLDER");
  const fs::path folder = argv[1];
  for (const sched::Entry& entry : sched::registry())
    write(folder / "schedules" / (entry.name + ".svg"), picture(entry));
  write(folder / "schedules.md", schedules_page());
  write(folder / "coming-from.md", coming_from_page());
  return 0;
} catch (const std::exception& error) {
  std::cerr << "anneal_docs: " << error.what() << "\n";
  return 1;
}
