#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/result.h"
#include "state/database.h"

namespace redoubt::state {

/// `DIR/state.db`.
std::string state_file(const std::string& data_directory);

/// The state in a data directory, to be read and written, with the tables of this program. It is made where
/// it is not there. Errors: those of Database and migrate().
Result<Database> open_state(const std::string& data_directory,
                            std::chrono::milliseconds patience = Database::kPatience);

/// Only to be read; nothing where there is none. An older one is brought up to the tables of this program.
Result<std::optional<Database>> open_state_to_read(const std::string& data_directory);

}  // namespace redoubt::state
