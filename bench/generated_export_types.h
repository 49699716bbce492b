#pragma once

#include <span>
#include <string_view>

namespace redoubt::bench {

/// One type of resource. `$WORD`s in the texts are filled in by the generator.
struct GeneratedType {
  std::string_view type;
  unsigned weight;  ///< share of the rows
  std::string_view kind;
  std::string_view sku;         ///< JSON
  bool identity;                ///< may have a managed identity
  std::string_view properties;  ///< JSON
};

std::span<const GeneratedType> generated_types();

}  // namespace redoubt::bench
