#include "cli/kql_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "query/answer_json.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

using query::ResultTable;

constexpr std::size_t kGap = 2;  // between columns, as report::to_text has it
/// What a text keeps at least, where it is longer.
constexpr std::size_t kNarrowestCell = 12;

/// A part of one says nothing, or something else.
bool stays_whole(kql::Type type) { return type != kql::Type::String && type != kql::Type::Dynamic; }

report::Table table_of(const ResultTable& table) {
  report::Table out;
  for (const auto& [name, type] : table.columns)
    out.columns.push_back({name, kql::contains(kql::kNumbers, type)});
  report::Group& group = out.groups.emplace_back();
  for (std::size_t row = 0; row < table.rows; ++row) {
    report::Row& made = group.rows.emplace_back();
    for (const query::Cells& cells : table.cells)
      made.cells.push_back({report::printable_line(query::cell_text(cells[row])), {}});
  }
  return out;
}

struct Column {
  std::size_t index = 0;
  std::size_t title = 0;
  std::size_t wanted = 0;  ///< of its widest cell, or its title
  std::size_t least() const { return std::min(wanted, std::max(title, kNarrowestCell)); }
};

std::vector<Column> columns_of(const report::Table& table) {
  std::vector<Column> out;
  for (const report::Column& column : table.columns) {
    const std::size_t title = report::display_width(report::printable_line(column.title));
    out.push_back({out.size(), title, title});
  }
  for (const report::Row& row : table.groups.front().rows)
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].wanted = std::max(out[i].wanted, report::display_width(row.cells[i].text));
  return out;
}

/// How wide the cells of each column may be; nothing: there is too little room.
std::optional<std::vector<std::size_t>> widths_of(const ResultTable& table,
                                                  const std::vector<Column>& columns, std::size_t room) {
  std::vector<std::size_t> out(columns.size());
  std::vector<Column> texts;
  std::size_t used = columns.empty() ? 0 : kGap * (columns.size() - 1);
  for (const Column& column : columns) {
    const bool whole = stays_whole(table.columns[column.index].second);
    out[column.index] = whole ? column.wanted : column.least();
    used += out[column.index];
    if (!whole) texts.push_back(column);
  }
  if (used > room) return std::nullopt;
  // Each gets its share of what is left, short ones first: what they don't need is there for the others.
  std::ranges::sort(texts, {}, [](const Column& one) { return one.wanted - one.least(); });
  std::size_t left = room - used;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t share = left / (texts.size() - i);
    const std::size_t more = std::min(texts[i].wanted - texts[i].least(), share);
    out[texts[i].index] += more;
    left -= more;
  }
  return out;
}

/// A row after the other, a line for each column that has a value: for rows that are wider than a terminal.
std::string records_of(const ResultTable& table, const report::Table& cells,
                       const std::vector<Column>& columns, const report::TableStyle& style) {
  std::size_t names = 0;
  for (const Column& column : columns)
    names = std::max(names, column.title);
  const std::size_t before = names + 2 * kGap;
  const std::size_t room = std::max(kNarrowestCell, style.width > before ? style.width - before : 0);
  std::string out;
  for (std::size_t row = 0; row < table.rows; ++row) {
    out += report::paint(fmt::format("row {}", row + 1), report::Tone::Heading, style.color) + "\n";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string& text = cells.groups.front().rows[row].cells[i].text;
      if (text.empty()) continue;
      out += fmt::format("  {}{}  {}\n", report::printable_line(table.columns[i].first),
                         std::string(names - columns[i].title, ' '),
                         stays_whole(table.columns[i].second) ? text : report::shortened(text, room));
    }
  }
  return out;
}

}  // namespace

std::string rows_text(const ResultTable& table, const report::TableStyle& style, bool wide) {
  report::Table made = table_of(table);
  const report::TableStyle uncut{.width = 0, .color = style.color};
  if (style.width == 0 || wide) return report::to_text(made, uncut);
  const std::vector<Column> columns = columns_of(made);
  const std::optional<std::vector<std::size_t>> widths = widths_of(table, columns, style.width);
  if (!widths) return records_of(table, made, columns, style);
  for (report::Row& row : made.groups.front().rows)
    for (std::size_t i = 0; i < columns.size(); ++i)
      row.cells[i].text = report::shortened(row.cells[i].text, (*widths)[i]);
  return report::to_text(made, uncut);
}

}  // namespace redoubt::cli
