#include "query_case.h"

#include <algorithm>
#include <set>
#include <vector>

#include "core/text.h"

namespace redoubt::kql {

namespace {

/// `T(a: long, b: string)`
void add_table(std::string_view text, Schemas& schemas) {
  const std::size_t open = text.find('(');
  std::vector<std::pair<std::string, Type>> columns;
  std::string_view rest = text.substr(open + 1, text.rfind(')') - open - 1);
  while (!trim(rest).empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const std::size_t colon = one.find(':');
    columns.emplace_back(std::string(trim(one.substr(0, colon))), *find_type(trim(one.substr(colon + 1))));
  }
  schemas.add_table(trim(text.substr(0, open)), columns);
}

/// `f(x: long) { ... }`
void add_function(std::string_view text, CaseContent& content) {
  const std::string name(trim(text.substr(0, text.find('('))));
  Reading<FoundQueries> found =
      find_queries_in_text(content.sources, name + ".csl", ".create function " + std::string(text));
  content.functions.add(std::move(found.value.queries), content.sources);
}

/// `alias(column, column)`
void add_watchlist(std::string_view text, CaseContent& content) {
  const std::size_t open = text.find('(');
  const std::string columns(text.substr(open + 1, text.rfind(')') - open - 1));
  content.has_watchlists = true;
  content.watchlists.add(find_watchlists_in_text(std::string(text.substr(0, open)) + ".csv", columns).value);
}

bool is_word(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

Environment CaseContent::view() const {
  Environment out(tables);
  out.functions = &functions;
  if (has_watchlists) out.watchlists = &watchlists;
  return out;
}

std::string render_query_case(std::string_view input, const RenderQuery& render) {
  CaseContent content;
  std::set<std::string, std::less<>> words;
  std::string out;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    if (line.starts_with("table ")) {
      add_table(line.substr(6), content.tables);
    } else if (line.starts_with("function ")) {
      add_function(line.substr(9), content);
    } else if (line.starts_with("watchlist ")) {
      add_watchlist(line.substr(10), content);
    } else if (is_word(line) && out.empty()) {
      words.emplace(line);
    } else if (!line.empty()) {
      const std::string_view query = input.substr(0, input.find("\n\n"));
      out += (out.empty() ? "" : "\n") +
             render(query, content, [&](std::string_view word) { return words.contains(word); });
      input.remove_prefix(query.size());
      continue;
    }
    input.remove_prefix(std::min(line.size() + 1, input.size()));
  }
  return out;
}

}  // namespace redoubt::kql
