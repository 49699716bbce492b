#include "report/table.h"

#include <gtest/gtest.h>

#include <charconv>
#include <string>

#include "core/text.h"
#include "report/terminal_text.h"
#include "testing/cases.h"

namespace redoubt::report {
namespace {

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// `!` begins a cell that is Bad.
Cell cell(std::string_view text) {
  text = trim(text);
  return text.starts_with('!') ? Cell{std::string(text.substr(1)), Tone::Bad}
                               : Cell{std::string(text), Tone::Plain};
}

/// The small language of these cases: `width N [color]`, `columns a | >b` (right-aligned), `group TITLE`,
/// `row x | y`, `note text`, `room N LABEL` (make_room, at the end); `\e`, `\xff` and `\n` stand for bytes.
struct TableCase {
  Table table;
  TableStyle style;

  void read(std::string_view line) {
    std::string_view verb = line.substr(0, line.find(' '));
    std::string_view rest = verb.size() < line.size() ? line.substr(verb.size() + 1) : std::string_view();
    if (verb == "width") {
      style.width = number(rest);
      style.color = rest.ends_with("color");
    } else if (verb == "columns") {
      for (std::string_view title : split(rest, '|')) {
        bool right = trim(title).starts_with('>');
        table.columns.push_back({std::string(trim(title).substr(right ? 1 : 0)), right});
      }
    } else if (verb == "group") {
      table.groups.push_back({{std::string(rest), Tone::Heading}, {}});
    } else if (verb == "row") {
      if (table.groups.empty()) table.groups.emplace_back();
      Row& row = table.groups.back().rows.emplace_back();
      for (std::string_view text : split(rest, '|'))
        row.cells.push_back(cell(text));
    } else if (verb == "note") {
      table.groups.back().rows.back().notes.push_back({std::string(rest), Tone::Muted});
    } else if (verb == "room") {
      make_room(table, number(rest.substr(0, rest.find(' '))), rest.substr(rest.find(' ') + 1), style);
    }
  }
};

std::string decoded(std::string_view input) {
  std::string out = replace_all(input, "\\e", "\x1b");
  out = replace_all(out, "\\xff", "\xff");
  return replace_all(out, "\\n", "\n");
}

std::string render_table(std::string_view input) {
  TableCase test_case;
  std::vector<std::string> lines;
  for (std::string_view line : split(input, '\n'))
    lines.push_back(decoded(line));
  for (const std::string& line : lines)
    test_case.read(line);
  return replace_all(to_text(test_case.table, test_case.style), "\x1b", "<ESC>");
}

std::string render_wrap(std::string_view input) {
  std::string out;
  std::size_t line_end = input.find('\n');
  std::size_t width = number(input.substr(0, line_end));
  for (const std::string& line : wrap(printable(decoded(input.substr(line_end + 1))), width)) {
    EXPECT_TRUE(display_width(line) <= width || width == 0 || width < 2) << line;
    out += "|" + line + "|\n";
  }
  return out;
}

[[maybe_unused]] const bool registered_table =
    testing::register_cases("Table", "tests/report/cases/table", render_table);
[[maybe_unused]] const bool registered_wrap =
    testing::register_cases("Wrap", "tests/report/cases/wrap", render_wrap);

TEST(TerminalText, WidthOfCharacters) {
  EXPECT_EQ(display_width("plain"), 5u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("\u6f22\u5b57"), 4u);
  EXPECT_EQ(display_width("\U0001F600"), 2u);
  EXPECT_EQ(display_width("\u00fc"), 1u);
}

TEST(TerminalText, NothingSteersTheTerminal) {
  std::string hostile;
  for (int byte = 0; byte < 256; ++byte)
    hostile += static_cast<char>(byte);
  hostile += "\u202e\u2066\u009b";
  std::string safe = printable(hostile);
  EXPECT_TRUE(valid_utf8(safe));
  for (char c : safe)
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_NE(safe.find("\\x1b"), std::string::npos);
  EXPECT_NE(safe.find("\\u202e"), std::string::npos);
  EXPECT_NE(safe.find("\\x9b"), std::string::npos);
}

}  // namespace
}  // namespace redoubt::report
