#include <fmt/format.h>

#include <algorithm>

#include "arm/detail/arguments.h"
#include "arm/detail/dotnet_format.h"
#include "arm/detail/lenient_json.h"
#include "arm/detail/partial.h"
#include "arm/detail/text_builder.h"
#include "arm/detail/text_predicates.h"
#include "arm/detail/utf16.h"
#include "core/text.h"
#include "core/utf8.h"

// Text functions of templates. Source: Microsoft Learn "String functions for ARM templates" and semantics.md
// 4.3; what they leave open is .NET's String class, which the service is built on.

namespace redoubt::arm {
namespace {

using detail::Arguments;
using detail::TextBuilder;
using doc::UnknownType;
using doc::Value;

bool is_text_like(const Value& value) {
  switch (detail::type_of(value)) {
    case UnknownType::String:
    case UnknownType::Int:
    case UnknownType::Bool:
      return true;
    default:
      return value.is_real();
  }
}

Result<Value> concat_arrays(Call& call, Arguments arguments) {
  if (detail::any_open(arguments)) return detail::concat_partial(call, arguments);
  std::vector<Value> items;
  for (const Value& array : arguments) {
    if (items.size() + array.size() > static_cast<std::size_t>(kMaxItems)) return detail::too_large(call);
    for (const Value& item : array.items())
      items.push_back(detail::taken_from(array, item));
  }
  return doc::make_array(call.arena, items);
}

Result<Value> concat(Call& call, Arguments arguments) {
  bool arrays = false;
  bool texts = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_array = detail::type_of(arguments[i]) == UnknownType::Array;
    const bool is_open = arguments[i].is_unknown() && arguments[i].unknown_type() == UnknownType::Any;
    if (!is_array && !is_open && !is_text_like(arguments[i]))
      return detail::wrong_type(call, i, "string or array", arguments[i]);
    arrays = arrays || is_array;
    texts = texts || is_text_like(arguments[i]);
    if (arrays && texts) return detail::wrong_type(call, i, "either strings or arrays", arguments[i]);
  }
  if (arrays) return concat_arrays(call, arguments);
  if (!texts) return detail::open_result(call, UnknownType::Any, arguments);
  TextBuilder builder(call);
  for (const Value& argument : arguments) {
    if (argument.is_unknown())
      builder.add(argument);
    else
      builder.add(dotnet_text(argument), argument.secret());
    if (builder.too_large()) break;
  }
  return builder.finish();
}

/// The piece that an open argument makes of a format item.
Value open_piece(Call& call, const detail::FormatItem& item, const Value& argument) {
  const bool plain =
      item.alignment == 0 && (item.format.empty() || detail::type_of(argument) == UnknownType::String);
  if (argument.is_unknown() && plain) return argument;
  const std::string width = item.alignment == 0 ? "" : fmt::format(",{}", item.alignment);
  const std::string format = item.format.empty() ? "" : ":" + item.format;
  const Value pieces[] = {doc::make_string(call.arena, fmt::format("{{0{}{}}}", width, format)), argument};
  return detail::open_result(call, UnknownType::String, pieces);
}

Result<std::string> formatted(const Call& call, const detail::FormatItem& item, const Value& argument) {
  std::string text;
  if (argument.is_number()) {
    const std::optional<std::string> number = detail::format_number(argument, item.format);
    if (!number)
      return detail::bad_argument(call,
                                  "has a number format that does not exist or does not fit its argument");
    text = *number;
  } else {
    text = argument.is_container() ? detail::newtonsoft_json(argument, '\'') : dotnet_text(argument);
  }
  const std::int64_t missing = std::abs(item.alignment) - detail::utf16_length(text);
  if (missing > 0) text.insert(item.alignment > 0 ? 0 : text.size(), static_cast<std::size_t>(missing), ' ');
  return text;
}

Result<Value> format(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::String))
    return detail::wrong_type(call, 0, "string", arguments[0]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::String, arguments);
  const auto items = detail::parse_composite_format(arguments[0].as_string());
  if (!items) return detail::bad_argument(call, "has a format string with unmatched braces or a bad index");
  TextBuilder builder(call);
  for (const detail::FormatItem& item : *items) {
    if (!item.argument) {
      builder.add(item.text, arguments[0].secret());
      continue;
    }
    if (*item.argument + 1 >= arguments.size())
      return detail::bad_argument(
          call, fmt::format("names argument {{{}}}, but only {} stand after the format string",
                            *item.argument, arguments.size() - 1));
    const Value& argument = arguments[*item.argument + 1];
    if (contains_unknown(argument)) {
      builder.add(open_piece(call, item, argument));
    } else {
      const std::string text = RD_TRY(formatted(call, item, argument));
      builder.add(text, contains_secret(argument));
    }
    if (builder.too_large()) break;
  }
  return builder.finish();
}

