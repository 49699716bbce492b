#include "report/terminal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::report {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range kUnsafe[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
                             {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};

constexpr Range kNoWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x0610, 0x061A},
                              {0x064B, 0x065F}, {0x0E34, 0x0E3A},  {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
                              {0x1DC0, 0x1DFF}, {0x200B, 0x200D},  {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                              {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};

constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},  {0x23E9, 0x23EC}, {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},  {0x2648, 0x2653}, {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},  {0x26BD, 0x26BE}, {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},  {0x26F2, 0x26F3}, {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},  {0x270A, 0x270B}, {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},  {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},  {0x2B50, 0x2B50}, {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},  {0xA960, 0xA97F}, {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool within(std::span<const Range> ranges, char32_t character) {
  const auto* end = ranges.data() + ranges.size();
  const auto* range = std::lower_bound(ranges.data(), end, character,
                                       [](const Range& each, char32_t sought) { return each.last < sought; });
  return range != end && range->first <= character;
}

std::size_t width_of(char32_t character) {
  if (character < 0x0300) return 1;
  if (within(kNoWidth, character)) return 0;
  return within(kWide, character) ? 2 : 1;
}

std::string escaped(std::uint32_t code) {
  return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

/// How many bytes of an overlong word go on a line of `width` columns: at least one character.
std::size_t bytes_that_fit(std::string_view word, std::size_t width) {
  static constexpr std::string_view kBreakAfter = "/.,;:-_&=)]}";
  std::size_t used = 0;
  std::size_t offset = 0;
  std::size_t after_separator = 0;
  while (offset < word.size()) {
    const Utf8Character character = decode_utf8(word, offset);
    used += width_of(character.code);
    if (used > width && offset != 0) break;
    offset += character.bytes;
    if (kBreakAfter.find(word[offset - 1]) != std::string_view::npos) after_separator = offset;
  }
  return after_separator * 2 > offset ? after_separator : offset;
}

void wrap_paragraph(std::vector<std::string>& lines, std::string_view paragraph, std::size_t width) {
  std::string line;
  std::size_t used = 0;
  for (std::string_view word : split(paragraph, ' ')) {
    if (word.empty()) continue;
    std::size_t needed = display_width(word);
    if (!line.empty() && used + 1 + needed > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    while (needed > width) {
      std::size_t bytes = bytes_that_fit(word, width);
      if (bytes == word.size()) break;
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
      needed = display_width(word);
    }
    if (!line.empty()) line += ' ', ++used;
    line += word;
    used += needed;
  }
  lines.push_back(std::move(line));
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const Utf8Character character = decode_utf8(text, offset);
    if (character.code == '\n')
      out += '\n';
    else if (character.code == '\t')
      out += ' ';
    else if (!character.valid || within(kUnsafe, character.code))
      out += escaped(character.code);
    else
      out += text.substr(offset, character.bytes);
    offset += character.bytes;
  }
  return out;
}

std::string printable_line(std::string_view text) { return replace_all(printable(text), "\n", " "); }

std::string clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(first_bytes(text, bytes)) + " ...";
}

std::string shortened(std::string_view line, std::size_t width) {
  static constexpr std::string_view kCut = "...";
  if (display_width(line) <= width) return std::string(line);
  std::size_t used = kCut.size();
  std::size_t bytes = 0;
  while (bytes < line.size()) {
    const Utf8Character character = decode_utf8(line, bytes);
    used += width_of(character.code);
    if (used > width) break;
    bytes += character.bytes;
  }
  return std::string(line.substr(0, bytes)) + std::string(kCut);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const Utf8Character character = decode_utf8(text, offset);
    width += width_of(character.code);
    offset += character.bytes;
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::string_view paragraph : split(text, '\n')) {
    if (width == 0 || display_width(paragraph) <= width)
      lines.emplace_back(paragraph);
    else
      wrap_paragraph(lines, paragraph, width);
  }
  return lines;
}

}  // namespace redoubt::report
