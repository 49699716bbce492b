#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "kql/json_text.h"
#include "query/detail/aggregate.h"
#include "query/detail/merged_sketch.h"

namespace redoubt::query::detail {

// Percentiles are those of the nearest rank, of the values themselves: the engine estimates them. Of nothing
// they are null. Source: Kusto Query Language reference, "percentile(), percentiles()", "percentilew(),
// percentilesw()", "tdigest()".

namespace {

using kql::Type;
using kql::Value;

using Values = std::vector<Value>;

// What values of a type are kept as until they are sorted.

struct Wholes {
  using Kept = std::int64_t;
  static std::optional<Kept> keep(const Value& value, Type type) {
    if (value.is(type) || value.is(Type::Int)) return value.is(Type::Int) ? value.as_long() : number(value);
    const Value fitting = kql::convert(value, type);
    return fitting.is_null() ? std::nullopt : std::optional(number(fitting));
  }
  static bool less(Kept left, Kept right) { return left < right; }
  static Value value(Kept kept, Type type) {
    if (type == Type::DateTime) return Value::of_datetime(kept);
    return type == Type::Timespan ? Value::of_timespan(kept) : Value::of_long(kept);
  }

 private:
  static Kept number(const Value& value) { return value.is(Type::Long) ? value.as_long() : value.ticks(); }
};

struct Reals {
  using Kept = double;
  static std::optional<Kept> keep(const Value& value, Type) {
    const Value fitting = value.is(Type::Real) ? Value() : kql::convert(value, Type::Real);
    const Value& real = value.is(Type::Real) ? value : fitting;
    return real.is_null() || std::isnan(real.as_real()) ? std::nullopt : std::optional(real.as_real());
  }
  static bool less(Kept left, Kept right) { return left < right; }
  static Value value(Kept kept, Type) { return Value::of_real(kept); }
};

struct Others {
  using Kept = Value;
  static std::optional<Kept> keep(const Value& value, Type) { return value; }
  static bool less(const Kept& left, const Kept& right) { return kql::order_of(left, right) < 0; }
  static Value value(const Kept& kept, Type) { return kept; }
};

struct Shape {
  bool weighted = false;
  bool array = false;  ///< one array instead of a column for each percentile
};

/// The percentiles that a call asks for; an array of them counts for what is in it.
Result<std::vector<std::optional<double>>> percentiles_of(const AggregateCall& call, std::size_t from) {
  std::vector<std::optional<double>> out;
  const auto add = [&](const Value& value) {
    const Value real = kql::convert(value, Type::Real);
    out.push_back(real.is_null() ? std::nullopt : std::optional(real.as_real()));
  };
  for (std::size_t i = from; i < call.constants.size(); ++i) {
    const Value* const value = call.constants[i];
    if (value == nullptr)
      return fail(Error::Kind::InvalidInput, "QRY0006",
                  "a percentile hangs on rows; it has to be a constant");
    if (!value->is(Type::Dynamic) || value->is_null() ||
        kql::json_kind(value->json()) != kql::JsonKind::Array) {
      add(*value);
      continue;
    }
    for (const std::string_view element : kql::json_elements(value->json()))
      add(Value::of_dynamic(std::string(element)));
  }
  return out;
}

template <class Kind, Shape shape>
class Percentiles : public Aggregate {
 public:
  explicit Percentiles(const AggregateCall& call)
      : call_(call), type_(call.type(0) == Type::Int ? Type::Long : call.type(0)) {}

  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    std::int64_t weight = 1;
    if constexpr (shape.weighted) {
      const Value whole = kql::convert(arguments[1], Type::Long);
      weight = whole.is_null() ? 0 : std::min(whole.as_long(), kMostWeight - total_);
      if (weight <= 0) return {};
    }
    if (std::optional<Kept> kept = Kind::keep(arguments[0], type_)) {
      kept_.push_back(entry(*std::move(kept), weight));
      total_ += weight;
    }
    return {};
  }

