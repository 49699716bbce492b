#include "cli/event_store.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/data_option.h"
#include "state/loads.h"

namespace redoubt::cli {

std::string events_directory(const Arguments& arguments) {
  return (std::filesystem::path(data_directory(arguments)) / "events").string();
}

Result<std::unique_ptr<EventStore>> EventStore::open(const std::string& directory) {
  std::unique_ptr<store::EmbeddedEngine> engine =
      RD_TRY(store::EmbeddedEngine::open({.data_directory = directory}));
  store::EventTables tables = RD_TRY(store::EventTables::open(*engine));
  return std::unique_ptr<EventStore>(new EventStore(std::move(engine), std::move(tables)));
}

Result<std::unique_ptr<EventStore>> EventStore::open_existing(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    return fail(Error::Kind::NotFound, "STO0024", "there are no events in this folder",
                Where{directory, 0, 0, {}}, "redoubt logs load FILE --table TABLE brings some");
  return open(directory);
}

Result<void> tell_unfinished_loads(const std::string& data_directory, Context& context) {
  std::optional<state::Loads> loads = RD_TRY(state::Loads::open_to_read(data_directory));
  if (!loads) return {};
  const std::vector<state::Load> unfinished = RD_TRY(loads->unfinished());
  for (const state::Load& load : unfinished)
    context.tell(Diagnostic{Severity::Warning, "STO0025",
                            fmt::format("not all rows of this file are in the table {}", load.source.events),
                            Where{load.source.name, 0, 0, {}},
                            "load it again: what is there is not loaded twice"});
  return {};
}

}  // namespace redoubt::cli
