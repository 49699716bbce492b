#include "posture/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"
#include "posture/assignments.h"
#include "posture/detail/compare_causes.h"

namespace redoubt::posture {

namespace {

constexpr std::string_view kOurNames[] = {"absent", "compliant",     "noncompliant", "unknown",
                                          "error",  "notApplicable", "exempt"};
constexpr std::size_t kAzureAbsent = kAzureStates - 1;

struct LeftOutRow {
  std::string_view name;
  std::string_view text;
};
constexpr LeftOutRow kLeftOutRows[] = {
    {"oursUnknown", "unknown here"},
    {"oursError", "the definition can't be evaluated here"},
    {"azureUnknown", "Azure says Unknown"},
    {"azureConflict", "Azure says Conflict: several assignments modify the same property"},
    {"azureError", "Azure says Error"},
    {"onlyHere", "judged here, no row of Azure"},
    {"onlyThereResource", "Azure has a row, the resource is not in what was scanned"},
    {"onlyThereAssignment", "Azure has a row, its assignment or definition is not here"},
    {"several", "several assignments or parameters of one definition give different states"}};

OurState our_state(const Finding& finding, std::size_t pair) {
  for (std::size_t i = 0; i < std::size(kOurNames); ++i) {
    if (finding.state != kOurNames[i]) continue;
    auto state = static_cast<OurState>(i);
    // Azure knows no metadata.when: where it does not hold, Azure takes the rule for met.
    if (state == OurState::NotApplicable && policy::says_when(*finding.policy->definition))
      state = OurState::Compliant;
    // An assignment can be exempted while another one brings the same policy.
    const bool exempt = pair < finding.pair_exemptions.size() && finding.pair_exemptions[pair] != nullptr;
    return exempt && state != OurState::NotApplicable ? OurState::Exempt : state;
  }
  return OurState::Unknown;
}

/// What a key comes to; `left_out` holds where neither of the others does.
struct Outcome {
  bool agree = false;
  bool disagree = false;
  LeftOut left_out = LeftOut::OursUnknown;
};

Outcome outcome(OurState ours, const PolicyState& azure, bool several) {
  if (several) return {.left_out = LeftOut::Several};
  if (ours == OurState::Unknown) return {.left_out = LeftOut::OursUnknown};
  if (ours == OurState::Error) return {.left_out = LeftOut::OursError};
  OurState same = OurState::Absent;
  switch (azure.state) {
    case AzureState::Unknown:
      return {.left_out = LeftOut::AzureUnknown};
    case AzureState::Conflict:
      return {.left_out = LeftOut::AzureConflict};
    case AzureState::Error:
      return {.left_out = LeftOut::AzureError};
    case AzureState::Compliant:
      same = OurState::Compliant;
      break;
    case AzureState::Exempt:
      same = OurState::Exempt;
      break;
    case AzureState::NonCompliant:
    case AzureState::Protected:  // what denyAction keeps from being deleted
      same = OurState::Noncompliant;
      break;
  }
  return {.agree = ours == same, .disagree = ours != same};
}

/// What this side says of a key that Azure has a row of.
struct Cell {
  OurState ours = OurState::Absent;
  bool differ = false;  ///< by definition: with several parameters
};

class Comparer {
 public:
  Comparer(Scan& scan, const estate::Estate& estate, const PolicyStates& states,
           const CompareOptions& options)
      : scan_(scan), estate_(estate), states_(states), options_(options), exports_(options.exported_at) {}

  Comparison run() {
    out_.by = states_.by();
    out_.rows_read = states_.rows_read();
    out_.rows_skipped = states_.rows_skipped();
    scan_.each([&](const Finding& finding) { note(finding); }, [](const Finding&) { return false; });
    count_cells();
    scan_.each([&](const Finding& finding) { tell(finding); },
               [&](const Finding& finding) { return disagrees(finding); });
    tell_without_verdict();
    std::sort(out_.disagreements.begin(), out_.disagreements.end(),
              [](const Disagreement& left, const Disagreement& right) { return order(left) < order(right); });
    return std::move(out_);
  }

 private:
  using Order = std::tuple<std::string, std::string_view, std::string, std::string_view>;
  static Order order(const Disagreement& one) {
    return {lower(one.resource_id), one.policy_name, lower(one.assignment_id), one.reference_id};
  }

