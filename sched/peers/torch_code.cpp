#include "sched/peers/torch_code.h"

#include <algorithm>

#include "sched/peers/find.h"
#include "sched/peers/python_text.h"
#include "sched/peers/torch_schedulers.h"

namespace anneal::sched::peers::torch {
namespace {

std::string code_of(const Arguments& a) {
  const bool composition = a.class_name() == "ChainedScheduler" || a.class_name() == "SequentialLR";
  std::string out = a.class_name() == "SWALR" ? "" : "lr_scheduler.";
  out += std::string(a.class_name()) + "(";
  if (a.class_name() != "ChainedScheduler") out += "optimizer";
  for (const std::string& name : a.not_default()) {
    out += (out.ends_with('(') ? "" : ", ") + name + "=";
    if (name == "schedulers" && composition) {
      std::string list;
      for (const Arguments& child : a.each(name)) list += "\n        " + code_of(child) + ",";
      out += "[" + list + "\n    ]";
    } else {
      out += python::text(a.value(name));
      if (name == "pct_start" && a.number(name) == 1.0) out += ".0";  // PyTorch wants a float
    }
  }
  return out + ")";
}

}  // namespace

std::string python_of(std::string_view call) {
  Cursor at(call);
  const auto peer = std::ranges::find(all(), "torch", &Peer::name);
  return code_of(bound(python::read_call(at), 0, &*peer, at, 1.0));
}

}  // namespace anneal::sched::peers::torch
