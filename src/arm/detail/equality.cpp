#include "arm/detail/equality.h"

#include <algorithm>

#include "arm/detail/arguments.h"
#include "arm/open_text.h"

namespace redoubt::arm::detail {
namespace {

using doc::UnknownType;
using doc::Value;

/// Whether a known value can be what an unknown stands for.
bool possible(const Value& unknown, const Value& known) {
  if (known.is_null()) return !unknown.not_null();
  if (unknown.unknown_type() == UnknownType::Any) return true;
  return unknown.unknown_type() == (known.is_real() ? UnknownType::Int : type_of(known));
}

std::optional<bool> texts_equal(const Value& left, const Value& right, const Origins& origins) {
  const std::optional<OpenText> a = OpenText::of(left, origins, false, Scopes::Open);
  const std::optional<OpenText> b = OpenText::of(right, origins, false, Scopes::Open);
  return a && b ? same_text(*a, *b) : std::nullopt;
}

std::optional<bool> open_equal(const Value& left, const Value& right, const Origins& origins) {
  if (left.is_unknown() && right.is_unknown()) {
    if (left.unknown_id() == right.unknown_id()) return true;
    if (left.unknown_type() == UnknownType::Any || right.unknown_type() == UnknownType::Any)
      return std::nullopt;
    if (left.unknown_type() == right.unknown_type()) return texts_equal(left, right, origins);
    if (left.not_null() || right.not_null()) return false;
    return std::nullopt;
  }
  const Value& unknown = left.is_unknown() ? left : right;
  const Value& known = left.is_unknown() ? right : left;
  if (!possible(unknown, known)) return false;
  return known.is_string() ? texts_equal(left, right, origins) : std::nullopt;
}

/// Both sides of a pair that must all be equal: false wins, then unknown.
void combine(std::optional<bool>& whole, const std::optional<bool>& part) {
  if (whole == false || part == true) return;
  whole = part;
}

std::optional<bool> arrays_equal(const Value& left, const Value& right, const Origins& origins) {
  if (left.size() != right.size()) return false;
  std::optional<bool> whole = true;
  for (std::size_t i = 0; i < left.size() && whole != false; ++i)
    combine(whole, certainly_equal(left.items()[i], right.items()[i], origins));
  return whole;
}

std::optional<bool> objects_equal(const Value& left, const Value& right, const Origins& origins) {
  if (left.size() != right.size()) return false;
  std::optional<bool> whole = true;
  for (const doc::Member& member : left.members()) {
    const Value* other = right.find_any_case(member.name);
    if (other == nullptr) return false;
    combine(whole, certainly_equal(member.value, *other, origins));
    if (whole == false) return false;
  }
  return whole;
}

}  // namespace

std::optional<bool> certainly_equal(const Value& left, const Value& right, const Origins& origins) {
  if (left.is_unknown() || right.is_unknown()) return open_equal(left, right, origins);
  if (left.is_array() && right.is_array()) return arrays_equal(left, right, origins);
  if (left.is_object() && right.is_object()) return objects_equal(left, right, origins);
  return doc::equal(left, right);
}

std::optional<bool> certainly_holds(std::span<const Value> items, const Value& wanted,
                                    const Origins& origins) {
  std::optional<bool> found = false;
  for (const Value& item : items) {
    const std::optional<bool> equal = certainly_equal(item, wanted, origins);
    if (equal == true) return true;
    if (!equal) found = std::nullopt;
  }
  return found;
}

bool surely_not_empty(const Value& partial, const Origins& origins) {
  const std::span<const Value> pieces = origins.pieces(partial);
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const Value& piece) { return !piece.is_unknown() && piece.size() > 0; });
}

}  // namespace redoubt::arm::detail
