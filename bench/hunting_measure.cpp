#include "bench/hunting_measure.h"

#include <fmt/format.h>

#include <ctime>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "kql/analysis.h"
#include "kql/json_text.h"
#include "query/sql/explain.h"
#include "query/sql/sql_tables.h"

namespace redoubt::bench {

namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

/// The end of the events: 2024-06-15.
constexpr Instant kNow{638'540'064'000'000'000};

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

Result<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  if (!file)
    return fail(Error::Kind::Io, "DOC0001", "the file can't be read", Where{path.string(), 0, 0, {}});
  return out.str();
}

/// Sums may be made in any order: the last digits of a real are free.
std::string text_of(const kql::Value& value) {
  if (value.is_null()) return "null";
  if (value.is(kql::Type::Real)) return fmt::format("{:.9g}", value.as_real());
  if (!value.is(kql::Type::Dynamic) || kql::json_kind(value.json()) != kql::JsonKind::Array)
    return kql::to_text(value);
  std::vector<std::string> elements;
  for (const std::string_view element : kql::json_elements(value.json()))
    elements.emplace_back(element);
  std::sort(elements.begin(), elements.end());
  return fmt::format("[{}]", fmt::join(elements, ","));
}

Result<void> check_equal(const HuntingQuery& query, const query::ResultTable& kql,
                         const query::ResultTable& sql) {
  const std::vector<std::string> a = canonical_rows(kql);
  const std::vector<std::string> b = canonical_rows(sql);
  if (a == b && !a.empty()) return {};
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at])
    ++at;
  return fail(Error::Kind::InvalidInput, "BEN0001",
              fmt::format("{}: the answers differ: {} and {} rows; row {}:\n  KQL {}\n  SQL {}", query.name,
                          a.size(), b.size(), at, at < a.size() ? a[at] : "-", at < b.size() ? b[at] : "-"));
}

}  // namespace

std::vector<std::string> canonical_rows(const query::ResultTable& table) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.rows; ++row) {
    std::string text;
    for (const query::Cells& cells : table.cells)
      text += text_of(cells[row]) + " | ";
    out.push_back(std::move(text));
  }
  if (!table.ordered) std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<HuntingQuery>> read_hunting_queries(const std::string& folder) {
  std::vector<HuntingQuery> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".kql") continue;
    HuntingQuery query{.name = entry.path().stem().string(), .kql = {}, .sql = {}};
    query.kql = RD_TRY(read_text(entry.path()));
    query.sql = RD_TRY(read_text(fs::path(entry.path()).replace_extension(".sql")));
    out.push_back(std::move(query));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<HuntingField> HuntingField::open(const std::string& directory) {
  HuntingField out;
  out.engine_ = RD_TRY(store::EmbeddedEngine::open({.data_directory = directory}));
  store::EventTables tables = RD_TRY(store::EventTables::open(*out.engine_));
  out.tables_ = std::make_unique<store::EventTables>(std::move(tables));
  out.catalog_ = std::make_unique<query::sql::EventCatalog>(*out.tables_);
  out.schemas_ = std::make_unique<kql::Schemas>(query::sql::schemas_of(*out.tables_));
  out.patterns_ = std::make_unique<kql::PatternCache>();
  return out;
}

query::RunOptions HuntingField::options() const {
  query::RunOptions out;
  out.evaluation.now = kNow;
  out.evaluation.patterns = patterns_.get();
  return out;
}

Result<query::Answer> HuntingField::ask_kql(const std::string& text) const {
  query::RunOptions run = options();
  run.rewrites.context = &run.evaluation;
  query::sql::SqlTables source(*engine_, *catalog_, {});
  kql::Environment environment(*schemas_);
  environment.complete = true;
  return query::run(text, environment, source, run);
}

Result<std::string> HuntingField::explain(const std::string& text) const {
  query::RunOptions run = options();
  run.rewrites.context = &run.evaluation;
  kql::Environment environment(*schemas_);
  environment.complete = true;
  kql::Analysis analysis = kql::analyze(text, environment, run.analysis);
  kql::rewrite(analysis, run.rewrites);
  return query::sql::explain(analysis, *catalog_, run.evaluation);
}

