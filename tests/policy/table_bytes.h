#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::policy::testing {

/// Writes a small table in the form of content/azure/generate.py, with two records a block.
class TableBytes {
 public:
  explicit TableBytes(char kind) : kind_(kind) {}

  /// The number of a text in the pool. The first 128 are also the words of packed text.
  std::uint32_t text(std::string_view text);
  /// A record with what the kind adds; in order.
  TableBytes& record(std::string_view name, std::string_view payload);
  /// `shared` and `rest` as they stand, for records that are damaged.
  TableBytes& raw_record(std::uint32_t shared, std::string_view rest, std::string_view payload);
  std::string bytes() const;

 private:
  char kind_;
  std::uint32_t count_ = 0;
  std::string before_;
  std::string records_;
  std::vector<std::uint32_t> blocks_;
  std::vector<std::string> pool_;
};

/// LEB128 numbers in a row.
std::string numbers(std::initializer_list<std::uint32_t> values);

/// A table of four aliases: without variants, with api versions, by packed text, and sharing a path's
/// beginning.
std::string small_alias_table();

}  // namespace redoubt::policy::testing
