#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "query/detail/timeline.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "activity_counts_metrics plugin", "activity_engagement plugin",
// "activity_metrics plugin", "new_activity_metrics plugin", "active_users_count plugin".

namespace {

using kql::Value;
using People = std::unordered_set<std::size_t>;

std::size_t shared(const People& some, const People& others) {
  return static_cast<std::size_t>(
      std::count_if(some.begin(), some.end(), [&](std::size_t who) { return others.contains(who); }));
}

/// Those of a step.
struct Step {
  std::size_t rows = 0;
  People people;
};
/// By group and number of the step.
using Steps = std::vector<std::map<std::int64_t, Step>>;

Steps steps_of(const Sightings& seen, const Bins& bins) {
  Steps out(seen.of_group.size());
  for (const Sighting& one : seen.all) {
    if (!seen.is_inside(one)) continue;
    Step& step = out[one.group][bins.number(one.where)];
    ++step.rows;
    step.people.insert(one.who);
  }
  return out;
}

Result<Bins> steps_from(const PluginCall& call, std::string_view parameter, Place origin) {
  const Value step = RD_TRY(call.value(parameter));
  return Bins::of(step, origin);
}

Result<Table> activity_counts_metrics(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Bins bins = RD_TRY(steps_from(call, "Step", seen.first));
  TimelineRows out(seen);
  const Steps groups = steps_of(seen, bins);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    People before;
    for (const auto& [number, step] : groups[group]) {
      const std::size_t known = shared(step.people, before);
      before.insert(step.people.begin(), step.people.end());
      RD_TRY(out.add(call, group, {bins.start(number)},
                     {count_value(step.rows), count_value(step.people.size()),
                      count_value(step.people.size() - known), count_value(before.size())}));
    }
  }
  return out.table(call);
}

/// With two arguments in front of the dimensions the third one is the step, whatever it is called.
Result<Bins> metric_steps(const PluginCall& call, const Sightings& seen) {
  const bool short_form = call.argument("Step") == nullptr;
  return steps_from(call, short_form ? "Start" : "Step", seen.first);
}

/// Each step against the one before it. Where nobody was there before, all stay.
Result<Table> activity_metrics(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Bins bins = RD_TRY(metric_steps(call, seen));
  TimelineRows out(seen);
  const Steps groups = steps_of(seen, bins);
  for (std::size_t group = 0; group < groups.size(); ++group)
    for (const auto& [number, step] : groups[group]) {
      const auto before = groups[group].find(number - 1);
      const bool is_first = before == groups[group].end();
      const std::size_t stayed = is_first ? 0 : shared(step.people, before->second.people);
      const double retention =
          is_first ? 1.0 : static_cast<double>(stayed) / static_cast<double>(before->second.people.size());
      RD_TRY(out.add(call, group, {bins.start(number)},
                     {count_value(step.people.size()), count_value(step.people.size() - stayed),
                      Value::of_real(retention), Value::of_real(1.0 - retention)}));
    }
  return out.table(call);
}

/// How many there were in a window that moves along the sightings of one group.
class MovingWindow {
 public:
  explicit MovingWindow(std::vector<const Sighting*> sightings) : sightings_(std::move(sightings)) {}

  /// From `from` to before `to`; neither may go back.
  std::size_t count(Place from, Place to) {
    for (; end_ < sightings_.size() && sightings_[end_]->where < to; ++end_)
      ++times_[sightings_[end_]->who];
    for (; begin_ < end_ && sightings_[begin_]->where < from; ++begin_)
      if (--times_[sightings_[begin_]->who] == 0) times_.erase(sightings_[begin_]->who);
    return times_.size();
  }

 private:
  std::vector<const Sighting*> sightings_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::unordered_map<std::size_t, std::size_t> times_;
};

std::vector<std::vector<const Sighting*>> by_group(const Sightings& seen, Place last) {
  std::vector<std::vector<const Sighting*>> out(seen.of_group.size());
  for (const Sighting& one : seen.all)
    if (one.where <= last) out[one.group].push_back(&one);
  return out;
}

Result<Table> activity_engagement(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Bins bins = RD_TRY(steps_from(call, "InnerActivityWindow", seen.first));
  const Place outer = RD_TRY(place(call, "OuterActivityWindow"));
  TimelineRows out(seen);
  const Steps groups = steps_of(seen, bins);
  const std::vector<std::vector<const Sighting*>> sightings = by_group(seen, seen.last);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    MovingWindow window(sightings[group]);
    for (const auto& [number, step] : groups[group]) {
      const Place end = bins.end(number);
      const std::size_t around = window.count(std::min(end - outer, bins.start(number)), end);
      const double ratio = static_cast<double>(step.people.size()) / static_cast<double>(around);
      RD_TRY(out.add(
          call, group, {bins.start(number)},
          {count_value(step.people.size()), count_value(around), Value::of_real(around == 0 ? 0 : ratio)}));
    }
  }
  return out.table(call);
}

