#include "arm/detail/access_path.h"

#include <algorithm>

#include "arm/detail/partial.h"
#include "arm/evaluate.h"

namespace redoubt::arm::detail {
namespace {

using doc::UnknownType;
using doc::Value;

Result<Value> from_end(Call& call, const Value& base, const Value& index, bool safe) {
  if (safe && base.is_null()) return Value::null();
  if (!can_be(base, UnknownType::Array)) return wrong_type(call, 0, "array", base);
  if (!can_be(index, UnknownType::Int)) return wrong_type(call, 1, "int", index);
  const Value pair[] = {base, index};
  if (base.is_unknown() && index.is_int())
    if (const std::optional<Value> known = element_from_end_partial(call.origins, base, index.as_int()))
      return *known;
  if (any_open(pair)) return call.origins.derived(UnknownType::Any, "indexFromEnd", pair);
  const std::int64_t from = index.as_int();
  if (from >= 1 && from <= static_cast<std::int64_t>(base.size()))
    return taken_from(base, base.items()[base.size() - static_cast<std::size_t>(from)]);
  if (safe) return Value::null();
  return bad_argument(call, "takes an index from 1 to the number of elements");
}

/// A secret name: access() would show it in an origin or a message.
Result<Value> secret_step(Call& call, const Value& base, const Value& key, bool safe) {
  const Value pair[] = {base, key};
  if (any_open(pair)) return open_result(call, UnknownType::Any, pair);
  const Result<Value> found = access(call.origins, base, key, safe);
  if (!found) return bad_argument(call, "finds nothing under a secret name");
  return found->as_secret();
}

Result<Value> step(Call& call, const Value& base, const Value& key, bool safe) {
  if (contains_secret(key)) return secret_step(call, base, key, safe);
  if (!key.is_object()) return access(call.origins, base, key, safe);
  const Value* index = key.find_any_case("value");
  if (index == nullptr)
    return bad_argument(call, "takes a name, an index, or an object with value and fromEnd");
  const Value* backwards = key.find_any_case("fromEnd");
  if (backwards != nullptr && backwards->is_bool() && backwards->as_bool())
    return from_end(call, base, *index, safe);
  return access(call.origins, base, *index, safe);
}

Result<Value> follow(Call& call, Result<Value> first, Arguments rest, bool safe) {
  if (!first) return first;
  Value value = *first;
  for (const Value& key : rest) {
    if (safe && value.is_null()) return value;
    value = RD_TRY(step(call, value, key, false));
  }
  return value;
}

}  // namespace

Result<Value> try_get(Call& call, Arguments arguments) {
  const Value& base = arguments[0];
  if (!base.is_null() && !base.is_unknown() && !base.is_container())
    return wrong_type(call, 0, "array, object or null", base);
  return follow(call, step(call, base, arguments[1], true), arguments.subspan(2), true);
}

Result<Value> index_from_end(Call& call, Arguments arguments) {
  return follow(call, from_end(call, arguments[0], arguments[1], false), arguments.subspan(2), false);
}

Result<Value> try_index_from_end(Call& call, Arguments arguments) {
  return follow(call, from_end(call, arguments[0], arguments[1], true), arguments.subspan(2), true);
}

}  // namespace redoubt::arm::detail
