#pragma once

#include <map>
#include <string>
#include <vector>

#include "coverage_cases.h"
#include "kql/catalogue.h"

namespace redoubt::query {

/// A documented name of the language that is not excluded, and the cases that run it.
struct NameCoverage {
  kql::CatalogueEntry entry;
  std::map<CaseOrigin, std::size_t> cases;  ///< that pass, by where they are from
  std::string example;                      ///< the first of them; empty: there is none
  bool in_sql = false;

  bool works() const { return !example.empty(); }
  bool geo() const { return entry.name.starts_with("geo_"); }
};

/// Every name of the catalogue that a page of the language reference has and that is not excluded.
std::vector<NameCoverage> coverage_of(const std::vector<CoverageCase>& cases);

/// Why a name does not work (by kind and name), or a documented example is not answered (by id).
struct CoverageReasons {
  std::map<LanguageKey, std::string> names;
  std::map<std::string, std::string> examples;
};
CoverageReasons coverage_reasons();

/// docs/kql-coverage.md.
std::string coverage_page(const std::vector<NameCoverage>& names, const std::vector<CoverageCase>& cases,
                          const CoverageReasons& reasons);

}  // namespace redoubt::query
