#include "cli/query_input.h"

#include <istream>
#include <iterator>

#include "cli/option_file.h"

namespace redoubt::cli {

Positional query_paths() {
  return {.name = "PATH",
          .text = "files or folders with queries; - is a query on stdin",
          .required = false,
          .repeatable = true};
}

Option tables_option() {
  return {.flags = "--tables",
          .value = "FILE",
          .text = "the tables there are, with their columns",
          .repeatable = true};
}

std::string read_stdin(Context& context) { return {std::istreambuf_iterator<char>(context.console.in), {}}; }

Reading<kql::FoundQueries> read_queries(const Arguments& arguments, Context& context, doc::Sources& sources) {
  Reading<kql::FoundQueries> out;
  const auto add = [&](Reading<kql::FoundQueries> reading) {
    std::move(reading.diagnostics.begin(), reading.diagnostics.end(), std::back_inserter(out.diagnostics));
    std::move(reading.value.queries.begin(), reading.value.queries.end(),
              std::back_inserter(out.value.queries));
    out.value.counts.add(reading.value.counts);
  };
  for (const std::string& path : arguments.values("PATH"))
    if (path == "-")
      add(kql::find_queries_in_text(sources, "<stdin>", read_stdin(context)));
    else
      add(kql::find_queries(sources, path));
  return out;
}

Result<kql::Schemas> read_tables(const Arguments& arguments, Context& context, doc::Sources& sources) {
  kql::Schemas schemas;
  for (const std::string& path : arguments.values("--tables")) {
    const Reading<doc::Document> file = RD_TRY(read_option_file(sources, path));
    RD_TRY(tell_mistakes(schemas.add(file.value.root, sources), context));
  }
  return schemas;
}

}  // namespace redoubt::cli
