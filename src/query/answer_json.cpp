#include "query/answer_json.h"

#include <fmt/format.h>

#include <cmath>

#include "kql/json_text.h"

namespace redoubt::query {

using kql::Type;
using kql::Value;

namespace {

/// Without the zeros of its fraction: 2024-01-31T00:00:00Z.
std::string short_datetime(std::int64_t ticks) {
  std::string out = kql::datetime_text(ticks);
  const std::size_t point = out.find('.');
  if (point == std::string::npos) return out;
  const std::size_t last = out.find_last_not_of("0Z");
  out.resize(last == point ? point : last + 1);
  return out + "Z";
}

tl::unexpected<Error> bad_tables(std::string_view what) {
  return fail(Error::Kind::InvalidInput, "KQL0010", fmt::format("tables of a case: {}", what), {},
              R"(write {"T":{"columns":[["a","long"]],"rows":[[1]]}})");
}

Result<std::vector<std::pair<std::string, kql::Type>>> columns_of(const doc::Value& table) {
  const doc::Value* const columns = table.find("columns");
  if (columns == nullptr || !columns->is_array()) return bad_tables("columns are a list");
  std::vector<std::pair<std::string, kql::Type>> out;
  for (const doc::Value& column : columns->items()) {
    const bool pair = column.is_array() && column.size() == 2 && column.items()[0].is_string() &&
                      column.items()[1].is_string();
    if (!pair) return bad_tables("a column is [name, type]");
    const std::optional<kql::Type> type = kql::find_type(column.items()[1].as_string());
    if (!type) return bad_tables(fmt::format("no type has the name {}", column.items()[1].as_string()));
    out.emplace_back(std::string(column.items()[0].as_string()), *type);
  }
  return out;
}

}  // namespace

void write_cell(doc::JsonWriter& json, const Value& value) {
  if (value.is_null()) {
    json.null();
    return;
  }
  switch (value.type()) {
    case Type::Bool:
      json.boolean(value.as_bool());
      return;
    case Type::Int:
    case Type::Long:
      json.integer(value.as_long());
      return;
    case Type::Real:
      if (std::isfinite(value.as_real()))
        json.real(value.as_real());
      else
        json.text(kql::to_text(value));
      return;
    case Type::DateTime:
      json.text(short_datetime(value.ticks()));
      return;
    case Type::Dynamic:
      json.raw(value.json());
      return;
    default:
      json.text(kql::to_text(value));
  }
}

std::string cell_text(const Value& value) {
  if (value.is_null()) return {};
  return value.is(Type::DateTime) ? short_datetime(value.ticks()) : kql::to_text(value);
}

std::string row_json(const ResultTable& table, std::size_t row) {
  doc::JsonWriter json;
  json.begin_array();
  for (const Cells& cells : table.cells)
    write_cell(json, cells[row]);
  json.end_array();
  return json.take();
}

std::string row_object(const ResultTable& table, std::size_t row, std::string_view name) {
  doc::JsonWriter json;
  json.begin_object();
  if (!name.empty()) json.key("$table").text(name);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    json.key(table.columns[i].first);
    write_cell(json, table.cells[i][row]);
  }
  json.end_object();
  return json.take();
}

void write_columns_and_rows(doc::JsonWriter& json, const ResultTable& table) {
  json.key("columns").begin_array();
  for (const auto& [name, type] : table.columns)
    json.raw(doc::JsonWriter().begin_array().text(name).text(kql::type_name(type)).end_array().take());
  json.end_array().key("rows").begin_array();
  for (std::size_t row = 0; row < table.rows; ++row)
    json.raw(row_json(table, row));
  json.end_array();
}

Value cell_of(const doc::Value& json, Type type) {
  if (type == Type::Dynamic) {
    const std::optional<std::string> text = kql::normalize_json(doc::to_json(json));
    return text ? Value::of_dynamic(*text) : Value::null(type);
  }
  if (json.is_null()) return Value::null(type);
  if (json.is_string()) return kql::convert(Value::of_string(std::string(json.as_string())), type);
  if (json.is_bool()) return kql::convert(Value::of_bool(json.as_bool()), type);
  if (json.is_int()) return kql::convert(Value::of_long(json.as_int()), type);
  if (json.is_real()) return kql::convert(Value::of_real(json.as_real()), type);
  return kql::convert(Value::of_string(doc::to_json(json)), type);
}

Result<void> add_tables(const doc::Value& tables, MemoryTables& out) {
  if (!tables.is_object()) return bad_tables("they are an object");
  for (const doc::Member& table : tables.members()) {
    const std::vector<std::pair<std::string, kql::Type>> columns = RD_TRY(columns_of(table.value));
    std::vector<Cells> cells(columns.size());
    const doc::Value* const rows = table.value.find("rows");
    for (const doc::Value& row :
         rows != nullptr && rows->is_array() ? rows->items() : std::span<const doc::Value>()) {
      if (!row.is_array() || row.size() != columns.size())
        return bad_tables("a row has a value for each column");
      for (std::size_t i = 0; i < columns.size(); ++i)
        cells[i].push_back(cell_of(row.items()[i], columns[i].second));
    }
    out.add(table.name, columns, std::move(cells));
  }
  return {};
}

}  // namespace redoubt::query
