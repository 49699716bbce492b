#include "posture/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <tuple>

#include "arm/resource_id.h"
#include "arm/unknown_json.h"
#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/evaluate.h"
#include "posture/related.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;
using policy::State;

namespace {

constexpr std::array<std::string_view, 5> kLevels = {"none", "low", "medium", "high", "critical"};

/// Severity by effect, where nothing better is known. Source: contracts, "posture scan".
struct EffectLevel {
  std::string_view effect;
  Level level;
};
constexpr EffectLevel kEffectLevels[] = {
    {"deny", Level::High}, {"audit", Level::Medium}, {"auditIfNotExists", Level::Medium}};

Level level_of(const policy::Definition& definition, std::string_view effect, std::string_view& source) {
  for (std::size_t i = 1; i < kLevels.size(); ++i) {
    if (!equal_any_case(definition.severity, kLevels[i])) continue;
    source = "metadata";
    return static_cast<Level>(i);
  }
  source = "effect";
  for (const EffectLevel& row : kEffectLevels)
    if (equal_any_case(row.effect, effect)) return row.level;
  return Level::Low;
}

/// Policies by the type they can apply to.
class TypeIndex {
 public:
  explicit TypeIndex(const Plan& plan) {
    for (const PlannedPolicy& policy : plan.policies()) {
      if (!policy.compiled) continue;
      if (policy.compiled->types().empty()) any_.push_back(&policy);
      for (const std::string& type : policy.compiled->types())
        by_type_[type].push_back(&policy);
    }
  }

  template <class Visit>
  void visit(std::string_view type, const Visit& visit_policy) const {
    for (const PlannedPolicy* policy : any_)
      visit_policy(*policy);
    const std::string key = lower(type);
    visit_key(key, visit_policy);
    // Rules of the models' data plane look at what ARM calls accounts/deployments.
    if (key == "microsoft.cognitiveservices/accounts/deployments")
      visit_key("microsoft.cognitiveservices.data/accounts/deployments", visit_policy);
  }

 private:
  template <class Visit>
  void visit_key(const std::string& key, const Visit& visit_policy) const {
    const auto found = by_type_.find(key);
    if (found == by_type_.end()) return;
    for (const PlannedPolicy* policy : found->second)
      visit_policy(*policy);
  }

  std::vector<const PlannedPolicy*> any_;
  std::unordered_map<std::string, std::vector<const PlannedPolicy*>> by_type_;
};

/// What subscription(), resourceGroup() and requestContext() give for each resource.
class Surroundings {
 public:
  Surroundings(const estate::Estate& estate, arm::Origins& origins, const ScanOptions& options)
      : estate_(estate), origins_(origins), options_(options), types_(policy::built_in_types()) {}

  policy::RequestContext context(const estate::Resource& resource, Arena& arena, Instant time) const {
    policy::RequestContext out;
    out.now = time;
    if (!std::string_view(resource.subscription).empty()) out.subscription = subscription(resource, arena);
    if (!std::string_view(resource.resource_group).empty()) out.resource_group = group(resource, arena);
    const std::string version = api_version(resource);
    if (!version.empty()) {
      const Member members[] = {{"apiVersion", doc::make_string(arena, version)}};
      out.request = doc::make_object(arena, members);
    }
    return out;
  }

 private:
  Value text(std::string_view value, Arena& arena) const {
    if (arm::is_open_text(value)) return origins_.partial_text(value, value, false);
    return doc::make_string(arena, value);
  }

  Value open(doc::UnknownType type, std::string origin) const {
    return origins_.unknown(type, origin, false, true);
  }

  /// In a template the resource's own, in an export the newest of its type (semantics 2.2, item 8).
  std::string api_version(const estate::Resource& resource) const {
    if (!std::string_view(resource.api_version).empty()) return std::string(resource.api_version);
    const std::optional<policy::TypeEntry> entry = types_.find(resource.type);
    return entry ? std::string(entry->api_version) : std::string();
  }

  Value subscription(const estate::Resource& resource, Arena& arena) const {
    const std::string id = fmt::format("/subscriptions/{}", std::string_view(resource.subscription));
    const Member members[] = {
        {"id", text(id, arena)},
        {"subscriptionId", text(resource.subscription, arena)},
        {"tenantId", options_.tenant.empty() ? open(doc::UnknownType::String, "tenant().tenantId")
                                             : text(options_.tenant, arena)},
        {"displayName", open(doc::UnknownType::String, "subscription().displayName")}};
    return doc::make_object(arena, members);
  }

