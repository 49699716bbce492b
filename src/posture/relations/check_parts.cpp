#include <fmt/format.h>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

// Settings that may stand in a resource or in a part of it beside it, and settings that Azure Policy has no
// alias for.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

/// Whether a value is one of some texts.
Truth is_one_of(const Value* value, std::span<const std::string_view> wanted) {
  Truth out = Truth::False;
  for (const std::string_view one : wanted)
    out = either(out, is_text(value, one));
  return out;
}

/// Whether a property is there, whatever it is: a parameter that has to be given always is.
bool surely_exists(const Value* value) {
  return value != nullptr && (!value->is_unknown() || value->not_null());
}

/// The resource that the judged one is a child of; null when it is not in what was given.
const estate::Resource* parent_of(const Scene& scene) {
  const std::string_view id = scene.resource.id;
  const std::size_t name = id.rfind('/');
  const std::size_t type = name == std::string_view::npos ? name : id.rfind('/', name - 1);
  return type == std::string_view::npos ? nullptr : scene.estate().find(id.substr(0, type));
}

/// What a check says of a resource that surely lacks a setting.
Verdict settled(const Scene& scene, Truth applies, std::string_view path_of_condition, const Value* condition,
                std::string text, const Spot& spot, std::string fix) {
  if (applies == Truth::True) return noncompliant(std::move(text), spot, std::move(fix));
  Doubts doubts(scene);
  doubts.add(path_of_condition, condition);
  return doubts.verdict();
}

}  // namespace

/// Model artefacts and snapshots that were trained on can't be changed behind the back of who relies on them.
Verdict judge_immutable_container(const Scene& scene) {
  static constexpr std::string_view kPurposes[] = {"model-artefacts", "training-snapshots"};
  static constexpr std::string_view kPolicies =
      "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies";
  const Value& body = scene.resource.body;
  const Value* purpose = find(body, "properties.metadata.purpose");
  const Truth applies = is_one_of(purpose, kPurposes);
  if (applies == Truth::False)
    return not_applicable("the container is not tagged as one of models or snapshots");
  const Value* policy = find(body, "properties.immutabilityPolicy");
  if (surely_exists(policy)) return compliant("it has an immutability policy");
  Doubts doubts(scene);
  doubts.add("properties.immutabilityPolicy", policy);
  for (const estate::Resource* child : scene.estate().below(scene.resource.id, kPolicies)) {
    if (is_there(scene, *child) == Truth::True) return compliant("an immutability policy stands beside it");
    doubts.add(*child);
  }
  if (doubts.any() || doubts.add_if_incomplete(kPolicies)) return doubts.verdict();
  return settled(scene, applies, "properties.metadata.purpose", purpose,
                 fmt::format("a container of {} has no immutability policy", text_of(purpose, scene.origins)),
                 {"properties.immutabilityPolicy", nullptr, scene.resource.place},
                 "set properties.immutabilityPolicy, or add an immutabilityPolicies resource");
}

/// Keys of model weights leave a vault for attested machines only.
Verdict judge_key_release(const Scene& scene) {
  static constexpr std::string_view kPurposes[] = {"model-weights"};
  const Value* profile = scene.parameters.find_any_case("profileConfidential");
  const Truth asked = is_true(profile);
  if (asked == Truth::False) return not_applicable("the profile of confidential computing is off");
  const Value* purpose = find(scene.resource.body, "tags.purpose");
  const Truth applies = both(asked, is_one_of(purpose, kPurposes));
  if (applies == Truth::False) return not_applicable("the key is not tagged as one of model weights");
  const Value* policy = find(scene.resource.body, "properties.release_policy");
  if (surely_exists(policy)) return compliant("it has a release policy");
  if (policy != nullptr) {
    Doubts doubts(scene);
    doubts.add("properties.release_policy", policy);
    return doubts.verdict();
  }
  return settled(scene, applies, asked == Truth::Unknown ? "profileConfidential" : "tags.purpose",
                 asked == Truth::Unknown ? profile : purpose,
                 "a key of model weights has no release policy, so it leaves the vault without attestation",
                 {"properties.release_policy", nullptr, scene.resource.place},
                 "set properties.release_policy, which says what attestation releases the key");
}

