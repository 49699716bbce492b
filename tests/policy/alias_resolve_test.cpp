#include <gtest/gtest.h>

#include <array>

#include "doc/json.h"
#include "policy/alias_catalogue.h"
#include "policy/alias_name.h"
#include "policy/built_in.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

constexpr std::array<std::string_view, 3> kSources = {"overlay", "table", "fallback"};
constexpr std::array<std::string_view, 3> kModifiable = {"notKnown", "no", "yes"};

std::string_view text_or_empty(const doc::Value& object, std::string_view name) {
  return object.text_of(name).value_or(std::string_view{});
}

AliasCatalogue catalogue_of(const doc::Value& given, std::string& said) {
  const doc::Value* built_in = given.find("builtIn");
  AliasCatalogue catalogue = built_in != nullptr ? AliasCatalogue(built_in_aliases()) : AliasCatalogue();
  const doc::Sources sources;
  const doc::Value* lists = given.find("lists");
  for (const doc::Value& list : lists != nullptr ? lists->items() : std::span<const doc::Value>{}) {
    Reading<std::vector<ListedAlias>> read = read_aliases(list, sources);
    for (const Diagnostic& diagnostic : read.diagnostics)
      said += (said.empty() ? "" : " ") + diagnostic.code;
    catalogue.add(std::move(read.value));
  }
  return catalogue;
}

std::string answer_of(const doc::Value& given) {
  std::string said;
  const AliasCatalogue catalogue = catalogue_of(given, said);
  const ResolvedAlias found = catalogue.resolve(text_or_empty(given, "alias"), text_or_empty(given, "type"),
                                                text_or_empty(given, "apiVersion"));
  std::string out = found.path + " | " + std::string(kSources[static_cast<std::size_t>(found.source)]);
  if (found.modifiable != Modifiable::NotKnown)
    out += " | modifiable " + std::string(kModifiable[static_cast<std::size_t>(found.modifiable)]);
  if (found.pattern) out += " | " + found.pattern->variable + " of " + found.pattern->phrase;
  if (!found.basis.empty()) out += " | " + found.basis;
  if (!said.empty()) out += " | " + said;
  return out;
}

std::string run(std::string_view line) {
  Arena arena;
  const Result<doc::Value> given = doc::parse_json(arena, line);
  if (!given) return given.error().text();
  const std::string answer = answer_of(*given);
  const std::string_view expected = text_or_empty(*given, "expected");
  return answer == expected ? std::string() : "expected " + std::string(expected) + "\n  actual " + answer;
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_json_cases("Alias", "tests/policy/cases/alias/resolve.jsonl", run);

TEST(AliasName, SplitsAtTheLastSlash) {
  EXPECT_EQ(split_alias("Microsoft.Sql/servers/databases/edition").type, "Microsoft.Sql/servers/databases");
  EXPECT_EQ(split_alias("Microsoft.Network/virtualNetworks/subnets[*].name").short_name, "subnets[*].name");
  EXPECT_EQ(split_alias("Microsoft.Compute/imageId").type, "Microsoft.Compute");
  EXPECT_EQ(split_alias("A.B/c/tags['d/e']").short_name, "tags['d/e']");
  EXPECT_EQ(split_alias("tags").type, "");
  EXPECT_EQ(split_alias("").short_name, "");
}

TEST(AliasCatalogue, SuggestsWhatWasMeant) {
  const AliasCatalogue catalogue(built_in_aliases());
  EXPECT_EQ(catalogue.closest_names("Microsoft.Web/sites/httpOnly", 1).at(0),
            "Microsoft.Web/sites/httpsOnly");
  EXPECT_EQ(catalogue.closest_names("Microsoft.Web/site/httpsOnly", 1).at(0),
            "Microsoft.Web/sites/httpsOnly");
  EXPECT_TRUE(catalogue.closest_names("Microsoft.Web/sites/qqqqqqqqqqqqqqqq").empty());
  EXPECT_TRUE(catalogue.closest_names("").empty());
  EXPECT_TRUE(AliasCatalogue().closest_names("Microsoft.Web/sites/httpsOnly").empty());
}

}  // namespace
}  // namespace redoubt::policy
