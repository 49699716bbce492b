#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>

#include "cli/command.h"
#include "cli/context.h"
#include "doc/value.h"

namespace redoubt::cli {

/// Answers one case with a JSON object's text (`{"value":1}`), which follows the echoed `id`; an error
/// becomes
/// `"error":{...}`. The case lives only during the call.
using CaseHandler = std::function<Result<std::string>(const doc::Value& test_case)>;

/// Bytes of a line of cases.
inline constexpr std::size_t kMaxCaseLine = std::size_t{64} << 20;

/// JSON Lines in, JSON Lines out: one answer per line that is not blank, in input order, flushed one by one,
/// with the `id` as it came (a case without one gets `line`). A line that is no JSON object is answered
/// `{"line":n,"error":{...}}`. Memory is that of one line.
/// Errors inside: CLI0010 for JSON that is no object, the reader's own for what is no JSON.
/// Errors: DOC0103 (Limit) a line longer than `max_line` bytes, at which it ends.
Result<void> run_cases(std::istream& input, Output& output, const CaseHandler& handler,
                       std::size_t max_line = kMaxCaseLine);

/// The same for a command's `--cases FILE` (`-` is stdin). Done whenever every line got an answer.
/// Errors: CLI0009 (NotFound) when the file cannot be read; DOC0103 as above.
Result<Exit> run_cases(const std::string& file, Context& context, const CaseHandler& handler);

}  // namespace redoubt::cli
