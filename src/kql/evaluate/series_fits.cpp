#include <algorithm>
#include <cmath>

#include "kql/detail/series.h"

namespace redoubt::kql::detail {

namespace {

using Numbers = std::vector<double>;

/// `[null,null,...]` for each of the columns that the function gives.
Value no_columns(const Call& call) {
  ArrayText out;
  for (std::size_t i = 0; i < call.function.signatures.front().columns.size(); ++i)
    out.add_null();
  return Value::of_dynamic(std::move(out).take());
}

std::string points_of(const LineFit& line, std::size_t count) {
  ArrayText out;
  for (std::size_t i = 0; i < count; ++i)
    out.add(line.at(i));
  return std::move(out).take();
}

/// rsquare, slope, variance, rvariance, interception, line_fit
Result<Value> line(const Call& call) {
  const std::optional<Numbers> values = finite_series(call, 0);
  if (!values) return no_columns(call);
  const LineFit fit = fit_line(*values);
  ArrayText out;
  for (const double one : {fit.rsquare, fit.slope, fit.variance, fit.rvariance, fit.interception})
    out.add(one);
  out.add_json(points_of(fit, values->size()));
  return dynamic_result(call, std::move(out).take());
}

void add_line(BagText& bag, const LineFit& fit) {
  bag.add("rsquare", fit.rsquare);
  bag.add("slope", fit.slope);
  bag.add("variance", fit.variance);
  bag.add("rvariance", fit.rvariance);
  bag.add("interception", fit.interception);
}

Result<Value> line_dynamic(const Call& call) {
  const std::optional<Numbers> values = finite_series(call, 0);
  if (!values) return Value::null(Type::Dynamic);
  const LineFit fit = fit_line(*values);
  BagText out;
  add_line(out, fit);
  out.add_json("line_fit", points_of(fit, values->size()));
  return dynamic_result(call, std::move(out).take());
}

/// What a line leaves of the first so many values, for each number of them: the sum of squares. Exact enough
/// when the values lie around 0.
Numbers left_by_lines(std::span<const double> values) {
  Numbers out;
  long double sum = 0;
  long double squares = 0;
  long double places = 0;  // of place * value
  for (std::size_t i = 0; i < values.size(); ++i) {
    const long double value = values[i];
    const auto n = static_cast<long double>(i + 1);
    sum += value;
    squares += value * value;
    places += static_cast<long double>(i) * value;
    const long double both = places - (n - 1) / 2 * sum;
    const long double spread = n * (n * n - 1) / 12;
    const long double fitted = spread > 0 ? both * both / spread : 0;
    out.push_back(static_cast<double>(std::max(squares - sum * sum / n - fitted, 0.0L)));
  }
  return out;
}

/// The place at which two lines, one in front of it and one from it on, leave least.
std::size_t best_split(std::span<const double> values) {
  Numbers around_zero(values.begin(), values.end());
  const double mean = mean_of(values);
  for (double& one : around_zero)
    one -= mean;
  const Numbers in_front = left_by_lines(around_zero);
  std::reverse(around_zero.begin(), around_zero.end());
  const Numbers behind = left_by_lines(around_zero);
  const std::size_t count = values.size();
  const std::size_t least = count >= 4 ? 2 : 1;  // two points on either side, where there are enough
  std::size_t best = least;
  for (std::size_t at = least; at + least <= count; ++at)
    if (in_front[at - 1] + behind[count - at - 1] < in_front[best - 1] + behind[count - best - 1]) best = at;
  return best;
}

struct TwoLines {
  std::size_t split = 0;
  LineFit left;
  LineFit right;
  double rsquare = 0;
  double variance = 0;
  double rvariance = 0;
  Numbers points;
};

/// Nothing: there are not two values.
std::optional<TwoLines> two_lines_of(const Call& call) {
  const std::optional<Numbers> values = finite_series(call, 0);
  if (!values || values->size() < 2) return std::nullopt;
  TwoLines out;
  out.split = best_split(*values);
  const std::span<const double> all(*values);
  out.left = fit_line(all.first(out.split));
  out.right = fit_line(all.subspan(out.split));
  double left = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.points.push_back(i < out.split ? out.left.at(i) : out.right.at(i - out.split));
    left += (all[i] - out.points[i]) * (all[i] - out.points[i]);
  }
  out.variance = variance_of(all);
  out.rvariance = left / static_cast<double>(all.size() - 1);
  out.rsquare = 1 - out.rvariance / out.variance;
  return out;
}

/// rsquare, split_idx, variance, rvariance, line_fit, and of the right line and the left one rsquare, slope,
/// interception, variance, rvariance
Result<Value> two_lines(const Call& call) {
  const std::optional<TwoLines> fit = two_lines_of(call);
  if (!fit) return no_columns(call);
  ArrayText out;
  out.add(fit->rsquare);
  out.add(static_cast<std::int64_t>(fit->split));
  out.add(fit->variance);
  out.add(fit->rvariance);
  out.add_json(array_text(fit->points));
  for (const LineFit* side : {&fit->right, &fit->left})
    for (const double one : {side->rsquare, side->slope, side->interception, side->variance, side->rvariance})
      out.add(one);
  return dynamic_result(call, std::move(out).take());
}

Result<Value> two_lines_dynamic(const Call& call) {
  const std::optional<TwoLines> fit = two_lines_of(call);
  if (!fit) return Value::null(Type::Dynamic);
  BagText right;
  BagText left;
  add_line(right, fit->right);
  add_line(left, fit->left);
  BagText out;
  out.add("rsquare", fit->rsquare);
  out.add("split_idx", static_cast<std::int64_t>(fit->split));
  out.add("variance", fit->variance);
  out.add("rvariance", fit->rvariance);
  out.add_json("line_fit", array_text(fit->points));
  out.add_json("right", std::move(right).take());
  out.add_json("left", std::move(left).take());
  return dynamic_result(call, std::move(out).take());
}

using Exact = std::vector<long double>;

/// The polynomial of a degree that fits best, over x moved and scaled to [-1, 1], highest power first; solved
/// by Householder reflections of the matrix of powers.
class PolynomialFit {
 public:
  PolynomialFit(const Numbers& x, const Numbers& y, std::size_t degree)
      : rows_(x.size()), columns_(degree + 1), right_(y.begin(), y.end()) {
    const auto [least, most] = std::minmax_element(x.begin(), x.end());
    middle_ = (static_cast<long double>(*least) + *most) / 2;
    half_ = (static_cast<long double>(*most) - *least) / 2;
    if (half_ == 0) half_ = 1;
    for (const double one : x) {
      const long double scaled = (one - middle_) / half_;
      long double power = 1;
      for (std::size_t column = 0; column < columns_; ++column, power *= scaled)
        matrix_.push_back(power);
    }
    for (std::size_t column = 0; column < columns_; ++column)
      reflect(column);
    solve();
  }

