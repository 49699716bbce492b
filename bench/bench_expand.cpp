#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "arm/expand.h"

namespace redoubt::arm {
namespace {

struct Template {
  std::string path;
  std::string text;
};

/// Every deployment template of the shared corpora.
std::vector<Template> templates() {
  const char* corpora = std::getenv("REDOUBT_CORPORA");
  const std::filesystem::path root =
      std::filesystem::path(corpora == nullptr ? "../shared" : corpora) / "templates/arm";
  std::vector<Template> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root, error)) {
    if (entry.path().extension() != ".json") continue;
    doc::Sources sources;
    const auto document = doc::read_json_file(sources, entry.path().string());
    if (document && is_template(document->value.root))
      out.push_back({entry.path().string(), doc::read_text_file(entry.path().string()).value()});
  }
  return out;
}

/// Reading and expanding all of them, without parameter files.
void BM_ExpandTemplates(benchmark::State& state) {
  const std::vector<Template> all = templates();
  if (all.empty()) state.SkipWithError("no templates: set REDOUBT_CORPORA");
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const Template& one : all) {
      doc::Sources sources;
      Origins origins;
      const Reading<doc::Document> document = doc::read_json(sources, one.path, one.text).value();
      benchmark::DoNotOptimize(expand(sources, origins, document.value, nullptr, {}));
      bytes += static_cast<std::int64_t>(one.text.size());
    }
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(BM_ExpandTemplates)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace redoubt::arm
