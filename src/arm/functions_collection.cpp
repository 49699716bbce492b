#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "arm/detail/access_path.h"
#include "arm/detail/arguments.h"
#include "arm/detail/equality.h"
#include "arm/detail/merge.h"
#include "arm/detail/partial.h"
#include "arm/detail/utf16.h"
#include "arm/open_text.h"
#include "core/text.h"

// Functions over arrays, objects and, where one name serves both, strings. Source: Microsoft Learn "Array
// functions" and "Object functions for ARM templates", Azure/bicep sys.json, and semantics.md 4.3.
//
// What is taken out of a container keeps its own mark of secrecy and that of the container; the rows
// therefore say keeps_secret = false.

namespace redoubt::arm {
namespace {

using detail::Arguments;
using doc::UnknownType;
using doc::Value;

Result<Value> array(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (detail::type_of(value) == UnknownType::Array) return value;
  if (value.is_unknown() && value.unknown_type() == UnknownType::Any)
    return detail::open_result(call, UnknownType::Array, arguments);
  return doc::make_array(call.arena, arguments);
}

Result<Value> create_array(Call& call, Arguments arguments) { return doc::make_array(call.arena, arguments); }

Result<Value> create_object(Call& call, Arguments arguments) {
  if (arguments.size() % 2 != 0) return detail::bad_argument(call, "takes a value after each key");
  detail::ObjectBuilder builder;
  bool secret = false;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (!detail::can_be(arguments[i], UnknownType::String))
      return detail::wrong_type(call, i, "string", arguments[i]);
    if (arguments[i].is_unknown()) return detail::open_result(call, UnknownType::Object, arguments);
    secret = secret || arguments[i].secret();
    builder.set(arguments[i].as_string(), arguments[i + 1]);
  }
  const Value object = builder.finish(call.arena);
  return secret ? object.as_secret() : object;
}

/// The text to look for: a string or, as the service allows, an int.
Result<std::string> needle(const Call& call, Arguments arguments) {
  if (arguments[1].is_string() || arguments[1].is_int()) return dotnet_text(arguments[1]);
  return detail::wrong_type(call, 1, "string or int", arguments[1]);
}

Result<Value> contains_in_open(Call& call, Arguments arguments) {
  std::optional<bool> found;
  if (arguments[0].unknown_type() == UnknownType::Array) {
    found = detail::holds_partial(call.origins, arguments[0], arguments[1]);
  } else {
    const std::optional<OpenText> text = OpenText::of(arguments[0], call.origins, false, Scopes::Open);
    const std::optional<OpenText> part = OpenText::of(arguments[1], call.origins, false, Scopes::Open);
    if (text && part) found = holds_text(*text, *part);
  }
  return found ? Value::boolean(*found)
               : call.origins.derived(UnknownType::Bool, call.name, arguments, false);
}

Result<Value> contains(Call& call, Arguments arguments) {
  const Value& container = arguments[0];
  const UnknownType type = detail::type_of(container);
  if (container.is_unknown() && type != UnknownType::Int && type != UnknownType::Bool)
    return contains_in_open(call, arguments);
  if (container.is_array()) {
    const std::optional<bool> found = detail::certainly_holds(container.items(), arguments[1], call.origins);
    if (found) return Value::boolean(*found);
    return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
  }
  if (!container.is_string() && !container.is_object())
    return detail::wrong_type(call, 0, "array, object or string", container);
  if (arguments[1].is_unknown()) return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
  const std::string wanted = RD_TRY(needle(call, arguments));
  if (container.is_object()) return Value::boolean(container.find_any_case(wanted) != nullptr);
  return Value::boolean(container.as_string().find(wanted) != std::string_view::npos);
}

Result<Value> distinct(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Array))
    return detail::wrong_type(call, 0, "array", arguments[0]);
  if (arguments[0].is_unknown()) return detail::union_partial(call, arguments);
  return detail::merge_arrays(call, arguments);
}

Result<Value> empty(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_null()) return Value::boolean(true);
  if (value.is_string() || value.is_container()) return Value::boolean(value.size() == 0);
  const UnknownType type = detail::type_of(value);
  if (!value.is_unknown() || type == UnknownType::Int || type == UnknownType::Bool)
    return detail::wrong_type(call, 0, "array, object, string or null", value);
  if (detail::surely_not_empty(value, call.origins)) return Value::boolean(false);
  return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
}

