#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "core/result.h"
#include "doc/json.h"
#include "query/answer_json.h"
#include "query/load.h"

// A file becomes a table with as many rows as were counted; what is written of that table as an answer of a
// query is read as the same table. The first line of an input may name the file: `== t.csv`.

namespace {

using namespace redoubt;

constexpr query::LoadLimits kLimits{.max_bytes = 1 << 22,
                                    .max_rows = 10'000,
                                    .max_columns = 500,
                                    .max_row_bytes = 1 << 20,
                                    .max_answer_bytes = 1 << 20};

struct File {
  std::string name = "t";
  std::string text;
};

File file_of(std::string text) {
  constexpr std::string_view kMark = "== ";
  const std::size_t line = text.find('\n');
  if (!text.starts_with(kMark) || line == std::string::npos) return {"t", std::move(text)};
  return {text.substr(kMark.size(), line - kMark.size()), text.substr(line + 1)};
}

/// Columns as the cases of the loader have them.
const kql::Schemas& schemas() {
  static const kql::Schemas known = [] {
    kql::Schemas out;
    out.add_table("T", {{"TimeGenerated", kql::Type::DateTime},
                        {"a", kql::Type::Long},
                        {"b", kql::Type::Dynamic},
                        {"Location", kql::Type::String},
                        {"Id", kql::Type::Guid},
                        {"Port", kql::Type::Int}});
    return out;
  }();
  return known;
}

/// False: the file is refused.
bool load(const File& file, const kql::Schemas* known, const query::LoadLimits& limits,
          query::MemoryTables& out, Reading<query::Loaded>& loaded) {
  query::TableLoader loader({.schemas = known, .limits = limits});
  std::istringstream stream(file.text);
  if (!loader.add("T", stream, file.name)) return false;
  loaded = loader.finish(out);
  return true;
}

query::ResultTable all_rows(query::MemoryTables& tables) {
  const query::MemoryTables::Stored& stored = *tables.stored("T");
  query::ResultTable out{.columns = stored.columns, .rows = stored.rows};
  for (std::size_t i = 0; i < stored.columns.size(); ++i)
    out.cells.push_back(*stored.column(i));
  return out;
}

/// A dynamic text with JSON in it comes back as that JSON, as the query APIs write their dynamic values.
bool is_text_of_json(const kql::Value& value) {
  return value.is(kql::Type::Dynamic) && !value.is_null() &&
         (value.json().starts_with("\"{") || value.json().starts_with("\"[") ||
          value.json().starts_with("\" ") || value.json().starts_with("\"\\"));
}

void check_same(const query::ResultTable& left, const query::ResultTable& right) {
  RD_CHECK(left.columns == right.columns);
  RD_CHECK(left.rows == right.rows);
  for (std::size_t i = 0; i < left.cells.size(); ++i)
    for (std::size_t row = 0; row < left.rows; ++row)
      RD_CHECK(left.cells[i][row].same_as(right.cells[i][row]) || is_text_of_json(left.cells[i][row]));
}

/// Names that mean something to the loader stand for other columns when they are read again.
bool has_plain_names(const query::ResultTable& table) {
  for (const auto& [name, type] : table.columns)
    if (name.ends_with(']')) return false;
  return !table.columns.empty();
}

void check_again(const query::ResultTable& table) {
  if (!has_plain_names(table)) return;
  doc::JsonWriter json;
  json.begin_object().key("tables").begin_array().begin_object();
  query::write_columns_and_rows(json, table);
  json.end_object().end_array().end_object();
  query::LoadLimits limits;
  limits.max_depth = 400;
  query::MemoryTables again;
  Reading<query::Loaded> loaded;
  RD_CHECK(load({"answer.json", json.take()}, nullptr, limits, again, loaded));
  if (loaded.diagnostics.empty()) check_same(table, all_rows(again));
}

void check(const File& file, const kql::Schemas* known) {
  query::MemoryTables tables;
  Reading<query::Loaded> loaded;
  if (!load(file, known, kLimits, tables, loaded)) return;
  const query::ResultTable table = all_rows(tables);
  RD_CHECK(table.columns.empty() || table.rows == loaded.value.files.front().rows);
  for (const query::Cells& cells : table.cells)
    RD_CHECK(cells.size() == table.rows);
  check_again(table);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const File file = file_of(std::string(reinterpret_cast<const char*>(data), size));
  check(file, nullptr);
  check(file, &schemas());
  return 0;
}
