#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "core/result.h"
#include "store/remote.h"

namespace redoubt::cli {

/// `--db DIR|URL` and what goes with a server: `--ca FILE`, `--db-user NAME`, `--db-password-file FILE`.
/// `otherwise` says in help what is asked without `--db`.
std::vector<Option> place_options(std::string_view otherwise);

/// Where events are.
struct EventPlace {
  std::string folder;                          ///< of the embedded engine
  std::optional<store::RemoteOptions> server;  ///< instead of it
  std::string ledger;                          ///< the folder of what is known of loads into it

  Where where() const;
};

/// The one of `--db`, or the folder `events` of the data directory. The account of a server is that of the
/// options, or of REDOUBT_CLICKHOUSE_USER and REDOUBT_CLICKHOUSE_PASSWORD; a warning tells where a password
/// goes unencrypted to another machine (STO0035). Errors, all Usage: STO0034 the URL, CLI0091 the file of the
/// password can't be read.
Result<EventPlace> event_place(const Arguments& arguments, std::string_view data_directory, Context& context);

/// The data directory that queries look for events in.
inline constexpr std::string_view kDataHere = "./.redoubt";

/// The events that queries ask: those of `--db`; otherwise, where the command has no other tables, those of
/// the data directory here, if there is one. Errors: those of event_place.
Result<std::optional<EventPlace>> events_to_ask(const Arguments& arguments, bool has_other_tables,
                                                Context& context);

}  // namespace redoubt::cli
