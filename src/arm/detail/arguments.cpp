#include "arm/detail/arguments.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::arm::detail {

using doc::UnknownType;
using doc::Value;

tl::unexpected<Error> wrong_type(const Call& call, std::size_t index, std::string_view expected,
                                 const Value& got) {
  return fail(Error::Kind::InvalidInput, "ARM0301",
              fmt::format("{}() takes {} as argument {}, not {}", call.name, expected, index + 1,
                          got.is_unknown() ? name_of(got.unknown_type()) : name_of(got.kind())));
}

tl::unexpected<Error> bad_argument(const Call& call, std::string_view text) {
  return fail(Error::Kind::InvalidInput, "ARM0302", fmt::format("{}() {}", call.name, text));
}

tl::unexpected<Error> too_large(const Call& call) {
  return fail(
      Error::Kind::Limit, "ARM0302",
      fmt::format("{}() gives more than {} bytes or {} elements", call.name, kMaxTextBytes, kMaxItems));
}

Result<std::string_view> text_at(const Call& call, Arguments arguments, std::size_t index) {
  if (!arguments[index].is_string()) return wrong_type(call, index, "string", arguments[index]);
  return arguments[index].as_string();
}

Result<std::int64_t> int_at(const Call& call, Arguments arguments, std::size_t index) {
  if (!arguments[index].is_int()) return wrong_type(call, index, "int", arguments[index]);
  return arguments[index].as_int();
}

Result<std::span<const doc::Member>> object_at(const Call& call, Arguments arguments, std::size_t index) {
  if (!arguments[index].is_object()) return wrong_type(call, index, "object", arguments[index]);
  return arguments[index].members();
}

Result<Value> text_result(Call& call, std::string_view text) {
  if (text.size() > kMaxTextBytes) return too_large(call);
  return doc::make_string(call.arena, text);
}

Value open_result(Call& call, doc::UnknownType type, Arguments arguments) {
  return call.origins.derived(type, call.name, arguments);
}

Value taken_from(const Value& container, const Value& value) {
  return container.secret() ? value.as_secret() : value;
}

Value made_of(Arguments arguments, const Value& value) {
  return std::any_of(arguments.begin(), arguments.end(), doc::contains_secret) ? value.as_secret() : value;
}

bool any_open(Arguments arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const Value& value) { return value.is_unknown(); });
}

UnknownType type_of(const Value& value) {
  switch (value.kind()) {
    case doc::Kind::String:
      return UnknownType::String;
    case doc::Kind::Int:
      return UnknownType::Int;
    case doc::Kind::Bool:
      return UnknownType::Bool;
    case doc::Kind::Array:
      return UnknownType::Array;
    case doc::Kind::Object:
      return UnknownType::Object;
    case doc::Kind::Unknown:
      return value.unknown_type();
    case doc::Kind::Null:
    case doc::Kind::Real:
      break;
  }
  return UnknownType::Any;
}

bool can_be(const Value& value, UnknownType type) {
  if (value.is_unknown() && value.unknown_type() == UnknownType::Any) return true;
  return type != UnknownType::Any && type_of(value) == type;
}

}  // namespace redoubt::arm::detail
