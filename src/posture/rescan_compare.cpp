#include <algorithm>
#include <map>
#include <unordered_map>

#include "arm/resource_id.h"
#include "core/text.h"
#include "posture/rescan.h"

namespace redoubt::posture {

namespace {

std::string_view state_of(const KeptVerdict& verdict) {
  return verdict.exempt != 0 ? "exempt" : policy::name_of(static_cast<policy::State>(verdict.state));
}

/// Not listed: what is in order, and what waits for an attestation.
bool is_quiet(const KeptVerdict& verdict) {
  const auto state = static_cast<policy::State>(verdict.state);
  return verdict.manual != 0 || (verdict.exempt == 0 && (state == policy::State::Compliant ||
                                                         state == policy::State::NotApplicable));
}

Summary summary_of(const KeptPass& pass) {
  Summary out;
  out.resources = pass.resources.size();
  out.considered = pass.verdicts.size();
  for (const KeptVerdict& verdict : pass.verdicts) {
    if (verdict.exempt != 0)
      ++out.exempt;
    else
      out.count(static_cast<policy::State>(verdict.state));
  }
  return out;
}

SideResource side_resource(const KeptPass& pass, std::uint32_t number) {
  const KeptPass::Resource& resource = pass.resources[number];
  const std::optional<arm::ResourceId> id = arm::ResourceId::parse(resource.id);
  return {std::string(resource.id), std::string(pass.types[resource.type]),
          id ? id->name : std::string(resource.id)};
}

/// Tells what is other between the same resource of two passes.
class Comparer {
 public:
  Comparer(const KeptPass& last, const Rescan::Next& next, Scan& scan, DiffSide& before, DiffSide& after)
      : last_(last), next_(next.pass), numbers_(next.numbers), scan_(scan), before_(before), after_(after) {
    match_policies();
    const std::vector<Record>& records = scan.records();
    for (std::uint32_t i = 0; i < records.size(); ++i)
      if (records[i].resource != Record::kNone) first_record_.try_emplace(records[i].resource, i);
  }

  void compare_policies() {
    for (const auto& [pass, side] : {std::pair(&last_, &before_), std::pair(&next_, &after_)})
      for (const KeptPolicy& policy : pass->policies)
        side->add_policy(policy.name, policy.display_name, {policy.parameters, policy.effect, policy.rule});
  }

  void compare(std::uint32_t was, std::uint32_t is) {
    std::map<std::uint32_t, const KeptVerdict*> old_of;  // by number of the policy now
    if (was != KeptPass::kNone)
      for (const KeptVerdict& verdict : last_.verdicts_of(was)) {
        const std::uint32_t policy = now_[verdict.policy];
        if (policy == KeptPass::kNone || is == KeptPass::kNone)
          tell(last_.policies[verdict.policy], &verdict, nullptr, was, is, 0);
        else
          old_of.emplace(policy, &verdict);
      }
    if (is == KeptPass::kNone) {
      before_.add_resource(side_resource(last_, was));
      return;
    }
    if (was == KeptPass::kNone) after_.add_resource(side_resource(next_, is));
    for (const KeptVerdict& verdict : next_.verdicts_of(is)) {
      const auto old = old_of.find(verdict.policy);
      const KeptVerdict* const before = old == old_of.end() ? nullptr : old->second;
      if (old != old_of.end()) old_of.erase(old);
      tell(next_.policies[verdict.policy], before, &verdict, was, is, verdict.policy);
    }
    for (const auto& [policy, verdict] : old_of)
      tell(next_.policies[policy], verdict, nullptr, was, is, policy);
  }

 private:
  /// Which policy is which now: the one of the same name, and of several the one that changed least.
  void match_policies() {
    std::vector<bool> taken(next_.policies.size(), false);
    now_.assign(last_.policies.size(), KeptPass::kNone);
    const auto match = [&](const auto& same) {
      std::multimap<std::string_view, std::uint32_t> by_name;
      for (std::uint32_t i = 0; i < next_.policies.size(); ++i)
        if (!taken[i]) by_name.emplace(next_.policies[i].name, i);
      for (std::size_t i = 0; i < now_.size(); ++i) {
        if (now_[i] != KeptPass::kNone) continue;
        const auto [begin, end] = by_name.equal_range(last_.policies[i].name);
        const auto found = std::find_if(begin, end, [&](const auto& entry) {
          return same(last_.policies[i], next_.policies[entry.second]);
        });
        if (found == end) continue;
        now_[i] = found->second;
        taken[found->second] = true;
        by_name.erase(found);
      }
    };
    match([](const KeptPolicy& was, const KeptPolicy& is) {
      return was.parameters == is.parameters && was.effect == is.effect;
    });
    match([](const KeptPolicy& was, const KeptPolicy& is) { return was.parameters == is.parameters; });
    match([](const KeptPolicy&, const KeptPolicy&) { return true; });
  }

