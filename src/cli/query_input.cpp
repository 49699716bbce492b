#include "cli/query_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <istream>
#include <iterator>
#include <utility>

#include "cli/option_file.h"

namespace redoubt::cli {

Positional query_paths() {
  return {.name = "PATH",
          .text = "files or folders with queries; - is a query on stdin",
          .required = false,
          .repeatable = true};
}

std::vector<Option> environment_options() {
  return {{.flags = "--tables",
           .value = "FILE",
           .text = "the tables there are, with their columns",
           .repeatable = true},
          {.flags = "--functions",
           .value = "PATH",
           .text = "functions that queries call: parsers in YAML, savedSearches in ARM, .kql files",
           .repeatable = true},
          {.flags = "--watchlists",
           .value = "PATH",
           .text = "the watchlists there are: ARM resources, .csv files named as the alias",
           .repeatable = true}};
}

kql::Environment QueryEnvironment::view() const {
  kql::Environment out(tables);
  if (!functions.empty()) out.functions = &functions;
  if (watchlists) out.watchlists = &*watchlists;
  return out;
}

Result<std::string> read_stdin(Context& context) {
  const std::size_t most = kql::QueryFileLimits{}.max_bytes;
  std::string out;
  std::array<char, 1 << 16> buffer{};
  while (context.console.in.read(buffer.data(), buffer.size()), context.console.in.gcount() > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(context.console.in.gcount()));
    if (out.size() > most)
      return fail(Error::Kind::Limit, "DOC0103", fmt::format("larger than {} bytes", most),
                  Where{"<stdin>", 0, 0, {}});
  }
  return out;
}

namespace {

/// Of a file of tables; all that Microsoft documents are 1 MiB.
constexpr std::size_t kMaxTablesFile = std::size_t{64} << 20;

/// A path that is named has to be there.
Result<void> check_path(const std::string& path) {
  std::error_code error;
  if (path == "-" || std::filesystem::exists(path, error)) return {};
  return fail(Error::Kind::Usage, "DOC0001", "there is no such file or folder", Where{path, 0, 0, {}},
              "check the path; - reads a query from stdin: echo 'QUERY' | redoubt ... -");
}

}  // namespace

Result<Reading<kql::FoundQueries>> read_queries(const Arguments& arguments, Context& context,
                                                doc::Sources& sources) {
  for (const std::string& path : arguments.values("PATH"))
    RD_TRY(check_path(path));
  Reading<kql::FoundQueries> out;
  const auto add = [&](Reading<kql::FoundQueries> reading) {
    std::move(reading.diagnostics.begin(), reading.diagnostics.end(), std::back_inserter(out.diagnostics));
    std::move(reading.value.queries.begin(), reading.value.queries.end(),
              std::back_inserter(out.value.queries));
    out.value.counts.add(reading.value.counts);
  };
  for (const std::string& path : arguments.values("PATH"))
    if (path == "-") {
      std::string text = RD_TRY(read_stdin(context));
      add(kql::find_queries_in_text(sources, "<stdin>", std::move(text)));
    } else {
      add(kql::find_queries(sources, path));
    }
  return out;
}

namespace {

/// What could not be read. Of a folder it is only told: the rest is there.
Result<void> tell_reading(const std::string& path, std::vector<Diagnostic> diagnostics, Context& context) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return tell_mistakes(diagnostics, context);
  for (Diagnostic& one : diagnostics) {
    if (one.severity == Severity::Hint) continue;
    one.severity = Severity::Warning;
    context.tell(one);
  }
  return {};
}

void tell_all(const std::vector<Diagnostic>& diagnostics, Context& context) {
  for (const Diagnostic& one : diagnostics)
    context.tell(one);
}

Result<void> read_functions(const Arguments& arguments, Context& context, doc::Sources& sources,
                            kql::SavedFunctions& out) {
  for (const std::string& path : arguments.values("--functions")) {
    Reading<kql::FoundQueries> found = kql::find_queries(sources, path);
    RD_TRY(tell_reading(path, std::move(found.diagnostics), context));
    const std::size_t before = out.size();
    tell_all(out.add(std::move(found.value.queries), sources), context);
    if (out.size() == before) context.note(fmt::format("no functions were found in {}", path));
  }
  return {};
}

Result<void> read_watchlists(const Arguments& arguments, Context& context,
                             std::optional<kql::Watchlists>& out) {
  if (!arguments.given("--watchlists")) return {};
  out.emplace();
  for (const std::string& path : arguments.values("--watchlists")) {
    Reading<std::vector<kql::Watchlist>> found = kql::find_watchlists(path);
    RD_TRY(tell_reading(path, std::move(found.diagnostics), context));
    if (found.value.empty()) context.note(fmt::format("no watchlists were found in {}", path));
    tell_all(out->add(std::move(found.value)), context);
  }
  return {};
}

}  // namespace

Result<void> read_tables(std::span<const std::string> paths, Context& context, doc::Sources& sources,
                         kql::Schemas& out) {
  for (const std::string& path : paths) {
    const Reading<doc::Document> file =
        RD_TRY(read_option_file(sources, path, {.max_bytes = kMaxTablesFile}));
    RD_TRY(tell_mistakes(out.add(file.value.root, sources), context));
  }
  return {};
}

Result<QueryEnvironment> read_environment(const Arguments& arguments, Context& context, doc::Sources& sources,
                                          const std::vector<kql::FoundQuery>& queries) {
  QueryEnvironment out;
  std::vector<kql::FoundQuery> own;
  std::ranges::copy_if(queries, std::back_inserter(own),
                       [](const kql::FoundQuery& query) { return query.function.has_value(); });
  out.functions.add(std::move(own), sources);  // two of one name are no matter of whoever checks them
  RD_TRY(read_tables(arguments.values("--tables"), context, sources, out.tables));
  RD_TRY(read_functions(arguments, context, sources, out.functions));
  RD_TRY(read_watchlists(arguments, context, out.watchlists));
  return out;
}

}  // namespace redoubt::cli
