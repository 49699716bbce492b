#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/arena.h"

namespace redoubt::doc {

/// A byte in a source file. file 0 means "nowhere"; Sources turns a place into file, line and column.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t offset = 0;

  explicit operator bool() const { return file != 0; }
  bool operator==(const Place&) const = default;
};

enum class Kind : std::uint8_t { Null, Bool, Int, Real, String, Array, Object, Unknown };

/// What is known about the type of an unknown value.
enum class UnknownType : std::uint8_t { Any, String, Int, Bool, Array, Object };

/// `string`, `int`, ... as contracts write it in `$unknown.type`.
std::string_view name_of(UnknownType type);
std::optional<UnknownType> unknown_type(std::string_view name);
/// `null`, `bool`, `int`, `real`, `string`, `array`, `object`, `unknown`.
std::string_view name_of(Kind kind);

struct Member;

/// One node of an immutable JSON-like tree: 32 bytes, trivially copyable, passed by reference or value.
///
/// Text, items and members live in the arena or the source text of the document that made the node and
/// must outlive it. Members keep the order of the input; a name stands once in an object (readers keep
/// the last of duplicates and say so). Every node knows its place in the source; a computed value also
/// knows where its value came from (parameter file, default, variable).
/// Kind::Unknown stands for a value the input leaves open: two unknowns with the same id are equal.
/// A secret value may be computed with but is printed as "$secret".
class Value {
 public:
  constexpr Value() = default;

  static Value null() { return {}; }
  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value real(double value);
  /// Refers to the text; copy it into an arena first where it is not long-lived.
  static Value string(std::string_view text);
  static Value array(std::span<const Value> items);
  static Value object(std::span<const Member> members);
  /// id: opaque, given out by the owner of the table of origins. An unknown may be null unless `not_null`.
  static Value unknown(UnknownType type, std::uint64_t id, bool not_null = false);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::Null; }
  bool is_bool() const { return kind_ == Kind::Bool; }
  bool is_int() const { return kind_ == Kind::Int; }
  bool is_real() const { return kind_ == Kind::Real; }
  bool is_number() const { return is_int() || is_real(); }
  bool is_string() const { return kind_ == Kind::String; }
  bool is_array() const { return kind_ == Kind::Array; }
  bool is_object() const { return kind_ == Kind::Object; }
  bool is_unknown() const { return kind_ == Kind::Unknown; }
  bool is_container() const { return is_array() || is_object(); }

  // The accessors check the kind.
  bool as_bool() const;
  std::int64_t as_int() const;
  /// Of an int or a real.
  double as_real() const;
  std::string_view as_string() const;
  std::span<const Value> items() const;
  std::span<const Member> members() const;
  std::uint64_t unknown_id() const;
  UnknownType unknown_type() const;
  bool not_null() const { return (flags_ & kNotNull) != 0; }
  /// An unknown text that surely holds no slash: one name of a path.
  bool is_segment() const { return (flags_ & kSegment) != 0; }

  /// Characters (bytes), items or members; 0 for scalars.
  std::size_t size() const { return size_; }

  /// The member of that exact name, or null. Also null when this is no object. Linear in the members.
  const Value* find(std::string_view name) const;
  /// The same, an exact match first, otherwise the first name equal without regard to ASCII case.
  const Value* find_any_case(std::string_view name) const;
  const Member* find_member_any_case(std::string_view name) const;
  /// The text of a string member, or nothing.
  std::optional<std::string_view> text_of(std::string_view name) const;

  bool secret() const { return (flags_ & kSecret) != 0; }
  Place place() const { return place_; }
  /// Where the value came from: its own second place, else its place.
  Place value_place() const { return origin_ ? origin_ : place_; }
  bool has_own_value_place() const { return static_cast<bool>(origin_); }

  Value as_secret() const;
  Value as_segment() const;
  Value at(Place place) const;
  Value from(Place origin) const;

 private:
  static constexpr std::uint8_t kSecret = 1;
  static constexpr std::uint8_t kNotNull = 2;
  static constexpr std::uint8_t kSegment = 4;

  Kind kind_ = Kind::Null;
  std::uint8_t flags_ = 0;
  UnknownType unknown_type_ = UnknownType::Any;
  std::uint32_t size_ = 0;
  union {
    std::int64_t int_ = 0;
    bool bool_;
    double real_;
    const char* text_;
    const Value* items_;
    const Member* members_;
    std::uint64_t unknown_;
  };
  Place place_;
  Place origin_;
};

struct Member {
  std::string_view name;
  Value value;
};

/// Equal kind and content, unknowns by id; numbers by value (1 equals 1.0); names and text with case;
/// the order of members does not matter. Places and secrecy are not compared.
bool equal(const Value& left, const Value& right);

/// True when the value or anything inside it is secret (or unknown).
bool contains_secret(const Value& value);
bool contains_unknown(const Value& value);

/// What is inside a value. Parts that several places share count at each place, as they would when written.
struct Contents {
  std::uint64_t nodes = 0;
  bool secret = false;
  bool unknown = false;
};
/// Stops looking soon after `limit` nodes, so that a value doubled many times over is found out cheaply.
Contents inspect(const Value& value, std::uint64_t limit);

/// A copy in `arena` that needs nothing of the document the value came from.
Value deep_copy(const Value& value, Arena& arena);

/// Puts values together; all spans and text are copied into the arena.
Value make_string(Arena& arena, std::string_view text);
Value make_array(Arena& arena, std::span<const Value> items);
Value make_object(Arena& arena, std::span<const Member> members);

}  // namespace redoubt::doc
