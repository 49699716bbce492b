#include "query/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/arena.h"
#include "core/time.h"
#include "doc/json.h"
#include "kql/pattern.h"
#include "query/answer_json.h"
#include "testing/cases.h"

// A line of cases/*.jsonl is a query and its answer:
//   {"id", "query", "tables"?, "now"?, "parameters"?: {name: text}, "span"?: [from, to], "columns": [[name, type]], "rows": [[...]], "ordered"?}
// or {"id", "query", "error": "QRY0001"}. With "results": [{columns, rows}] the query gives several tables.
// Rows without "ordered" may come in any order. Reals agree to 1e-9 of their size.

namespace redoubt::query {
namespace {

constexpr double kTolerance = 1e-9;

bool same(const doc::Value& left, const doc::Value& right) {
  if (left.is_number() && right.is_number() && (left.is_real() || right.is_real())) {
    const double a = left.as_real();
    const double b = right.as_real();
    return a == b || std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
  }
  if (left.is_array() && right.is_array())
    return std::equal(left.items().begin(), left.items().end(), right.items().begin(), right.items().end(),
                      same);
  if (left.is_object() && right.is_object())
    return left.size() == right.size() &&
           std::all_of(left.members().begin(), left.members().end(), [&](const doc::Member& one) {
             const doc::Value* const other = right.find(one.name);
             return other != nullptr && same(one.value, *other);
           });
  return doc::equal(left, right);
}

bool same_rows(const doc::Value& left, const doc::Value& right, bool ordered) {
  if (left.size() != right.size()) return false;
  if (ordered) return same(left, right);
  std::vector<bool> used(right.size(), false);
  for (const doc::Value& row : left.items()) {
    std::size_t at = 0;
    while (at < used.size() && (used[at] || !same(row, right.items()[at])))
      ++at;
    if (at == used.size()) return false;
    used[at] = true;
  }
  return true;
}

std::string json_of(const ResultTable& table) {
  doc::JsonWriter json;
  json.begin_object();
  write_columns_and_rows(json, table);
  json.end_object();
  return json.take();
}

/// Empty: the table is what was expected.
std::string difference(const ResultTable& got, const doc::Value& expected, Arena& arena) {
  const std::string text = json_of(got);
  const Result<doc::Value> value = doc::parse_json(arena, text);
  const bool ordered = expected.find("ordered") != nullptr && expected.find("ordered")->as_bool();
  const bool fits = value && same(*value->find("columns"), *expected.find("columns")) &&
                    same_rows(*value->find("rows"), *expected.find("rows"), ordered);
  return fits ? std::string() : "got " + text;
}

void read_options(const doc::Value& test_case, RunOptions& options) {
  if (const doc::Value* const parameters = test_case.find("parameters"))
    for (const doc::Member& one : parameters->members())
      options.parameters.emplace(one.name, one.value.as_string());
  if (const doc::Value* const span = test_case.find("span"))
    options.span = kql::TimeSpan{parse_time(span->items()[0].as_string())->instant,
                                 parse_time(span->items()[1].as_string())->instant};
}

std::string run_case(std::string_view line) {
  Arena arena;
  const Result<doc::Value> test_case = doc::parse_json(arena, line);
  if (!test_case) return test_case.error().text();
  kql::PatternCache patterns;
  RunOptions options;
  options.evaluation = {.now = {638'400'000'000'000'000}, .limits = {}, .patterns = &patterns};
  if (const auto now = test_case->text_of("now")) options.evaluation.now = parse_time(*now)->instant;
  options.rewrites.context = &options.evaluation;
  read_options(*test_case, options);
  MemoryTables tables;
  if (const doc::Value* const given = test_case->find("tables")) {
    const Result<void> added = add_tables(*given, tables);
    if (!added) return added.error().text();
  }
  const Result<Answer> answer = run(*test_case->text_of("query"), tables.schemas(), tables, options);
  if (const auto wanted = test_case->text_of("error")) {
    if (answer) return "it was answered";
    return answer.error().code == *wanted ? std::string() : "got " + answer.error().text();
  }
  if (!answer) return answer.error().text();
  if (const doc::Value* const results = test_case->find("results")) {
    if (results->size() != answer->tables.size()) return "another number of tables";
    for (std::size_t i = 0; i < results->size(); ++i)
      if (std::string out = difference(answer->tables[i], results->items()[i], arena); !out.empty()) return out;
    return {};
  }
  if (answer->tables.size() != 1) return "not one table";
  return difference(answer->tables.front(), *test_case, arena);
}

[[maybe_unused]] const bool registered = testing::register_json_cases("Query", "tests/query/cases", run_case);

}  // namespace
}  // namespace redoubt::query
