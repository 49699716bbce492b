#pragma once

#include <span>
#include <string_view>

namespace redoubt::kql {

/// Something that Redoubt does in another way than Kusto, or can't know.
struct Difference {
  std::string_view topic;
  std::string_view kusto;
  std::string_view redoubt;
  std::string_view example = {};  ///< a query that shows it; may be empty
};

/// Those that are known, for the documents.
std::span<const Difference> differences();

}  // namespace redoubt::kql
