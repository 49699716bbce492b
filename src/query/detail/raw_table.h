#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "query/detail/cell_text.h"
#include "query/text_cells.h"

namespace redoubt::query::detail {

/// The name of a column without the mark that the portal writes behind that of a time: `TimeGenerated [UTC]`.
struct ColumnName {
  std::string_view name;
  bool is_time = false;
  bool is_local = false;
};
ColumnName column_name(std::string_view written);

/// A column as its file has it: each cell is its form and its text, the empty cell nothing.
struct RawColumn {
  std::string name;
  TextCells cells;
  std::optional<kql::Type> type;  ///< that the file says it has
  bool is_local = false;          ///< its times have no zone, and are of the place where they were exported
};

/// The rows of files before their columns have types.
class RawTable {
 public:
  /// The number of a column by its name, with or without a mark; one that is new has nothing in the rows
  /// before.
  std::size_t column(std::string_view written);
  const std::deque<RawColumn>& columns() const { return columns_; }
  RawColumn& at(std::size_t column) { return columns_[column]; }

  /// The rows that come now are of this file.
  void begin_file(std::string name);
  void begin_row(std::uint64_t line);
  /// A cell of the last row; an empty text is nothing. Of two for one column the first one stays.
  void set(std::size_t column, CellForm form, std::string_view text);
  /// No more rows will come.
  void finish();
  /// Forgets the rows; columns and files stay.
  void clear_rows();

  std::size_t rows() const { return lines_.size(); }
  /// Of the cells, as often as they came.
  std::size_t text_bytes() const { return text_bytes_; }
  Where where(std::size_t row) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct File {
    std::string name;
    std::size_t first_row;
  };

  std::size_t find_column(std::string_view written);

  std::deque<RawColumn> columns_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_name_;
  // Names in the order in which the last row had them: most often the next row has the same.
  std::vector<std::pair<std::string_view, std::size_t>> order_;
  std::size_t next_name_ = 0;
  std::vector<std::uint32_t> lines_;  // of the rows
  std::vector<File> files_;
  std::string cell_;
  std::size_t text_bytes_ = 0;
};

}  // namespace redoubt::query::detail
