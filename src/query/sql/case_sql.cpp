#include <fmt/format.h>

#include <unordered_map>
#include <vector>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/pattern.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

namespace {

// The engine's lowerUTF8() and upperUTF8() change the number of characters, and look at the whole word;
// KQL's case goes character by character. Its patterns know more pairs than KQL, too.

constexpr char32_t kFirst = 0x80;
constexpr char32_t kEnd = 0x1F000;  // behind it no character has case

struct CaseTables {
  std::string lower_from;
  std::string lower_to;
  std::string upper_from;
  std::string upper_to;
  /// Characters beyond ASCII that have the same upper case.
  std::unordered_map<char32_t, std::string> families;
};

char32_t only_character(std::string_view text) { return decode_utf8(text, 0).code; }

void add_character(CaseTables& out, char32_t code) {
  std::string text;
  append_utf8(text, code);
  const std::string lower = unicode_lower(text);
  const std::string upper = unicode_upper(text);
  if (lower != text) {
    out.lower_from += text;
    out.lower_to += lower;
  }
  if (upper != text) {
    out.upper_from += text;
    out.upper_to += upper;
  }
  if (lower != text || upper != text) out.families[only_character(upper)] += text;
}

const CaseTables& case_tables() {
  static const CaseTables tables = [] {
    CaseTables out;
    for (char32_t code = kFirst; code < kEnd; ++code)
      if (code < 0xD800 || code >= 0xE000) add_character(out, code);
    return out;
  }();
  return tables;
}

std::string ascii_pattern(char c) {
  // RE2 has the Kelvin sign and the long s in their families, also where it makes one class of [kK] and
  // others.
  if (lower(c) == 'k') return "(?-i:k|K)";
  if (lower(c) == 's') return "(?-i:s|S)";
  return kql::quote_pattern(std::string_view(&c, 1));
}

}  // namespace

std::string in_case(ScalarSql& scalars, const std::string& text, bool upper) {
  const CaseTables& tables = case_tables();
  const std::string_view function = upper ? "upper" : "lower";
  const std::string lambda = fmt::format(
      "(rd_s -> if(lengthUTF8(rd_s) = length(rd_s), {0}(rd_s), translateUTF8({0}(rd_s), {1}, {2})))",
      function, sql_text(upper ? tables.upper_from : tables.lower_from),
      sql_text(upper ? tables.upper_to : tables.lower_to));
  return fmt::format("{}({})", scalars.named(lambda), text);
}

std::string any_case_pattern(std::string_view part) {
  std::string out = "(?i)";
  for (std::size_t at = 0; at < part.size();) {
    const Utf8Character character = decode_utf8(part, at);
    const std::string text(part.substr(at, character.bytes));
    at += character.bytes;
    if (character.code < kFirst) {
      out += ascii_pattern(text[0]);
      continue;
    }
    const auto& families = case_tables().families;
    const auto family = families.find(only_character(unicode_upper(text)));
    // The engine would take some characters without another case, such as a long s, for an s.
    out += fmt::format("(?-i:[{}])", family == families.end() ? text : family->second);
  }
  return out;
}

}  // namespace redoubt::query::sql
