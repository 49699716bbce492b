#include "state/runs.h"

// Times are compared with the number of the run behind them: runs may have the same time, and of two at once
// the later one may be written first.

namespace redoubt::state {

namespace {

constexpr std::string_view kInsertSeen =
    "INSERT INTO temp.seen VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
    "ON CONFLICT (finding) DO UPDATE SET severity = excluded.severity, state = excluded.state, "
    "due_after = excluded.due_after WHERE excluded.state = 'noncompliant'";

constexpr std::string_view kInsertRun =
    "INSERT INTO runs (series, time, inputs, zone, complete, score, weight, resources, compliant, "
    "noncompliant, unknown, error, not_applicable, exempt, accepted, critical, high, medium, low, opened, "
    "closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
    "0, 0)";

constexpr std::string_view kInsertSubscription =
    "INSERT INTO run_subscriptions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

// ?1 series, ?2 time, ?3 run.
// A finding's id has the path that decided, which is another one when the verdict can't be told any more. It
// stays the same finding: one that is open and not seen takes the id of the one that is new on the same
// resource for the same policy, where exactly one of the two is unknown or an error, and there is one of
// each.
constexpr std::string_view kFindContinued =
    "INSERT INTO temp.continued WITH fresh AS MATERIALIZED (SELECT min(finding) AS finding, policy, "
    "resource, state IN ('unknown', 'error') AS is_open FROM temp.seen WHERE resource <> '' AND finding NOT "
    "IN (SELECT finding FROM findings WHERE series = ?1) GROUP BY 2, 3, 4 HAVING count(*) = 1), gone AS "
    "MATERIALIZED (SELECT min(finding) AS finding, policy, resource, state IN ('unknown', 'error') AS "
    "is_open FROM findings WHERE series = ?1 AND closed IS NULL AND last_seen <= ?2 AND finding NOT IN "
    "(SELECT finding FROM temp.seen) GROUP BY 2, 3, 4 HAVING count(*) = 1) SELECT gone.finding, "
    "fresh.finding FROM gone JOIN fresh USING (policy, resource) WHERE gone.is_open <> fresh.is_open GROUP "
    "BY policy, resource HAVING count(*) = 1";
constexpr std::string_view kContinue =
    "UPDATE findings SET finding = (SELECT is_now FROM temp.continued WHERE was = finding) "
    "WHERE series = ?1 AND finding IN (SELECT was FROM temp.continued)";

constexpr std::string_view kReopen =
    "UPDATE findings SET closed = NULL, closed_run = NULL, opened_run = ?3 "
    "WHERE series = ?1 AND closed <= ?2 AND finding IN (SELECT finding FROM temp.seen)";

constexpr std::string_view kInsertNew =
    "INSERT INTO findings SELECT ?1, finding, policy, title, resource, type, severity, state, owner, "
    "environment, ?2, ?2, ?3, ?3, ?2 + due_after, NULL, NULL FROM temp.seen "
    "WHERE finding NOT IN (SELECT finding FROM findings WHERE series = ?1)";

constexpr std::string_view kUpdateSeen =
    "UPDATE findings SET policy = s.policy, title = s.title, resource = s.resource, type = s.type, "
    "severity = s.severity, state = s.state, owner = s.owner, environment = s.environment, last_seen = ?2, "
    "last_run = ?3, due = first_seen + s.due_after FROM temp.seen AS s "
    "WHERE series = ?1 AND findings.finding = s.finding AND last_seen <= ?2";

constexpr std::string_view kSeenEarlier =
    "UPDATE findings SET due = due - first_seen + ?2, first_seen = ?2 "
    "WHERE series = ?1 AND first_seen > ?2 AND finding IN (SELECT finding FROM temp.seen)";

constexpr std::string_view kClose =
    "UPDATE findings SET closed = ?2, closed_run = ?3 "
    "WHERE series = ?1 AND closed IS NULL AND last_seen <= ?2 AND last_run <> ?3";

Parameter optional(const std::optional<std::int64_t>& value) {
  return value ? Parameter(*value) : Parameter(nullptr);
}

Parameter optional(const std::optional<double>& value) {
  return value ? Parameter(*value) : Parameter(nullptr);
}

std::int64_t at_level(const Run& run, Level level) { return run.levels.at(static_cast<std::size_t>(level)); }

}  // namespace

Recording::Recording(Database& database, Statement insert)
    : database_(database), insert_(std::move(insert)) {}

Result<Recording> Runs::begin() {
  // One that was begun and given up.
  if (database_->is_in_transaction()) RD_TRY(database_->execute("ROLLBACK"));
  // One transaction over the temporary file, which nobody else sees: without it each row would be one.
  RD_TRY(database_->execute(
      "PRAGMA temp.cache_size = -65536; DROP TABLE IF EXISTS temp.seen; DROP TABLE IF EXISTS temp.continued; "
      "CREATE TEMP TABLE continued (was TEXT PRIMARY KEY, is_now TEXT) WITHOUT ROWID; "
      "CREATE TEMP TABLE seen (finding TEXT PRIMARY KEY, policy TEXT, title TEXT, resource TEXT, type TEXT, "
      "severity INTEGER, state TEXT, owner "
      "TEXT, environment TEXT, due_after INTEGER) WITHOUT ROWID; BEGIN"));
  Statement insert = RD_TRY(database_->prepare(kInsertSeen));
  return Recording(*database_, std::move(insert));
}

Result<void> Recording::add(const RunFinding& finding) {
  return insert_.run({finding.id, finding.policy, finding.title, finding.resource, finding.type,
                      static_cast<std::int64_t>(finding.severity), finding.state, finding.owner,
                      finding.environment, optional(finding.due_after)});
}

Result<Run> Recording::commit(Run run) {
  const auto write = [&]() -> Result<void> {
    const std::int64_t series = RD_TRY(series_of(run.series));
    RD_TRY(insert_run(series, run));
    return merge(series, run);
  };
  if (database_.is_in_transaction()) RD_TRY(database_.execute("COMMIT"));
  RD_TRY(database_.in_transaction(write));
  RD_TRY(database_.execute("DELETE FROM temp.seen; DELETE FROM temp.continued"));
  return run;
}

Result<std::int64_t> Recording::series_of(const std::string& name) {
  Statement insert = RD_TRY(database_.prepare("INSERT OR IGNORE INTO series (name) VALUES (?1)"));
  RD_TRY(insert.run({name}));
  Statement find = RD_TRY(database_.prepare("SELECT id FROM series WHERE name = ?1"));
  std::int64_t out = 0;
  RD_TRY(find.each({name}, [&](const Statement& row) { out = row.integer(0); }));
  return out;
}

Result<void> Recording::insert_run(std::int64_t series, Run& run) {
  const RunCounts& counts = run.counts;
  Statement insert = RD_TRY(database_.prepare(kInsertRun));
  RD_TRY(insert.run({series, run.time.ticks, run.inputs, run.zone, std::int64_t{run.complete},
                     optional(run.score.score), run.score.weight, run.resources, counts.compliant,
                     counts.noncompliant, counts.unknown, counts.error, counts.not_applicable, counts.exempt,
                     run.accepted, at_level(run, Level::Critical), at_level(run, Level::High),
                     at_level(run, Level::Medium), at_level(run, Level::Low)}));
  run.id = database_.last_insert_id();
  Statement of_subscription = RD_TRY(database_.prepare(kInsertSubscription));
  for (const RunSubscription& one : run.subscriptions) {
    RD_TRY(of_subscription.run({run.id, one.subscription, optional(one.score.score), one.score.weight,
                                one.counts.compliant, one.counts.noncompliant, one.counts.unknown,
                                one.counts.error, one.counts.not_applicable, one.counts.exempt}));
  }
  return {};
}

Result<void> Recording::merge(std::int64_t series, Run& run) {
  const auto change = [&](std::string_view sql) -> Result<std::int64_t> {
    Statement statement = RD_TRY(database_.prepare(sql));
    RD_TRY(statement.run({series, run.time.ticks, run.id}));
    return database_.changes();
  };
  Statement find = RD_TRY(database_.prepare(kFindContinued));
  RD_TRY(find.run({series, run.time.ticks}));
  Statement carry_on = RD_TRY(database_.prepare(kContinue));
  RD_TRY(carry_on.run({series}));
  const std::int64_t reopened = RD_TRY(change(kReopen));
  RD_TRY(change(kUpdateSeen));
  const std::int64_t fresh = RD_TRY(change(kInsertNew));
  Statement earlier = RD_TRY(database_.prepare(kSeenEarlier));
  RD_TRY(earlier.run({series, run.time.ticks}));
  run.opened = reopened + fresh;
  if (run.complete) run.closed = RD_TRY(change(kClose));
  Statement tell = RD_TRY(database_.prepare("UPDATE runs SET opened = ?2, closed = ?3 WHERE id = ?1"));
  return tell.run({run.id, run.opened, run.closed});
}

}  // namespace redoubt::state
