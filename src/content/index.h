#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/hash.h"
#include "core/result.h"

namespace redoubt::content {

enum class RowKind : std::uint8_t { Definition, Initiative };

/// Where one row of a pack stands: in `definitions.jsonl` or `initiatives.jsonl`, without its line break.
struct IndexEntry {
  RowKind kind = RowKind::Definition;
  std::uint32_t line = 0;  ///< from 1
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  Sha256 sha256{};
  std::string name;
  std::string display_name;

  bool operator==(const IndexEntry&) const = default;
};

/// The file `index` as text: a head with the number of rows, then one line a row with tabs between the parts.
std::string write_index(const std::vector<IndexEntry>& entries);

/// Linear, and allocates in proportion to the text. CON0103 (InvalidInput) with the line for anything that
/// write_index does not write.
Result<std::vector<IndexEntry>> read_index(std::string_view text, const std::string& file);

}  // namespace redoubt::content
