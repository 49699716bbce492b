#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/coverage.h"
#include "cli/kql_functions_report.h"
#include "cli/reference.h"
#include "doc/json.h"
#include "report/tool.h"

namespace redoubt::cli {

namespace {

Result<Exit> run_version(const Arguments&, Context& context) {
  if (context.format == "json") {
    doc::JsonWriter json;
    json.begin_object().key("schema").text("redoubt.version/1");
    json.key("version").text(report::kToolVersion).end_object();
    context.output.write(json.take() + "\n");
  } else {
    context.output.write(fmt::format("redoubt {}\n", report::kToolVersion));
  }
  return Exit::Done;
}

Result<Exit> run_docs_cli(const Arguments&, Context& context) {
  context.output.write(command_reference(all_commands()));
  return Exit::Done;
}

Result<Exit> run_docs_coverage(const Arguments&, Context& context) {
  context.output.write(coverage_reference());
  return Exit::Done;
}

Result<Exit> run_docs_kql_functions(const Arguments&, Context& context) {
  context.output.write(kql_function_reference());
  return Exit::Done;
}

Result<Exit> run_docs_kql_differences(const Arguments&, Context& context) {
  context.output.write(kql_difference_reference());
  return Exit::Done;
}

Result<Exit> run_completions_bash(const Arguments&, Context& context) {
  context.output.write(bash_completions(all_commands()));
  return Exit::Done;
}

}  // namespace

std::vector<Command> general_commands() {
  return {
      {.name = "completions bash",
       .summary = "Print a completion script for bash",
       .examples = {"source <(redoubt completions bash)"},
       .run = run_completions_bash},
      {.name = "docs cli",
       .summary = "Print the reference of all commands as Markdown",
       .examples = {"redoubt docs cli -o docs/reference/cli.md"},
       .run = run_docs_cli},
      {.name = "docs coverage",
       .summary = "Print what the engine knows of both languages as Markdown",
       .examples = {"redoubt docs coverage -o docs/reference/coverage.md"},
       .run = run_docs_coverage},
      {.name = "docs kql-differences",
       .summary = "Print where KQL is read in another way than by Kusto as Markdown",
       .examples = {"redoubt docs kql-differences -o docs/reference/kql-differences.md"},
       .run = run_docs_kql_differences},
      {.name = "docs kql-functions",
       .summary = "Print every name of KQL that is known as Markdown",
       .examples = {"redoubt docs kql-functions -o docs/reference/kql-functions.md"},
       .run = run_docs_kql_functions},
      {.name = "version",
       .summary = "Print the version",
       .examples = {"redoubt version -f json"},
       .formats = {"text", "json"},
       .run = run_version},
  };
}

}  // namespace redoubt::cli
