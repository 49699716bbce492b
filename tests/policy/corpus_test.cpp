#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "core/text.h"
#include "policy/built_in.h"
#include "policy/classify.h"
#include "policy/library.h"
#include "policy/lint.h"
#include "policy/policy.h"
#include "policy/selection.h"
#include "testing/paths.h"

// Over all of Microsoft's definitions and initiatives: what is loaded, counted, linted, compiled and
// selected.

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
  EXPECT_TRUE(loaded->library.take_diagnostics().empty());
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
  std::size_t unparsed = 0;
  for (const Diagnostic& one : found) {
    EXPECT_NE(one.severity, Severity::Error) << one.text();
    EXPECT_NE(one.code, "POL0301") << one.text();
    unparsed += one.code == "POL0102" ? 1 : 0;
  }
  EXPECT_EQ(unparsed, 3U);  // field() in the template of a deployment
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

TEST(CorpusPolicyModes, AreCounted) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  std::map<std::string, int> modes;
  std::map<std::string, int> data_planes;
  for (const Definition& one : loaded->library.definitions()) {
    ++modes[lower(one.mode)];
    if (classify(one) == Need::DataPlane) ++data_planes[one.mode];
  }
  EXPECT_EQ(modes["indexed"], 1722);
  EXPECT_EQ(modes["all"], 906);
  EXPECT_EQ(modes[""], 832);  // Static ones have none
  const std::map<std::string, int> expected = {{"Microsoft.CognitiveServices.Data", 5},
                                               {"Microsoft.ContainerService.Data", 9},
                                               {"Microsoft.DataFactory.Data", 2},
                                               {"Microsoft.KeyVault.Data", 24},
                                               {"Microsoft.Kubernetes.Data", 76},
                                               {"Microsoft.LoadTestService.Data", 2},
                                               {"Microsoft.MachineLearningServices.Data", 6},
                                               {"Microsoft.MachineLearningServices.v2.Data", 3},
                                               {"Microsoft.ManagedHSM.Data", 7}};
  EXPECT_EQ(data_planes, expected);
}

/// The first allowed value of a parameter without default; of an Array parameter the list of it.
doc::Value allowed_value(const doc::Value& parameter, arm::Origins& origins, Arena& arena) {
  const doc::Value* allowed = parameter.find_any_case("allowedValues");
  if (allowed == nullptr || !allowed->is_array() || allowed->size() == 0)
    return origins.unknown(doc::UnknownType::Any, "a parameter");
  const doc::Value& first = allowed->items()[0];
  const bool listed = equal_any_case(parameter.text_of("type").value_or(""), "Array") && !first.is_array();
  return listed ? doc::make_array(arena, {&first, 1}) : first;
}

/// A value for every parameter of a definition, so that none stays unset where the definition has one.
doc::Value parameters_of(const Definition& definition, arm::Origins& origins, Arena& arena) {
  std::vector<doc::Member> members;
  const doc::Value* declared = definition.properties.find_any_case("parameters");
  if (declared == nullptr || !declared->is_object()) return doc::Value::object({});
  for (const doc::Member& member : declared->members()) {
    const doc::Value* value = member.value.find_any_case("defaultValue");
    members.push_back({member.name, value != nullptr ? *value : allowed_value(member.value, origins, arena)});
  }
  return doc::make_object(arena, members);
}

TEST(CorpusPolicyCompile, EveryDefinitionWithAndWithoutParameters) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  Arena arena;
  const CompileOptions options{&aliases, &types, &origins, false, &loaded->sources};
  std::size_t guessed = 0;
  for (const Definition& one : loaded->library.definitions()) {
    for (const doc::Value& parameters : {doc::Value::object({}), parameters_of(one, origins, arena)}) {
      const Result<Policy> compiled = compile(one, parameters, options);
      ASSERT_TRUE(compiled.has_value()) << one.name << ": " << compiled.error().text();
      guessed += compiled->guessed_aliases().size();
    }
  }
  EXPECT_EQ(guessed, 0U);
}

TEST(CorpusPolicySelection, OfEachTenthInitiativeIsWhatAllOfThemHave) {
  const auto loaded = built_ins();
  if (loaded == nullptr) return;
  const auto folder = *redoubt::testing::corpora("azure-policy");
  for (std::size_t i = 0; i < loaded->library.initiatives().size(); i += 10) {
    const Initiative& whole = loaded->library.initiatives()[i];
    Library some;
    Selection selection({whole.name});
    some.load(loaded->sources, (folder / "initiatives.jsonl").string(), selection.initiatives());
    const Result<const Initiative*> found = some.find_initiative(whole.name);
    ASSERT_TRUE(found.has_value()) << whole.name;
    ASSERT_EQ((*found)->references.size(), whole.references.size());
    selection.need(**found, some);
    some.load(loaded->sources, (folder / "definitions.jsonl").string(), selection.definitions());
    for (const Reference& reference : (*found)->references) {
      const Definition* picked = some.find_definition(reference);
      ASSERT_NE(picked, nullptr) << whole.name << " " << reference.definition_name;
      EXPECT_TRUE(doc::equal(picked->properties, loaded->library.find_definition(reference)->properties));
    }
  }
}

}  // namespace
}  // namespace redoubt::policy
