#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/kql_problems.h"
#include "core/result.h"
#include "kql/query_files.h"
#include "report/table.h"

namespace redoubt::cli {

struct CheckedTable {
  std::string name;
  std::vector<std::string> columns;  ///< that the query names
};

struct CheckedQuery {
  Where where;  ///< its beginning
  kql::QueryKind kind = kql::QueryKind::File;
  std::string name;
  std::string id;
  bool ok = false;  ///< it has no error that is told
  bool has_result = false;
  bool open = false;  ///< the result may have more columns: only the data tells
  std::vector<CheckedTable> tables;
  std::vector<std::string> functions;  ///< saved ones that it calls, directly or through others
  std::vector<std::pair<std::string, std::string>> columns;  ///< name and type
  std::vector<QueryProblem> problems;
  std::size_t ignored = 0;  ///< problems that are not told
};

struct QueryCheck {
  std::vector<CheckedQuery> queries;
  std::vector<QueryProblem> functions;  ///< in the text of saved functions that the queries call
  kql::QueryFileCounts counts;
  std::vector<Diagnostic> diagnostics;  ///< of the files
  std::size_t ignored = 0;              ///< by --ignore and by comments
  std::size_t accepted = 0;             ///< by the baseline

  /// Calls `visit` with each diagnostic, in the order of all forms; `problem` is null for those of files.
  void each(const std::function<void(const Diagnostic&, const QueryProblem* problem)>& visit) const;
};

/// For people. `verbose`: hints, and of each query what it reads and gives; of a single query always.
std::string to_text(const QueryCheck& check, const report::TableStyle& style, bool verbose);
/// redoubt.kql-check/1
std::string to_json(const QueryCheck& check);
std::string to_sarif(const QueryCheck& check);

}  // namespace redoubt::cli
