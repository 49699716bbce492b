#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "kql/detail/periods.h"
#include "kql/detail/series.h"

namespace redoubt::kql::detail {

namespace {

using Numbers = std::vector<double>;

bool too_long(const Call& call, const Numbers& values) {
  return values.size() > call.context.limits.max_elements;
}

/// series_periods_detect(series, least, most, count): periods and their scores; 0 where there are fewer.
Result<Value> detect_periods(const Call& call) {
  const std::optional<Numbers> values = finite_series(call, 0);
  const std::int64_t count = call.whole(3).value_or(0);
  if (!values || count < 1) return Value::of_dynamic("[null,null]");
  if (too_long(call, *values) || static_cast<std::size_t>(count) > call.context.limits.max_elements)
    return too_large(call);
  const std::vector<Period> found =
      Likeness(*values).periods(call.real(1).value_or(0), call.real(2).value_or(0));
  ArrayText periods;
  ArrayText scores;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    periods.add(i < found.size() ? static_cast<double>(found[i].length) : 0);
    scores.add(i < found.size() ? found[i].score : 0);
  }
  return dynamic_result(call, "[" + std::move(periods).take() + "," + std::move(scores).take() + "]");
}

/// series_periods_validate(series, period, ...)
Result<Value> validate_periods(const Call& call) {
  const std::optional<Numbers> values = finite_series(call, 0);
  if (!values) return Value::of_dynamic("[null,null]");
  if (too_long(call, *values)) return too_large(call);
  const Likeness likeness(*values);
  ArrayText periods;
  ArrayText scores;
  for (std::size_t i = 1; i < call.size(); ++i) {
    const double period = call.real(i).value_or(0);
    periods.add(period);
    scores.add(likeness.score(period));
  }
  return dynamic_result(call, "[" + std::move(periods).take() + "," + std::move(scores).take() + "]");
}

/// How many values at the end are not learned from; nothing: more than there are.
std::optional<std::size_t> test_points(const Call& call, std::size_t argument, std::size_t size) {
  const std::int64_t points = call.size() > argument ? call.whole(argument).value_or(0) : 0;
  if (points < 0 || static_cast<std::size_t>(points) >= size) return std::nullopt;
  return static_cast<std::size_t>(points);
}

/// The length of a season: given, found when it is negative, nothing when it is 0 or none is found.
std::optional<std::size_t> season_of(std::int64_t asked, double threshold, std::span<const double> values) {
  if (asked > 0) return static_cast<std::size_t>(asked);
  return asked < 0 ? find_period(values, threshold) : std::nullopt;
}

/// series_seasonal(series [, period [, test_points]])
Result<Value> seasonal(const Call& call) {
  static constexpr double kThreshold = 0.7;
  const std::optional<Numbers> values = finite_series(call, 0);
  if (!values) return Value::null(Type::Dynamic);
  if (too_long(call, *values)) return too_large(call);
  const std::optional<std::size_t> test = test_points(call, 2, values->size());
  if (!test) return Value::null(Type::Dynamic);
  const auto learned = std::span(*values).first(values->size() - *test);
  const std::optional<std::size_t> season =
      season_of(call.size() > 1 ? call.whole(1).value_or(-1) : -1, kThreshold, learned);
  const Numbers out = season ? seasonal_component(learned, *season, values->size()) : Numbers(values->size());
  return dynamic_result(call, array_text(out));
}

/// The parts of a series. Source: "series_decompose()", "Returns".
struct Decomposition {
  Numbers values;
  std::size_t test = 0;  ///< values at the end that were not learned from
  Numbers seasonal;
  Numbers trend;
  Numbers baseline;
  Numbers residual;
};

/// Where the arguments of a decomposition stand in a call.
struct DecompositionArguments {
  std::size_t season;
  std::size_t trend;
  std::size_t test;
  std::size_t threshold;
  std::string_view default_trend = "avg";
};

/// What is left without the seasons, levelled; nothing: no such trend.
std::optional<Numbers> trend_of(std::string_view kind, std::span<const double> learned, std::size_t count) {
  if (equal_any_case(kind, "none")) return Numbers(count);
  if (equal_any_case(kind, "avg")) return Numbers(count, mean_of(learned));
  if (!equal_any_case(kind, "linefit")) return std::nullopt;
  const LineFit line = fit_line(learned);
  Numbers out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(line.at(i));
  return out;
}

/// Null where the series is none of finite numbers.
Result<std::optional<Decomposition>> decompose(const Call& call, const DecompositionArguments& arguments) {
  static constexpr double kThreshold = 0.6;
  std::optional<Numbers> values = finite_series(call, 0);
  if (!values) return std::optional<Decomposition>();
  if (too_long(call, *values)) return too_large(call);
  const std::size_t count = values->size();
  const std::optional<std::size_t> test = test_points(call, arguments.test, count);
  if (!test) return refused(call, "as many points to test as there are");
  Decomposition out{.values = std::move(*values), .test = *test};
  const auto learned = std::span(out.values).first(count - *test);
  const auto asked = call.given(arguments.season) == nullptr ? -1 : call.whole(arguments.season).value_or(-1);
  const double threshold = call.real(arguments.threshold).value_or(kThreshold);
  const std::optional<std::size_t> season = season_of(asked, threshold, learned);
  out.seasonal = season ? seasonal_component(learned, *season, count) : Numbers(count);
  Numbers level(learned.begin(), learned.end());
  for (std::size_t i = 0; i < level.size(); ++i)
    level[i] -= out.seasonal[i];
  const std::string kind = call.given(arguments.trend) == nullptr ? std::string(arguments.default_trend)
                                                                  : call.text(arguments.trend);
  std::optional<Numbers> trend = trend_of(kind, level, count);
  if (!trend) return refused(call, kind);
  out.trend = std::move(*trend);
  for (std::size_t i = 0; i < count; ++i) {
    out.baseline.push_back(out.seasonal[i] + out.trend[i]);
    out.residual.push_back(out.values[i] - out.baseline[i]);
  }
  return std::optional(std::move(out));
}

std::string arrays_text(std::initializer_list<const Numbers*> arrays) {
  ArrayText out;
  for (const Numbers* array : arrays)
    out.add_json(array_text(*array));
  return std::move(out).take();
}

/// series_decompose(series [, season [, trend [, test_points [, threshold]]]])
Result<Value> decompose_series(const Call& call) {
  const std::optional<Decomposition> parts =
      RD_TRY(decompose(call, {.season = 1, .trend = 2, .test = 3, .threshold = 4}));
  if (!parts) return Value::of_dynamic("[null,null,null,null]");
  return dynamic_result(call,
                        arrays_text({&parts->baseline, &parts->seasonal, &parts->trend, &parts->residual}));
}

/// series_decompose_forecast(series, points [, season [, trend [, threshold]]]). The page says that the trend
/// is avg when it is left out; the engine takes linefit.
Result<Value> forecast(const Call& call) {
  const std::optional<Decomposition> parts = RD_TRY(
      decompose(call, {.season = 2, .trend = 3, .test = 1, .threshold = 4, .default_trend = "linefit"}));
  return parts ? dynamic_result(call, array_text(parts->baseline)) : Value::null(Type::Dynamic);
}

/// The share of normally distributed values that is not above z.
double normal_share(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double share) {
  double low = -10;
  double high = 10;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (normal_share(middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// How far values lie outside the range between two percentiles, in ranges, scaled so that 1.5 means about
/// what it means to Tukey's test, whose range is that of the middle half.
struct Fences {
  double low = 0;
  double high = 0;
  double low_scale = 0;
  double high_scale = 0;

  double score(double value) const {
    if (value > high) return (value - high) / (high - low) * high_scale;
    return value < low ? (value - low) / (high - low) * low_scale : 0;
  }
};

/// For normally distributed values the score of 1.5 shall be at the same distance whatever the percentiles.
/// The engine works that out from quantiles that are not exact: its scores for 10 and 90 are those which this
/// distance gives (exact quantiles would have it at 2.698).
/// Source: the engine's answers; microsoft/Kusto-Query-Language, issue 136, for how the scale comes about.
constexpr double kMildDistance = 2.6682091878895196;
constexpr double kMildScore = 1.5;

Fences fences_of(Numbers values, double low, double high, bool scaled) {
  Fences out{.low = percentile_of(values, low), .high = percentile_of(values, high)};
  out.low_scale = out.high_scale = 1;
  if (!scaled) return out;
  const double low_quantile = normal_quantile(low / 100);
  const double high_quantile = normal_quantile(high / 100);
  const double range = high_quantile - low_quantile;
  out.low_scale = kMildScore * range / (kMildDistance + low_quantile);
  out.high_scale = kMildScore * range / (kMildDistance - high_quantile);
  return out;
}

/// Which percentiles a test takes.
struct Test {
  double low = 10;
  double high = 90;
  bool scaled = true;
};

Result<Test> test_named(const Call& call, std::string_view name) {
  if (equal_any_case(name, "ctukey")) return Test{};
  if (equal_any_case(name, "tukey")) return Test{.low = 25, .high = 75, .scaled = false};
  return refused(call, name);
}

/// series_outliers(series [, kind [, ignored [, low [, high [, test_points]]]]])
Result<Value> outliers(const Call& call) {
  const std::optional<Series> series = read_series(call[0]);
  if (!series) return Value::null(Type::Dynamic);
  Test test = RD_TRY(test_named(call, call.size() > 1 ? call.text(1) : "ctukey"));
  if (test.scaled) {
    test.low = call.real(3).value_or(test.low);
    test.high = call.real(4).value_or(test.high);
    if (!(test.low >= 2 && test.high <= 98 && test.low < test.high))
      return refused(call, "percentiles that are not between 2 and 98, the lesser one first");
  }
  const std::optional<double> ignored = call.real(2);
  const auto counts = [&](std::size_t i) {
    return std::isfinite(series->values[i]) && !(ignored && series->values[i] == *ignored);
  };
  const std::size_t learned = series->size() - test_points(call, 5, series->size()).value_or(0);
  Numbers normal;
  for (std::size_t i = 0; i < learned; ++i)
    if (counts(i)) normal.push_back(series->values[i]);
  const Fences fences = fences_of(std::move(normal), test.low, test.high, test.scaled);
  Numbers out;
  for (std::size_t i = 0; i < series->size(); ++i)
    out.push_back(counts(i) ? fences.score(series->values[i]) : 0);
  return dynamic_result(call, array_text(out));
}

/// series_decompose_anomalies(series [, threshold [, season [, trend [, test_points [, kind [, threshold of
/// the season]]]]]])
Result<Value> anomalies(const Call& call) {
  const std::optional<Decomposition> parts =
      RD_TRY(decompose(call, {.season = 2, .trend = 3, .test = 4, .threshold = 6}));
  if (!parts) return Value::of_dynamic("[null,null,null]");
  const Test test = RD_TRY(test_named(call, call.given(5) == nullptr ? "ctukey" : call.text(5)));
  const double threshold = call.real(1).value_or(kMildScore);
  const Fences fences =
      fences_of({parts->residual.begin(), parts->residual.end() - static_cast<std::ptrdiff_t>(parts->test)},
                test.low, test.high, test.scaled);
  ArrayText flags;
  ArrayText scores;
  for (const double residual : parts->residual) {
    const double score = fences.score(residual);
    scores.add(score);
    flags.add(std::int64_t{score > threshold ? 1 : score < -threshold ? -1 : 0});
  }
  ArrayText out;
  out.add_json(std::move(flags).take());
  out.add_json(std::move(scores).take());
  out.add_json(array_text(parts->baseline));
  return dynamic_result(call, std::move(out).take());
}

constexpr EvaluationRow kRows[] = {{"series_decompose", decompose_series, 1, 5},
                                   {"series_decompose_anomalies", anomalies, 1, 7},
                                   {"series_decompose_forecast", forecast, 2, 5},
                                   {"series_outliers", outliers, 1, 6},
                                   {"series_periods_detect", detect_periods, 4, 4},
                                   {"series_periods_validate", validate_periods, 2, 17},
                                   {"series_seasonal", seasonal, 1, 3}};

}  // namespace

EvaluationRows series_season_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
