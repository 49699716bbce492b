#include "posture/scan.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <tuple>

#include "core/text.h"
#include "posture/baseline.h"
#include "posture/detail/scan_state.h"

namespace redoubt::posture {

namespace {

constexpr std::uint32_t kNone = Record::kNone;

}  // namespace

/// By resource id, then policy name, then parameters.
void Scan::State::sort_records() {
  const estate::Estate::List resources = estate.resources();
  std::vector<std::uint32_t> rank(resources.size());
  std::iota(rank.begin(), rank.end(), 0U);
  std::stable_sort(rank.begin(), rank.end(), [&](std::uint32_t left, std::uint32_t right) {
    return less_any_case(resources[left]->id, resources[right]->id);
  });
  std::vector<std::uint32_t> place(resources.size());
  for (std::uint32_t i = 0; i < rank.size(); ++i)
    place[rank[i]] = i;

  const auto& policies = plan.policies();
  std::vector<std::uint32_t> policy_rank(policies.size());
  std::iota(policy_rank.begin(), policy_rank.end(), 0U);
  std::stable_sort(policy_rank.begin(), policy_rank.end(), [&](std::uint32_t left, std::uint32_t right) {
    return std::tie(policies[left].definition->name, policies[left].parameters_key) <
           std::tie(policies[right].definition->name, policies[right].parameters_key);
  });
  std::vector<std::uint32_t> policy_place(policies.size());
  for (std::uint32_t i = 0; i < policy_rank.size(); ++i)
    policy_place[policy_rank[i]] = i;

  const auto key = [&](const Record& record) {
    const std::uint64_t of_resource =
        record.resource == kNone ? 0 : std::uint64_t{place[record.resource]} + 1;
    return (of_resource << 32U) | policy_place[record.policy];
  };
  std::sort(records.begin(), records.end(),
            [&](const Record& left, const Record& right) { return key(left) < key(right); });
}

Scan::Scan(const Plan& plan, const estate::Estate& estate, const doc::Sources& sources, arm::Origins& origins,
           ScanOptions options, ThreadPool& pool)
    : state_(std::make_unique<State>(plan, estate, sources, origins, std::move(options), pool)) {}

Scan::~Scan() = default;

void Scan::run(const ProgressCallback& progress) {
  static constexpr std::size_t kBatch = 64;
  State& state = *state_;
  const std::vector<ScanTask>* const tasks = state.options.tasks;
  const std::size_t count_of_resources = tasks != nullptr ? tasks->size() : state.estate.resources().size();
  std::atomic<std::uint64_t> done{0};
  const auto judge_batch = [&](std::size_t batch, std::size_t worker) {
    const std::size_t end = std::min(count_of_resources, (batch + 1) * kBatch);
    for (std::size_t i = batch * kBatch; i < end; ++i)
      state.judge_resource(tasks != nullptr ? (*tasks)[i] : ScanTask{static_cast<std::uint32_t>(i), true, {}},
                           state.workers[worker]);
    done += end - batch * kBatch;
    if (progress) progress({"judging resources", done, count_of_resources});
  };
  state.pool.parallel_for_workers((count_of_resources + kBatch - 1) / kBatch, judge_batch);
  for (Worker& worker : state.workers) {
    state.summary += worker.summary;
    state.records.insert(state.records.end(), worker.records.begin(), worker.records.end());
    worker.records = {};
    state.unreported.insert(state.unreported.end(), worker.unreported.begin(), worker.unreported.end());
    worker.unreported = {};
  }
  for (std::uint32_t i = 0; i < state.plan.policies().size(); ++i) {
    if (!state.plan.policies()[i].error) continue;
    // Said once, not for each resource.
    std::string_view source;
    state.records.push_back(
        {i, kNone, policy::State::Error, level_of(*state.plan.policies()[i].definition, {}, source)});
    ++state.summary.error;
  }
  state.sort_records();
  if (state.options.baseline != nullptr) state.accept();
}

/// Looks every noncompliant finding up in the baseline. They are worked out for it: an id has the path.
void Scan::State::accept() {
  static constexpr std::size_t kBatch = 64;
  std::vector<std::optional<std::size_t>> entries(records.size());
  pool.parallel_for_workers(
      (records.size() + kBatch - 1) / kBatch, [&](std::size_t batch, std::size_t worker) {
        for (std::size_t i = batch * kBatch; i < std::min(records.size(), (batch + 1) * kBatch); ++i)
          if (records[i].state == policy::State::Noncompliant && !records[i].exempt)
            entries[i] = options.baseline->find(finding_of(records[i], workers[worker], {}), time);
      });
  baseline_uses.assign(options.baseline->entries().size(), 0);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!entries[i]) continue;
    ++baseline_uses[*entries[i]];
    records[i].entry = static_cast<std::uint32_t>(*entries[i]);
    records[i].accepted = !options.baseline->entries()[*entries[i]].expired(time);
    if (records[i].accepted) ++summary.accepted;
  }
}

