#include "kql/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "kql/language_names.h"
#include "kql/library_functions.h"

namespace redoubt::kql {

namespace {

constexpr std::array<std::string_view, 13> kKinds = {
    "scalar",    "aggregate",       "plugin",    "table",         "scope",   "graph",  "operator",
    "statement", "binary-operator", "join-kind", "visualization", "special", "library"};

constexpr std::array<Product, 6> kProducts = {{{"log-analytics", kLogAnalytics},
                                               {"sentinel", kSentinel},
                                               {"defender", kDefender},
                                               {"adx", kAdx},
                                               {"fabric", kFabric},
                                               {"resource-graph", kResourceGraph}}};

constexpr std::string_view kElsewhere =
    "neither Azure Monitor nor Sentinel offers it: for Azure Data Explorer and Fabric only";
constexpr std::string_view kUserCode =
    "a function of the documents' library: KQL that a query declares with let, no part of the language";

/// Names that only Azure Data Explorer and Fabric offer, and that are run: each has a case of the engine's,
/// or a chart that is drawn.
constexpr std::array<std::string_view, 9> kRunAllTheSame = {"anomalychart", "cluster",   "database",
                                                            "fork",         "linechart", "query parameters",
                                                            "restrict",     "set",       "stackedareachart"};

bool runs(std::string_view name) { return std::ranges::find(kRunAllTheSame, name) != kRunAllTheSame.end(); }

std::string_view kind_name(LanguageNameKind kind) {
  switch (kind) {
    case LanguageNameKind::Statement:
      return "statement";
    case LanguageNameKind::TabularOperator:
      return "operator";
    case LanguageNameKind::BinaryOperator:
      return "binary-operator";
    case LanguageNameKind::JoinKind:
      return "join-kind";
    case LanguageNameKind::Visualization:
      return "visualization";
    case LanguageNameKind::SpecialFunction:
      return "special";
  }
  return {};
}

/// Only a documented name can be offered by nobody: of the others no page says so.
std::string_view excluded(std::uint8_t availability, bool documented) {
  return documented && (availability & (kLogAnalytics | kSentinel)) == 0 ? kElsewhere : std::string_view();
}

bool is_internal(const Function& row) { return row.hidden && row.instead.empty(); }

CatalogueEntry entry_of(const Function& row) {
  return {.name = row.name,
          .kind = kind_name(row.kind),
          .function = &row,
          .availability = row.availability,
          .link = page_of(row.link),
          .internal = is_internal(row),
          .excluded = excluded(row.availability, !row.link.empty() && row.alias_of.empty()),
          .runs = runs(row.name)};
}

void add_language_names(LanguageNameKind kind, std::vector<CatalogueEntry>& out) {
  for (const LanguageName& one : language_names())
    if (one.kind == kind)
      out.push_back({.name = one.name,
                     .kind = kind_name(kind),
                     .availability = one.availability,
                     .link = page_of(one.link),
                     .excluded = excluded(one.availability, true),
                     .runs = runs(one.name)});
}

void add_library(std::vector<CatalogueEntry>& out) {
  for (const LibraryFunction& one : library_functions()) {
    const std::string_view elsewhere = excluded(one.availability, true);
    out.push_back({.name = one.name,
                   .kind = kKinds.back(),
                   .availability = one.availability,
                   .link = fmt::format("https://learn.microsoft.com/kusto/functions-library/{}",
                                       replace_all(one.name, "_", "-")),
                   .excluded = elsewhere.empty() ? kUserCode : elsewhere});
  }
}

}  // namespace

std::span<const std::string_view> catalogue_kinds() { return kKinds; }

std::string_view kind_name(FunctionKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::span<const Product> products() { return kProducts; }

std::string page_of(std::string_view link) {
  return link.empty() ? std::string() : fmt::format("https://learn.microsoft.com/kusto/query/{}", link);
}

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> out;
  for (std::size_t kind = 0; kind < kFunctionKinds; ++kind)
    for (const bool internal : {false, true})
      for (const Function& row : functions(static_cast<FunctionKind>(kind)))
        if (is_internal(row) == internal) out.push_back(entry_of(row));
  for (const LanguageNameKind kind :
       {LanguageNameKind::TabularOperator, LanguageNameKind::Statement, LanguageNameKind::BinaryOperator,
        LanguageNameKind::JoinKind, LanguageNameKind::Visualization, LanguageNameKind::SpecialFunction})
    add_language_names(kind, out);
  add_library(out);
  return out;
}

}  // namespace redoubt::kql