/// Machines of a workspace without a managed network are in a subnet of one's own.
Verdict judge_compute_network(const Scene& scene) {
  static constexpr std::string_view kTypes[] = {"AmlCompute", "ComputeInstance"};
  static constexpr std::string_view kManaged[] = {"AllowInternetOutbound", "AllowOnlyApprovedOutbound"};
  const Value& body = scene.resource.body;
  const Value* type = find(body, "properties.computeType");
  Truth applies = is_one_of(type, kTypes);
  if (applies == Truth::False) return not_applicable("only clusters and compute instances have a subnet");
  const Value* subnet = find(body, "properties.properties.subnet.id");
  if (surely_exists(subnet)) return compliant("it is in a subnet");
  Doubts doubts(scene);
  doubts.add("properties.properties.subnet.id", subnet);
  if (applies == Truth::Unknown) doubts.add("properties.computeType", type);
  if (const estate::Resource* workspace = parent_of(scene)) {
    const Value* mode = find(workspace->body, "properties.managedNetwork.isolationMode");
    const Truth managed = is_one_of(mode, kManaged);
    const Truth there = is_there(scene, *workspace);
    if (managed == Truth::True && there == Truth::True)
      return not_applicable("the workspace has a managed network");
    if (workspace->existing || (there == Truth::Unknown && managed != Truth::False)) doubts.add(*workspace);
    if (managed == Truth::Unknown) doubts.add("properties.managedNetwork.isolationMode", mode);
  } else {
    doubts.add_if_incomplete("Microsoft.MachineLearningServices/workspaces");
  }
  if (doubts.any()) return doubts.verdict();
  return noncompliant("neither a subnet nor a managed network of the workspace holds the machines",
                      {"properties.properties.subnet.id", nullptr, scene.resource.place},
                      "set properties.properties.subnet.id, or a managed network on the workspace");
}

namespace {

struct EntraOnlyPlace {
  std::string_view type;
  std::string_view path;
};
/// Where a server, or a part of it, says that only Microsoft Entra accounts sign in.
/// Source: REST API reference, Microsoft.Sql: Servers, Server Azure AD Only Authentications, Administrators.
constexpr EntraOnlyPlace kEntraOnly[] = {
    {"Microsoft.Sql/servers", "properties.administrators.azureADOnlyAuthentication"},
    {"Microsoft.Sql/servers/azureADOnlyAuthentications", "properties.azureADOnlyAuthentication"},
    {"Microsoft.Sql/servers/administrators", "properties.azureADOnlyAuthentication"},
};

}  // namespace

namespace {

policy::Fix of_part(const estate::Resource& part, std::string_view path) {
  return {std::string(path), std::nullopt, std::nullopt, fmt::format("set {} of {} to true", path, part.name),
          Value::boolean(true)};
}

}  // namespace

/// A server takes Microsoft Entra accounts only. A part beside it has the last word: it is deployed later.
Verdict judge_entra_only(const Scene& scene) {
  Doubts doubts(scene);
  Truth said = Truth::False;
  const Value* inline_value = find(scene.resource.body, kEntraOnly[0].path);
  for (const EntraOnlyPlace& place : kEntraOnly) {
    if (equal_any_case(scene.resource.type, place.type)) {
      const Value* value = find(scene.resource.body, place.path);
      said = is_true(value);
      doubts.add(place.path, said == Truth::Unknown ? value : nullptr);
      // A part speaks for itself.
      if (&place != kEntraOnly) break;
      continue;
    }
    if (!equal_any_case(scene.resource.type, kEntraOnly[0].type)) continue;
    for (const estate::Resource* part : scene.estate().below(scene.resource.id, place.type)) {
      const Value* value = find(part->body, place.path);
      if (part->existing || value == nullptr) continue;
      const Truth there = is_there(scene, *part);
      if (there == Truth::True && is_true(value) == Truth::False)
        return noncompliant(fmt::format("{} allows other accounts than those of Microsoft Entra", part->name),
                            {std::string(place.path), value, part->place}, of_part(*part, place.path));
      said = either(said, both(there, is_true(value)));
      if (there == Truth::Unknown) doubts.add(*part);
      if (is_true(value) == Truth::Unknown) doubts.add(place.path, value);
    }
  }
  if (said == Truth::True) return compliant("only accounts of Microsoft Entra sign in");
  if (said == Truth::Unknown) return doubts.verdict();
  const bool is_server = equal_any_case(scene.resource.type, kEntraOnly[0].type);
  const std::string path(is_server ? kEntraOnly[0].path : kEntraOnly[1].path);
  return noncompliant(
      "accounts with passwords of the server may sign in",
      {path, is_server ? inline_value : find(scene.resource.body, path), scene.resource.place},
      fmt::format("set {} to true", path));
}

}  // namespace redoubt::posture::relations
