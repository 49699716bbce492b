#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "content/add.h"
#include "content/store.h"
#include "policy/selection.h"

namespace {

using namespace redoubt;

constexpr std::string_view kBenchmark = "Microsoft cloud security benchmark";

/// The built-in policies of the corpora as a pack, made once; empty where there are no corpora.
class BuiltIns {
 public:
  BuiltIns() {
    const char* given = std::getenv("REDOUBT_CORPORA");
    corpora_ = given == nullptr ? "../shared" : given;
    if (!std::filesystem::exists(corpora_ / "azure-policy")) return;
    std::string pattern = (std::filesystem::temp_directory_path() / "redoubt-content-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    content::AddRequest request;
    request.path = (corpora_ / "azure-policy").string();
    request.name = "azure-policy";
    RD_CHECK(content::add(folder_, request).has_value());
  }
  BuiltIns(const BuiltIns&) = delete;
  BuiltIns& operator=(const BuiltIns&) = delete;
  ~BuiltIns() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  const std::string& folder() const { return folder_; }
  std::string file(std::string_view name) const { return (corpora_ / "azure-policy" / name).string(); }

  static const BuiltIns& get() {
    static const BuiltIns one;
    return one;
  }

 private:
  std::filesystem::path corpora_;
  std::string folder_;
};

/// From nothing to an initiative and its members, by the index of a pack.
void BM_LoadInitiativeFromPack(benchmark::State& state) {
  const BuiltIns& built_ins = BuiltIns::get();
  if (built_ins.folder().empty()) return state.SkipWithError("no corpora");
  std::size_t loaded = 0;
  for (auto _ : state) {
    content::Store store = content::Store::open(built_ins.folder());
    doc::Sources sources;
    policy::Library library;
    RD_CHECK(store.load_initiatives({std::string(kBenchmark)}, library, sources).has_value());
    store.load_members(library.initiatives().front(), library, sources);
    loaded = library.definitions().size();
  }
  state.counters["definitions"] = static_cast<double>(loaded);
}
BENCHMARK(BM_LoadInitiativeFromPack)->Unit(benchmark::kMillisecond);

/// The same out of the two big lists, of which only the lines needed are parsed.
void BM_LoadInitiativeFromLists(benchmark::State& state) {
  const BuiltIns& built_ins = BuiltIns::get();
  if (built_ins.folder().empty()) return state.SkipWithError("no corpora");
  std::size_t loaded = 0;
  for (auto _ : state) {
    doc::Sources sources;
    policy::Library library;
    policy::Selection selection({std::string(kBenchmark)});
    library.load(sources, built_ins.file("initiatives.jsonl"), selection.initiatives());
    selection.need(*library.find_initiative(kBenchmark).value(), library);
    library.load(sources, built_ins.file("definitions.jsonl"), selection.definitions());
    loaded = library.definitions().size();
  }
  state.counters["definitions"] = static_cast<double>(loaded);
}
BENCHMARK(BM_LoadInitiativeFromLists)->Unit(benchmark::kMillisecond);

}  // namespace