Result<Value> join(Call& call, Arguments arguments) {
  if (!detail::can_be(arguments[0], UnknownType::Array))
    return detail::wrong_type(call, 0, "array", arguments[0]);
  if (!detail::can_be(arguments[1], UnknownType::String))
    return detail::wrong_type(call, 1, "string", arguments[1]);
  if (arguments[0].is_unknown()) return detail::open_result(call, UnknownType::String, arguments);
  TextBuilder builder(call);
  for (std::size_t i = 0; i < arguments[0].size() && !builder.too_large(); ++i) {
    const Value& item = arguments[0].items()[i];
    if (item.is_container()) return detail::wrong_type(call, 0, "an array of strings, ints or bools", item);
    if (i != 0) builder.add(arguments[1]);
    if (item.is_unknown())
      builder.add(item);
    else
      builder.add(dotnet_text(item), item.secret() || arguments[0].secret());
  }
  return builder.finish();
}

/// toLower and toUpper change each character by itself, so the known pieces of a partial text stay known.
Result<Value> change_case(Call& call, Arguments arguments, std::string (*change)(std::string_view)) {
  const Value& text = arguments[0];
  if (text.is_string()) return detail::text_result(call, change(text.as_string()));
  if (!detail::can_be(text, UnknownType::String)) return detail::wrong_type(call, 0, "string", text);
  const std::span<const Value> pieces = call.origins.pieces(text);
  if (pieces.empty()) return detail::open_result(call, UnknownType::String, arguments);
  TextBuilder builder(call);
  for (const Value& piece : pieces) {
    if (piece.is_string())
      builder.add(change(piece.as_string()), piece.secret());
    else
      builder.add(detail::open_result(call, UnknownType::String, {&piece, 1}));
  }
  return builder.finish();
}

Result<Value> to_lower(Call& call, Arguments arguments) {
  return change_case(call, arguments, unicode_lower);
}
Result<Value> to_upper(Call& call, Arguments arguments) {
  return change_case(call, arguments, unicode_upper);
}

Result<Value> trim_text(Call& call, Arguments arguments) {
  if (detail::any_open(arguments))
    return detail::trim_partial(call, arguments[0])
        .value_or(detail::open_result(call, UnknownType::String, arguments));
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  std::size_t first = std::string_view::npos;
  std::size_t last = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Character character = decode_utf8(text, i);
    const std::size_t next = i + character.bytes;
    if (!character.valid || !is_white_space(character.code)) {
      first = std::min(first, i);
      last = next;
    }
    i = next;
  }
  return first == std::string_view::npos ? Value::string("")
                                         : Value::string(text.substr(first, last - first));
}

Result<Value> replace(Call& call, Arguments arguments) {
  if (detail::any_open(arguments)) {
    const Value open = detail::open_result(call, UnknownType::String, arguments);
    if (!arguments[1].is_string() || !arguments[2].is_string()) return open;
    return detail::replace_partial(call, arguments[0], arguments[1].as_string(), arguments[2].as_string())
        .value_or(open);
  }
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const std::string_view from = RD_TRY(detail::text_at(call, arguments, 1));
  const std::string_view to = RD_TRY(detail::text_at(call, arguments, 2));
  if (from.empty()) return detail::bad_argument(call, "can't replace an empty string");
  std::string out;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(from, start);
    out.append(text.substr(start, end - start));
    if (end == std::string_view::npos) return detail::text_result(call, out);
    out.append(to);
    if (out.size() > kMaxTextBytes) return detail::too_large(call);
    start = end + from.size();
  }
}

Result<Value> pad_left(Call& call, Arguments arguments) {
  if (!arguments[0].is_string() && !arguments[0].is_int())
    return detail::wrong_type(call, 0, "string or int", arguments[0]);
  const std::string text = dotnet_text(arguments[0]);
  const std::int64_t width = RD_TRY(detail::int_at(call, arguments, 1));
  std::string_view pad = " ";
  if (arguments.size() > 2) pad = RD_TRY(detail::text_at(call, arguments, 2));
  if (width < 0) return detail::bad_argument(call, "takes a total length of 0 or more");
  if (detail::utf16_length(pad) != 1) return detail::bad_argument(call, "takes a padding of one character");
  const std::int64_t missing = width - detail::utf16_length(text);
  if (missing > static_cast<std::int64_t>(kMaxTextBytes)) return detail::too_large(call);
  std::string out;
  for (std::int64_t i = 0; i < missing; ++i)
    out += pad;
  return detail::text_result(call, out + text);
}

Result<Value> substring(Call& call, Arguments arguments) {
  if (detail::any_open(arguments)) {
    const Value open = detail::open_result(call, UnknownType::String, arguments);
    if (!arguments[1].is_int() || (arguments.size() > 2 && !arguments[2].is_int())) return open;
    std::optional<std::int64_t> length;
    if (arguments.size() > 2) length = arguments[2].as_int();
    return detail::slice_partial(call, arguments[0], arguments[1].as_int(), length).value_or(open);
  }
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const std::int64_t start = RD_TRY(detail::int_at(call, arguments, 1));
  const std::int64_t size = detail::utf16_length(text);
  if (start < 0 || start > size) return detail::bad_argument(call, "takes a start inside the string");
  std::int64_t count = size - start;
  if (arguments.size() > 2) count = RD_TRY(detail::int_at(call, arguments, 2));
  if (count < 0 || count > size - start)
    return detail::bad_argument(call, "takes a length of 0 or more that ends inside the string");
  return detail::text_result(call, detail::utf16_slice(text, start, count));
}

