#include "store/sql_text.h"

namespace redoubt::store {

namespace {

std::string quoted_with(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\0') {
      out += "\\0";
      continue;
    }
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string sql_text(std::string_view text) { return quoted_with(text, '\''); }
std::string sql_name(std::string_view name) { return quoted_with(name, '`'); }

}  // namespace redoubt::store
