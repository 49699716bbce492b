#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/evaluate.h"
#include "kql/json_text.h"
#include "kql/lexer.h"
#include "kql/pattern.h"
#include "kql/sketches.h"
#include "kql/user_agents.h"

using namespace redoubt;
using namespace redoubt::kql;

// Literals keep their value through their text, JSON in its short form stays as it is, sketches keep what
// they count, and every operator and function takes any values within its limits.
namespace {

constexpr std::size_t kMaxBytes = 1U << 16U;

void check_round_trip(const Value& value) {
  if (value.is_null() || value.is(Type::String)) return;
  const Value read = convert(Value::of_string(to_text(value)), value.type());
  RD_CHECK(read.same_as(value));
}

std::vector<Value> literals(std::string_view text) {
  std::vector<Value> out;
  for (const Token& token : tokenize(text)) {
    if (!is_literal(token.kind)) continue;
    const Result<Value> value = read_literal(token.kind, text.substr(token.offset, token.size));
    if (!value) continue;
    check_round_trip(*value);
    out.push_back(*value);
  }
  return out;
}

void check_sketches(std::string_view json) {
  if (const std::optional<DistinctSketch> sketch = DistinctSketch::read(json)) {
    const std::optional<DistinctSketch> again = DistinctSketch::read(sketch->json());
    RD_CHECK(again && again->count() == sketch->count());
  }
  if (std::optional<SpreadSketch> sketch = SpreadSketch::read(json)) {
    const std::optional<SpreadSketch> again = SpreadSketch::read(sketch->json());
    RD_CHECK(again && again->total() == sketch->total());
  }
}

void check_json(std::string_view text, std::vector<Value>& values) {
  const std::optional<std::string> json = normalize_json(text);
  if (!json) return;
  RD_CHECK(normalize_json(*json) == json);
  check_sketches(*json);
  values.push_back(Value::of_dynamic(*json));
}

void call_everything(std::span<const Value> values, std::uint8_t selector) {
  const std::span<const Function> all = functions(FunctionKind::Scalar);
  PatternCache patterns;
  TimeZones none(".");
  static UserAgents agents;
  EvaluationContext context{.now = {638'400'000'000'000'000},
                            .limits = {.max_bytes = kMaxBytes, .max_elements = 1'000, .max_steps = 1'000'000},
                            .patterns = &patterns,
                            .zones = &none,
                            .user_agents = &agents};
  for (std::size_t i = selector % 16U; i < all.size(); i += 16) {
    if (!can_evaluate(all[i])) continue;
    const Result<Value> value = evaluate(all[i], values, context);
    RD_CHECK(!value || to_text(*value).size() <= 2 * kMaxBytes);
  }
  if (values.size() < 2) return;
  for (std::uint16_t kind = 0; kind < 400; ++kind)
    if (can_apply(static_cast<TokenKind>(kind)))
      apply(static_cast<TokenKind>(kind), values[0], values[1], context);
  element_of(values[0], values[1]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<Value> values = literals(text);
  check_json(text.substr(0, text.find('\n')), values);
  if (values.size() > 6) values.resize(6);
  call_everything(values, data[0]);
  return 0;
}
