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

bool is_word(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

std::string render_query_case(std::string_view input, const RenderQuery& render) {
  Schemas schemas;
  std::set<std::string, std::less<>> words;
  std::string out;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    if (line.starts_with("table ")) {
      add_table(line.substr(6), schemas);
    } else if (is_word(line) && out.empty()) {
      words.emplace(line);
    } else if (!line.empty()) {
      const std::string_view query = input.substr(0, input.find("\n\n"));
      out += (out.empty() ? "" : "\n") +
             render(query, schemas, [&](std::string_view word) { return words.contains(word); });
      input.remove_prefix(query.size());
      continue;
    }
    input.remove_prefix(std::min(line.size() + 1, input.size()));
  }
  return out;
}

}  // namespace redoubt::kql
