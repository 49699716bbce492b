#include <algorithm>

#include "arm/detail/equality.h"
#include "arm/detail/merge.h"
#include "arm/detail/partial.h"
#include "arm/detail/utf16.h"

namespace redoubt::arm::detail {

using doc::UnknownType;
using doc::Value;

namespace {

/// A known text or array: its units or elements from `start` on, `count` of them.
Value slice(Call& call, const Value& known, std::int64_t start, std::int64_t count) {
  if (known.is_string())
    return taken_from(known, doc::make_string(call.arena, utf16_slice(known.as_string(), start, count)));
  return taken_from(known, Value::array(known.items().subspan(static_cast<std::size_t>(start),
                                                              static_cast<std::size_t>(count))));
}

std::int64_t size_of(const Value& known) {
  return known.is_string() ? utf16_length(known.as_string()) : static_cast<std::int64_t>(known.size());
}

std::string text_of(Call& call, Arguments arguments) {
  return call.origins.at(open_result(call, UnknownType::Array, arguments).unknown_id()).text;
}

/// Arrays with those known in part taken apart.
std::vector<Value> array_pieces(const Origins& origins, Arguments arrays) {
  std::vector<Value> out;
  for (const Value& array : arrays) {
    const std::span<const Value> pieces = origins.pieces(array);
    if (!array.is_unknown() || pieces.empty()) out.push_back(array);
    for (const Value& piece : pieces)
      out.push_back(taken_from(array, piece));
  }
  return out;
}

}  // namespace

std::optional<Value> slice_partial(Call& call, const Value& whole, std::int64_t start,
                                   std::optional<std::int64_t> count) {
  const std::span<const Value> pieces = call.origins.pieces(whole);
  if (pieces.empty() || pieces.front().is_unknown() || start < 0) return std::nullopt;
  const Value& head = pieces.front();
  const std::int64_t size = size_of(head);
  if (start > size || (count && (*count < 0 || *count > size - start))) return std::nullopt;
  if (count) return taken_from(whole, slice(call, head, start, *count));
  std::vector<Value> rest(pieces.begin(), pieces.end());
  rest.front() = slice(call, head, start, size - start);
  if (head.is_string()) return call.origins.partial_text(rest);
  const Value from[] = {whole, Value::integer(start)};
  return call.origins.partial_array(rest, text_of(call, from));
}

std::optional<Value> end_partial(Call& call, const Value& whole, bool at_start) {
  const std::span<const Value> pieces = call.origins.pieces(whole);
  if (pieces.empty()) return std::nullopt;
  const Value& end = at_start ? pieces.front() : pieces.back();
  if (end.is_unknown()) return std::nullopt;
  if (end.is_array())
    return taken_from(whole, taken_from(end, at_start ? end.items().front() : end.items().back()));
  return taken_from(whole, slice(call, end, at_start ? 0 : size_of(end) - 1, 1));
}

std::optional<Value> element_partial(const Origins& origins, const Value& array, std::int64_t index) {
  const std::span<const Value> pieces = origins.pieces(array);
  if (index < 0 || pieces.empty() || !pieces.front().is_array()) return std::nullopt;
  const std::span<const Value> items = pieces.front().items();
  if (static_cast<std::uint64_t>(index) >= items.size()) return std::nullopt;
  return taken_from(array, taken_from(pieces.front(), items[static_cast<std::size_t>(index)]));
}

std::optional<Value> element_from_end_partial(const Origins& origins, const Value& array,
                                              std::int64_t index) {
  const std::span<const Value> pieces = origins.pieces(array);
  if (index < 1 || pieces.empty() || !pieces.back().is_array()) return std::nullopt;
  const std::span<const Value> items = pieces.back().items();
  if (static_cast<std::uint64_t>(index) > items.size()) return std::nullopt;
  return taken_from(array, taken_from(pieces.back(), items[items.size() - static_cast<std::size_t>(index)]));
}

Value concat_partial(Call& call, Arguments arrays) {
  return call.origins.partial_array(array_pieces(call.origins, arrays), text_of(call, arrays));
}

Value union_partial(Call& call, Arguments arrays) {
  const Value open = open_result(call, UnknownType::Array, arrays);
  std::vector<Value> before;
  std::vector<Value> all;
  bool seen_open = false;
  for (const Value& piece : array_pieces(call.origins, arrays)) {
    seen_open = seen_open || !piece.is_array();
    if (!piece.is_array()) continue;
    all.push_back(piece);
    if (!seen_open) before.push_back(piece);
  }
  const Result<Value> head = merge_arrays(call, before);
  const Result<Value> whole = merge_arrays(call, all);
  if (!head || !whole || !head->is_array() || !whole->is_array()) return open;
  // What stands first stays first. Where the others come to stand hangs on what the open ones hold.
  const Value others = Value::array(whole->items().subspan(head->size()));
  const Value rest[] = {open, Value::string("behind")};
  const Value pieces[] = {*head, open, others, call.origins.derived(UnknownType::Array, call.name, rest)};
  const std::size_t used = others.size() == 0 ? 2 : 4;
  return call.origins.partial_array(std::span(pieces).first(used), call.origins.at(open.unknown_id()).text);
}

std::optional<bool> holds_partial(const Origins& origins, const Value& array, const Value& wanted) {
  for (const Value& piece : origins.pieces(array))
    if (piece.is_array() && certainly_holds(piece.items(), wanted, origins) == true) return true;
  return std::nullopt;
}

}  // namespace redoubt::arm::detail
