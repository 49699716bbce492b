#include "store/detail/exception_tail.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::store::detail {

namespace {

constexpr std::size_t kKept = std::size_t{32} << 10;
constexpr std::string_view kMarker = "__exception__";
constexpr std::string_view kLine = "\r\n";
constexpr std::string_view kCode = "Code: ";
constexpr std::string_view kException = "DB::";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes that a text of the server does not hold.
bool is_no_text(char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t'; }

/// `Code: 395. DB::`.
bool begins_exception(std::string_view text) {
  if (!text.starts_with(kCode)) return false;
  text.remove_prefix(kCode.size());
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  return digits != 0 && text.substr(digits).starts_with(". ") &&
         text.substr(digits + 2).starts_with(kException);
}

/// Without the line `<length> <tag>`, as far as it is there.
std::string_view without_length(std::string_view text, std::string_view tag) {
  if (!text.ends_with(tag)) return text;
  text.remove_suffix(tag.size());
  const std::size_t line = text.rfind('\n');
  return line == std::string_view::npos ? text : text.substr(0, line);
}

std::optional<std::string_view> find_tagged(std::string_view tail, std::string_view tag) {
  const std::string begin =
      std::string(kLine) + std::string(kMarker) + std::string(kLine) + std::string(tag) + std::string(kLine);
  const std::size_t at = tail.rfind(begin);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view text = tail.substr(at + begin.size());
  const std::string end = std::string(tag) + std::string(kLine) + std::string(kMarker);
  const std::size_t closed = text.rfind(end);
  if (closed != std::string_view::npos) text = without_length(text.substr(0, closed + tag.size()), tag);
  return trim(text);
}

/// What stands behind the last byte that is no text, from the first exception on.
std::optional<std::string_view> find_plain(std::string_view tail) {
  const auto last = std::find_if(tail.rbegin(), tail.rend(), is_no_text);
  tail.remove_prefix(static_cast<std::size_t>(tail.rend() - last));
  for (std::size_t at = tail.find(kCode); at != std::string_view::npos; at = tail.find(kCode, at + 1))
    if (begins_exception(tail.substr(at))) return trim(tail.substr(at));
  return std::nullopt;
}

}  // namespace

void AnswerTail::add(std::string_view bytes) {
  if (bytes.size() >= kKept) {
    bytes_ = bytes.substr(bytes.size() - kKept);
    return;
  }
  bytes_ += bytes;
  if (bytes_.size() > 2 * kKept) bytes_.erase(0, bytes_.size() - kKept);
}

std::string_view AnswerTail::text() const { return bytes_; }

std::optional<std::string_view> find_exception(std::string_view tail, std::string_view tag) {
  if (!tag.empty())
    if (const std::optional<std::string_view> found = find_tagged(tail, tag)) return found;
  return find_plain(tail);
}

}  // namespace redoubt::store::detail
