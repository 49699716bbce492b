#include <algorithm>
#include <array>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

using Elements = std::vector<std::string_view>;

/// The elements of an argument that is an array; nothing for null and other values.
std::optional<Elements> elements(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null() || json_kind(value.json()) != JsonKind::Array)
    return std::nullopt;
  return json_elements(value.json());
}

Value none() { return Value::null(Type::Dynamic); }

Value dynamic_of(std::string_view json) { return Value::of_dynamic(std::string(json)); }

Result<Value> array_length(const Call& call) {
  const auto array = elements(call[0]);
  return array ? Value::of_long(static_cast<std::int64_t>(array->size())) : Value::null(Type::Long);
}

Result<Value> array_concat(const Call& call) {
  Elements all;
  bool any = false;
  for (const Value& argument : call.arguments) {
    const auto array = elements(argument);
    any = any || array;
    if (array) all.insert(all.end(), array->begin(), array->end());
  }
  return any ? dynamic_result(call, json_array(all)) : none();
}

Result<Value> array_reverse(const Call& call) {
  auto array = elements(call[0]);
  if (!array) return none();
  std::reverse(array->begin(), array->end());
  return dynamic_result(call, json_array(*array));
}

/// Both ends count, a negative one from the end.
Result<Value> array_slice(const Call& call) {
  const auto array = elements(call[0]);
  std::optional<std::int64_t> start = call.whole(1);
  std::optional<std::int64_t> end = call.whole(2);
  if (!array || !start || !end) return none();
  const auto count = static_cast<std::int64_t>(array->size());
  if (*start < 0) start = std::max<std::int64_t>(0, count + *start);
  if (*end < 0) end = count + *end;
  end = std::min(*end, count - 1);
  if (*start > *end) return Value::of_dynamic("[]");
  return dynamic_result(call, json_array(Elements(array->begin() + *start, array->begin() + *end + 1)));
}

/// Moves elements to the front by `count`; those that fall off come in at the end again.
Result<Value> rotated(const Call& call, std::int64_t sign) {
  auto array = elements(call[0]);
  const std::optional<std::int64_t> count = call.whole(1);
  if (!array || !count) return none();
  const auto size = static_cast<std::int64_t>(array->size());
  if (size == 0) return call[0];
  const std::int64_t step = ((*count % size) * sign + size) % size;
  std::rotate(array->begin(), array->begin() + step, array->end());
  return dynamic_result(call, json_array(*array));
}
Result<Value> rotate_left(const Call& call) { return rotated(call, 1); }
Result<Value> rotate_right(const Call& call) { return rotated(call, -1); }

/// The same, but with a default (null) coming in.
Result<Value> shifted(const Call& call, std::int64_t sign) {
  auto array = elements(call[0]);
  const std::optional<std::int64_t> count = call.whole(1);
  if (!array || !count) return none();
  const std::string filler = call.size() > 2 ? to_json(call[2]) : "null";
  const auto size = static_cast<std::int64_t>(array->size());
  const std::int64_t step = sign * std::clamp(*count, -size, size);
  Elements out(array->size(), filler);
  for (std::int64_t i = 0; i < size; ++i)
    if (i + step >= 0 && i + step < size)
      out[static_cast<std::size_t>(i)] = (*array)[static_cast<std::size_t>(i + step)];
  return dynamic_result(call, json_array(out));
}
Result<Value> shift_left(const Call& call) { return shifted(call, 1); }
Result<Value> shift_right(const Call& call) { return shifted(call, -1); }

/// Cuts in front of the elements at the indexes given, negative ones from the end.
Result<Value> array_split(const Call& call) {
  const auto array = elements(call[0]);
  if (!array) return none();
  const auto size = static_cast<std::int64_t>(array->size());
  std::vector<std::int64_t> cuts;
  const auto cut = [&cuts, size](const Value& value) {
    const std::int64_t at = whole_of(value).value_or(0);
    cuts.push_back(std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size));
  };
  if (const auto list = elements(call[1])) {
    for (const std::string_view index : *list)
      cut(dynamic_of(index));
  } else {
    cut(call[1]);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(size);
  std::string out = "[";
  std::int64_t from = 0;
  for (const std::int64_t to : cuts) {
    out.append(out.size() > 1 ? "," : "")
        .append(json_array(Elements(array->begin() + from, array->begin() + to)));
    from = to;
  }
  return dynamic_result(call, out + "]");
}

