#include "doc/json.h"
#include "posture/preflight_output.h"

namespace redoubt::posture {

using doc::JsonWriter;
using Section = PreflightEntry::Section;

namespace {

void place(JsonWriter& json, std::string_view key, const Where& where) {
  json.key(key).begin_object().key("file").text(where.file).key("line").integer(where.line);
  json.key("column").integer(where.column).end_object();
}

void text_if(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.key(key).text(text);
}

/// `resource` may be null: what is said holds wherever the assignment is in force.
void head(JsonWriter& json, const AssignedPolicy& pair, const estate::Resource* resource) {
  json.key("definition").text(pair.definition);
  if (pair.policy != nullptr) json.key("displayName").text(pair.policy->definition->display_name);
  json.key("assignment").text(pair.assignment->name).key("assignmentId").text(pair.assignment->id);
  text_if(json, "referenceId", pair.reference_id);
  if (resource == nullptr) return;
  json.key("resource").begin_object().key("id").text(resource->id).key("type").text(resource->type);
  json.key("name").text(resource->name).end_object();
}

void entry(JsonWriter& json, const PreflightEntry& one) {
  json.begin_object();
  head(json, *one.pair, one.resource);
  text_if(json, "effect", one.effect);
  text_if(json, "why", one.why);
  text_if(json, "path", one.path);
  if (!one.value.empty()) json.key("value").raw(one.value);
  if (!one.before.empty()) json.key("before").raw(one.before);
  json.key("reason").text(one.reason);
  text_if(json, "message", one.message);
  text_if(json, "fix", one.fix);
  if (!one.creates.empty()) {
    json.key("creates").begin_array();
    for (const auto& [type, name] : one.creates)
      json.begin_object().key("type").text(type).key("name").text(name).end_object();
    json.end_array();
  }
  place(json, "location", one.location);
  if (one.value_location.line != 0) place(json, "valueLocation", one.value_location);
  if (one.if_deployed) json.key("ifDeployed").boolean(true);
  if (one.pair->version_mismatch) json.key("versionMismatch").boolean(true);
  json.end_object();
}

void exempted(JsonWriter& json, const ExemptedPair& one) {
  json.begin_object();
  head(json, *one.pair, one.resource);
  json.key("exemption").text(one.exemption->name).key("category").text(one.exemption->category).end_object();
}

}  // namespace

std::string preflight_json(const Preflight& preflight, const PreflightNotes& notes) {
  struct Row {
    std::string_view name;
    Section section;
  };
  static constexpr Row kSections[] = {{"denied", Section::Denied},
                                      {"modified", Section::Modified},
                                      {"remediated", Section::Remediated},
                                      {"reported", Section::Reported},
                                      {"unknown", Section::Unknown}};
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.preflight/1").key("scope").text(notes.scope);
  for (const Row& row : kSections) {
    json.key(row.name).begin_array();
    for (const PreflightEntry& one : preflight.entries)
      if (one.section == row.section) entry(json, one);
    json.end_array();
  }
  json.key("exempted").begin_array();
  for (const ExemptedPair& one : preflight.exempted)
    exempted(json, one);
  json.end_array().key("warnings").begin_array();
  for (const std::string& warning : notes.warnings)
    json.text(warning);
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace redoubt::posture
