#include "doc/json.h"
#include "posture/compliance_output.h"

namespace redoubt::posture {

using doc::JsonWriter;

namespace {

void write_number(JsonWriter& json, std::string_view key, std::uint64_t count) {
  json.key(key).integer(static_cast<std::int64_t>(count));
}

void write_evidence(JsonWriter& json, const EvidenceCounts& counts) {
  json.key("evidence").begin_object();
  write_number(json, "compliant", counts.compliant);
  write_number(json, "noncompliant", counts.noncompliant);
  write_number(json, "unknown", counts.unknown);
  write_number(json, "error", counts.error);
  write_number(json, "notApplicable", counts.not_applicable);
  write_number(json, "exempt", counts.exempt);
  write_number(json, "accepted", counts.accepted);
  write_number(json, "toAttest", counts.to_attest);
  json.end_object();
}

void write_attestations(JsonWriter& json, const std::vector<const Attestation*>& attestations) {
  if (attestations.empty()) return;
  json.key("attestations").begin_array();
  for (const Attestation* one : attestations) {
    json.begin_object().key("statement").text(one->statement).key("author").text(one->author);
    json.key("expires").text(one->expires);
    if (!one->evidence.empty()) json.key("evidence").text(one->evidence);
    json.end_object();
  }
  json.end_array();
}

void write_control(JsonWriter& json, const ControlResult& one) {
  const Control& control = *one.control;
  json.begin_object().key("id").text(control.id);
  if (!control.label.empty()) json.key("label").text(control.label);
  json.key("title").text(control.title);
  if (!control.parent.empty()) json.key("parent").text(control.parent);
  if (control.group) json.key("group").boolean(true);
  json.key("state").text(name_of(one.state));
  if (!one.reason.empty()) json.key("reason").text(one.reason);
  if (!one.checks.empty()) {
    write_evidence(json, one.counts);
    json.key("checks").begin_array();
    for (const ControlCheck& check : one.checks) {
      json.begin_object().key("name").text(check.name).key("source").text(check.source);
      if (!check.why.empty()) json.key("why").text(check.why);
      json.key("judged").boolean(check.evidence != nullptr).end_object();
    }
    json.end_array();
  }
  write_attestations(json, one.attestations);
  json.end_object();
}

void write_framework(JsonWriter& json, const FrameworkResult& one) {
  json.begin_object().key("id").text(one.framework->id).key("title").text(one.framework->title);
  json.key("version").text(one.framework->version).key("summary").begin_object();
  for (std::size_t state = 0; state < kControlStates; ++state)
    write_number(json, name_of(static_cast<ControlState>(state)), one.states[state]);
  write_number(json, "groups", one.groups);
  json.end_object().key("controls").begin_array();
  for (const ControlResult& control : one.controls)
    write_control(json, control);
  json.end_array().end_object();
}

void write_finding(JsonWriter& json, const CheckFinding& one) {
  json.begin_object().key("id").text(one.id).key("state").text(one.state).key("resource").begin_object();
  json.key("id")
      .text(one.resource_id)
      .key("type")
      .text(one.resource_type)
      .key("name")
      .text(one.resource_name);
  json.end_object().key("reason").text(one.reason).key("path").text(one.path);
  json.key("location").begin_object().key("file").text(one.location.file);
  json.key("line").integer(one.location.line).key("column").integer(one.location.column);
  json.end_object().end_object();
}

void write_check(JsonWriter& json, const CheckEvidence& one) {
  json.begin_object().key("name").text(one.name).key("displayName").text(one.display_name);
  if (one.worst != Level::None) json.key("severity").text(name_of(one.worst));
  write_evidence(json, one.counts);
  json.key("findings").begin_array();
  for (const CheckFinding& finding : one.findings)
    write_finding(json, finding);
  json.end_array().end_object();
}

}  // namespace

void write_compliance_json(const Compliance& compliance, const ScanEvidence& evidence, Instant now,
                           bool complete, const Write& write) {
  JsonWriter json(true, write);
  json.begin_object().key("schema").text("redoubt.compliance/1").key("at").text(to_text(now));
  json.key("complete").boolean(complete);
  json.key("frameworks").begin_array();
  for (const FrameworkResult& framework : compliance.frameworks)
    write_framework(json, framework);
  json.end_array().key("checks").begin_array();
  for (const CheckEvidence& check : evidence.checks())
    write_check(json, check);
  json.end_array().end_object();
  json.finish();
  write("\n");
}

}  // namespace redoubt::posture
