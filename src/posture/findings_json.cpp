#include <fmt/format.h>

#include <unordered_map>

#include "doc/json.h"
#include "posture/assignments.h"
#include "posture/baseline.h"
#include "posture/findings.h"

namespace redoubt::posture {

using doc::JsonWriter;

namespace {

void place(JsonWriter& json, std::string_view key, const Where& where) {
  json.key(key).begin_object().key("file").text(where.file).key("line").integer(where.line);
  json.key("column").integer(where.column).end_object();
}

std::string policy_json(const PlannedPolicy& planned) {
  const policy::Definition& definition = *planned.definition;
  JsonWriter json;
  json.begin_object().key("id").text(definition.id).key("name").text(definition.name);
  json.key("displayName").text(definition.display_name).key("initiatives").begin_array();
  for (const InitiativeUse& use : planned.initiatives)
    json.begin_object().key("id").text(use.id).key("referenceId").text(use.reference_id).end_object();
  json.end_array().end_object();
  std::string out = json.take();
  out.pop_back();
  return out;
}

std::string assignments_json(const std::vector<const AssignedPolicy*>& pairs) {
  if (pairs.empty()) return {};
  JsonWriter json;
  json.begin_array();
  for (const AssignedPolicy* pair : pairs) {
    json.begin_object().key("id").text(pair->assignment->id).key("name").text(pair->assignment->name);
    json.key("referenceId").text(pair->reference_id);
    json.key("enforcementMode").text(pair->assignment->enforced ? "Default" : "DoNotEnforce").end_object();
  }
  json.end_array();
  return ",\"assignments\":" + json.take();
}

std::string_view effect_source(const Finding& one) {
  if (one.pairs.empty()) return "definition";
  return one.policy->effect.empty() ? "assignment" : "override";
}

void exemption_json(JsonWriter& json, const policy::Exemption& exemption) {
  json.key("exemption").begin_object().key("name").text(exemption.name).key("id").text(exemption.id);
  json.key("category").text(exemption.category);
  if (exemption.expires_on) json.key("expiresOn").text(to_text(*exemption.expires_on));
  json.end_object();
}

std::string finding_json(const Finding& one, std::string_view policy) {
  JsonWriter json;
  json.begin_object().key("id").text(one.id);
  // `policy` is an object without its end: assignments differ from resource to resource.
  json.key("policy").raw(fmt::format("{}{}}}", policy, assignments_json(one.pairs)));
  json.key("effect").text(one.effect).key("effectSource").text(effect_source(one));
  json.key("state").text(one.state).key("severity").text(name_of(one.severity));
  json.key("severitySource").text(one.severity_source);
  json.key("resource").begin_object();
  const auto part = [&](std::string_view key, std::string_view text) { json.key(key).text(text); };
  part("id", one.resource == nullptr ? std::string_view() : one.resource->id);
  part("type", one.resource == nullptr ? std::string_view() : one.resource->type);
  part("name", one.resource == nullptr ? std::string_view() : one.resource->name);
  json.end_object().key("reason").text(one.reason).key("path").text(one.path);
  if (!one.value.empty()) json.key("value").raw(one.value);
  place(json, "location", one.location);
  if (one.value_location.line != 0) place(json, "valueLocation", one.value_location);
  if (!one.fix.empty()) {
    json.key("fix").begin_object().key("text").text(one.fix).key("path").text(one.fix_path);
    if (!one.fix_value.empty()) json.key("value").raw(one.fix_value);
    if (!one.fix_proposed.empty()) json.key("proposed").raw(one.fix_proposed);
    if (!one.fix_resource.empty()) json.key("resource").raw(one.fix_resource);
    json.end_object();
  }
  if (!one.unknown.empty()) {
    json.key("unknown").begin_array();
    for (const auto& [field, origin] : one.unknown)
      json.begin_object().key("field").text(field).key("origin").text(origin).end_object();
    json.end_array();
  }
  if (one.exemption != nullptr) exemption_json(json, *one.exemption);
  if (one.accepted != nullptr) {
    json.key("accepted").begin_object().key("reason").text(one.accepted->reason);
    json.key("owner").text(one.accepted->owner);
    if (!one.accepted->expires.empty()) json.key("expires").text(one.accepted->expires);
    json.end_object();
  }
  if (!one.owner.empty()) json.key("owner").text(one.owner);
  if (!one.environment.empty()) json.key("environment").text(one.environment);
  if (one.if_deployed) json.key("ifDeployed").boolean(true);
  if (one.policy->version_mismatch) json.key("versionMismatch").boolean(true);
  json.end_object();
  return json.take();
}

std::string summary_json(const Scan& scan) {
  const Summary& counts = scan.summary();
  JsonWriter json;
  json.begin_object();
  for (const StateCount& one : kStateCounts)
    json.key(one.name).integer(static_cast<std::int64_t>(counts.*one.member));
  if (scan.has_baseline()) json.key("accepted").integer(static_cast<std::int64_t>(counts.accepted));
  json.end_object();
  return json.take();
}

std::string gaps_json(const ScanNotes& notes) {
  JsonWriter json;
  json.begin_array();
  for (const Diagnostic* gap : notes.gaps()) {
    json.begin_object().key("code").text(gap->code).key("message").text(gap->message);
    if (!gap->where.file.empty()) json.key("file").text(gap->where.file);
    if (gap->where.line != 0)
      json.key("line").integer(gap->where.line).key("column").integer(gap->where.column);
    if (!gap->hint.empty()) json.key("hint").text(gap->hint);
    json.end_object();
  }
  return json.end_array().take();
}

}  // namespace

void write_findings_json(Scan& scan, const ScanNotes& notes, const Write& write) {
  write("{\n  \"schema\": \"redoubt.findings/1\",\n  \"summary\": " + summary_json(scan) +
        ",\n  \"findings\": [");
  // The same for all findings of a policy.
  std::unordered_map<const PlannedPolicy*, std::string> policies;
  for (const PlannedPolicy& planned : scan.plan().policies())
    policies.emplace(&planned, policy_json(planned));
  bool first = true;
  scan.render(
      [&](const Finding& finding, std::string& out) {
        out.append(",\n    ").append(finding_json(finding, policies.at(finding.policy)));
      },
      [&](std::string_view text) {
        write(text.substr(first ? 1 : 0));
        first = false;
      });
  write(first ? "],\n" : "\n  ],\n");
  JsonWriter json;
  json.begin_array();
  for (const NotLookedAt& one : notes.not_looked_at)
    json.begin_object().key("what").text(one.what).key("why").text(one.why).end_object();
  json.end_array();
  write("  \"notLookedAt\": " + json.take() + ",\n");
  write(fmt::format("  \"complete\": {},\n  \"incomplete\": {}\n}}\n", judged_all(scan, notes),
                    gaps_json(notes)));
}

}  // namespace redoubt::posture
