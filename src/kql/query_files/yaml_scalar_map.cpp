#include <algorithm>
#include <string>

#include "core/utf8.h"
#include "kql/detail/scalar_map.h"

// YAML scalars read a second time, with the places of their bytes. The first reader has found them to be
// right, and what it made of them says where they end.

namespace redoubt::kql::detail {

namespace {

bool is_unicode_break(std::string_view three) { return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9"; }

/// Behind anchor, tag, and the comments and line breaks around them.
std::size_t skip_properties(std::string_view text, std::size_t at) {
  const auto word = [text](std::size_t from, bool to_end_of_line) {
    while (from < text.size() && yaml_break_size(text, from) == 0 &&
           (to_end_of_line || !is_yaml_blank(text[from])))
      ++from;
    return from;
  };
  while (at < text.size()) {
    if (is_yaml_blank(text[at]))
      ++at;
    else if (const std::size_t size = yaml_break_size(text, at); size != 0)
      at += size;
    else if (text[at] == '#' || text[at] == '&' || text[at] == '!')
      at = word(at, text[at] == '#');
    else
      break;
  }
  return at;
}

/// Reads plain and quoted scalars: blanks and line breaks between words are folded.
class FlowScalar {
 public:
  FlowScalar(std::string_view text, std::size_t start, std::string_view decoded)
      : text_(text), at_(start), map_(decoded) {}

  TextMap read() {
    const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_] : '\0';
    if (quote != '\0') ++at_;
    while (!map_.done() && at_ < text_.size())
      if (!step(quote)) break;
    return map_.finish(std::min(at_, text_.size()));
  }

 private:
  bool step(char quote) {
    if (is_yaml_blank(text_[at_]) || yaml_break_size(text_, at_) != 0) return gap(false);
    if (quote == '"' && text_[at_] == '\\') return escape();
    if (quote == '\'' && text_.substr(at_, 2) == "''") return take("'", 2);
    return take(text_.substr(at_, 1), 1);
  }

  bool take(std::string_view bytes, std::size_t size) {
    if (!map_.put(bytes, at_, size)) return false;
    at_ += size;
    return true;
  }

  /// Blanks stay; around line breaks they are lost. One line feed is a blank, of more the first is lost; it
  /// is so too where it was escaped.
  bool gap(bool escaped) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_yaml_blank(text_[at_]))
      ++at_;
    if (!escaped && yaml_break_size(text_, at_) == 0) {
      const std::size_t end = at_;
      at_ = start;
      return take(text_.substr(start, end - start), end - start);
    }
    const bool folded = !escaped && yaml_break_text(text_, at_) == "\n";
    const std::size_t first = at_;
    if (folded) at_ += yaml_break_size(text_, at_);
    bool more = false;
    while (at_ < text_.size() && (is_yaml_blank(text_[at_]) || yaml_break_size(text_, at_) != 0)) {
      const std::size_t size = yaml_break_size(text_, at_);
      if (size == 0) {
        ++at_;
        continue;
      }
      if (!take(yaml_break_text(text_, at_), size)) return false;
      more = true;
    }
    return !folded || more || map_.done() || map_.put(" ", first);
  }

  bool escape() {
    if (at_ + 1 >= text_.size()) return false;
    if (const std::size_t size = yaml_break_size(text_, at_ + 1); size != 0) {
      at_ += 1 + size;
      return gap(true);
    }
    const char letter = text_[at_ + 1];
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    std::string bytes;
    append_utf8(bytes, digits == 0 ? meant(letter) : hex_code(text_, at_ + 2, digits));
    return take(bytes, 2 + digits);
  }

  /// YAML 1.2.2, 5.7 "Escaped Characters".
  static char32_t meant(char letter) {
    constexpr std::string_view kLetters = "0abt\tnvfreN_LP";
    constexpr char32_t kMeant[] = {0,    0x07, 0x08, 0x09, 0x09, 0x0a,   0x0b,
                                   0x0c, 0x0d, 0x1b, 0x85, 0xa0, 0x2028, 0x2029};
    const std::size_t known = kLetters.find(letter);
    return known == std::string_view::npos ? static_cast<unsigned char>(letter) : kMeant[known];
  }

  std::string_view text_;
  std::size_t at_;
  MapBuilder map_;
};

}  // namespace

std::size_t yaml_break_size(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  switch (text[at]) {
    case '\n':
      return 1;
    case '\r':
      return text.substr(at, 2) == "\r\n" ? 2 : 1;
    case '\xc2':
      return text.substr(at, 2) == "\xc2\x85" ? 2 : 0;
    case '\xe2':
      return is_unicode_break(text.substr(at, 3)) ? 3 : 0;
    default:
      return 0;
  }
}

std::string_view yaml_break_text(std::string_view text, std::size_t at) {
  const std::size_t size = yaml_break_size(text, at);
  if (size == 3) return text.substr(at, 3);
  return size == 0 ? std::string_view() : "\n";
}

TextMap map_yaml_scalar(std::string_view text, std::size_t start, std::string_view decoded) {
  const std::size_t at = skip_properties(text, start);
  if (at >= text.size()) return MapBuilder(decoded).finish(text.size());
  if (text[at] == '|' || text[at] == '>') return map_yaml_block(text, at, decoded);
  return FlowScalar(text, at, decoded).read();
}

}  // namespace redoubt::kql::detail