  double at(double x) const {
    const long double scaled = (x - middle_) / half_;
    long double out = 0;
    for (std::size_t i = columns_; i-- > 0;)
      out = out * scaled + solution_[i];
    return static_cast<double>(out);
  }

  /// Of powers of x itself, the highest first.
  Numbers coefficients() const {
    Exact powers(columns_);  // by Horner's rule: times (x - middle) / half, plus the next
    for (std::size_t i = columns_; i-- > 0;) {
      for (std::size_t power = columns_; power-- > 0;) {
        const long double below = power > 0 ? powers[power - 1] : 0;
        powers[power] = (below - middle_ * powers[power]) / half_;
      }
      powers[0] += solution_[i];
    }
    return {powers.rbegin(), powers.rend()};
  }

 private:
  long double& cell(std::size_t row, std::size_t column) { return matrix_[row * columns_ + column]; }

  /// Makes everything below the diagonal of a column 0.
  void reflect(std::size_t column) {
    long double squares = 0;
    for (std::size_t row = column; row < rows_; ++row)
      squares += cell(row, column) * cell(row, column);
    if (squares == 0) return;
    const long double diagonal = cell(column, column) > 0 ? -std::sqrt(squares) : std::sqrt(squares);
    const long double scale = squares - diagonal * cell(column, column);
    cell(column, column) -= diagonal;
    for (std::size_t other = column + 1; other < columns_; ++other) {
      long double sum = 0;
      for (std::size_t row = column; row < rows_; ++row)
        sum += cell(row, column) * cell(row, other);
      for (std::size_t row = column; row < rows_; ++row)
        cell(row, other) -= sum / scale * cell(row, column);
    }
    long double sum = 0;
    for (std::size_t row = column; row < rows_; ++row)
      sum += cell(row, column) * right_[row];
    for (std::size_t row = column; row < rows_; ++row)
      right_[row] -= sum / scale * cell(row, column);
    cell(column, column) = diagonal;
  }

