#include <fmt/format.h>

#include <charconv>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "posture/trend.h"

namespace redoubt::cli {

namespace {

constexpr std::int64_t kMost = 1'000'000'000;

Result<std::int64_t> whole_number(std::string_view option, std::string_view text, std::int64_t least) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= kMost)
    return value;
  return fail(Error::Kind::Usage, "CLI0072",
              fmt::format("{} is no number from {} to {}: {}", option, least, kMost, text));
}

Result<Exit> run_trend(const Arguments& arguments, Context& context) {
  posture::TrendQuestion question;
  question.series = arguments.text("--series");
  question.last = RD_TRY(whole_number("--last", arguments.text("--last"), 1));
  const std::optional<Instant> asked = RD_TRY(read_now(arguments));
  question.now = asked.value_or(now());
  state::Runs runs = RD_TRY(state::Runs::open_to_read(data_directory(arguments)));
  const std::vector<posture::SeriesTrend> trend = RD_TRY(posture::read_trend(runs, question));
  const bool overdue = arguments.given("--overdue");
  if (context.format == "json")
    context.output.write(posture::trend_json(trend, question.now));
  else if (context.format == "markdown")
    context.output.write(posture::trend_markdown(trend, question.now, overdue));
  else
    context.output.write(posture::trend_table(trend, question.now, overdue, context.style));
  if (trend.empty()) context.note("every run was removed; `redoubt posture scan ... --record` keeps one");
  return Exit::Done;
}

Result<Exit> run_runs(const Arguments& arguments, Context& context) {
  std::vector<std::int64_t> removed;
  for (const std::string& text : arguments.values("--remove")) {
    const std::int64_t run = RD_TRY(whole_number("--remove", text, 1));
    removed.push_back(run);
  }
  const std::string& data = data_directory(arguments);
  state::Runs runs = RD_TRY(removed.empty() ? state::Runs::open_to_read(data) : state::Runs::open(data));
  for (const std::int64_t run : removed) {
    RD_TRY(runs.remove(run));
    context.note(fmt::format("run {} removed", run));
  }
  const std::vector<std::string> names = RD_TRY(runs.series());
  report::Table table;
  table.columns = {{"Run", true}, {"Name"}, {"Time"}, {"Zone"}, {"Inputs"}};
  table.groups.emplace_back();
  for (const std::string& name : names) {
    const std::vector<state::Run> all = RD_TRY(runs.runs(name));
    for (const state::Run& run : all)
      table.groups[0].rows.push_back(
          {{{fmt::format("{}", run.id)}, {name}, {to_text(run.time)}, {run.zone}, {run.inputs}}, {}});
  }
  context.output.write(report::to_text(table, context.style));
  return Exit::Done;
}

Option series_option() {
  return {.flags = "--series", .value = "NAME", .text = "only the runs of this name (--record-as)"};
}

}  // namespace

std::vector<Command> trend_commands() {
  const Option now{.flags = "--now", .value = "TIME", .text = "what is overdue at this time; without it now"};
  return {{.name = "posture trend",
           .summary = "Show score and findings over recorded runs",
           .examples = {"redoubt posture trend", "redoubt posture trend --overdue",
                        "redoubt posture trend --last 30 --series harbor -f json"},
           .description =
               "Reads what `posture scan --record` kept: score and counts of each run, what the last one "
               "found anew and what it closed, and how much each owner has open and overdue. Runs of one "
               "name form a series of their own.",
           .positionals = {},
           .options = {series_option(),
                       {.flags = "--last", .value = "N", .text = "how many runs to show", .fallback = "10"},
                       {.flags = "--overdue", .text = "list what is overdue, by owner"},
                       now,
                       data_option()},
           .formats = {"table", "json", "markdown"},
           .run = run_trend},
          {.name = "posture runs",
           .summary = "List recorded runs, or remove some",
           .examples = {"redoubt posture runs", "redoubt posture runs --remove 3"},
           .description = "Findings keep their dates when a run is removed. With the last run of a name its "
                          "findings go, too.",
           .positionals = {},
           .options = {{.flags = "--remove", .value = "RUN", .text = "forget this run", .repeatable = true},
                       data_option()},
           .run = run_runs}};
}

}  // namespace redoubt::cli
