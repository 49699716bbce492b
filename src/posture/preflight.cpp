#include "posture/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "arm/resource_id.h"
#include "arm/unknown_json.h"
#include "core/text.h"
#include "policy/remediation.h"
#include "posture/detail/preflight_run.h"

namespace redoubt::posture {

using policy::Match;
using policy::State;
using policy::Verdict;
using Section = PreflightEntry::Section;

namespace {

/// What a deployment asks for: policies on other actions do not look at it.
constexpr std::string_view kWrite = "write";

}  // namespace

PreflightRun::PreflightRun(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources,
                           arm::Origins& origins, const ScanOptions& options)
    : plan_(plan),
      estate_(estate),
      sources_(sources),
      origins_(origins),
      options_(options),
      time_(options.now.value_or(now())),
      judge_(origins) {
  groups_.emplace_back();
  contexts_.emplace(estate_, origins_, options_);
}

Preflight PreflightRun::run(const ProgressCallback& progress) {
  const estate::Estate::List resources = estate_.resources();
  changed_.reserve(resources.size());
  for (const estate::Resource* resource : resources)
    changed_.push_back(*resource);
  change_requests();
  const EstateRelated requested(after_.empty() ? estate_ : after_.back());
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (!resources[i]->existing || resources[i]->beside) judge(i, requested);
    if (progress) progress({"judging resources", i + 1, resources.size()});
  }
  not_usable();
  not_in_the_tree();
  sort();
  plan_remediations();
  return std::move(out_);
}

/// As the assignments are ordered.
std::vector<PreflightRun::At> PreflightRun::pairs_at(std::size_t number) {
  const estate::Resource& resource = *estate_.resources()[number];
  const policy::InForce& in_force = plan_.index().at(resource.id);
  const PairsInForce& here = plan_.at(in_force);
  std::vector<std::uint32_t> numbers;
  here.by_type.visit(resource.type, [&](std::uint32_t pair) { numbers.push_back(pair); });
  std::sort(numbers.begin(), numbers.end());
  std::vector<At> out;
  for (const std::uint32_t pair : numbers) {
    At at{*here.pairs[pair], plan_.reach(*here.pairs[pair], in_force, resource, time_), resource};
    if (at.reach.match != Match::No && at.reach.policy != nullptr && at.reach.policy->compiled &&
        at.reach.policy->compiled->sees(resource))
      out.push_back(at);
  }
  return out;
}

policy::RequestContext PreflightRun::context(const estate::Resource& resource) {
  policy::RequestContext out = contexts_->context(resource, groups_.back(), arena_, time_);
  out.action = kWrite;
  return out;
}

/// All effects but append and modify, on the changed request.
void PreflightRun::judge(std::size_t number, const EstateRelated& requested) {
  const PairsInForce& here = plan_.at(plan_.index().at(changed_[number].id));
  places_.insert(&here);
  out_.pairs = std::max(out_.pairs, here.pairs.size());
  if (!changed_[number].beside) ++out_.resources;
  for (const At& at : pairs_at(number)) {
    const policy::Policy& policy = *at.reach.policy->compiled;
    if (changes_requests(policy.known_effect()) && at.pair.assignment->enforced) continue;
    if (!at.reach.policy->objects.none()) {
      if (at.reach.exempted == Match::Yes && takes_exemptions(policy.data_plane_mode()))
        note_exempted(at, State::Unknown);
      else if (policy.known_effect() != "disabled")
        unknown(at, fmt::format("mode {} needs the result of another system", policy.data_plane_mode()));
      continue;
    }
    // The state alone is cheap; few pairs have something to say.
    const policy::RequestContext around = context(changed_[number]);
    const State state = judge_.judge(policy, changed_[number], &requested, around, false).state;
    if (state != State::Compliant && state != State::NotApplicable) {
      if (at.reach.exempted == Match::Yes && takes_exemptions(policy.data_plane_mode()))
        note_exempted(at, state);
      else
        tell(at, judge_.judge(policy, changed_[number], &requested, around, true));
    }
    judge_.reset();
  }
}

