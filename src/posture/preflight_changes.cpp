#include <fmt/format.h>

#include <algorithm>

#include "arm/unknown_json.h"
#include "core/text.h"
#include "policy/apply_changes.h"
#include "policy/change_words.h"
#include "posture/detail/conflicts.h"
#include "posture/detail/preflight_run.h"

namespace redoubt::posture {

using policy::State;
using policy::Verdict;
using Section = PreflightEntry::Section;

namespace {

constexpr std::string_view kGroupType = "Microsoft.Resources/subscriptions/resourceGroups";

/// A verdict whose changes outlive the judge that gave it.
Verdict kept(Verdict verdict, Arena& arena) {
  for (policy::Change& change : verdict.changes)
    for (std::optional<doc::Value>* value : {&change.before, &change.after})
      if (*value) **value = doc::deep_copy(**value, arena);
  verdict.explanation.value.reset();
  return verdict;
}

}  // namespace

bool changes_requests(std::string_view effect) { return effect == "modify" || effect == "append"; }

/// Resource groups first: what lies in them may take over their tags.
void PreflightRun::change_requests() {
  const estate::Estate::List resources = estate_.resources();
  for (const bool groups : {true, false}) {
    for (std::size_t i = 0; i < resources.size(); ++i)
      if (!resources[i]->existing && groups == equal_any_case(resources[i]->type, kGroupType)) change(i);
    take_over_changes();
  }
}

/// From here on the deployment is as append and modify have left it so far.
void PreflightRun::take_over_changes() {
  if (!any_change_) return;
  any_change_ = false;
  estate::Estate& after = after_.emplace_back();
  after.completeness() = estate_.completeness();
  for (const estate::Resource& resource : changed_)
    after.add(resource);
  static_cast<void>(after.finish(sources_));  // said of the first one
  groups_.emplace_back();
  contexts_.emplace(after, origins_, options_);
}

/// Every policy looks at the request as it was made, which decides about conflicts; then they are carried out
/// in order, each on what those before it left.
void PreflightRun::change(std::size_t number) {
  std::vector<At> pairs;
  for (const At& at : pairs_at(number))
    if (changes_requests(at.reach.policy->compiled->known_effect()) && at.pair.assignment->enforced)
      pairs.push_back(at);
  if (pairs.empty()) return;
  const std::vector<Want> wanted = wants(number, pairs);
  const std::set<const AssignedPolicy*> out_of_it = settle(wanted);
  for (const At& at : pairs) {
    if (out_of_it.contains(&at.pair)) continue;
    const auto want =
        std::find_if(wanted.begin(), wanted.end(), [&](const Want& one) { return &one.at.pair == &at.pair; });
    change_by(number, at, want == wanted.end() ? nullptr : &*want);
  }
}

std::vector<PreflightRun::Want> PreflightRun::wants(std::size_t number, const std::vector<At>& pairs) {
  std::vector<Want> out;
  for (const At& at : pairs) {
    if (at.reach.exempted != policy::Match::No || at.reach.match == policy::Match::Open) continue;
    const Verdict verdict =
        judge_.judge(*at.reach.policy->compiled, changed_[number], nullptr, context(changed_[number]), true);
    if (verdict.state == State::Noncompliant && !verdict.conflict) out.push_back({at, kept(verdict, arena_)});
    judge_.reset();
  }
  return out;
}

/// Tells of the conflicts; gives the pairs that have no part in the changes for them.
std::set<const AssignedPolicy*> PreflightRun::settle(const std::vector<Want>& wants) {
  std::vector<Wanted> wanted;
  wanted.reserve(wants.size());
  for (const Want& want : wants)
    wanted.push_back({&want.verdict.changes, want.at.reach.policy->compiled->conflict_denies()});
  const std::vector<Settled> settled = settle_conflicts(wanted);
  std::set<const AssignedPolicy*> out;
  for (std::size_t i = 0; i < wants.size(); ++i) {
    if (settled[i].what == Settled::What::Applies) continue;
    const Want& want = wants[i];
    const std::string& other = wants[settled[i].other].at.pair.assignment->name;
    const bool denied = settled[i].what == Settled::What::Denied;
    PreflightEntry& entry = add(denied ? Section::Denied : Section::Reported, want.at, want.verdict);
    entry.path = settled[i].path;
    if (!denied) entry.why = "conflict";
    entry.reason =
        denied
            ? fmt::format("the change of {} conflicts with that of the assignment {}", entry.path, other)
            : fmt::format("nothing is changed: {} is also changed by the assignment {}", entry.path, other);
    out.insert(&want.at.pair);
  }
  return out;
}

void PreflightRun::change_by(std::size_t number, const At& at, const Want* wanted) {
  const policy::Policy& policy = *at.reach.policy->compiled;
  const Verdict verdict = judge_.judge(policy, changed_[number], nullptr, context(changed_[number]), true);
  if (at.reach.exempted == policy::Match::Yes) {
    note_exempted(at, verdict.state);
  } else if (verdict.state != State::Noncompliant) {
    // Another policy made the same change before.
    if (wanted != nullptr)
      modified(at, wanted->verdict);
    else
      open_or_failed(at, verdict);
  } else if (!hangs_on_location(at)) {
    if (verdict.conflict) {
      overwrites(at, verdict);
    } else {
      // What others changed the same way before is a change of this one, too.
      const bool more = wanted != nullptr && wanted->verdict.changes.size() > verdict.changes.size();
      modified(at, more ? wanted->verdict : verdict);
      changed_[number].body = policy::apply(changed_[number].body, verdict.changes, arena_);
      any_change_ = true;
    }
  }
  judge_.reset();
}

void PreflightRun::modified(const At& at, const Verdict& verdict) {
  for (const policy::Change& change : verdict.changes) {
    PreflightEntry& entry = add(Section::Modified, at, verdict);
    entry.path = change.path;
    entry.value = change.after ? arm::to_json(*change.after, origins_) : "null";
    entry.before = change.before ? arm::to_json(*change.before, origins_) : std::string();
    entry.reason = policy::in_words(change);
    entry.shown_before = change.before ? arm::to_words(*change.before, origins_) : "(not set)";
    entry.shown_value = change.after ? arm::to_words(*change.after, origins_) : "(removed)";
  }
}

/// An append over a value that the request carries.
void PreflightRun::overwrites(const At& at, const Verdict& verdict) {
  PreflightEntry& entry = add(Section::Denied, at, verdict);
  entry.reason =
      fmt::format("the request has another value than the append would write: {}", describe(verdict.changes));
  const auto over = std::find_if(verdict.changes.begin(), verdict.changes.end(),
                                 [](const policy::Change& change) { return change.before.has_value(); });
  if (over != verdict.changes.end()) entry.path = over->path;
}

std::string PreflightRun::describe(const std::vector<policy::Change>& changes) const {
  std::string out;
  for (const policy::Change& change : changes) {
    out += (out.empty() ? "" : "; ") + change.path;
    if (change.before) out += fmt::format(" is {}", arm::to_words(*change.before, origins_));
    if (change.after) out += fmt::format(", not {}", arm::to_words(*change.after, origins_));
  }
  return out;
}

}  // namespace redoubt::posture