  void tell(const KeptPolicy& policy, const KeptVerdict* was, const KeptVerdict* is, std::uint32_t old_number,
            std::uint32_t number, std::uint32_t policy_number) {
    const std::string_view before = was == nullptr ? std::string_view() : state_of(*was);
    const std::string_view after = is == nullptr ? std::string_view() : state_of(*is);
    const bool listed = (was != nullptr && !is_quiet(*was)) || (is != nullptr && !is_quiet(*is));
    if (before == after || !listed) return;
    const bool is_there = number != KeptPass::kNone;
    const SideResource resource = is_there ? side_resource(next_, number) : side_resource(last_, old_number);
    if (old_number != KeptPass::kNone) before_.add_resource(resource);
    if (is_there) after_.add_resource(resource);
    if (was != nullptr) before_.add_state(policy.name, resource, before);
    if (is != nullptr) after_.add_state(policy.name, resource, after);
    if (was != nullptr && !is_quiet(*was)) before_.add_row(old_row(policy, *was, resource));
    if (is != nullptr && !is_quiet(*is)) add_finding(numbers_[number], policy_number);
  }

  static SideRow old_row(const KeptPolicy& policy, const KeptVerdict& verdict, const SideResource& resource) {
    SideRow row;
    row.policy = policy.name;
    row.display_name = policy.display_name;
    row.resource_id = resource.id;
    row.resource_type = resource.type;
    row.resource_name = resource.name;
    row.state = state_of(verdict);
    row.severity = static_cast<Level>(verdict.severity);
    return row;
  }

  void add_finding(std::uint32_t resource, std::uint32_t policy) {
    const std::vector<Record>& records = scan_.records();
    const auto first = first_record_.find(resource);
    if (first == first_record_.end()) return;
    for (std::uint32_t i = first->second; i < records.size() && records[i].resource == resource; ++i)
      if (records[i].policy == policy) return after_.add_row(row_of(scan_.finding(i)));
  }

  const KeptPass& last_;
  const KeptPass& next_;
  const std::vector<std::uint32_t>& numbers_;
  Scan& scan_;
  DiffSide& before_;
  DiffSide& after_;
  std::vector<std::uint32_t> now_;                                 // by number of the policy in the last pass
  std::unordered_map<std::uint32_t, std::uint32_t> first_record_;  // by number of the resource
};

}  // namespace

/// Resources whose verdicts may be other, as numbers in the last pass and in the next.
std::vector<Rescan::Pair> Rescan::to_compare(const Next& next) const {
  const bool all = !why_all_.empty();
  std::vector<Pair> out;
  std::vector<std::uint32_t> now;
  std::vector<bool> of_row(next.pass.resources.size(), false);
  for (std::size_t i = 0; i < rows_.size(); ++i)
    for (std::size_t j = 0; j < rows_[i].size(); ++j) {
      const std::uint32_t number = next.pass.exports[i].resources[j];
      if (number == KeptPass::kNone) continue;
      of_row[number] = true;
      const Row& row = rows_[i][j];
      if (!all && row.kept != KeptPass::kNone) {
        if (row.is_judged()) out.emplace_back(row.kept, number);
      } else {
        now.push_back(number);
      }
    }
  for (std::uint32_t i = 0; i < of_row.size(); ++i)
    if (!of_row[i]) now.push_back(i);

  std::vector<std::uint32_t> was;
  if (all)
    for (std::uint32_t i = 0; i < last_->resources.size(); ++i)
      was.push_back(i);
  for (const std::vector<std::uint32_t>* list : {&gone_, &reloaded_})
    if (!all) was.insert(was.end(), list->begin(), list->end());
  std::unordered_multimap<std::string, std::uint32_t> by_id;
  for (const std::uint32_t number : was)
    by_id.emplace(lower(last_->resources[number].id), number);
  for (const std::uint32_t number : now) {
    const auto found = by_id.find(lower(next.pass.resources[number].id));
    out.emplace_back(found == by_id.end() ? KeptPass::kNone : found->second, number);
    if (found != by_id.end()) by_id.erase(found);
  }
  for (const auto& [id, number] : by_id)
    out.emplace_back(number, KeptPass::kNone);
  return out;
}

void Rescan::compare(Scan& scan, const Next& next, DiffSide& before, DiffSide& after) const {
  after.set_summary(summary_of(next.pass));
  before.set_summary(last_ ? summary_of(*last_) : summary_of(next.pass));
  if (last_) {
    Comparer comparer(*last_, next, scan, before, after);
    comparer.compare_policies();
    for (const auto& [was, is] : to_compare(next))
      comparer.compare(was, is);
  }
  before.finish();
  after.finish();
}

}  // namespace redoubt::posture