/// A verdict that counts only if the resource's location is what a selector wants.
bool PreflightRun::hangs_on_location(const At& at) {
  if (at.reach.match == Match::Open)
    unknown(at, "whether the assignment reaches it hangs on its location");
  else if (at.reach.exempted == Match::Open)
    unknown(at, "whether it is exempted hangs on its location");
  else
    return false;
  return true;
}

void PreflightRun::tell(const At& at, const Verdict& verdict) {
  if (verdict.state != State::Noncompliant) return open_or_failed(at, verdict);
  if (verdict.effect == "manual") {
    unknown(at, std::string(kNeedsAttestation));
  } else if (hangs_on_location(at)) {
    return;
  } else if (!at.pair.assignment->enforced) {
    add(Section::Reported, at, verdict).why = "doNotEnforce";
  } else if (verdict.effect == "deny") {
    add(Section::Denied, at, verdict);
  } else if (verdict.effect == "deployIfNotExists") {
    add(Section::Remediated, at, verdict);
  } else {
    add(Section::Reported, at, verdict).why = "audit";
  }
}

/// What could not be told, and what failed: Azure refuses a request that a rule can't be evaluated for.
void PreflightRun::open_or_failed(const At& at, const Verdict& verdict) {
  if (verdict.state == State::Unknown) {
    std::string reason;
    for (const policy::UnknownUse& use : verdict.unknown)
      reason += (reason.empty() ? "" : "; ") + use.origin;
    PreflightEntry& entry = unknown(at, std::move(reason));
    entry.effect = at.reach.policy->compiled->known_effect();
  } else if (verdict.state == State::Error && !hangs_on_location(at)) {
    PreflightEntry& entry =
        add(at.pair.assignment->enforced ? Section::Denied : Section::Unknown, at, verdict);
    entry.reason = "the rule can't be evaluated: " + verdict.explanation.text;
  }
}

/// Pairs in force whose definition is not at hand or can't be used: what they would do can't be told.
void PreflightRun::not_usable() {
  std::set<std::pair<const AssignedPolicy*, std::string>> told;
  std::set<const AssignedPolicy*> unusable;
  const auto tell_once = [&](const AssignedPolicy& pair, const std::string& why) {
    if (!told.emplace(&pair, why).second) return;
    if (unusable.insert(&pair).second) ++out_.not_usable;
    PreflightEntry& entry = out_.entries.emplace_back();
    entry.section = Section::Unknown;
    entry.pair = &pair;
    entry.reason = why;
    entry.location = sources_.where(pair.assignment->place);
  };
  std::set<const PlannedPolicy*> failed;
  const auto tell_error = [&](const AssignedPolicy& pair, const PlannedPolicy& planned) {
    if (!planned.error) return;
    const std::string why = "the definition can't be used: " + planned.error->message;
    tell_once(pair, why);
    if (!failed.insert(&planned).second) return;
    out_.diagnostics.push_back(posture::not_usable(pair, planned, Severity::Warning));
  };
  for (const PairsInForce* here : places_) {
    for (const AssignedPolicy* pair : here->pairs) {
      if (pair->policy == nullptr)
        tell_once(*pair, pair->problem);
      else
        tell_error(*pair, *pair->policy);
      for (const auto& [one, planned] : pair->overridden)
        tell_error(*pair, *planned);
    }
  }
}

/// Nobody said where a deployment goes, and nested ones may go to subscriptions of which nobody said where
/// they lie.
void PreflightRun::not_in_the_tree() {
  const estate::ScopeTree& tree = plan_.index().tree();
  std::set<std::string> told;
  for (const estate::Resource& resource : changed_) {
    if (resource.existing || resource.id.empty() || tree.empty() || tree.lies_in(resource.id, "/")) continue;
    ++out_.unplaced;
    const std::string_view subscription = resource.subscription;
    if (!told.insert(lower(subscription)).second) continue;
    const bool open = subscription.empty() || arm::is_open_text(subscription);
    out_.diagnostics.push_back(
        {Severity::Warning, "POS0013",
         open
             ? std::string("nothing says where in the landing zone this is deployed: what management groups "
                           "assign is not judged")
             : fmt::format("no management group is known of the subscription {}: only what is assigned in it "
                           "is judged there",
                           subscription),
         sources_.where(resource.place),
         open ? "give its scope with --at, or name the template and its scope in the zone file"
              : "place the subscription in the zone file"});
  }
}

