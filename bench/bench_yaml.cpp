#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "doc/yaml.h"

namespace redoubt::doc {
namespace {

/// The analytics rules of the shared corpora as one list, `bytes` or more of them.
std::string rules(std::size_t bytes) {
  const char* corpora = std::getenv("REDOUBT_CORPORA");
  const std::filesystem::path root =
      std::filesystem::path(corpora == nullptr ? "../shared" : corpora) / "sentinel/rules";
  std::string all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string text = read_text_file(entry.path().string()).value();
    all += "- ";
    for (const char c : text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0)) {
      all += c;
      if (c == '\n') all += "  ";
    }
    all += "\n";
  }
  std::string out;
  while (!all.empty() && out.size() < bytes)
    out += all;
  return out;
}

void BM_ReadYaml(benchmark::State& state) {
  const std::string text = rules(static_cast<std::size_t>(state.range(0)));
  if (text.empty()) state.SkipWithError("no rules: set REDOUBT_CORPORA");
  for (auto _ : state) {
    Sources sources;
    benchmark::DoNotOptimize(read_yaml(sources, "rules.yaml", text).value());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_ReadYaml)->Arg(1 << 20)->Arg(20 << 20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace redoubt::doc
