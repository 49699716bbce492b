#include "posture/diff_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"
#include "posture/detail/finding_text.h"

namespace redoubt::posture {

using doc::Value;

namespace {

/// States, the worst first.
constexpr std::string_view kStates[] = {"noncompliant", "error",     "unknown",
                                        "exempt",       "compliant", "notApplicable"};
constexpr std::string_view kSchema = "redoubt.findings/1";

std::size_t rank(std::string_view state) {
  return static_cast<std::size_t>(std::find(std::begin(kStates), std::end(kStates), state) -
                                  std::begin(kStates));
}

bool quiet(std::string_view state) { return state == "compliant" || state == "notApplicable"; }

std::string pair_key(std::string_view policy, std::string_view resource_id) {
  return lower(policy) + "\n" + lower(resource_id);
}

std::string text_at(const Value& node, std::string_view name) {
  const Value* found = node.find(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::string text_at(const Value& node, std::string_view object, std::string_view name) {
  const Value* found = node.find(object);
  return found == nullptr ? std::string() : text_at(*found, name);
}

std::uint32_t number_at(const Value& node, std::string_view name) {
  const Value* found = node.find(name);
  if (found == nullptr || !found->is_int() || found->as_int() < 0) return 0;
  return static_cast<std::uint32_t>(found->as_int());
}

}  // namespace

SideRow row_of(const Finding& finding) {
  const policy::Definition& definition = *finding.policy->definition;
  SideRow row;
  row.id = finding.id;
  row.policy = definition.name;
  row.display_name = definition.display_name;
  if (finding.resource != nullptr) {
    row.resource_id = finding.resource->id;
    row.resource_type = finding.resource->type;
    row.resource_name = finding.resource->name;
  }
  row.path = finding.path;
  row.state = finding.state;
  row.effect = finding.effect;
  row.reason = finding.reason;
  row.fix = finding.fix;
  row.severity = finding.severity;
  row.location = place_to_change(finding);
  return row;
}

SideVariant variant_of(const PlannedPolicy& planned) {
  SideVariant out;
  out.parameters = planned.parameters_key;
  out.effect = planned.effect;
  if (planned.compiled) out.effect = planned.compiled->known_effect();
  if (const Value* rule = planned.definition->properties.find_any_case("policyRule"))
    out.rule = sha256_hex(doc::canonical_json(*rule));
  return out;
}

bool is_saved_result(const std::string& path) {
  std::ifstream input(path, std::ios::binary);
  std::string head(512, '\0');
  input.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(input.gcount()));
  return head.find(kSchema) != std::string::npos && head.find("\"schema\"") != std::string::npos;
}

void DiffSide::take(Scan& scan, const estate::Estate& estate) {
  for (const estate::Resource* resource : estate.resources())
    if (!resource->existing)
      resources_.try_emplace(
          lower(resource->id),
          SideResource{std::string(resource->id), std::string(resource->type), std::string(resource->name)});
  for (const PlannedPolicy& planned : scan.plan().policies())
    add_policy(planned.definition->name, planned.definition->display_name, variant_of(planned));
  scan.each(
      [this](const Finding& finding) {
        const estate::Resource* resource = finding.resource;
        if (resource != nullptr)
          add_state(finding.policy->definition->name, {std::string(resource->id)}, finding.state);
        if (!quiet(finding.state) && !finding.needs_attestation) rows_.push_back(row_of(finding));
      },
      [](const Finding& finding) { return !quiet(finding.state); });
  summary_ = scan.summary();
  finish();
}

Result<void> DiffSide::take(const Value& findings) {
  const Value* rows = findings.find("findings");
  if (text_at(findings, "schema") != kSchema || rows == nullptr || !rows->is_array())
    return fail(Error::Kind::InvalidInput, "POS0031", "this is no saved result of posture scan", {},
                "save one with `redoubt posture scan ... -f json -o FILE`");
  saved_ = true;
  if (const Value* counts = findings.find("summary"))
    for (const StateCount& one : kStateCounts)
      summary_.*one.member = number_at(*counts, one.name);
  std::uint64_t quiet_rows = 0;
  for (const Value& finding : rows->items()) {
    take_row(finding);
    if (quiet(text_at(finding, "state"))) ++quiet_rows;
  }
  all_ = quiet_rows >= summary_.compliant + summary_.not_applicable;
  finish();
  return {};
}

void DiffSide::take_row(const Value& finding) {
  SideRow row;
  row.id = text_at(finding, "id");
  row.policy = text_at(finding, "policy", "name");
  row.display_name = text_at(finding, "policy", "displayName");
  row.resource_id = text_at(finding, "resource", "id");
  row.resource_type = text_at(finding, "resource", "type");
  row.resource_name = text_at(finding, "resource", "name");
  row.path = text_at(finding, "path");
  row.state = text_at(finding, "state");
  row.effect = text_at(finding, "effect");
  row.reason = text_at(finding, "reason");
  row.fix = text_at(finding, "fix", "text");
  row.severity = find_level(text_at(finding, "severity")).value_or(Level::Low);
  const Value* place = finding.find("valueLocation");
  if (place == nullptr) place = finding.find("location");
  if (place != nullptr)
    row.location = {text_at(*place, "file"), number_at(*place, "line"), number_at(*place, "column"), {}};
  SidePolicy& policy = policies_[lower(row.policy)];
  policy.name = row.policy;
  policy.display_name = row.display_name;
  if (!row.resource_id.empty())
    add_state(row.policy, {row.resource_id, row.resource_type, row.resource_name}, row.state);
  if (!quiet(row.state) && !(row.state == "unknown" && row.reason == kNeedsAttestation))
    rows_.push_back(std::move(row));
}

void DiffSide::add_policy(std::string_view name, std::string_view display_name, SideVariant variant) {
  SidePolicy& policy = policies_[lower(name)];
  policy.name = name;
  policy.display_name = display_name;
  policy.variants.push_back(std::move(variant));
}

void DiffSide::add_resource(SideResource resource) {
  std::string key = lower(resource.id);
  resources_.try_emplace(std::move(key), std::move(resource));
}

void DiffSide::add_state(std::string_view policy, const SideResource& resource, std::string_view state) {
  const std::size_t place = rank(state);
  if (place == std::size(kStates)) return;
  resources_.try_emplace(lower(resource.id), resource).first->second.judged = true;
  policies_[lower(policy)].judged = true;
  const auto [found, is_new] = states_.try_emplace(pair_key(policy, resource.id), kStates[place]);
  if (!is_new && place < rank(found->second)) found->second = kStates[place];
}

void DiffSide::finish() {
  for (auto& [name, policy] : policies_)
    std::sort(policy.variants.begin(), policy.variants.end());
  const auto order = [](const SideRow& row) {
    return std::tuple(lower(row.resource_id), lower(row.policy), std::string_view(row.path),
                      std::string_view(row.id));
  };
  std::sort(rows_.begin(), rows_.end(),
            [&](const SideRow& left, const SideRow& right) { return order(left) < order(right); });
}

std::string_view DiffSide::state_of(std::string_view policy, std::string_view resource_id) const {
  const auto found = states_.find(pair_key(policy, resource_id));
  if (found != states_.end()) return found->second;
  if (!all_) return "unrecorded";
  if (!resources_.contains(lower(resource_id))) return saved_ ? "unrecorded" : "absent";
  if (!policies_.contains(lower(policy))) return "notAssigned";
  return "notApplicable";
}

}  // namespace redoubt::posture
