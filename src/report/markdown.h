#pragma once

#include <string>
#include <string_view>

#include "report/table.h"

namespace redoubt::report {

// Text of strangers in Markdown that a code host shows: in a paragraph, a list or a cell of a table. Control
// characters are written out as for a terminal, line breaks become spaces.
// Source: CommonMark 0.31, GitHub Flavored Markdown.

/// Prose: nothing in it is markup, HTML, a link, a mention or mathematics.
std::string markdown_text(std::string_view text);

/// Code in the line; as prose when it holds a bar, which a cell of a table can't have in code.
std::string markdown_code(std::string_view text);

/// A block of code; `text` keeps its line breaks.
std::string markdown_block(std::string_view text, std::string_view language);

/// The rows of all groups in one table, cells as prose; titles of groups and notes are left out.
std::string markdown_table(const Table& table);

}  // namespace redoubt::report
