#include "store/event_ddl_text.h"

#include "store/detail/event_ddl.h"

namespace redoubt::store {

std::vector<std::string> table_statements(std::span<const EventTable* const> tables,
                                          std::string_view cluster) {
  std::vector<std::string> out = detail::database_statements(cluster);
  for (const EventTable* table : tables) {
    EventTable made = *table;
    made.cluster = cluster;
    made.has_writers = true;
    for (std::string& statement : detail::create_statements(made))
      out.push_back(std::move(statement));
  }
  return out;
}

}  // namespace redoubt::store
