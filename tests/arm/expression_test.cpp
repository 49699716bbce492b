#include <gtest/gtest.h>

#include <fmt/format.h>

#include "arm/expand.h"
#include "arm/unknown_json.h"
#include "testing/cases.h"

namespace redoubt::arm {
namespace {

using doc::Value;

/// Every key of `want` is in `got` with an equal value; {"$unknown":"$any"} fits any unknown.
bool fits(const Value& got, const Value& want) {
  if (want.is_object()) {
    if (want.size() == 1 && want.find("$unknown") != nullptr && want.find("$unknown")->is_string())
      return got.find("$unknown") != nullptr;
    if (!got.is_object() || got.size() != want.size()) return false;
    for (const doc::Member& member : want.members()) {
      const Value* found = got.find(member.name);
      if (found == nullptr || !fits(*found, member.value)) return false;
    }
    return true;
  }
  if (want.is_array()) {
    if (!got.is_array() || got.size() != want.size()) return false;
    for (std::size_t i = 0; i < want.size(); ++i)
      if (!fits(got.items()[i], want.items()[i])) return false;
    return true;
  }
  return got.kind() == want.kind() && equal(got, want);
}

std::string evaluate(const Value& test_case, Arena& arena, Origins& origins) {
  ExpandOptions options;
  Value values[2];
  for (const int i : {0, 1})
    if (const Value* given = test_case.find(i == 0 ? "parameters" : "variables"))
      values[i] = read_unknowns(*given, origins, arena).value();
  if (auto scope = test_case.text_of("scope")) options.scope = Scope::parse(*scope);
  if (auto location = test_case.text_of("location")) options.location = *location;
  const bool policy = test_case.text_of("language").value_or("arm") == "policy";
  const Result<Value> value = evaluate_text(test_case.text_of("expression").value(), &values[0], &values[1],
                                            policy, origins, arena, options);
  if (!value) return R"({"error":true})";
  if (value->is_unknown()) return R"({"unknown":true})";
  return fmt::format(R"({{"value":{}}})", to_json(*value, origins));
}

std::string run(std::string_view line) {
  Arena arena;
  Origins origins;
  const Value test_case = doc::parse_json(arena, line).value();
  const Value expected = *test_case.find("expected");
  const std::string text = evaluate(test_case, arena, origins);
  const Value got = doc::parse_json(arena, text).value();
  if (fits(got, expected)) return {};
  return fmt::format("{}\n  want {}\n  got  {}", test_case.text_of("expression").value(),
                     doc::to_json(expected), text);
}

[[maybe_unused]] const bool registered =
    testing::register_json_cases("ArmEvaluator", "tests/arm/cases/evaluator", run) &&
    testing::register_json_cases("ArmFunctions", "tests/arm/cases/functions", run);

}  // namespace
}  // namespace redoubt::arm
