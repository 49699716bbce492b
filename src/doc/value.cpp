#include "doc/value.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/result.h"
#include "core/text.h"

namespace redoubt::doc {

static_assert(sizeof(Value) == 32);

namespace {

constexpr std::array<std::string_view, 6> kUnknownTypes = {"any", "string", "int", "bool", "array", "object"};
constexpr std::array<std::string_view, 8> kKinds = {"null",   "bool",  "int",    "real",
                                                    "string", "array", "object", "unknown"};

std::uint32_t narrow(std::size_t size) {
  RD_CHECK(size <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(size);
}

}  // namespace

std::string_view name_of(UnknownType type) { return kUnknownTypes[static_cast<std::size_t>(type)]; }

std::string_view name_of(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<UnknownType> unknown_type(std::string_view name) {
  for (std::size_t i = 0; i < kUnknownTypes.size(); ++i)
    if (kUnknownTypes[i] == name) return static_cast<UnknownType>(i);
  return std::nullopt;
}

Value Value::boolean(bool value) {
  Value out;
  out.kind_ = Kind::Bool;
  out.bool_ = value;
  return out;
}

Value Value::integer(std::int64_t value) {
  Value out;
  out.kind_ = Kind::Int;
  out.int_ = value;
  return out;
}

Value Value::real(double value) {
  Value out;
  out.kind_ = Kind::Real;
  out.real_ = value;
  return out;
}

Value Value::string(std::string_view text) {
  Value out;
  out.kind_ = Kind::String;
  out.size_ = narrow(text.size());
  out.text_ = text.data();
  return out;
}

Value Value::array(std::span<const Value> items) {
  Value out;
  out.kind_ = Kind::Array;
  out.size_ = narrow(items.size());
  out.items_ = items.data();
  return out;
}

Value Value::object(std::span<const Member> members) {
  Value out;
  out.kind_ = Kind::Object;
  out.size_ = narrow(members.size());
  out.members_ = members.data();
  return out;
}

Value Value::unknown(UnknownType type, std::uint64_t id, bool not_null) {
  Value out;
  out.kind_ = Kind::Unknown;
  out.unknown_type_ = type;
  out.unknown_ = id;
  if (not_null) out.flags_ |= kNotNull;
  return out;
}

bool Value::as_bool() const {
  RD_CHECK(is_bool());
  return bool_;
}

std::int64_t Value::as_int() const {
  RD_CHECK(is_int());
  return int_;
}

double Value::as_real() const {
  RD_CHECK(is_number());
  return is_int() ? static_cast<double>(int_) : real_;
}

std::string_view Value::as_string() const {
  RD_CHECK(is_string());
  return {text_, size_};
}

std::span<const Value> Value::items() const {
  RD_CHECK(is_array());
  return {items_, size_};
}

std::span<const Member> Value::members() const {
  RD_CHECK(is_object());
  return {members_, size_};
}

std::uint64_t Value::unknown_id() const {
  RD_CHECK(is_unknown());
  return unknown_;
}

UnknownType Value::unknown_type() const {
  RD_CHECK(is_unknown());
  return unknown_type_;
}

const Value* Value::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const Member& member : members())
    if (member.name == name) return &member.value;
  return nullptr;
}

const Member* Value::find_member_any_case(std::string_view name) const {
  if (!is_object()) return nullptr;
  const Member* found = nullptr;
  for (const Member& member : members()) {
    if (member.name.size() != name.size()) continue;
    if (member.name == name) return &member;
    if (found == nullptr && equal_any_case(member.name, name)) found = &member;
  }
  return found;
}

const Value* Value::find_any_case(std::string_view name) const {
  const Member* member = find_member_any_case(name);
  return member == nullptr ? nullptr : &member->value;
}

std::optional<std::string_view> Value::text_of(std::string_view name) const {
  const Value* value = find_any_case(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->as_string();
}

Value Value::as_secret() const {
  Value out = *this;
  out.flags_ |= kSecret;
  return out;
}

Value Value::as_segment() const {
  Value out = *this;
  out.flags_ |= kSegment;
  return out;
}

Value Value::at(Place place) const {
  Value out = *this;
  out.place_ = place;
  return out;
}

Value Value::from(Place origin) const {
  Value out = *this;
  out.origin_ = origin;
  return out;
}

bool equal(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) {
    if (left.is_int() && right.is_int()) return left.as_int() == right.as_int();
    return left.as_real() == right.as_real();
  }
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return left.as_bool() == right.as_bool();
    case Kind::String:
      return left.as_string() == right.as_string();
    case Kind::Unknown:
      return left.unknown_id() == right.unknown_id();
    case Kind::Array:
      return std::equal(left.items().begin(), left.items().end(), right.items().begin(), right.items().end(),
                        equal);
    case Kind::Object: {
      if (left.size() != right.size()) return false;
      return std::all_of(left.members().begin(), left.members().end(), [&](const Member& member) {
        const Value* other = right.find(member.name);
        return other != nullptr && equal(member.value, *other);
      });
    }
    case Kind::Int:
    case Kind::Real:
      break;
  }
  return false;
}

