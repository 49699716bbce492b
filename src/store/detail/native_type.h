#pragma once

#include <cstddef>
#include <string_view>

#include "core/result.h"
#include "store/block.h"

namespace redoubt::store::detail {

/// How the cells of a column lie in the format Native.
struct NativeType {
  /// Adds `rows` cells of fixed width to those there are. Gives how many fitted: all, or the first that did
  /// not.
  using Widen = std::size_t (*)(std::string_view bytes, std::size_t rows, Cells& out);

  std::string_view name;  ///< without Nullable and LowCardinality
  CellType cell = CellType::String;
  std::size_t width = 0;  ///< bytes a cell; 0: strings, each with its length in front
  Widen widen = nullptr;
};

struct NativeColumn {
  const NativeType* type = nullptr;
  bool nullable = false;
  bool low_cardinality = false;
};

/// What a column is whose type ClickHouse writes so, such as `Nullable(Int64)`.
/// Errors: STO0012 (Unsupported) one that is not read.
Result<NativeColumn> read_native_type(std::string_view column, std::string_view type);

}  // namespace redoubt::store::detail