  Result<Values> results() override {
    const std::vector<std::optional<double>> percentiles =
        RD_TRY(percentiles_of(call_, shape.weighted ? 2 : 1));
    std::stable_sort(kept_.begin(), kept_.end(), less);
    Values out;
    for (const std::optional<double>& percentile : percentiles)
      out.push_back(percentile && !kept_.empty() ? at(*percentile) : Value());
    if (!shape.array) return out;
    if (kept_.empty()) return Values{Value::null(Type::Dynamic)};
    std::string json = "[";
    for (const Value& value : out)
      json.append(json.size() > 1 ? "," : "").append(kql::to_json(value));
    return Values{Value::of_dynamic(json + "]")};
  }

 private:
  using Kept = typename Kind::Kept;
  using Entry = std::conditional_t<shape.weighted, std::pair<Kept, std::int64_t>, Kept>;

  static constexpr std::int64_t kMostWeight = std::int64_t{1} << 62;

  static Entry entry(Kept kept, [[maybe_unused]] std::int64_t weight) {
    if constexpr (shape.weighted)
      return {std::move(kept), weight};
    else
      return kept;
  }
  static bool less(const Entry& left, const Entry& right) {
    if constexpr (shape.weighted)
      return Kind::less(left.first, right.first);
    else
      return Kind::less(left, right);
  }

  Value at(double percentile) const {
    std::int64_t rank = kql::nearest_rank(percentile, total_);
    if constexpr (shape.weighted) {
      for (const Entry& entry : kept_) {
        rank -= entry.second;
        if (rank <= 0) return Kind::value(entry.first, type_);
      }
      return {};
    } else {
      return Kind::value(kept_[static_cast<std::size_t>(rank - 1)], type_);
    }
  }

  const AggregateCall& call_;
  Type type_;
  std::vector<Entry> kept_;
  std::int64_t total_ = 0;
};

template <Shape shape>
std::unique_ptr<Aggregate> make_percentiles(const AggregateCall& call) {
  constexpr kql::TypeSet kWhole = kql::kIntegers | kql::set_of(Type::DateTime, Type::Timespan);
  if (kql::contains(kWhole, call.type(0))) return std::make_unique<Percentiles<Wholes, shape>>(call);
  if (kql::contains(kql::set_of(Type::Real, Type::Decimal), call.type(0)))
    return std::make_unique<Percentiles<Reals, shape>>(call);
  return std::make_unique<Percentiles<Others, shape>>(call);
}

class Digest : public Aggregate {
 public:
  explicit Digest(const AggregateCall& call) : call_(call) {}

  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    const Value weight = arguments.size() > 1 ? kql::convert(arguments[1], Type::Long) : Value::of_long(1);
    if (weight.is_null()) return {};
    if (!sketch_) sketch_.emplace(call_.type(0));
    sketch_->add(arguments[0], weight.as_long());
    return {};
  }
  Result<Values> results() override { return sketch_result(call_, sketch_); }

 private:
  const AggregateCall& call_;
  std::optional<kql::SpreadSketch> sketch_;
};

constexpr AggregateRow kRows[] = {
    {"percentile", make_percentiles<Shape{}>},
    {"percentiles", make_percentiles<Shape{}>},
    {"percentiles_array", make_percentiles<Shape{.array = true}>},
    {"percentilesw", make_percentiles<Shape{.weighted = true}>},
    {"percentilesw_array", make_percentiles<Shape{.weighted = true, .array = true}>},
    {"percentilew", make_percentiles<Shape{.weighted = true}>},
    {"tdigest", make_aggregate<Digest>},
    {"tdigest_merge", make_aggregate<MergedSketch<kql::SpreadSketch>>}};

}  // namespace

AggregateRows percentile_aggregates() { return kRows; }

}  // namespace redoubt::query::detail
