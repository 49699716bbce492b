#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "answer_case.h"
#include "hostile_values.h"
#include "kql/pattern.h"
#include "query/sql/explain.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"

// Whatever of a scalar expression is said in SQL gives what the evaluator gives, for values at all edges.

namespace redoubt::query {
namespace {

constexpr Instant kNow{638'400'000'000'000'000};
constexpr std::size_t kRows = 160;
/// Expressions that one statement works out.
constexpr std::size_t kBatch = 12;
/// Reals of functions such as exp(), which no standard defines to the last bit, may be so far apart.
constexpr double kTolerance = 1e-12;

bool is_whole_corpus() {
  const char* const whole = std::getenv("REDOUBT_WHOLE_CORPUS");
  return whole != nullptr && std::string_view(whole) == "1";
}

bool same_real(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) == std::isnan(b);
  if (a == b) return std::signbit(a) == std::signbit(b);
  return std::abs(a - b) <= kTolerance * std::max({std::abs(a), std::abs(b), 1e-2});
}

/// The number of a text that is that of a real.
kql::Value real_of(const kql::Value& text) {
  return text.as_string().find('.') == std::string::npos ? kql::Value() : kql::convert(text, kql::Type::Real);
}

bool same(const kql::Value& left, const kql::Value& right) {
  if (left.is_null() || right.is_null()) return left.is_null() == right.is_null();
  if (left.type() != right.type()) return false;
  if (left.is(kql::Type::Real)) return same_real(left.as_real(), right.as_real());
  if (!left.is(kql::Type::String) || left.same_as(right)) return left.same_as(right);
  const kql::Value a = real_of(left);
  const kql::Value b = real_of(right);
  return !a.is_null() && !b.is_null() && same_real(a.as_real(), b.as_real());
}

std::string shown(const kql::Value& value) {
  if (value.is_null()) return "null";
  return std::string(kql::type_name(value.type())) + " " + literal_of(value).substr(0, 200);
}

class ScalarProperty {
 public:
  explicit ScalarProperty(store::EventEngine& engine) : engine_(engine) {
    add_hostile_table(7, kRows, tables_);
    catalog_ = std::make_unique<sql::MemoryCatalog>(tables_);
    options_.evaluation = {.now = kNow, .limits = {}, .patterns = &patterns_};
    options_.rewrites.context = &options_.evaluation;
  }

  /// Takes an expression of a template, if it can be said in SQL; whenever there are enough, they are run.
  void add(const std::string& expression, std::string_view family) {
    ++made_;
    const kql::Analysis analysis = kql::analyze(query_of({expression}), tables_.schemas());
    if (!analysis.ok()) {
      ++wrong_[std::string(family)];
      return;
    }
    sql::SqlShare share;
    const Result<std::string> text = sql::explain(analysis, *catalog_, options_.evaluation, &share);
    if (!text || share.operators_in_memory > 0) {
      ++memory_[std::string(family)];
      return;
    }
    ++said_[std::string(family)];
    batch_.emplace_back(expression, family);
    if (batch_.size() >= kBatch) run();
  }

  void run() {
    std::vector<std::pair<std::string, std::string>> batch;
    batch.swap(batch_);
    if (batch.empty()) return;
    if (compare(batch)) return;
    // One at a time tells which.
    if (batch.size() > 1)
      for (const auto& one : batch)
        compare({one});
  }

  void report() const {
    std::size_t said = 0;
    for (const auto& [family, count] : said_)
      said += count;
    std::cout << made_ << " expressions, " << said << " in SQL of " << said_.size() << " templates\n";
    if (std::getenv("REDOUBT_SHOW_TEMPLATES") != nullptr) {
      for (const auto& [family, count] : wrong_)
        std::cout << "not accepted: " << family << " " << count << "\n";
      for (const auto& [family, count] : memory_)
        if (!said_.contains(family)) std::cout << "in memory alone: " << family << "\n";
    }
    for (const auto& [family, count] : differing_)
      std::cout << "differs: " << family << " " << count << "\n";
  }
  std::size_t said() const { return said_.size(); }

 private:
  static std::string query_of(const std::vector<std::string>& expressions) {
    std::string out = "Hostile | project row";
    for (std::size_t i = 0; i < expressions.size(); ++i)
      out += ", e" + std::to_string(i) + " = " + expressions[i];
    return out;
  }

