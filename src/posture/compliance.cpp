#include "posture/compliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text.h"

namespace redoubt::posture {

namespace {

constexpr std::string_view kStateNames[] = {"failed",   "unknown", "notCovered",    "manual",
                                            "attested", "passed",  "notApplicable", "withdrawn"};
static_assert(std::size(kStateNames) == kControlStates);

class Assessment {
 public:
  explicit Assessment(const ComplianceInputs& inputs) : inputs_(inputs) {
    for (const ControlMapping& mapping : inputs.mappings)
      judged_.push_back(is_judged(mapping.source));
  }

  Compliance run() {
    for (const std::size_t number : inputs_.chosen)
      out_.frameworks.push_back(framework(number));
    for (std::size_t i = 0; i < inputs_.mappings.size(); ++i)
      tell_lacking(inputs_.mappings[i]);
    return std::move(out_);
  }

 private:
  /// Whether the scan had any check of what the source maps, in whatever framework: else its checks were not
  /// asked for, and none of them is missing.
  bool is_judged(const std::string& source) const {
    for (const ControlMapping& mapping : inputs_.mappings)
      if (mapping.source == source)
        for (const auto& [control, checks] : mapping.controls)
          for (const MappedCheck& check : checks)
            if (inputs_.evidence.find(check.check) != nullptr) return true;
    return false;
  }

  FrameworkResult framework(std::size_t number) {
    FrameworkResult result;
    result.framework = &inputs_.frameworks.all()[number];
    result.controls.resize(result.framework->controls.size());
    for (std::size_t i = 0; i < result.controls.size(); ++i) {
      result.controls[i].control = &result.framework->controls[i];
      collect(number, i, result.controls[i]);
      settle(result.controls[i]);
    }
    done_.assign(result.controls.size(), false);
    for (std::size_t i = 0; i < result.controls.size(); ++i)
      weaken(result, i);
    for (ControlResult& control : result.controls) {
      attest(*result.framework, control);
      if (control.control->group)
        ++result.groups;
      else
        ++result.states[static_cast<std::size_t>(control.state)];
    }
    return result;
  }

  void collect(std::size_t framework, std::size_t control, ControlResult& out) {
    for (std::size_t i = 0; i < inputs_.mappings.size(); ++i) {
      const ControlMapping& mapping = inputs_.mappings[i];
      const auto found = mapping.controls.find(control);
      if (mapping.framework != framework || found == mapping.controls.end()) continue;
      for (const MappedCheck& check : found->second) {
        out.checks.push_back(
            {check.check, check.why, mapping.source, inputs_.evidence.find(check.check), judged_[i]});
      }
    }
    const auto& azure = inputs_.azure.all()[framework].controls;
    if (const auto found = azure.find(control); found != azure.end())
      for (const std::string& name : found->second)
        if (const CheckEvidence* evidence = inputs_.evidence.find(name); evidence != nullptr)
          out.checks.push_back({name, {}, "azure", evidence});
    for (const Attestation& one : inputs_.attestations)
      if (one.framework == framework && one.control == control) out.attestations.push_back(&one);
  }

  /// Adds up what its checks found, one that two sources name once. Gives how many there were.
  std::size_t add_up(ControlResult& out) {
    std::vector<const CheckEvidence*> seen;
    for (const ControlCheck& check : out.checks) {
      if (check.evidence == nullptr || std::find(seen.begin(), seen.end(), check.evidence) != seen.end())
        continue;
      seen.push_back(check.evidence);
      out.counts += check.evidence->counts;
      if (check.evidence->counts.noncompliant != 0) out_.worst = std::max(out_.worst, check.evidence->worst);
    }
    return seen.size();
  }

