#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "core/level.h"
#include "core/result.h"
#include "core/time.h"
#include "estate/split_export.h"
#include "policy/evaluate.h"

namespace redoubt::posture {

/// The verdict of a policy on a resource, in four bytes.
struct KeptVerdict {
  std::uint32_t policy : 21 = 0;  ///< its number in the plan
  std::uint32_t state : 3 = 0;    ///< policy::State
  std::uint32_t severity : 3 = 0;
  std::uint32_t exempt : 1 = 0;
  std::uint32_t manual : 1 = 0;  ///< unknown until somebody attests
  std::uint32_t looked : 1 = 0;  ///< it looked for related resources
  std::uint32_t timed : 1 = 0;   ///< it asked for the time

  bool operator==(const KeptVerdict&) const = default;
};
inline constexpr std::uint32_t kMaxKeptPolicies = 1U << 21U;

/// Where a policy looked for related resources of a type. A named resource group counts as its subscription.
struct KeptLookup {
  std::string type;  ///< lower case
  policy::Lookup::Where where = policy::Lookup::Where::Resource;

  bool operator==(const KeptLookup&) const = default;
};

/// A policy of a pass, with what changes its verdicts.
struct KeptPolicy {
  std::string name;
  std::string display_name;
  std::string parameters;  ///< canonical JSON of the effective ones
  std::string effect;  ///< of an assignment's override, or known of the rule; empty: hangs on the resource
  std::string rule;    ///< SHA-256
};

/// What a pass over an estate found, in the form in which the next one begins from it.
///
/// Texts of a pass that was read live in its own buffer, others in what was judged.
struct KeptPass {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Resource {
    std::string_view id;
    std::uint32_t type = 0;           ///< in `types`
    std::uint32_t first_verdict = 0;  ///< in `verdicts`; they end where those of the next begin
  };
  struct Export {
    std::string path;
    std::vector<estate::KnownRow> rows;    ///< one that can't be known again has size 0
    std::vector<std::uint32_t> resources;  ///< what became of each row; kNone: no resource
  };

  KeptPass() = default;
  KeptPass(KeptPass&&) = default;
  KeptPass& operator=(KeptPass&&) = default;
  KeptPass(const KeptPass&) = delete;
  KeptPass& operator=(const KeptPass&) = delete;

  Sha256 world{};  ///< of everything verdicts hang on but the rows of exports
  Instant time;
  std::vector<std::string_view> types;
  std::vector<Resource> resources;
  std::vector<KeptVerdict> verdicts;
  std::vector<Export> exports;
  std::vector<KeptPolicy> policies;              ///< by their number in the plan
  std::vector<std::vector<KeptLookup>> lookups;  ///< the same

  std::string buffer;

  std::span<const KeptVerdict> verdicts_of(std::size_t resource) const;
};

/// Reads a pass that write_kept_pass() wrote. Nothing when there is none. POS0050 (InvalidInput): the file is
/// damaged or of another version.
Result<std::optional<KeptPass>> read_kept_pass(const std::string& path);

/// Replaces the file in one step, and makes its folder where there is none. POS0051 (Io).
Result<void> write_kept_pass(const std::string& path, const KeptPass& pass);

}  // namespace redoubt::posture
