#include <algorithm>

#include "posture/detail/scan_state.h"

namespace redoubt::posture {

using policy::State;

namespace {

bool is_asked(const ScanTask& task, std::uint32_t policy) {
  return task.all || std::binary_search(task.policies.begin(), task.policies.end(), policy);
}

/// Of a rule on objects that only another system sees.
policy::Verdict verdict_of_objects(const PlannedPolicy& planned) {
  policy::Verdict out;
  out.state = planned.compiled->known_effect() == "disabled" ? State::NotApplicable : State::Unknown;
  return out;
}

}  // namespace

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
  worker.summary.count(record.state, record.exempt);
  const bool quiet = record.state == policy::State::Compliant || record.state == policy::State::NotApplicable;
  if (quiet && !options.all) {
    if (options.keep_quiet) worker.unreported.push_back(record);
    return;
  }
  std::string_view source;
  record.severity = level_of(*planned.definition, record.manual ? "manual" : verdict.effect, source);
  worker.records.push_back(record);
}

}  // namespace redoubt::posture