bool same(std::string_view json, const Value& sought) {
  return json == "null" ? sought.is_null()
                        : !sought.is_null() && compare_values(dynamic_of(json), sought) == 0;
}

/// array_index_of(array, value [, start [, length [, occurrence]]])
Result<Value> array_index_of(const Call& call) {
  const auto array = elements(call[0]);
  if (!array) return Value::null(Type::Long);
  const auto size = static_cast<std::int64_t>(array->size());
  std::int64_t start = call.size() > 2 ? call.whole(2).value_or(0) : 0;
  const std::int64_t length = call.size() > 3 ? call.whole(3).value_or(-1) : -1;
  std::int64_t occurrence = call.size() > 4 ? call.whole(4).value_or(1) : 1;
  if (start < 0) start = std::max<std::int64_t>(0, size + start);
  const std::int64_t end = length < 0 || length > size - start ? size : start + length;
  for (std::int64_t i = start; i < end; ++i)
    if (same((*array)[static_cast<std::size_t>(i)], call[1]) && --occurrence == 0) return Value::of_long(i);
  return Value::of_long(-1);
}

/// Null where something else than numbers is among them. Source: "array_sum()", "Returns".
Result<Value> array_sum(const Call& call) {
  const auto array = elements(call[0]);
  if (!array) return Value::null(Type::Real);
  double sum = 0;
  for (const std::string_view element : *array) {
    const Value value = unwrap(dynamic_of(element));
    if (value.is_null()) continue;
    if (!contains(kNumbers, value.type())) return Value::null(Type::Real);
    sum += real_of(value).value_or(0);
  }
  return Value::of_real(sum);
}

/// Takes of the two the element (or the whole value) that the condition at that place asks for.
Result<Value> array_iff(const Call& call) {
  const auto conditions = elements(call[0]);
  if (!conditions) return none();
  std::string out = "[";
  const auto choices = std::array{elements(call[1]), elements(call[2])};
  const auto wholes = std::array{to_json(call[1]), to_json(call[2])};
  for (std::size_t i = 0; i < conditions->size(); ++i) {
    if (i > 0) out += ',';
    const Value condition = unwrap(dynamic_of((*conditions)[i]));
    const std::optional<bool> holds = condition.is(Type::String) ? std::nullopt : bool_of(condition);
    const std::size_t side = holds.value_or(false) ? 0 : 1;
    if (!holds)
      out += "null";
    else if (!choices[side])
      out += wholes[side];
    else
      out += i < choices[side]->size() ? (*choices[side])[i] : "null";
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return Value::of_dynamic(out + "]");
}

/// The order the engine sorts by: numbers before texts, null at the end that is asked for.
bool less(const Value& left, const Value& right) {
  const auto rank = [](const Value& value) {
    return value.is(Type::Dynamic) ? 3 : value.is(Type::String) ? 2 : value.is(Type::Bool) ? 0 : 1;
  };
  if (rank(left) != rank(right)) return rank(left) < rank(right);
  return compare_values(left, right) < 0;
}

/// The first array sorted; of several an array of arrays is made, each in the order of the first.
template <bool descending>
Result<Value> array_sort(const Call& call) {
  std::size_t count = call.size();
  bool nulls_last = true;
  if (call[count - 1].is(Type::Bool)) nulls_last = bool_of(call[--count]).value_or(true);
  const auto first = count == 0 ? std::nullopt : elements(call[0]);
  if (!first) return none();
  std::vector<std::pair<Value, std::size_t>> keys;
  for (const std::string_view element : *first)
    keys.emplace_back(unwrap(dynamic_of(element)), keys.size());
  std::stable_sort(keys.begin(), keys.end(), [nulls_last](const auto& left, const auto& right) {
    if (left.first.is_null() || right.first.is_null())
      return nulls_last ? !left.first.is_null() && right.first.is_null()
                        : left.first.is_null() && !right.first.is_null();
    return descending ? less(right.first, left.first) : less(left.first, right.first);
  });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < count; ++i) {
    const auto array = elements(call[i]);
    Elements out;
    for (const auto& [key, index] : keys)
      out.push_back(array && index < array->size() ? (*array)[index] : "null");
    sorted.push_back(array && array->size() == keys.size() ? json_array(out) : "null");
  }
  if (sorted.size() == 1) return dynamic_result(call, std::move(sorted[0]));
  return dynamic_result(call, json_array(Elements(sorted.begin(), sorted.end())));
}

