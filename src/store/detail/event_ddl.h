#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/event_schema.h"

namespace redoubt::store::detail {

/// The database of the engine that has the events.
inline constexpr std::string_view kEventsDatabase = "events";
/// On each server of a cluster, the database with its part of the rows; that of the events knows where they
/// are.
inline constexpr std::string_view kPartsDatabase = "events_parts";

/// The rows that are inserted, as the statement finds them.
inline constexpr std::string_view kInsertedRows = "rd_rows";

// Statements. Names and texts of others are quoted in them.

/// Of one server, or of those of a cluster.
std::vector<std::string> database_statements(std::string_view cluster);
/// One, or those of a table's parts and of the table over them.
std::vector<std::string> create_statements(const EventTable& table);
std::vector<std::string> add_statements(const EventTable& table, std::span<const EventColumn> columns);
std::vector<std::string> drop_statements(const EventTable& table);
/// Finds the days of the retention in a table's definition, as a group.
inline constexpr std::string_view kRetentionPattern = R"(toIntervalDay\((\d+)\))";
/// Finds the cluster in the definition of a table over parts.
inline constexpr std::string_view kClusterPattern = R"(^Distributed\('([^']*)')";
std::string retention_statement(const EventTable& table, std::int64_t days);
/// What only the rows themselves can be asked for, on one server or on all of a cluster: `what` stands behind
/// ALTER TABLE and its name.
std::string parts_statement(const EventTable& table, std::string_view what);
/// Inserts rows whose columns are called by input_column(); they get `received` (ticks since the year 1).
std::string insert_statement(const EventTable& table, std::span<const EventColumn* const> columns,
                             std::int64_t received, std::string_view writer);
std::string input_column(std::size_t number);

/// A comment that says what a column is, and the column of such a one; false: it is none of ours.
std::string column_comment(const EventColumn& column);
bool read_column_comment(std::string_view comment, EventColumn& column);

/// Ticks as the engine's time.
std::string time_text(std::int64_t ticks);

}  // namespace redoubt::store::detail