  bool by_definition() const { return states_.by() == PolicyStates::By::Definition; }
  std::size_t keys_of(const Finding& finding) const {
    if (finding.resource == nullptr) return 0;
    return by_definition() ? 1 : finding.pairs.size();
  }
  StateKey key_of(const Finding& finding, std::size_t number) const {
    const std::uint64_t resource = state_hash(finding.resource->id);
    if (by_definition()) return {resource, state_hash(finding.policy->definition->name), 0};
    const AssignedPolicy& pair = *finding.pairs[number];
    return {resource, state_hash(pair.assignment->id), state_hash(pair.reference_id)};
  }

  void note(const Finding& finding) {
    for (std::size_t i = 0; i < keys_of(finding); ++i) {
      const OurState ours = our_state(finding, i);
      const StateKey key = key_of(finding, i);
      if (states_.find(key) == nullptr) {
        ++out_.matrix[static_cast<std::size_t>(ours)][kAzureAbsent];
        if (ours != OurState::NotApplicable) ++left_out(LeftOut::OnlyHere);
        continue;
      }
      const auto [cell, is_new] = cells_.try_emplace(key, Cell{ours, false});
      if (!is_new) cell->second.differ = cell->second.differ || cell->second.ours != ours;
    }
  }

  void count_cells() {
    for (const auto& [key, cell] : cells_) {
      const PolicyState& azure = *states_.find(key);
      count(cell.ours, azure, outcome(cell.ours, azure, azure.several || cell.differ));
    }
  }

  void count(OurState ours, const PolicyState& azure, const Outcome& outcome) {
    ++out_.matrix[static_cast<std::size_t>(ours)][static_cast<std::size_t>(azure.state)];
    if (!outcome.agree && !outcome.disagree) {
      ++left_out(outcome.left_out);
      return;
    }
    ++out_.decided;
    if (outcome.agree) ++out_.agreed;
  }

  std::uint64_t& left_out(LeftOut reason) { return out_.left_out[static_cast<std::size_t>(reason)]; }

  bool disagrees(const StateKey& key) const {
    const auto cell = cells_.find(key);
    if (cell == cells_.end()) return false;
    const PolicyState& azure = *states_.find(key);
    return outcome(cell->second.ours, azure, azure.several || cell->second.differ).disagree;
  }
  bool disagrees(const Finding& finding) const {
    for (std::size_t i = 0; i < keys_of(finding); ++i)
      if (disagrees(key_of(finding, i))) return true;
    return false;
  }

  void tell(const Finding& finding) {
    for (std::size_t i = 0; i < keys_of(finding); ++i) {
      const StateKey key = key_of(finding, i);
      if (!disagrees(key)) continue;
      // By definition it is said once, with whatever parameters.
      if (by_definition() && !told_.insert(key).second) continue;
      const policy::Exemption* exemption =
          i < finding.pair_exemptions.size() ? finding.pair_exemptions[i] : nullptr;
      Disagreement one =
          described(*finding.resource, by_definition() ? nullptr : finding.pairs[i], *finding.policy,
                    our_state(finding, i), *states_.find(key), exemption, finding.location.file);
      one.reason = finding.reason;
      one.path = finding.path;
      one.value = finding.value;
      one.location = finding.location;
      out_.disagreements.push_back(std::move(one));
    }
  }

  Disagreement described(const estate::Resource& resource, const AssignedPolicy* pair,
                         const PlannedPolicy& planned, OurState ours, const PolicyState& azure,
                         const policy::Exemption* exemption, const std::string& file) {
    Disagreement out;
    out.resource_id = resource.id;
    out.resource_type = resource.type;
    out.resource_name = resource.name;
    out.policy_name = planned.definition->name;
    out.display_name = planned.definition->display_name;
    if (pair != nullptr) {
      out.assignment_id = pair->assignment->id;
      out.assignment_name = pair->assignment->name;
      out.reference_id = pair->reference_id;
    }
    out.ours = ours;
    out.azure = azure.state;
    if (azure.time.ticks != 0) out.azure_time = azure.time;
    out.azure_location = states_.where(azure);
    out.causes = detail::causes_of({ours, &planned, &resource, exemption, &azure, states_.text(azure.version),
                                    states_.text(azure.effect), exports_.of(file)});
    out_.file_times_used = out_.file_times_used ||
                           (!options_.exported_at &&
                            std::any_of(out.causes.begin(), out.causes.end(), detail::is_of_export_time));
    return out;
  }

