#include "cli/cases.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/arena.h"
#include "core/text.h"
#include "doc/json.h"
#include "report/diagnostic_json.h"

namespace redoubt::cli {

namespace {

std::string error_answer(std::string_view label, const Error& error) {
  return fmt::format("{{{},\"error\":{}}}\n", label, report::to_json(error));
}

std::string answer(std::string_view line, std::uint32_t number, const CaseHandler& handler) {
  Arena arena;
  std::string label = fmt::format("\"line\":{}", number);
  Result<doc::Value> parsed = doc::parse_json(arena, line);
  if (!parsed) {
    parsed.error().where.line = number;
    return error_answer(label, parsed.error());
  }
  if (!parsed->is_object())
    return error_answer(label,
                        Error{Error::Kind::InvalidInput, "CLI0010", "a case is a JSON object", {}, {}});
  if (const doc::Value* id = parsed->find("id")) label = "\"id\":" + doc::to_json(*id);
  Result<std::string> result = handler(*parsed);
  if (!result) return error_answer(label, result.error());
  RD_CHECK(result->starts_with('{') && result->ends_with('}'));
  return fmt::format("{{{}{}{}\n", label, *result == "{}" ? "" : ",", std::string_view(*result).substr(1));
}

/// The next line, or as much of it as is one byte too long; false: there is none.
bool next_line(std::istream& input, std::string& line, std::size_t most) {
  line.clear();
  char next = 0;
  while (line.size() <= most && input.get(next)) {
    if (next == '\n') return true;
    line += next;
  }
  return !line.empty();
}

}  // namespace

Result<void> run_cases(std::istream& input, Output& output, const CaseHandler& handler,
                       std::size_t max_line) {
  std::string line;
  for (std::uint32_t number = 1; next_line(input, line, max_line); ++number) {
    if (line.size() > max_line)
      return fail(Error::Kind::Limit, "DOC0103", fmt::format("a case larger than {} bytes", max_line),
                  Where{{}, number, 0, {}}, "write one case a line");
    if (trim(line).empty()) continue;
    output.write(answer(line, number, handler));
    output.flush();
  }
  return {};
}

Result<Exit> run_cases(const std::string& file, Context& context, const CaseHandler& handler) {
  if (file == "-") {
    RD_TRY(run_cases(context.console.in, context.output, handler));
    return Exit::Done;
  }
  std::ifstream input(file, std::ios::binary);
  if (!input || std::filesystem::is_directory(file))
    return fail(Error::Kind::NotFound, "CLI0009", "cannot read the cases", Where{file, 0, 0, {}});
  if (Result<void> done = run_cases(input, context.output, handler); !done) {
    done.error().where.file = file;
    return tl::unexpected(std::move(done).error());
  }
  if (input.bad())
    return fail(Error::Kind::Io, "CLI0009", "cannot read the cases to their end", Where{file, 0, 0, {}});
  return Exit::Done;
}

}  // namespace redoubt::cli