  Value group(const estate::Resource& resource, Arena& arena) const {
    const std::string id =
        fmt::format("/subscriptions/{}/resourceGroups/{}", std::string_view(resource.subscription),
                    std::string_view(resource.resource_group));
    Value location = open(doc::UnknownType::String, fmt::format("location of {}", id));
    Value tags = open(doc::UnknownType::Object, fmt::format("tags of {}", id));
    if (const estate::Resource* found = estate_.find(id); found != nullptr && !found->existing) {
      const Value* own_location = found->body.find_any_case("location");
      const Value* own_tags = found->body.find_any_case("tags");
      if (own_location != nullptr) location = *own_location;
      tags = own_tags == nullptr ? Value::object({}) : *own_tags;
    } else if (!options_.location.empty() && !resource.from_export) {
      location = doc::make_string(arena, options_.location);
    }
    const Member members[] = {{"id", text(id, arena)},
                              {"name", text(resource.resource_group, arena)},
                              {"location", location},
                              {"tags", tags}};
    return doc::make_object(arena, members);
  }

  const estate::Estate& estate_;
  arm::Origins& origins_;
  const ScanOptions& options_;
  policy::TypeTable types_;
};

/// Everything the judging of one resource writes; one for each worker.
struct Worker {
  explicit Worker(arm::Origins& origins) : judge(origins) {}
  policy::Judge judge;
  Arena arena;
  std::vector<Finding> findings;
  Summary summary;
};

void count(Summary& summary, State state) {
  switch (state) {
    case State::Compliant:
      ++summary.compliant;
      break;
    case State::Noncompliant:
      ++summary.noncompliant;
      break;
    case State::Unknown:
      ++summary.unknown;
      break;
    case State::Error:
      ++summary.error;
      break;
    case State::NotApplicable:
      ++summary.not_applicable;
      break;
  }
}

void add(Summary& total, const Summary& part) {
  total.compliant += part.compliant;
  total.noncompliant += part.noncompliant;
  total.unknown += part.unknown;
  total.error += part.error;
  total.not_applicable += part.not_applicable;
  total.considered += part.considered;
  for (const auto& [reason, times] : part.unknown_reasons)
    total.unknown_reasons[reason] += times;
}

class Scanner {
 public:
  Scanner(const Plan& plan, const estate::Estate& estate, const doc::Sources& sources, arm::Origins& origins,
          const ScanOptions& options)
      : index_(plan),
        estate_(estate),
        sources_(sources),
        origins_(origins),
        options_(options),
        related_(estate),
        surroundings_(estate, origins, options),
        time_(options.now.value_or(now())) {}

  void judge(const estate::Resource& resource, Worker& worker) const {
    if (resource.existing) return;  // not deployed: policies must not fire on it
    const policy::RequestContext context = surroundings_.context(resource, worker.arena, time_);
    ++worker.summary.resources;
    index_.visit(resource.type, [&](const PlannedPolicy& planned) {
      ++worker.summary.considered;
      judge_one(resource, planned, context, worker);
    });
    worker.judge.reset();
    worker.arena = Arena();
  }

 private:
  void judge_one(const estate::Resource& resource, const PlannedPolicy& planned,
                 const policy::RequestContext& context, Worker& worker) const {
    policy::Verdict verdict = worker.judge.judge(*planned.compiled, resource, &related_, context, false);
    const bool manual = verdict.state == State::Noncompliant && verdict.effect == "manual";
    const bool untrusted_version =
        options_.strict_versions && planned.version_mismatch && verdict.state != State::NotApplicable;
    if (manual || untrusted_version) verdict.state = State::Unknown;
    count(worker.summary, verdict.state);
    const bool quiet = verdict.state == State::Compliant || verdict.state == State::NotApplicable;
    if (quiet && !options_.all) return;
    if (!untrusted_version && !manual)
      verdict = worker.judge.judge(*planned.compiled, resource, &related_, context, true);
    if (manual) verdict.unknown = {{std::string(), "needs an attestation"}};
    if (untrusted_version)
      verdict.unknown = {{std::string(), "the initiative pins another major version of the definition"}};
    for (const policy::UnknownUse& use : verdict.unknown) {
      const bool about_type = use.origin == "type not in this export";
      ++worker.summary.unknown_reasons[about_type ? fmt::format("{}: {}", use.origin, use.field) : use.origin];
    }
    worker.findings.push_back(to_finding(resource, planned, verdict, manual));
  }

