#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "doc/json.h"
#include "kql/analysis.h"
#include "kql/lexer.h"
#include "kql/parser.h"
#include "kql/rewrite.h"

namespace redoubt::kql {
namespace {

std::string corpus(std::string_view file) {
  const char* corpora = std::getenv("REDOUBT_CORPORA");
  return std::string(corpora == nullptr ? "../shared" : corpora).append("/kql/").append(file);
}

/// The real queries of the shared corpora.
const std::vector<std::string>& queries() {
  static const std::vector<std::string> out = [] {
    const std::string path = corpus("real-queries.jsonl");
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

/// The tables of Log Analytics and Resource Graph.
const Schemas& schemas() {
  static const Schemas out = [] {
    Schemas read;
    const std::string path = corpus("table-schemas.json");
    if (const auto text = doc::read_text_file(path)) {
      doc::Sources sources;
      const auto file = doc::read_json(sources, path, *text);
      static_cast<void>(read.add(file->value.root, sources));
    }
    return read;
  }();
  return out;
}

std::size_t bytes_of(const Analysis& analysis) {
  return analysis.syntax.arena.bytes() + analysis.syntax.tokens.capacity() * sizeof(Token) +
         analysis.arena->bytes();
}

void BM_KqlBind(benchmark::State& state) {
  run(state, [](std::string_view query) { return bytes_of(analyze(query, schemas())); });
}
BENCHMARK(BM_KqlBind)->Unit(benchmark::kMillisecond);

void BM_KqlPlan(benchmark::State& state) {
  run(state, [](std::string_view query) {
    Analysis analysis = analyze(query, schemas());
    rewrite(analysis);
    return bytes_of(analysis);
  });
}
BENCHMARK(BM_KqlPlan)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace redoubt::kql
