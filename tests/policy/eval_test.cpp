#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/case.h"
#include "testing/cases.h"
#include "testing/paths.h"

namespace redoubt::policy {
namespace {

using doc::Value;

/// Every member of `want` is in `got`, members of lists in any order (tests/policy/cases/eval/README.md).
bool fits(const Value* got, const Value& want) {
  if (want.is_null()) return got == nullptr || got->is_null();
  if (got == nullptr) return false;
  if (want.is_array()) {
    if (!got->is_array()) return false;
    return std::all_of(want.items().begin(), want.items().end(), [&](const Value& item) {
      return std::any_of(got->items().begin(), got->items().end(), [&](const Value& other) {
        return std::all_of(item.members().begin(), item.members().end(), [&](const doc::Member& member) {
          const Value* found = other.find(member.name);
          return found != nullptr && equal(*found, member.value);
        });
      });
    });
  }
  if (want.is_object())
    return std::all_of(want.members().begin(), want.members().end(),
                       [&](const doc::Member& member) { return fits(got->find(member.name), member.value); });
  return equal(*got, want);
}

const AliasCatalogue& catalogue() {
  static const AliasCatalogue aliases(built_in_aliases());
  return aliases;
}

std::string run(std::string_view line) {
  Arena arena;
  const Value test_case = doc::parse_json(arena, line).value();
  const TypeTable types = built_in_types();
  const Result<std::string> answer =
      evaluate_case(test_case, {&catalogue(), &types, Instant{638'000'000'000'000'000}});
  if (!answer) return answer.error().text();
  const Value got = doc::parse_json(arena, *answer).value();
  const Value* expected = test_case.find("expected");
  for (const doc::Member& member : expected->members())
    if (!fits(got.find(member.name), member.value))
      return fmt::format("{}: {}\n  want {}\n  got  {}", test_case.text_of("id").value(),
                         test_case.text_of("why").value_or(""), doc::to_json(*expected), *answer);
  return {};
}

[[maybe_unused]] const bool registered =
    testing::register_json_cases("PolicyEval", "tests/policy/cases/eval", run);

}  // namespace
}  // namespace redoubt::policy
