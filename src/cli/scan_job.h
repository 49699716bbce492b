#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "arm/origins.h"
#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "content/store.h"
#include "core/thread_pool.h"
#include "estate/load.h"
#include "policy/built_in.h"
#include "policy/library.h"
#include "posture/assignments.h"
#include "posture/baseline.h"
#include "posture/findings.h"
#include "posture/owners.h"
#include "posture/rescan.h"
#include "posture/zone.h"

namespace redoubt::cli {

/// An initiative in the program that judges where neither --policy, --initiative nor --zone says what does.
struct Pack {
  std::string_view initiative;
  std::string_view title;
};
/// Few rules that hold in most estates: what a first look and each pull request is judged with.
inline constexpr Pack kStarterPack{"redoubt-starter", "the starter pack"};
/// All that the frameworks' mappings speak of.
inline constexpr Pack kLandingZonePack{"ailz", "the AI landing-zone pack"};

/// What every command that judges an estate takes: policies, a zone, templates' parameters.
std::vector<Option> scan_options(const Pack& pack = kStarterPack);

/// One pass of judging, as the options of a command ask for it: what `posture scan` prints, and other
/// commands look into.
class ScanJob {
 public:
  struct Inputs {
    std::vector<std::string> paths;  ///< empty: those of the zone file
    std::string zone;                ///< file; empty: none
    bool all = false;                ///< compliant and notApplicable rows too
    std::string baseline;            ///< file; empty: none
    bool again = false;              ///< from where the last pass left it, which rescan() tells
    std::string pass;                ///< its name; empty: that of the inputs
    bool keep = true;                ///< this pass, in place of the last
    Pack pack = kStarterPack;
    bool keep_quiet = false;  ///< verdicts that are not reported are kept aside, for a score
  };

  ScanJob(const Arguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

  /// Loads and judges. Errors: usage; what is wrong with single inputs is among the notes.
  Result<void> run(Inputs inputs);

  posture::Scan& scan() { return *scan_; }
  /// Of a job that begins from the last pass; null when it could not.
  posture::Rescan* rescan() { return rescan_ ? &*rescan_ : nullptr; }
  /// Fills the sides with what is other than at the last pass, and begins to keep this one for the next job
  /// of the same inputs. Call these two where rescan() is not null.
  void compare_passes(posture::DiffSide& before, posture::DiffSide& after);
  /// Waits until the pass is kept.
  Result<void> finish_keeping() { return keeping_.get(); }
  const posture::ScanNotes& notes() const { return notes_; }
  const estate::Estate& estate() const { return inventory_.value.estate; }
  /// What a landing zone assigns; null without one.
  const posture::AssignedPlan* assigned() const { return assigned_ ? &*assigned_ : nullptr; }
  Instant now() const { return now_; }
  /// Without a zone: no tree, and the definitions are those of library().
  const posture::Zone& zone() const { return zone_; }
  const policy::Library& library() const { return library_; }
  /// What was judged, for the head of a report: the zone's name or the paths.
  std::string title() const;
  /// What the run came to, findings aside: usage and unreadable inputs, else Done.
  Exit exit_of_inputs() const;
  /// Whether a template or an export could not be judged.
  bool unreadable_inputs() const;
  /// Diagnostics to stderr, as the command's options want them.
  void tell_diagnostics();
  /// With --verbose, how long the step took.
  void tell_time(std::string_view step);

 private:
  Result<void> check_parameter_file() const;
  Result<void> load_policies();
  Result<void> find_initiatives(const std::vector<std::string>& asked);
  void warn_of_others(const std::vector<const policy::Initiative*>& initiatives);
  void load_kept_members(const policy::Initiative& initiative);
  content::Store& store();
  Result<void> load_zone();
  Result<void> note_policies();
  Result<void> load_inventory();
  void begin_reading_last_pass();
  Result<void> judge_again();
  std::string world() const;
  std::string pass_file() const;
  Result<doc::Value> policy_parameters();
  Result<void> check_parameters() const;
  void warn_of_guessed_aliases();
  void note_unusable();
  void note_unplaced();
  void judge();
  void note_baseline();

  const Arguments& arguments_;
  Context& context_;
  Inputs inputs_;
  arm::ExpandOptions deployment_;
  doc::Sources sources_;
  arm::Origins origins_;
  Arena arena_;
  AliasFiles alias_files_;
  policy::AliasCatalogue aliases_;
  policy::TypeTable types_ = policy::built_in_types();
  policy::Library library_;
  std::optional<content::Store> store_;  // opened when something is looked for in it
  posture::Plan plan_{origins_};
  posture::ZoneFile zone_file_;
  posture::Zone zone_{origins_};
  std::optional<policy::AssignmentIndex> assignments_;
  std::optional<posture::AssignedPlan> assigned_;
  std::optional<posture::Owners> owners_;
  doc::Value given_parameters_;
  std::set<std::string> declared_parameters_;
  Reading<estate::Inventory> inventory_;
  posture::ScanNotes notes_;
  bool unread_policies_ = false;  ///< a guardrail that could not be read must not look green
  bool unplaced_ = false;         ///< nor what lies outside of the zone's tree
  ThreadPool pool_;
  std::optional<posture::Baseline> baseline_;
  std::future<Result<std::optional<posture::KeptPass>>> last_pass_;
  std::optional<posture::Rescan> rescan_;
  std::vector<posture::ScanTask> tasks_;
  posture::Rescan::Next next_;
  std::unique_ptr<posture::Scan> scan_;
  std::chrono::steady_clock::time_point last_step_ = std::chrono::steady_clock::now();
  Reading<doc::Document> parameter_document_;
  Instant now_;                        ///< one clock for all that is judged
  std::future<Result<void>> keeping_;  // of next_, so behind it
};

}  // namespace redoubt::cli
