#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/level.h"
#include "core/result.h"
#include "core/time.h"
#include "state/database.h"

namespace redoubt::state {

/// How many verdicts of each state there were.
struct RunCounts {
  std::int64_t compliant = 0;
  std::int64_t noncompliant = 0;
  std::int64_t unknown = 0;
  std::int64_t error = 0;
  std::int64_t not_applicable = 0;
  std::int64_t exempt = 0;
};

/// The secure score, 0 to 1, and what it weighs; no score where nothing was assessed.
struct RunScore {
  std::optional<double> score;
  std::int64_t weight = 0;
};

struct RunSubscription {
  std::string subscription;
  RunScore score;
  RunCounts counts;
};

/// One recorded run.
struct Run {
  std::int64_t id = 0;  ///< given when it is recorded
  std::string series;
  Instant time;
  std::string inputs;  ///< JSON list of paths
  std::string zone;    ///< file; empty: none
  bool complete = true;
  RunScore score;
  std::int64_t resources = 0;
  RunCounts counts;
  std::int64_t accepted = 0;
  std::array<std::int64_t, 5> levels{};  ///< noncompliant and not accepted ones, by Level
  std::int64_t opened = 0;               ///< given when it is recorded, as the next
  std::int64_t closed = 0;
  std::vector<RunSubscription> subscriptions;
};

/// A finding of a run.
struct RunFinding {
  std::string id;
  std::string policy;
  std::string title;
  std::string resource;
  std::string type;
  Level severity = Level::Low;
  std::string state;  ///< noncompliant, accepted, unknown, error
  std::string owner;
  std::string environment;
  std::optional<std::int64_t> due_after;  ///< ticks from when it was first seen
};

/// A finding with its history.
struct KeptFinding {
  RunFinding finding;
  Instant first_seen;
  Instant last_seen;
  std::optional<Instant> due;
  std::optional<Instant> closed;
};

/// What somebody has to do. No owner: the empty name.
struct OwnerCounts {
  std::string owner;
  std::int64_t open = 0;     ///< noncompliant, not accepted
  std::int64_t overdue = 0;  ///< of these
  std::optional<Instant> next_due;
};

class Runs;

/// One run on its way into the database. Findings are held in a file of their own until commit(), so that
/// nobody waits for the scan.
class Recording {
 public:
  /// Of findings with the same id a noncompliant one stands.
  Result<void> add(const RunFinding& finding);

  /// Writes run and findings in one transaction, and gives the run with what was missing in it.
  ///
  /// A finding that was there before keeps its first date, also one that was closed. What this run does not
  /// have is closed, unless the run is not complete or a later one has seen it. One that becomes unknown, or
  /// ceases to be, stays the same though its id has another path.
  Result<Run> commit(Run run);

 private:
  friend class Runs;
  Recording(Database& database, Statement insert);
  Result<std::int64_t> series_of(const std::string& name);
  Result<void> insert_run(std::int64_t series, Run& run);
  Result<void> merge(std::int64_t series, Run& run);

  Database& database_;
  Statement insert_;
};

/// The runs and findings in the data directory. For one thread.
/// Errors: those of Database and migrate(), and those named below.
class Runs {
 public:
  /// `DIR/state.db`, which is made where it is not there.
  static Result<Runs> open(const std::string& data_directory,
                           std::chrono::milliseconds patience = Database::kPatience);
  /// Only to read. STA0007 (NotFound) nothing has been recorded in the directory.
  static Result<Runs> open_to_read(const std::string& data_directory);

  Result<Recording> begin();

  /// Names of the series, sorted.
  Result<std::vector<std::string>> series();
  /// The last `last` runs of a series, oldest first; 0: all.
  Result<std::vector<Run>> runs(const std::string& series, std::int64_t last = 0);
  /// Those with something to do, sorted by name.
  Result<std::vector<OwnerCounts>> owners(const std::string& series, Instant now);

  // Findings, those of one owner together, then as they are due, the most severe first.
  /// Noncompliant ones that were due by `now`.
  Result<std::vector<KeptFinding>> overdue(const std::string& series, Instant now);
  /// All that are open.
  Result<std::vector<KeptFinding>> open_findings(const std::string& series);
  /// What appeared or came back with a run, and what it closed, as far as it still is so.
  Result<std::vector<KeptFinding>> opened_by(std::int64_t run);
  Result<std::vector<KeptFinding>> closed_by(std::int64_t run);

  /// Forgets a run; with the last one of a series its findings. STA0008 (Usage) there is no such run.
  Result<void> remove(std::int64_t run);

  Database& database() { return *database_; }

 private:
  explicit Runs(Database database);
  Result<std::vector<KeptFinding>> findings(std::string_view where,
                                            std::initializer_list<Parameter> parameters);
  Result<void> read_subscriptions(Run& run);

  std::unique_ptr<Database> database_;  // stays where it is: recordings refer to it
};

}  // namespace redoubt::state
