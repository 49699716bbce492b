#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "kql/text_map.h"

namespace redoubt::kql {

/// In what a query was found.
enum class QueryKind : std::uint8_t {
  File,                ///< a file of its own: .kql, .csl, .kusto, .txt
  AnalyticsRule,       ///< of Microsoft Sentinel, as YAML or bare JSON
  HuntingQuery,        ///< the same without what makes a rule of it
  Function,            ///< FunctionQuery or ParserQuery, or the body of `.create function`
  CustomDetection,     ///< of Defender XDR: queryText
  ListedQuery,         ///< an item of `queries`
  ArmAnalyticsRule,    ///< resource alertRules, alertRuleTemplates
  ScheduledQueryRule,  ///< resource Microsoft.Insights/scheduledQueryRules
  SavedSearch,         ///< resource savedSearches, of a query pack or of Resource Graph
  Workbook,
  LogicApp,
  MarkdownFence,
};

/// `kql file`, `analytics rule`, ... as messages name it.
std::string_view name_of(QueryKind kind);
/// A rule of Sentinel, Defender or Azure Monitor: it runs by itself, over a period that stands beside its
/// query.
bool is_rule(QueryKind kind);

/// What makes a function of a query.
struct FunctionHead {
  std::vector<std::string> names;  ///< that it is called by, the first the one it is known by; never empty
  std::string parameters;          ///< `a: long, b: string = 'x'`
  TextMap parameters_map;          ///< into the file's text
};

/// A column that a rule takes from the result of its query.
struct TakenColumn {
  std::string name;
  std::string use;          ///< what for: `the entity Account.FullName`
  std::uint32_t begin = 0;  ///< of its name, in the file
  std::uint32_t end = 0;
};

/// A query and the way back into its file.
struct FoundQuery {
  QueryKind kind = QueryKind::File;
  std::string name;   ///< of the rule, function, workbook item ... as written; may be empty
  std::string id;     ///< the same
  std::string query;  ///< UTF-8, never blank
  std::uint32_t file = 0;
  TextMap map;  ///< into the file's text
  std::optional<FunctionHead> function = {};
  std::vector<TakenColumn> taken = {};  ///< what stands beside it, in the order of the members
  std::string period = {};              ///< of a rule of Sentinel: queryPeriod as it is written; may be empty

  /// Of a byte of the query, or its end.
  doc::Place place(std::size_t offset) const { return {file, map[offset]}; }
  /// The same as file, line and column; a byte order mark is no column.
  Where where(const doc::Sources& sources, std::size_t offset) const;
};

/// What is read of untrusted files and folders.
struct QueryFileLimits {
  std::size_t max_bytes = std::size_t{16} << 20;  ///< of a file
  std::size_t max_files = 100'000;
  std::uint32_t max_folders = 64;  ///< in each other
  std::uint32_t max_depth = 256;   ///< of a JSON or YAML value
  std::uint32_t max_nodes = 2'000'000;
  std::size_t max_documents = 1'000;  ///< of a YAML file
  std::uint32_t max_embedded = 3;     ///< JSON in a string of JSON
  std::size_t max_queries = 100'000;
};

/// What was looked at. Nothing is left out without being counted or told.
struct QueryFileCounts {
  std::size_t files = 0;         ///< read
  std::size_t without = 0;       ///< of these: no query in them
  std::size_t other = 0;         ///< of kinds that hold no queries; not read
  std::size_t binary = 0;        ///< named as text, but none
  std::size_t too_large = 0;     ///< each is told, too
  std::size_t unreadable = 0;    ///< the same: not there, no permission, no JSON, no YAML, no UTF-8
  std::size_t folders = 0;       ///< passed over: hidden ones, node_modules, links
  std::size_t open_queries = 0;  ///< their text is an expression, or has expressions in it

  void add(const QueryFileCounts& more);
};

struct FoundQueries {
  std::vector<FoundQuery> queries;  ///< in the order of paths, and of a file from its beginning
  QueryFileCounts counts;
};

/// Looks for queries in a file, or in the files below a folder, in the order of their paths.
///
/// A file is read as its name says: .kql .csl .kusto (the file is a query), .yaml .yml, .json .workbook,
/// .md .markdown; .txt is a query where it is named itself, and in folders where it looks like one. A file
/// that is named itself and has another ending is JSON when it begins with `{`, else a query. Files that hold
/// queries are added to `sources`; names in it are paths as they were given.
///
/// Diagnostics: DOC0001, DOC01xx, DOC02xx of the readers (a warning where a file of a folder has nothing that
/// queries are known by), KQL0020 no text in UTF-8, KQL0021 a hint: an ARM or workflow expression that is not
/// evaluated, or a query that is completed by parameters of its workbook, KQL0022 a query that is empty (an
/// error where a rule has it) or no text, KQL0023 a Markdown fence that is never closed,
/// KQL0024 a limit, KQL0025 a hint: members named `query` of no form that is known, KQL0026 a hint:
/// parameters of a workbook whose values are not known.
Reading<FoundQueries> find_queries(doc::Sources& sources, const std::string& path,
                                   const QueryFileLimits& limits = {});

/// The same of a text; `name` says how it is read.
Reading<FoundQueries> find_queries_in_text(doc::Sources& sources, std::string name, std::string text,
                                           const QueryFileLimits& limits = {});

/// The files below a folder that are a query each (.kql, .csl, .kusto), in the order of their paths.
Reading<std::vector<std::string>> list_query_files(const std::string& folder,
                                                   const QueryFileLimits& limits = {});

/// KQL0020 where the text of a file is not UTF-8.
Result<void> check_encoding(const std::string& name, std::string_view text);

}  // namespace redoubt::kql