  /// A power that the values of x do not tell from lower ones gets 0.
  void solve() {
    solution_.assign(columns_, 0);
    for (std::size_t row = std::min(columns_, rows_); row-- > 0;) {
      long double sum = right_[row];
      for (std::size_t column = row + 1; column < columns_; ++column)
        sum -= cell(row, column) * solution_[column];
      if (std::fabs(cell(row, row)) > 1e-15L * std::fabs(cell(0, 0))) solution_[row] = sum / cell(row, row);
    }
  }

  std::size_t rows_;
  std::size_t columns_;
  Exact matrix_;
  Exact right_;
  long double middle_ = 0;
  long double half_ = 1;
  Exact solution_;
};

/// series_fit_poly(y [, x [, degree]]): rsquare, coefficients, variance, rvariance, poly_fit
Result<Value> polynomial(const Call& call) {
  static constexpr std::int64_t kMaxDegree = 100;
  const std::optional<Numbers> y = finite_series(call, 0);
  if (!y) return no_columns(call);
  Numbers places;
  for (std::size_t i = 0; i < y->size(); ++i)
    places.push_back(static_cast<double>(i + 1));
  const std::optional<Numbers> x = call.given(1) == nullptr ? std::move(places) : finite_series(call, 1);
  const std::int64_t degree = call.size() > 2 ? call.whole(2).value_or(1) : 1;
  if (!x || x->size() != y->size() || degree < 1 || degree > kMaxDegree) return no_columns(call);
  // The matrix takes as many numbers as there are values, times the powers.
  if (y->size() > 8 * call.context.limits.max_elements / static_cast<std::size_t>(degree + 1))
    return too_large(call);
  const PolynomialFit fit(*x, *y, static_cast<std::size_t>(degree));
  Numbers points;
  double left = 0;
  for (std::size_t i = 0; i < y->size(); ++i) {
    points.push_back(fit.at((*x)[i]));
    left += ((*y)[i] - points[i]) * ((*y)[i] - points[i]);
  }
  const double variance = variance_of(*y);
  const double rvariance = y->size() < 2 ? 0 : left / static_cast<double>(y->size() - 1);
  ArrayText out;
  out.add(1 - rvariance / variance);
  out.add_json(array_text(fit.coefficients()));
  out.add(variance);
  out.add(rvariance);
  out.add_json(array_text(points));
  return dynamic_result(call, std::move(out).take());
}

constexpr EvaluationRow kRows[] = {{"series_fit_2lines", two_lines},
                                   {"series_fit_2lines_dynamic", two_lines_dynamic},
                                   {"series_fit_line", line},
                                   {"series_fit_line_dynamic", line_dynamic},
                                   {"series_fit_poly", polynomial, 1, 3}};

}  // namespace

EvaluationRows series_fit_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
