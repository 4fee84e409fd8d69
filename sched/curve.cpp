#include "sched/curve.h"

#include "sched/length.h"

namespace anneal::sched {

std::string between_text(double from, double to, double begin, double end, Curve curve) {
  if (from == to) return number_text(from);
  std::string x = begin == 0.0 ? "step" : "(step - " + number_text(begin) + ")";
  x += " / " + number_text(end - begin);
  const std::string wave = "(1 + cos(pi * " + x + ")) / 2";
  const std::string start = number_text(from);
  const std::string way = start + " + (" + number_text(to) + " - " + start + ") * ";
  switch (curve) {
    case Curve::linear: return way + x;
    case Curve::cosine:
      return number_text(to) + " + (" + start + " - " + number_text(to) + ") * " + wave;
    case Curve::exponential:
      // No ratio leads to 0 or away from it: to 0 it drops at its first step, from 0 it jumps at
      // the end.
      if (from == 0.0) return "(0 if step < " + number_text(end) + " else " + number_text(to) + ")";
      return to == 0.0 ? "(" + start + " if step <= " + number_text(begin) + " else 0)"
                       : start + " * (" + number_text(to) + " / " + start + ") ** (" + x + ")";
    case Curve::sqrt: return way + "sqrt(" + x + ")";
    case Curve::square: return way + "(" + x + ") ** 2";
    case Curve::mirror_cosine: break;
  }
  return way + "(2 * " + x + " - 1 + " + wave + ")";
}

}  // namespace anneal::sched
