#include "query/sql/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace redoubt::query::sql {

using kql::Type;
using kql::Value;

namespace {

/// How the names of tables in memory begin; those of values go on with a number.
constexpr std::string_view kTablePrefix = "rd_";

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

NamedColumns::NamedColumns(std::string_view sql) {
  const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  for (std::size_t at = sql.find(kTablePrefix); at != std::string_view::npos;
       at = sql.find(kTablePrefix, at)) {
    const std::size_t begin = at;
    while (at < sql.size() && is_name(sql[at]))
      ++at;
    const std::size_t first = begin + kTablePrefix.size();
    if (first < sql.size() && sql[first] >= '0' && sql[first] <= '9') continue;
    std::vector<std::size_t>& columns = tables_[std::string(sql.substr(begin, at - begin))];
    if (!sql.substr(at).starts_with(".c")) continue;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(sql.data() + at + 2, sql.data() + sql.size(), number);
    if (error == std::errc()) columns.push_back(number);
  }
  for (auto& [table, columns] : tables_) {
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  }
}

const std::vector<std::size_t>* NamedColumns::of(std::string_view table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : &found->second;
}

store::Input input_of(std::string name, const std::vector<std::size_t>& columns,
                      const std::vector<Type>& types, CellAt cell, std::size_t rows) {
  store::Input input{.name = std::move(name), .columns = {}, .blocks = {}};
  std::vector<std::size_t> numbers;
  for (const std::size_t column : columns)
    if (column < types.size()) numbers.push_back(column);  // a text may look like a name
  if (numbers.empty() && !types.empty()) numbers.push_back(0);
  for (const std::size_t i : numbers)
    input.columns.push_back({fmt::format("c{}", i), cell_type(types[i]), !is_text(types[i])});
  input.blocks = [shapes = input.columns, numbers = std::move(numbers), cell = std::move(cell), rows,
                  from = std::size_t{0}]() mutable -> Result<std::optional<store::Block>> {
    if (from >= rows) return std::optional<store::Block>();
    const std::size_t to = std::min(rows, from + kBlockRows);
    store::Block block = store::make_block(shapes);
    for (std::size_t i = 0; i < block.columns.size(); ++i)
      for (std::size_t row = from; row < to; ++row)
        append_value(block.columns[i], cell(numbers[i], row));
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

}  // namespace redoubt::query::sql
