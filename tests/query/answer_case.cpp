#include "answer_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <vector>

#include "core/arena.h"
#include "core/time.h"
#include "doc/json.h"
#include "kql/pattern.h"
#include "query/answer_json.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"

namespace redoubt::query {

namespace {

constexpr double kTolerance = 1e-9;
/// The time of a case that says none.
constexpr Instant kNow{638'400'000'000'000'000};

/// The cells of a row in their order.
bool same_row_of(const doc::Value& left, const doc::Value& right, bool arrays_ordered) {
  return left.size() == right.size() &&
         std::equal(
             left.items().begin(), left.items().end(), right.items().begin(),
             [&](const doc::Value& a, const doc::Value& b) { return same_cell(a, b, arrays_ordered); });
}

/// Whether each item of a list has one of its own in the other that `same` as it.
template <class Same>
bool pair_up(const doc::Value& left, const doc::Value& right, const Same& same) {
  if (left.size() != right.size()) return false;
  std::vector<bool> used(right.size(), false);
  for (const doc::Value& one : left.items()) {
    std::size_t at = 0;
    while (at < used.size() && (used[at] || !same(one, right.items()[at])))
      ++at;
    if (at == used.size()) return false;
    used[at] = true;
  }
  return true;
}

bool matched(const doc::Value& left, const doc::Value& right, bool arrays_ordered) {
  return pair_up(left, right,
                 [&](const doc::Value& a, const doc::Value& b) { return same_row_of(a, b, arrays_ordered); });
}

bool same_items(const doc::Value& left, const doc::Value& right) {
  return pair_up(left, right,
                 [](const doc::Value& a, const doc::Value& b) { return same_cell(a, b, false); });
}

/// Empty: the table is what was expected.
std::string difference(const ResultTable& got, const doc::Value& expected, Arena& arena,
                       bool arrays_ordered) {
  const std::string text = json_of(got);
  const Result<doc::Value> value = doc::parse_json(arena, text);
  const bool ordered = expected.find("ordered") != nullptr && expected.find("ordered")->as_bool();
  const bool fits = value && same_cell(*value->find("columns"), *expected.find("columns"), true) &&
                    same_rows(*value->find("rows"), *expected.find("rows"), ordered, arrays_ordered);
  return fits ? std::string() : "got " + text;
}

/// What a render says: the properties that the case names have their values. Empty: they have.
std::string different_chart(const ResultTable& got, const doc::Value& expected) {
  const doc::Value* const wanted = expected.find("visualization");
  if (wanted == nullptr) return {};
  for (const doc::Member& one : wanted->members()) {
    const auto found = std::find_if(got.visualization.begin(), got.visualization.end(),
                                    [&](const auto& property) { return property.first == one.name; });
    if (found == got.visualization.end()) return std::string(one.name) + " is not said";
    if (found->second != one.value.as_string()) return std::string(one.name) + " is " + found->second;
  }
  return {};
}

}  // namespace

bool same_cell(const doc::Value& left, const doc::Value& right, bool arrays_ordered) {
  if (left.is_number() && right.is_number() && (left.is_real() || right.is_real())) {
    const double a = left.as_real();
    const double b = right.as_real();
    return a == b || std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
  }
  if (left.is_array() && right.is_array())
    return left.size() == right.size() &&
           (arrays_ordered
                ? std::equal(left.items().begin(), left.items().end(), right.items().begin(),
                             [&](const doc::Value& a, const doc::Value& b) { return same_cell(a, b, true); })
                : same_items(left, right));
  if (left.is_object() && right.is_object())
    return left.size() == right.size() &&
           std::all_of(left.members().begin(), left.members().end(), [&](const doc::Member& one) {
             const doc::Value* const other = right.find(one.name);
             return other != nullptr && same_cell(one.value, *other, arrays_ordered);
           });
  return doc::equal(left, right);
}

bool same_rows(const doc::Value& left, const doc::Value& right, bool ordered, bool arrays_ordered) {
  if (!ordered) return matched(left, right, arrays_ordered);
  const auto same_row = [&](const doc::Value& a, const doc::Value& b) {
    return same_row_of(a, b, arrays_ordered);
  };
  return left.size() == right.size() &&
         std::equal(left.items().begin(), left.items().end(), right.items().begin(), same_row);
}

std::string json_of(const ResultTable& table) {
  doc::JsonWriter json;
  json.begin_object();
  write_columns_and_rows(json, table);
  json.end_object();
  return json.take();
}

namespace {

void read_options(const doc::Value& test_case, RunOptions& options) {
  if (const doc::Value* const parameters = test_case.find("parameters"))
    for (const doc::Member& one : parameters->members())
      options.parameters.emplace(one.name, one.value.as_string());
  if (const doc::Value* const span = test_case.find("span"))
    options.span = kql::TimeSpan{parse_time(span->items()[0].as_string())->instant,
                                 parse_time(span->items()[1].as_string())->instant};
}

}  // namespace

Result<Answer> answer_of(const doc::Value& test_case, store::EventEngine* engine) {
  kql::PatternCache patterns;
  RunOptions options;
  options.evaluation = {.now = kNow, .limits = {}, .patterns = &patterns};
  if (const auto now = test_case.text_of("now")) options.evaluation.now = parse_time(*now)->instant;
  options.rewrites.context = &options.evaluation;
  read_options(test_case, options);
  MemoryTables tables;
  if (const doc::Value* const given = test_case.find("tables")) RD_TRY(add_tables(*given, tables));
  const std::string_view query = test_case.text_of("query").value_or("");
  if (engine == nullptr) return run(query, tables.schemas(), tables, options);
  const sql::MemoryCatalog catalog(tables);
  sql::SqlTables source(*engine, catalog, {.everything = true});
  return run(query, tables.schemas(), source, options);
}

std::string judge_case(std::string_view line, store::EventEngine* engine) {
  Arena arena;
  const Result<doc::Value> test_case = doc::parse_json(arena, line);
  if (!test_case) return test_case.error().text();
  const doc::Value* const only_memory = test_case->find("only_memory");
  if (engine != nullptr && only_memory != nullptr) return {};
  const Result<Answer> answer = answer_of(*test_case, engine);
  if (const auto wanted = test_case->text_of("error")) {
    if (answer) return "it was answered";
    return answer.error().code == *wanted ? std::string() : "got " + answer.error().text();
  }
  if (!answer) return answer.error().text();
  if (const doc::Value* const results = test_case->find("results")) {
    if (results->size() != answer->tables.size()) return "another number of tables";
    for (std::size_t i = 0; i < results->size(); ++i)
      if (std::string out = difference(answer->tables[i], results->items()[i], arena, engine == nullptr);
          !out.empty())
        return out;
    return {};
  }
  if (answer->tables.size() != 1) return "not one table";
  if (std::string out = different_chart(answer->tables.front(), *test_case); !out.empty()) return out;
  return difference(answer->tables.front(), *test_case, arena, engine == nullptr);
}

std::unique_ptr<store::EmbeddedEngine> test_engine() {
  Result<std::unique_ptr<store::EmbeddedEngine>> engine = store::EmbeddedEngine::open({});
  if (engine) return *std::move(engine);
  const char* const required = std::getenv("REDOUBT_REQUIRE_CORPORA");
  // A build with sanitizers can not load it (STO0002).
  const bool missing = engine.error().code == "STO0001" || engine.error().code == "STO0002";
  const bool must =
      required != nullptr && std::string_view(required) == "1" && engine.error().code != "STO0002";
  const auto skip = [&] { GTEST_SKIP() << engine.error().text(); };
  if (missing && !must)
    skip();
  else
    ADD_FAILURE() << engine.error().text();
  return nullptr;
}

}  // namespace redoubt::query
