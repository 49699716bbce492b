#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/deployment_options.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/case.h"

namespace redoubt::cli {

namespace {

Result<Exit> run_policy_eval(const Arguments& arguments, Context& context) {
  const std::optional<Instant> given_now = RD_TRY(read_now(arguments));
  doc::Sources sources;
  AliasFiles alias_files;
  const policy::AliasCatalogue aliases = RD_TRY(alias_files.load(arguments, sources, context));
  const policy::TypeTable types = policy::built_in_types();
  const policy::CaseOptions options{&aliases, &types, given_now.value_or(now())};
  return run_cases(arguments.text("--cases"), context,
                   [&](const doc::Value& test_case) { return policy::evaluate_case(test_case, options); });
}

}  // namespace

std::vector<Command> policy_eval_commands() {
  return {
      {.name = "policy eval",
       .summary = "Judge resources against policies, case by case: unit tests of policies",
       .examples = {"redoubt policy eval --cases cases.jsonl",
                    "redoubt policy eval --cases cases.jsonl --aliases aliases.json"},
       .description =
           "Each line of FILE is a case: {\"id\",\"policyRule\" or "
           "\"definition\",\"parameters\"?,\"resource\","
           "\"related\"?,\"context\"?,\"aliases\"?}. Each line of the answer has the state (noncompliant, "
           "compliant, unknown, error, notApplicable), the effect and what decided it.",
       .options =
           {{.flags = "--cases", .value = "FILE", .text = "JSON Lines of cases; - is stdin", .fallback = "-"},
            {.flags = "--aliases",
             .value = "FILE",
             .text = "output of `az provider list --expand resourceTypes/aliases`",
             .repeatable = true},
            {.flags = "--now",
             .value = "TIME",
             .text = "the time that utcNow() gives, as 2026-01-31T12:00:00Z"}},
       .formats = {"json"},
       .run = run_policy_eval}};
}

}  // namespace redoubt::cli
