#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::posture {

struct Finding;

/// A finding that somebody answers for, so that it does not count.
struct BaselineEntry {
  std::string finding;   ///< id; empty: by policy and resource
  std::string policy;    ///< name or display name of the definition
  std::string resource;  ///< id or name
  std::string path;      ///< empty: any
  std::string reason;
  std::string owner;
  std::string expires;  ///< as written; a date holds to its end
  std::optional<Instant> expires_at;
  Where where;

  bool expired(Instant now) const { return expires_at && *expires_at <= now; }
};

/// What `--baseline` names. Form: docs/reference/schemas/baseline.json; tour: docs/comparing.md.
class Baseline {
 public:
  /// A list of entries, or {schema, accepted: list}. Diagnostics, all errors: POS0040 the form, POS0041 a
  /// member is missing, POS0042 `expires` is no date.
  static Reading<Baseline> read(const doc::Value& root, const doc::Sources& sources);

  const std::vector<BaselineEntry>& entries() const { return entries_; }
  void add(BaselineEntry entry);

  /// The number of the entry that fits a finding; one that is not expired comes first. Nothing when none
  /// fits. Safe to use from several threads.
  std::optional<std::size_t> find(const Finding& finding, Instant now) const;

 private:
  std::vector<BaselineEntry> entries_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_finding_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_policy_;  // lower case
};

/// When an `expires` ends; POS0042 when it is no date.
Result<Instant> read_expiry(std::string_view text);

/// What to write for a file: YAML, or JSON where `json` says so. With `before`, the file's text, YAML keeps
/// that with its comments and gets the entries from number `kept` on behind it, where its form allows it.
std::string baseline_text(const Baseline& baseline, bool json, std::size_t kept = 0,
                          std::string_view before = {});

}  // namespace redoubt::posture
