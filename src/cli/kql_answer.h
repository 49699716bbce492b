#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "query/load.h"
#include "query/run.h"

namespace redoubt::cli {

/// What `kql run` found out.
struct QueryAnswer {
  query::Answer answer;
  query::Loaded loaded;
  std::vector<Diagnostic> diagnostics;  ///< of the files and of the query
};

/// The formats of `kql run`.
std::vector<std::string> answer_formats();
/// Writes an answer in the format that the context asks for: table, json (redoubt.kql-answer/1), csv, ndjson,
/// kusto. Results that were cut are told on stderr, whatever the format; `more_rows` says what gives the
/// rest.
void write_answer(const QueryAnswer& run, std::string_view more_rows, Context& context);
/// What was read and how long it took, for `--verbose`.
void tell_statistics(const QueryAnswer& run, Context& context);

}  // namespace redoubt::cli
