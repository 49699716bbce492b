#include <cmath>

#include "doc/json.h"
#include "posture/detail/finding_text.h"
#include "posture/score_output.h"

namespace redoubt::posture {

using doc::JsonWriter;

namespace {

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

/// To four digits, as Azure's secure scores give shares.
void share(JsonWriter& json, const std::optional<double>& value) {
  json.key("percentage");
  if (value)
    json.real(std::round(*value * 10'000) / 10'000);
  else
    json.null();
}

void points(JsonWriter& json, double current, double max, const std::optional<double>& percentage) {
  json.key("score").begin_object().key("current").real(rounded_score(current)).key("max").real(max);
  share(json, percentage);
  json.end_object();
}

/// Members as Azure's secureScoreControls have them.
void controls(JsonWriter& json, const ScanScore& score, const std::vector<HealthCounts>& all) {
  json.key("controls").begin_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const HealthCounts& counts = all[i];
    const double max = score.controls[i].max;
    json.begin_object().key("displayName").text(score.controls[i].name);
    std::optional<double> percentage;
    if (counts.assessed() != 0)
      percentage = static_cast<double>(counts.healthy) / static_cast<double>(counts.assessed());
    points(json, control_score(max, counts), max, percentage);
    json.key("healthyResourceCount").integer(number(counts.healthy));
    json.key("unhealthyResourceCount").integer(number(counts.unhealthy));
    json.key("unknownResourceCount").integer(number(counts.unknown));
    json.key("notApplicableResourceCount").integer(number(counts.not_applicable)).end_object();
  }
  json.end_array();
}

void subscriptions(JsonWriter& json, const ScanScore& score) {
  json.key("subscriptions").begin_array();
  for (std::size_t i = 0; i < score.subscriptions.size(); ++i) {
    const SubscriptionScore& one = score.secure.subscriptions[i];
    json.begin_object().key("subscription").text(score.subscriptions[i]);
    points(json, one.current, one.max, one.percentage());
    json.key("weight").integer(number(one.weight));
    controls(json, score, one.controls);
    json.end_object();
  }
  json.end_array();
}

void uncounted(JsonWriter& json, const ScanScore& score) {
  json.key("uncounted").begin_array();
  for (const UncountedCheck& check : score.uncounted) {
    json.begin_object().key("policy").text(check.name).key("displayName").text(check.title);
    json.key("noncompliant").integer(number(check.noncompliant));
    json.key("why").text(check.preview ? "preview" : "noControl").end_object();
  }
  json.end_array();
}

std::string_view name_of(Exposure exposure) {
  static constexpr std::string_view kNames[] = {"none", "unknown", "open"};
  return kNames[static_cast<std::size_t>(exposure)];
}

void risk(JsonWriter& json, const FixFirst& one) {
  const Risk& factors = one.ranked->risk;
  json.key("risk").begin_object().key("points").integer(factors.points);
  json.key("severity")
      .text(redoubt::name_of(one.finding.severity))
      .key("exposure")
      .text(name_of(factors.exposure));
  if (!one.exposed_by.empty()) json.key("exposedBy").text(one.exposed_by);
  json.key("sensitivity").integer(factors.sensitivity);
  if (factors.sensitivity != 0) json.key("sensitivityBecause").text(one.ranked->sensitivity_because);
  json.key("dependents").integer(number(one.ranked->dependents)).end_object();
}

void fix(JsonWriter& json, const ScanScore& score, const FixFirst& one) {
  const Finding& finding = one.finding;
  const policy::Definition& definition = *finding.policy->definition;
  json.begin_object().key("id").text(finding.id);
  json.key("policy").begin_object().key("id").text(definition.id).key("name").text(definition.name);
  json.key("displayName").text(definition.display_name).end_object();
  json.key("resource").begin_object().key("id").text(finding.resource->id);
  json.key("type").text(finding.resource->type).key("name").text(finding.resource->name).end_object();
  risk(json, one);
  json.key("why").text(one.why);
  if (one.ranked->control) json.key("control").text(score.controls[*one.ranked->control].name);
  json.key("scoreGain").real(rounded_score(one.ranked->gain));
  if (!finding.owner.empty()) json.key("owner").text(finding.owner);
  json.key("reason").text(finding.reason).key("path").text(finding.path);
  const Where where = place_to_change(finding);
  json.key("location").begin_object().key("file").text(where.file).key("line").integer(where.line);
  json.key("column").integer(where.column).end_object();
  if (!finding.fix.empty()) json.key("fix").text(finding.fix);
  json.end_object();
}

}  // namespace

std::string score_json(const ScanScore& score, const std::vector<FixFirst>& first, bool complete) {
  JsonWriter json(true);
  json.begin_object()
      .key("schema")
      .text("redoubt.score/1")
      .key("complete")
      .boolean(complete)
      .key("score")
      .begin_object();
  share(json, score.secure.percentage);
  json.key("weight").integer(number(score.secure.weight)).end_object();
  controls(json, score, score.secure.controls);
  subscriptions(json, score);
  uncounted(json, score);
  json.key("inGrace").integer(number(score.in_grace));
  json.key("risk").begin_object().key("findings").integer(number(score.open));
  json.key("points").integer(number(score.risk)).end_object();
  json.key("fixFirst").begin_array();
  for (const FixFirst& one : first)
    fix(json, score, one);
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace redoubt::posture
