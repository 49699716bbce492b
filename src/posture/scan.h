#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/level.h"
#include "core/progress.h"
#include "core/thread_pool.h"
#include "core/time.h"
#include "doc/sources.h"
#include "estate/estate.h"
#include "posture/kept_pass.h"
#include "posture/plan.h"
#include "posture/record.h"
#include "posture/summary.h"

namespace redoubt::posture {

struct BaselineEntry;
class Baseline;

/// The reason of a manual policy that is unknown (contracts).
inline constexpr std::string_view kNeedsAttestation = "needs an attestation";

/// One verdict that is reported: a definition, its parameters and a resource.
struct Finding {
  const PlannedPolicy* policy = nullptr;
  const estate::Resource* resource = nullptr;
  std::string id;     ///< stable across runs and moved lines (contracts, "posture scan")
  std::string state;  ///< noncompliant, unknown, error, exempt; with `all` compliant and notApplicable too
  std::string effect;
  Level severity = Level::Low;
  std::string_view severity_source;
  std::string reason;
  std::string path;
  std::string value;     ///< JSON text; empty when there is none
  Where location;        ///< in the template or export: the property, or the object that lacks it
  Where value_location;  ///< where the value came from, when elsewhere (parameter file, default)
  std::string fix;
  std::string fix_path;
  std::string fix_value;     ///< JSON text
  std::string fix_proposed;  ///< as the next, see policy::Fix
  std::string fix_resource;
  std::vector<std::pair<std::string, std::string>> unknown;  ///< field and origin
  std::vector<const AssignedPolicy*> pairs;  ///< in a landing zone: what brings the policy here
  /// Of each of `pairs`, what exempts the resource from it; null: nothing. The state is exempt when all are.
  std::vector<const policy::Exemption*> pair_exemptions;
  const policy::Exemption* exemption = nullptr;  ///< of state exempt
  std::string_view owner;                        ///< of the resource's scope; may be empty
  std::string_view environment;
  const BaselineEntry* accepted =
      nullptr;  ///< a noncompliant one that the baseline accepts: it does not count
  bool if_deployed = false;
  bool needs_attestation = false;  ///< a manual policy: shown in one line for each definition
};

class AssignedPlan;
class Owners;
struct AssignedPolicy;

struct ScanOptions {
  bool all = false;              ///< keep compliant and notApplicable rows
  bool strict_versions = false;  ///< another major version than pinned is unknown
  std::optional<Instant> now;
  std::string tenant;
  std::string location;  ///< of the resource group of templates
  /// The policies of a landing zone: each resource is judged with what is assigned at its place. Null: with
  /// every policy of the plan.
  const AssignedPlan* assigned = nullptr;
  const Owners* owners = nullptr;      ///< may be null
  const Baseline* baseline = nullptr;  ///< may be null
  /// Keep the verdicts that are not reported (quiet()): a score counts what is compliant, too.
  bool keep_quiet = false;
  /// What to judge; null: everything with everything that applies.
  const std::vector<ScanTask>* tasks = nullptr;
};

/// Judges every resource with every policy that can apply to its type.
///
/// run() settles the verdicts and keeps a few bytes for each; what a finding says is worked out when it is
/// asked for, and not kept. Work is shared over the pool; results do not depend on it. Everything given must
/// outlive the scan.
class Scan {
 public:
  Scan(const Plan& plan, const estate::Estate& estate, const doc::Sources& sources, arm::Origins& origins,
       ScanOptions options, ThreadPool& pool);
  ~Scan();
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  void run(const ProgressCallback& progress);

  const Summary& summary() const;
  std::size_t size() const;
  /// How many noncompliant rows each entry of the baseline fits, the expired ones included; empty without
  /// one.
  const std::vector<std::uint64_t>& baseline_uses() const;
  bool has_baseline() const;
  /// The highest severity of a noncompliant row that is not accepted, and whether a row is unknown or an
  /// error (needing an attestation does not count).
  Level worst() const;
  bool has_open() const;

  /// The verdicts that are reported, in the order of each().
  const std::vector<Record>& records() const;
  /// The finding of one of records(). Not safe to call from several threads.
  Finding finding(std::size_t record);
  /// The other verdicts, in no order; empty without ScanOptions::keep_quiet.
  const std::vector<Record>& quiet() const;
  /// What of the finding of a record is known without judging again: no id, reason, path, value, places and
  /// fix. Not safe to call from several threads.
  Finding brief(const Record& record);
  /// What the policies looked for, by number of the policy.
  std::vector<std::vector<KeptLookup>> lookups() const;

  const Plan& plan() const;
  const estate::Estate& estate() const;
  const arm::Origins& origins() const;
  ThreadPool& pool() const;
  Where where(const estate::Resource& resource) const;

  /// Hands the findings on in order: by resource id, policy name and parameters. They are worked out several
  /// at a time; `take` is called by one thread at a time.
  void each(const std::function<void(const Finding&)>& take);
  /// The same, but worked out are only those that `wanted` asks for; the others come without id, reason,
  /// path, value, places and fix. `wanted` sees such a finding, and is called by several threads at a time.
  void each(const std::function<void(const Finding&)>& take,
            const std::function<bool(const Finding&)>& wanted);
  /// The same as text: `append` writes one finding behind `out`, on several threads at a time; `write` gets
  /// the texts of many in one piece.
  void render(const std::function<void(const Finding&, std::string& out)>& append,
              const std::function<void(std::string_view)>& write);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace redoubt::posture
