#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "doc/value.h"
#include "names_used.h"

namespace redoubt::query {

/// Where a case comes from: made by hand here, answered by Microsoft's engine, or reported by people.
enum class CaseOrigin : std::uint8_t { Own, Documented, Reported };

/// A case with an expected answer that was run.
struct CoverageCase {
  CaseOrigin origin = CaseOrigin::Own;
  std::string id;
  std::string query;
  std::string wrong;             ///< empty: it passes
  std::set<LanguageKey> names;   ///< that it runs, and of which it checks something
  std::set<LanguageKey> in_sql;  ///< those of them that are said in SQL
};

/// Runs the cases of tests/query/cases that expect an answer, in memory.
std::vector<CoverageCase> own_cases();
/// Runs those of the folder `kql` of the corpora and of `reports/kql`; unstable answers are left out.
std::vector<CoverageCase> corpus_cases(const std::filesystem::path& corpora);

/// What differs from an answer in the form of these corpora: `columns` are names, `types` or `net_types`
/// their types; `order_by` are columns that have to be in the expected order. Empty: nothing.
std::string judge_answer(const doc::Value& test_case, const std::vector<std::string>& order_by);

}  // namespace redoubt::query
