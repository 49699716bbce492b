#include "posture/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <numeric>
#include <tuple>

#include "arm/resource_id.h"
#include "arm/unknown_json.h"
#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/change_words.h"
#include "policy/evaluate.h"
#include "posture/assignments.h"
#include "posture/baseline.h"
#include "posture/detail/lookup_trace.h"
#include "posture/detail/request_contexts.h"
#include "posture/detail/type_index.h"
#include "posture/owners.h"
#include "posture/related.h"

namespace redoubt::posture {

using policy::State;

namespace {

/// Severity by effect, where nothing better is known. Source: contracts, "posture scan".
struct EffectLevel {
  std::string_view effect;
  Level level;
};
constexpr EffectLevel kEffectLevels[] = {
    {"deny", Level::High}, {"audit", Level::Medium}, {"auditIfNotExists", Level::Medium}};

Level level_of(const policy::Definition& definition, std::string_view effect, std::string_view& source) {
  if (const std::optional<Level> own = find_level(definition.severity); own && own != Level::None) {
    source = "metadata";
    return *own;
  }
  source = "effect";
  for (const EffectLevel& row : kEffectLevels)
    if (equal_any_case(row.effect, effect)) return row.level;
  return Level::Low;
}

constexpr std::uint32_t kNone = Record::kNone;

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
  std::uint32_t reaches_of = kNone;
  // Of the resource judged last: neighbours in a list of findings are often of one.
  std::uint32_t context_of = kNone;
  policy::RequestContext context;
};

bool is_asked(const ScanTask& task, std::uint32_t policy) {
  return task.all || std::binary_search(task.policies.begin(), task.policies.end(), policy);
}

/// Of a rule on objects that only another system sees.
policy::Verdict verdict_of_objects(const PlannedPolicy& planned) {
  policy::Verdict out;
  out.state = planned.compiled->known_effect() == "disabled" ? State::NotApplicable : State::Unknown;
  return out;
}

void add(Summary& total, const Summary& part) {
  total.compliant += part.compliant;
  total.noncompliant += part.noncompliant;
  total.unknown += part.unknown;
  total.error += part.error;
  total.not_applicable += part.not_applicable;
  total.considered += part.considered;
  total.resources += part.resources;
  total.exempt += part.exempt;
}

}  // namespace

void Summary::count(policy::State verdict) {
  switch (verdict) {
    case policy::State::Compliant:
      ++compliant;
      break;
    case policy::State::Noncompliant:
      ++noncompliant;
      break;
    case policy::State::Unknown:
      ++unknown;
      break;
    case policy::State::Error:
      ++error;
      break;
    case policy::State::NotApplicable:
      ++not_applicable;
      break;
  }
}

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

const policy::RequestContext& Scan::State::context_for(std::uint32_t number, Worker& worker) const {
  if (worker.context_of != number) {
    worker.arena.reset();
    worker.context = surroundings.context(*estate.resources()[number], worker.groups, worker.arena, time);
    worker.context.time_asked = &worker.time_asked;
    worker.context_of = number;
  }
  return worker.context;
}

void Scan::State::judge_resource(const ScanTask& task, Worker& worker) const {
  const std::uint32_t number = task.resource;
  const estate::Resource& resource = *estate.resources()[number];
  if (resource.existing && !resource.beside) return;  // not deployed: policies must not fire on it
  const policy::RequestContext& context = context_for(number, worker);
  if (!resource.beside) ++worker.summary.resources;
  if (options.assigned != nullptr) {
    judge_assigned(task, context, worker);
  } else {
    index.visit(resource.type, [&](std::uint32_t policy) {
      if (is_asked(task, policy)) judge_one(number, {.policy = policy}, context, worker);
    });
  }
  worker.judge.reset();
}

/// The pairs that reach a resource.
const std::vector<std::pair<const AssignedPolicy*, Reach>>& Scan::State::reaches_for(std::uint32_t number,
                                                                                     Worker& worker) const {
  if (worker.reaches_of == number) return worker.reaches;
  worker.reaches_of = number;
  worker.reaches.clear();
  const estate::Resource& resource = *estate.resources()[number];
  const policy::InForce& in_force = options.assigned->index().at(resource.id);
  const PairsInForce& here = options.assigned->at(in_force);
  here.by_type.visit(resource.type, [&](std::uint32_t pair) {
    const Reach reach = options.assigned->reach(*here.pairs[pair], in_force, resource, time);
    if (reach.match != policy::Match::No && reach.policy != nullptr && reach.policy->compiled)
      worker.reaches.emplace_back(here.pairs[pair], reach);
  });
  return worker.reaches;
}

