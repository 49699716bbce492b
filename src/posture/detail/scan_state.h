#pragma once

#include <deque>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "posture/assignments.h"
#include "posture/detail/lookup_trace.h"
#include "posture/detail/request_contexts.h"
#include "posture/detail/type_index.h"
#include "posture/related.h"
#include "posture/scan.h"

namespace redoubt::posture {

/// The definition's own severity, else one by its effect; `source` is made `metadata` or `effect`.
Level level_of(const policy::Definition& definition, std::string_view effect, std::string_view& source);

/// A policy that assignments bring to a resource.
struct AssignedUse {
  std::uint32_t policy = 0;
  bool exempt = false;  ///< an exemption takes off every pair
  bool open = false;    ///< whether one that is not taken off reaches the resource hangs on its location
};

/// What one worker keeps to itself.
struct Worker {
  Worker(arm::Origins& origins, const EstateRelated& estate) : judge(origins), related(estate) {}
  policy::Judge judge;
  LookupTrace related;
  bool time_asked = false;
  Arena arena;
  GroupContexts groups;
  std::vector<Record> records;
  std::vector<Record> unreported;
  Summary summary;
  std::vector<AssignedUse> uses;
  std::vector<std::pair<const AssignedPolicy*, Reach>> reaches;  // of the resource `reaches_of`
  std::uint32_t reaches_of = Record::kNone;
  // Of the resource judged last: neighbours in a list of findings are often of one.
  std::uint32_t context_of = Record::kNone;
  policy::RequestContext context;
};

/// What a scan holds: scan_judging.cpp settles the verdicts, scan_findings.cpp works findings out of them,
/// scan.cpp shares the work.
struct Scan::State {
  State(const Plan& plan_of_scan, const estate::Estate& estate_of_scan, const doc::Sources& sources_of_scan,
        arm::Origins& origins_of_scan, ScanOptions options_of_scan, ThreadPool& pool_of_scan)
      : plan(plan_of_scan),
        estate(estate_of_scan),
        sources(sources_of_scan),
        origins(origins_of_scan),
        options(std::move(options_of_scan)),
        pool(pool_of_scan),
        related(estate_of_scan),
        surroundings(estate_of_scan, origins_of_scan, options),
        time(options.now.value_or(now())) {
    for (std::size_t i = 0; i < pool.size(); ++i)
      workers.emplace_back(origins, related);
    for (std::uint32_t i = 0; i < plan.policies().size(); ++i)
      if (plan.policies()[i].compiled) index.add(i, plan.policies()[i]);
  }

  const policy::RequestContext& context_for(std::uint32_t number, Worker& worker) const;
  void judge_resource(const ScanTask& task, Worker& worker) const;
  void judge_assigned(const ScanTask& task, const policy::RequestContext& context, Worker& worker) const;
  void judge_one(std::uint32_t number, const AssignedUse& use, const policy::RequestContext& context,
                 Worker& worker) const;
  void tell_assignments(const Record& record, Worker& worker, Finding& out) const;
  const std::vector<std::pair<const AssignedPolicy*, Reach>>& reaches_for(std::uint32_t number,
                                                                          Worker& worker) const;
  void sort_records();
  void accept();
  using Wanted = std::function<bool(const Finding&)>;  ///< empty: all
  Finding finding_of(const Record& record, Worker& worker, const Wanted& wanted) const;
  Finding brief_of(const Record& record, Worker& worker) const;
  void work_out(const Record& record, Worker& worker, Finding& out) const;
  void tell_verdict(const Record& record, const policy::Verdict& verdict, Finding& out) const;
  void describe(const policy::Change& change, Finding& out) const;
  /// Works out all findings, in batches that the threads share; `take` gets what `make` made of each
  /// batch, in order, while the next ones are worked on.
  template <class Batch>
  void in_batches(const std::function<void(Finding&&, Batch&)>& make,
                  const std::function<void(const Batch&)>& take, const Wanted& wanted = {});

  const Plan& plan;
  const estate::Estate& estate;
  const doc::Sources& sources;
  arm::Origins& origins;
  ScanOptions options;
  ThreadPool& pool;
  TypeIndex index;
  EstateRelated related;
  RequestContexts surroundings;
  Instant time;
  std::deque<Worker> workers;
  std::vector<Record> records;
  std::vector<Record> unreported;
  Summary summary;
  std::vector<std::uint64_t> baseline_uses;
};

}  // namespace redoubt::posture
