#include "report/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "report/terminal_text.h"

namespace redoubt::report {

namespace {

/// What is shown of a line where nothing else limits it.
constexpr std::size_t kWidth = 160;
constexpr std::size_t kBefore = 60;  // bytes in front of the place, of a line that is cut

bool begins_character(std::string_view text, std::size_t at) {
  return at >= text.size() || !is_inner_byte(text[at]);
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t offset, std::size_t size, std::size_t line_number,
                    const TableStyle& style) {
  offset = std::min(offset, text.size());
  const std::string number = std::to_string(line_number);
  const std::size_t room =
      std::max<std::size_t>(style.width == 0 ? kWidth : style.width, 40) - number.size() - 3;
  // No more is looked at than can be shown: a line may be the whole file.
  const std::size_t from = offset - std::min(offset, room + 1);
  const std::string_view in_front = text.substr(from, offset - from);
  const std::size_t before = in_front.find_last_of("\r\n");
  std::size_t begin = before == std::string_view::npos ? from : from + before + 1;
  const std::string_view behind = text.substr(offset, room + 1);
  std::size_t end = offset + std::min(behind.find_first_of("\r\n"), behind.size());
  const std::size_t marked_to = std::min(std::max(offset + size, offset + 1), std::max(end, offset + 1));
  if (end - begin > room) {
    if (offset - begin > kBefore) begin = offset - kBefore;
    end = std::min(end, begin + room);
    while (!begins_character(text, begin))
      ++begin;
    while (!begins_character(text, end))
      --end;
  }
  const std::string shown = printable_line(text.substr(begin, end - begin));
  const std::size_t left = display_width(printable_line(text.substr(begin, offset - begin)));
  const std::size_t to = std::max(std::min(marked_to, end), offset);
  const std::size_t marks =
      std::max<std::size_t>(1, display_width(printable_line(text.substr(offset, to - offset))));
  return fmt::format("{} | {}\n{:{}} | {:{}}{}\n", paint(number, Tone::Muted, style.color), shown, "",
                     number.size(), "", left, paint(std::string(marks, '^'), Tone::Notice, style.color));
}

}  // namespace redoubt::report
