#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "doc/json.h"
#include "doc/value.h"

namespace redoubt::doc {

/// What a reader of untrusted rows accepts; a file may have any number of rows.
struct JsonRowLimits {
  std::size_t max_row_bytes = std::size_t{16} << 20;
  JsonLimits row{.max_bytes = std::size_t{16} << 20, .max_depth = 128, .max_nodes = 1'000'000};
  std::size_t chunk_bytes = std::size_t{1} << 16;  ///< read at a time
};

/// Gets one row, or what is wrong with it (DOC0101, DOC0102, DOC0103), and where it begins. The value lives
/// until the call returns; its places are not set.
using TakeRow = std::function<void(const Result<Value>& row, const Where& where)>;

/// A text a piece at a time: each call gives the next one, which lives until the call after it; empty is the
/// end.
using NextPiece = std::function<Result<std::string_view>()>;

/// Reads the rows of a file one by one; memory is that of the largest row. Forms: a list; an object with a
/// list of objects (or an empty one) as a member of `list_keys` (in any case); JSON Lines, where
/// a comma may stand behind a record; pages of these, one after the other or in a list.
///
/// Errors: DOC0001 the file can't be read, DOC0101 it is no JSON or ends too early, DOC0103 a row is larger
/// than the limit; rows before that were handed on. A line without a line break that leaves a bracket or a
/// quote open ends too early; one with a line break is a row that is wrong.
Result<void> read_json_rows(const std::string& path, std::span<const std::string_view> list_keys,
                            const TakeRow& take, const JsonRowLimits& limits = {});
/// The same of a text without a byte order mark; places have no file.
Result<void> read_json_rows(const NextPiece& next, std::span<const std::string_view> list_keys,
                            const TakeRow& take, const JsonRowLimits& limits = {});

}  // namespace redoubt::doc