const Summary& Scan::summary() const { return state_->summary; }
std::size_t Scan::size() const { return state_->records.size(); }

Level Scan::worst() const {
  Level worst = Level::None;
  for (const Record& record : state_->records)
    if (record.is_open()) worst = std::max(worst, record.severity);
  return worst;
}

bool Scan::has_open() const {
  return std::any_of(state_->records.begin(), state_->records.end(), [](const Record& record) {
    if (record.exempt) return false;
    return record.state == policy::State::Error || (record.state == policy::State::Unknown && !record.manual);
  });
}

template <class Batch>
void Scan::State::in_batches(const std::function<void(Finding&&, Batch&)>& make,
                             const std::function<void(const Batch&)>& take, const Wanted& wanted) {
  static constexpr std::size_t kBatch = 64;     // findings
  static constexpr std::size_t kAtATime = 128;  // batches; what is held in memory
  std::vector<Batch> ready;
  const std::size_t batches = (records.size() + kBatch - 1) / kBatch;
  for (std::size_t first = 0; first < batches; first += kAtATime) {
    const std::size_t count_now = std::min(kAtATime, batches - first);
    std::vector<Batch> next(count_now);
    pool.parallel_for_workers(count_now + 1, [&](std::size_t item, std::size_t worker) {
      if (item == 0) {
        for (const Batch& batch : ready)
          take(batch);
        return;
      }
      const std::size_t start = (first + item - 1) * kBatch;
      const std::size_t end = std::min(records.size(), start + kBatch);
      for (std::size_t i = start; i < end; ++i)
        make(finding_of(records[i], workers[worker], wanted), next[item - 1]);
    });
    ready = std::move(next);
  }
  for (const Batch& batch : ready)
    take(batch);
}

const std::vector<std::uint64_t>& Scan::baseline_uses() const { return state_->baseline_uses; }
bool Scan::has_baseline() const { return state_->options.baseline != nullptr; }
const std::vector<Record>& Scan::records() const { return state_->records; }
const std::vector<Record>& Scan::quiet() const { return state_->unreported; }
Finding Scan::brief(const Record& record) { return state_->brief_of(record, state_->workers.front()); }
Finding Scan::finding(std::size_t record) {
  return state_->finding_of(state_->records[record], state_->workers.front(), {});
}

std::vector<std::vector<KeptLookup>> Scan::lookups() const {
  std::vector<std::vector<KeptLookup>> out(plan().policies().size());
  for (const Worker& worker : state_->workers)
    worker.related.add_to(out);
  return out;
}

const Plan& Scan::plan() const { return state_->plan; }
const estate::Estate& Scan::estate() const { return state_->estate; }
const arm::Origins& Scan::origins() const { return state_->origins; }
ThreadPool& Scan::pool() const { return state_->pool; }
Where Scan::where(const estate::Resource& resource) const { return state_->sources.where(resource.place); }

void Scan::each(const std::function<void(const Finding&)>& take) { each(take, {}); }

void Scan::each(const std::function<void(const Finding&)>& take,
                const std::function<bool(const Finding&)>& wanted) {
  using Batch = std::vector<Finding>;
  state_->in_batches<Batch>([](Finding&& finding, Batch& batch) { batch.push_back(std::move(finding)); },
                            [&](const Batch& batch) {
                              for (const Finding& finding : batch)
                                take(finding);
                            },
                            wanted);
}

void Scan::render(const std::function<void(const Finding&, std::string& out)>& append,
                  const std::function<void(std::string_view)>& write) {
  state_->in_batches<std::string>([&](Finding&& finding, std::string& batch) { append(finding, batch); },
                                  [&](const std::string& batch) { write(batch); });
}

}  // namespace redoubt::posture