  Finding to_finding(const estate::Resource& resource, const PlannedPolicy& planned,
                     const policy::Verdict& verdict, bool manual) const {
    Finding out;
    out.policy = &planned;
    out.resource = &resource;
    out.state = name_of(verdict.state);
    out.effect = manual ? "manual" : verdict.effect;
    out.needs_attestation = manual;
    out.severity = level_of(*planned.definition, out.effect, out.severity_source);
    const policy::Explanation& explanation = verdict.explanation;
    out.reason = manual ? "needs an attestation" : explanation.text;
    out.path = explanation.path;
    if (explanation.value) out.value = arm::to_json(*explanation.value, origins_);
    out.location = sources_.where(explanation.place ? explanation.place : resource.place);
    if (explanation.value_place) out.value_location = sources_.where(explanation.value_place);
    if (verdict.fix) {
      out.fix = verdict.fix->text;
      out.fix_path = verdict.fix->path;
      if (verdict.fix->value) out.fix_value = arm::to_json(*verdict.fix->value, origins_);
    }
    for (const policy::Change& change : verdict.changes)
      describe(change, out);
    for (const policy::UnknownUse& use : verdict.unknown)
      out.unknown.emplace_back(use.field, use.origin);
    out.if_deployed = !resource.open.is_null();
    out.id = sha256_hex(fmt::format("{}\n{}\n{}\n{}", lower(planned.definition->name), planned.parameters_key,
                                    lower(std::string_view(resource.id)), out.path));
    return out;
  }

  /// What modify and append would do is the fix.
  void describe(const policy::Change& change, Finding& out) const {
    std::string text = fmt::format("{} {}", change.operation, change.path);
    if (change.before) text += fmt::format(" from {}", arm::to_json(*change.before, origins_));
    if (change.after) text += fmt::format(" to {}", arm::to_json(*change.after, origins_));
    out.fix = out.fix_path.empty() || out.fix.empty() ? text : out.fix + "; " + text;
    if (out.path.empty()) out.path = change.path;
  }

  TypeIndex index_;
  const estate::Estate& estate_;
  const doc::Sources& sources_;
  arm::Origins& origins_;
  const ScanOptions& options_;
  EstateRelated related_;
  Surroundings surroundings_;
  Instant time_;
};

/// A definition that could not be compiled is said once, not for each resource.
void add_broken_policies(const Plan& plan, const doc::Sources& sources, ScanResult& result) {
  for (const PlannedPolicy& planned : plan.policies()) {
    if (!planned.error) continue;
    Finding out;
    out.policy = &planned;
    out.state = "error";
    out.severity = level_of(*planned.definition, {}, out.severity_source);
    out.reason = "the definition can't be evaluated: " + planned.error->message;
    out.fix = planned.error->hint;
    out.location = sources.where(planned.definition->place);
    out.id = sha256_hex(fmt::format("{}\n{}", lower(planned.definition->name), planned.parameters_key));
    ++result.summary.error;
    result.findings.push_back(std::move(out));
  }
}

}  // namespace

std::string_view name_of(Level level) { return kLevels[static_cast<std::size_t>(level)]; }

ScanResult scan(const Plan& plan, const estate::Estate& estate, const doc::Sources& sources,
                arm::Origins& origins, const ScanOptions& options, ThreadPool& pool,
                const ProgressCallback& progress) {
  static constexpr std::size_t kBatch = 64;
  const Scanner scanner(plan, estate, sources, origins, options);
  const auto& resources = estate.resources();
  std::deque<Worker> workers;
  for (std::size_t i = 0; i < pool.size(); ++i)
    workers.emplace_back(origins);
  std::atomic<std::uint64_t> done{0};
  pool.parallel_for_workers((resources.size() + kBatch - 1) / kBatch,
                            [&](std::size_t batch, std::size_t worker) {
                              const std::size_t end = std::min(resources.size(), (batch + 1) * kBatch);
                              for (std::size_t i = batch * kBatch; i < end; ++i)
                                scanner.judge(*resources[i], workers[worker]);
                              done += end - batch * kBatch;
                              if (progress) progress({"judging resources", done, resources.size()});
                            });

  ScanResult result;
  for (Worker& worker : workers) {
    add(result.summary, worker.summary);
    result.summary.resources += worker.summary.resources;
    std::move(worker.findings.begin(), worker.findings.end(), std::back_inserter(result.findings));
  }
  add_broken_policies(plan, sources, result);
  const auto key = [](const Finding& finding) {
    return std::make_tuple(
        finding.resource == nullptr ? std::string() : lower(std::string_view(finding.resource->id)),
        std::string_view(finding.policy->definition->name), std::string_view(finding.policy->parameters_key));
  };
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [&](const Finding& left, const Finding& right) { return key(left) < key(right); });
  return result;
}

}  // namespace redoubt::posture
