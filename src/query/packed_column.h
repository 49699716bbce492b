#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kql/value.h"
#include "query/table.h"
#include "query/text_cells.h"

namespace redoubt::query {

/// The values of a column, packed: 8 bytes for a number, bool, datetime or timespan, texts as TextCells has
/// them. A kql::Value takes 64 bytes and its text.
class PackedColumn {
 public:
  explicit PackedColumn(kql::Type type) : type_(type) {}

  kql::Type type() const { return type_; }
  /// A value of the type, or null.
  void append(const kql::Value& value);
  /// No more values will come.
  void seal();

  std::size_t size() const { return rows_; }
  kql::Value operator[](std::size_t row) const;
  Cells cells() const;
  /// Of memory.
  std::size_t bytes() const;

 private:
  bool is_null(std::size_t row) const { return row < nulls_.size() && nulls_[row]; }
  kql::Value of_number(std::int64_t number) const;
  kql::Value of_text(std::string_view text) const;

  kql::Type type_;
  std::size_t rows_ = 0;
  std::vector<std::int64_t> numbers_;  // a real as its bits
  std::vector<bool> nulls_;            // of numbers, up to the last null
  TextCells texts_;                    // the empty one is null
};

}  // namespace redoubt::query
