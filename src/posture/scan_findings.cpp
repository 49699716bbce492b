#include <fmt/format.h>

#include "arm/unknown_json.h"
#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/change_words.h"
#include "posture/baseline.h"
#include "posture/detail/scan_state.h"
#include "posture/owners.h"

namespace redoubt::posture {

namespace {

/// Severity by effect, where nothing better is known. Source: contracts, "posture scan".
struct EffectLevel {
  std::string_view effect;
  Level level;
};
constexpr EffectLevel kEffectLevels[] = {
    {"deny", Level::High}, {"audit", Level::Medium}, {"auditIfNotExists", Level::Medium}};

}  // namespace

Level level_of(const policy::Definition& definition, std::string_view effect, std::string_view& source) {
  if (const std::optional<Level> own = find_level(definition.severity); own && own != Level::None) {
    source = "metadata";
    return *own;
  }
  source = "effect";
  for (const EffectLevel& row : kEffectLevels)
    if (equal_any_case(row.effect, effect)) return row.level;
  return Level::Low;
}

Finding Scan::State::finding_of(const Record& record, Worker& worker, const Wanted& wanted) const {
  Finding out = brief_of(record, worker);
  if (!wanted || wanted(out)) work_out(record, worker, out);
  return out;
}

/// What is known without judging again.
Finding Scan::State::brief_of(const Record& record, Worker& worker) const {
  const PlannedPolicy& planned = plan.policies()[record.policy];
  Finding out;
  out.policy = &planned;
  out.state = record.exempt ? "exempt" : name_of(record.state);
  out.severity =
      level_of(*planned.definition, record.manual ? "manual" : std::string_view(), out.severity_source);
  if (record.resource == Record::kNone) return out;
  const estate::Resource& resource = *estate.resources()[record.resource];
  out.resource = &resource;
  out.needs_attestation = record.manual && !record.exempt;
  out.severity = record.severity;
  out.if_deployed = !resource.open.is_null();
  if (record.accepted) out.accepted = &options.baseline->entries()[record.entry];
  if (options.assigned != nullptr) tell_assignments(record, worker, out);
  if (options.owners != nullptr) {
    const Ownership* of = options.owners->of(resource.id);
    out.owner = of == nullptr ? std::string_view() : std::string_view(of->owner);
    out.environment = of == nullptr ? std::string_view() : std::string_view(of->environment);
  }
  return out;
}

void Scan::State::work_out(const Record& record, Worker& worker, Finding& out) const {
  const PlannedPolicy& planned = plan.policies()[record.policy];
  if (record.resource == Record::kNone) {
    out.reason = "the definition can't be evaluated: " + planned.error->message;
    out.fix = planned.error->hint;
    out.location =
        planned.error->where.line != 0 ? planned.error->where : sources.where(planned.definition->place);
    out.id = sha256_hex(fmt::format("{}\n{}", lower(planned.definition->name), planned.parameters_key));
    return;
  }
  const estate::Resource& resource = *out.resource;
  if (record.manual) {
    out.effect = "manual";
    out.reason = kNeedsAttestation;
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.data_plane) {
    out.reason =
        fmt::format("mode {} needs the result of another system", planned.compiled->data_plane_mode());
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.untrusted_version) {
    out.reason = "the initiative pins another major version of the definition";
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.open_reach) {
    out.reason = "whether the assignment reaches it hangs on its location";
    out.unknown = {{"location", out.reason}};
    out.location = sources.where(resource.place);
  } else {
    const policy::RequestContext& context = context_for(record.resource, worker);
    tell_verdict(record, worker.judge.judge(*planned.compiled, resource, &related, context, true), out);
    worker.judge.reset();
  }
  if (out.exemption != nullptr)
    out.reason =
        fmt::format("exempt by {} ({}); else: {}", out.exemption->name, out.exemption->category, out.reason);
  out.id = sha256_hex(fmt::format("{}\n{}\n{}\n{}", lower(planned.definition->name), planned.parameters_key,
                                  lower(resource.id), out.path));
}

/// Which pairs bring the policy to the resource, and what exempts it.
void Scan::State::tell_assignments(const Record& record, Worker& worker, Finding& out) const {
  for (const auto& [pair, reach] : reaches_for(record.resource, worker)) {
    if (reach.policy != out.policy) continue;
    const policy::Exemption* const exemption =
        reach.exempted == policy::Match::Yes ? reach.exemption : nullptr;
    out.pairs.push_back(pair);
    out.pair_exemptions.push_back(exemption);
    if (record.exempt && out.exemption == nullptr) out.exemption = exemption;
  }
}

void Scan::State::tell_verdict(const Record& record, const policy::Verdict& verdict, Finding& out) const {
  const estate::Resource& resource = *estate.resources()[record.resource];
  out.effect = verdict.effect;
  static_cast<void>(level_of(*out.policy->definition, verdict.effect, out.severity_source));
  const policy::Explanation& explanation = verdict.explanation;
  out.reason = explanation.text;
  out.path = explanation.path;
  if (explanation.value) out.value = arm::to_json(*explanation.value, origins);
  out.location = sources.where(explanation.place ? explanation.place : resource.place);
  if (explanation.value_place) out.value_location = sources.where(explanation.value_place);
  if (verdict.fix) {
    out.fix = verdict.fix->text;
    out.fix_path = verdict.fix->path;
    if (verdict.fix->value) out.fix_value = arm::to_json(*verdict.fix->value, origins);
    if (verdict.fix->proposed) out.fix_proposed = arm::to_json(*verdict.fix->proposed, origins);
    if (verdict.fix->resource) out.fix_resource = arm::to_json(*verdict.fix->resource, origins);
  }
  if (!verdict.changes.empty()) out.fix.clear();
  for (const policy::Change& change : verdict.changes)
    describe(change, out);
  for (const policy::UnknownUse& use : verdict.unknown)
    out.unknown.emplace_back(use.field, use.origin);
}

/// What modify and append would do is the fix.
void Scan::State::describe(const policy::Change& change, Finding& out) const {
  const std::string text = policy::in_words(change, origins);
  out.fix = out.fix.empty() ? text : out.fix + "; " + text;
  if (out.path.empty()) out.path = change.path;
}

}  // namespace redoubt::posture
