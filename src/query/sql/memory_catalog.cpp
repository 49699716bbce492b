#include "query/sql/memory_catalog.h"

#include <fmt/format.h>

#include "query/sql/inputs.h"

namespace redoubt::query::sql {

using kql::Type;

namespace {

bool is_text(Type type) { return type == Type::String || type == Type::Dynamic; }

}  // namespace

MemoryCatalog::MemoryCatalog(const MemoryTables& tables, std::size_t few_rows) : tables_(tables) {
  for (const kql::Relation* table : tables.schemas().tables()) {
    Entry entry{.input = fmt::format("rd_table_{}", entries_.size() + 1), .stored = {}};
    entry.stored.from = entry.input;
    entry.stored.is_small = tables.stored(table->name)->rows <= few_rows;
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
  const NamedColumns named(sql);
  for (const auto& [name, entry] : entries_) {
    const std::vector<std::size_t>* const columns = named.of(entry.input);
    if (columns == nullptr) continue;
    const MemoryTables::Stored& stored = *tables_.stored(name);
    std::vector<Type> types;
    types.reserve(stored.columns.size());
    for (const auto& [column, type] : stored.columns)
      types.push_back(type);
    const auto value = [&stored](std::size_t column, std::size_t row) { return stored.value(column, row); };
    out.push_back(input_of(entry.input, *columns, types, value, stored.rows));
  }
  return out;
}

}  // namespace redoubt::query::sql
