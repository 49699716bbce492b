#include <cmath>
#include <optional>

#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

// Rows with a null do not count. Of one row, and of none, all are 0.
// Source: Kusto Query Language reference, the page of each function; answers of Microsoft's engine, which
// rounds variances and covariances to ten digits behind the point.

namespace {

using kql::Type;
using kql::Value;

using Values = std::vector<Value>;

/// The real behind a value; of datetime and timespan the ticks.
std::optional<double> real_of(const Value& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is(Type::Real)) return value.as_real();
  if (value.is(Type::Timespan) || value.is(Type::DateTime)) return static_cast<double>(value.ticks());
  const Value real = kql::convert(value, Type::Real);
  return real.is_null() ? std::nullopt : std::optional(real.as_real());
}

double rounded(double value) {
  constexpr double kDigits = 1e10;
  constexpr double kExact = 0x1p53;  // larger ones have no such digits
  return std::abs(value) * kDigits < kExact ? std::round(value * kDigits) / kDigits : value;
}

/// How far two numbers stray together from their means, added up row by row. Source: Welford's method, for
/// two variables as in Chan, Golub, LeVeque, "Algorithms for computing the sample variance".
struct Spread {
  double count = 0;
  double mean_x = 0;
  double mean_y = 0;
  double together = 0;

  void add(double x, double y) {
    ++count;
    const double from_x = x - mean_x;
    mean_x += from_x / count;
    mean_y += (y - mean_y) / count;
    together += from_x * (y - mean_y);
  }
  double covariance(bool of_population) const {
    const double by = of_population ? count : count - 1;
    return by > 0 ? together / by : 0;
  }
};

enum class Give : std::uint8_t { Variance, Deviation };

/// The variance of the argument, or the covariance of the two.
template <bool of_population, Give give>
class Statistic : public Aggregate {
 public:
  Result<void> add(Arguments arguments) override {
    const std::optional<double> x = real_of(arguments[0]);
    const std::optional<double> y = arguments.size() > 1 ? real_of(arguments[1]) : x;
    if (x && y) spread_.add(*x, *y);
    return {};
  }
  Result<Values> results() override {
    const double variance = spread_.covariance(of_population);
    return Values{Value::of_real(give == Give::Deviation ? std::sqrt(variance) : rounded(variance))};
  }

 private:
  Spread spread_;
};

constexpr AggregateFactory kOfSample = make_aggregate<Statistic<false, Give::Variance>>;
constexpr AggregateFactory kOfPopulation = make_aggregate<Statistic<true, Give::Variance>>;
constexpr AggregateFactory kDeviationOfSample = make_aggregate<Statistic<false, Give::Deviation>>;
constexpr AggregateFactory kDeviationOfPopulation = make_aggregate<Statistic<true, Give::Deviation>>;

constexpr AggregateRow kRows[] = {
    {"covariance", kOfSample},           {"covarianceif", kOfSample, 2},   {"covariancep", kOfPopulation},
    {"covariancepif", kOfPopulation, 2}, {"stdev", kDeviationOfSample},    {"stdevif", kDeviationOfSample, 1},
    {"stdevp", kDeviationOfPopulation},  {"variance", kOfSample},          {"varianceif", kOfSample, 1},
    {"variancep", kOfPopulation},        {"variancepif", kOfPopulation, 1}};

}  // namespace

AggregateRows statistic_aggregates() { return kRows; }

}  // namespace redoubt::query::detail
