#include "arm/detail/lenient_json.h"

#include <fmt/format.h>

#include "arm/detail/arguments.h"
#include "doc/json.h"

namespace redoubt::arm::detail {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool continues_name(char c) { return begins_name(c) || (c >= '0' && c <= '9') || c == '-'; }

/// Rewrites single-quoted strings and bare member names to double-quoted ones. What is no JSON stays so.
class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  std::string rewrite() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'')
        copy_string(c);
      else if (begins_name(c))
        copy_word();
      else
        out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  void copy_string(char quote) {
    out_ += '"';
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        const char escaped = text_[++at_];
        if (escaped != '\'') out_ += '\\';
        out_ += escaped;
      } else if (c == '"') {
        out_ += "\\\"";
      } else {
        out_ += c;
      }
    }
    if (at_ < text_.size()) {
      out_ += '"';
      ++at_;
    }
  }

  // A word before a colon is a member's name, any other one (true, null) stays as it is.
  void copy_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && continues_name(text_[at_]))
      ++at_;
    const std::size_t next = text_.find_first_not_of(kSpace, at_);
    const bool is_name = next != std::string_view::npos && text_[next] == ':';
    if (is_name) out_ += '"';
    out_ += text_.substr(start, at_ - start);
    if (is_name) out_ += '"';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

Result<doc::Value> parse_lenient_json(Call& call, std::string_view text) {
  const doc::JsonLimits limits{.max_bytes = kMaxTextBytes, .max_depth = 256, .max_nodes = kMaxItems};
  Result<doc::Value> value = doc::parse_json(call.arena, text, limits);
  if (value || text.size() > kMaxTextBytes) return value ? value : too_large(call);
  Result<doc::Value> lenient = doc::parse_json(call.arena, Rewriter(text).rewrite(), limits);
  if (lenient) return lenient;
  const Where& where = value.error().where;
  if (where.line == 0) return bad_argument(call, "got text that is not JSON");
  return bad_argument(
      call, fmt::format("got text that is not JSON, from line {}, column {}", where.line, where.column));
}

}  // namespace redoubt::arm::detail
