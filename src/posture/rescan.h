#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doc/sources.h"
#include "estate/estate.h"
#include "estate/split_export.h"
#include "posture/diff_side.h"
#include "posture/kept_pass.h"
#include "posture/scan.h"

namespace redoubt::posture {

/// Judges an estate again from where the last pass left it.
///
/// A verdict is kept when the row of its resource has the same bytes as before and nothing it hung on is
/// other: the related resources it looked for, its resource group, the time where it asked for it. Judged
/// again are resources of new rows, those whose neighbours changed in a place and of a type that a policy
/// looked for, and everything of templates. When anything else is other (a policy, an assignment, an
/// exemption that ran out, a parameter, a template, the program), everything is judged.
class Rescan final : public estate::RowChooser {
 public:
  /// `world` is what verdicts hang on beside the texts in `sources`; `last` may be empty. `why_all`: why
  /// everything is to be judged whatever changed; empty: only where that is needed.
  Rescan(const doc::Sources& sources, const Plan& plan, std::string world, std::optional<KeptPass> last,
         std::string why_all);
  ~Rescan() override;

  std::span<const estate::KnownRow> known(const std::string& path) const override;
  void choose(std::deque<estate::SplitExport>& exports, const Parse& parse) override;
  std::vector<std::string_view> types_left_out() const override;

  /// Why everything has to be judged; empty when the last pass is built upon.
  const std::string& why_all() const { return why_all_; }
  /// What is judged again, in words: `12 rows changed, 3 resources near them, ...`.
  std::string what_is_judged() const;
  /// When the last pass was; nothing without one.
  std::optional<Instant> last_time() const;
  /// Hands the last pass on, to begin again; nothing of it may be in use.
  std::optional<KeptPass> take_last() { return std::move(last_); }

  std::vector<ScanTask> tasks(const estate::Estate& estate) const;

  /// Whether a policy looked for something that was left out: everything has to be judged after all.
  bool looked_further(const Scan& scan) const;

  /// The pass that the next one begins from.
  struct Next {
    KeptPass pass;
    std::vector<std::uint32_t> numbers;  ///< of its resources in the estate; KeptPass::kNone: not judged
  };
  /// The scan ran with tasks() and `all`.
  Next next(const Scan& scan, const estate::Estate& estate, const std::deque<estate::SplitExport>& exports,
            Instant time) const;

  /// Fills both sides with what is other than in the last pass, and with the counts of both.
  void compare(Scan& scan, const Next& next, DiffSide& before, DiffSide& after) const;

 private:
  /// A row of an export, and what is to be done about it.
  struct Row {
    std::uint32_t kept = KeptPass::kNone;  ///< its resource in the last pass; kNone: the row is other or new
    bool all = false;                      ///< judged with everything that applies
    std::vector<std::uint32_t> policies;   ///< else with these, sorted
    std::string_view id;                   ///< of a row that is other or new, as the next
    std::string type;                      ///< lower case

    bool is_judged() const { return all || !policies.empty(); }
  };

  const Row* row_of(const estate::Resource& resource) const;

  const KeptPass::Export* last_export(const std::string& path) const;
  std::string world_of(const std::deque<estate::SplitExport>& exports) const;
  void match(std::deque<estate::SplitExport>& exports);
  bool parse_changed(std::deque<estate::SplitExport>& exports, const Parse& parse);
  void judge_all(std::deque<estate::SplitExport>& exports, std::string why);
  bool an_id_stands_twice() const;
  std::string types_that_came_or_went() const;
  void find_affected();
  void want_rows(std::deque<estate::SplitExport>& exports);
  std::vector<KeptLookup> lookups_of(const std::vector<std::uint32_t>& policies) const;
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<Pair> to_compare(const Next& next) const;

  const doc::Sources& sources_;
  const Plan& plan_;
  std::string world_text_;
  std::optional<KeptPass> last_;
  Sha256 world_{};
  std::string why_all_;
  std::vector<std::vector<Row>> rows_;               // by export and row
  std::vector<std::uint32_t> files_;                 // of the exports
  std::vector<std::vector<std::uint32_t>> offsets_;  // of their rows
  std::vector<std::uint32_t> gone_;      // resources of the last pass whose rows are not there as they were
  std::vector<std::uint32_t> reloaded_;  // resources of the last pass that came of no row
};

}  // namespace redoubt::posture
