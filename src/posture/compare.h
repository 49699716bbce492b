#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "posture/findings.h"
#include "posture/policy_states.h"
#include "posture/scan.h"
#include "report/table.h"

namespace redoubt::posture {

/// What this program says of a key, `Absent` where it says nothing.
enum class OurState : std::uint8_t { Absent, Compliant, Noncompliant, Unknown, Error, NotApplicable, Exempt };
inline constexpr std::size_t kOurStates = 7;
inline constexpr std::size_t kAzureStates = 8;  ///< the last one: Azure has no row
std::string_view name_of(OurState state);

/// Why a key does not count.
enum class LeftOut : std::uint8_t {
  OursUnknown,
  OursError,
  AzureUnknown,
  AzureConflict,
  AzureError,
  OnlyHere,
  OnlyThereResource,
  OnlyThereAssignment,
  Several,
};
inline constexpr std::size_t kLeftOuts = 9;
std::string_view name_of(LeftOut reason);
std::string_view text_of(LeftOut reason);

/// What probably made the two sides differ.
struct Cause {
  std::string_view name;
  std::string text;
};

/// One key on which the two sides differ.
struct Disagreement {
  std::string resource_id;
  std::string resource_type;
  std::string resource_name;
  std::string policy_name;
  std::string display_name;
  std::string assignment_id;  ///< empty by definition, as the next two
  std::string assignment_name;
  std::string reference_id;
  OurState ours = OurState::Absent;
  AzureState azure = AzureState::Unknown;
  std::string reason;
  std::string path;
  std::string value;  ///< JSON text; empty when there is none
  Where location;
  std::optional<Instant> azure_time;
  Where azure_location;
  std::vector<Cause> causes;
};

struct Comparison {
  PolicyStates::By by = PolicyStates::By::Assignment;
  std::array<std::array<std::uint64_t, kAzureStates>, kOurStates> matrix{};
  std::array<std::uint64_t, kLeftOuts> left_out{};
  std::uint64_t decided = 0;  ///< keys that both sides decide
  std::uint64_t agreed = 0;
  std::uint64_t rows_read = 0;
  std::uint64_t rows_skipped = 0;
  bool file_times_used = false;             ///< a cause hangs on when the file of an export was written
  std::vector<Disagreement> disagreements;  ///< by resource id, policy name, assignment, reference
};

struct CompareOptions {
  const AssignedPlan* assigned = nullptr;  ///< of the scan; null: rows are matched by definition
  std::optional<Instant> exported_at;      ///< else each export's time of modification
  Instant now;
};

/// Sets the verdicts of a scan (with `all`) against Azure's own. A key is (resource, assignment, reference),
/// or (resource, definition). Both sides decide it when ours is compliant, noncompliant, exempt or
/// notApplicable, and Azure's Compliant, NonCompliant, Exempt or Protected. Azure writes no row for what is
/// not applicable, so a row of a key that is not applicable here is a disagreement.
Comparison compare(Scan& scan, const estate::Estate& estate, const PolicyStates& states,
                   const CompareOptions& options);

/// `redoubt.compare/1`: docs/reference/schemas/compare.json.
std::string comparison_json(const Comparison& comparison);
std::string comparison_table(const Comparison& comparison, const report::TableStyle& style);

}  // namespace redoubt::posture
