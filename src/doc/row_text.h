#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::doc {

/// Where a row stands in its text.
struct RowSpan {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;  ///< bytes
};

/// A text whose rows, JSON objects, were told apart without being parsed.
struct RowText {
  /// What stands around the rows, with an empty list in place of them; empty for a list and for JSON Lines.
  std::string envelope;
  std::vector<RowSpan> rows;
  bool lines = false;  ///< JSON Lines: each row has a line of its own
};

/// The size of the row that begins at an offset, where that is known; 0: it has to be looked for. `before`
/// are the rows in front of it.
using KnownRowSize = std::function<std::uint32_t(std::size_t offset, std::span<const RowSpan> before)>;

/// Tells the rows of a list apart, of an object that has the list under one of `list_keys`, of JSON Lines, or
/// an object that is the one row. Brackets and strings are followed, nothing else is looked at. Nothing when
/// the text has another form, has comments or trailing commas, or ends too early: then a reader of whole
/// documents says what is wrong.
std::optional<RowText> split_rows(std::string_view text, std::span<const std::string_view> list_keys,
                                  const KnownRowSize& known = {});

/// One row of a kept text; strings are decoded in place, so each row is read once. Rows of one text may be
/// read by several threads at a time. Errors and diagnostics: those of read_json.
Result<Reading<Value>> read_json_row(Sources& sources, std::uint32_t file, RowSpan row, Arena& arena,
                                     const JsonLimits& limits = {});

}  // namespace redoubt::doc
