#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/event_schema.h"

namespace redoubt::store {

/// The statements that make the databases and these tables, as they are made when the first rows of each are
/// loaded: for a server, with has_writers, or for the servers of a cluster. Each is one of ClickHouse's,
/// without a semicolon.
std::vector<std::string> table_statements(std::span<const EventTable* const> tables,
                                          std::string_view cluster);

}  // namespace redoubt::store
