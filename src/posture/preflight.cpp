#include "posture/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>
#include <unordered_map>

#include "arm/unknown_json.h"
#include "core/text.h"
#include "policy/apply_changes.h"
#include "policy/remediation.h"
#include "posture/detail/request_contexts.h"
#include "posture/related.h"

namespace redoubt::posture {

using policy::State;
using policy::Verdict;
using Section = PreflightEntry::Section;

namespace {

/// What a deployment asks for: policies on other actions do not look at it.
constexpr std::string_view kWrite = "write";
constexpr std::string_view kNoAttestation = "needs an attestation";

bool changes_requests(std::string_view effect) { return effect == "modify" || effect == "append"; }

/// A data-plane rule looks at objects of a service; the resource that holds them, or stands for one of them,
/// is what a template shows: `Microsoft.KeyVault.Data/vaults/secrets` of vaults and of vaults/secrets.
bool holds_objects(const policy::Policy& policy, std::string_view type) {
  const std::string own = lower(type);
  return std::any_of(policy.types().begin(), policy.types().end(), [&](const std::string& looked_at) {
    const std::string as_resource = replace_all(looked_at, ".data/", "/");
    return as_resource != looked_at && (as_resource == own || as_resource.starts_with(own + "/"));
  });
}

class Run {
 public:
  Run(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources, arm::Origins& origins,
      const ScanOptions& options)
      : plan_(plan),
        estate_(estate),
        sources_(sources),
        origins_(origins),
        options_(options),
        time_(options.now.value_or(now())),
        judge_(origins) {}

  Preflight run(const ProgressCallback& progress) {
    const estate::Estate::List resources = estate_.resources();
    changed_.reserve(resources.size());
    for (std::size_t i = 0; i < resources.size(); ++i) {
      changed_.push_back(*resources[i]);
      if (!resources[i]->existing) change(i);
    }
    const std::optional<estate::Estate> after = estate_after();
    requested_.emplace(after ? *after : estate_);
    for (std::size_t i = 0; i < resources.size(); ++i) {
      if (!resources[i]->existing) judge(i);
      if (progress) progress({"judging resources", i + 1, resources.size()});
    }
    sort();
    plan_remediations();
    return std::move(out_);
  }

 private:
  /// A pair that reaches a resource.
  struct At {
    const AssignedPolicy& pair;
    Reach reach;
    const estate::Resource& resource;  ///< as the template has it
  };

  template <class Visit>
  void for_each_pair(std::size_t number, const Visit& visit) {
    const estate::Resource& resource = *estate_.resources()[number];
    const PairsInForce& here = plan_.at(resource.id);
    std::vector<std::uint32_t> numbers;
    here.by_type.visit(resource.type, [&](std::uint32_t pair) { numbers.push_back(pair); });
    for (std::uint32_t i = 0; i < here.pairs.size(); ++i)
      if (const PlannedPolicy* planned = here.pairs[i]->policy;
          planned != nullptr && planned->compiled && !planned->compiled->data_plane_mode().empty() &&
          holds_objects(*planned->compiled, resource.type))
        numbers.push_back(i);
    // As the assignments are ordered.
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::uint32_t pair : numbers) {
      At at{*here.pairs[pair], plan_.reach(*here.pairs[pair], *here.in_force, resource, time_), resource};
      if (at.reach.match != policy::Match::No && at.reach.policy != nullptr && at.reach.policy->compiled)
        visit(at);
    }
  }

  policy::RequestContext context(const estate::Resource& resource) {
    policy::RequestContext out = contexts().context(resource, groups_, arena_, time_);
    out.action = kWrite;
    return out;
  }

  const RequestContexts& contexts() {
    if (!contexts_) contexts_.emplace(estate_, origins_, options_);
    return *contexts_;
  }

  // First part: append and modify.

  struct Written {
    const AssignedPolicy* pair;
    std::optional<doc::Value> value;
    bool denies;
  };

