#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/event_schema.h"

namespace redoubt::store::detail {

/// The database of the engine that has the events.
inline constexpr std::string_view kEventsDatabase = "events";

/// The rows that are inserted, as the statement finds them.
inline constexpr std::string_view kInsertedRows = "rd_rows";

// Statements. Names and texts of others are quoted in them.

std::string create_statement(const EventTable& table);
std::string add_statement(const EventTable& table, std::span<const EventColumn> columns);
/// Finds the days of the retention in a table's definition, as a group.
inline constexpr std::string_view kRetentionPattern = R"(toIntervalDay\((\d+)\))";
std::string retention_statement(const EventTable& table, std::int64_t days);
/// Inserts rows whose columns are called by input_column(); they get `received` (ticks since the year 1).
std::string insert_statement(const EventTable& table, std::span<const EventColumn* const> columns,
                             std::int64_t received);
std::string input_column(std::size_t number);

/// A comment that says what a column is, and the column of such a one; false: it is none of ours.
std::string column_comment(const EventColumn& column);
bool read_column_comment(std::string_view comment, EventColumn& column);

/// Ticks as the engine's time.
std::string time_text(std::int64_t ticks);

}  // namespace redoubt::store::detail
