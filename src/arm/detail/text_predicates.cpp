#include "arm/detail/text_predicates.h"

#include <string_view>

#include "arm/detail/partial.h"
#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::arm::detail {

using doc::Value;

namespace {

/// Bytes of the first `count` characters; all of them when there are fewer.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t bytes = 0;
  for (; count > 0 && bytes < text.size(); --count)
    bytes += decode_utf8(text, bytes).bytes;
  return bytes;
}

std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count)
    i += decode_utf8(text, i).bytes;
  return count;
}

/// `*` stands for any text. Linear in text times stars; both sides are in one case.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  while (at < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = at;
    } else if (p < pattern.size() && pattern[p] == text[at]) {
      ++p;
      ++at;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

Result<Value> starts_with(Call& call, Arguments arguments) {
  if (any_open(arguments)) return end_predicate_partial(call, arguments, true);
  const std::string_view text = RD_TRY(text_at(call, arguments, 0));
  const std::string_view prefix = RD_TRY(text_at(call, arguments, 1));
  const std::string_view head = text.substr(0, bytes_of(text, characters_of(prefix)));
  return Value::boolean(equal_ignore_case(head, prefix));
}

Result<Value> ends_with(Call& call, Arguments arguments) {
  if (any_open(arguments)) return end_predicate_partial(call, arguments, false);
  const std::string_view text = RD_TRY(text_at(call, arguments, 0));
  const std::string_view suffix = RD_TRY(text_at(call, arguments, 1));
  const std::size_t size = characters_of(text);
  const std::size_t wanted = characters_of(suffix);
  if (wanted > size) return Value::boolean(false);
  return Value::boolean(equal_ignore_case(text.substr(bytes_of(text, size - wanted)), suffix));
}

Result<Value> like(Call& call, Arguments arguments) {
  if (any_open(arguments)) return like_partial(call, arguments);
  const std::string_view text = RD_TRY(text_at(call, arguments, 0));
  const std::string_view pattern = RD_TRY(text_at(call, arguments, 1));
  return Value::boolean(matches(unicode_upper(text), unicode_upper(pattern)));
}

}  // namespace redoubt::arm::detail
