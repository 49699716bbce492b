#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_file.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/analysis.h"

namespace redoubt::cli {

namespace {

std::string_view severity_name(Severity severity) {
  static constexpr std::string_view kNames[] = {"hint", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

void write_problem(doc::JsonWriter& json, const kql::Problem& problem) {
  json.begin_object().key("code").text(problem.code).key("severity").text(severity_name(problem.severity));
  json.key("message")
      .text(problem.message)
      .key("start")
      .integer(problem.offset)
      .key("length")
      .integer(problem.size);
  if (!problem.hint.empty()) json.key("hint").text(problem.hint);
  json.end_object();
}

Result<std::string> check_case(const doc::Value& test_case, const kql::Schemas* schemas) {
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  const kql::Analysis analysis = schemas == nullptr ? kql::Analysis{kql::parse(query->as_string())}
                                                    : kql::analyze(query->as_string(), *schemas);
  const kql::Syntax& syntax = analysis.syntax;
  doc::JsonWriter json;
  json.begin_object().key("ok").boolean(!syntax.has_errors()).key("diagnostics").begin_array();
  for (const kql::Problem& problem : syntax.problems)
    write_problem(json, problem);
  json.end_array();
  if (const kql::Relation* const result = analysis.result()) {
    json.key("columns").begin_array();
    for (const kql::Column* column : result->columns)
      json.begin_array().text(column->name).text(kql::type_name(column->type)).end_array();
    json.end_array();
  }
  json.end_object();
  return json.take();
}

Result<Exit> run_kql_check(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  kql::Schemas schemas;
  for (const std::string& path : arguments.values("--tables")) {
    const Reading<doc::Document> file = RD_TRY(read_option_file(sources, path));
    RD_TRY(first_error(schemas.add(file.value.root, sources), context));
  }
  const kql::Schemas* const used = arguments.given("--syntax-only") ? nullptr : &schemas;
  return run_cases(arguments.text("--cases"), context,
                   [&](const doc::Value& test_case) { return check_case(test_case, used); });
}

}  // namespace

std::vector<Command> kql_check_commands() {
  return {
      {.name = "kql check",
       .summary = "Check queries",
       .examples = {"redoubt kql check --cases cases.jsonl"},
       .description = "",
       .options =
           {{.flags = "--cases", .value = "FILE", .text = "JSON Lines of cases; - is stdin", .fallback = "-"},
            {.flags = "--tables", .value = "FILE", .text = "tables", .repeatable = true},
            {.flags = "--syntax-only", .text = "the parser's verdict alone"}},
       .formats = {"json"},
       .run = run_kql_check}};
}

}  // namespace redoubt::cli
