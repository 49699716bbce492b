#include "state/state_file.h"

#include <filesystem>

#include "state/migrations.h"

namespace redoubt::state {

std::string state_file(const std::string& data_directory) {
  return (std::filesystem::path(data_directory) / "state.db").string();
}

Result<Database> open_state(const std::string& data_directory, std::chrono::milliseconds patience) {
  Database database = RD_TRY(Database::open(state_file(data_directory), Access::Write, patience));
  RD_TRY(migrate(database));
  RD_TRY(database.use_wal());  // not before it is known to be ours
  return database;
}

Result<std::optional<Database>> open_state_to_read(const std::string& data_directory) {
  const std::string file = state_file(data_directory);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  Database database = RD_TRY(Database::open(file, Access::Read));
  const bool current = RD_TRY(is_current(database));
  if (current) return database;
  Database brought_up = RD_TRY(open_state(data_directory));
  return brought_up;
}

}  // namespace redoubt::state
