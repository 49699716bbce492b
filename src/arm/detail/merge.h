#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "arm/detail/arguments.h"

namespace redoubt::arm::detail {

/// An object under construction: names without regard to case, the first spelling and place stay.
class ObjectBuilder {
 public:
  /// Adds the member, or puts the value in its place.
  void set(std::string_view name, const doc::Value& value);
  /// The value under the name, or null.
  doc::Value* find(std::string_view name);
  doc::Value finish(Arena& arena) const { return doc::make_object(arena, members_); }

 private:
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<doc::Member> members_;
};

/// union() of objects: nested objects are merged, everything else is replaced by the later value.
doc::Value merge_objects(Call& call, Arguments objects);

/// union() of arrays: the elements in order, each once. An unknown array when that hangs on what is open.
Result<doc::Value> merge_arrays(Call& call, Arguments arrays);

/// intersection(): what stands in all of them, in the order of the first.
doc::Value common_members(Call& call, Arguments objects);
doc::Value common_items(Call& call, Arguments arrays);

}  // namespace redoubt::arm::detail