PreflightEntry& PreflightRun::unknown(const At& at, std::string reason) {
  PreflightEntry& entry = add(Section::Unknown, at, Verdict{});
  entry.reason = std::move(reason);
  return entry;
}

void PreflightRun::note_exempted(const At& at, State state) {
  if (state == State::Noncompliant || state == State::Unknown || state == State::Error)
    out_.exempted.push_back({&at.pair, &at.resource, at.reach.exemption});
}

PreflightEntry& PreflightRun::add(Section section, const At& at, const Verdict& verdict) {
  if (section == Section::Denied) denied_.insert(&at.resource);
  PreflightEntry& entry = out_.entries.emplace_back();
  entry.section = section;
  entry.pair = &at.pair;
  entry.policy = at.reach.policy;
  entry.resource = &at.resource;
  entry.effect = verdict.effect;
  entry.reason = verdict.explanation.text;
  entry.path = verdict.explanation.path;
  if (verdict.explanation.value) entry.value = arm::to_json(*verdict.explanation.value, origins_);
  entry.message = at.pair.assignment->message_for(at.pair.reference_id);
  if (verdict.fix) entry.fix = verdict.fix->text;
  const doc::Place place = verdict.explanation.place ? verdict.explanation.place : at.resource.place;
  entry.location = sources_.where(place);
  if (verdict.explanation.value_place) entry.value_location = sources_.where(verdict.explanation.value_place);
  entry.if_deployed = !at.resource.open.is_null();
  return entry;
}

void PreflightRun::sort() {
  // What is refused is not there to be repaired.
  std::erase_if(out_.entries, [&](const PreflightEntry& entry) {
    return entry.section == Section::Remediated && denied_.contains(entry.resource);
  });
  const auto key = [](const PreflightEntry& entry) {
    const std::string resource = entry.resource == nullptr ? std::string() : lower(entry.resource->id);
    return std::tuple(entry.section, resource, lower(entry.pair->definition),
                      lower(entry.pair->assignment->id), lower(entry.pair->reference_id));
  };
  std::stable_sort(
      out_.entries.begin(), out_.entries.end(),
      [&](const PreflightEntry& left, const PreflightEntry& right) { return key(left) < key(right); });
  const auto key_of_exempted = [](const ExemptedPair& one) {
    return std::tuple(lower(one.resource->id), lower(one.pair->definition), lower(one.pair->assignment->id),
                      lower(one.pair->reference_id));
  };
  std::stable_sort(out_.exempted.begin(), out_.exempted.end(),
                   [&](const ExemptedPair& left, const ExemptedPair& right) {
                     return key_of_exempted(left) < key_of_exempted(right);
                   });
}

/// What would be deployed afterwards; of what is left when all is judged.
void PreflightRun::plan_remediations() {
  std::unordered_map<const estate::Resource*, std::size_t> numbers;
  for (std::size_t i = 0; i < changed_.size(); ++i)
    numbers.emplace(estate_.resources()[i], i);
  for (PreflightEntry& entry : out_.entries) {
    if (entry.section != Section::Remediated) continue;
    const estate::Resource& requested = changed_[numbers.at(entry.resource)];
    policy::RemediationPlan plan =
        policy::remediation(*entry.policy->compiled, requested, context(requested), sources_, origins_);
    for (policy::RemediationPlan::Created& one : plan.creates)
      entry.creates.emplace_back(std::move(one.type), std::move(one.name));
    entry.roles = std::move(plan.role_definition_ids);
    std::move(plan.hints.begin(), plan.hints.end(), std::back_inserter(out_.diagnostics));
  }
}

Preflight run_preflight(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources,
                        arm::Origins& origins, const ScanOptions& options, const ProgressCallback& progress) {
  return PreflightRun(plan, estate, sources, origins, options).run(progress);
}

}  // namespace redoubt::posture