  void change(std::size_t number) {
    std::map<std::string, Written> written;  // by lower-case path
    for_each_pair(number, [&](const At& at) {
      const policy::Policy& policy = *at.reach.policy->compiled;
      if (!changes_requests(policy.known_effect()) || !at.pair.assignment->enforced) return;
      const Verdict verdict =
          judge_.judge(policy, changed_[number], nullptr, context(changed_[number]), true);
      if (at.reach.exemption != nullptr) {
        note_exempted(at, verdict.state);
      } else if (verdict.state == State::Noncompliant && verdict.conflict) {
        PreflightEntry& entry = add(Section::Denied, at, verdict);
        entry.reason = fmt::format("the request has another value than the append would write: {}",
                                   describe(verdict.changes));
        if (!verdict.changes.empty()) entry.path = verdict.changes.front().path;
      } else if (verdict.state == State::Noncompliant) {
        write(number, at, verdict, written);
      } else {
        open_or_failed(at, verdict);
      }
      judge_.reset();
    });
  }

  std::string describe(const std::vector<policy::Change>& changes) const {
    std::string out;
    for (const policy::Change& change : changes) {
      out += (out.empty() ? "" : "; ") + change.path;
      if (change.before) out += fmt::format(" is {}", arm::to_json(*change.before, origins_));
      if (change.after) out += fmt::format(", not {}", arm::to_json(*change.after, origins_));
    }
    return out;
  }

  /// Carries out what a modify or append wants, unless it meets what another policy wrote differently.
  void write(std::size_t number, const At& at, const Verdict& verdict,
             std::map<std::string, Written>& written) {
    const bool denies = at.reach.policy->compiled->conflict_denies();
    for (const policy::Change& change : verdict.changes) {
      const auto earlier = written.find(lower(change.path));
      if (earlier == written.end()) continue;
      const bool same =
          earlier->second.value && change.after && doc::equal(*earlier->second.value, *change.after);
      if (same) continue;
      if (denies && earlier->second.denies) {
        PreflightEntry& entry = add(Section::Denied, at, verdict);
        entry.path = change.path;
        entry.reason = fmt::format("the change of {} conflicts with that of the assignment {}", change.path,
                                   earlier->second.pair->assignment->name);
      } else {
        PreflightEntry& entry = add(Section::Reported, at, verdict);
        entry.path = change.path;
        entry.why = "conflict";
        entry.reason = fmt::format("its change of {} gives way to that of the assignment {}", change.path,
                                   earlier->second.pair->assignment->name);
      }
      return;
    }
    for (const policy::Change& change : verdict.changes) {
      PreflightEntry& entry = add(Section::Modified, at, verdict);
      entry.path = change.path;
      entry.value = change.after ? arm::to_json(*change.after, origins_) : "null";
      entry.before = change.before ? arm::to_json(*change.before, origins_) : std::string();
      entry.reason = fmt::format("{} {}", change.operation, change.path);
      Written one{&at.pair, std::nullopt, denies};
      if (change.after) one.value = doc::deep_copy(*change.after, arena_);
      written.insert_or_assign(lower(change.path), std::move(one));
    }
    changed_[number].body = policy::apply(changed_[number].body, verdict.changes, arena_);
    any_change_ = true;
  }

  /// The deployment as append and modify leave it; nothing when they change nothing.
  std::optional<estate::Estate> estate_after() {
    if (!any_change_) return std::nullopt;
    estate::Estate after;
    after.completeness() = estate_.completeness();
    for (const estate::Resource& resource : changed_)
      after.add(resource);
    static_cast<void>(after.finish(sources_));  // said of the first one
    return after;
  }

  // Second part: all other effects, on the changed requests.

  void judge(std::size_t number) {
    const PairsInForce& here = plan_.at(changed_[number].id);
    out_.pairs = std::max(out_.pairs, here.pairs.size());
    ++out_.resources;
    for_each_pair(number, [&](const At& at) {
      const policy::Policy& policy = *at.reach.policy->compiled;
      if (changes_requests(policy.known_effect()) && at.pair.assignment->enforced) return;
      if (!policy.data_plane_mode().empty() && holds_objects(policy, changed_[number].type)) {
        if (policy.known_effect() != "disabled" && at.reach.exemption == nullptr)
          unknown(at, fmt::format("mode {} needs the result of another system", policy.data_plane_mode()));
        return;
      }
      // The state alone is cheap; few pairs have something to say.
      const policy::RequestContext around = context(changed_[number]);
      const State state = judge_.judge(policy, changed_[number], &*requested_, around, false).state;
      if (state != State::Compliant && state != State::NotApplicable) {
        if (at.reach.exemption != nullptr)
          note_exempted(at, state);
        else
          tell(at, judge_.judge(policy, changed_[number], &*requested_, around, true));
      }
      judge_.reset();
    });
  }

