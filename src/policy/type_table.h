#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "policy/detail/record_table.h"

namespace redoubt::policy {

/// Where resources of a type may be deployed; a set of these bits.
inline constexpr std::uint8_t kTenantScope = 1;
inline constexpr std::uint8_t kManagementGroupScope = 2;
inline constexpr std::uint8_t kSubscriptionScope = 4;
inline constexpr std::uint8_t kResourceGroupScope = 8;
inline constexpr std::uint8_t kExtensionScope = 16;

struct TypeEntry {
  std::string name;              ///< as Azure writes it
  std::string_view api_version;  ///< the newest; lives in the table's bytes
  bool tags = false;             ///< can be written
  bool location = false;
  std::uint8_t scopes = 0;  ///< scope bits; 0: can only be read

  /// Whether policies of mode Indexed look at the type: it has tags and location.
  bool indexed() const { return tags && location; }
};

/// The resource types of content/azure/types.bin; see AliasTable.
class TypeTable {
 public:
  TypeTable() = default;
  /// Errors: POL0901.
  static Result<TypeTable> open(std::string_view bytes);

  std::size_t size() const { return records_.size(); }
  /// In any case.
  std::optional<TypeEntry> find(std::string_view type) const;
  /// Visits the types that begin with `prefix` (in any case) in order until `visit` says false.
  void for_each(std::string_view prefix, const std::function<bool(const TypeEntry&)>& visit) const;
  /// What the author of an unknown type may have meant.
  std::optional<std::string> closest_name(std::string_view type) const;

 private:
  bool read(detail::RecordCursor& cursor, TypeEntry& entry) const;

  detail::RecordTable records_;
};

}  // namespace redoubt::policy
