#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/context.h"
#include "kql/environment.h"
#include "kql/query_files.h"
#include "kql/saved_functions.h"
#include "kql/schemas.h"
#include "kql/watchlists.h"

namespace redoubt::cli {

/// The positional `PATH` of commands that read queries: files, folders, `-`.
Positional query_paths();
/// The options `--tables FILE`, `--functions PATH` and `--watchlists PATH`.
std::vector<Option> environment_options();

/// All of stdin. DOC0103 (Limit): it is larger than a file of queries may be.
Result<std::string> read_stdin(Context& context);
/// The queries of all paths given. DOC0001 (Usage): one is not there, or can't be opened.
Result<Reading<kql::FoundQueries>> read_queries(const Arguments& arguments, Context& context,
                                                doc::Sources& sources);
/// What the options say there is besides the language.
struct QueryEnvironment {
  kql::Schemas tables;
  kql::SavedFunctions functions;
  std::optional<kql::Watchlists> watchlists;  ///< nothing: the option is not given

  kql::Environment view() const;
};

/// Adds the tables of files, of 64 MiB at most; what is wrong with one is wrong usage.
Result<void> read_tables(std::span<const std::string> paths, Context& context, doc::Sources& sources,
                         kql::Schemas& out);

/// Of all files and folders given; a file that is named and can't be read is wrong usage, one in a folder is
/// told of. Functions keep their places in `sources`; those among `queries`, which are what the command works
/// on, are known to it, too.
Result<QueryEnvironment> read_environment(const Arguments& arguments, Context& context, doc::Sources& sources,
                                          const std::vector<kql::FoundQuery>& queries = {});

}  // namespace redoubt::cli