/// With what the assignments at the resource's place bring, each policy once.
void Scan::State::judge_assigned(const ScanTask& task, const policy::RequestContext& context,
                                 Worker& worker) const {
  const std::uint32_t number = task.resource;
  std::vector<AssignedUse>& uses = worker.uses;
  uses.clear();
  for (const auto& [pair, reach] : reaches_for(number, worker)) {
    const bool open = reach.match == policy::Match::Open || reach.exempted == policy::Match::Open;
    const bool exempt =
        reach.exempted == policy::Match::Yes && takes_exemptions(reach.policy->compiled->data_plane_mode());
    uses.push_back({reach.policy->number, exempt, open});
  }
  std::sort(uses.begin(), uses.end(),
            [](const AssignedUse& left, const AssignedUse& right) { return left.policy < right.policy; });
  for (std::size_t i = 0; i < uses.size();) {
    AssignedUse all = uses[i];
    for (++i; i < uses.size() && uses[i].policy == all.policy; ++i) {
      // What is exempted has no say; of the others one that surely reaches it is enough.
      all.open = all.exempt ? uses[i].open : all.open && (uses[i].exempt || uses[i].open);
      all.exempt = all.exempt && uses[i].exempt;
    }
    if (is_asked(task, all.policy)) judge_one(number, all, context, worker);
  }
}

void Scan::State::judge_one(std::uint32_t number, const AssignedUse& use,
                            const policy::RequestContext& context, Worker& worker) const {
  const PlannedPolicy& planned = plan.policies()[use.policy];
  if (!planned.compiled->sees(*estate.resources()[number])) return;
  ++worker.summary.considered;
  worker.related.begin(use.policy);
  worker.time_asked = false;
  const policy::Verdict verdict = planned.objects.none()
                                      ? worker.judge.judge(*planned.compiled, *estate.resources()[number],
                                                           &worker.related, context, false)
                                      : verdict_of_objects(planned);
  Record record{use.policy, number, verdict.state};
  record.data_plane = verdict.state == policy::State::Unknown && !planned.objects.none();
  record.manual = verdict.state == policy::State::Noncompliant && verdict.effect == "manual";
  record.untrusted_version =
      options.strict_versions && planned.version_mismatch && verdict.state != policy::State::NotApplicable;
  record.open_reach = use.open && verdict.state == policy::State::Noncompliant;
  if (record.manual || record.untrusted_version || record.open_reach) record.state = policy::State::Unknown;
  record.looked = worker.related.looked();
  record.timed = worker.time_asked;
  record.exempt = use.exempt && record.state != policy::State::NotApplicable;
  if (record.exempt)
    ++worker.summary.exempt;
  else
    worker.summary.count(record.state);
  const bool quiet = record.state == policy::State::Compliant || record.state == policy::State::NotApplicable;
  if (quiet && !options.all) {
    if (options.keep_quiet) worker.unreported.push_back(record);
    return;
  }
  std::string_view source;
  record.severity = level_of(*planned.definition, record.manual ? "manual" : verdict.effect, source);
  worker.records.push_back(record);
}

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

Finding Scan::State::finding_of(const Record& record, Worker& worker, const Wanted& wanted) const {
  Finding out = brief_of(record, worker);
  if (!wanted || wanted(out)) work_out(record, worker, out);
  return out;
}

/// What is known without judging again.
Finding Scan::State::brief_of(const Record& record, Worker& worker) const {
  const PlannedPolicy& planned = plan.policies()[record.policy];
  Finding out;
  out.policy = &planned;
  out.state = record.exempt ? "exempt" : name_of(record.state);
  out.severity =
      level_of(*planned.definition, record.manual ? "manual" : std::string_view(), out.severity_source);
  if (record.resource == kNone) return out;
  const estate::Resource& resource = *estate.resources()[record.resource];
  out.resource = &resource;
  out.needs_attestation = record.manual && !record.exempt;
  out.severity = record.severity;
  out.if_deployed = !resource.open.is_null();
  if (record.accepted) out.accepted = &options.baseline->entries()[record.entry];
  if (options.assigned != nullptr) tell_assignments(record, worker, out);
  if (options.owners != nullptr) {
    const Ownership* of = options.owners->of(resource.id);
    out.owner = of == nullptr ? std::string_view() : std::string_view(of->owner);
    out.environment = of == nullptr ? std::string_view() : std::string_view(of->environment);
  }
  return out;
}

