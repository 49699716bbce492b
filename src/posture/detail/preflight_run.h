#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/arena.h"
#include "estate/estate.h"
#include "policy/evaluate.h"
#include "posture/detail/request_contexts.h"
#include "posture/preflight.h"
#include "posture/related.h"

namespace redoubt::posture {

/// Whether an effect is one of those that come first, modify and append.
bool changes_requests(std::string_view effect);

/// One preflight: first what append and modify make of the requests (preflight_changes.cpp), then all other
/// effects (preflight.cpp).
class PreflightRun {
 public:
  PreflightRun(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources,
               arm::Origins& origins, const ScanOptions& options);
  Preflight run(const ProgressCallback& progress);

 private:
  /// A pair that reaches a resource.
  struct At {
    const AssignedPolicy& pair;
    Reach reach;
    const estate::Resource& resource;  ///< as the template has it
  };
  /// What a modify or append wants of the request as it was made.
  struct Want {
    At at;
    policy::Verdict verdict;  ///< its changes live in arena_
  };

  std::vector<At> pairs_at(std::size_t number);
  policy::RequestContext context(const estate::Resource& resource);

  void change_requests();
  void take_over_changes();
  void change(std::size_t number);
  std::vector<Want> wants(std::size_t number, const std::vector<At>& pairs);
  std::set<const AssignedPolicy*> settle(const std::vector<Want>& wants);
  void change_by(std::size_t number, const At& at, const Want* wanted);
  void modified(const At& at, const policy::Verdict& verdict);
  void overwrites(const At& at, const policy::Verdict& verdict);
  std::string describe(const std::vector<policy::Change>& changes) const;

  void judge(std::size_t number, const EstateRelated& requested);
  void tell(const At& at, const policy::Verdict& verdict);
  void open_or_failed(const At& at, const policy::Verdict& verdict);
  bool hangs_on_location(const At& at);
  void not_usable();
  void not_in_the_tree();
  PreflightEntry& unknown(const At& at, std::string reason);
  void note_exempted(const At& at, policy::State state);
  PreflightEntry& add(PreflightEntry::Section section, const At& at, const policy::Verdict& verdict);
  void sort();

  const AssignedPlan& plan_;
  const estate::Estate& estate_;
  doc::Sources& sources_;
  arm::Origins& origins_;
  const ScanOptions& options_;
  Instant time_;
  policy::Judge judge_;
  Arena arena_;
  std::deque<estate::Estate> after_;  // the deployment after append and modify; empty where they do nothing
  std::deque<GroupContexts> groups_;  // the last is in use
  std::optional<RequestContexts> contexts_;
  std::vector<estate::Resource> changed_;  // by number; bodies as append and modify leave them
  bool any_change_ = false;                // that after_ does not have yet
  std::set<const estate::Resource*> denied_;
  std::set<const PairsInForce*> places_;
  Preflight out_;
};

}  // namespace redoubt::posture
