#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// Of two operands, one may be a row, repeated for each row of the other (n, ..., m) with (m) or
/// (1, m), or a single number. Otherwise their shapes are equal; if not, std::invalid_argument.
Var add(Var a, Var b);  ///< a + b
Var sub(Var a, Var b);  ///< a - b
Var mul(Var a, Var b);  ///< a b, element by element
Var div(Var a, Var b);  ///< a / b, element by element

Var neg(Var x);                   ///< -x
Var exp(Var x);                   ///< e^x
Var log(Var x);                   ///< natural logarithm
Var sqrt(Var x);                  ///< the derivative at 0 is infinite
Var pow(Var x, Scalar exponent);  ///< x^exponent; x > 0 unless the exponent is a whole number

/// A number as an operand: `0.5 * x`.
Var number(Tape& tape, double value);

inline Var operator+(Var a, Var b) {
  return add(a, b);
}
inline Var operator-(Var a, Var b) {
  return sub(a, b);
}
inline Var operator*(Var a, Var b) {
  return mul(a, b);
}
inline Var operator/(Var a, Var b) {
  return div(a, b);
}
inline Var operator-(Var x) {
  return neg(x);
}
inline Var operator+(Var a, double b) {
  return a + number(a.tape(), b);
}
inline Var operator+(double a, Var b) {
  return number(b.tape(), a) + b;
}
inline Var operator-(Var a, double b) {
  return a - number(a.tape(), b);
}
inline Var operator-(double a, Var b) {
  return number(b.tape(), a) - b;
}
inline Var operator*(Var a, double b) {
  return a * number(a.tape(), b);
}
inline Var operator*(double a, Var b) {
  return number(b.tape(), a) * b;
}
inline Var operator/(Var a, double b) {
  return a / number(a.tape(), b);
}
inline Var operator/(double a, Var b) {
  return number(b.tape(), a) / b;
}

}  // namespace anneal::nn