void Scan::State::work_out(const Record& record, Worker& worker, Finding& out) const {
  const PlannedPolicy& planned = plan.policies()[record.policy];
  if (record.resource == kNone) {
    out.reason = "the definition can't be evaluated: " + planned.error->message;
    out.fix = planned.error->hint;
    out.location =
        planned.error->where.line != 0 ? planned.error->where : sources.where(planned.definition->place);
    out.id = sha256_hex(fmt::format("{}\n{}", lower(planned.definition->name), planned.parameters_key));
    return;
  }
  const estate::Resource& resource = *out.resource;
  if (record.manual) {
    out.effect = "manual";
    out.reason = kNeedsAttestation;
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.data_plane) {
    out.reason =
        fmt::format("mode {} needs the result of another system", planned.compiled->data_plane_mode());
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.untrusted_version) {
    out.reason = "the initiative pins another major version of the definition";
    out.unknown = {{std::string(), out.reason}};
    out.location = sources.where(resource.place);
  } else if (record.open_reach) {
    out.reason = "whether the assignment reaches it hangs on its location";
    out.unknown = {{"location", out.reason}};
    out.location = sources.where(resource.place);
  } else {
    const policy::RequestContext& context = context_for(record.resource, worker);
    tell_verdict(record, worker.judge.judge(*planned.compiled, resource, &related, context, true), out);
    worker.judge.reset();
  }
  if (out.exemption != nullptr)
    out.reason =
        fmt::format("exempt by {} ({}); else: {}", out.exemption->name, out.exemption->category, out.reason);
  out.id = sha256_hex(fmt::format("{}\n{}\n{}\n{}", lower(planned.definition->name), planned.parameters_key,
                                  lower(resource.id), out.path));
}

/// Which pairs bring the policy to the resource, and what exempts it.
void Scan::State::tell_assignments(const Record& record, Worker& worker, Finding& out) const {
  for (const auto& [pair, reach] : reaches_for(record.resource, worker)) {
    if (reach.policy != out.policy) continue;
    const policy::Exemption* const exemption =
        reach.exempted == policy::Match::Yes ? reach.exemption : nullptr;
    out.pairs.push_back(pair);
    out.pair_exemptions.push_back(exemption);
    if (record.exempt && out.exemption == nullptr) out.exemption = exemption;
  }
}

void Scan::State::tell_verdict(const Record& record, const policy::Verdict& verdict, Finding& out) const {
  const estate::Resource& resource = *estate.resources()[record.resource];
  out.effect = verdict.effect;
  static_cast<void>(level_of(*out.policy->definition, verdict.effect, out.severity_source));
  const policy::Explanation& explanation = verdict.explanation;
  out.reason = explanation.text;
  out.path = explanation.path;
  if (explanation.value) out.value = arm::to_json(*explanation.value, origins);
  out.location = sources.where(explanation.place ? explanation.place : resource.place);
  if (explanation.value_place) out.value_location = sources.where(explanation.value_place);
  if (verdict.fix) {
    out.fix = verdict.fix->text;
    out.fix_path = verdict.fix->path;
    if (verdict.fix->value) out.fix_value = arm::to_json(*verdict.fix->value, origins);
  }
  if (!verdict.changes.empty()) out.fix.clear();
  for (const policy::Change& change : verdict.changes)
    describe(change, out);
  for (const policy::UnknownUse& use : verdict.unknown)
    out.unknown.emplace_back(use.field, use.origin);
}

/// What modify and append would do is the fix.
void Scan::State::describe(const policy::Change& change, Finding& out) const {
  const std::string text = policy::in_words(change, origins);
  out.fix = out.fix.empty() ? text : out.fix + "; " + text;
  if (out.path.empty()) out.path = change.path;
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
    add(state.summary, worker.summary);
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
