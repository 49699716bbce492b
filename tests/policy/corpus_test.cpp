#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "core/text.h"
#include "policy/built_in.h"
#include "policy/classify.h"
#include "policy/library.h"
#include "policy/policy.h"
#include "policy/selection.h"
#include "testing/paths.h"

// Beside built_in_test.cpp: the modes, the compiled form and selections of Microsoft's definitions.

namespace redoubt::policy {
namespace {

std::unique_ptr<Library> built_ins(doc::Sources& sources) {
  const auto folder = redoubt::testing::corpora("azure-policy");
  if (!folder) return nullptr;
  auto library = std::make_unique<Library>();
  for (const char* file : {"definitions.jsonl", "initiatives.jsonl"})
    library->load(sources, (*folder / file).string());
  return library;
}

TEST(CorpusPolicyModes, AreCounted) {
  doc::Sources sources;
  const auto library = built_ins(sources);
  if (library == nullptr) return;
  EXPECT_TRUE(library->take_diagnostics().empty());
  std::map<std::string, int> modes;
  std::map<std::string, int> data_planes;
  for (const Definition& one : library->definitions()) {
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
  doc::Sources sources;
  const auto library = built_ins(sources);
  if (library == nullptr) return;
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  Arena arena;
  const CompileOptions options{&aliases, &types, &origins, false, &sources};
  std::size_t guessed = 0;
  for (const Definition& one : library->definitions()) {
    for (const doc::Value& parameters : {doc::Value::object({}), parameters_of(one, origins, arena)}) {
      const Result<Policy> compiled = compile(one, parameters, options);
      ASSERT_TRUE(compiled.has_value()) << one.name << ": " << compiled.error().text();
      guessed += compiled->guessed_aliases().size();
    }
  }
  EXPECT_EQ(guessed, 0U);
}

TEST(CorpusPolicySelection, OfEachTenthInitiativeIsWhatAllOfThemHave) {
  doc::Sources sources;
  const auto library = built_ins(sources);
  if (library == nullptr) return;
  const auto folder = *redoubt::testing::corpora("azure-policy");
  for (std::size_t i = 0; i < library->initiatives().size(); i += 10) {
    const Initiative& whole = library->initiatives()[i];
    Library some;
    Selection selection({whole.name});
    some.load(sources, (folder / "initiatives.jsonl").string(), selection.initiatives());
    const Result<const Initiative*> found = some.find_initiative(whole.name);
    ASSERT_TRUE(found.has_value()) << whole.name;
    ASSERT_EQ((*found)->references.size(), whole.references.size());
    selection.need(**found, some);
    some.load(sources, (folder / "definitions.jsonl").string(), selection.definitions());
    for (const Reference& reference : (*found)->references) {
      const Definition* picked = some.find_definition(reference);
      ASSERT_NE(picked, nullptr) << whole.name << " " << reference.definition_name;
      EXPECT_TRUE(doc::equal(picked->properties, library->find_definition(reference)->properties));
    }
  }
}

}  // namespace
}  // namespace redoubt::policy
