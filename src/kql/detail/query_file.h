#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "doc/sources.h"
#include "kql/query_files.h"

namespace redoubt::kql::detail {

/// One file that is looked through: its text, and what was found so far.
class QueryFile {
 public:
  QueryFile(std::string name, std::string text, const QueryFileLimits& limits)
      : limits_(limits), id_(own_.add(std::move(name), std::move(text))) {}

  const std::string& name() const { return own_.name(id_); }
  /// As it is in the file, with its byte order mark.
  std::string_view text() const { return own_.text(id_); }
  Where where(std::size_t offset) const { return own_.where({id_, static_cast<std::uint32_t>(offset)}); }
  const QueryFileLimits& limits() const { return limits_; }

  /// False: something of this place was taken before, as aliases and overlapping forms have it.
  bool first_at(std::size_t offset) { return places_.insert(offset).second; }

  /// A blank query is told of instead.
  void add(FoundQuery query);
  void tell(Severity severity, std::string_view code, std::string message, std::size_t offset,
            std::string hint = {});
  void tell(Diagnostic diagnostic) { found_.diagnostics.push_back(std::move(diagnostic)); }
  /// A reader gave up.
  void tell_unreadable(Error error);
  /// A query at `offset` whose text is made when it is deployed or run.
  void tell_open(std::size_t offset, std::string_view what, std::string hint);
  void count_unknown(std::size_t offset);

  /// Hands over what was found; the text goes to `sources` when there is a query in it.
  void finish(doc::Sources& sources, Reading<FoundQueries>& out);

 private:
  doc::Sources own_;
  QueryFileLimits limits_;
  std::uint32_t id_;
  std::unordered_set<std::size_t> places_;
  Reading<FoundQueries> found_;
  std::size_t unknown_ = 0;
  std::size_t first_unknown_ = 0;
};

/// The whole text is one query, or commands that create functions.
void find_in_query(QueryFile& file);
void find_in_markdown(QueryFile& file);
void find_in_yaml(QueryFile& file);
void find_in_json(QueryFile& file);

/// Has lines that begin with the bar of an operator.
bool looks_like_query(std::string_view text);
/// Whether a text that is no JSON or YAML was meant to hold queries.
bool mentions_queries(std::string_view text);

}  // namespace redoubt::kql::detail
