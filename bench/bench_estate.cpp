#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "bench/generated_export.h"
#include "estate/load.h"

namespace {

using namespace redoubt;

/// A generated export on disk, made once for each size.
class ExportFile {
 public:
  explicit ExportFile(std::size_t resources) {
    std::string pattern = (std::filesystem::temp_directory_path() / "redoubt-export-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const std::string text = bench::generated_export(resources);
    bytes_ = text.size();
    std::ofstream(path(), std::ios::binary) << text;
  }
  ~ExportFile() { std::filesystem::remove_all(folder_); }
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  std::string path() const { return folder_ / "export.json"; }
  std::size_t bytes() const { return bytes_; }

  static const ExportFile& of(std::size_t resources) {
    static std::map<std::size_t, ExportFile> files;
    return files.try_emplace(resources, resources).first->second;
  }

 private:
  std::filesystem::path folder_;
  std::size_t bytes_ = 0;
};

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct Loaded {
  doc::Sources sources;
  arm::Origins origins;
  estate::Inventory inventory;

  explicit Loaded(const std::string& path) { inventory = estate::load(sources, origins, {path}, {}).value; }
};

void BM_LoadExport(benchmark::State& state) {
  const auto resources = static_cast<std::size_t>(state.range(0));
  const ExportFile& file = ExportFile::of(resources);
  std::size_t held = 0;
  for (auto _ : state) {
    const std::size_t before = resident_bytes();
    const Loaded loaded(file.path());
    if (loaded.inventory.estate.resources().size() != resources) state.SkipWithError("resources are missing");
    const std::size_t after = resident_bytes();
    held = std::max(held, after - std::min(before, after));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.bytes()));
  state.counters["bytes_a_row"] = static_cast<double>(file.bytes()) / static_cast<double>(resources);
  state.counters["held_a_row"] = static_cast<double>(held) / static_cast<double>(resources);
}
BENCHMARK(BM_LoadExport)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// Adding and indexing alone: the documents are there already.
void BM_IndexEstate(benchmark::State& state) {
  const Loaded loaded(ExportFile::of(static_cast<std::size_t>(state.range(0))).path());
  for (auto _ : state) {
    estate::Estate copy;
    for (const estate::Resource* resource : loaded.inventory.estate.resources())
      copy.add(*resource);
    benchmark::DoNotOptimize(copy.finish(loaded.sources));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_IndexEstate)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_FindById(benchmark::State& state) {
  const Loaded loaded(ExportFile::of(10'000).path());
  const estate::Estate& estate = loaded.inventory.estate;
  for (auto _ : state)
    for (const estate::Resource* resource : estate.resources())
      benchmark::DoNotOptimize(estate.find(resource->id));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * estate.resources().size()));
}
BENCHMARK(BM_FindById);

void BM_RelatedInGroup(benchmark::State& state) {
  const Loaded loaded(ExportFile::of(10'000).path());
  const estate::Estate& estate = loaded.inventory.estate;
  for (auto _ : state)
    for (const estate::Resource* resource : estate.resources())
      benchmark::DoNotOptimize(estate.of_type_in("Microsoft.Network/privateEndpoints", resource->subscription,
                                                 resource->resource_group));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * estate.resources().size()));
}
BENCHMARK(BM_RelatedInGroup);

void BM_RelatedBelow(benchmark::State& state) {
  const Loaded loaded(ExportFile::of(10'000).path());
  const estate::Estate& estate = loaded.inventory.estate;
  for (auto _ : state)
    for (const estate::Resource* resource : estate.resources())
      benchmark::DoNotOptimize(estate.below(resource->id, "Microsoft.Insights/diagnosticSettings"));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * estate.resources().size()));
}
BENCHMARK(BM_RelatedBelow);

/// Every template of the corpora as one folder.
void BM_LoadTemplates(benchmark::State& state) {
  const char* corpora = std::getenv("REDOUBT_CORPORA");
  const std::string folder = std::string(corpora == nullptr ? "../shared" : corpora) + "/templates/arm";
  if (!std::filesystem::exists(folder)) {
    state.SkipWithError("no corpora");
    return;
  }
  for (auto _ : state) {
    const Loaded loaded(folder);
    benchmark::DoNotOptimize(loaded.inventory.estate.resources().size());
  }
}
BENCHMARK(BM_LoadTemplates)->Unit(benchmark::kMillisecond);

}  // namespace
