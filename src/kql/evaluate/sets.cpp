#include <algorithm>
#include <unordered_set>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

using Elements = std::vector<std::string_view>;
using Set = std::unordered_set<std::string_view>;

bool is_array(const Value& value) {
  return value.is(Type::Dynamic) && !value.is_null() && json_kind(value.json()) == JsonKind::Array;
}

// Elements are equal when their JSON is; they keep the order in which they come first.

Result<Value> set_union(const Call& call) {
  Elements out;
  Set seen;
  for (const Value& argument : call.arguments) {
    if (!is_array(argument)) return Value::null(Type::Dynamic);
    for (const std::string_view element : json_elements(argument.json()))
      if (seen.insert(element).second) out.push_back(element);
  }
  return dynamic_result(call, json_array(out));
}

template <bool keep>
Result<Value> filtered(const Call& call) {
  for (const Value& argument : call.arguments)
    if (!is_array(argument)) return Value::null(Type::Dynamic);
  Elements out = json_elements(call[0].json());
  for (const Value& argument : call.arguments.subspan(1)) {
    const Elements others = json_elements(argument.json());
    const Set set(others.begin(), others.end());
    std::erase_if(out, [&set](std::string_view element) { return set.contains(element) != keep; });
  }
  Set seen;
  std::erase_if(out, [&seen](std::string_view element) { return !seen.insert(element).second; });
  return dynamic_result(call, json_array(out));
}

Result<Value> set_has_element(const Call& call) {
  if (!is_array(call[0])) return Value::null(Type::Bool);
  const Value sought = unwrap(call[1]);
  const Elements elements = json_elements(call[0].json());
  return Value::of_bool(std::any_of(elements.begin(), elements.end(), [&sought](std::string_view element) {
    const Value value = unwrap(Value::of_dynamic(std::string(element)));
    if (value.is_null() || sought.is_null()) return value.is_null() && sought.is_null();
    const bool texts =
        value.is(Type::String) == sought.is(Type::String) || !contains(kNumbers, sought.type());
    return texts && compare_values(value, sought) == 0;
  }));
}

Result<Value> set_equals(const Call& call) {
  if (!is_array(call[0]) || !is_array(call[1])) return Value::null(Type::Bool);
  const Elements left = json_elements(call[0].json());
  const Elements right = json_elements(call[1].json());
  return Value::of_bool(Set(left.begin(), left.end()) == Set(right.begin(), right.end()));
}

/// The share of the union that both have.
Result<Value> jaccard_index(const Call& call) {
  if (!is_array(call[0]) || !is_array(call[1])) return Value::null(Type::Real);
  const Elements left = json_elements(call[0].json());
  const Elements right = json_elements(call[1].json());
  Set all(left.begin(), left.end());
  const Set other(right.begin(), right.end());
  const auto both =
      std::count_if(other.begin(), other.end(), [&all](std::string_view one) { return all.contains(one); });
  all.insert(other.begin(), other.end());
  return Value::of_real(static_cast<double>(both) / static_cast<double>(all.size()));
}

constexpr EvaluationRow kRows[] = {{"jaccard_index", jaccard_index, 2, 2},
                                   {"set_difference", filtered<false>, 2, kMany},
                                   {"set_equals", set_equals, 2, 2},
                                   {"set_has_element", set_has_element, 2, 2},
                                   {"set_intersect", filtered<true>, 2, kMany},
                                   {"set_union", set_union, 1, kMany}};

}  // namespace

EvaluationRows set_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