  /// False: something differs, of which all is said where there is one expression.
  bool compare(const std::vector<std::pair<std::string, std::string>>& batch) {
    std::vector<std::string> expressions;
    for (const auto& [expression, family] : batch)
      expressions.push_back(expression);
    const std::string query = query_of(expressions);
    sql::SqlTables source(engine_, *catalog_, {});
    const Result<Answer> by_engine = query::run(query, tables_.schemas(), source, options_);
    RunOptions plain = options_;
    plain.rewrites = kql::kNoRewrites;
    const Result<Answer> in_memory = query::run(query, tables_.schemas(), tables_, plain);
    const bool one = batch.size() == 1;
    if (!by_engine || !in_memory) {
      const bool both = !by_engine && !in_memory;
      if (one && !both)
        fail(batch[0], "engine: " + (by_engine ? "answered" : by_engine.error().text()) +
                           "\n  memory: " + (in_memory ? "answered" : in_memory.error().text()));
      return both && one;
    }
    const ResultTable& a = by_engine->tables[0];
    const ResultTable& b = in_memory->tables[0];
    if (a.rows != b.rows) {
      if (one) fail(batch[0], "another number of rows");
      return false;
    }
    std::vector<std::size_t> places(a.rows);
    for (std::size_t i = 0; i < a.rows; ++i)
      places[static_cast<std::size_t>(a.cells[0][i].as_long())] = i;
    for (std::size_t row = 0; row < b.rows; ++row)
      for (std::size_t column = 1; column < b.cells.size(); ++column) {
        const std::size_t number = static_cast<std::size_t>(b.cells[0][row].as_long());
        const kql::Value& sql = a.cells[column][places[number]];
        const kql::Value& memory = b.cells[column][row];
        if (same(sql, memory)) continue;
        if (one)
          fail(batch[0],
               "SQL " + shown(sql) + "\n  memory " + shown(memory) + inputs_of(batch[0].first, number));
        return false;
      }
    return true;
  }

  /// The cells of the columns that stand in an expression.
  std::string inputs_of(const std::string& expression, std::size_t row) const {
    std::string out;
    const MemoryTables::Stored& stored = *tables_.stored("Hostile");
    for (std::size_t i = 0; i < stored.columns.size(); ++i)
      if (expression.find(stored.columns[i].first) != std::string::npos)
        out += "\n  " + stored.columns[i].first + " = " + shown(stored.value(i, row));
    return out;
  }

  void fail(const std::pair<std::string, std::string>& which, const std::string& what) {
    const std::size_t before = differing_[which.second]++;
    // A template that is wrong is wrong many times.
    if (before < 2) ADD_FAILURE() << which.first << "\n  " << what;
  }

  store::EventEngine& engine_;
  MemoryTables tables_;
  std::unique_ptr<sql::MemoryCatalog> catalog_;
  kql::PatternCache patterns_;
  RunOptions options_;
  std::vector<std::pair<std::string, std::string>> batch_;
  std::size_t made_ = 0;
  std::map<std::string, std::size_t> said_;
  std::map<std::string, std::size_t> memory_;
  std::map<std::string, std::size_t> wrong_;
  std::map<std::string, std::size_t> differing_;
};

void check(std::uint64_t seed, std::size_t each, int depth) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  ScalarProperty property(*engine);
  ExpressionMaker maker(seed);
  for (std::size_t i = 0; i < each; ++i)
    for (const ExpressionTemplate& one : expression_templates())
      property.add(maker.filled(one.text, depth), one.text);
  property.run();
  property.report();
  EXPECT_GT(property.said(), 100u);
}

TEST(CorpusScalars, EveryShapeInSqlGivesWhatTheEvaluatorGives) { check(1, is_whole_corpus() ? 30 : 3, 0); }

TEST(CorpusScalars, ShapesInsideShapesGiveWhatTheEvaluatorGives) { check(2, is_whole_corpus() ? 20 : 2, 1); }

TEST(CorpusScalars, DeepExpressionsGiveWhatTheEvaluatorGives) { check(3, is_whole_corpus() ? 10 : 1, 3); }

}  // namespace
}  // namespace redoubt::query