Result<Value> end_of(Call& call, Arguments arguments, bool at_start) {
  const Value& value = arguments[0];
  if (value.is_unknown() &&
      (detail::can_be(value, UnknownType::Array) || detail::can_be(value, UnknownType::String))) {
    if (const std::optional<Value> end = detail::end_partial(call, value, at_start)) return *end;
    return detail::open_result(
        call, value.unknown_type() == UnknownType::String ? UnknownType::String : UnknownType::Any,
        arguments);
  }
  if (value.is_array()) {
    if (value.size() == 0) return Value::null();
    return detail::taken_from(value, at_start ? value.items().front() : value.items().back());
  }
  if (!value.is_string()) return detail::wrong_type(call, 0, "array or string", value);
  if (value.size() == 0) return value;
  const std::int64_t last = detail::utf16_length(value.as_string()) - 1;
  const Value character =
      doc::make_string(call.arena, detail::utf16_slice(value.as_string(), at_start ? 0 : last, 1));
  return detail::taken_from(value, character);
}

Result<Value> first(Call& call, Arguments arguments) { return end_of(call, arguments, true); }
Result<Value> last(Call& call, Arguments arguments) { return end_of(call, arguments, false); }

Result<Value> flatten(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Array))
    return detail::wrong_type(call, 0, "array", arguments[0]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::Array, arguments);
  std::vector<Value> items;
  const std::span<const Value> arrays = arguments[0].items();
  for (const Value& inner : arrays)
    if (!detail::can_be(inner, UnknownType::Array))
      return detail::wrong_type(call, 0, "an array of arrays", inner);
  if (detail::any_open(arrays) && !arguments[0].secret()) return detail::concat_partial(call, arrays);
  for (const Value& inner : arrays) {
    if (inner.is_unknown()) return detail::open_result(call, UnknownType::Array, arguments);
    if (items.size() + inner.size() > static_cast<std::size_t>(kMaxItems)) return detail::too_large(call);
    for (const Value& item : inner.items())
      items.push_back(detail::taken_from(arguments[0], detail::taken_from(inner, item)));
  }
  return doc::make_array(call.arena, items);
}

/// The one type that all arguments have or may have, Array or Object; ARM0301 when there is none.
Result<UnknownType> common_container(const Call& call, Arguments arguments) {
  UnknownType type = UnknownType::Any;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const UnknownType own = detail::type_of(arguments[i]);
    const bool open = arguments[i].is_unknown() && own == UnknownType::Any;
    if (open) continue;
    if (own != UnknownType::Array && own != UnknownType::Object)
      return detail::wrong_type(call, i, "array or object", arguments[i]);
    if (type != UnknownType::Any && type != own)
      return detail::wrong_type(call, i, "either arrays or objects", arguments[i]);
    type = own;
  }
  return type;
}

Result<Value> union_of(Call& call, Arguments arguments) {
  const UnknownType type = RD_TRY(common_container(call, arguments));
  if (detail::any_open(arguments))
    return type == UnknownType::Array ? detail::union_partial(call, arguments)
                                      : detail::open_result(call, type, arguments);
  if (type == UnknownType::Array) return detail::merge_arrays(call, arguments);
  return detail::merge_objects(call, arguments);
}

Result<Value> intersection(Call& call, Arguments arguments) {
  const UnknownType type = RD_TRY(common_container(call, arguments));
  if (detail::any_open(arguments)) return detail::open_result(call, type, arguments);
  if (type == UnknownType::Array) return detail::common_items(call, arguments);
  return detail::common_members(call, arguments);
}

Result<Value> shallow_merge(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Array))
    return detail::wrong_type(call, 0, "array", arguments[0]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::Object, arguments);
  detail::ObjectBuilder builder;
  bool secret = arguments[0].secret();
  for (const Value& entry : arguments[0].items()) {
    if (entry.is_null()) continue;
    if (!detail::can_be(entry, UnknownType::Object))
      return detail::wrong_type(call, 0, "an array of objects", entry);
    if (entry.is_unknown()) return detail::open_result(call, UnknownType::Object, arguments);
    secret = secret || entry.secret();
    for (const doc::Member& member : entry.members())
      builder.set(member.name, member.value);
  }
  const Value object = builder.finish(call.arena);
  return secret ? object.as_secret() : object;
}

/// Members in the order of their names, case ignored; names that differ in case only stay as they stand.
std::vector<const doc::Member*> sorted_members(const Value& object) {
  std::vector<const doc::Member*> members;
  members.reserve(object.size());
  for (const doc::Member& member : object.members())
    members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const doc::Member* left, const doc::Member* right) {
    const int order = compare_ignore_case(left->name, right->name);
    return order != 0 ? order < 0 : left < right;
  });
  return members;
}

