#include <cmath>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"
#include "kql/sketches.h"

namespace redoubt::kql::detail {

// What the sketches of hll() and tdigest() tell. An argument that is none counts as null.
// Source: Kusto Query Language reference, the page of each function.

namespace {

template <class Sketch>
std::optional<Sketch> sketch_of(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null()) return std::nullopt;
  return Sketch::read(value.json());
}

template <class Sketch>
Result<Value> merged(const Call& call) {
  std::optional<Sketch> out;
  for (const Value& argument : call.arguments) {
    std::optional<Sketch> sketch = sketch_of<Sketch>(argument);
    if (!sketch) continue;
    if (out)
      out->merge(*sketch);
    else
      out = std::move(sketch);
  }
  return out ? dynamic_result(call, out->json()) : Value::null(Type::Dynamic);
}

Result<Value> dcount_hll(const Call& call) {
  const std::optional<DistinctSketch> sketch = sketch_of<DistinctSketch>(call[0]);
  return Value::of_long(sketch ? sketch->count() : 0);
}

/// A value of the type that is asked for, else one inside a dynamic.
Result<Value> percentile_tdigest(const Call& call) {
  const Type type = call.size() > 2 ? call[2].type() : Type::Dynamic;
  std::optional<SpreadSketch> sketch = sketch_of<SpreadSketch>(call[0]);
  const std::optional<double> percentile = call.real(1);
  return sketch && percentile ? convert(sketch->percentile(*percentile), type) : Value::null(type);
}

/// percentiles_array_tdigest(digest, percentile, ...) or (digest, array of percentiles [, typeof])
Result<Value> percentiles_array_tdigest(const Call& call) {
  std::optional<SpreadSketch> sketch = sketch_of<SpreadSketch>(call[0]);
  if (!sketch || sketch->total() == 0) return Value::null(Type::Dynamic);
  const bool listed =
      call[1].is(Type::Dynamic) && !call[1].is_null() && json_kind(call[1].json()) == JsonKind::Array;
  std::vector<Value> percentiles;
  if (listed)
    for (const std::string_view element : json_elements(call[1].json()))
      percentiles.push_back(Value::of_dynamic(std::string(element)));
  else
    percentiles.assign(call.arguments.begin() + 1, call.arguments.end());
  std::string out = "[";
  for (const Value& one : percentiles) {
    const std::optional<double> percentile = real_of(one);
    Value value = percentile ? sketch->percentile(*percentile) : Value::null(Type::Dynamic);
    if (listed && call.size() > 2) value = convert(value, call[2].type());
    out.append(out.size() > 1 ? "," : "").append(to_json(value));
  }
  return dynamic_result(call, out + "]");
}

Result<Value> rank_tdigest(const Call& call) {
  std::optional<SpreadSketch> sketch = sketch_of<SpreadSketch>(call[0]);
  const std::optional<std::int64_t> rank = sketch ? sketch->rank(call[1]) : std::nullopt;
  return rank ? Value::of_real(static_cast<double>(*rank)) : Value::null(Type::Real);
}

Result<Value> percentrank_tdigest(const Call& call) {
  std::optional<SpreadSketch> sketch = sketch_of<SpreadSketch>(call[0]);
  const std::optional<std::int64_t> rank =
      sketch && sketch->total() > 0 ? sketch->rank(call[1]) : std::nullopt;
  return rank ? Value::of_real(static_cast<double>(*rank) * 100 / static_cast<double>(sketch->total()))
              : Value::null(Type::Real);
}

constexpr EvaluationRow kRows[] = {{"dcount_hll", dcount_hll},
                                   {"hll_merge", merged<DistinctSketch>, 1, kMany},
                                   {"merge_tdigest", merged<SpreadSketch>, 1, kMany},
                                   {"percentile_tdigest", percentile_tdigest, 2, 3},
                                   {"percentiles_array_tdigest", percentiles_array_tdigest, 2, kMany},
                                   {"percentrank_tdigest", percentrank_tdigest, 2, 2},
                                   {"rank_tdigest", rank_tdigest, 2, 2}};

}  // namespace

EvaluationRows sketch_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
