#include "query/sql/inputs.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::query::sql {

using kql::Type;
using kql::Value;

namespace {

/// Rows of a block.
constexpr std::size_t kBlockRows = 65'536;

store::CellType cell_type(Type type) {
  switch (type) {
    case Type::Bool:
      return store::CellType::Bool;
    case Type::Int:
      return store::CellType::Int32;
    case Type::Long:
    case Type::DateTime:
    case Type::Timespan:
      return store::CellType::Int64;
    case Type::Real:
      return store::CellType::Float64;
    default:
      return store::CellType::String;
  }
}

bool is_text(Type type) { return type == Type::String || type == Type::Dynamic; }

}  // namespace

store::Input input_of(std::string name, const std::vector<Type>& types, CellAt cell, std::size_t rows) {
  store::Input input{.name = std::move(name), .columns = {}, .blocks = {}};
  for (std::size_t i = 0; i < types.size(); ++i)
    input.columns.push_back({fmt::format("c{}", i), cell_type(types[i]), !is_text(types[i])});
  input.blocks = [shapes = input.columns, cell = std::move(cell), rows,
                  from = std::size_t{0}]() mutable -> Result<std::optional<store::Block>> {
    if (from >= rows) return std::optional<store::Block>();
    const std::size_t to = std::min(rows, from + kBlockRows);
    store::Block block = store::make_block(shapes);
    for (std::size_t i = 0; i < block.columns.size(); ++i)
      for (std::size_t row = from; row < to; ++row)
        append_value(block.columns[i], cell(i, row));
    from = to;
    return std::optional(std::move(block));
  };
  return input;
}

void append_value(store::Column& column, const Value& value) {
  if (value.is_null() && column.nullable) return store::append_null(column);
  switch (value.type()) {
    case Type::Bool:
      return store::append(column, value.as_bool());
    case Type::Int:
      return store::append(column, static_cast<std::int32_t>(value.as_long()));
    case Type::Long:
    case Type::DateTime:
    case Type::Timespan:
      return store::append(column, value.as_long());
    case Type::Real:
      return store::append(column, value.as_real());
    case Type::Dynamic:
      return store::append(column, value.is_null() ? std::string_view() : std::string_view(value.json()));
    case Type::String:
      return store::append(column, std::string_view(value.as_string()));
    default:
      return store::append(column, std::string_view(kql::to_text(value)));
  }
}

bool names_table(std::string_view sql, std::string_view table) {
  for (std::size_t at = sql.find(table); at != std::string_view::npos; at = sql.find(table, at + 1)) {
    const std::size_t end = at + table.size();
    if (end == sql.size() || sql[end] < '0' || sql[end] > '9') return true;
  }
  return false;
}

}  // namespace redoubt::query::sql
