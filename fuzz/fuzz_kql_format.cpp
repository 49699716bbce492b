#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/format.h"
#include "kql/lexer.h"

using namespace redoubt;

// What is formatted has the same tokens and comments as before, and formatting it again changes nothing;
// whatever the width.
namespace {

/// Tokens, and in front of each its comments without blanks.
std::vector<std::string> content_of(std::string_view text) {
  std::vector<std::string> out;
  for (const kql::Token& token : kql::tokenize(text)) {
    const std::string_view leading = text.substr(token.offset - token.leading, token.leading);
    std::string comments;
    if (leading.find("//") != std::string_view::npos)
      for (const char c : leading)
        if (c > ' ' && c < 0x7f) comments += c;
    out.push_back(comments);
    out.emplace_back(text.substr(token.offset, token.size));
  }
  return out;
}

void check(std::string_view query, const kql::FormatOptions& options) {
  const Result<std::string> formatted = kql::format(query, options);
  if (!formatted) {
    RD_CHECK(formatted.error().code == "KQL0301");
    return;
  }
  RD_CHECK(content_of(query) == content_of(*formatted));
  const Result<std::string> again = kql::format(*formatted, options);
  RD_CHECK(again.has_value() && *again == *formatted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  kql::FormatOptions options;
  options.limits.max_depth = 100;  // of frames with sanitizers
  check(query, options);
  options.width = 20;
  check(query, options);
  return 0;
}
