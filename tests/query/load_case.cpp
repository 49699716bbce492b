#include "load_case.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/arena.h"
#include "doc/json.h"
#include "query/answer_json.h"

namespace redoubt::query {

std::vector<Part> parts_of(std::string_view input) {
  std::vector<Part> out;
  std::istringstream stream{std::string(input)};
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("== "))
      out.push_back({line.substr(3), {}});
    else
      out.back().text += line + "\n";
  }
  for (Part& part : out)
    if (part.text.ends_with("\\\n")) part.text.resize(part.text.size() - 2);
  return out;
}

void add_schema(const std::string& json, kql::Schemas& schemas) {
  Arena arena;
  const Result<doc::Value> columns = doc::parse_json(arena, json);
  ASSERT_TRUE(columns);
  std::vector<std::pair<std::string, kql::Type>> out;
  for (const doc::Member& one : columns->members())
    out.emplace_back(one.name, *kql::find_type(one.value.as_string()));
  schemas.add_table("T", out);
}

std::string table_text(MemoryTables& tables) {
  const kql::Relation* const relation = tables.schemas().find("T");
  const Result<Table> table = tables.read(*relation);
  std::string out;
  for (const TableColumn& one : table->columns())
    out +=
        fmt::format("{}{}: {}", out.empty() ? "" : ", ", one.column->name, kql::type_name(one.column->type));
  out += "\n";
  for (std::size_t row = 0; row < table->rows(); ++row) {
    doc::JsonWriter json;
    json.begin_array();
    for (const TableColumn& one : table->columns())
      write_cell(json, (*one.cells)[row]);
    json.end_array();
    out += json.take() + "\n";
  }
  return out;
}

}  // namespace redoubt::query
