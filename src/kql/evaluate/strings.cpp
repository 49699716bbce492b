#include <algorithm>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

Result<Value> strcat(const Call& call) {
  std::string out;
  for (const Value& argument : call.arguments)
    out += to_text(argument);
  return text_result(call, std::move(out));
}

Result<Value> strcat_delim(const Call& call) {
  const std::string delimiter = call.text(0);
  std::string out;
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (i > 1) out += delimiter;
    out += call.text(i);
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return text_result(call, std::move(out));
}

Result<Value> strcat_array(const Call& call) {
  const Value array = convert(call[0], Type::Dynamic);
  const std::string delimiter = call.text(1);
  std::string out;
  bool first = true;
  for (const std::string_view element : json_elements(array.is_null() ? std::string_view() : array.json())) {
    if (!first) out += delimiter;
    first = false;
    out += to_text(Value::of_dynamic(std::string(element)));
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return Value::of_string(std::move(out));
}

Result<Value> strlen(const Call& call) {
  return Value::of_long(static_cast<std::int64_t>(character_count(call.text(0))));
}
Result<Value> string_size(const Call& call) {
  return Value::of_long(static_cast<std::int64_t>(call.text(0).size()));
}
Result<Value> to_lower(const Call& call) { return text_result(call, unicode_lower(call.text(0))); }
Result<Value> to_upper(const Call& call) { return text_result(call, unicode_upper(call.text(0))); }

/// A negative start counts from the end; what lies outside is cut off.
Result<Value> substring(const Call& call) {
  const std::string text = call.text(0);
  std::int64_t start = call.whole(1).value_or(0);
  const std::int64_t count = call.size() > 2 ? call.whole(2).value_or(0) : INT64_MAX;
  if (start < 0) start = std::max<std::int64_t>(0, static_cast<std::int64_t>(character_count(text)) + start);
  if (count <= 0) return Value::of_string({});
  const std::string_view from =
      std::string_view(text).substr(character_offset(text, static_cast<std::size_t>(start)));
  return Value::of_string(
      std::string(from.substr(0, character_offset(from, static_cast<std::size_t>(count)))));
}

Result<Value> reverse(const Call& call) {
  const std::string text = call.text(0);
  std::string out;
  out.resize(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = decode_utf8(text, at).bytes;
    std::copy_n(text.data() + at, bytes, out.data() + (text.size() - at - bytes));
    at += bytes;
  }
  return Value::of_string(std::move(out));
}

/// Start, length (-1: to the end) and occurrence may be given; null for invalid ones. As the engine has it, a
/// match must begin within the length, but need not end there.
Result<Value> indexof(const Call& call) {
  const std::string text = call.text(0);
  const std::string sought = call.text(1);
  const auto count = static_cast<std::int64_t>(character_count(text));
  std::int64_t start = call.size() > 2 ? call.whole(2).value_or(0) : 0;
  const std::int64_t length = call.size() > 3 ? call.whole(3).value_or(-1) : -1;
  std::int64_t occurrence = call.size() > 4 ? call.whole(4).value_or(1) : 1;
  if (length < -1 || occurrence < 0) return Value::null(Type::Long);
  if (start < 0) start = std::max<std::int64_t>(0, count + start);
  if (start > count || occurrence == 0) return Value::of_long(-1);
  const std::string_view range =
      std::string_view(text).substr(character_offset(text, static_cast<std::size_t>(start)));
  std::size_t at = range.find(sought);
  while (at != std::string_view::npos && --occurrence > 0)
    at = range.find(sought, at + 1);
  if (at == std::string_view::npos) return Value::of_long(-1);
  const auto offset = static_cast<std::int64_t>(character_count(range.substr(0, at)));
  return Value::of_long(length >= 0 && offset >= length ? -1 : start + offset);
}

Result<Value> split(const Call& call) {
  const std::string text = call.text(0);
  const std::string delimiter = call.text(1);
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; !delimiter.empty() && (at = text.find(delimiter, from)) != std::string::npos;) {
    parts.push_back(std::string_view(text).substr(from, at - from));
    from = at + delimiter.size();
  }
  parts.push_back(std::string_view(text).substr(from));
  if (call.given(2) != nullptr) {
    const std::int64_t index = call.whole(2).value_or(-1);
    if (index < 0 || index >= static_cast<std::int64_t>(parts.size()))
      parts.clear();
    else
      parts = {parts[static_cast<std::size_t>(index)]};
  }
  std::string out = "[";
  for (const std::string_view part : parts) {
    if (out.size() > 1) out += ',';
    append_json_of_text(out, part);
  }
  return dynamic_result(call, out + "]");
}

