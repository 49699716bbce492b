#pragma once

#include <span>
#include <string>

#include "kql/catalogue.h"
#include "report/table.h"

namespace redoubt::cli {

/// `all` for the products that the language reference marks, and each other one by its name.
std::string offered_text(std::uint8_t availability);

/// A list for people, a group each kind.
std::string names_text(std::span<const kql::CatalogueEntry> entries, const report::TableStyle& style);
/// All there is to say about each.
std::string details_text(std::span<const kql::CatalogueEntry> entries);
/// A table each kind, for the documents.
std::string names_markdown(std::span<const kql::CatalogueEntry> entries);
/// redoubt.kql-functions/1
std::string names_json(std::span<const kql::CatalogueEntry> entries);

/// docs/reference/kql-functions.md
std::string kql_function_reference();
/// docs/reference/kql-differences.md
std::string kql_difference_reference();

}  // namespace redoubt::cli