  /// Rows of Azure's that no verdict here answers.
  void tell_without_verdict() {
    std::unordered_map<std::uint64_t, const estate::Resource*> resources;
    for (const estate::Resource* resource : estate_.resources())
      if (!resource->existing) resources.emplace(state_hash(resource->id), resource);
    index_policies();
    for (const auto& [key, azure] : states_.states()) {
      if (cells_.contains(key)) continue;
      const auto resource = resources.find(key.resource);
      if (resource == resources.end()) {
        absent(azure, LeftOut::OnlyThereResource);
        continue;
      }
      const auto policy = policies_.find({0, key.policy, key.reference});
      if (policy == policies_.end() || policy->second.planned == nullptr) {
        absent(azure, LeftOut::OnlyThereAssignment);
        continue;
      }
      tell_not_applicable(*resource->second, policy->second, azure);
    }
  }

  void absent(const PolicyState& azure, LeftOut reason) {
    ++out_.matrix[static_cast<std::size_t>(OurState::Absent)][static_cast<std::size_t>(azure.state)];
    ++left_out(reason);
  }

  struct Policy {
    const AssignedPolicy* pair = nullptr;
    const PlannedPolicy* planned = nullptr;
  };

  void index_policies() {
    if (by_definition()) {
      for (const PlannedPolicy& planned : scan_.plan().policies())
        policies_.emplace(StateKey{0, state_hash(planned.definition->name), 0}, Policy{nullptr, &planned});
      return;
    }
    for (const auto& [assignment, pairs] : options_.assigned->pairs())
      for (const AssignedPolicy& pair : pairs)
        policies_.emplace(StateKey{0, state_hash(assignment->id), state_hash(pair.reference_id)},
                          Policy{&pair, pair.policy});
  }

  /// Resource and policy are here, and the scan has no verdict: it can't apply, or does not reach.
  void tell_not_applicable(const estate::Resource& resource, const Policy& policy, const PolicyState& azure) {
    const OurState ours = policy.planned->compiled ? OurState::NotApplicable : OurState::Error;
    const Outcome result = outcome(ours, azure, azure.several);
    count(ours, azure, result);
    if (!result.disagree) return;
    const Where place = scan_.where(resource);
    Disagreement one = described(resource, policy.pair, *policy.planned, ours, azure, nullptr, place.file);
    one.location = place;
    one.reason = why_not(resource, policy.pair);
    out_.disagreements.push_back(std::move(one));
  }

  std::string why_not(const estate::Resource& resource, const AssignedPolicy* pair) const {
    if (pair != nullptr) {
      const policy::InForce& in_force = options_.assigned->index().at(resource.id);
      const PairsInForce& here = options_.assigned->at(in_force);
      if (std::find(here.pairs.begin(), here.pairs.end(), pair) == here.pairs.end())
        return fmt::format("the assignment {} at {} does not reach this resource in the zone",
                           pair->assignment->name, pair->assignment->scope);
      const Reach reach = options_.assigned->reach(*pair, in_force, resource, options_.now);
      if (reach.match == policy::Match::No) return "a resource selector of the assignment leaves it out";
    }
    return fmt::format("the rule can't be true for the type {}", resource.type);
  }

  Scan& scan_;
  const estate::Estate& estate_;
  const PolicyStates& states_;
  const CompareOptions& options_;
  detail::ExportTimes exports_;
  Comparison out_;
  std::unordered_map<StateKey, Cell, StateKeyHash> cells_;
  std::unordered_set<StateKey, StateKeyHash> told_;
  std::unordered_map<StateKey, Policy, StateKeyHash> policies_;  // by policy and reference
};

}  // namespace

std::string_view name_of(OurState state) { return kOurNames[static_cast<std::size_t>(state)]; }
std::string_view name_of(LeftOut reason) { return kLeftOutRows[static_cast<std::size_t>(reason)].name; }
std::string_view text_of(LeftOut reason) { return kLeftOutRows[static_cast<std::size_t>(reason)].text; }

Comparison compare(Scan& scan, const estate::Estate& estate, const PolicyStates& states,
                   const CompareOptions& options) {
  return Comparer(scan, estate, states, options).run();
}

}  // namespace redoubt::posture