Result<Value> pack_array(const Call& call) {
  std::string out = "[";
  for (const Value& argument : call.arguments)
    out.append(out.size() > 1 ? "," : "").append(to_json(argument));
  return dynamic_result(call, out + "]");
}

/// range(start, stop [, step]) as an array; no more elements than the engine makes.
Result<Value> range(const Call& call) {
  Value at = unwrap(call[0]);
  const Value stop = unwrap(call[1]);
  const bool time = at.is(Type::DateTime) || at.is(Type::Timespan);
  const Value step = call.size() > 2 ? unwrap(call[2])
                     : time          ? Value::of_timespan(kTicksPerHour)
                                     : Value::of_long(1);
  if (at.is_null() || stop.is_null() || step.is_null()) return none();
  const bool down =
      compare_values(step, step.is(Type::Timespan) ? Value::of_timespan(0) : Value::of_long(0)) < 0;
  std::string out = "[";
  for (std::size_t count = 0; count < call.context.limits.max_elements && !at.is_null(); ++count) {
    const std::partial_ordering order = compare_values(at, stop);
    if (down ? !(order >= 0) : !(order <= 0)) break;
    out.append(out.size() > 1 ? "," : "").append(to_json(at));
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
    at = add(at, step);
  }
  return Value::of_dynamic(out + "]");
}

Result<Value> repeat(const Call& call) {
  const std::int64_t count = call.whole(1).value_or(-1);
  if (count < 0) return none();
  const std::string one = to_json(call[0]);
  if (static_cast<std::size_t>(count) > call.context.limits.max_bytes / (one.size() + 1))
    return too_large(call);
  return Value::of_dynamic(json_array(Elements(static_cast<std::size_t>(count), one)));
}

/// Arrays of what stands at the same place; short ones are filled up with null.
Result<Value> zip(const Call& call) {
  std::vector<Elements> arrays;
  std::size_t longest = 0;
  for (const Value& argument : call.arguments) {
    arrays.push_back(elements(argument).value_or(Elements()));
    longest = std::max(longest, arrays.back().size());
  }
  std::string out = "[";
  for (std::size_t i = 0; i < longest; ++i) {
    Elements row;
    for (const Elements& array : arrays)
      row.push_back(i < array.size() ? array[i] : "null");
    out.append(out.size() > 1 ? "," : "").append(json_array(row));
  }
  return dynamic_result(call, out + "]");
}

constexpr EvaluationRow kRows[] = {{"array_concat", array_concat, 1, kMany},
                                   {"array_iff", array_iff, 3, 3},
                                   {"array_index_of", array_index_of, 2, 5},
                                   {"array_length", array_length},
                                   {"array_reverse", array_reverse},
                                   {"array_rotate_left", rotate_left, 2, 2},
                                   {"array_rotate_right", rotate_right, 2, 2},
                                   {"array_shift_left", shift_left, 2, 3},
                                   {"array_shift_right", shift_right, 2, 3},
                                   {"array_slice", array_slice, 3, 3},
                                   {"array_sort_asc", array_sort<false>, 1, kMany},
                                   {"array_sort_desc", array_sort<true>, 1, kMany},
                                   {"array_split", array_split, 2, 2},
                                   {"series_sum", array_sum},
                                   {"pack_array", pack_array, 0, kMany},
                                   {"range", range, 2, 3},
                                   {"repeat", repeat, 2, 2},
                                   {"zip", zip, 2, 16}};

}  // namespace

EvaluationRows array_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
