#include <cmath>
#include <compare>

#include "kql/detail/series.h"

namespace redoubt::kql::detail {

namespace {

/// One side of an operation on elements: a series, or a number that stands for as many as are needed.
struct Side {
  Series series;
  bool repeats = false;

  std::size_t place(std::size_t i) const { return repeats ? 0 : i; }
  bool has(std::size_t i) const { return series.has(place(i)); }
  double real(std::size_t i) const { return series.values[place(i)]; }
  std::int64_t whole(std::size_t i) const { return series.wholes[place(i)]; }
};

std::optional<Side> side(const Value& value) {
  if (std::optional<Series> series = read_series(value)) return Side{.series = std::move(*series)};
  const Value number = unwrap(value);
  const std::optional<double> real = contains(kNumbers, number.type()) ? real_of(number) : std::nullopt;
  if (!real) return std::nullopt;
  Side out{.series = {.values = {*real}, .wholes = {}, .missing = {}}, .repeats = true};
  if (number.is(Type::Int) || number.is(Type::Long)) out.series.wholes.push_back(number.as_long());
  return out;
}

/// Both sides of a call on elements, and how many there are. An element that one side does not have gives
/// null.
struct Sides {
  Side left;
  Side right;
  std::size_t count = 0;

  bool whole() const { return left.series.is_whole() && right.series.is_whole(); }
};

std::optional<Sides> sides(const Call& call) {
  std::optional<Side> left = side(call[0]);
  std::optional<Side> right = side(call[1]);
  if (!left || !right || (left->repeats && right->repeats)) return std::nullopt;
  const std::size_t count = std::max(left->repeats ? 0 : left->series.size(),  //
                                     right->repeats ? 0 : right->series.size());
  return Sides{std::move(*left), std::move(*right), count};
}

/// An array of what `element` gives for each place that both sides have.
template <class Element>
Result<Value> for_each(const Call& call, const Sides& both, Element element) {
  ArrayText out;
  for (std::size_t i = 0; i < both.count; ++i)
    both.left.has(i) && both.right.has(i) ? out.add(element(i)) : out.add_null();
  return dynamic_result(call, std::move(out).take());
}

using OfReals = double (*)(double, double);
using OfWholes = std::uint64_t (*)(std::uint64_t, std::uint64_t);

/// Integers stay integers where there is a way for them.
template <OfReals of_reals, OfWholes of_wholes = nullptr>
Result<Value> calculated(const Call& call) {
  const std::optional<Sides> both = sides(call);
  if (!both) return Value::null(Type::Dynamic);
  if constexpr (of_wholes != nullptr) {
    if (both->whole())
      return for_each(call, *both, [&both](std::size_t i) {
        return static_cast<std::int64_t>(of_wholes(static_cast<std::uint64_t>(both->left.whole(i)),
                                                   static_cast<std::uint64_t>(both->right.whole(i))));
      });
  }
  return for_each(call, *both,
                  [&both](std::size_t i) { return of_reals(both->left.real(i), both->right.real(i)); });
}

template <bool (*test)(std::partial_ordering)>
Result<Value> compared(const Call& call) {
  const std::optional<Sides> both = sides(call);
  if (!both) return Value::null(Type::Dynamic);
  if (both->whole())
    return for_each(call, *both,
                    [&both](std::size_t i) { return test(both->left.whole(i) <=> both->right.whole(i)); });
  return for_each(call, *both,
                  [&both](std::size_t i) { return test(both->left.real(i) <=> both->right.real(i)); });
}

using OfReal = double (*)(double);
using OfWhole = std::int64_t (*)(std::int64_t);

template <OfReal of_real, OfWhole of_whole = nullptr>
Result<Value> mapped(const Call& call) {
  const std::optional<Series> series = read_series(call[0]);
  if (!series) return Value::null(Type::Dynamic);
  ArrayText out;
  for (std::size_t i = 0; i < series->size(); ++i) {
    if (!series->has(i)) {
      out.add_null();
      continue;
    }
    if constexpr (of_whole != nullptr) {
      if (series->is_whole()) {
        out.add(of_whole(series->wholes[i]));
        continue;
      }
    }
    out.add(of_real(series->values[i]));
  }
  return dynamic_result(call, std::move(out).take());
}

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
std::int64_t sign_of_whole(std::int64_t x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
std::int64_t size_of_whole(std::int64_t x) { return x < 0 && x != INT64_MIN ? -x : x; }
std::int64_t same_whole(std::int64_t x) { return x; }

constexpr EvaluationRow kRows[] = {
    {"series_abs", mapped<std::fabs, size_of_whole>},
    {"series_acos", mapped<std::acos>},
    {"series_add",
     calculated<[](double a, double b) { return a + b; },
                [](std::uint64_t a, std::uint64_t b) { return a + b; }>,
     2, 2},
    {"series_asin", mapped<std::asin>},
    {"series_atan", mapped<std::atan>},
    {"series_ceiling", mapped<std::ceil, same_whole>},
    {"series_cos", mapped<std::cos>},
    {"series_divide", calculated<[](double a, double b) { return a / b; }>, 2, 2},
    {"series_equals", compared<std::is_eq>, 2, 2},
    {"series_exp", mapped<std::exp>},
    {"series_floor", mapped<std::floor, same_whole>},
    {"series_greater", compared<std::is_gt>, 2, 2},
    {"series_greater_equals", compared<std::is_gteq>, 2, 2},
    {"series_less", compared<std::is_lt>, 2, 2},
    {"series_less_equals", compared<std::is_lteq>, 2, 2},
    {"series_log", mapped<std::log>},
    {"series_multiply",
     calculated<[](double a, double b) { return a * b; },
                [](std::uint64_t a, std::uint64_t b) { return a * b; }>,
     2, 2},
    {"series_not_equals", compared<std::is_neq>, 2, 2},
    {"series_pow", calculated<std::pow>, 2, 2},
    {"series_sign", mapped<sign, sign_of_whole>},
    {"series_sin", mapped<std::sin>},
    {"series_subtract",
     calculated<[](double a, double b) { return a - b; },
                [](std::uint64_t a, std::uint64_t b) { return a - b; }>,
     2, 2},
    {"series_tan", mapped<std::tan>}};

}  // namespace

EvaluationRows series_element_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