  void tell(const At& at, const Verdict& verdict) {
    if (verdict.state != State::Noncompliant) return open_or_failed(at, verdict);
    if (verdict.effect == "manual") {
      unknown(at, std::string(kNoAttestation));
    } else if (at.reach.match == policy::Match::Open) {
      unknown(at, "whether the assignment reaches it hangs on its location");
    } else if (!at.pair.assignment->enforced) {
      add(Section::Reported, at, verdict).why = "doNotEnforce";
    } else if (verdict.effect == "deny") {
      add(Section::Denied, at, verdict);
      denied_.insert(&at.resource);
    } else if (verdict.effect == "deployIfNotExists") {
      add(Section::Remediated, at, verdict);
    } else {
      add(Section::Reported, at, verdict).why = "audit";
    }
  }

  /// What could not be told, and what failed: Azure refuses a request that a rule can't be evaluated for.
  void open_or_failed(const At& at, const Verdict& verdict) {
    if (verdict.state == State::Unknown) {
      std::string reason;
      for (const policy::UnknownUse& use : verdict.unknown)
        reason += (reason.empty() ? "" : "; ") + use.origin;
      PreflightEntry& entry = unknown(at, std::move(reason));
      entry.effect = at.reach.policy->compiled->known_effect();
    } else if (verdict.state == State::Error) {
      const bool enforced = at.pair.assignment->enforced;
      PreflightEntry& entry = add(enforced ? Section::Denied : Section::Unknown, at, verdict);
      entry.reason = "the rule can't be evaluated: " + verdict.explanation.text;
      if (enforced) denied_.insert(&at.resource);
    }
  }

  PreflightEntry& unknown(const At& at, std::string reason) {
    PreflightEntry& entry = add(Section::Unknown, at, Verdict{});
    entry.reason = std::move(reason);
    return entry;
  }

  void note_exempted(const At& at, State state) {
    if (state == State::Noncompliant || state == State::Unknown || state == State::Error)
      out_.exempted.push_back({&at.pair, &at.resource, at.reach.exemption});
  }

  PreflightEntry& add(Section section, const At& at, const Verdict& verdict) {
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
    if (verdict.explanation.value_place)
      entry.value_location = sources_.where(verdict.explanation.value_place);
    entry.if_deployed = !at.resource.open.is_null();
    return entry;
  }

  void sort() {
    // What is refused is not there to be repaired.
    std::erase_if(out_.entries, [&](const PreflightEntry& entry) {
      return entry.section == Section::Remediated && denied_.contains(entry.resource);
    });
    const auto key = [](const PreflightEntry& entry) {
      return std::tuple(entry.section, lower(entry.resource->id), lower(entry.pair->definition),
                        lower(entry.pair->assignment->id), lower(entry.pair->reference_id));
    };
    std::stable_sort(
        out_.entries.begin(), out_.entries.end(),
        [&](const PreflightEntry& left, const PreflightEntry& right) { return key(left) < key(right); });
  }

  /// What would be deployed afterwards; of what is left when all is judged.
  void plan_remediations() {
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

  const AssignedPlan& plan_;
  const estate::Estate& estate_;
  doc::Sources& sources_;
  arm::Origins& origins_;
  const ScanOptions& options_;
  Instant time_;
  policy::Judge judge_;
  std::optional<EstateRelated> requested_;  // the deployment as it would be carried out
  Arena arena_;
  GroupContexts groups_;
  std::optional<RequestContexts> contexts_;
  std::vector<estate::Resource> changed_;  // by number; bodies as append and modify leave them
  bool any_change_ = false;
  std::set<const estate::Resource*> denied_;
  Preflight out_;
};

}  // namespace

Preflight run_preflight(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources,
                        arm::Origins& origins, const ScanOptions& options, const ProgressCallback& progress) {
  return Run(plan, estate, sources, origins, options).run(progress);
}

}  // namespace redoubt::posture