Result<std::vector<std::string_view>> delimiters(const Call& call, const Value& argument) {
  std::vector<std::string_view> found;
  if (argument.is_string()) return std::vector{argument.as_string()};
  if (!argument.is_array()) return detail::wrong_type(call, 1, "string or array of strings", argument);
  for (const Value& item : argument.items()) {
    if (!item.is_string()) return detail::wrong_type(call, 1, "string or array of strings", item);
    found.push_back(item.as_string());
  }
  return found;
}

Result<Value> split_text(Call& call, Arguments arguments) {
  if (detail::any_open(arguments) || contains_unknown(arguments[1])) {
    const Value open = detail::open_result(call, UnknownType::Array, arguments);
    if (!detail::can_be(arguments[0], UnknownType::String) || contains_unknown(arguments[1])) return open;
    const std::vector<std::string_view> known = RD_TRY(delimiters(call, arguments[1]));
    return detail::split_partial(call, arguments, known).value_or(open);
  }
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const std::vector<std::string_view> separators = RD_TRY(delimiters(call, arguments[1]));
  std::vector<Value> parts;
  std::size_t start = 0;
  const auto add = [&](std::size_t end) {
    parts.push_back(detail::made_of(arguments, Value::string(text.substr(start, end - start))));
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto hit = std::find_if(separators.begin(), separators.end(), [&](std::string_view separator) {
      return !separator.empty() && text.substr(i).starts_with(separator);
    });
    if (hit == separators.end()) {
      ++i;
      continue;
    }
    add(i);
    i += hit->size();
    start = i;
    if (parts.size() >= static_cast<std::size_t>(kMaxItems)) return detail::too_large(call);
  }
  add(text.size());
  return doc::make_array(call.arena, parts);
}

/// Raises the author's own error. A secret message stays out of it.
Result<Value> fail_with(Call& call, Arguments arguments) {
  const Value& message = arguments[0];
  if (!detail::can_be(message, UnknownType::String)) return detail::wrong_type(call, 0, "string", message);
  // A code of its own: the author wants the whole deployment to end, so nothing goes on after it.
  return fail(Error::Kind::InvalidInput, "ARM0304", "fail() was called: " + text_form(message, call.origins));
}

Result<Value> json(Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const Value value = RD_TRY(detail::parse_lenient_json(call, text));
  return detail::made_of(arguments, value);
}

constexpr auto kBoth = Language::Both;
constexpr auto kArm = Language::Arm;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kHandled = OpenArguments::Handled;
constexpr auto kString = UnknownType::String;
constexpr auto kBool = UnknownType::Bool;

constexpr Function kFunctions[] = {
    {"concat", 1, kAnyCount, kBoth, UnknownType::Any, kHandled, true, concat,
     "Joins strings, or joins arrays"},
    {"endsWith", 2, 2, kBoth, kBool, kHandled, false, detail::ends_with,
     "Whether a string ends with another, case ignored"},
    {"fail", 1, 1, kArm, UnknownType::Any, kHandled, false, fail_with, "Ends the evaluation with an error"},
    {"format", 1, kAnyCount, kBoth, kString, kHandled, true, format, "Composite formatting as .NET has it"},
    {"join", 2, 2, kBoth, kString, kHandled, true, join, "Joins the elements of an array into a string"},
    {"json", 1, 1, kBoth, UnknownType::Any, kOpaque, true, json, "The value that a JSON text stands for"},
    {"like", 2, 2, kArm, kBool, kHandled, false, detail::like,
     "Whether a string matches a pattern with *, case ignored"},
    {"padLeft", 2, 3, kBoth, kString, kOpaque, true, pad_left, "Fills a string up on its left"},
    {"replace", 3, 3, kBoth, kString, kHandled, true, replace, "Replaces all occurrences of a string"},
    {"split", 2, 2, kBoth, UnknownType::Array, kHandled, true, split_text,
     "Splits a string at one or more delimiters"},
    {"startsWith", 2, 2, kBoth, kBool, kHandled, false, detail::starts_with,
     "Whether a string begins with another, case ignored"},
    {"substring", 2, 3, kBoth, kString, kHandled, true, substring,
     "A part of a string; out of range is an error"},
    {"toLower", 1, 1, kBoth, kString, kHandled, true, to_lower, "Lower case, invariant culture"},
    {"toUpper", 1, 1, kBoth, kString, kHandled, true, to_upper, "Upper case, invariant culture"},
    {"trim", 1, 1, kBoth, kString, kHandled, true, trim_text, "Takes white space off both ends"},
};

}  // namespace

std::span<const Function> text_functions() { return kFunctions; }

}  // namespace redoubt::arm
