#include "real_queries.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "answer_case.h"
#include "core/arena.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/analysis.h"
#include "kql/json_text.h"
#include "kql/plan_walk.h"
#include "random_rows.h"
#include "testing/paths.h"

namespace redoubt::query {

namespace {

doc::LineDocument lines_of(doc::Sources& sources, const std::filesystem::path& file) {
  Reading<doc::LineDocument> read =
      doc::read_json_lines(sources, file.filename().string(), testing::read_file(file));
  EXPECT_FALSE(read.has_errors()) << file;
  return std::move(read.value);
}

/// Those whose columns are known, in the order of their ids.
std::vector<RealQuery> all_queries(const std::filesystem::path& folder) {
  doc::Sources sources;
  const doc::LineDocument schema = lines_of(sources, folder / "real-queries-schema.jsonl");
  std::set<std::string> wanted;
  for (const doc::Value& row : schema.rows)
    wanted.emplace(row.text_of("id").value_or(""));
  const doc::LineDocument all = lines_of(sources, folder / "real-queries.jsonl");
  std::vector<RealQuery> out;
  for (const doc::Value& row : all.rows)
    if (std::string id(row.text_of("id").value_or("")); wanted.contains(id))
      out.push_back({std::move(id), std::string(row.text_of("query").value_or(""))});
  std::sort(out.begin(), out.end(), [](const RealQuery& a, const RealQuery& b) { return a.id < b.id; });
  return out;
}

/// The elements of arrays in order of their text: which order an aggregate gives them is free.
std::string free_order(const kql::Value& value) {
  if (value.is(kql::Type::Real) && !value.is_null())
    return std::isfinite(value.as_real()) ? fmt::format("{:.12g}", value.as_real()) : kql::to_text(value);
  if (!value.is(kql::Type::Dynamic) || value.is_null() ||
      kql::json_kind(value.json()) != kql::JsonKind::Array)
    return kql::to_text(value);
  std::vector<std::string> parts;
  for (const std::string_view one : kql::json_elements(value.json()))
    parts.push_back(free_order(kql::Value::of_dynamic(std::string(one))));
  std::sort(parts.begin(), parts.end());
  std::string out = "[";
  for (const std::string& part : parts)
    out += part + ",";
  return out + "]";
}

}  // namespace

bool is_whole_corpus() {
  const char* const whole = std::getenv("REDOUBT_WHOLE_CORPUS");
  return whole != nullptr && std::string_view(whole) == "1";
}

std::vector<RealQuery> RealCorpus::queries(std::size_t sample, std::size_t part, std::size_t parts) const {
  const std::vector<RealQuery> all = all_queries(folder);
  const std::size_t step = is_whole_corpus() ? 1 : std::max<std::size_t>(all.size() / sample, 1);
  const std::size_t most = is_whole_corpus() ? all.size() : sample;
  const char* const wanted = std::getenv("REDOUBT_CORPUS_QUERY");
  std::vector<RealQuery> out;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < all.size() && (wanted != nullptr || taken < most);
       i += wanted != nullptr ? 1 : step, ++taken)
    if (wanted != nullptr ? all[i].id == wanted : taken % parts == part) out.push_back(all[i]);
  return out;
}

namespace {

kql::Schemas real_schemas(const std::filesystem::path& folder) {
  kql::Schemas out;
  Arena arena;
  const doc::Sources sources;
  const Result<doc::Value> json =
      doc::parse_json(arena, arena.copy(testing::read_file(folder / "table-schemas.json")));
  EXPECT_TRUE(json && out.add(*json, sources).empty());
  return out;
}

}  // namespace

std::optional<RealCorpus> RealCorpus::open() {
  const auto folder = testing::corpora("kql");
  if (!folder) return std::nullopt;
  std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return std::nullopt;
  return RealCorpus{*folder, std::move(engine), real_schemas(*folder)};
}

RealRun::RealRun(const RealQuery& query, MemoryTables& tables) : files(query.text) {
  tables.set_external(&files);
  options.evaluation = {.now = kCorpusNow, .limits = {}, .patterns = &patterns};
  options.rewrites.context = &options.evaluation;
}

void add_tables_of(const RealQuery& query, const kql::Schemas& schemas, MemoryTables& out) {
  const kql::Analysis analysis = kql::analyze(query.text, schemas);
  const ColumnHints hints = hints_of(analysis);
  kql::each_relation(analysis, [&](const kql::Relation& rows) {
    const kql::Relation* const table = rows.op == kql::NodeKind::Name ? schemas.find(rows.name) : nullptr;
    if (table != nullptr && out.stored(rows.name) == nullptr)
      add_random_table(*table, query.text, hints, std::hash<std::string>()(query.id), kMadeUpRows, out);
  });
}

Result<Table> MadeUpFiles::read(const std::vector<std::string>&, const kql::Relation& relation) {
  MemoryTables tables;
  kql::Relation table = relation;
  table.name = "file";
  add_random_table(table, query_, {}, 1, kMadeUpRows, tables);
  return tables.read(table);
}

std::vector<std::string> rows_of(const Answer& answer) {
  std::vector<std::string> out;
  for (const ResultTable& table : answer.tables)
    for (std::size_t row = 0; row < table.rows; ++row) {
      std::string text;
      for (const Cells& cells : table.cells)
        text += free_order(cells[row]) + "|";
      out.push_back(std::move(text));
    }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_free(std::string_view query, const kql::Environment& environment) {
  static constexpr std::string_view kFree[] = {
      "take",      "limit",    "sample",    "any(",           "any_if", "arg_m", "argm",
      "rand",      "top",      "new_guid",  "row_number",     "prev(",  "next(", "scan ",
      "make_list", "makelist", "serialize", "ingestion_time("};  // tables of events know it, those in memory
                                                                 // do not
  if (std::any_of(std::begin(kFree), std::end(kFree),
                  [&](std::string_view word) { return query.find(word) != std::string_view::npos; }))
    return true;
  bool free = false;
  kql::each_relation(kql::analyze(query, environment), [&](const kql::Relation& rows) {
    free = free || (rows.op == kql::NodeKind::Join && (rows.kind.empty() || rows.kind == "innerunique"));
  });
  return free;
}

}  // namespace redoubt::query
