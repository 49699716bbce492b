#include "doc/row_text.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/text.h"
#include "doc/detail/check_text.h"

namespace redoubt::doc {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMaxEnvelope = std::size_t{1} << 20;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Follows the brackets of a text.
class Splitter {
 public:
  Splitter(std::string_view text, std::span<const std::string_view> keys, const KnownRowSize& known)
      : text_(text), keys_(keys), known_(known) {}

  std::optional<RowText> run() {
    at_ = detail::byte_order_mark(text_);
    const std::size_t begin = at_;
    bool whole = false;
    if (look() == '[') {
      whole = take_list() && at_end();
    } else if (look() == '{') {
      whole = take_envelope(begin);
      if (!whole && out_.rows.empty()) {
        at_ = begin;
        whole = take_lines();
      }
    }
    if (!whole) return std::nullopt;
    return std::move(out_);
  }

 private:
  /// The next character that is no white space; NUL at the end.
  char look() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool at_end() {
    look();
    return at_ == text_.size();
  }

  /// Behind the string that begins at `at`.
  std::size_t string_end(std::size_t at) const {
    while (true) {
      const void* found = std::memchr(text_.data() + at + 1, '"', text_.size() - at - 1);
      if (found == nullptr) return kNone;
      const auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
      std::size_t back = quote;
      while (text_[back - 1] == '\\')
        --back;
      if ((quote - back) % 2 == 0) return quote + 1;
      at = quote;
    }
  }

  /// Behind the value that begins at `at`, an object or a list.
  std::size_t brackets_end(std::size_t at) const {
    std::size_t depth = 0;
    while (at < text_.size()) {
      switch (text_[at]) {
        case '"':
          at = string_end(at);
          if (at == kNone) return kNone;
          continue;
        case '{':
        case '[':
          ++depth;
          break;
        case '}':
        case ']':
          if (--depth == 0) return at + 1;
          break;
        case '/':
          return kNone;
        default:
          break;
      }
      ++at;
    }
    return kNone;
  }

  bool take_row() {
    const std::size_t known = known_ ? known_(at_, out_.rows) : 0;
    const std::size_t end = known != 0 ? at_ + known : brackets_end(at_);
    if (end == kNone || end > std::numeric_limits<std::uint32_t>::max()) return false;
    out_.rows.push_back({static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end - at_)});
    at_ = end;
    return true;
  }

  /// A list of objects.
  bool take_list() {
    ++at_;
    if (look() == ']') {
      ++at_;
      return true;
    }
    while (look() == '{') {
      if (!take_row()) return false;
      const char next = look();
      ++at_;
      if (next == ']') return true;
      if (next != ',') return false;
    }
    return false;
  }

  /// One object, or several that stand in a line each. Only so does a line break lie between rows, whose ends
  /// are overwritten while they are read.
  bool take_lines() {
    out_.lines = true;
    while (look() == '{') {
      if (!take_row()) return false;
      const RowSpan row = out_.rows.back();
      out_.lines = out_.lines && text_.substr(row.offset, row.size).find('\n') == kNone && ends_line();
      if (out_.rows.size() > 1 && !out_.lines) return false;
    }
    return at_end();
  }

  bool ends_line() const {
    const std::size_t next = text_.find_first_not_of(" \t\r", at_);
    return next == kNone || text_[next] == '\n';
  }

  /// Behind the value of a member of the envelope.
  bool skip_value() {
    const char first = look();
    if (first == '"') {
      at_ = string_end(at_);
    } else if (first == '{' || first == '[') {
      at_ = brackets_end(at_);
    } else {
      at_ = text_.find_first_of(",}/", at_);
      if (at_ != kNone && text_[at_] == '/') return false;
    }
    return at_ != kNone;
  }

  bool is_list_key(std::string_view key) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](std::string_view one) { return equal_any_case(one, key); });
  }

  /// An object with one list of rows.
  bool take_envelope(std::size_t begin) {
    std::size_t list_begin = kNone;
    std::size_t list_end = kNone;
    ++at_;
    while (look() == '"') {
      const std::size_t key = at_;
      at_ = string_end(at_);
      if (at_ == kNone || look() != ':') return false;
      const std::string_view name = text_.substr(key + 1, text_.find('"', key + 1) - key - 1);
      if (name.find('\\') != kNone) return false;
      const bool rows = is_list_key(name);
      ++at_;
      if (rows) {
        if (list_begin != kNone || look() != '[') return false;
        list_begin = at_;
        if (!take_list()) return false;
        list_end = at_;
      } else if (!skip_value()) {
        return false;
      }
      const char next = look();
      ++at_;
      if (next == ',') continue;
      if (next != '}' || list_begin == kNone || !at_end()) return false;
      const std::size_t around = text_.size() - (list_end - list_begin);
      if (around > kMaxEnvelope) return false;
      out_.envelope = text_.substr(begin, list_begin - begin);
      out_.envelope += "[]";
      out_.envelope += text_.substr(list_end);
      return true;
    }
    return false;
  }

  std::string_view text_;
  std::span<const std::string_view> keys_;
  const KnownRowSize& known_;
  std::size_t at_ = 0;
  RowText out_;
};

}  // namespace

std::optional<RowText> split_rows(std::string_view text, std::span<const std::string_view> list_keys,
                                  const KnownRowSize& known) {
  return Splitter(text, list_keys, known).run();
}

}  // namespace redoubt::doc
