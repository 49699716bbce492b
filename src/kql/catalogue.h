#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/functions.h"

namespace redoubt::kql {

/// A name of the language, whatever it is, and what a list of names says of it.
struct CatalogueEntry {
  std::string_view name;
  std::string_view kind;               ///< one of catalogue_kinds()
  const Function* function = nullptr;  ///< null: it is no function of the language
  std::uint8_t availability = 0;       ///< kAdx and so on
  std::string link;                    ///< the page of the documents; may be empty
  bool internal = false;               ///< the engine's own, not for authors
  std::string_view excluded;           ///< why Redoubt does not promise to run it; empty: it does
  bool runs = false;                   ///< of an excluded one: it is run all the same
};

/// `scalar`, `aggregate`, `plugin`, `table`, `scope`, `graph`, `operator`, `statement`, `binary-operator`,
/// `join-kind`, `visualization`, `special`, `library`.
std::span<const std::string_view> catalogue_kinds();
std::string_view kind_name(FunctionKind kind);

/// A product, and what it is called: `log-analytics`, `sentinel`, `defender`, `adx`, `fabric`,
/// `resource-graph`.
struct Product {
  std::string_view name;
  std::uint8_t bit = 0;
};
std::span<const Product> products();

/// The page of the documents, `https://learn.microsoft.com/kusto/query/...`; empty for an empty link.
std::string page_of(std::string_view link);

/// Every name of the tables, sorted by kind in the order of catalogue_kinds() and then by name; of a kind,
/// those that are for the engine alone come last.
std::vector<CatalogueEntry> catalogue();

}  // namespace redoubt::kql