/// Those that an earlier time knows already.
Result<People> looked_back(const PluginCall& call, const Sightings& seen) {
  People out;
  const kql::Expression* const written = call.argument("lookback");
  const kql::Column* const id = call.column("IdColumn");
  if (written == nullptr || written->relation() == nullptr || id == nullptr) return out;
  const Table table = RD_TRY(call.executor().rows(*written->relation()));
  for (const TableColumn& one : table.columns()) {
    if (one.column->name != id->name && table.columns().size() > 1) continue;
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (const auto who = seen.numbers.find(row_key({&one.cells, 1}, row)); who != seen.numbers.end())
        out.insert(who->second);
  }
  return out;
}

/// The cohort of a step: those who come there for the first time.
struct Cohort {
  std::int64_t number = 0;
  People people;
  People before;  ///< those of all steps before it
};

Result<void> add_cohort(const PluginCall& call, const Bins& bins, const std::map<std::int64_t, Step>& steps,
                        std::size_t group, const Cohort& cohort, std::int64_t last, TimelineRows& out) {
  People known = cohort.before;
  known.insert(cohort.people.begin(), cohort.people.end());
  const double size = static_cast<double>(cohort.people.size());
  const People nobody;
  for (std::int64_t number = cohort.number; number <= last; ++number) {
    const auto step = steps.find(number);
    const People& there = step == steps.end() ? nobody : step->second.people;
    const bool is_own = number == cohort.number;
    const std::size_t fresh = is_own ? cohort.people.size() : there.size() - shared(there, known);
    const std::size_t stayed = shared(cohort.people, there);
    RD_TRY(out.add(call, group, {bins.start(cohort.number), bins.start(number)},
                   {count_value(fresh), count_value(stayed), count_value(cohort.people.size() - stayed),
                    Value::of_real(static_cast<double>(stayed) / size),
                    Value::of_real(static_cast<double>(cohort.people.size() - stayed) / size)}));
  }
  return {};
}

/// New people of each step, and who of them is there in it and in each step behind it.
Result<Table> new_activity_metrics(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Bins bins = RD_TRY(steps_from(call, "Window", seen.first));
  const Value only = RD_TRY(call.value("Cohort"));
  const std::optional<Place> asked = place_of(only);
  const People earlier = RD_TRY(looked_back(call, seen));
  TimelineRows out(seen);
  const Steps groups = steps_of(seen, bins);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    People before = earlier;
    for (const auto& [number, step] : groups[group]) {
      RD_TRY(call.budget().spend(before.size()));
      Cohort cohort{number, {}, before};
      for (const std::size_t who : step.people)
        if (before.insert(who).second) cohort.people.insert(who);
      if (cohort.people.empty() || (asked && bins.number(*asked) != number)) continue;
      RD_TRY(add_cohort(call, bins, groups[group], group, cohort, bins.number(seen.last), out));
    }
  }
  return out.table(call);
}

/// How somebody is counted as active.
struct Activity {
  Place window = 0;
  Bins periods;
  std::size_t least = 0;  ///< periods
};

/// The sightings of one group where somebody was there in enough periods of the window that ends with it.
Result<std::vector<const Sighting*>> active(const PluginCall& call,
                                            const std::vector<const Sighting*>& sightings,
                                            const Activity& wanted) {
  std::vector<const Sighting*> out;
  std::unordered_map<std::size_t, std::vector<const Sighting*>> of_person;
  for (const Sighting* one : sightings) {
    std::vector<const Sighting*>& theirs = of_person[one->who];
    theirs.push_back(one);
    std::erase_if(theirs, [&](const Sighting* other) { return other->where <= one->where - wanted.window; });
    RD_TRY(call.budget().spend(theirs.size()));
    std::set<std::int64_t> periods;
    for (const Sighting* other : theirs)
      periods.insert(wanted.periods.number(other->where));
    if (periods.size() >= wanted.least) out.push_back(one);
  }
  return out;
}

Result<Table> active_users_count(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Bins bins = RD_TRY(steps_from(call, "Step", seen.first));
  Activity wanted;
  wanted.window = RD_TRY(place(call, "LookbackWindow"));
  wanted.periods = RD_TRY(steps_from(call, "Period", 0));
  const std::int64_t least = RD_TRY(call.whole("ActivePeriods", 1));
  wanted.least = static_cast<std::size_t>(std::max<std::int64_t>(least, 0));
  TimelineRows out(seen);
  const std::vector<std::vector<const Sighting*>> groups = by_group(seen, seen.last);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    std::map<std::int64_t, People> counted;
    const std::vector<const Sighting*> found = RD_TRY(active(call, groups[group], wanted));
    for (const Sighting* one : found)
      if (seen.is_inside(*one)) counted[bins.number(one->where)].insert(one->who);
    for (const auto& [number, people] : counted)
      RD_TRY(out.add(call, group, {bins.start(number)}, {count_value(people.size())}));
  }
  return out.table(call);
}

constexpr PluginRow kRows[] = {{"active_users_count", active_users_count},
                               {"activity_counts_metrics", activity_counts_metrics},
                               {"activity_engagement", activity_engagement},
                               {"activity_metrics", activity_metrics},
                               {"new_activity_metrics", new_activity_metrics}};

}  // namespace

PluginRows activity_plugins() { return kRows; }

}  // namespace redoubt::query::detail
