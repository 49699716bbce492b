#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/deployment_options.h"
#include "cli/query_input.h"
#include "kql/pattern.h"
#include "kql/plan_text.h"
#include "kql/rewrite.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

struct Switch {
  std::string_view name;
  bool kql::RewriteOptions::* option;
};
constexpr Switch kRewrites[] = {{"fold", &kql::RewriteOptions::fold},
                                {"push", &kql::RewriteOptions::push},
                                {"prune", &kql::RewriteOptions::prune},
                                {"time", &kql::RewriteOptions::time}};

kql::RewriteOptions rewrites_of(const Arguments& arguments) {
  kql::RewriteOptions out;
  for (const std::string& name : arguments.values("--without"))
    for (const Switch& one : kRewrites)
      if (name == "all" || name == one.name) out.*one.option = false;
  return out;
}

Result<Exit> run_kql_explain(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  const kql::Schemas schemas = RD_TRY(read_tables(arguments, context, sources));
  if (!arguments.given("PATH"))
    return fail(Error::Kind::Usage, "KQL0011", "nothing to explain", {},
                "name files or folders of queries; - is stdin");
  kql::RewriteOptions options = rewrites_of(arguments);
  kql::PatternCache patterns;
  kql::EvaluationContext evaluation{{}, {}, &patterns};
  if (const std::optional<Instant> now = RD_TRY(read_now(arguments))) {
    evaluation.now = *now;
    options.context = &evaluation;
  }
  const Reading<kql::FoundQueries> found = read_queries(arguments, context, sources);
  bool unfinished = found.value.queries.empty();
  for (const Diagnostic& diagnostic : found.diagnostics) {
    unfinished = unfinished || diagnostic.severity == Severity::Error;
    context.tell(diagnostic);
  }
  for (const kql::FoundQuery& query : found.value.queries) {
    kql::Analysis analysis = kql::analyze(query.query, schemas);
    if (found.value.queries.size() > 1)
      context.output.write(report::printable(fmt::format("{}{}{}\n", query.where(sources, 0).text(),
                                                         query.name.empty() ? "" : ": ", query.name)));
    if (!analysis.ok()) {
      unfinished = true;
      for (const kql::Problem& problem : analysis.syntax.problems)
        if (problem.severity == Severity::Error)
          context.tell(Diagnostic{problem.severity, std::string(problem.code), problem.message,
                                  query.where(sources, problem.offset), problem.hint});
      continue;
    }
    kql::rewrite(analysis, options);
    context.output.write(report::printable(kql::plan_text(analysis)));
    if (found.value.queries.size() > 1) context.output.write("\n");
  }
  if (found.value.queries.empty() && found.diagnostics.empty()) context.note("no queries were found");
  return unfinished ? Exit::Unfinished : Exit::Done;
}

}  // namespace

std::vector<Command> kql_explain_commands() {
  return {
      {.name = "kql explain",
       .summary = "Show the plan of KQL queries: what is read, in which order, with which types",
       .examples = {"redoubt kql explain query.kql --tables tables.json",
                    "echo 'SigninLogs | count' | redoubt kql explain -",
                    "redoubt kql explain query.kql --without push --without prune"},
       .description =
           "Prints what each result of a query is made of, in the order in which rows go through it: "
           "functions "
           "put in place of their calls, let and materialize() that are used more than once as parts of "
           "their "
           "own, constants worked out, conditions at the tables, and of each table the columns that are "
           "needed "
           "and the time that is asked for. --without shows the plan without one of these rewrites; it means "
           "the same.\n\n"
           "With --now, what hangs on now() and ago() is worked out, too.",
       .positionals = {query_paths()},
       .options = {tables_option(),
                   {.flags = "--without",
                    .value = "REWRITE",
                    .text = "leave a rewrite out",
                    .repeatable = true,
                    .choices = {"fold", "push", "prune", "time", "all"}},
                   {.flags = "--now", .value = "TIME", .text = "the time that now() is"}},
       .run = run_kql_explain}};
}

}  // namespace redoubt::cli
