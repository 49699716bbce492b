#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace redoubt::bench {

/// Events that are made up by the engine: 30 days of sign-ins and of activities in documents and mailboxes,
/// of 8,000 users in 25 countries. The same seed gives the same events.
struct EventColumnShape {
  std::string_view name;
  char kind;             ///< s text, d dynamic, t datetime, l long, r real, b bool
  std::string_view sql;  ///< of the names that kNames gives
};
struct EventTableShape {
  std::string_view name;
  std::span<const EventColumnShape> columns;
};
std::span<const EventTableShape> event_tables();
const EventTableShape* find_event_table(std::string_view name);

/// Which of them: rows from `first` on of `total`, which fill the 30 days.
struct EventRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  std::uint64_t seed = 1;
};
/// SELECT of the columns as a table of events has them.
std::string events_sql(const EventTableShape& table, const EventRange& range);
/// SELECT of one text: a line of JSON Lines; what is empty is left out, as exports do.
std::string events_json_sql(const EventTableShape& table, const EventRange& range);

}  // namespace redoubt::bench
