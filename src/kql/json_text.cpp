#include "kql/json_text.h"

#include <algorithm>

#include "core/result.h"
#include "core/utf8.h"

namespace redoubt::kql {

namespace {

/// Where the string that begins at `at` ends.
std::size_t string_end(std::string_view json, std::size_t at) {
  ++at;
  for (;;) {
    at = json.find_first_of("\"\\", at);
    if (at == std::string_view::npos) return json.size();
    if (json[at] == '"') return at + 1;
    at += 2;  // with what the backslash stands in front of
  }
}

/// Where the value that begins at `at` ends.
std::size_t value_end(std::string_view json, std::size_t at) {
  if (json[at] == '"') return string_end(json, at);
  if (json[at] != '[' && json[at] != '{') return std::min(json.find_first_of(",]}", at), json.size());
  std::size_t depth = 0;
  while (at < json.size()) {
    at = json.find_first_of("\"[]{}", at);
    if (at == std::string_view::npos) return json.size();
    const char c = json[at];
    if (c == '"') {
      at = string_end(json, at);
      continue;
    }
    ++at;
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return at;
  }
  return json.size();
}

/// Calls `visit(name, value)` for the parts of a container until it gives false; the name is empty in arrays.
template <class Visit>
void each_part(std::string_view json, Visit visit) {
  const bool bag = json.front() == '{';
  std::size_t at = 1;
  while (at < json.size() && json[at] != ']' && json[at] != '}') {
    std::string_view name;
    if (bag) {
      const std::size_t end = string_end(json, at);
      name = json.substr(at, end - at);
      at = end + 1;
    }
    const std::size_t end = value_end(json, at);
    if (!visit(name, json.substr(at, end - at))) return;
    at = end + 1;
  }
}

std::uint32_t hex_digits(std::string_view text) {
  std::uint32_t out = 0;
  for (const char c : text)
    out = out * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return out;
}

/// Decodes `\uXXXX` at `at`, with the half that follows it; gives where it ends. Half a pair is U+FFFD.
std::size_t append_escaped_code(std::string& out, std::string_view json, std::size_t at) {
  std::uint32_t code = hex_digits(json.substr(at + 2, 4));
  at += 6;
  if (code >= 0xD800 && code < 0xDC00 && json.substr(at, 2) == "\\u") {
    const std::uint32_t low = hex_digits(json.substr(at + 2, 4));
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    }
  }
  append_utf8(out, code >= 0xD800 && code < 0xE000 ? U'\uFFFD' : static_cast<char32_t>(code));
  return at;
}

}  // namespace

JsonKind json_kind(std::string_view json) {
  if (json.empty()) return JsonKind::Null;
  switch (json.front()) {
    case '"':
      return JsonKind::String;
    case '[':
      return JsonKind::Array;
    case '{':
      return JsonKind::Bag;
    case 't':
    case 'f':
      return JsonKind::Bool;
    case 'n':
      return JsonKind::Null;
    default:
      return json.find_first_of(".E") == std::string_view::npos ? JsonKind::Long : JsonKind::Real;
  }
}

std::string_view json_member(std::string_view bag, std::string_view name) {
  if (json_kind(bag) != JsonKind::Bag) return {};
  std::string_view found;
  each_part(bag, [&](std::string_view quoted, std::string_view value) {
    const std::string_view inner = quoted.substr(1, quoted.size() - 2);
    const bool same =
        inner.find('\\') == std::string_view::npos ? inner == name : json_string(quoted) == name;
    if (same) found = value;
    return !same;
  });
  return found;
}

std::string_view json_element(std::string_view array, std::int64_t index) {
  if (json_kind(array) != JsonKind::Array) return {};
  if (index < 0) index += static_cast<std::int64_t>(json_count(array));
  if (index < 0) return {};
  std::string_view found;
  each_part(array, [&](std::string_view, std::string_view value) {
    if (index == 0) found = value;
    return index-- != 0;
  });
  return found;
}

std::vector<std::string_view> json_elements(std::string_view array) {
  std::vector<std::string_view> out;
  if (json_kind(array) != JsonKind::Array) return out;
  each_part(array, [&](std::string_view, std::string_view value) {
    out.push_back(value);
    return true;
  });
  return out;
}

std::vector<std::pair<std::string_view, std::string_view>> json_members(std::string_view bag) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  if (json_kind(bag) != JsonKind::Bag) return out;
  each_part(bag, [&](std::string_view name, std::string_view value) {
    out.emplace_back(name, value);
    return true;
  });
  return out;
}

std::size_t json_count(std::string_view array) {
  std::size_t count = 0;
  if (json_kind(array) != JsonKind::Array) return 0;
  each_part(array, [&](std::string_view, std::string_view) { return ++count != 0; });
  return count;
}

std::string json_string(std::string_view json) {
  const std::string_view inner = json.substr(1, json.size() - 2);
  if (inner.find('\\') == std::string_view::npos) return std::string(inner);
  std::string out;
  for (std::size_t at = 0; at < inner.size();) {
    if (inner[at] != '\\') {
      out += inner[at++];
      continue;
    }
    const char c = inner[at + 1];
    if (c == 'u') {
      at = append_escaped_code(out, inner, at);
      continue;
    }
    static constexpr std::string_view kLetters = "bfnrt";
    static constexpr std::string_view kCharacters = "\b\f\n\r\t";
    const std::size_t letter = kLetters.find(c);
    out += letter == std::string_view::npos ? c : kCharacters[letter];
    at += 2;
  }
  return out;
}

void append_json_of_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const Utf8Character character = decode_utf8(text, at);
      append_utf8(out, character.valid ? character.code : U'\uFFFD');
      at += character.bytes;
      continue;
    }
    ++at;
    static constexpr std::string_view kCharacters = "\"\\\b\f\n\r\t";
    static constexpr std::string_view kLetters = "\"\\bfnrt";
    if (const std::size_t known = kCharacters.find(c); known != std::string_view::npos) {
      out += '\\';
      out += kLetters[known];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      static constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[static_cast<std::size_t>(c) >> 4U];
      out += kHex[static_cast<std::size_t>(c) & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_of_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_of_text(out, text);
  return out;
}

std::string json_array(const std::vector<std::string_view>& elements) {
  std::string out = "[";
  for (const std::string_view element : elements) {
    if (out.size() > 1) out += ',';
    out += element;
  }
  return out += ']';
}

std::string json_bag(const std::vector<std::pair<std::string_view, std::string_view>>& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out.append(name).append(1, ':').append(value);
  }
  return out += '}';
}

std::string sorted_json(std::string_view json) {
  const JsonKind kind = json_kind(json);
  std::string out;
  if (kind == JsonKind::Array) {
    out = "[";
    for (const std::string_view element : json_elements(json))
      out.append(out.size() > 1 ? "," : "").append(sorted_json(element));
    return out += ']';
  }
  if (kind != JsonKind::Bag) return std::string(json);
  auto members = json_members(json);
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  out = "{";
  for (const auto& [name, value] : members)
    out.append(out.size() > 1 ? "," : "").append(name).append(1, ':').append(sorted_json(value));
  return out += '}';
}

}  // namespace redoubt::kql
