#include "table.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "doc/json.h"

namespace redoubt::cli {
namespace {

std::string listed(std::span<const std::string> values) {
  return fmt::format("[{}]", fmt::join(values, "]["));
}

/// Prints what it was given; `--worst` plays the worst finding.
Result<Exit> run_scan(const Arguments& arguments, Context& context) {
  context.note("looked at everything");
  context.tell(Diagnostic{Severity::Warning, "T0001", "something odd", {}, ""});
  context.output.write(fmt::format("format={} paths={} policies={} scope={} all={}\n", context.format,
                                   listed(arguments.values("PATH")), listed(arguments.values("--policy")),
                                   arguments.text("--scope"), arguments.given("--all")));
  Level worst = arguments.text("--worst") == "high" ? Level::High : Level::Low;
  return exit_for(worst, fail_on(arguments));
}

Result<Exit> run_fail(const Arguments& arguments, Context& context) {
  context.output.write("partial\n");
  const std::string& kind = arguments.text("KIND");
  if (kind == "input") return fail(Error::Kind::InvalidInput, "T0002", "no JSON", {"a.json", 1, 2, ""}, "");
  if (kind == "missing")
    return fail(Error::Kind::NotFound, "T0003", "no such file", {"a.json", 0, 0, ""}, "");
  if (kind == "hostile") return fail(Error::Kind::Limit, "T0004", "name \x1b[2J", {}, "");
  return Exit::Unfinished;
}

Result<std::string> answer(const doc::Value& test_case) {
  if (test_case.find("fail") != nullptr)
    return fail(Error::Kind::InvalidInput, "T0005", "as asked", {"", 0, 0, "a.b"}, "");
  const doc::Value* echo = test_case.find("echo");
  return echo == nullptr ? std::string("{}") : fmt::format("{{\"value\":{}}}", doc::to_json(*echo));
}

Result<Exit> run_eval(const Arguments& arguments, Context& context) {
  if (arguments.given("--cases")) return run_cases(arguments.text("--cases"), context, answer);
  context.output.write(fmt::format("expression={}\n", arguments.text("EXPRESSION")));
  return Exit::Done;
}

}  // namespace

std::vector<Command> table_of_tests() {
  return {
      {.name = "posture scan",
       .summary = "Check templates against policy",
       .examples = {"redoubt posture scan infra/", "redoubt posture scan main.json -f sarif -o out.sarif"},
       .description =
           "Judges every resource of the templates below PATH as Azure would when it is deployed, and "
           "says which line to change.\n\nNothing is sent anywhere.",
       .positionals = {{.name = "PATH", .text = "templates, exports or folders", .repeatable = true}},
       .options = {{"--policy", "FILE", "definitions to judge by", "", true, {}},
                   {"--scope", "ID", "where it would be deployed", "", false, {}},
                   {"--all", "", "compliant rows, too", "", false, {}},
                   {"--worst", "LEVEL", "play this finding", "low", false, {}},
                   fail_on_option(Level::None)},
       .formats = {"table", "json", "sarif"},
       .run = run_scan},
      {.name = "arm eval",
       .summary = "Evaluate an expression",
       .examples = {"redoubt arm eval '[add(1, 2)]'"},
       .positionals = {{.name = "EXPRESSION", .text = "a template expression", .required = false}},
       .options = {{"--cases", "FILE", "JSON Lines of cases", "", false, {}}},
       .run = run_eval},
      {.name = "fail", .summary = "Fail", .positionals = {{.name = "KIND", .text = "how"}}, .run = run_fail},
  };
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  char quote = '\0';
  bool inside = false;
  for (char c : line) {
    const bool opens = quote == '\0' && (c == '\'' || c == '"');
    const bool closes = quote != '\0' && c == quote;
    if (c == ' ' && quote == '\0') {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (opens || closes)
      quote = opens ? c : '\0';
    else
      words.back() += c;
  }
  return words;
}

}  // namespace redoubt::cli
