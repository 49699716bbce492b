#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/query_files.h"
#include "kql/saved_functions.h"
#include "kql/watchlists.h"

// Any bytes as a file of each form. The map of a query found in them is total and monotone and leads into the
// file; letters and digits stand in the file where it leads, or an escape does.

namespace {

using namespace redoubt;

constexpr const char* kNames[] = {"a.kql", "a.yaml", "a.json", "a.md"};

bool is_letter(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A break that follows a backslash in a JSON string: the reader has a letter for it.
bool has_escaped_control(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0x20) return true;
  return false;
}

void check_query(const kql::FoundQuery& query, const doc::Sources& sources, bool letters) {
  const std::string& text = sources.text(query.file);
  RD_CHECK(query.map.size() == query.query.size());
  std::uint32_t last = 0;
  for (std::size_t at = 0; at <= query.query.size() + 1; ++at) {
    const std::uint32_t to = query.place(at).offset;
    RD_CHECK(to >= last && to <= text.size());
    RD_CHECK(at >= query.query.size() || to < text.size());
    last = to;
    if (letters && at < query.query.size() && is_letter(query.query[at]))
      RD_CHECK(text[to] == query.query[at] || text[to] == '\\');
  }
  RD_CHECK(query.where(sources, query.query.size()).line != 0);
}

/// Parameters lead into the file, and what is wrong with them is a place.
void check_functions(const std::vector<kql::FoundQuery>& found, const doc::Sources& sources) {
  kql::SavedFunctions functions;
  functions.add(found, sources);
  for (const auto& [name, function] : functions.by_name()) {
    const kql::FunctionHead& head = *function->query().function;
    RD_CHECK(!name.empty() && head.parameters_map.size() == head.parameters.size());
    std::uint32_t last = 0;
    for (std::size_t at = 0; at <= head.parameters.size() + 1; ++at) {
      const std::uint32_t to = function->place(kql::SavedFunction::Part::Parameters, at).offset;
      RD_CHECK(to >= last && to <= sources.text(function->query().file).size());
      last = to;
    }
  }
}

int check_file(std::string name, const std::string& text) {
  const kql::QueryFileLimits limits{
      .max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 10'000, .max_documents = 20, .max_queries = 100};
  doc::Sources sources;
  const Reading<kql::FoundQueries> found = kql::find_queries_in_text(sources, std::move(name), text, limits);
  RD_CHECK(found.value.queries.size() <= limits.max_queries);
  const bool letters = !has_escaped_control(text);
  for (const kql::FoundQuery& query : found.value.queries)
    check_query(query, sources, letters);
  check_functions(found.value.queries, sources);
  return 0;
}

/// A watchlist has a name, and no column twice.
void check_watchlists(const char* name, const std::string& text) {
  const kql::QueryFileLimits limits{.max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 10'000};
  for (const kql::Watchlist& one : kql::find_watchlists_in_text(name, text, limits).value) {
    RD_CHECK(!one.alias.empty());
    for (std::size_t i = 1; i < one.columns.size(); ++i)
      RD_CHECK(!one.columns[i].empty() && one.columns[i] != one.columns[i - 1]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // As in the test cases, which are the seeds, the first line names the file; without a name all forms are
  // tried.
  const std::string_view line = input.substr(0, input.find('\n'));
  if (line.size() < input.size() && line.size() < 40 && line.find('.') != std::string_view::npos)
    return check_file(std::string(line.substr(0, line.find(' '))),
                      std::string(input.substr(line.size() + 1)));
  for (const char* name : kNames)
    check_file(name, std::string(input));
  for (const char* name : {"a.csv", "a.json"})
    check_watchlists(name, std::string(input));
  return 0;
}
