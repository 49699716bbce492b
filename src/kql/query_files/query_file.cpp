#include "kql/detail/query_file.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "kql/detail/function_head.h"
#include "kql/lexer.h"

namespace redoubt::kql {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

std::string_view name_of(QueryKind kind) {
  switch (kind) {
    case QueryKind::File:
      return "query file";
    case QueryKind::AnalyticsRule:
      return "analytics rule";
    case QueryKind::HuntingQuery:
      return "hunting query";
    case QueryKind::Function:
      return "function";
    case QueryKind::CustomDetection:
      return "custom detection";
    case QueryKind::ListedQuery:
      return "listed query";
    case QueryKind::ArmAnalyticsRule:
      return "ARM analytics rule";
    case QueryKind::ScheduledQueryRule:
      return "scheduled query rule";
    case QueryKind::SavedSearch:
      return "saved search";
    case QueryKind::Workbook:
      return "workbook";
    case QueryKind::LogicApp:
      return "logic app";
    case QueryKind::MarkdownFence:
      return "Markdown fence";
  }
  return {};
}

Where FoundQuery::where(const doc::Sources& sources, std::size_t offset) const {
  return sources.where(place(offset));
}

bool is_rule(QueryKind kind) {
  return kind == QueryKind::AnalyticsRule || kind == QueryKind::ArmAnalyticsRule ||
         kind == QueryKind::ScheduledQueryRule || kind == QueryKind::CustomDetection;
}

namespace detail {

namespace {

/// Nothing, or comments alone.
bool is_blank(std::string_view query) {
  const std::string_view text = trim(query);
  return text.empty() || (text.starts_with("//") && tokenize(text).front().kind == TokenKind::End);
}

}  // namespace

void QueryFile::add(FoundQuery query) {
  const std::size_t offset = query.map[0];
  if (is_blank(query.query)) {
    if (query.kind != QueryKind::Workbook)
      tell(is_rule(query.kind) ? Severity::Error : Severity::Warning, "KQL0022",
           trim(query.query).empty() ? "the query is empty" : "the query holds nothing but comments", offset);
    return;
  }
  std::vector<FoundQuery>& queries = found_.value.queries;
  if (queries.size() == limits_.max_queries)
    tell(Severity::Error, "KQL0024",
         "more queries than " + std::to_string(limits_.max_queries) + ", the others are not read", offset);
  if (queries.size() <= limits_.max_queries) queries.push_back(std::move(query));
}

void QueryFile::tell(Severity severity, std::string_view code, std::string message, std::size_t offset,
                     std::string hint) {
  tell({severity, std::string(code), std::move(message), where(offset), std::move(hint)});
}

void QueryFile::tell_unreadable(Error error) {
  ++found_.value.counts.unreadable;
  tell(to_diagnostic(std::move(error)));
}

void QueryFile::tell_open(std::size_t offset, std::string_view what, std::string hint) {
  ++found_.value.counts.open_queries;
  tell(Severity::Hint, "KQL0021", "the query was not read: it is " + std::string(what), offset,
       std::move(hint));
}

void QueryFile::count_unknown(std::size_t offset) {
  if (unknown_++ == 0) first_unknown_ = offset;
}

void QueryFile::finish(doc::Sources& sources, Reading<FoundQueries>& out) {
  if (unknown_ != 0)
    tell(Severity::Hint, "KQL0025",
         counted(unknown_, "member named query looks", "members named query look") +
             " like KQL, but of no form that is known; not read",
         first_unknown_, "give each a .kql file of its own");
  std::vector<FoundQuery>& queries = found_.value.queries;
  if (queries.size() > limits_.max_queries) queries.pop_back();
  std::stable_sort(queries.begin(), queries.end(), [](const FoundQuery& left, const FoundQuery& right) {
    return left.map[0] < right.map[0];
  });
  ++out.value.counts.files;
  out.value.counts.unreadable += std::min<std::size_t>(found_.value.counts.unreadable, 1);
  out.value.counts.open_queries += found_.value.counts.open_queries;
  if (queries.empty()) ++out.value.counts.without;
  if (!queries.empty()) {
    const std::uint32_t file = sources.add(name(), std::move(own_.text(id_)));
    for (FoundQuery& query : queries)
      query.file = file;
  }
  std::ranges::move(queries, std::back_inserter(out.value.queries));
  std::ranges::move(found_.diagnostics, std::back_inserter(out.diagnostics));
}

void find_in_query(QueryFile& file) {
  const std::string_view text = file.text();
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (find_function_commands(file, start)) return;
  file.add({.kind = QueryKind::File,
            .query = std::string(text.substr(start)),
            .map = TextMap::part(start, text.size() - start)});
}

}  // namespace detail
}  // namespace redoubt::kql
