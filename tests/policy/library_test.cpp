#include "policy/library.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "policy/selection.h"
#include "policy_files.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

using testing::PolicyFiles;

/// What was loaded, in order, and what was said about the files.
std::string render(std::string_view input) {
  const PolicyFiles files(input);
  doc::Sources sources;
  Library library;
  files.load(sources, library);
  std::string out;
  for (const Definition& one : library.definitions())
    out += fmt::format("definition {} | {} | {} | {}\n", one.name, one.display_name, one.mode, one.version);
  for (const Initiative& one : library.initiatives()) {
    out += fmt::format("initiative {} | {}\n", one.name, one.display_name);
    for (const Reference& reference : one.references)
      out += fmt::format("  {} {}\n", reference.definition_name,
                         library.find_definition(reference) == nullptr ? "is not there" : "is there");
  }
  return out + files.text(library.take_diagnostics());
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("PolicyLibrary", "tests/policy/cases/library", render);

constexpr std::string_view kRule =
    R"("policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"deny"}})";

std::string definition(std::string_view name, std::string_view display_name) {
  return fmt::format(R"({{"id":"/providers/Microsoft.Authorization/policyDefinitions/{0}","name":"{0}",)"
                     R"("properties":{{"displayName":"{1}",{2}}}}})",
                     name, display_name, kRule);
}

std::string initiative(std::string_view name, std::string_view display_name, std::string_view member) {
  return fmt::format(
      R"({{"name":"{}","properties":{{"displayName":"{}","policyDefinitions":[{{"policyDefinitionId":)"
      R"("/providers/Microsoft.Authorization/policyDefinitions/{}"}}]}}}})",
      name, display_name, member);
}

TEST(LibraryFind, DefinitionsByNameIdAndLastSegmentInAnyCase) {
  const PolicyFiles files(definition("0A15EC92-a229-4763-bb14-0ea34a568f8d", "One"));
  doc::Sources sources;
  Library library;
  files.load(sources, library);
  const Definition* one = &library.definitions().front();
  EXPECT_EQ(library.find_definition("0a15ec92-A229-4763-bb14-0ea34a568f8d"), one);
  EXPECT_EQ(library.find_definition(
                "/PROVIDERS/microsoft.authorization/policydefinitions/0a15ec92-a229-4763-bb14-0ea34a568f8d"),
            one);
  EXPECT_EQ(library.find_definition("0a15ec92"), nullptr);
  EXPECT_EQ(library.find_definition(""), nullptr);
}

TEST(LibraryFind, InitiativesByNameAndDisplayNameInAnyCase) {
  const PolicyFiles files("== a.jsonl\n" + initiative("set-a", "Guard/rails of A", "one") + "\n" +
                          initiative("set-b", "Shared", "one") + "\n" + initiative("set-c", "SHARED", "one"));
  doc::Sources sources;
  Library library;
  files.load(sources, library);
  for (const char* name :
       {"SET-A", "guard/RAILS of a", "/providers/Microsoft.Authorization/policySetDefinitions/set-a"}) {
    const Result<const Initiative*> found = library.find_initiative(name);
    ASSERT_TRUE(found.has_value()) << name;
    EXPECT_EQ((*found)->name, "set-a") << name;
  }
  const Result<const Initiative*> several = library.find_initiative("shared");
  ASSERT_FALSE(several.has_value());
  EXPECT_EQ(several.error().code, "POL0206");
  EXPECT_EQ(several.error().kind, Error::Kind::Usage);
  EXPECT_EQ(several.error().message, "several initiatives are called shared: set-b, set-c");
  EXPECT_EQ(library.find_initiative("none").error().code, "POL0205");
}

TEST(LibrarySelection, PicksWhatAnInitiativeNeedsAndNoMore) {
  const PolicyFiles files("== a.jsonl\n" + definition("one", "1") + "\n" + definition("two", "2") + "\n" +
                          definition("three", "3") + "\n" + initiative("set-a", "Set A", "two") + "\n" +
                          initiative("set-b", "Set B", "three"));
  doc::Sources sources;
  Library all;
  Library some;
  files.load(sources, all);
  Selection selection({"SET a"});
  some.load(sources, files.path(), selection.initiatives());
  ASSERT_EQ(some.initiatives().size(), 1U);
  EXPECT_TRUE(some.definitions().empty());
  selection.need(some.initiatives().front(), some);
  ASSERT_TRUE(selection.needs_more());
  some.load(sources, files.path(), selection.definitions());
  ASSERT_EQ(some.definitions().size(), 1U);
  const Definition& picked = some.definitions().front();
  const Definition* same = all.find_definition("two");
  EXPECT_EQ(doc::to_json(picked.properties), doc::to_json(same->properties));
  EXPECT_EQ(sources.where(picked.place).line, sources.where(same->place).line);
  EXPECT_TRUE(some.take_diagnostics().empty());
}

TEST(LibraryStarter, IsPartOfTheProgram) {
  doc::Sources sources;
  Library library;
  ASSERT_TRUE(library.load_embedded(sources, "redoubt-starter"));
  EXPECT_GE(library.definitions().size(), 20U);
  const Result<const Initiative*> starter = library.find_initiative("redoubt-starter");
  ASSERT_TRUE(starter.has_value());
  for (const Reference& reference : (*starter)->references)
    EXPECT_NE(library.find_definition(reference), nullptr) << reference.definition_name;
  EXPECT_TRUE(library.take_diagnostics().empty());
}

TEST(Library, ReadsTheFormsPeopleHave) {
  const std::string rule = R"("policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"deny"}})";
  const std::string forms[] = {
      R"({"name":"a","properties":{"displayName":"A",)" + rule + "}}",
      R"([{"name":"a","displayName":"A",)" + rule + "}]",
      R"({"value":[{"name":"a","properties":{"displayName":"A",)" + rule + "}}]}",
      R"({"name":"row","definition":{"name":"a","properties":{"displayName":"A",)" + rule + "}}}",
      R"({"id":"/providers/Microsoft.Authorization/policyDefinitions/a","properties":{"displayName":"A",)" +
          rule + "}}",
  };
  for (const std::string& form : forms) {
    const std::string path = ::testing::TempDir() + "/policy.json";
    std::ofstream(path) << form;
    doc::Sources sources;
    Library library;
    library.load(sources, path);
    ASSERT_EQ(library.definitions().size(), 1U) << form;
    EXPECT_NE(library.find_definition("A"), nullptr) << form;
    EXPECT_EQ(library.definitions().front().display_name, "A") << form;
  }
}

TEST(Library, TellsWhatItPassedOverAndGoesOn) {
  const std::string path = ::testing::TempDir() + "/policies.jsonl";
  std::ofstream(path)
      << "{\"a\":\n{\"x\":1}\n"
      << R"({"name":"n","properties":{"policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"deny"}}}})"
      << "\n";
  doc::Sources sources;
  Library library;
  library.load(sources, path);
  library.load(sources, "/nowhere/at/all.json");
  EXPECT_EQ(library.definitions().size(), 1U);
  std::string codes;
  for (const Diagnostic& one : library.take_diagnostics())
    codes += one.code + " " + std::to_string(one.where.line) + "; ";
  EXPECT_EQ(codes, "DOC0101 1; POL0203 2; POL0204 0; ");
}

}  // namespace
}  // namespace redoubt::policy
