#include "report/markdown.h"

#include <algorithm>

#include "core/text.h"
#include "report/terminal_text.h"

namespace redoubt::report {

namespace {

constexpr std::string_view kMarkup = "\\`*_[]<>&|#~!$";
/// Breaks what a code host would make a link or a mention of, and is not seen.
constexpr std::string_view kNothing = "\u200b";

/// The longest run of backticks.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string table_row(const std::vector<Cell>& cells) {
  std::string out = "|";
  for (const Cell& cell : cells)
    out.append(" ").append(markdown_text(cell.text)).append(" |");
  return out + "\n";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  const std::string line = printable_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view rest = std::string_view(line).substr(i);
    if (kMarkup.find(line[i]) != std::string_view::npos) out += '\\';
    out += line[i];
    if (line[i] == '@' || rest.starts_with("://")) out += kNothing;
    if (starts_with_any_case(rest, "www.")) {
      out += rest.substr(1, 2);
      out += kNothing;
      i += 2;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string line = printable_line(text);
  if (trim(line).empty() || line.find('|') != std::string::npos) return markdown_text(text);
  const std::string fence(longest_run(line) + 1, '`');
  const std::string_view space = line.front() == '`' || line.back() == '`' ? " " : "";
  std::string out = fence;
  out.append(space).append(line).append(space).append(fence);
  return out;
}

std::string markdown_block(std::string_view text, std::string_view language) {
  const std::string content = printable(text);
  const std::string fence(std::max<std::size_t>(3, longest_run(content) + 1), '`');
  std::string out = fence;
  out.append(language).append("\n").append(content);
  if (!content.ends_with('\n')) out += '\n';
  return out.append(fence).append("\n");
}

std::string markdown_table(const Table& table) {
  std::vector<Cell> titles;
  std::string rule = "|";
  for (const Column& column : table.columns) {
    titles.push_back({column.title});
    rule += column.right_aligned ? " ---: |" : " --- |";
  }
  std::string out = table_row(titles) + rule + "\n";
  for (const Group& group : table.groups)
    for (const Row& row : group.rows)
      out += table_row(row.cells);
  return out;
}

}  // namespace redoubt::report
