#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "policy/alias_entry.h"
#include "policy/detail/record_table.h"

namespace redoubt::policy {

/// The aliases of content/azure/aliases.bin: sorted, front-coded, searched where they lie. The bytes must
/// outlive the table; copies are cheap. Const members are safe to use from several threads.
class AliasTable {
 public:
  AliasTable() = default;
  /// Looks at the header and the offsets only. Errors: POL0901.
  static Result<AliasTable> open(std::string_view bytes);

  std::size_t size() const { return records_.size(); }
  /// In any case. Takes a few microseconds; allocates the entry's texts only.
  std::optional<AliasEntry> find(std::string_view alias) const;
  /// Visits the aliases that begin with `prefix` (in any case) in order until `visit` says false. The entry
  /// holds until the next visit. Ends at damaged records.
  void for_each(std::string_view prefix, const std::function<bool(const AliasEntry&)>& visit) const;

 private:
  bool read(detail::RecordCursor& cursor, AliasEntry& entry) const;
  bool read_path(detail::RecordReader& reader, std::uint8_t form, AliasEntry& entry) const;
  void read_variants(detail::RecordReader& reader, AliasEntry& entry) const;
  AliasPath read_variant(detail::RecordReader& reader) const;

  detail::RecordTable records_;
};

}  // namespace redoubt::policy
