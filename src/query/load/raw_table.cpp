#include "query/detail/raw_table.h"

#include <algorithm>

#include "core/utf8.h"

namespace redoubt::query::detail {

namespace {

constexpr std::string_view kUtcMark = " [UTC]";
constexpr std::string_view kLocalMark = " [Local Time]";

}  // namespace

ColumnName column_name(std::string_view written) {
  for (const std::string_view mark : {kUtcMark, kLocalMark})
    if (written.size() > mark.size() && written.ends_with(mark))
      return {written.substr(0, written.size() - mark.size()), true, mark == kLocalMark};
  return {written};
}

std::size_t RawTable::column(std::string_view written) {
  if (next_name_ == order_.size()) order_.resize(next_name_ + 1);
  auto& [name, column] = order_[next_name_++];
  if (name != written || name.empty()) {
    column = find_column(written);
    name = by_name_.find(written)->first;
  }
  return column;
}

std::size_t RawTable::find_column(std::string_view written) {
  if (const auto found = by_name_.find(written); found != by_name_.end()) return found->second;
  const ColumnName name = column_name(written);
  const auto [entry, is_new] = by_name_.try_emplace(std::string(name.name), columns_.size());
  const std::size_t out = entry->second;
  if (is_new) columns_.push_back({std::string(name.name), {}, std::nullopt, false});
  if (name.is_time) columns_[out].type = kql::Type::DateTime;
  if (name.is_local) columns_[out].is_local = true;
  by_name_.try_emplace(std::string(written), out);
  return out;
}

void RawTable::begin_file(std::string name) { files_.push_back({std::move(name), rows()}); }

void RawTable::begin_row(std::uint64_t line) {
  next_name_ = 0;
  lines_.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(line, UINT32_MAX)));
}

void RawTable::set(std::size_t column, CellForm form, std::string_view text) {
  TextCells& cells = columns_[column].cells;
  if (cells.size() >= rows() || (text.empty() && form != CellForm::String)) return;
  while (cells.size() + 1 < rows())
    cells.append({});
  text_bytes_ += text.size();
  cell_.assign(1, static_cast<char>(form));
  append_valid_utf8(cell_, text);
  cells.append(cell_);
}

void RawTable::finish() {
  for (RawColumn& column : columns_) {
    while (column.cells.size() < rows())
      column.cells.append({});
    column.cells.seal();
  }
}

void RawTable::clear_rows() {
  for (RawColumn& column : columns_)
    column.cells = {};
  lines_.clear();
  text_bytes_ = 0;
  for (File& file : files_)
    file.first_row = 0;
}

Where RawTable::where(std::size_t row) const {
  const auto behind =
      std::upper_bound(files_.begin(), files_.end(), row,
                       [](std::size_t wanted, const File& file) { return wanted < file.first_row; });
  return Where{behind == files_.begin() ? std::string() : std::prev(behind)->name, lines_[row], 1, {}};
}

}  // namespace redoubt::query::detail
