#include <algorithm>
#include <cmath>

#include "kql/detail/series.h"

namespace redoubt::kql::detail {

namespace {

struct Statistics {
  std::size_t least = 0;  ///< its place
  std::size_t most = 0;
  double sum = 0;
  double average = 0;
  double variance = 0;
};

/// Of the finite numbers; their places are those in the whole series.
Statistics statistics_of(const std::vector<double>& values) {
  Statistics out;
  std::vector<double> finite;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (finite.empty()) out.least = out.most = i;
    if (values[i] < values[out.least]) out.least = i;
    if (values[i] > values[out.most]) out.most = i;
    out.sum += values[i];
    finite.push_back(values[i]);
  }
  out.average = out.sum / static_cast<double>(finite.size());
  out.variance = variance_of(finite);
  return out;
}

/// Nothing: there is no number, or something else and the call does not say that this is to be ignored.
std::optional<std::vector<double>> counted(const Call& call) {
  if (call.size() < 2 || !bool_of(call[1]).value_or(false)) return finite_series(call, 0);
  std::optional<Series> series = read_series(call[0]);
  if (!series) return std::nullopt;
  const bool any = std::any_of(series->values.begin(), series->values.end(),
                               [](double value) { return std::isfinite(value); });
  return any ? std::optional(std::move(series->values)) : std::nullopt;
}

/// min, min_idx, max, max_idx, avg, stdev, variance
Result<Value> stats(const Call& call) {
  const std::optional<std::vector<double>> values = counted(call);
  if (!values) return Value::of_dynamic("[null,null,null,null,null,null,null]");
  const Statistics out = statistics_of(*values);
  ArrayText text;
  text.add((*values)[out.least]);
  text.add(static_cast<std::int64_t>(out.least));
  text.add((*values)[out.most]);
  text.add(static_cast<std::int64_t>(out.most));
  text.add(out.average);
  text.add(std::sqrt(out.variance));
  text.add(out.variance);
  return Value::of_dynamic(std::move(text).take());
}

Result<Value> stats_dynamic(const Call& call) {
  const std::optional<std::vector<double>> values = counted(call);
  if (!values) return Value::null(Type::Dynamic);
  const Statistics out = statistics_of(*values);
  BagText bag;
  bag.add("min", (*values)[out.least]);
  bag.add("min_idx", static_cast<std::int64_t>(out.least));
  bag.add("max", (*values)[out.most]);
  bag.add("max_idx", static_cast<std::int64_t>(out.most));
  bag.add("avg", out.average);
  bag.add("stdev", std::sqrt(out.variance));
  bag.add("variance", out.variance);
  bag.add("sum", out.sum);
  bag.add("len", static_cast<std::int64_t>(values->size()));
  return Value::of_dynamic(std::move(bag).take());
}

Result<Value> product(const Call& call) {
  const std::optional<Series> series = read_series(call[0]);
  if (!series || !series->missing.empty()) return Value::null(Type::Real);
  double out = 1;
  for (const double value : series->values)
    out *= value;
  return Value::of_real(out);
}

/// A series, or a number as often as the other side is long.
std::optional<Series> vector_of(const Value& value, const Value& other) {
  if (std::optional<Series> series = read_series(value)) return series;
  const std::optional<Series> like = read_series(other);
  const std::optional<double> number = real_of(value);
  if (!like || !number) return std::nullopt;
  return Series{.values = std::vector<double>(like->size(), *number), .wholes = {}, .missing = {}};
}

/// What is missing on one side does not count, nor does what is longer.
double dot_product_of(const Series& left, const Series& right) {
  double out = 0;
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
    if (left.has(i) && right.has(i)) out += left.values[i] * right.values[i];
  return out;
}

Result<Value> dot_product(const Call& call) {
  const std::optional<Series> left = vector_of(call[0], call[1]);
  const std::optional<Series> right = vector_of(call[1], call[0]);
  if (!left || !right || left->values.empty() || right->values.empty()) return Value::null(Type::Real);
  return Value::of_real(dot_product_of(*left, *right));
}

Result<Value> magnitude(const Call& call) {
  const std::optional<Series> series = read_series(call[0]);
  if (!series || series->values.empty()) return Value::null(Type::Real);
  return Value::of_real(std::sqrt(dot_product_of(*series, *series)));
}

/// series_cosine_similarity(series1, series2 [, magnitude1, magnitude2])
Result<Value> cosine_similarity(const Call& call) {
  std::optional<Series> left = read_series(call[0]);
  std::optional<Series> right = read_series(call[1]);
  if (!left || !right || left->values.empty() || right->values.empty()) return Value::null(Type::Real);
  const std::size_t size = std::min(left->size(), right->size());
  left->values.resize(size);
  right->values.resize(size);
  const auto length = [&call](const Series& series, std::size_t given) {
    const std::optional<double> known = call.real(given);
    return known ? *known : std::sqrt(dot_product_of(series, series));
  };
  return Value::of_real(dot_product_of(*left, *right) / (length(*left, 2) * length(*right, 3)));
}

Result<Value> pearson_correlation(const Call& call) {
  const std::optional<std::vector<double>> left = finite_series(call, 0);
  const std::optional<std::vector<double>> right = finite_series(call, 1);
  if (!left || !right || left->size() != right->size()) return Value::null(Type::Real);
  const double left_mean = mean_of(*left);
  const double right_mean = mean_of(*right);
  double both = 0;
  double left_squares = 0;
  double right_squares = 0;
  for (std::size_t i = 0; i < left->size(); ++i) {
    const double a = (*left)[i] - left_mean;
    const double b = (*right)[i] - right_mean;
    both += a * b;
    left_squares += a * a;
    right_squares += b * b;
  }
  return Value::of_real(both / std::sqrt(left_squares * right_squares));
}

constexpr EvaluationRow kRows[] = {{"series_cosine_similarity", cosine_similarity, 2, 4},
                                   {"series_dot_product", dot_product, 2, 2},
                                   {"series_magnitude", magnitude},
                                   {"series_pearson_correlation", pearson_correlation, 2, 2},
                                   {"series_product", product},
                                   {"series_stats", stats, 1, 2},
                                   {"series_stats_dynamic", stats_dynamic, 1, 2}};

}  // namespace

EvaluationRows series_statistic_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
