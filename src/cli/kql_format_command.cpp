#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "core/text.h"
#include "kql/format.h"
#include "kql/query_files.h"
#include "report/line_diff.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

enum class Use : std::uint8_t { Print, Check, Write };

struct Counts {
  std::size_t files = 0;
  std::size_t changed = 0;
  std::size_t failed = 0;
  std::size_t left = 0;  ///< of a folder: commands, which are not formatted
};

/// One file, or one of a folder that is named.
struct Input {
  std::string path;
  bool listed = false;
};

struct Job {
  Use use = Use::Print;
  bool diff = false;
  std::vector<Input> inputs;
};

// Files that hold queries among other things.
constexpr std::string_view kHolders[] = {".yaml", ".yml", ".json", ".workbook", ".md", ".markdown"};

bool is_holder(std::string_view path) {
  return std::any_of(std::begin(kHolders), std::end(kHolders),
                     [&](std::string_view ending) { return ends_with_any_case(path, ending); });
}

/// At most one byte more than the formatter takes.
Result<std::string> read_query(const std::string& path, std::size_t max_bytes, Context& context) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& input = path == "-" ? context.console.in : file;
  std::error_code error;
  if (!input)
    return fail(
        Error::Kind::NotFound, "KQL0303",
        path == "-" || std::filesystem::exists(path, error) ? "cannot read the query" : "no such file",
        Where{path, 0, 0, {}});
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
  if (text.size() <= max_bytes) RD_TRY(kql::check_encoding(path, text));
  return text;
}

Result<void> replace_file(const std::string& path, std::string_view text, Context& context) {
  const std::unique_ptr<Output> file = RD_TRY(Output::open(path, context.console.out));
  file->write(text);
  return file->commit();
}

Result<std::string> formatted(const std::string& path, std::string_view before,
                              const kql::FormatOptions& options) {
  if (is_holder(path))
    return fail(Error::Kind::Unsupported, "KQL0306", "queries inside of other files are not formatted",
                Where{path, 0, 0, {}}, "redoubt kql check reads them; format takes .kql files");
  Result<std::string> after = kql::format(before, options);
  if (!after) after.error().where.file = path == "-" ? "query" : path;
  return after;
}

Result<void> format_file(const std::string& path, const Job& job, Counts& counts, Context& context) {
  const kql::FormatOptions options;
  const std::string before = RD_TRY(read_query(path, options.limits.max_bytes, context));
  const std::string after = RD_TRY(formatted(path, before, options));
  const bool changed = after != before;
  if (changed) ++counts.changed;
  if (job.diff) context.output.write(report::unified_diff(path, before, after));
  if (job.use == Use::Print && !job.diff) {
    // A comment, so that all of it is a text of queries still.
    if (job.inputs.size() > 1) context.output.write(fmt::format("// {}\n", report::printable_line(path)));
    context.output.write(after);
  }
  if (job.use == Use::Check && changed && !job.diff) context.output.write(path + "\n");
  if (job.use == Use::Write && changed) RD_TRY(replace_file(path, after, context));
  return {};
}

Result<Use> use_of(const Arguments& arguments) {
  if (!arguments.given("--write")) return arguments.given("--check") ? Use::Check : Use::Print;
  const auto files = arguments.values("FILE");
  if (arguments.given("--check") || std::find(files.begin(), files.end(), "-") != files.end())
    return fail(Error::Kind::Usage, "KQL0304", "--write goes neither with --check nor with stdin");
  return Use::Write;
}

Result<Job> job_of(const Arguments& arguments, Context& context) {
  Job job;
  job.use = RD_TRY(use_of(arguments));
  job.diff = arguments.given("--diff");
  for (const std::string& path : arguments.values("FILE")) {
    std::error_code error;
    if (path == "-" || !std::filesystem::is_directory(path, error)) {
      job.inputs.push_back({path});
      continue;
    }
    const Reading<std::vector<std::string>> listed = kql::list_query_files(path);
    for (const Diagnostic& one : listed.diagnostics)
      context.tell(one);
    if (listed.value.empty())
      return fail(Error::Kind::Usage, "KQL0303", "the folder holds no query files", Where{path, 0, 0, {}},
                  "those are .kql, .csl and .kusto");
    for (const std::string& file : listed.value)
      job.inputs.push_back({file, true});
  }
  return job;
}

/// Of a folder, what is no query is passed over.
Exit tell_failure(const Input& input, const Error& error, Counts& counts, Context& context) {
  if (input.listed && error.code == "KQL0305") {
    ++counts.left;
    Diagnostic passed = to_diagnostic(error);
    passed.severity = Severity::Warning;
    context.tell(passed);
    return Exit::Done;
  }
  ++counts.failed;
  context.tell(error);
  return error.code == "KQL0303" ? Exit::Usage : Exit::Unfinished;
}

Result<Exit> run_kql_format(const Arguments& arguments, Context& context) {
  const Job job = RD_TRY(job_of(arguments, context));
  Counts counts;
  Exit worst = Exit::Done;
  for (const Input& input : job.inputs) {
    ++counts.files;
    const Result<void> done = format_file(input.path, job, counts, context);
    if (!done) worst = std::max(worst, tell_failure(input, done.error(), counts, context));
  }
  if (job.use != Use::Print)
    context.note(fmt::format("{}, {} {}{}{}", counted(counts.files, "file"), counts.changed,
                             job.use == Use::Write ? "formatted" : "not formatted",
                             counts.left == 0 ? "" : fmt::format(", {} with commands", counts.left),
                             counts.failed == 0 ? "" : fmt::format(", {} with errors", counts.failed)));
  if (worst != Exit::Done) return worst;
  return job.use == Use::Check && counts.changed != 0 ? Exit::Findings : Exit::Done;
}

}  // namespace

std::vector<Command> kql_format_commands() {
  return {{.name = "kql format",
           .summary = "Write queries in one style",
           .examples = {"redoubt kql format query.kql", "redoubt kql format --check queries/",
                        "redoubt kql format --write queries/", "redoubt kql format --diff query.kql",
                        "cat query.kql | redoubt kql format -"},
           .description =
               "Prints the queries, each operator on its own line, and changes nothing but blanks and line "
               "breaks. A query with a syntax error is left as it is and named on stderr: exit 3. So is a "
               "management command (.create function ...), which is no query; in a folder it is passed over.",
           .positionals = {{.name = "FILE",
                            .text = "files with one query each, or folders of such; - is stdin",
                            .repeatable = true}},
           .options = {{.flags = "--check",
                        .text = "name the files that are not formatted, and exit 1 if there are any"},
                       {.flags = "--write", .text = "rewrite the files that are not formatted"},
                       {.flags = "--diff", .text = "show what would change, as a unified diff"}},
           .run = run_kql_format}};
}

}  // namespace redoubt::cli
