#include "query/sql/memory_catalog.h"

#include <fmt/format.h>

#include "query/detail/store_cells.h"

namespace redoubt::query::sql {

using kql::Type;

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

MemoryCatalog::MemoryCatalog(const MemoryTables& tables) : tables_(tables) {
  for (const kql::Relation* table : tables.schemas().tables()) {
    Entry entry{.input = fmt::format("rd_table_{}", entries_.size() + 1), .stored = {}};
    entry.stored.from = entry.input;
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      const kql::Column& column = *table->columns[i];
      entry.stored.columns[std::string(column.name)] = {.name = fmt::format("{}.c{}", entry.input, i),
                                                        .type = column.type,
                                                        .nullable = !is_text(column.type)};
    }
    entries_.emplace(std::string(table->name), std::move(entry));
  }
}

std::optional<StoredTable> MemoryCatalog::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.stored);
}

std::vector<store::Input> MemoryCatalog::inputs_of(std::string_view sql) const {
  std::vector<store::Input> out;
  for (const auto& [name, entry] : entries_) {
    if (sql.find(entry.input + ".") == std::string_view::npos &&
        sql.find(entry.input + " ") == std::string_view::npos && !sql.ends_with(entry.input))
      continue;
    const kql::Relation* const table = tables_.schemas().find(name);
    store::Input input{.name = entry.input, .columns = {}, .blocks = {}};
    for (std::size_t i = 0; i < table->columns.size(); ++i)
      input.columns.push_back(
          {fmt::format("c{}", i), cell_type(table->columns[i]->type), !is_text(table->columns[i]->type)});
    const MemoryTables::Stored& stored = *tables_.stored(name);
    input.blocks = [&stored, shapes = input.columns,
                    from = std::size_t{0}]() mutable -> Result<std::optional<store::Block>> {
      if (from >= stored.rows) return std::optional<store::Block>();
      const std::size_t to = std::min(stored.rows, from + kBlockRows);
      store::Block block = store::make_block(shapes);
      for (std::size_t i = 0; i < block.columns.size(); ++i)
        for (std::size_t row = from; row < to; ++row)
          detail::append_value(block.columns[i], stored.value(i, row));
      from = to;
      return std::optional(std::move(block));
    };
    out.push_back(std::move(input));
  }
  return out;
}

}  // namespace redoubt::query::sql
