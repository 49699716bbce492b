#include <cmath>

#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

/// The continued fraction of the incomplete beta function, by Lentz's method.
/// Source: Abramowitz and Stegun 26.5.8.
double beta_fraction(double x, double a, double b) {
  static constexpr int kMostSteps = 10'000;
  static constexpr double kLeast = 1e-300;
  const auto away_from_zero = [](double value) { return std::fabs(value) < kLeast ? kLeast : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double out = d;
  for (int i = 1; i < kMostSteps; ++i) {
    const double m = i;
    double step = 1;
    for (const double term : {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                              -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))}) {
      d = 1 / away_from_zero(1 + term * d);
      c = away_from_zero(1 + term / c);
      step = c * d;
      out *= step;
    }
    if (std::fabs(step - 1) < 1e-16) break;
  }
  return out;
}

/// The share of a beta distribution that is not above x. As the engine has it, nobody looks whether the
/// parameters are positive.
double beta_share(double x, double a, double b) {
  if (!(x >= 0 && x <= 1)) return kNone;
  const double front = x == 0 || x == 1 ? 0 : std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta(a, b));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double beta_density(double x, double a, double b) {
  if (!(x > 0 && x < 1 && a > 0 && b > 0)) return kNone;
  return std::exp((a - 1) * std::log(x) + (b - 1) * std::log1p(-x) - log_beta(a, b));
}

/// The x at which a share is reached; between two neighbouring numbers after so many halves.
double beta_quantile(double share, double a, double b) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 1'100 && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (beta_share(middle, a, b) < share ? low : high) = middle;
  }
  return high;
}

using OfThree = double (*)(double, double, double);

template <OfThree function>
Result<Value> of_three(const Call& call) {
  const std::optional<double> x = call.real(0);
  const std::optional<double> a = call.real(1);
  const std::optional<double> b = call.real(2);
  return x && a && b ? Value::of_real(function(*x, *a, *b)) : Value::null(Type::Real);
}

/// Null for what is no share, NaN for parameters that are not positive.
Result<Value> beta_inverse(const Call& call) {
  const std::optional<double> share = call.real(0);
  if (!share || !(*share >= 0 && *share <= 1)) return Value::null(Type::Real);
  const std::optional<double> a = call.real(1);
  const std::optional<double> b = call.real(2);
  if (!a || !b) return Value::null(Type::Real);
  if (!(*a > 0 && *b > 0)) return Value::of_real(kNone);
  if (*share == 0 || *share == 1) return Value::of_real(*share);
  return Value::of_real(beta_quantile(*share, *a, *b));
}

/// welch_test(mean, variance, count, mean, variance, count): how likely means at least as far apart are when
/// both samples have the same.
Result<Value> welch_test(const Call& call) {
  double of[6] = {};
  for (std::size_t i = 0; i < std::size(of); ++i) {
    const std::optional<double> one = call.real(i);
    if (!one) return Value::null(Type::Real);
    of[i] = *one;
  }
  const double left = of[1] / of[2];
  const double right = of[4] / of[5];
  const double t = (of[0] - of[3]) / std::sqrt(left + right);
  const double freedom =
      (left + right) * (left + right) / (left * left / (of[2] - 1) + right * right / (of[5] - 1));
  return Value::of_real(beta_share(freedom / (freedom + t * t), freedom / 2, 0.5));
}

constexpr EvaluationRow kRows[] = {{"beta_cdf", of_three<beta_share>, 3, 3},
                                   {"beta_inv", beta_inverse, 3, 3},
                                   {"beta_pdf", of_three<beta_density>, 3, 3},
                                   {"welch_test", welch_test, 6, 6}};

}  // namespace

EvaluationRows distribution_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