namespace {

template <class Predicate>
bool any_node(const Value& value, const Predicate& predicate) {
  if (predicate(value)) return true;
  if (value.is_array())
    return std::any_of(value.items().begin(), value.items().end(),
                       [&](const Value& item) { return any_node(item, predicate); });
  if (value.is_object())
    return std::any_of(value.members().begin(), value.members().end(),
                       [&](const Member& member) { return any_node(member.value, predicate); });
  return false;
}

/// Keeps flags and places of `like`.
Value keep_marks(Value value, const Value& like) {
  if (like.secret()) value = value.as_secret();
  value = value.at(like.place());
  return like.has_own_value_place() ? value.from(like.value_place()) : value;
}

}  // namespace

bool contains_secret(const Value& value) {
  return any_node(value, [](const Value& node) { return node.secret(); });
}

bool contains_unknown(const Value& value) {
  return any_node(value, [](const Value& node) { return node.is_unknown(); });
}

namespace {

void inspect_into(const Value& value, std::uint64_t limit, Contents& contents) {
  if (++contents.nodes > limit) return;
  contents.secret = contents.secret || value.secret();
  contents.unknown = contents.unknown || value.is_unknown();
  if (value.is_array())
    for (const Value& item : value.items()) {
      if (contents.nodes > limit) return;
      inspect_into(item, limit, contents);
    }
  if (value.is_object())
    for (const Member& member : value.members()) {
      if (contents.nodes > limit) return;
      inspect_into(member.value, limit, contents);
    }
}

}  // namespace

Contents inspect(const Value& value, std::uint64_t limit) {
  Contents contents;
  inspect_into(value, limit, contents);
  return contents;
}

Value deep_copy(const Value& value, Arena& arena) {
  switch (value.kind()) {
    case Kind::String:
      return keep_marks(make_string(arena, value.as_string()), value);
    case Kind::Array: {
      std::vector<Value> items;
      items.reserve(value.size());
      for (const Value& item : value.items())
        items.push_back(deep_copy(item, arena));
      return keep_marks(make_array(arena, items), value);
    }
    case Kind::Object: {
      std::vector<Member> members;
      members.reserve(value.size());
      for (const Member& member : value.members())
        members.push_back({arena.copy(member.name), deep_copy(member.value, arena)});
      return keep_marks(make_object(arena, members), value);
    }
    default:
      return value;
  }
}

Value make_string(Arena& arena, std::string_view text) { return Value::string(arena.copy(text)); }

Value make_array(Arena& arena, std::span<const Value> items) { return Value::array(arena.copy(items)); }

Value make_object(Arena& arena, std::span<const Member> members) {
  return Value::object(arena.copy(members));
}

}  // namespace redoubt::doc
