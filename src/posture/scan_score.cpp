#include "posture/scan_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

#include "core/text.h"
#include "posture/assignments.h"
#include "posture/dependents.h"
#include "posture/risk_knowledge.h"

namespace redoubt::posture {

using policy::State;

namespace {

/// What counts for the score, of the policies of a plan by number.
struct PolicyRole {
  std::optional<std::size_t> control;
  bool preview = false;
  bool exposure = false;
};

std::vector<PolicyRole> roles_of(const Plan& plan, const ScoreControls& controls,
                                 const RiskKnowledge& knowledge) {
  std::vector<PolicyRole> out;
  for (const PlannedPolicy& planned : plan.policies())
    out.push_back({controls.find(*planned.definition), is_preview(*planned.definition),
                   knowledge.is_exposure(*planned.definition)});
  return out;
}

class Scorer {
 public:
  Scorer(Scan& scan, const ScoreControls& controls)
      : scan_(scan),
        resources_(scan.estate().resources()),
        roles_(roles_of(scan.plan(), controls, knowledge_)) {
    out_.controls = controls.controls();
    number_subscriptions();
  }

  ScanScore run(const std::set<std::string>& grace, std::size_t first) {
    find_grace(grace);
    each_record([&](const Record& record, std::size_t number) { take(record, number); });
    std::vector<double> maxima;
    for (const ScoreControl& control : out_.controls)
      maxima.push_back(control.max);
    out_.secure = secure_score(maxima, static_cast<std::uint32_t>(out_.subscriptions.size()), assessments_);
    tell_uncounted();
    rank(maxima, first);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kQuiet = ~std::size_t{0};

  void each_record(const std::function<void(const Record&, std::size_t)>& take) {
    for (std::size_t i = 0; i < scan_.records().size(); ++i)
      if (scan_.records()[i].resource != Record::kNone) take(scan_.records()[i], i);
    for (const Record& record : scan_.quiet())
      take(record, kQuiet);
  }

  /// Sorted by id, so that numbers do not depend on the order of inputs.
  void number_subscriptions() {
    std::map<std::string, std::string> names;  // by lower case
    for (const estate::Resource* resource : resources_)
      if (!resource->existing) names.emplace(lower(resource->subscription), resource->subscription);
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (auto& [key, name] : names) {
      numbers.emplace(key, static_cast<std::uint32_t>(out_.subscriptions.size()));
      out_.subscriptions.push_back(std::move(name));
    }
    out_.counts.resize(out_.subscriptions.size());
    for (const estate::Resource* resource : resources_) {
      const auto found = numbers.find(lower(resource->subscription));
      subscription_of_.push_back(found == numbers.end() ? 0 : found->second);
      if (!resource->existing) ++out_.counts[subscription_of_.back()].resources;
    }
  }

  /// Ids have the path, so that every noncompliant finding has to be worked out.
  void find_grace(const std::set<std::string>& grace) {
    in_grace_.assign(scan_.records().size(), false);
    if (grace.empty()) return;
    std::size_t number = 0;
    scan_.each([&](const Finding& finding) { in_grace_[number++] = grace.count(finding.id) != 0; },
               [](const Finding& finding) { return finding.state == "noncompliant"; });
  }

  Health health_of(const Record& record, std::size_t number) {
    if (record.state == State::NotApplicable) return Health::NotApplicable;
    if (record.exempt) {
      const policy::Exemption* const exemption = scan_.brief(record).exemption;
      const bool mitigated = exemption != nullptr && equal_any_case(exemption->category, "Mitigated");
      return mitigated ? Health::Healthy : Health::NotApplicable;
    }
    if (record.state == State::Compliant) return Health::Healthy;
    if (record.state != State::Noncompliant) return Health::Unknown;
    if (record.accepted) return Health::NotApplicable;
    if (in_grace_[number]) return Health::NotApplicable;
    return Health::Unhealthy;
  }

  void take(const Record& record, std::size_t number) {
    const PolicyRole& role = roles_[record.policy];
    const Health health = health_of(record, number);
    const std::uint32_t subscription = subscription_of_[record.resource];
    Summary& counts = out_.counts[subscription];
    counts.count(record.state, record.exempt);
    if (record.accepted) ++counts.accepted;
    if (record.is_open()) {
      if (in_grace_[number]) ++out_.in_grace;
      open_.push_back({record.resource, record.severity});
      record_of_open_.push_back(static_cast<std::uint32_t>(number));
      if (!role.control || role.preview) ++uncounted_findings_[record.policy];
    }
    if (role.exposure && health != Health::Healthy && record.state != State::Compliant &&
        record.state != State::NotApplicable)
      signs_.push_back({record.resource, record.policy, record.state == State::Noncompliant});
    if (role.control && !role.preview)
      assessments_.push_back(
          {subscription, static_cast<std::uint32_t>(*role.control), record.resource, health});
  }

  void tell_uncounted() {
    std::map<std::string, UncountedCheck> checks;
    for (const PlannedPolicy& planned : scan_.plan().policies()) {
      const PolicyRole& role = roles_[planned.number];
      if (role.control && !role.preview) continue;
      const policy::Definition& definition = *planned.definition;
      UncountedCheck& check = checks[lower(definition.name)];
      check = {definition.name, definition.display_name,
               check.noncompliant + uncounted_findings_[planned.number], role.preview};
    }
    for (auto& [name, check] : checks)
      out_.uncounted.push_back(std::move(check));
  }

  std::vector<ResourceRisk> resource_risks(const Dependents& dependents) const {
    std::vector<ResourceRisk> out(resources_.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].parent = dependents.parent[i];
      out[i].dependents = dependents.count[i];
      tell_sensitivity(*resources_[i], out[i]);
    }
    // What a resource's own tags do not say, those of what it lies in do; parents have shorter ids.
    std::vector<std::uint32_t> order(out.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      return resources_[left]->id.size() < resources_[right]->id.size();
    });
    for (const std::uint32_t i : order) {
      if (out[i].parent == ResourceRisk::kNone) continue;
      const ResourceRisk& parent = out[out[i].parent];
      if (parent.sensitivity <= out[i].sensitivity) continue;
      out[i].sensitivity = parent.sensitivity;
      out[i].sensitivity_because = parent.sensitivity_because;
    }
    return out;
  }

