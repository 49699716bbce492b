#include <fmt/format.h>

#include <cmath>

#include "arm/detail/dotnet_format.h"
#include "core/utf8.h"

namespace redoubt::arm::detail {
namespace {

using doc::Kind;
using doc::Value;

constexpr std::string_view kEscaped = "\b\t\n\f\r\\";
constexpr std::string_view kEscapes = "btnfr\\";
constexpr std::string_view kNextLine = "\xc2\x85";
constexpr std::string_view kLineSeparator = "\xe2\x80\xa8";
constexpr std::string_view kParagraphSeparator = "\xe2\x80\xa9";

void append_string(std::string& out, std::string_view text, char quote) {
  out += quote;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = text.substr(i);
    if (const std::size_t escape = kEscaped.find(c); escape != std::string_view::npos) {
      out.append("\\").append(1, kEscapes[escape]);
    } else if (c == quote) {
      out.append("\\").append(1, quote);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (rest.starts_with(kNextLine)) {
      out += "\\u0085";
      i += kNextLine.size() - 1;
    } else if (rest.starts_with(kLineSeparator) || rest.starts_with(kParagraphSeparator)) {
      out += rest.starts_with(kLineSeparator) ? "\\u2028" : "\\u2029";
      i += kLineSeparator.size() - 1;
    } else {
      out += c;
    }
  }
  out += quote;
}

void append_json(std::string& out, const Value& value, char quote);

void append_container(std::string& out, const Value& value, char quote) {
  const bool is_array = value.is_array();
  out += is_array ? '[' : '{';
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i != 0) out += ',';
    if (!is_array) {
      append_string(out, value.members()[i].name, quote);
      out += ':';
    }
    append_json(out, is_array ? value.items()[i] : value.members()[i].value, quote);
  }
  out += is_array ? ']' : '}';
}

void append_json(std::string& out, const Value& value, char quote) {
  switch (value.kind()) {
    case Kind::Bool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::Int:
      out += std::to_string(value.as_int());
      return;
    case Kind::Real: {
      const std::string digits = dotnet_real(value.as_real());
      out += digits;
      if (digits.find_first_of(".EN") == std::string::npos) out += ".0";
      return;
    }
    case Kind::String:
      append_string(out, value.as_string(), quote);
      return;
    case Kind::Array:
    case Kind::Object:
      append_container(out, value, quote);
      return;
    case Kind::Null:
    case Kind::Unknown:
      out += "null";
      return;
  }
}

}  // namespace

std::string newtonsoft_json(const Value& value, char quote) {
  std::string out;
  append_json(out, value, quote);
  return out;
}

}  // namespace redoubt::arm::detail