Result<Value> items(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Object))
    return detail::wrong_type(call, 0, "object", arguments[0]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::Array, arguments);
  std::vector<Value> entries;
  entries.reserve(arguments[0].size());
  for (const doc::Member* member : sorted_members(arguments[0])) {
    const doc::Member entry[] = {{"key", Value::string(member->name)}, {"value", member->value}};
    entries.push_back(detail::taken_from(arguments[0], doc::make_object(call.arena, entry)));
  }
  return detail::taken_from(arguments[0], doc::make_array(call.arena, entries));
}

Result<Value> object_keys(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Object))
    return detail::wrong_type(call, 0, "object", arguments[0]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::Array, arguments);
  std::vector<Value> keys;
  keys.reserve(arguments[0].size());
  for (const doc::Member* member : sorted_members(arguments[0]))
    keys.push_back(detail::taken_from(arguments[0], Value::string(member->name)));
  return doc::make_array(call.arena, keys);
}

Result<Value> length(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_string()) return Value::integer(detail::utf16_length(value.as_string()));
  if (value.is_container()) return Value::integer(static_cast<std::int64_t>(value.size()));
  return detail::wrong_type(call, 0, "array, object or string", value);
}

Result<Value> range(Call& call, Arguments arguments) {
  static constexpr std::int64_t kMaxCount = 10'000;
  static constexpr std::int64_t kMaxEnd = 2'147'483'647;
  const std::int64_t start = RD_TRY(detail::int_at(call, arguments, 0));
  const std::int64_t count = RD_TRY(detail::int_at(call, arguments, 1));
  if (count < 0 || count > kMaxCount) return detail::bad_argument(call, "takes a count of 0 to 10000");
  if (start > kMaxEnd - count) return detail::bad_argument(call, "must not go past 2147483647");
  if (start < -kMaxEnd - 1) return detail::bad_argument(call, "takes a start of -2147483648 or more");
  std::vector<Value> numbers;
  numbers.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i)
    numbers.push_back(Value::integer(start + i));
  return detail::made_of(arguments, doc::make_array(call.arena, numbers));
}

/// skip() and take(): the part between two positions; counts out of range are cut to the value.
Result<Value> part_of(Call& call, Arguments arguments, bool skips) {
  const Value& whole = arguments[0];
  const UnknownType type = detail::type_of(whole);
  const bool open = whole.is_unknown() && type == UnknownType::Any;
  if (type != UnknownType::Array && type != UnknownType::String && !open)
    return detail::wrong_type(call, 0, "array or string", whole);
  if (!detail::can_be(arguments[1], UnknownType::Int))
    return detail::wrong_type(call, 1, "int", arguments[1]);
  if (detail::any_open(arguments)) {
    const Value result = detail::open_result(call, type, arguments);
    if (!arguments[1].is_int()) return result;
    const std::int64_t most = std::max(arguments[1].as_int(), std::int64_t{0});
    const std::optional<Value> slice = skips ? detail::slice_partial(call, whole, most, std::nullopt)
                                             : detail::slice_partial(call, whole, 0, most);
    return slice.value_or(result);
  }
  const std::int64_t size =
      whole.is_string() ? detail::utf16_length(whole.as_string()) : static_cast<std::int64_t>(whole.size());
  const std::int64_t count = std::clamp(arguments[1].as_int(), std::int64_t{0}, size);
  const std::int64_t start = skips ? count : 0;
  const std::int64_t length = skips ? size - count : count;
  if (whole.is_string())
    return detail::taken_from(
        whole, doc::make_string(call.arena, detail::utf16_slice(whole.as_string(), start, length)));
  const Value part =
      Value::array(whole.items().subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(length)));
  return detail::taken_from(whole, part);
}

Result<Value> skip(Call& call, Arguments arguments) { return part_of(call, arguments, true); }
Result<Value> take(Call& call, Arguments arguments) { return part_of(call, arguments, false); }

/// Position of the first or last element that equals; with open elements only when no other can come first.
Result<Value> index_in_array(Call& call, Arguments arguments, bool from_start) {
  const std::span<const Value> items = arguments[0].items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t at = from_start ? i : items.size() - 1 - i;
    const std::optional<bool> equal = detail::certainly_equal(items[at], arguments[1], call.origins);
    if (!equal) return call.origins.derived(UnknownType::Int, call.name, arguments, false);
    if (*equal) return Value::integer(static_cast<std::int64_t>(at));
  }
  return Value::integer(-1);
}

