#include "query/memory_tables.h"

#include <fmt/format.h>

namespace redoubt::query {

void MemoryTables::add(std::string_view name, const std::vector<std::pair<std::string, kql::Type>>& columns,
                       std::vector<Cells> cells) {
  RD_CHECK(columns.size() == cells.size());
  schemas_.add_table(name, columns);
  Stored stored{columns, {}, {}, cells.empty() ? 0 : cells.front().size()};
  for (Cells& one : cells)
    stored.cells.push_back(std::make_shared<const Cells>(std::move(one)));
  tables_.insert_or_assign(std::string(name), std::move(stored));
}

const MemoryTables::Stored* MemoryTables::stored(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

void MemoryTables::add(std::string_view name, const std::vector<std::pair<std::string, kql::Type>>& columns,
                       std::vector<PackedColumn> packed) {
  RD_CHECK(columns.size() == packed.size());
  schemas_.add_table(name, columns);
  const std::size_t rows = packed.empty() ? 0 : packed.front().size();
  tables_.insert_or_assign(std::string(name), Stored{columns, {}, std::move(packed), rows});
}

std::shared_ptr<const Cells> MemoryTables::Stored::column(std::size_t number) const {
  return packed.empty() ? cells[number] : std::make_shared<const Cells>(packed[number].cells());
}

kql::Value MemoryTables::Stored::value(std::size_t column, std::size_t row) const {
  return packed.empty() ? (*cells[column])[row] : packed[column][row];
}

Result<Table> MemoryTables::read(const kql::Relation& table) {
  const Stored* const found = stored(table.name);
  if (found == nullptr)
    return fail(Error::Kind::NotFound, "QRY0005", fmt::format("there is no table {}", table.name));
  const Stored& stored = *found;
  Table out(stored.rows);
  for (const kql::Column* column : table.columns)
    for (std::size_t i = 0; i < stored.columns.size(); ++i)
      if (stored.columns[i].first == column->name) {
        out.add(column, stored.column(i));
        break;
      }
  return out;
}

}  // namespace redoubt::query
