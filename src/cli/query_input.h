#pragma once

#include "cli/arguments.h"
#include "cli/context.h"
#include "kql/query_files.h"
#include "kql/schemas.h"

namespace redoubt::cli {

/// The positional `PATH` of commands that read queries: files, folders, `-`.
Positional query_paths();
/// The option `--tables FILE`.
Option tables_option();

/// All of stdin.
std::string read_stdin(Context& context);
/// The queries of all paths given.
Reading<kql::FoundQueries> read_queries(const Arguments& arguments, Context& context, doc::Sources& sources);
/// The tables of all files given. Errors are of wrong usage.
Result<kql::Schemas> read_tables(const Arguments& arguments, Context& context, doc::Sources& sources);

}  // namespace redoubt::cli
