#pragma once

#include <string_view>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/interrupt.h"
#include "cli/kql_session.h"
#include "kql/query_files.h"

namespace redoubt::cli {

/// How hints call what the user can do about it.
struct AskWords {
  std::string_view load = "--load";  ///< what brings rows: `--load TABLE=FILE`
  std::string_view more_rows = "--limit N gives more, or summarize";
  std::string_view separator = {};  ///< written in front of the answer
};

/// A query and the text that it was found in.
struct AskedQuery {
  const kql::FoundQuery& query;
  const doc::Sources& sources;
};

/// Answers a query and writes the answer in the format that the context asks for; Ctrl-C stops it. What is
/// wrong with the query is told at its places: Usage where a parameter was given what is none of its type,
/// else Unfinished. Errors: those of query::run that no place of the query explains.
Result<Exit> ask(const AskedQuery& asked, QuerySession& session, Interrupt& interrupt, const AskWords& words,
                 Context& context);

}  // namespace redoubt::cli