Result<Value> strrep(const Call& call) {
  static constexpr std::int64_t kMost = 1024;
  const std::string text = call.text(0);
  const std::string delimiter = call.size() > 2 ? call.text(2) : "";
  const std::int64_t times = std::clamp<std::int64_t>(call.whole(1).value_or(0), 0, kMost);
  if ((text.size() + delimiter.size()) * static_cast<std::size_t>(times) > call.context.limits.max_bytes)
    return too_large(call);
  std::string out;
  for (std::int64_t i = 0; i < times; ++i)
    out += i == 0 ? text : delimiter + text;
  return Value::of_string(std::move(out));
}

Result<Value> strcmp(const Call& call) {
  const int order = call.text(0).compare(call.text(1));
  return Value::of_long(order < 0 ? -1 : order > 0 ? 1 : 0);
}

std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character character = decode_utf8(text, at);
    out += character.valid ? character.code : U'\uFFFD';
    at += character.bytes;
  }
  return out;
}

/// A short list of replacements is filled up with its last character; an empty one deletes.
Result<Value> translate(const Call& call) {
  const std::u32string from = characters(call.text(0));
  const std::u32string to = characters(call.text(1));
  std::string out;
  for (const char32_t code : characters(call.text(2))) {
    const std::size_t at = from.find(code);
    if (at == std::u32string::npos)
      append_utf8(out, code);
    else if (!to.empty())
      append_utf8(out, to[std::min(at, to.size() - 1)]);
  }
  return text_result(call, std::move(out));
}

void append_code(std::string& out, const Value& value) {
  const std::int64_t code = whole_of(value).value_or(-1);
  if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return;
  append_utf8(out, static_cast<char32_t>(code));
}

Result<Value> codepoints_to_string(const Call& call) {
  std::string out;
  for (const Value& argument : call.arguments) {
    if (!argument.is(Type::Dynamic) || argument.is_null()) {
      append_code(out, argument);
      continue;
    }
    const bool array = json_kind(argument.json()) == JsonKind::Array;
    for (const std::string_view element : json_elements(argument.json()))
      append_code(out, Value::of_dynamic(std::string(element)));
    if (!array) append_code(out, argument);
  }
  return text_result(call, std::move(out));
}

Result<Value> codepoints_from_string(const Call& call) {
  std::string out = "[";
  for (const char32_t code : characters(call.text(0)))
    out.append(out.size() > 1 ? "," : "").append(std::to_string(static_cast<std::uint32_t>(code)));
  return dynamic_result(call, out + "]");
}

Result<Value> is_ascii_text(const Call& call) { return Value::of_bool(is_ascii(call.text(0))); }
Result<Value> is_utf8_text(const Call& call) { return Value::of_bool(valid_utf8(call.text(0))); }

/// The first text of the list that the source has as a term; -1: none, or an empty list.
Result<Value> has_any_index(const Call& call) {
  const Value list = convert(call[1], Type::Dynamic);
  std::int64_t index = 0;
  for (const std::string_view element : json_elements(list.is_null() ? std::string_view() : list.json())) {
    const Value part = Value::of_dynamic(std::string(element));
    if (apply(TokenKind::HasKeyword, call[0], part).as_bool()) return Value::of_long(index);
    ++index;
  }
  return Value::of_long(-1);
}

constexpr EvaluationRow kRows[] = {{"array_strcat", strcat_array, 2, 2},
                                   {"has_any_index", has_any_index, 2, 2},
                                   {"indexof", indexof, 2, 5},
                                   {"isascii", is_ascii_text},
                                   {"isutf8", is_utf8_text},
                                   {"make_string", codepoints_to_string, 1, kMany},
                                   {"reverse", reverse},
                                   {"split", split, 2, 3},
                                   {"strcat", strcat, 1, kMany},
                                   {"strcat_array", strcat_array, 2, 2},
                                   {"strcat_delim", strcat_delim, 2, kMany},
                                   {"strcmp", strcmp, 2, 2},
                                   {"string_size", string_size},
                                   {"strlen", strlen},
                                   {"strrep", strrep, 2, 3},
                                   {"substring", substring, 2, 3},
                                   {"to_utf8", codepoints_from_string},
                                   {"tolower", to_lower},
                                   {"toupper", to_upper},
                                   {"translate", translate, 3, 3},
                                   {"unicode_codepoints_from_string", codepoints_from_string},
                                   {"unicode_codepoints_to_string", codepoints_to_string, 1, kMany}};

}  // namespace

EvaluationRows string_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
