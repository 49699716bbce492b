#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/level.h"
#include "posture/diff_side.h"
#include "report/table.h"

namespace redoubt::posture {

/// A finding that one side has, and what the other side says of its policy and resource.
struct DiffRow {
  const SideRow* row = nullptr;
  std::string_view other;  ///< as DiffSide::state_of
};

/// A policy that judges otherwise than before, and what comes of it.
struct PolicyChange {
  enum class Kind : std::uint8_t { Added, Removed, Changed };
  Kind kind = Kind::Changed;
  const SidePolicy* before = nullptr;  ///< null: added
  const SidePolicy* after = nullptr;   ///< null: removed
  bool parameters = false;             ///< what of it changed
  bool effect = false;
  bool rule = false;
  std::vector<std::string> hits;   ///< ids of resources that are newly noncompliant with it
  std::vector<std::string> frees;  ///< ids of resources that no longer are
};

/// What is different between two sides. Rows are matched by policy name, resource id and path; the rows
/// refer into the sides.
struct Diff {
  const DiffSide* before = nullptr;
  const DiffSide* after = nullptr;
  std::vector<DiffRow> worse;              ///< newly noncompliant
  std::vector<DiffRow> better;             ///< no longer noncompliant, nor unknown instead
  std::vector<DiffRow> newly_unknown;      ///< unknown or an error now
  std::vector<DiffRow> no_longer_unknown;  ///< whatever it is now
  std::vector<const SideResource*> added;
  std::vector<const SideResource*> removed;
  std::vector<PolicyChange> policies;
  /// Whether the sides tell which resources and policies they have; else the lists of these are empty.
  bool contents_known = true;
  /// There was nothing to compare with: both sides are the same, and the lists are empty.
  bool first = false;

  Level worst() const;  ///< of what is newly noncompliant
};

Diff diff(const DiffSide& before, const DiffSide& after);

/// `redoubt.diff/1`: docs/reference/schemas/diff.json.
std::string diff_json(const Diff& diff);
std::string diff_table(const Diff& diff, const report::TableStyle& style);
/// For a comment on a pull request: GitHub's markdown, cut where it gets long.
std::string diff_markdown(const Diff& diff);

}  // namespace redoubt::posture
