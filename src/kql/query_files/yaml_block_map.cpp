#include <algorithm>

#include "kql/detail/scalar_map.h"

namespace redoubt::kql::detail {

namespace {

std::size_t blanks(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_yaml_blank(text[at + count]))
    ++count;
  return count;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  while (at < text.size() && yaml_break_size(text, at) == 0)
    ++at;
  return at;
}

/// Reads literal and folded block scalars (YAML 1.2.2, 8.1) as libyaml does.
class BlockScalar {
 public:
  BlockScalar(std::string_view text, std::size_t start, std::string_view decoded)
      : text_(text), at_(start), folded_(text[start] == '>'), decoded_(decoded), map_(decoded) {}

  TextMap read() {
    at_ = end_of_line(text_, at_);
    at_ += yaml_break_size(text_, at_);
    indentation_ = find_indentation();
    skip_breaks();
    bool good = true;
    while (good && !map_.done() && at_ < text_.size())
      good = line();
    // What is left are the line breaks at the end, as far as they are kept.
    if (good && !map_.done() && put_break()) put_breaks();
    return map_.finish(map_.done() ? map_.behind_last() : std::min(at_, text_.size()));
  }

 private:
  /// The first line that is not empty stands behind as many line breaks as were decoded in front of it; what
  /// it has more than was decoded is indentation.
  std::size_t find_indentation() const {
    std::size_t at = at_;
    std::size_t decoded = 0;
    while (const std::size_t size = yaml_break_size(decoded_, decoded)) {
      decoded += size;
      at = end_of_line(text_, at);
      at += yaml_break_size(text_, at);
    }
    const std::size_t written = blanks(text_, at);
    const std::size_t kept = blanks(decoded_, decoded);
    return written > kept ? written - kept : 0;
  }

  void skip_indentation() {
    for (std::size_t i = 0; i < indentation_ && at_ < text_.size() && text_[at_] == ' '; ++i)
      ++at_;
  }

  /// Up to the next line with content, whose first byte is then the next; the breaks wait.
  void skip_breaks() {
    breaks_ = at_;
    skip_indentation();
    while (const std::size_t size = yaml_break_size(text_, at_)) {
      at_ += size;
      skip_indentation();
    }
    breaks_end_ = at_;
  }

  bool put_breaks() {
    for (std::size_t at = breaks_; at < breaks_end_ && !map_.done(); ++at) {
      const std::size_t size = yaml_break_size(text_, at);
      if (size == 0) continue;
      if (!map_.put(yaml_break_text(text_, at), at, size)) return false;
      at += size - 1;
    }
    return true;
  }

  /// The break behind the last line.
  bool put_break() {
    return break_ == kNone ||
           map_.put(yaml_break_text(text_, break_), break_, yaml_break_size(text_, break_));
  }

  bool line() {
    const bool blank = is_yaml_blank(text_[at_]);
    const bool fold =
        folded_ && break_ != kNone && yaml_break_text(text_, break_) == "\n" && !blank_before_ && !blank;
    if (!fold) {
      if (!put_break()) return false;
    } else if (!has_breaks() && !map_.put(" ", break_)) {
      return false;
    }
    if (!put_breaks()) return false;
    blank_before_ = blank;
    const std::size_t end = end_of_line(text_, at_);
    if (!map_.put(text_.substr(at_, end - at_), at_)) return false;
    at_ = end;
    const std::size_t size = yaml_break_size(text_, at_);
    break_ = size == 0 ? kNone : at_;
    at_ += size;
    skip_breaks();
    return true;
  }

  bool has_breaks() const {
    for (std::size_t at = breaks_; at < breaks_end_; ++at)
      if (yaml_break_size(text_, at) != 0) return true;
    return false;
  }

  static constexpr std::size_t kNone = ~std::size_t{0};

  std::string_view text_;
  std::size_t at_;
  bool folded_;
  std::string_view decoded_;
  MapBuilder map_;
  std::size_t indentation_ = 0;
  std::size_t break_ = kNone;  // behind the last line
  std::size_t breaks_ = 0;     // those of empty lines, with their blanks
  std::size_t breaks_end_ = 0;
  bool blank_before_ = false;  // the last line began with a blank
};

}  // namespace

TextMap map_yaml_block(std::string_view text, std::size_t start, std::string_view decoded) {
  return BlockScalar(text, start, decoded).read();
}

}  // namespace redoubt::kql::detail
