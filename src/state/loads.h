#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "state/database.h"

namespace redoubt::state {

/// What is read into a table of events.
struct LoadSource {
  std::string events;  ///< the table
  std::string name;    ///< of the file, as it was named
  std::string
      fingerprint;  ///< of what is read: equal texts are the same source; empty: it is none that was before
  std::int64_t method = 0;  ///< how its rows become pieces
};

/// One load of a source.
struct Load {
  std::int64_t id = 0;
  LoadSource source;
  /// When its first piece was received; each one behind it is a tick later. No two loads have a tick in
  /// common, so that it tells which piece rows came with.
  Instant received;
  std::optional<Instant> ended;  ///< nothing: not all of it is there
  std::int64_t rows = 0;         ///< once it has ended
};

/// How many pieces a load may have.
inline constexpr std::int64_t kLoadPieces = 1 << 20;

/// The ledger of loads in the data directory: a load stands in it before its first rows are in their table,
/// and has ended when all of them are. For one thread. Errors: those of Database and migrate().
class Loads {
 public:
  static Result<Loads> open(const std::string& data_directory,
                            std::chrono::milliseconds patience = Database::kPatience);

  /// Only to read; nothing where no state is there.
  static Result<std::optional<Loads>> open_to_read(const std::string& data_directory);

  /// What tells this ledger from all others: 32 hexadecimal digits.
  Result<std::string> writer();

  /// The last load of that source into its table, if there was one.
  Result<std::optional<Load>> find(const LoadSource& source);
  /// A new one.
  Result<Load> begin(const LoadSource& source, Instant now);
  /// It is made anew, with another method.
  Result<void> restart(std::int64_t id, std::int64_t method);
  Result<void> end(std::int64_t id, std::int64_t rows, Instant now);
  /// Those that have not ended, oldest first.
  Result<std::vector<Load>> unfinished();
  /// How many rows tables have at least, where none go by age: those that all ended loads brought, or what
  /// keep() says and what the loads since then brought.
  Result<std::map<std::string, std::uint64_t>> lasting_rows();
  /// Of what was loaded into a table until now, rows have gone by age, and now none do any more: at least so
  /// many stay.
  Result<void> keep(std::string_view events, std::uint64_t rows);
  Result<void> forget(std::int64_t id);
  /// Forgets those of a table, which is no longer there.
  Result<void> forget_events(std::string_view events);

 private:
  explicit Loads(Database database) : database_(std::make_unique<Database>(std::move(database))) {}
  Result<std::vector<Load>> select(std::string_view condition, std::initializer_list<Parameter> parameters);
  Result<void> keep_none_of(std::int64_t id);
  Result<void> run(std::string_view sql, std::initializer_list<Parameter> parameters);

  std::unique_ptr<Database> database_;  // stays where it is
};

}  // namespace redoubt::state
