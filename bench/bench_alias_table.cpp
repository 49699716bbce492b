#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/text.h"
#include "policy/alias_catalogue.h"
#include "policy/built_in.h"

namespace {

using namespace redoubt;

/// About a thousand names, spread over the whole table, in lower case as no entry is written.
std::vector<std::string> some_aliases() {
  std::vector<std::string> names;
  std::size_t index = 0;
  policy::built_in_aliases().for_each({}, [&](const policy::AliasEntry& entry) {
    if (index++ % 61 == 0) names.push_back(lower(entry.name));
    return true;
  });
  return names;
}

void look_up(benchmark::State& state, const std::vector<std::string>& names, const auto& one) {
  for (auto _ : state)
    for (const std::string& name : names)
      benchmark::DoNotOptimize(one(name));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * names.size()));
}

void BM_AliasTableFind(benchmark::State& state) {
  const policy::AliasTable table = policy::built_in_aliases();
  look_up(state, some_aliases(), [&](const std::string& name) { return table.find(name); });
}
BENCHMARK(BM_AliasTableFind);

void BM_AliasTableMiss(benchmark::State& state) {
  const policy::AliasTable table = policy::built_in_aliases();
  std::vector<std::string> names = some_aliases();
  for (std::string& name : names)
    name += "x";
  look_up(state, names, [&](const std::string& name) { return table.find(name); });
}
BENCHMARK(BM_AliasTableMiss);

void BM_AliasCatalogueGuess(benchmark::State& state) {
  const policy::AliasCatalogue catalogue(policy::built_in_aliases());
  std::vector<std::string> names = some_aliases();
  for (std::string& name : names)
    name += "x";
  look_up(state, names, [&](const std::string& name) { return catalogue.resolve(name); });
}
BENCHMARK(BM_AliasCatalogueGuess);

void BM_TypeTableFind(benchmark::State& state) {
  const policy::TypeTable table = policy::built_in_types();
  std::vector<std::string> names;
  table.for_each({}, [&](const policy::TypeEntry& entry) {
    names.push_back(lower(entry.name));
    return true;
  });
  look_up(state, names, [&](const std::string& name) { return table.find(name); });
}
BENCHMARK(BM_TypeTableFind);

void BM_AliasTableWalk(benchmark::State& state) {
  const policy::AliasTable table = policy::built_in_aliases();
  for (auto _ : state) {
    std::size_t bytes = 0;
    table.for_each({}, [&](const policy::AliasEntry& entry) {
      bytes += entry.path.size();
      return true;
    });
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * table.size()));
}
BENCHMARK(BM_AliasTableWalk);

void BM_AliasTableOpen(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(policy::built_in_aliases().size());
}
BENCHMARK(BM_AliasTableOpen);

}  // namespace
