#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/environment.h"
#include "kql/schemas.h"

namespace redoubt::kql {

enum class CompletionKind : std::uint8_t {
  Keyword,
  Operator,
  Table,
  Column,
  Function,
  Aggregate,
  Plugin,
  Variable,
  Parameter,
  Value,
  Type
};

/// `keyword`, `operator`, ...
std::string_view name_of(CompletionKind kind);

struct CompletionItem {
  std::string label;
  CompletionKind kind = CompletionKind::Keyword;
  std::string detail;  ///< type, signature or what it does; may be empty
  std::string insert;  ///< what replaces the range
};

struct Completion {
  std::uint32_t begin = 0;  ///< bytes of the text that an item replaces
  std::uint32_t end = 0;
  std::vector<CompletionItem> items;  ///< best first
};

/// What could stand at a byte of a query that is being written. The word that the cursor is in or behind
/// narrows it: names that begin with it come first, then those that contain it, in any case. What may stand
/// there is ranked by the place: columns in scope, names of the query, then functions.
///
/// Only what stands in front of the position is read; it need not be right. Linear in its size.
Completion complete(std::string_view text, std::uint32_t position, const Environment& environment);

}  // namespace redoubt::kql
