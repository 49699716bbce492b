#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/level.h"
#include "core/time.h"
#include "posture/attestation.h"
#include "posture/azure_controls.h"
#include "posture/check_evidence.h"
#include "posture/control_mapping.h"
#include "posture/frameworks.h"

namespace redoubt::posture {

/// The state of a control, the weakest first: a group has that of its weakest member.
enum class ControlState : std::uint8_t {
  Failed,         ///< a check of it found something
  Unknown,        ///< a check could not be decided, or was left out
  NotCovered,     ///< no check of this scan says anything about it
  Manual,         ///< no machine can judge it, and nobody has attested it
  Attested,       ///< a person answers for it
  Passed,         ///< its checks found nothing. It may ask for more than they look at
  NotApplicable,  ///< its checks had no resource to look at
  Withdrawn,      ///< by the framework's owner
};
inline constexpr std::size_t kControlStates = 8;

/// `failed`, `notCovered`, ...
std::string_view name_of(ControlState state);

/// One check behind a control.
struct ControlCheck {
  std::string name;
  std::string why;                          ///< empty for Azure's own
  std::string_view source;                  ///< `redoubt`, `azure`, or the user's mapping file
  const CheckEvidence* evidence = nullptr;  ///< null: not part of the scan
  /// Whether the scan had any check of the source: else nobody asked for this one.
  bool asked = true;
};

struct ControlResult {
  const Control* control = nullptr;
  ControlState state = ControlState::NotCovered;
  std::string reason;     ///< where the state does not say it all
  EvidenceCounts counts;  ///< over its checks
  std::vector<ControlCheck> checks;
  std::vector<const Attestation*> attestations;
};

struct FrameworkResult {
  const Framework* framework = nullptr;
  std::vector<ControlResult> controls;                 ///< as in the framework
  std::array<std::uint64_t, kControlStates> states{};  ///< of controls, groups aside
  std::uint64_t groups = 0;
};

/// What compliance is worked out of. All must outlive the result.
struct ComplianceInputs {
  const Frameworks& frameworks;
  const AzureControls& azure;
  const std::vector<ControlMapping>& mappings;  ///< ours, then the user's
  const std::vector<Attestation>& attestations;
  const ScanEvidence& evidence;
  std::vector<std::size_t> chosen;  ///< numbers of frameworks
};

struct Compliance {
  std::vector<FrameworkResult> frameworks;
  /// The highest severity of what makes a control fail.
  Level worst = Level::None;
  /// Warnings: POS0063 a user's mapping names a check that the scan does not have, POS0066 an attestation
  /// contradicts a failing check.
  std::vector<Diagnostic> diagnostics;
};

/// Judges every control of the chosen frameworks by the checks of the scan.
///
/// A check belongs to a control by a mapping, or because an initiative of Azure's says so. A finding fails
/// the control; what is unknown, or a check of a judged mapping that was left out, leaves it open; what is
/// accepted or exempt neither fails nor passes it. An attestation takes the place of every state but failed,
/// passed and withdrawn.
Compliance assess(const ComplianceInputs& inputs);

}  // namespace redoubt::posture
