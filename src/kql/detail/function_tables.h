#pragma once

#include <span>

#include "kql/functions.h"

/// The function tables, one a topic.
///
/// Source: the tables of Kusto.Language 12.4.1 (MIT, Microsoft) for names, parameters and results; the
/// language reference (MicrosoftDocs/dataexplorer-docs) for pages and availability.
namespace redoubt::kql::detail {

std::span<const Function> aggregates();
std::span<const Function> analysis_plugins();
std::span<const Function> condition_functions();
std::span<const Function> context_functions();
std::span<const Function> conversion_functions();
std::span<const Function> date_functions();
std::span<const Function> dynamic_functions();
std::span<const Function> encoding_functions();
std::span<const Function> geo_functions();
std::span<const Function> graph_functions();
std::span<const Function> hash_functions();
std::span<const Function> ip_functions();
std::span<const Function> number_functions();
std::span<const Function> parsing_functions();
std::span<const Function> plugins();
std::span<const Function> series_functions();
std::span<const Function> sketch_functions();
std::span<const Function> source_functions();
std::span<const Function> string_functions();
std::span<const Function> unit_functions();
std::span<const Function> window_functions();

}  // namespace redoubt::kql::detail
