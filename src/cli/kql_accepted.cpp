#include "cli/kql_accepted.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/baseline_options.h"
#include "cli/deployment_options.h"
#include "core/text.h"
#include "report/diagnostic_sarif.h"

namespace redoubt::cli {

namespace {

/// All lists of problems that have names.
template <class Visit>
void each_list(QueryCheck& check, Visit visit) {
  visit(check.functions);
  for (CheckedQuery& query : check.queries)
    visit(query.problems);
}

void name_problems(QueryCheck& check) {
  std::vector<Diagnostic> all;
  each_list(check, [&](const std::vector<QueryProblem>& problems) {
    for (const QueryProblem& problem : problems)
      all.push_back(problem.diagnostic);
  });
  const std::vector<std::string> names = report::fingerprints_of(all);
  std::size_t number = 0;
  each_list(check, [&](std::vector<QueryProblem>& problems) {
    for (QueryProblem& problem : problems)
      problem.id = names[number++];
  });
}

bool fits(const posture::BaselineEntry& entry, const QueryProblem& problem) {
  if (!entry.finding.empty()) return equal_any_case(entry.finding, problem.id);
  return entry.policy == problem.diagnostic.code && entry.resource == problem.diagnostic.where.file;
}

void tell_expired(const posture::Baseline& baseline, Instant now, Context& context) {
  for (const posture::BaselineEntry& entry : baseline.entries())
    if (entry.expired(now))
      context.tell(Diagnostic{
          Severity::Warning, "POS0043",
          fmt::format("an entry of the baseline has expired, what it accepted counts again: "
                      "{} of {}, {}",
                      entry.policy.empty() ? entry.finding : entry.policy, entry.owner, entry.expires),
          entry.where, "fix the finding, or accept it anew"});
}

std::vector<posture::BaselineEntry> entries_of(QueryCheck& check) {
  std::vector<posture::BaselineEntry> out;
  each_list(check, [&](const std::vector<QueryProblem>& problems) {
    for (const QueryProblem& problem : problems) {
      posture::BaselineEntry entry;
      entry.finding = problem.id;
      entry.policy = problem.diagnostic.code;
      entry.resource = problem.diagnostic.where.file;
      out.push_back(std::move(entry));
    }
  });
  return out;
}

}  // namespace

std::vector<Option> accepted_options() {
  std::vector<Option> out = baseline_options();
  for (Option& one : out)
    if (one.flags == "--write-baseline")
      one.text = "accept everything that is told now; entries of the file are kept";
  out.push_back({.flags = "--now", .value = "TIME", .text = "the time that entries of a baseline expire by"});
  return out;
}

Result<void> accept_known(const Arguments& arguments, Context& context, QueryCheck& check) {
  RD_TRY(check_baseline_options(arguments));
  name_problems(check);
  const std::string file = baseline_file(arguments);
  if (!file.empty()) {
    const posture::Baseline baseline = RD_TRY(read_baseline(file, context));
    const std::optional<Instant> clock = RD_TRY(read_now(arguments));
    const Instant now = clock.value_or(redoubt::now());
    tell_expired(baseline, now, context);
    each_list(check, [&](std::vector<QueryProblem>& problems) {
      check.accepted += std::erase_if(problems, [&](const QueryProblem& problem) {
        return std::ranges::any_of(baseline.entries(), [&](const posture::BaselineEntry& entry) {
          return !entry.expired(now) && fits(entry, problem);
        });
      });
    });
  }
  if (!arguments.given("--write-baseline")) return {};
  RD_TRY(write_baseline(arguments, context, entries_of(check)));
  each_list(check, [&](std::vector<QueryProblem>& problems) {
    check.accepted += problems.size();
    problems.clear();
  });
  return {};
}

}  // namespace redoubt::cli
