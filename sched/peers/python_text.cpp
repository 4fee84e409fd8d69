#include "sched/peers/python_text.h"

#include "sched/length.h"

namespace anneal::sched::python {
namespace {

struct Writer {
  std::string operator()(None) const { return "None"; }
  std::string operator()(double x) const { return number_text(x); }
  std::string operator()(bool yes) const { return yes ? "True" : "False"; }
  std::string operator()(const std::string& s) const {
    std::string out = "\"";
    for (const char c : s) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n')
        out += "\\n";
      else if (static_cast<unsigned char>(c) >= 0x20)
        out += c;
    }
    return out + "\"";
  }
  std::string operator()(const List& list) const {
    std::string out;
    for (const Value& v : list) out += (out.empty() ? "" : ", ") + text(v);
    return "[" + out + "]";
  }
  std::string operator()(const Dictionary& items) const {
    std::string out;
    for (const auto& [key, v] : items)
      out += (out.empty() ? "" : ", ") + text(key) + ": " + text(v);
    return "{" + out + "}";
  }
  std::string operator()(const Lambda& f) const {
    std::string names;
    for (const std::string& p : f.parameters) names += (names.empty() ? "" : ", ") + p;
    return "lambda " + names + ": " + f.body.text(f.parameters, Formula::python);
  }
  std::string operator()(const Expression& e) const { return e.text; }
  std::string operator()(const Call& call) const {
    std::string out;
    for (const Value& v : call.positional) out += (out.empty() ? "" : ", ") + text(v);
    for (const Keyword& k : call.keywords)
      out += (out.empty() ? "" : ", ") + k.name + "=" + text(k.value);
    return call.is_name ? call.path : call.path + "(" + out + ")";
  }
};

}  // namespace

std::string text(const Value& value) {
  return std::visit(Writer{}, value.is);
}

}  // namespace anneal::sched::python
