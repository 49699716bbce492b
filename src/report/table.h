#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/color.h"

namespace redoubt::report {

struct Column {
  std::string title;
  bool right_aligned = false;
};

struct Cell {
  std::string text;
  Tone tone = Tone::Plain;
};

/// One line of a table, and what there is to say below it (reason, remedy), each note wrapped by itself.
struct Row {
  std::vector<Cell> cells;
  std::vector<Cell> notes;
};

/// Rows under a heading of their own; an empty title prints no heading.
struct Group {
  Cell title;
  std::vector<Row> rows;
};

struct Table {
  std::vector<Column> columns;
  std::vector<Group> groups;
};

struct TableStyle {
  std::size_t width = 0;  ///< columns to stay within where words allow it; 0 = unlimited
  bool color = false;
};

/// Whether every cell has the room it needs.
bool fits(const Table& table, const TableStyle& style);

/// Where a table does not fit: takes a column out of it, whose cells become notes, `label` before them. So
/// the names in the other columns stay whole.
void make_room(Table& table, std::size_t column, std::string_view label, const TableStyle& style);

/// The table as text for people. Text in cells is made safe for a terminal; columns give way, widest first,
/// until the table fits: those whose text breaks at spaces before those in which a word would be broken. What
/// a column does not use after that goes back to words that are broken.
std::string to_text(const Table& table, const TableStyle& style);

}  // namespace redoubt::report
