#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>

#include "policy/built_in.h"
#include "policy/classify.h"
#include "policy/library.h"
#include "policy/lint.h"
#include "policy/selection.h"
#include "testing/paths.h"

namespace redoubt::policy {
namespace {

struct BuiltIns {
  doc::Sources sources;
  Library library;
};

/// Microsoft's definitions and initiatives, or nothing where the corpora are not there.
std::unique_ptr<BuiltIns> built_ins(const std::vector<std::string>& initiatives = {}) {
  const auto folder = testing::corpora("azure-policy");
  if (!folder) return nullptr;
  auto out = std::make_unique<BuiltIns>();
  const std::string files[] = {(*folder / "definitions.jsonl").string(),
                               (*folder / "initiatives.jsonl").string()};
  Selection selection(initiatives);
  for (const std::string& file : files)
    out->library.load(out->sources, file,
                      initiatives.empty() ? Library::LineFilter() : selection.initiatives());
  for (const std::string& name : initiatives)
    selection.need(**out->library.find_initiative(name), out->library);
  if (!initiatives.empty())
    for (const std::string& file : files)
      out->library.load(out->sources, file, selection.definitions());
  return out;
}

TEST(CorpusPolicy, EverythingLoadsAndResolves) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  EXPECT_EQ(loaded->library.definitions().size(), 3594U);
  EXPECT_EQ(loaded->library.initiatives().size(), 181U);
  std::size_t references = 0;
  std::size_t other_major = 0;
  for (const Initiative& initiative : loaded->library.initiatives()) {
    for (const Reference& reference : initiative.references) {
      const Definition* definition = loaded->library.find_definition(reference);
      ASSERT_NE(definition, nullptr) << reference.definition_id;
      ++references;
      other_major += pins_another_major(reference, *definition) ? 1 : 0;
    }
  }
  EXPECT_EQ(references, 15815U);
  EXPECT_EQ(other_major, 101U);
}

TEST(CorpusPolicy, ClassesAreCounted) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  std::map<Need, int> counts;
  for (const Definition& definition : loaded->library.definitions())
    ++counts[classify(definition)];
  const std::map<Need, int> expected = {{Need::ResourceAlone, 675}, {Need::RelatedResources, 1086},
                                        {Need::OtherSystem, 307},   {Need::DataPlane, 134},
                                        {Need::NeverFires, 832},    {Need::Attestation, 557},
                                        {Need::Action, 2},          {Need::DefenderObject, 1}};
  EXPECT_EQ(counts, expected);
}

TEST(CorpusPolicy, NoBuiltInHasAnErrorOrAGuessedAlias) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  const CompileOptions options{&aliases, &types, &origins, false, &loaded->sources};
  std::vector<Diagnostic> found;
  for (const Definition& definition : loaded->library.definitions())
    for (Diagnostic& one : lint(definition, options, loaded->sources))
      found.push_back(std::move(one));
  for (const Initiative& initiative : loaded->library.initiatives())
    for (Diagnostic& one : lint(initiative, loaded->library, loaded->sources))
      found.push_back(std::move(one));
  for (const Diagnostic& one : found) {
    EXPECT_NE(one.severity, Severity::Error) << one.text();
    EXPECT_NE(one.code, "POL0301") << one.text();
  }
}

TEST(CorpusPolicy, ASelectionHasWhatItsInitiativeNeeds) {
  const auto some = built_ins({"Microsoft cloud security benchmark"});
  if (some == nullptr) return;
  const Initiative* initiative = *some->library.find_initiative("microsoft CLOUD security benchmark");
  EXPECT_EQ(initiative->references.size(), 223U);
  EXPECT_LE(some->library.definitions().size(), 230U);
  for (const Reference& reference : initiative->references)
    EXPECT_NE(some->library.find_definition(reference), nullptr) << reference.definition_id;
}

/// Codes and lines of what lint says about one definition.
std::string lint_text(std::string_view json) {
  doc::Sources sources;
  Reading<doc::Document> document = doc::read_json(sources, "policy.json", std::string(json)).value();
  const Definition definition = read_definition(document.value.root).value();
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  std::string out;
  for (const Diagnostic& one : lint(definition, {&aliases, &types, &origins, false, &sources}, sources))
    out += one.code + " line " + std::to_string(one.where.line) + "\n";
  return out;
}

TEST(Lint, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(lint_text(R"({"mode":"All","policyRule":{
"if":{"field":"type",
"equal":"x"},"then":{"effect":"deny"}}})"),
            "POL0002 line 3\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","policyRule":{"if":{"field":
"Microsoft.Storage/storageAccounts/supportsHttpsTrafficOnlyy","equals":"x"},"then":{"effect":"deny"}}})"),
            "POL0301 line 2\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","parameters":{
"unused":{"type":"String"}},"policyRule":{"if":{"field":"name","equals":
"[parameters('other')]"},"then":{"effect":"deny"}}})"),
            "POL0101 line 3\nPOL0105 line 2\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","parameters":{"effect":{"type":"String","allowedValues":["Audit"],
"defaultValue":"Deny"}},"policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"[parameters('effect')]"}}})"),
            "POL0103 line 2\n");
  EXPECT_EQ(
      lint_text(R"({"mode":"All","policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"modify",
"details":{"operations":[{"operation":"add","field":"tags.a","value":"b"}]}}}})"),
      "POL0104 line 2\n");
  EXPECT_EQ(
      lint_text(
          R"({"mode":"All","policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"deny"}}})"),
      "");
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
