#include <charconv>
#include <cmath>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/json_text.h"
#include "kql/value.h"

namespace redoubt::kql {

namespace {

/// One pass over the text, one stack of open brackets.
class Normalizer {
 public:
  Normalizer(std::string_view text, const JsonTextLimits& limits) : text_(text), limits_(limits) {}

  std::optional<std::string> run() {
    if (text_.size() > limits_.max_bytes || !valid_utf8(text_)) return std::nullopt;
    out_.reserve(text_.size());
    do {
      skip_blanks();
      if (!value()) return std::nullopt;
      while (!open_.empty() && after_value()) {
      }
      if (failed_) return std::nullopt;
    } while (!open_.empty());
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return std::move(out_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
      ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    out_ += c;
    return true;
  }
  bool fail() {
    failed_ = true;
    return false;
  }

  /// A scalar, or a container up to its first value.
  bool value() {
    for (;;) {
      const char c = peek();
      if (c != '[' && c != '{') return scalar(c);
      if (open_.size() == limits_.max_depth) return false;
      open_ += c;
      out_ += c;
      ++at_;
      if (take(c == '[' ? ']' : '}')) {
        open_.pop_back();
        return true;
      }
      if (c == '{' && !name()) return false;
      skip_blanks();
    }
  }

  /// Behind a value: true when a container ended and so is a value itself, false when another value follows.
  bool after_value() {
    const char open = open_.back();
    if (take(open == '[' ? ']' : '}')) {
      open_.pop_back();
      return true;
    }
    if (!take(',') || (open == '{' && !name())) return fail();
    skip_blanks();
    return false;
  }

  bool name() {
    skip_blanks();
    return peek() == '"' && string() && take(':');
  }

  bool scalar(char c) {
    if (c == '"') return string();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      out_ += word;
      at_ += word.size();
      return true;
    }
    return number();
  }

  std::size_t digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9')
      ++at_;
    return at_ - from;
  }

  bool number() {
    const std::size_t from = at_;
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    bool real = false;
    if (peek() == '.') {
      real = true;
      ++at_;
      if (digits() == 0) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      real = true;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) return false;
    }
    append_number(text_.substr(from, at_ - from), real);
    return true;
  }

  void append_number(std::string_view digits, bool real) {
    std::int64_t whole = 0;
    if (!real && std::from_chars(digits.data(), digits.data() + digits.size(), whole).ec == std::errc()) {
      out_ += std::to_string(whole);
      return;
    }
    const double value = read_real(digits).value_or(NAN);
    out_ += std::isfinite(value) ? real_text(value) : json_of_text(real_text(value));
  }

  bool string() {
    const std::size_t from = at_++;
    bool plain = true;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return false;
      if (text_[at_] != '\\') continue;
      plain = false;
      if (!escape()) return false;
    }
    if (at_ == text_.size()) return false;
    const std::string_view quoted = text_.substr(from, ++at_ - from);
    if (plain)
      out_ += quoted;
    else
      append_json_of_text(out_, json_string(quoted));
    return true;
  }

  /// Stands on its last character afterwards.
  bool escape() {
    const char c = ++at_ < text_.size() ? text_[at_] : '\0';
    if (c != 'u') return c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i)
      if (++at_ >= text_.size() || !std::isxdigit(static_cast<unsigned char>(text_[at_]))) return false;
    return true;
  }

  std::string_view text_;
  JsonTextLimits limits_;
  std::string out_;
  std::string open_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> normalize_json(std::string_view text, const JsonTextLimits& limits) {
  return Normalizer(text, limits).run();
}

}  // namespace redoubt::kql
