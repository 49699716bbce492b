#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/event_place.h"
#include "core/result.h"
#include "state/loads.h"
#include "store/engine.h"
#include "store/event_tables.h"

namespace redoubt::cli {

/// The events of a folder, held as long as this lives, or of a server.
class EventStore {
 public:
  /// Makes the folder where it is not there. Errors: those of EmbeddedEngine, RemoteEngine and EventTables.
  static Result<std::unique_ptr<EventStore>> open(const EventPlace& place);
  /// STO0024 (NotFound) there are no events.
  static Result<std::unique_ptr<EventStore>> open_existing(const EventPlace& place);

  store::EventEngine& engine() { return *engine_; }
  store::EventTables& tables() { return tables_; }

 private:
  EventStore(std::unique_ptr<store::EventEngine> engine, store::EventTables tables)
      : engine_(std::move(engine)), tables_(std::move(tables)) {}

  std::unique_ptr<store::EventEngine> engine_;
  store::EventTables tables_;
};

/// An engine of this process without events, opened when it is first asked for: for what files hold.
class SpareEngine {
 public:
  /// Errors: those of EmbeddedEngine.
  Result<store::EventEngine*> get();

 private:
  std::unique_ptr<store::EventEngine> engine_;
};

/// Says what of the events is not there though it should be: files whose load did not end, and parts of
/// tables that are damaged. Nothing else shows it in an answer. `ledger` is the folder of what is known of
/// loads.
Result<void> tell_missing_rows(EventStore& events, const std::string& ledger, Context& context);

/// To be called before a load: says (STO0037) that the table has rows of which the ledger knows nothing, so
/// that their files would be loaded once more.
Result<void> tell_unknown_rows(EventStore& events, state::Loads& loads, const std::string& table,
                               Context& context);

/// A table that has fewer rows than were loaded into it, though nobody took them away.
struct LostRows {
  std::string table;
  Diagnostic told;  ///< STO0026
};
/// Rows that go by age are not lost, whether they still do or did once.
Result<std::vector<LostRows>> lost_rows(EventStore& events, const std::string& ledger);
/// Says it of these tables; of all, where none is named.
Result<void> tell_lost_rows(EventStore& events, const std::string& ledger,
                            std::span<const std::string> tables, Context& context);

}  // namespace redoubt::cli
