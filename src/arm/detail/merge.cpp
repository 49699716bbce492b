#include "arm/detail/merge.h"

#include <algorithm>

#include "arm/detail/equality.h"
#include "core/text.h"

namespace redoubt::arm::detail {

using doc::UnknownType;
using doc::Value;

void ObjectBuilder::set(std::string_view name, const Value& value) {
  const auto [row, is_new] = index_.try_emplace(unicode_lower(name), members_.size());
  if (is_new)
    members_.push_back({name, value});
  else
    members_[row->second].value = value;
}

Value* ObjectBuilder::find(std::string_view name) {
  const auto row = index_.find(unicode_lower(name));
  return row == index_.end() ? nullptr : &members_[row->second].value;
}

namespace {

/// What stands under a name after a later object has its say.
Value merged(Call& call, const Value& earlier, const Value& later) {
  const Value pair[] = {earlier, later};
  if (earlier.is_object() && later.is_object()) return merge_objects(call, pair);
  const bool both_open = can_be(earlier, UnknownType::Object) && can_be(later, UnknownType::Object);
  if (both_open && (earlier.is_unknown() || later.is_unknown())) {
    const bool sure = type_of(earlier) == UnknownType::Object && type_of(later) == UnknownType::Object;
    return open_result(call, sure ? UnknownType::Object : UnknownType::Any, pair);
  }
  return later;
}

/// Distinct values in order; quick look-up for text, which is what lists hold.
class DistinctItems {
 public:
  explicit DistinctItems(const Origins& origins) : origins_(origins) {}

  /// False when it can't be told whether the item is new.
  bool add(const Value& item) {
    if (item.is_string() && plain_) {
      if (texts_.try_emplace(item.as_string(), items_.size()).second) items_.push_back(item);
      return true;
    }
    plain_ = plain_ && item.is_string();
    const std::optional<bool> held = certainly_holds(items_, item, origins_);
    if (held == false) items_.push_back(item);
    return held.has_value();
  }

  const std::vector<Value>& items() const { return items_; }

 private:
  const Origins& origins_;
  bool plain_ = true;
  std::unordered_map<std::string_view, std::size_t> texts_;
  std::vector<Value> items_;
};

/// More comparisons than this are refused: lists of objects are compared pair by pair.
constexpr std::size_t kMaxCompared = 10'000;

}  // namespace

Value merge_objects(Call& call, Arguments objects) {
  ObjectBuilder builder;
  bool secret = false;
  for (const Value& object : objects) {
    secret = secret || object.secret();
    for (const doc::Member& member : object.members()) {
      const Value value = taken_from(object, member.value);
      const Value* earlier = builder.find(member.name);
      builder.set(member.name, earlier == nullptr ? value : merged(call, *earlier, value));
    }
  }
  const Value result = builder.finish(call.arena);
  return secret ? result.as_secret() : result;
}

Result<Value> merge_arrays(Call& call, Arguments arrays) {
  DistinctItems distinct(call.origins);
  for (const Value& array : arrays) {
    const bool simple = std::all_of(array.items().begin(), array.items().end(),
                                    [](const Value& item) { return item.is_string(); });
    if (!simple && distinct.items().size() + array.size() > kMaxCompared) return too_large(call);
    for (const Value& item : array.items())
      if (!distinct.add(taken_from(array, item))) return open_result(call, UnknownType::Array, arrays);
  }
  return doc::make_array(call.arena, distinct.items());
}

Value common_members(Call& call, Arguments objects) {
  ObjectBuilder builder;
  for (const doc::Member& member : objects[0].members()) {
    std::optional<bool> common = true;
    for (const Value& object : objects.subspan(1)) {
      const Value* other = object.find_any_case(member.name);
      const std::optional<bool> equal =
          other == nullptr ? std::optional(false) : certainly_equal(member.value, *other, call.origins);
      if (equal == true) continue;
      common = equal;
      if (equal == false) break;
    }
    if (!common) return open_result(call, UnknownType::Object, objects);
    if (*common) builder.set(member.name, taken_from(objects[0], member.value));
  }
  return taken_from(objects[0], builder.finish(call.arena));
}

Value common_items(Call& call, Arguments arrays) {
  std::vector<Value> common;
  for (const Value& item : arrays[0].items()) {
    std::optional<bool> everywhere = certainly_holds(common, item, call.origins);
    if (everywhere == true) continue;
    if (everywhere) everywhere = true;
    for (const Value& array : arrays.subspan(1)) {
      const std::optional<bool> held = certainly_holds(array.items(), item, call.origins);
      if (held == true) continue;
      everywhere = held;
      if (held == false) break;
    }
    if (!everywhere) return open_result(call, UnknownType::Array, arrays);
    if (*everywhere) common.push_back(taken_from(arrays[0], item));
  }
  return doc::make_array(call.arena, common);
}

}  // namespace redoubt::arm::detail