  void tell_sensitivity(const estate::Resource& resource, ResourceRisk& out) const {
    const doc::Value* const tags = resource.body.find_any_case("tags");
    if (tags == nullptr || !tags->is_object()) return;
    for (const auto& [name, steps] : knowledge_.tags()) {
      const doc::Value* const value = tags->find_any_case(name);
      if (value == nullptr || !value->is_string()) continue;
      const auto step = steps.find(lower(value->as_string()));
      if (step == steps.end() || step->second <= out.sensitivity) continue;
      out.sensitivity = step->second;
      out.sensitivity_because = fmt::format("{}: {}", name, value->as_string());
    }
  }

  void rank(const std::vector<double>& maxima, std::size_t first) {
    out_.open = open_.size();
    if (open_.empty() || first == 0) return;
    const Dependents dependents = find_dependents(scan_.estate(), scan_.origins(), knowledge_, scan_.pool());
    const std::vector<ResourceRisk> resources = resource_risks(dependents);
    const std::vector<Risk> risks = assess_risk(resources, signs_, open_);
    std::vector<std::uint32_t> order(open_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      order[i] = i;
      out_.risk += risks[i].points;
    }
    const std::size_t named = std::min(first, order.size());
    // Records, and with them what is open, are sorted by resource and policy.
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(named), order.end(),
                      [&](std::uint32_t left, std::uint32_t right) {
                        if (risks[left].points != risks[right].points)
                          return risks[left].points > risks[right].points;
                        if (open_[left].severity != open_[right].severity)
                          return open_[left].severity > open_[right].severity;
                        return left < right;
                      });
    for (std::size_t i = 0; i < named; ++i) {
      const OpenFinding& open = open_[order[i]];
      RankedFinding ranked;
      ranked.record = record_of_open_[order[i]];
      ranked.risk = risks[order[i]];
      ranked.dependents = resources[open.resource].dependents;
      ranked.sensitivity_because = resources[open.resource].sensitivity_because;
      ranked.control = roles_[scan_.records()[ranked.record].policy].control;
      ranked.gain = gain_of(scan_.records()[ranked.record], maxima);
      out_.first.push_back(std::move(ranked));
    }
  }

  /// The score without the finding, less the score. Assessments are sorted by subscription, control,
  /// resource.
  double gain_of(const Record& record, const std::vector<double>& maxima) const {
    const PolicyRole& role = roles_[record.policy];
    if (!role.control || role.preview || !out_.secure.percentage) return 0;
    const std::uint32_t subscription = subscription_of_[record.resource];
    const std::uint32_t control = static_cast<std::uint32_t>(*role.control);
    const auto key = [](const Assessment& one) {
      return std::tuple(one.subscription, one.control, one.resource);
    };
    const Assessment wanted{subscription, control, record.resource, {}};
    const auto [begin, end] = std::equal_range(
        assessments_.begin(), assessments_.end(), wanted,
        [&](const Assessment& left, const Assessment& right) { return key(left) < key(right); });
    std::size_t failing = 0;
    std::size_t unknown = 0;
    for (auto one = begin; one != end; ++one) {
      failing += one->health == Health::Unhealthy ? 1U : 0U;
      unknown += one->health == Health::Unknown ? 1U : 0U;
    }
    if (failing != 1 || unknown != 0) return 0;
    const SubscriptionScore& score = out_.secure.subscriptions[subscription];
    HealthCounts better = score.controls[control];
    const double before = control_score(maxima[control], better);
    ++better.healthy;
    --better.unhealthy;
    if (score.max <= 0) return 0;
    const double more = (control_score(maxima[control], better) - before) / score.max;
    return 100 * more * static_cast<double>(score.weight) / static_cast<double>(out_.secure.weight);
  }

  Scan& scan_;
  RiskKnowledge knowledge_;
  estate::Estate::List resources_;
  std::vector<PolicyRole> roles_;
  std::vector<std::uint32_t> subscription_of_;
  std::vector<bool> in_grace_;  // by record
  std::vector<Assessment> assessments_;
  std::vector<ExposureSign> signs_;
  std::vector<OpenFinding> open_;
  std::vector<std::uint32_t> record_of_open_;
  std::unordered_map<std::uint32_t, std::uint64_t> uncounted_findings_;  // by policy
  ScanScore out_;
};

}  // namespace

ScanScore score_scan(Scan& scan, const ScoreControls& controls, const std::set<std::string>& grace,
                     std::size_t first) {
  return Scorer(scan, controls).run(grace, first);
}

}  // namespace redoubt::posture
