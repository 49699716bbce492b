#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/embedded.h"
#include "store/native.h"

// The seam to the event engine: rows out of it, into it, and what a query costs that does nothing.

namespace redoubt::store {
namespace {

constexpr std::int64_t kRows = 1'000'000;
constexpr std::int64_t kRowsOfBlock = 65'536;

const std::vector<ColumnShape> kShapes = {
    {"id", CellType::Int64, false}, {"value", CellType::Float64, true}, {"name", CellType::String, false}};

/// Nothing, and the benchmark is skipped, where the engine is not installed.
std::unique_ptr<EmbeddedEngine> open(benchmark::State& state) {
  Result<std::unique_ptr<EmbeddedEngine>> engine = EmbeddedEngine::open({});
  if (engine) return *std::move(engine);
  state.SkipWithError(engine.error().text().c_str());
  return nullptr;
}

Block rows_of(std::int64_t first, std::int64_t count) {
  Block out = make_block(kShapes);
  for (std::int64_t row = first; row < first + count; ++row) {
    append(out.columns[0], row);
    if (row % 10 == 0)
      append_null(out.columns[1]);
    else
      append(out.columns[1], static_cast<double>(row) / 3);
    append(out.columns[2], "name of row " + std::to_string(row));
  }
  return out;
}

/// The rows again and again, copied from ones that are there.
BlockSource source(const std::vector<Block>& blocks) {
  return [&blocks, next = std::size_t{0}]() mutable -> Result<std::optional<Block>> {
    if (next == blocks.size()) return std::nullopt;
    return blocks[next++];
  };
}

std::vector<Block> all_blocks() {
  std::vector<Block> out;
  for (std::int64_t first = 0; first < kRows; first += kRowsOfBlock)
    out.push_back(rows_of(first, std::min(kRowsOfBlock, kRows - first)));
  return out;
}

void ask(benchmark::State& state, EventEngine& engine, const Query& query) {
  std::size_t rows = 0;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    rows += block.rows();
    return {};
  };
  const Result<QueryStatistics> done = engine.query(query, sink, {});
  if (!done) state.SkipWithError(done.error().text().c_str());
  benchmark::DoNotOptimize(rows);
}

void BM_StoreOpen(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(open(state));
}
BENCHMARK(BM_StoreOpen)->Unit(benchmark::kMillisecond)->Iterations(5);

void BM_StoreSmallQuery(benchmark::State& state) {
  const auto engine = open(state);
  if (engine == nullptr) return;
  for (auto _ : state)
    ask(state, *engine, {.sql = "SELECT 1"});
}
BENCHMARK(BM_StoreSmallQuery)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_StoreScan(benchmark::State& state) {
  const auto engine = open(state);
  if (engine == nullptr) return;
  const Result<QueryStatistics> made = engine->execute(
      {.sql =
           "CREATE TABLE scanned ENGINE = MergeTree ORDER BY id AS SELECT toInt64(number) AS id, "
           "if(number % 10 = 0, NULL, number / 3) AS value, concat('name of row ', toString(number)) AS name "
           "FROM numbers(1000000)"},
      {});
  if (!made) state.SkipWithError(made.error().text().c_str());
  for (auto _ : state)
    ask(state, *engine, {.sql = "SELECT id, value, name FROM scanned"});
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kRows);
}
BENCHMARK(BM_StoreScan)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_StoreInput(benchmark::State& state) {
  const auto engine = open(state);
  if (engine == nullptr) return;
  const std::vector<Block> blocks = all_blocks();
  for (auto _ : state)
    ask(state, *engine,
        {.sql = "SELECT count(), sum(id), sum(value), sum(length(name)) FROM mine",
         .inputs = {{.name = "mine", .columns = kShapes, .blocks = source(blocks)}}});
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kRows);
}
BENCHMARK(BM_StoreInput)->Unit(benchmark::kMillisecond)->UseRealTime();

/// One block of a nullable number and a string, as the engine sends it.
std::string native_block() {
  std::string out("\x02\x80\x80\x04\x05value\x11Nullable(Float64)", 28);
  out.append(kRowsOfBlock, '\0');
  out.append(kRowsOfBlock * sizeof(double), '\0');
  out += std::string("\x04name\x06String");
  for (std::int64_t row = 0; row < kRowsOfBlock; ++row)
    out += std::string("\x10name of row 1234");
  return out;
}

void BM_StoreDecode(benchmark::State& state) {
  const std::string bytes = native_block();
  for (auto _ : state) {
    std::size_t rows = 0;
    NativeDecoder decoder;
    const BlockSink sink = [&](const Block& block) -> Result<void> {
      rows += block.rows();
      return {};
    };
    if (!decoder.feed(bytes, sink) || rows != static_cast<std::size_t>(kRowsOfBlock))
      state.SkipWithError("not decoded");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(BM_StoreDecode);

}  // namespace
}  // namespace redoubt::store
