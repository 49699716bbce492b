#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "doc/json.h"
#include "kql/lexer.h"
#include "kql/parser.h"

namespace redoubt::kql {
namespace {

/// The real queries of the shared corpora.
const std::vector<std::string>& queries() {
  static const std::vector<std::string> out = [] {
    const char* corpora = std::getenv("REDOUBT_CORPORA");
    const std::string path =
        std::string(corpora == nullptr ? "../shared" : corpora) + "/kql/real-queries.jsonl";
    std::vector<std::string> read;
    const auto text = doc::read_text_file(path);
    if (!text) return read;
    doc::Sources sources;
    for (const doc::Value& row : doc::read_json_lines(sources, path, *text).value.rows)
      read.emplace_back(row.text_of("query").value());
    return read;
  }();
  return out;
}

/// Runs `read` on every query; it returns the bytes that its result takes.
template <class Read>
void run(benchmark::State& state, Read read) {
  if (queries().empty()) state.SkipWithError("no queries: set REDOUBT_CORPORA");
  std::int64_t bytes = 0;
  std::int64_t count = 0;
  std::size_t memory = 0;
  for (auto _ : state)
    for (const std::string& query : queries()) {
      memory += read(query);
      bytes += static_cast<std::int64_t>(query.size());
      ++count;
    }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(count);
  if (count != 0)
    state.counters["bytes_per_query"] = static_cast<double>(memory) / static_cast<double>(count);
}

void BM_KqlTokenize(benchmark::State& state) {
  run(state, [](std::string_view query) { return tokenize(query).capacity() * sizeof(Token); });
}
BENCHMARK(BM_KqlTokenize)->Unit(benchmark::kMillisecond);

void BM_KqlParse(benchmark::State& state) {
  run(state, [](std::string_view query) {
    const Syntax syntax = parse(query);
    benchmark::DoNotOptimize(syntax.root);
    return syntax.arena.bytes() + syntax.tokens.capacity() * sizeof(Token) +
           syntax.problems.capacity() * sizeof(Problem);
  });
}
BENCHMARK(BM_KqlParse)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace redoubt::kql
