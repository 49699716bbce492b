#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/advice.h"
#include "kql/analysis.h"
#include "kql/plan_walk.h"

// Any text is bound to small tables, and without any. Problems lie in the text, results are typed, names are
// not empty, and binding again gives the same.

namespace {

using namespace redoubt;

kql::Schemas make_schemas() {
  using kql::Type;
  kql::Schemas out;
  const std::vector<std::pair<std::string, Type>> kColumns = {{"TimeGenerated", Type::DateTime},
                                                              {"a", Type::Long},
                                                              {"b", Type::String},
                                                              {"c", Type::Real},
                                                              {"d", Type::Dynamic},
                                                              {"g", Type::Guid},
                                                              {"i", Type::Int},
                                                              {"m", Type::Decimal},
                                                              {"n", Type::Timespan},
                                                              {"ok", Type::Bool}};
  out.add_table("T", kColumns);
  out.add_table("T2", {{"a", Type::String}, {"b", Type::String}, {"e", Type::Long}});
  out.add_table("SigninLogs", {{"TimeGenerated", Type::DateTime},
                               {"UserPrincipalName", Type::String},
                               {"IPAddress", Type::String},
                               {"ResultType", Type::String},
                               {"LocationDetails", Type::Dynamic}});
  return out;
}

void check_columns(const kql::Relation& relation, const kql::AnalysisLimits& limits) {
  RD_CHECK(relation.open || relation.columns.size() <= limits.max_columns);
  for (const kql::Column* column : relation.columns)
    RD_CHECK(column != nullptr && static_cast<std::size_t>(column->type) < kql::kTypes);
}

void check_analysis(const kql::Analysis& analysis, std::string_view text, const kql::AnalysisLimits& limits) {
  for (const kql::Problem& problem : analysis.syntax.problems) {
    RD_CHECK(!problem.code.empty() && !problem.message.empty());
    RD_CHECK(problem.offset <= text.size() && problem.size <= text.size() - problem.offset);
  }
  for (const kql::Expression* result : analysis.results) {
    RD_CHECK(result != nullptr);
    RD_CHECK(!result->is_error() || !analysis.ok());
    RD_CHECK(!result->is_table() || result->relation() != nullptr);
  }
  kql::each_relation(analysis, [&](const kql::Relation& relation) { check_columns(relation, limits); });
  for (const kql::TableUse& use : analysis.table_uses())
    RD_CHECK(!use.table.empty());
  for (const kql::Problem& hint : kql::advise(analysis))
    RD_CHECK(hint.severity == Severity::Hint && hint.offset <= text.size());
}

bool same(const kql::Analysis& left, const kql::Analysis& right) {
  const kql::Relation* const a = left.result();
  const kql::Relation* const b = right.result();
  if ((a == nullptr) != (b == nullptr)) return false;
  if (left.syntax.problems.size() != right.syntax.problems.size()) return false;
  for (std::size_t i = 0; i < left.syntax.problems.size(); ++i)
    if (left.syntax.problems[i].message != right.syntax.problems[i].message) return false;
  if (a == nullptr) return true;
  if (a->columns.size() != b->columns.size()) return false;
  for (std::size_t i = 0; i < a->columns.size(); ++i)
    if (a->columns[i]->name != b->columns[i]->name || a->columns[i]->type != b->columns[i]->type)
      return false;
  return true;
}

/// As the body of a function that a query calls: what is wrong with it is told in its own text, and at calls.
void check_saved(std::string_view text, const kql::Schemas& schemas, const kql::AnalysisLimits& limits) {
  doc::Sources sources;
  const std::uint32_t file = sources.add("f.kql", std::string(text));
  std::vector<kql::FoundQuery> found;
  found.push_back({.query = std::string(text),
                   .file = file,
                   .map = kql::TextMap::part(0, text.size()),
                   .function = kql::FunctionHead{{"f"}, "a: long = 1, b: string = ''", {}}});
  kql::SavedFunctions functions;
  functions.add(std::move(found), sources);
  kql::Environment environment(schemas);
  environment.functions = &functions;
  const kql::Analysis analysis =
      kql::analyze("f(2) | take 1; union isfuzzy=true f(), T", environment, limits);
  for (const kql::SavedProblem& one : analysis.saved_problems) {
    const std::size_t size =
        one.part == kql::SavedFunction::Part::Body ? text.size() : one.function->parameters().text.size();
    RD_CHECK(one.problem.offset <= size && one.problem.size <= size - one.problem.offset);
    RD_CHECK(one.problem.severity != Severity::Error || !analysis.ok());
  }
  for (const kql::Problem& hint : kql::advise(analysis))
    RD_CHECK(hint.offset <= analysis.syntax.text.size());
  kql::analyze_function(*functions.find("f"), environment, limits);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const kql::Schemas kTables = make_schemas();
  static const kql::Schemas kNone;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kql::AnalysisLimits limits;
  limits.max_depth = 20;
  limits.max_calls = 200;
  limits.max_columns = 200;
  limits.max_column_work = 20'000;
  limits.max_chain = 200;
  for (const kql::Schemas* schemas : {&kTables, &kNone}) {
    const kql::Analysis analysis = kql::analyze(text, *schemas, limits);
    check_analysis(analysis, text, limits);
    RD_CHECK(same(analysis, kql::analyze(text, *schemas, limits)));
    check_saved(text, *schemas, limits);
  }
  return 0;
}