  /// The state by the control's own checks.
  void settle(ControlResult& out) {
    const std::size_t judged = add_up(out);
    const auto lacking = [&](bool asked) {
      return static_cast<std::uint64_t>(std::count_if(
          out.checks.begin(), out.checks.end(),
          [&](const ControlCheck& check) { return check.evidence == nullptr && check.asked >= asked; }));
    };
    const auto left_out = [](std::uint64_t checks) {
      return checks == 0 ? std::string()
                         : fmt::format("not part of this scan: {} of it", counted(checks, "check"));
    };
    const EvidenceCounts& counts = out.counts;
    if (out.control->withdrawn)
      set(out, ControlState::Withdrawn);
    else if (counts.noncompliant != 0)
      set(out, ControlState::Failed);
    else if (judged == 0 && out.control->manual)
      set(out, ControlState::Manual);
    else if (judged == 0)
      set(out, ControlState::NotCovered, left_out(lacking(false)));
    else if (counts.unknown + counts.error != 0)
      set(out, ControlState::Unknown,
          fmt::format("{} can't be decided", counted(counts.unknown + counts.error, "verdict")));
    else if (lacking(true) != 0)
      set(out, ControlState::Unknown, left_out(lacking(true)));
    else
      by_quiet_counts(out);
  }

  /// Nothing failed, nothing is open.
  static void by_quiet_counts(ControlResult& out) {
    const EvidenceCounts& counts = out.counts;
    const std::uint64_t set_aside = counts.exempt + counts.accepted;
    if (counts.compliant != 0)
      return set(out, ControlState::Passed,
                 set_aside == 0 ? "" : fmt::format("{} accepted or exempt", counted(set_aside, "finding")));
    if (set_aside != 0)
      return set(out, ControlState::Unknown, "all that its checks found is accepted or exempt");
    if (counts.to_attest != 0) return set(out, ControlState::Manual, "a policy asks for an attestation");
    set(out, ControlState::NotApplicable, "no resource that its checks are about");
  }

  static void set(ControlResult& out, ControlState state, std::string reason = {}) {
    out.state = state;
    out.reason = std::move(reason);
  }

  /// A group is what its weakest member is, if that is weaker than what its own checks say.
  void weaken(FrameworkResult& result, std::size_t number) {
    ControlResult& group = result.controls[number];
    if (done_[number] || !group.control->group) return;
    done_[number] = true;
    const ControlResult* weakest = group.checks.empty() ? nullptr : &group;
    for (const std::size_t member : group.control->members) {
      weaken(result, member);
      const ControlResult& one = result.controls[member];
      if (weakest == nullptr || one.state < weakest->state) weakest = &one;
    }
    if (weakest != nullptr && weakest != &group)
      set(group, weakest->state, fmt::format("{} is {}", weakest->control->shown(), name_of(weakest->state)));
  }

  void attest(const Framework& framework, ControlResult& out) {
    if (out.attestations.empty()) return;
    if (out.state == ControlState::Failed)
      for (const Attestation* one : out.attestations)
        out_.diagnostics.push_back({Severity::Warning, "POS0066",
                                    fmt::format("{} attests {} {}, but a check of it fails: it stays failed",
                                                one->author, framework.id, out.control->shown()),
                                    one->where, "fix the findings, or withdraw the attestation"});
    if (out.state == ControlState::Failed || out.state == ControlState::Passed ||
        out.state == ControlState::Withdrawn)
      return;
    const Attestation& one = *out.attestations.front();
    set(out, ControlState::Attested, fmt::format("by {} until {}", one.author, one.expires));
  }

  /// A name of the user's that nothing has is likely misspelt.
  void tell_lacking(const ControlMapping& mapping) {
    if (mapping.source == "redoubt") return;
    for (const auto& [control, checks] : mapping.controls)
      for (const MappedCheck& check : checks) {
        if (inputs_.evidence.find(check.check) != nullptr) continue;
        const std::vector<std::string_view> names = inputs_.evidence.names();
        const std::optional<std::string_view> near = closest(check.check, names);
        out_.diagnostics.push_back(
            {Severity::Warning, "POS0063", fmt::format("no policy of this scan is called {}", check.check),
             check.where,
             near ? fmt::format("did you mean {}?", *near) : "give its definition with --policy"});
      }
  }

  const ComplianceInputs& inputs_;
  Compliance out_;
  std::vector<bool> judged_;  // by number of mapping
  std::vector<bool> done_;
};

}  // namespace

std::string_view name_of(ControlState state) { return kStateNames[static_cast<std::size_t>(state)]; }

Compliance assess(const ComplianceInputs& inputs) { return Assessment(inputs).run(); }

}  // namespace redoubt::posture
