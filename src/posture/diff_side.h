#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/level.h"
#include "core/result.h"
#include "doc/value.h"
#include "posture/scan.h"

namespace redoubt::posture {

/// A finding as two scans can be compared by.
struct SideRow {
  std::string id;
  std::string policy;  ///< name
  std::string display_name;
  std::string resource_id;
  std::string resource_type;
  std::string resource_name;
  std::string path;
  std::string state;
  std::string effect;
  std::string reason;
  std::string fix;
  Level severity = Level::Low;
  Where location;
};

SideRow row_of(const Finding& finding);

/// A definition with what changes its verdicts.
struct SideVariant {
  std::string parameters;  ///< canonical JSON of the effective ones
  std::string effect;      ///< empty: hangs on the resource or is not known
  std::string rule;        ///< SHA-256 of the rule
  auto operator<=>(const SideVariant&) const = default;
};
SideVariant variant_of(const PlannedPolicy& planned);

struct SidePolicy {
  std::string name;
  std::string display_name;
  std::vector<SideVariant> variants;  ///< sorted; empty in saved results
  bool judged = false;                ///< has a row
};
struct SideResource {
  std::string id;
  std::string type;
  std::string name;
  bool judged = false;
};

/// One side of a comparison: what a scan found, without what it scanned.
///
/// Of compliant and notApplicable verdicts only the state is kept. A saved result that was made without
/// `--all` does not have these (`all` is false), and then does not tell which resources there were.
class DiffSide {
 public:
  explicit DiffSide(std::string name) : name_(std::move(name)) {}

  /// From a scan with `all`.
  void take(Scan& scan, const estate::Estate& estate);
  /// From a document of redoubt.findings/1. POS0031 (InvalidInput) when it is none.
  Result<void> take(const doc::Value& findings);

  /// What both sides of a comparison that was made elsewhere have, piece by piece; then finish().
  void add_policy(std::string_view name, std::string_view display_name, SideVariant variant);
  void add_resource(SideResource resource);
  void add_state(std::string_view policy, const SideResource& resource, std::string_view state);
  void add_row(SideRow row) { rows_.push_back(std::move(row)); }
  void set_summary(const Summary& summary) { summary_ = summary; }
  void finish();

  const std::string& name() const { return name_; }
  bool all() const { return all_; }
  bool saved() const { return saved_; }
  const Summary& summary() const { return summary_; }
  /// Noncompliant, unknown, error and exempt ones, by resource id, policy name and path; what waits for an
  /// attestation is not among them.
  const std::vector<SideRow>& rows() const { return rows_; }
  const std::map<std::string, SideResource>& resources() const { return resources_; }  ///< by lower-case id
  const std::map<std::string, SidePolicy>& policies() const { return policies_; }      ///< by lower-case name

  /// The worst state of the pair; where it has none `absent` (no such resource), `notAssigned` (no such
  /// policy), `notApplicable`, or `unrecorded` (the side does not tell).
  std::string_view state_of(std::string_view policy, std::string_view resource_id) const;

 private:
  void take_row(const doc::Value& finding);

  std::string name_;
  bool all_ = true;
  bool saved_ = false;
  Summary summary_;
  std::vector<SideRow> rows_;
  std::map<std::string, SideResource> resources_;
  std::map<std::string, SidePolicy> policies_;
  std::unordered_map<std::string, std::string_view> states_;  // by policy and resource id, lower case
};

/// Whether the file begins as a saved result does.
bool is_saved_result(const std::string& path);

}  // namespace redoubt::posture
