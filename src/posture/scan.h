#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/thread_pool.h"
#include "core/time.h"
#include "doc/sources.h"
#include "estate/estate.h"
#include "posture/plan.h"

namespace redoubt::posture {

enum class Level : std::uint8_t { None, Low, Medium, High, Critical };
std::string_view name_of(Level level);

/// One verdict that is reported: a definition, its parameters and a resource.
struct Finding {
  const PlannedPolicy* policy = nullptr;
  const estate::Resource* resource = nullptr;
  std::string id;     ///< stable across runs and moved lines (contracts, "posture scan")
  std::string state;  ///< noncompliant, unknown, error; with `all` compliant and notApplicable too
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
  std::string fix_value;                                     ///< JSON text
  std::vector<std::pair<std::string, std::string>> unknown;  ///< field and origin
  bool if_deployed = false;
  bool needs_attestation = false;  ///< a manual policy: shown in one line for each definition
};

/// How many verdicts there are of each state.
struct Summary {
  std::uint64_t compliant = 0;
  std::uint64_t noncompliant = 0;
  std::uint64_t unknown = 0;
  std::uint64_t error = 0;
  std::uint64_t not_applicable = 0;
  std::uint64_t exempt = 0;
  std::uint64_t resources = 0;
  std::uint64_t considered = 0;  ///< pairs that the type index let through
  std::map<std::string, std::uint64_t> unknown_reasons;
};

struct ScanOptions {
  bool all = false;              ///< keep compliant and notApplicable rows
  bool strict_versions = false;  ///< another major version than pinned is unknown
  std::optional<Instant> now;
  std::string tenant;
  std::string location;  ///< of the resource group of templates
};

struct ScanResult {
  std::vector<Finding> findings;  ///< sorted by resource id, policy name, parameters
  Summary summary;
};

/// Judges every resource with every policy that can apply to its type. Work is shared over the pool; the
/// result does not depend on it.
ScanResult scan(const Plan& plan, const estate::Estate& estate, const doc::Sources& sources,
                arm::Origins& origins, const ScanOptions& options, ThreadPool& pool,
                const ProgressCallback& progress);

}  // namespace redoubt::posture
