#include "state/runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "state/state_file.h"

namespace redoubt::state {

namespace {

std::optional<double> optional_real(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.real(column));
}

std::optional<Instant> optional_time(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(Instant{row.integer(column)});
}

/// Six columns from `first` on.
RunCounts counts_of(const Statement& row, int first) {
  return {row.integer(first),     row.integer(first + 1), row.integer(first + 2),
          row.integer(first + 3), row.integer(first + 4), row.integer(first + 5)};
}

constexpr std::string_view kRuns =
    "SELECT runs.id, time, inputs, zone, complete, score, weight, resources, compliant, noncompliant, "
    "unknown, error, not_applicable, exempt, accepted, low, medium, high, critical, opened, closed "
    "FROM runs JOIN series ON series.id = runs.series WHERE name = ?1 ORDER BY time DESC, runs.id DESC "
    "LIMIT ?2";

Run run_of(const Statement& row, const std::string& series) {
  Run run;
  run.id = row.integer(0);
  run.series = series;
  run.time = Instant{row.integer(1)};
  run.inputs = row.text(2);
  run.zone = row.text(3);
  run.complete = row.integer(4) != 0;
  run.score = {optional_real(row, 5), row.integer(6)};
  run.resources = row.integer(7);
  run.counts = counts_of(row, 8);
  run.accepted = row.integer(14);
  run.levels = {0, row.integer(15), row.integer(16), row.integer(17), row.integer(18)};
  run.opened = row.integer(19);
  run.closed = row.integer(20);
  return run;
}

constexpr std::string_view kFindings =
    "SELECT finding, policy, title, resource, type, severity, state, owner, environment, first_seen, "
    "last_seen, due, closed FROM findings JOIN series ON series.id = findings.series WHERE {} "
    "ORDER BY owner, due IS NULL, due, severity DESC, resource, policy, finding";

/// Levels are numbers in the file; a stranger's file may hold others.
Level level_of(std::int64_t number) {
  return number >= 0 && number <= 4 ? static_cast<Level>(number) : Level::None;
}

KeptFinding finding_of(const Statement& row) {
  KeptFinding out;
  out.finding = {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), level_of(row.integer(5)),
                 row.text(6), row.text(7), row.text(8), {}};
  out.first_seen = Instant{row.integer(9)};
  out.last_seen = Instant{row.integer(10)};
  out.due = optional_time(row, 11);
  out.closed = optional_time(row, 12);
  return out;
}

}  // namespace

Runs::Runs(Database database) : database_(std::make_unique<Database>(std::move(database))) {}

Result<Runs> Runs::open(const std::string& data_directory, std::chrono::milliseconds patience) {
  Database database = RD_TRY(open_state(data_directory, patience));
  return Runs(std::move(database));
}

Result<Runs> Runs::open_to_read(const std::string& data_directory) {
  std::optional<Database> database = RD_TRY(open_state_to_read(data_directory));
  if (!database)
    return fail(Error::Kind::NotFound, "STA0007", "nothing has been recorded in the data directory",
                Where{state_file(data_directory), 0, 0, {}},
                "`redoubt posture scan ... --record` keeps a run");
  return Runs(*std::move(database));
}

Result<std::vector<std::string>> Runs::series() {
  Statement statement = RD_TRY(database_->prepare("SELECT name FROM series ORDER BY name"));
  std::vector<std::string> out;
  RD_TRY(statement.each({}, [&](const Statement& row) { out.push_back(row.text(0)); }));
  return out;
}

Result<std::vector<Run>> Runs::runs(const std::string& series, std::int64_t last) {
  Statement statement = RD_TRY(database_->prepare(kRuns));
  std::vector<Run> out;
  RD_TRY(statement.each({series, last == 0 ? std::int64_t{-1} : last},
                        [&](const Statement& row) { out.push_back(run_of(row, series)); }));
  std::reverse(out.begin(), out.end());
  for (Run& run : out) {
    RD_TRY(read_subscriptions(run));
  }
  return out;
}

Result<void> Runs::read_subscriptions(Run& run) {
  Statement statement = RD_TRY(database_->prepare(
      "SELECT subscription, score, weight, compliant, noncompliant, unknown, error, not_applicable, exempt "
      "FROM run_subscriptions WHERE run = ?1 ORDER BY subscription"));
  return statement.each({run.id}, [&](const Statement& row) {
    run.subscriptions.push_back({row.text(0), {optional_real(row, 1), row.integer(2)}, counts_of(row, 3)});
  });
}

Result<std::vector<OwnerCounts>> Runs::owners(const std::string& series, Instant now) {
  Statement statement = RD_TRY(database_->prepare(
      "SELECT owner, count(*), sum(due <= ?2), min(due) FROM findings JOIN series ON series.id = "
      "findings.series WHERE name = ?1 AND closed IS NULL AND state = 'noncompliant' GROUP BY owner "
      "ORDER BY owner"));
  std::vector<OwnerCounts> out;
  RD_TRY(statement.each({series, now.ticks}, [&](const Statement& row) {
    out.push_back({row.text(0), row.integer(1), row.integer(2), optional_time(row, 3)});
  }));
  return out;
}

Result<std::vector<KeptFinding>> Runs::findings(std::string_view where,
                                                std::initializer_list<Parameter> parameters) {
  Statement statement = RD_TRY(database_->prepare(fmt::format(fmt::runtime(kFindings), where)));
  std::vector<KeptFinding> out;
  RD_TRY(statement.each(parameters, [&](const Statement& row) { out.push_back(finding_of(row)); }));
  return out;
}

Result<std::vector<KeptFinding>> Runs::overdue(const std::string& series, Instant now) {
  return findings("name = ?1 AND closed IS NULL AND state = 'noncompliant' AND due <= ?2",
                  {series, now.ticks});
}

Result<std::vector<KeptFinding>> Runs::open_findings(const std::string& series) {
  return findings("name = ?1 AND closed IS NULL", {series});
}

Result<std::vector<KeptFinding>> Runs::opened_by(std::int64_t run) {
  return findings("opened_run = ?1 AND closed IS NULL", {run});
}

Result<std::vector<KeptFinding>> Runs::closed_by(std::int64_t run) {
  return findings("closed_run = ?1 AND closed IS NOT NULL", {run});
}

Result<void> Runs::remove(std::int64_t run) {
  return database_->in_transaction([&]() -> Result<void> {
    Statement remove = RD_TRY(database_->prepare("DELETE FROM runs WHERE id = ?1"));
    RD_TRY(remove.run({run}));
    if (database_->changes() == 0)
      return fail(Error::Kind::Usage, "STA0008", fmt::format("there is no run with the number {}", run),
                  Where{database_->path(), 0, 0, {}}, "`redoubt posture runs` lists them");
    RD_TRY(database_->execute("DELETE FROM findings WHERE series NOT IN (SELECT series FROM runs)"));
    return database_->execute("DELETE FROM series WHERE id NOT IN (SELECT series FROM runs)");
  });
}

}  // namespace redoubt::state