Result<query::ResultTable> HuntingField::ask_sql(const std::string& text, const query::ResultTable& like,
                                                 std::uint64_t* rows_read) const {
  query::ResultTable out;
  out.columns = like.columns;
  out.ordered = like.ordered;
  out.cells.resize(like.columns.size());
  const store::BlockSink take = [&](const store::Block& block) -> Result<void> {
    if (block.columns.size() != out.cells.size())
      return fail(Error::Kind::InvalidInput, "BEN0001",
                  fmt::format("{} columns, not {}", block.columns.size(), out.cells.size()));
    out.rows += block.rows();
    for (std::size_t i = 0; i < out.cells.size(); ++i)
      query::sql::append_cells(block.columns[i], like.columns[i].second, out.cells[i]);
    return {};
  };
  const store::QueryStatistics made =
      RD_TRY(engine_->query({.sql = text, .inputs = {}, .limits = {}}, take, {}));
  if (rows_read != nullptr) *rows_read = made.rows_read;
  return out;
}

Result<std::string> HuntingField::ask_text(const std::string& text) const {
  std::string out;
  const store::BlockSink take = [&](const store::Block& block) -> Result<void> {
    std::vector<query::Cells> cells(block.columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i)
      query::sql::append_cells(block.columns[i], kql::Type::String, cells[i]);
    for (std::size_t row = 0; row < block.rows(); ++row)
      for (std::size_t i = 0; i < cells.size(); ++i)
        out += kql::to_text(cells[i][row]) + (i + 1 == cells.size() ? "\n" : "\t");
    return {};
  };
  RD_TRY(engine_->query({.sql = text, .inputs = {}, .limits = {}}, take, {}));
  return out;
}

Result<void> HuntingField::execute(const std::string& statement) const {
  RD_TRY(engine_->execute({.sql = statement, .inputs = {}, .limits = {}}, {}));
  return {};
}

Result<HuntingTimes> HuntingField::measure(const HuntingQuery& query, int runs) const {
  HuntingTimes out;
  const query::Answer answer = RD_TRY(ask_kql(query.kql));
  if (answer.tables.size() != 1)
    return fail(Error::Kind::InvalidInput, "BEN0001", fmt::format("{} gives not one table", query.name));
  const query::ResultTable& like = answer.tables.front();
  const query::ResultTable other = RD_TRY(ask_sql(query.sql, like, &out.rows_read));
  RD_TRY(check_equal(query, like, other));
  out.rows = like.rows;
  std::vector<double> kql;
  std::vector<double> sql;
  std::vector<double> ratios;
  std::vector<double> cpu_ratios;
  std::vector<double> compiles;
  for (int i = 0; i < runs; ++i) {
    Clock::time_point begin = Clock::now();
    double cpu = cpu_ms();
    RD_TRY(explain(query.kql));
    compiles.push_back(ms_since(begin));
    const double compile_cpu = cpu_ms() - cpu;
    begin = Clock::now();
    cpu = cpu_ms();
    RD_TRY(ask_kql(query.kql));
    kql.push_back(std::max(ms_since(begin) - compiles.back(), 0.001));
    const double kql_cpu = cpu_ms() - cpu - compile_cpu;
    begin = Clock::now();
    cpu = cpu_ms();
    RD_TRY(ask_sql(query.sql, like));
    sql.push_back(ms_since(begin));
    ratios.push_back(kql.back() / sql.back());
    cpu_ratios.push_back(kql_cpu / std::max(cpu_ms() - cpu, 0.001));
  }
  out.cpu_ratio = median(cpu_ratios);
  out.kql_ms = median(kql);
  out.sql_ms = median(sql);
  out.compile_ms = median(compiles);
  out.ratio = median(ratios);
  return out;
}

}  // namespace redoubt::bench
