#include "cli/event_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "store/embedded.h"
#include "store/remote.h"

namespace redoubt::cli {

namespace {

Result<std::unique_ptr<store::EventEngine>> open_engine(const EventPlace& place) {
  if (place.server) {
    std::unique_ptr<store::EventEngine> out = RD_TRY(store::RemoteEngine::open(*place.server));
    return out;
  }
  Result<std::unique_ptr<store::EmbeddedEngine>> out =
      store::EmbeddedEngine::open({.data_directory = place.folder});
  if (out) return std::unique_ptr<store::EventEngine>(*std::move(out));
  Error& error = out.error();
  if (error.where.file.empty()) error.where = place.where();
  return tl::unexpected(std::move(error));
}

}  // namespace

Result<std::unique_ptr<EventStore>> EventStore::open(const EventPlace& place) {
  std::unique_ptr<store::EventEngine> engine = RD_TRY(open_engine(place));
  store::EventTables tables = RD_TRY(store::EventTables::open(*engine));
  return std::unique_ptr<EventStore>(new EventStore(std::move(engine), std::move(tables)));
}

Result<std::unique_ptr<EventStore>> EventStore::open_existing(const EventPlace& place) {
  // The engine would make its own in any folder.
  if (!place.server && !store::EmbeddedEngine::was_here(place.folder))
    return fail(Error::Kind::NotFound, "STO0024", "there are no events in this folder", place.where(),
                "redoubt logs load FILE --table TABLE brings some");
  return open(place);
}

Result<store::EventEngine*> SpareEngine::get() {
  if (engine_ == nullptr) engine_ = RD_TRY(store::EmbeddedEngine::open({}));
  return engine_.get();
}

namespace {

Diagnostic warning(std::string_view code, std::string message, Where where, std::string hint) {
  return {Severity::Warning, std::string(code), std::move(message), std::move(where), std::move(hint)};
}

void tell_unfinished(const std::vector<state::Load>& loads, Context& context) {
  for (const state::Load& load : loads)
    context.tell(
        warning("STO0025", fmt::format("not all rows of this file are in the table {}", load.source.events),
                Where{load.source.name, 0, 0, {}}, "load it again: what is there is not loaded twice"));
}

}  // namespace

Result<void> tell_missing_rows(EventStore& events, const std::string& ledger, Context& context) {
  const std::map<std::string, std::uint64_t> damaged = RD_TRY(events.tables().damaged_parts());
  for (const auto& [table, parts] : damaged)
    context.tell(warning("STO0027",
                         fmt::format("the table {} lacks the rows of {}, whose files are damaged", table,
                                     counted(parts, "part")),
                         {}, "restore the data directory, or load the table's files anew"));
  std::optional<state::Loads> loads = RD_TRY(state::Loads::open_to_read(ledger));
  if (!loads) return {};
  const std::vector<state::Load> unfinished = RD_TRY(loads->unfinished());
  tell_unfinished(unfinished, context);
  return {};
}

Result<std::vector<LostRows>> lost_rows(EventStore& events, const std::string& ledger) {
  std::vector<LostRows> out;
  std::optional<state::Loads> loads = RD_TRY(state::Loads::open_to_read(ledger));
  if (!loads) return out;
  const std::map<std::string, std::uint64_t> lasting = RD_TRY(loads->lasting_rows());
  const std::map<std::string, std::uint64_t> present = RD_TRY(events.tables().row_counts());
  for (const auto& [table, rows] : lasting) {
    const store::EventTable* const found = events.tables().find(table);
    if (rows == 0 || (found != nullptr && found->retention_days != 0)) continue;
    if (found == nullptr) {
      out.push_back(
          {table,
           warning("STO0026", fmt::format("the table {} is lost: {} rows were loaded into it", table, rows),
                   {}, "restore the data directory, or load its files with --again")});
      continue;
    }
    const auto here = present.find(table);
    const std::uint64_t count = here == present.end() ? 0 : here->second;
    if (count < rows)
      out.push_back(
          {table,
           warning(
               "STO0026",
               fmt::format("the table {} has lost rows: {} were loaded, {} are there", table, rows, count),
               {}, "load its files with --again into a new table, or restore the data directory")});
  }
  return out;
}

Result<void> tell_unknown_rows(EventStore& events, state::Loads& loads, const std::string& table,
                               Context& context) {
  const std::map<std::string, std::uint64_t> lasting = RD_TRY(loads.lasting_rows());
  const std::vector<state::Load> unfinished = RD_TRY(loads.unfinished());
  const bool begun =
      std::ranges::any_of(unfinished, [&](const state::Load& one) { return one.source.events == table; });
  if (lasting.contains(table) || begun) return {};
  const std::map<std::string, std::uint64_t> present = RD_TRY(events.tables().row_counts());
  const auto here = present.find(table);
  if (here == present.end() || here->second == 0) return {};
  context.tell(warning(
      "STO0037",
      fmt::format("the table {} has {}, but which files they are of is not known any more", table,
                  counted(here->second, "row")),
      {}, "a file that was loaded before comes once more: drop the table first, or restore state.db"));
  return {};
}

Result<void> tell_lost_rows(EventStore& events, const std::string& ledger,
                            std::span<const std::string> tables, Context& context) {
  const std::vector<LostRows> lost = RD_TRY(lost_rows(events, ledger));
  for (const LostRows& one : lost)
    if (tables.empty() || std::ranges::find(tables, one.table) != tables.end()) context.tell(one.told);
  return {};
}

}  // namespace redoubt::cli
