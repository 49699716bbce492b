#include <cmath>
#include <optional>

#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

// Nulls do not count. Of nothing a sum is 0, the average of numbers NaN, all else null.
// Source: Kusto Query Language reference, "summarize operator" (default values of aggregations) and the page
// of each function.

namespace {

using kql::Type;
using kql::Value;

using Values = std::vector<Value>;
__extension__ using Wide = __int128;

class Count : public Aggregate {
 public:
  Result<void> add(Arguments) override {
    ++count_;
    return {};
  }
  Result<Values> results() override { return Values{Value::of_long(count_)}; }

 private:
  std::int64_t count_ = 0;
};

/// The number behind a value that is not null; of datetime and timespan the ticks.
std::optional<std::int64_t> whole_of(const Value& value) {
  if (value.is(Type::Long) || value.is(Type::Int)) return value.as_long();
  if (value.is(Type::Timespan) || value.is(Type::DateTime)) return value.ticks();
  const Value whole = kql::convert(value, Type::Long);
  return whole.is_null() ? std::nullopt : std::optional(whole.as_long());
}

std::optional<double> real_of(const Value& value) {
  if (value.is(Type::Real)) return value.as_real();
  const Value real = kql::convert(value, Type::Real);
  return real.is_null() ? std::nullopt : std::optional(real.as_real());
}

Value of_whole(std::int64_t whole, Type type) {
  if (type == Type::Timespan) return Value::of_timespan(whole);
  if (type == Type::DateTime) return Value::of_datetime(whole);
  return Value::of_long(whole);
}

/// Adds up whole numbers, or ticks.
struct WholeTotal {
  Wide sum = 0;
  std::int64_t count = 0;

  void add(const Value& value) {
    if (const std::optional<std::int64_t> whole = whole_of(value)) {
      sum += *whole;
      ++count;
    }
  }
  /// Wraps at 64 bits, as the addition of longs does.
  Value total(Type type) const { return of_whole(static_cast<std::int64_t>(sum), type); }
  Value mean(Type type) const {
    if (type == Type::Real) return Value::of_real(static_cast<double>(sum) / static_cast<double>(count));
    return count == 0 ? Value::null(type) : of_whole(static_cast<std::int64_t>(sum / count), type);
  }
};

struct RealTotal {
  double sum = 0;
  std::int64_t count = 0;

  void add(const Value& value) {
    if (const std::optional<double> real = real_of(value)) {
      sum += *real;
      ++count;
    }
  }
  Value total(Type) const { return Value::of_real(sum); }
  Value mean(Type) const { return Value::of_real(sum / static_cast<double>(count)); }
};

/// Null when it grows past what a decimal holds.
struct DecimalTotal {
  std::optional<kql::Decimal> sum = kql::Decimal(0);
  std::int64_t count = 0;

  void add(const Value& value) {
    const Value decimal = kql::convert(value, Type::Decimal);
    if (decimal.is_null() || !sum) return;
    sum = kql::Decimal::add(*sum, decimal.as_decimal());
    ++count;
  }
  Value total(Type type) const { return sum ? Value::of_decimal(*sum) : Value::null(type); }
  Value mean(Type type) const {
    const std::optional<kql::Decimal> out =
        sum ? kql::Decimal::divide(*sum, kql::Decimal(count)) : std::nullopt;
    return out ? Value::of_decimal(*out) : Value::null(type);
  }
};

template <class Total, bool mean>
class Sum : public Aggregate {
 public:
  explicit Sum(const AggregateCall& call) : type_(call.expression->type) {}

  Result<void> add(Arguments arguments) override {
    if (!arguments[0].is_null()) total_.add(arguments[0]);
    return {};
  }
  Result<Values> results() override { return Values{mean ? total_.mean(type_) : total_.total(type_)}; }

 private:
  Total total_;
  Type type_;
};

/// How numbers of the argument's type are added up.
template <bool mean>
std::unique_ptr<Aggregate> make_sum(const AggregateCall& call) {
  constexpr kql::TypeSet kWhole = kql::kIntegers | kql::set_of(Type::Timespan, Type::DateTime);
  if (kql::contains(kWhole, call.type(0))) return std::make_unique<Sum<WholeTotal, mean>>(call);
  if (call.type(0) == Type::Decimal) return std::make_unique<Sum<DecimalTotal, mean>>(call);
  return std::make_unique<Sum<RealTotal, mean>>(call);
}

/// min() and max(). A NaN gives way to every number.
template <bool greatest>
class Extreme : public Aggregate {
 public:
  Result<void> add(Arguments arguments) override {
    const Value& value = arguments[0];
    if (value.is_null()) return {};
    if (best_.is_null() || beats(kql::order_of(value, best_)) || is_nan(best_)) best_ = value;
    return {};
  }
  Result<Values> results() override { return Values{std::move(best_)}; }

 private:
  static bool beats(std::partial_ordering order) { return greatest ? order > 0 : order < 0; }
  static bool is_nan(const Value& value) { return value.is(Type::Real) && std::isnan(value.as_real()); }

  Value best_;
};

struct And {
  std::int64_t operator()(std::int64_t a, std::int64_t b) const { return a & b; }
};
struct Or {
  std::int64_t operator()(std::int64_t a, std::int64_t b) const { return a | b; }
};
struct Xor {
  std::int64_t operator()(std::int64_t a, std::int64_t b) const { return a ^ b; }
};

/// binary_all_and() and its like.
template <class Operation>
class Bits : public Aggregate {
 public:
  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    if (const std::optional<std::int64_t> whole = whole_of(arguments[0]))
      bits_ = bits_ ? Operation()(*bits_, *whole) : *whole;
    return {};
  }
  Result<Values> results() override {
    return Values{bits_ ? Value::of_long(*bits_) : Value::null(Type::Long)};
  }

 private:
  std::optional<std::int64_t> bits_;
};

constexpr AggregateRow kRows[] = {{"avg", make_sum<true>},
                                  {"avgif", make_sum<true>, 1},
                                  {"binary_all_and", make_aggregate<Bits<And>>},
                                  {"binary_all_or", make_aggregate<Bits<Or>>},
                                  {"binary_all_xor", make_aggregate<Bits<Xor>>},
                                  {"count", make_aggregate<Count>, 0},
                                  {"countif", make_aggregate<Count>, 0},
                                  {"max", make_aggregate<Extreme<true>>},
                                  {"maxif", make_aggregate<Extreme<true>>, 1},
                                  {"min", make_aggregate<Extreme<false>>},
                                  {"minif", make_aggregate<Extreme<false>>, 1},
                                  {"sum", make_sum<false>},
                                  {"sumif", make_sum<false>, 1}};

}  // namespace

AggregateRows number_aggregates() { return kRows; }

}  // namespace redoubt::query::detail
