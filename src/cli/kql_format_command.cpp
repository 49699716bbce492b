#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "core/text.h"
#include "kql/format.h"

namespace redoubt::cli {

namespace {

enum class Use : std::uint8_t { Print, Check, Write };

struct Counts {
  std::size_t files = 0;
  std::size_t changed = 0;
  std::size_t failed = 0;
};

/// At most one byte more than the formatter takes.
Result<std::string> read_query(const std::string& path, std::size_t max_bytes, Context& context) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& input = path == "-" ? context.console.in : file;
  if (!input || (path != "-" && std::filesystem::is_directory(path)))
    return fail(Error::Kind::NotFound, "KQL0303", "cannot read the query", Where{path, 0, 0, {}});
  std::string text(4096, '\0');
  std::size_t size = 0;
  while (size <= max_bytes &&
         input.read(text.data() + size, static_cast<std::streamsize>(text.size() - size))) {
    size = text.size();
    text.resize(std::min(2 * size, max_bytes + 1));
  }
  text.resize(input.eof() || input.bad() ? size + static_cast<std::size_t>(input.gcount()) : size);
  if (input.bad())
    return fail(Error::Kind::Io, "KQL0303", "cannot read the query to its end", Where{path, 0, 0, {}});
  return text;
}

Result<void> replace_file(const std::string& path, std::string_view text, Context& context) {
  const std::unique_ptr<Output> file = RD_TRY(Output::open(path, context.console.out));
  file->write(text);
  return file->commit();
}

Result<void> format_file(const std::string& path, Use use, Counts& counts, Context& context) {
  const kql::FormatOptions options;
  const std::string before = RD_TRY(read_query(path, options.limits.max_bytes, context));
  Result<std::string> after = kql::format(before, options);
  if (!after) {
    after.error().where.file = path == "-" ? "query" : path;
    return tl::unexpected(std::move(after).error());
  }
  const bool changed = *after != before;
  if (changed) ++counts.changed;
  if (use == Use::Print) context.output.write(*after);
  if (use == Use::Check && changed) context.output.write(path + "\n");
  if (use == Use::Write && changed) RD_TRY(replace_file(path, *after, context));
  return {};
}

Result<Use> use_of(const Arguments& arguments) {
  if (!arguments.given("--write")) return arguments.given("--check") ? Use::Check : Use::Print;
  const auto files = arguments.values("FILE");
  if (arguments.given("--check") || std::find(files.begin(), files.end(), "-") != files.end())
    return fail(Error::Kind::Usage, "KQL0304", "--write goes neither with --check nor with stdin");
  return Use::Write;
}

Result<Exit> run_kql_format(const Arguments& arguments, Context& context) {
  const Use use = RD_TRY(use_of(arguments));
  Counts counts;
  Exit worst = Exit::Done;
  for (const std::string& path : arguments.values("FILE")) {
    ++counts.files;
    const Result<void> done = format_file(path, use, counts, context);
    if (done) continue;
    ++counts.failed;
    context.tell(done.error());
    worst = std::max(worst, done.error().code == "KQL0303" ? Exit::Usage : Exit::Unfinished);
  }
  if (use != Use::Print)
    context.note(fmt::format("{}, {} {}{}", counted(counts.files, "file"), counts.changed,
                             use == Use::Write ? "formatted" : "not formatted",
                             counts.failed == 0 ? "" : fmt::format(", {} with errors", counts.failed)));
  if (worst != Exit::Done) return worst;
  return use == Use::Check && counts.changed != 0 ? Exit::Findings : Exit::Done;
}

}  // namespace

std::vector<Command> kql_format_commands() {
  return {
      {.name = "kql format",
       .summary = "Write queries in one style",
       .examples = {"redoubt kql format query.kql", "redoubt kql format --check queries/*.kql",
                    "redoubt kql format --write queries/*.kql", "cat query.kql | redoubt kql format -"},
       .description =
           "Prints the queries, each operator on its own line, and changes nothing but blanks and line "
           "breaks. A query with a syntax error is left as it is and named on stderr: exit 3.",
       .positionals = {{.name = "FILE", .text = "files with one query each; - is stdin", .repeatable = true}},
       .options = {{.flags = "--check",
                    .text = "name the files that are not formatted, and exit 1 if there are any"},
                   {.flags = "--write", .text = "rewrite the files that are not formatted"}},
       .run = run_kql_format}};
}

}  // namespace redoubt::cli
