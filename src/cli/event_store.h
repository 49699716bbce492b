#pragma once

#include <memory>
#include <string>

#include "cli/arguments.h"
#include "cli/context.h"
#include "core/result.h"
#include "store/embedded.h"
#include "store/event_tables.h"

namespace redoubt::cli {

/// `DIR/events` of the data directory.
std::string events_directory(const Arguments& arguments);

/// The events of a folder, held as long as this lives.
class EventStore {
 public:
  /// Makes the folder where it is not there. Errors: those of EmbeddedEngine and EventTables.
  static Result<std::unique_ptr<EventStore>> open(const std::string& directory);
  /// STO0024 (NotFound) there are no events.
  static Result<std::unique_ptr<EventStore>> open_existing(const std::string& directory);

  store::EventEngine& engine() { return *engine_; }
  store::EventTables& tables() { return tables_; }

 private:
  EventStore(std::unique_ptr<store::EmbeddedEngine> engine, store::EventTables tables)
      : engine_(std::move(engine)), tables_(std::move(tables)) {}

  std::unique_ptr<store::EmbeddedEngine> engine_;
  store::EventTables tables_;
};

/// Says what of the events is not there though it should be: files whose load did not end, parts of tables
/// that are damaged, and tables with fewer rows than were loaded. Nothing else shows it in an answer.
Result<void> tell_missing_rows(EventStore& events, const std::string& data_directory, Context& context);

}  // namespace redoubt::cli
