#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/event_store.h"
#include "cli/interrupt.h"
#include "cli/outside_data.h"
#include "cli/query_input.h"
#include "doc/sources.h"
#include "kql/pattern.h"
#include "query/load.h"
#include "query/memory_tables.h"
#include "query/run.h"
#include "query/sql/event_catalog.h"

namespace redoubt::cli {

/// The options that a session is made of.
std::vector<Option> session_options();

/// Tables from files or of the event store, and what the options say about the queries that are asked about
/// them. What of the events is lost is told with the first query that reads its table.
class QuerySession {
 public:
  /// The context must outlive it. Reads all files, until the interrupt says otherwise; without any, the
  /// events of the data directory here are asked. Errors: those of the options (Usage), of the files; QRY0004
  /// stopped.
  static Result<std::unique_ptr<QuerySession>> open(const Arguments& arguments, Context& context,
                                                    Interrupt& interrupt);

  QuerySession(const QuerySession&) = delete;
  QuerySession& operator=(const QuerySession&) = delete;

  /// What queries are bound against.
  kql::Environment environment() const;
  /// Over the tables of the session, or over these.
  Result<query::Answer> answer(std::string_view query, std::stop_token stop,
                               kql::Discoveries* discoveries = nullptr);
  Result<query::Answer> answer(std::string_view query, const query::RunOptions& options);
  Result<query::Answer> answer(std::string_view query, const query::RunOptions& options,
                               query::MemoryTables& tables);

  /// Reads one more file into a table of that name, in place of one that there is. Errors: those of the file;
  /// QRY0010 (Usage) tables are those of the event store; QRY0004 stopped.
  Result<std::vector<Diagnostic>> load(const std::string& table, const std::string& file,
                                       std::stop_token stop, Context& context);
  /// The rows of every table that has some, or could have.
  Result<std::map<std::string, std::uint64_t>> row_counts();

  const query::RunOptions& options() const { return options_; }
  query::RunOptions& options() { return options_; }
  const query::Loaded& loaded() const { return loaded_.value; }
  const std::vector<Diagnostic>& diagnostics() const { return loaded_.diagnostics; }
  doc::Sources& sources() { return sources_; }
  /// Says what was wrong with the files.
  void tell_loaded(Context& context) const;
  /// Whether tables are those of the event store.
  bool asks_events() const { return events_ != nullptr; }

 private:
  explicit QuerySession(Context& context) : context_(&context) {}
  Result<query::Answer> answer_of_events(std::string_view query, const query::RunOptions& options);

  doc::Sources sources_;
  QueryEnvironment known_;
  query::MemoryTables tables_;
  Reading<query::Loaded> loaded_;
  query::RunOptions options_;
  kql::PatternCache patterns_;
  OutsideData outside_;
  SpareEngine engine_;
  bool asks_engine_ = false;            ///< of the tables of files, too
  std::unique_ptr<EventStore> events_;  ///< null: tables are those of files
  std::optional<query::sql::EventCatalog> catalog_;
  kql::Schemas stored_;
  std::vector<LostRows> lost_;  ///< that no answer has told yet
  Context* context_;
};

}  // namespace redoubt::cli
