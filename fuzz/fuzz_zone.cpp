#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "estate/load.h"
#include "policy/built_in.h"
#include "posture/preflight.h"
#include "posture/preflight_output.h"
#include "posture/zone.h"

// Any bytes as assignments, exemptions and definitions of a landing zone, and as every file of a library:
// what is in force lies in its scope, and a small deployment meets twice the same.

namespace {

using namespace redoubt;

constexpr std::string_view kTree = R"({"name":"t","management_groups":[
{"id":"root","parent_id":null,"display_name":"Root","archetypes":["base"]},
{"id":"corp","parent_id":"root","display_name":"Corp","archetypes":[]}]})";

constexpr std::string_view kTemplate = R"({
"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion":"1.0.0.0","parameters":{"where":{"type":"string"}},"resources":[
{"type":"Microsoft.Storage/storageAccounts","apiVersion":"2023-01-01","name":"st1","location":"swedencentral",
"kind":"StorageV2","sku":{"name":"Standard_LRS"},"tags":{"env":"x"},"properties":{"minimumTlsVersion":"TLS1_0",
"networkAcls":{"ipRules":[{"value":"10.0.0.1"}]}}},
{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv","location":"[parameters('where')]",
"properties":{}}]})";

constexpr std::string_view kScopes[] = {
    "/", "corp", "/subscriptions/a/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st1",
    "/providers/Microsoft.Management/managementGroups/corp"};

/// Files of this process, made once but for what the input fills.
class Folder {
 public:
  Folder()
      : root_((std::filesystem::temp_directory_path() / "redoubt-fuzz-zone-").string() +
              std::to_string(::getpid())) {
    write("tree/t.alz_architecture_definition.json", kTree);
    write("main.json", kTemplate);
  }

  std::string path(std::string_view name) const { return (root_ / name).string(); }

  void write(std::string_view name, std::string_view text) const {
    const std::filesystem::path file = root_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  }

 private:
  std::filesystem::path root_;
};

void check_in_force(const policy::AssignmentIndex& index) {
  for (const std::string_view scope : kScopes) {
    const policy::InForce& here = index.at(scope);
    RD_CHECK(&here == &index.at(std::string(scope) + "/") || scope == "/");
    for (const policy::Assignment* one : here.assignments) {
      RD_CHECK(index.tree().lies_in(scope, one->scope));
      for (const policy::Exemption* exemption : here.exemptions_of(*one))
        RD_CHECK(index.tree().lies_in(scope, exemption->scope));
    }
  }
}

std::string outcome(const Folder& folder, const posture::ZoneSources& from) {
  static const policy::AliasCatalogue aliases(policy::built_in_aliases());
  static const policy::TypeTable types = policy::built_in_types();
  doc::Sources sources;
  arm::Origins origins;
  posture::Zone zone(origins);
  if (const Result<void> loaded = zone.load(sources, from); !loaded) return loaded.error().text();
  if (zone.tree().find("/subscriptions/a") == nullptr) zone.add_subscription("a", "corp");
  const policy::AssignmentIndex index(zone.tree(), zone.assignments(), zone.exemptions());
  check_in_force(index);
  posture::Plan plan(origins);
  const posture::AssignedPlan assigned(plan, index, zone.assignments(), zone.library(), zone.diagnostics());
  plan.compile({&aliases, &types, &origins, false, &sources});
  estate::LoadOptions options;
  options.expand.scope = arm::Scope::parse("/subscriptions/a/resourceGroups/rg");
  const Reading<estate::Inventory> inventory =
      estate::load(sources, origins, {folder.path("main.json")}, options);
  posture::ScanOptions scan;
  scan.now = Instant{638'000'000'000'000'000};
  const posture::Preflight preflight =
      posture::run_preflight(assigned, inventory.value.estate, sources, origins, scan, {});
  std::string out = posture::preflight_json(preflight, {});
  for (const Diagnostic& one : zone.diagnostics())
    out += one.text() + "\n";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  folder.write("rows.json", text);
  for (const std::string_view ending :
       {"x.alz_architecture_definition.json", "base.alz_archetype_definition.json",
        "x.alz_archetype_override.json", "x.alz_policy_assignment.json", "alz_policy_default_values.json",
        "x.alz_policy_set_definition.json"})
    folder.write("library/" + std::string(ending), text);
  posture::ZoneSources rows;
  rows.alz = {folder.path("tree")};
  rows.assignments = {folder.path("rows.json")};
  posture::ZoneSources library;
  library.alz = {folder.path("tree"), folder.path("library")};
  library.architecture = "t";
  library.values = {{"default_location", "swedencentral"}, {"x", "[1]"}};
  for (const posture::ZoneSources& from : {rows, library})
    RD_CHECK(outcome(folder, from) == outcome(folder, from));
  return 0;
}
