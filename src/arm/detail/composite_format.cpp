#include <charconv>

#include "arm/detail/dotnet_format.h"

namespace redoubt::arm::detail {
namespace {

constexpr std::int64_t kLargest = 999'999;

class CompositeParser {
 public:
  explicit CompositeParser(std::string_view text) : text_(text) {}

  std::optional<std::vector<FormatItem>> parse() {
    std::string literal;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if ((c == '{' || c == '}') && doubled) {
        literal += c;
        at_ += 2;
      } else if (c == '}') {
        return std::nullopt;
      } else if (c != '{') {
        literal += c;
        ++at_;
      } else {
        items_.push_back({.text = std::move(literal), .argument = {}, .format = {}});
        literal.clear();
        if (!parse_argument()) return std::nullopt;
      }
    }
    items_.push_back({.text = std::move(literal), .argument = {}, .format = {}});
    return std::move(items_);
  }

 private:
  // index [spaces] [, [spaces] [-]width [spaces]] [:format] }
  bool parse_argument() {
    ++at_;
    FormatItem item;
    const std::optional<std::int64_t> index = number();
    if (!index) return false;
    item.argument = static_cast<std::size_t>(*index);
    skip_spaces();
    if (take(',')) {
      skip_spaces();
      const bool negative = take('-');
      const std::optional<std::int64_t> width = number();
      if (!width) return false;
      item.alignment = negative ? -*width : *width;
      skip_spaces();
    }
    if (take(':') && !parse_format(item.format)) return false;
    if (!take('}')) return false;
    items_.push_back(std::move(item));
    return true;
  }

  bool parse_format(std::string& format) {
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == '{') return false;
      format += text_[at_++];
    }
    return at_ < text_.size();
  }

  std::optional<std::int64_t> number() {
    std::int64_t value = 0;
    const char* first = text_.data() + at_;
    const char* last = text_.data() + text_.size();
    if (first == last || *first == '-') return std::nullopt;
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc() || value > kLargest) return std::nullopt;
    at_ += static_cast<std::size_t>(end - first);
    return value;
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ')
      ++at_;
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<FormatItem> items_;
};

}  // namespace

std::optional<std::vector<FormatItem>> parse_composite_format(std::string_view format) {
  return CompositeParser(format).parse();
}

}  // namespace redoubt::arm::detail