Result<Value> index_of_either(Call& call, Arguments arguments, bool from_start) {
  if (arguments[0].is_array()) return index_in_array(call, arguments, from_start);
  if (!detail::can_be(arguments[0], UnknownType::String) && !detail::can_be(arguments[0], UnknownType::Array))
    return detail::wrong_type(call, 0, "string or array", arguments[0]);
  const bool in_text = detail::type_of(arguments[0]) == UnknownType::String;
  if (in_text && !detail::can_be(arguments[1], UnknownType::String))
    return detail::wrong_type(call, 1, "string", arguments[1]);
  if (detail::any_open(arguments))
    return detail::index_partial(call, arguments[0], arguments[1], from_start)
        .value_or(call.origins.derived(UnknownType::Int, call.name, arguments, false));
  const std::string_view text = arguments[0].as_string();
  const std::string_view part = arguments[1].as_string();
  const std::size_t at = from_start ? find_ignore_case(text, part) : rfind_ignore_case(text, part);
  return Value::integer(at == std::string_view::npos ? -1 : detail::utf16_position(text, at));
}

Result<Value> index_of(Call& call, Arguments arguments) { return index_of_either(call, arguments, true); }
Result<Value> last_index_of(Call& call, Arguments arguments) {
  return index_of_either(call, arguments, false);
}

constexpr auto kBoth = Language::Both;
constexpr auto kArm = Language::Arm;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kHandled = OpenArguments::Handled;
constexpr auto kAny = UnknownType::Any;
constexpr auto kArray = UnknownType::Array;
constexpr auto kObject = UnknownType::Object;
constexpr auto kInt = UnknownType::Int;
constexpr auto kBool = UnknownType::Bool;

constexpr Function kFunctions[] = {
    {"array", 1, 1, kBoth, kArray, kHandled, false, array,
     "The value itself if it is an array, else an array of it"},
    {"contains", 2, 2, kBoth, kBool, kHandled, false, contains,
     "Whether an array, object or string holds something"},
    {"createArray", 0, kAnyCount, kBoth, kArray, kHandled, false, create_array, "An array of the arguments"},
    {"createObject", 0, kAnyCount, kBoth, kObject, kHandled, false, create_object,
     "An object of keys and values"},
    {"distinct", 1, 1, kArm, kArray, kHandled, false, distinct, "The elements of an array, each once"},
    {"empty", 1, 1, kBoth, kBool, kHandled, false, empty,
     "Whether a string, array or object is empty, or null"},
    {"first", 1, 1, kBoth, kAny, kHandled, false, first, "The first element or character"},
    {"flatten", 1, 1, kArm, kArray, kHandled, false, flatten,
     "The elements of arrays in an array, one level"},
    {"indexFromEnd", 2, kAnyCount, kArm, kAny, kHandled, false, detail::index_from_end,
     "The n-th element from the end"},
    {"indexOf", 2, 2, kBoth, kInt, kHandled, false, index_of,
     "First position in a string (case ignored) or array"},
    {"intersection", 2, kAnyCount, kBoth, kAny, kHandled, false, intersection,
     "What all arrays or objects have"},
    {"items", 1, 1, kBoth, kArray, kHandled, false, items, "Key and value of each member, sorted by key"},
    {"last", 1, 1, kBoth, kAny, kHandled, false, last, "The last element or character"},
    {"lastIndexOf", 2, 2, kBoth, kInt, kHandled, false, last_index_of,
     "Last position in a string (case ignored) or array"},
    {"length", 1, 1, kBoth, kInt, kOpaque, false, length, "Elements, members or UTF-16 units"},
    {"objectKeys", 1, 1, kArm, kArray, kHandled, false, object_keys, "The keys of an object, sorted"},
    {"range", 2, 2, kBoth, kArray, kOpaque, false, range, "Consecutive ints, at most 10000"},
    {"shallowMerge", 1, 1, kArm, kObject, kHandled, false, shallow_merge,
     "Objects of an array merged at the top level"},
    {"skip", 2, 2, kBoth, kAny, kHandled, false, skip, "What follows the first elements or characters"},
    {"take", 2, 2, kBoth, kAny, kHandled, false, take, "The first elements or characters"},
    {"tryGet", 2, kAnyCount, kBoth, kAny, kHandled, false, detail::try_get,
     "A member or element, null if it is not there"},
    {"tryIndexFromEnd", 2, kAnyCount, kArm, kAny, kHandled, false, detail::try_index_from_end,
     "The n-th element from the end, null if it is not there"},
    {"union", 2, kAnyCount, kBoth, kAny, kHandled, false, union_of,
     "Arrays or objects merged, objects recursively"},
};

}  // namespace

std::span<const Function> collection_functions() { return kFunctions; }

}  // namespace redoubt::arm
