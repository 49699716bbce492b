#include "kql/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/library_functions.h"
#include "kql/signature_text.h"
#include "testing/cases.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

/// Each line is a name; its signatures stand below it, with those of the same name of other kinds.
std::string render_signatures(std::string_view input) {
  std::string out;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view name = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    for (std::size_t kind = 0; kind < kFunctionKinds; ++kind)
      if (const Function* row = find_function(name, static_cast<FunctionKind>(kind)))
        for (const Signature& signature : row->signatures)
          out += signature_text(*row, signature) + "\n";
  }
  return out;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlSignature", "tests/kql/cases/signatures", render_signatures);

TEST(KqlCatalogue, HasEveryRowOnceUnderAKnownKind) {
  const std::vector<CatalogueEntry> all = catalogue();
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const CatalogueEntry& entry : all) {
    EXPECT_TRUE(std::ranges::find(catalogue_kinds(), entry.kind) != catalogue_kinds().end()) << entry.kind;
    EXPECT_TRUE(seen.emplace(entry.kind, entry.name).second) << entry.name;
    EXPECT_TRUE(entry.link.empty() || entry.link.starts_with("https://learn.microsoft.com/kusto/"));
  }
  for (std::size_t kind = 0; kind < kFunctionKinds; ++kind)
    for (const Function& row : functions(static_cast<FunctionKind>(kind)))
      EXPECT_TRUE(seen.contains({kind_name(row.kind), row.name})) << row.name;
  EXPECT_TRUE(std::ranges::is_sorted(library_functions(), {}, &LibraryFunction::name));
}

TEST(KqlCatalogue, SignaturesOfAllRowsAreShort) {
  for (const CatalogueEntry& entry : catalogue())
    if (entry.function != nullptr)
      for (const Signature& signature : entry.function->signatures) {
        EXPECT_LE(short_call_text(*entry.function, signature).size(), 80U) << entry.name;
        EXPECT_TRUE(signature_text(*entry.function, signature).starts_with(entry.name));
      }
}

TEST(KqlCorpus, ExcludedAreTheNamesThatAzureMonitorAndSentinelLackAndTheLibrary) {
  const auto path = redoubt::testing::corpora("kql/documented-names.json");
  if (!path) return;
  Arena arena;
  const std::string text = redoubt::testing::read_file(*path);
  const Result<doc::Value> file = doc::parse_json(arena, text);
  ASSERT_TRUE(file) << file.error().text();
  std::set<std::string> elsewhere;
  std::set<std::string> library;
  for (const doc::Value& entry : file->find("names")->items()) {
    const std::string name(*entry.text_of("name"));
    if (!entry.find("azure_monitor")->as_bool() && !entry.find("sentinel")->as_bool())
      elsewhere.insert(name);
    else if (*entry.text_of("kind") == "library-function")
      library.insert(name);
  }
  EXPECT_EQ(elsewhere.size(), 66U);
  EXPECT_EQ(library.size(), 35U);
  std::map<std::string_view, std::set<std::string>> excluded;
  for (const CatalogueEntry& entry : catalogue())
    if (!entry.excluded.empty()) excluded[entry.excluded.substr(0, 7)].insert(std::string(entry.name));
  EXPECT_EQ(excluded["neither"], elsewhere);
  EXPECT_EQ(excluded["a funct"], library);
  EXPECT_EQ(excluded.size(), 2U);
}

}  // namespace
}  // namespace redoubt::kql
