#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "kql/json_text.h"
#include "query/detail/timeline.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "funnel_sequence plugin", "funnel_sequence_completion plugin",
// "sequence_detect plugin".

namespace {

using kql::Type;
using kql::Value;

/// The elements of a constant array.
Result<std::vector<Value>> elements_of(const PluginCall& call, std::string_view parameter) {
  const Value list = RD_TRY(call.value(parameter));
  std::vector<Value> out;
  if (list.is(Type::Dynamic) && !list.is_null() && kql::json_kind(list.json()) == kql::JsonKind::Array)
    for (const std::string_view one : kql::json_elements(list.json()))
      out.push_back(kql::unwrap(Value::of_dynamic(std::string(one))));
  if (out.empty()) return refused("a funnel needs an array that is not empty", std::string(parameter));
  return out;
}

/// A state that somebody is in.
struct State {
  Place where = 0;
  std::string text;
  std::size_t row = 0;
};
/// Of each person, in order; the same one behind itself once.
using Journeys = std::map<std::size_t, std::vector<State>>;

Result<Journeys> journeys(const PluginCall& call, const Sightings& seen, bool collapsed) {
  const std::shared_ptr<const Cells> states = RD_TRY(call.cells("StateColumn"));
  if (states == nullptr) return refused("a funnel needs a column of states");
  Journeys out;
  for (const Sighting& one : seen.all) {
    if (!seen.is_inside(one)) continue;
    std::vector<State>& theirs = out[one.who];
    std::string text = kql::to_text((*states)[one.row]);
    if (collapsed && !theirs.empty() && theirs.back().text == text)
      theirs.back().where = one.where;
    else
      theirs.push_back({one.where, std::move(text), one.row});
  }
  return out;
}

/// Who came from where to where through a sequence, by the step in which the sequence began.
struct Passage {
  std::int64_t step = 0;
  std::string from;
  std::string to;

  auto operator<=>(const Passage&) const = default;
};
using Passages = std::map<Passage, std::set<std::size_t>>;

/// The rows of ids, for samples.
using RowOfPerson = std::unordered_map<std::size_t, std::size_t>;

/// A funnel that is looked for.
struct Funnel {
  std::vector<std::string> states;
  Place window = 0;  ///< between two states
};

void find_passages(const std::vector<State>& journey, std::size_t who, const Funnel& funnel, const Bins& bins,
                   Passages& out) {
  const std::size_t length = funnel.states.size();
  const auto follows = [&](std::size_t at) {
    return journey[at].where - journey[at - 1].where <= funnel.window;
  };
  for (std::size_t begin = 0; begin + length <= journey.size(); ++begin) {
    std::size_t matched = 0;
    while (matched < length && journey[begin + matched].text == funnel.states[matched] &&
           (matched == 0 || follows(begin + matched)))
      ++matched;
    if (matched < length) continue;
    const std::size_t end = begin + length;
    out[{bins.number(journey[begin].where), begin > 0 && follows(begin) ? journey[begin - 1].text : "",
         end < journey.size() && follows(end) ? journey[end].text : ""}]
        .insert(who);
  }
}

constexpr std::size_t kMostSamples = 128;

Value samples(const std::set<std::size_t>& people, const RowOfPerson& rows, const Cells& ids) {
  std::string json = "[";
  std::size_t count = 0;
  for (const std::size_t who : people) {
    if (count++ == kMostSamples) break;
    json += (json.size() > 1 ? "," : "") + kql::to_json(ids[rows.at(who)]);
  }
  return Value::of_dynamic(json + "]");
}

/// What a table of passages is made of.
struct PassageSource {
  const Passages& passages;
  const RowOfPerson& rows;
  const Cells& ids;
  const Bins& bins;
  Type timeline = Type::DateTime;
  Type state = Type::String;
};

/// Those with the same step and end together, where the other end does not count.
Passages without(const Passages& passages, bool from) {
  Passages out;
  for (const auto& [passage, people] : passages)
    out[{passage.step, from ? "" : passage.from, from ? passage.to : ""}].insert(people.begin(),
                                                                                 people.end());
  return out;
}

std::vector<Cells> passage_cells(const PassageSource& source, const Passages& passages) {
  std::vector<Cells> out(5);
  for (const auto& [passage, people] : passages) {
    out[0].push_back(value_at(source.bins.start(passage.step), source.timeline));
    out[1].push_back(as_cell(Value::of_string(passage.from), source.state));
    out[2].push_back(as_cell(Value::of_string(passage.to), source.state));
    out[3].push_back(count_value(people.size()));
    out[4].push_back(samples(people, source.rows, source.ids));
  }
  return out;
}

/// The second and third table: by where they came from, by where they went.
Table one_sided(const PluginCall& call, const PassageSource& source, bool from) {
  const Passages passages = without(source.passages, !from);
  std::vector<Cells> cells = passage_cells(source, passages);
  Table out(passages.size());
  const kql::ColumnList columns = call.relation().columns;
  const std::size_t left_out = from ? 2 : 1;
  for (std::size_t i = 0; i < cells.size() && i < columns.size(); ++i)
    if (i != left_out) out.add(columns[i], std::move(cells[i]));
  return out;
}

Result<Table> funnel_sequence(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Value step = RD_TRY(call.value("Step"));
  const Bins bins = RD_TRY(Bins::of(step, seen.first));
  Funnel funnel;
  funnel.window = RD_TRY(place(call, "MaxWindowSizeBetweenSteps"));
  const std::vector<Value> sequence = RD_TRY(elements_of(call, "Sequence"));
  for (const Value& state : sequence)
    funnel.states.push_back(kql::to_text(state));
  const Journeys all = RD_TRY(journeys(call, seen, true));
  Passages passages;
  RowOfPerson rows;
  for (const auto& [who, journey] : all) {
    RD_TRY(call.budget().spend(journey.size()));
    rows[who] = journey.front().row;
    find_passages(journey, who, funnel, bins, passages);
  }
  const std::shared_ptr<const Cells> ids = RD_TRY(call.cells("IdColumn"));
  const kql::ColumnList columns = call.relation().columns;
  if (columns.size() != 5) return refused("funnel_sequence needs columns of times and states");
  const PassageSource source{passages, rows, *ids, bins, columns[0]->type, columns[1]->type};
  PluginTable out(call, passages.size());
  for (Cells& cells : passage_cells(source, passages))
    out.add(std::move(cells));
  call.executor().give_too(call.relation(), {one_sided(call, source, true), one_sided(call, source, false)});
  return std::move(out).table();
}

/// How many states of a sequence somebody reaches who begins at `begin`, all within the window.
std::size_t reached(const std::vector<State>& journey, std::size_t begin, const Funnel& funnel) {
  std::size_t out = 1;
  for (std::size_t at = begin + 1; at < journey.size() && out < funnel.states.size(); ++at) {
    if (journey[at].where - journey[begin].where > funnel.window) break;
    if (journey[at].text == funnel.states[out]) ++out;
  }
  return out;
}

/// For each step, each state of the sequence and each time that one may take: how many came so far.
Result<Table> funnel_sequence_completion(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Value step = RD_TRY(call.value("BinSize"));
  const Bins bins = RD_TRY(Bins::of(step, seen.first));
  Funnel funnel;
  const std::vector<Value> sequence = RD_TRY(elements_of(call, "Sequence"));
  for (const Value& state : sequence)
    funnel.states.push_back(kql::to_text(state));
  const std::vector<Value> periods = RD_TRY(elements_of(call, "MaxSequencePeriods"));
  const Journeys all = RD_TRY(journeys(call, seen, false));
  std::vector<Cells> cells(4);
  for (const Value& written : periods) {
    const Value period = kql::convert(written, Type::Timespan);
    funnel.window = place_of(period).value_or(0);
    std::map<std::int64_t, std::vector<std::set<std::size_t>>> counted;
    for (const auto& [who, journey] : all)
      for (std::size_t begin = 0; begin < journey.size(); ++begin) {
        RD_TRY(call.budget().spend(1));
        if (journey[begin].text != funnel.states.front()) continue;
        std::vector<std::set<std::size_t>>& states = counted[bins.number(journey[begin].where)];
        states.resize(funnel.states.size());
        const std::size_t count = reached(journey, begin, funnel);
        for (std::size_t i = 0; i < count; ++i)
          states[i].insert(who);
      }
    for (const auto& [number, states] : counted)
      for (std::size_t i = 0; i < states.size(); ++i) {
        cells[0].push_back(value_at(bins.start(number), call.relation().columns.front()->type));
        cells[1].push_back(Value::of_string(funnel.states[i]));
        cells[2].push_back(period);
        cells[3].push_back(count_value(states[i].size()));
      }
  }
  PluginTable out(call, cells.front().size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

/// Times at which the predicates of a sequence hold, by predicate; each once, in order.
using StepTimes = std::vector<std::set<Place>>;

/// The windows of sequence_detect.
struct SequenceWindows {
  Place step = 0;
  Place whole = 0;
};

/// All ways through the steps, each time not before the one ahead of it.
class SequenceSearch {
 public:
  SequenceSearch(const StepTimes& steps, const SequenceWindows& windows) : steps_(steps), windows_(windows) {}

  /// Gives each sequence to `found`, which may stop the search. Errors: its own.
  Result<void> run(Budget& budget, const std::function<Result<void>(const std::vector<Place>&)>& found) {
    std::vector<Place> places;
    std::vector<std::set<Place>::const_iterator> at;
    at.push_back(steps_.front().begin());
    for (std::size_t tried = 0; !at.empty(); ++tried) {
      if (tried % kRowsBetweenChecks == 0) RD_TRY(budget.spend(0));
      const std::size_t step = at.size() - 1;
      places.resize(step);
      if (at.back() == steps_[step].end() || !fits(places, *at.back())) {
        at.pop_back();
        continue;
      }
      places.push_back(*at.back()++);
      if (at.size() < steps_.size())
        at.push_back(steps_[at.size()].lower_bound(places.back()));
      else
        RD_TRY(found(places));
    }
    return {};
  }

 private:
  bool fits(const std::vector<Place>& places, Place next) const {
    return places.empty() ||
           (next - places.back() <= windows_.step && next - places.front() <= windows_.whole);
  }

  const StepTimes& steps_;
  SequenceWindows windows_;
};

Result<std::vector<StepTimes>> times_of_steps(const PluginCall& call, const Groups& groups,
                                              const Cells& timeline) {
  const std::vector<std::shared_ptr<const Cells>> steps = RD_TRY(call.all_cells("Expr"));
  std::vector<StepTimes> out(groups.first.size(), StepTimes(steps.size()));
  for (std::size_t row = 0; row < call.rows(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    const std::optional<Place> where = place_of(timeline[row]);
    for (std::size_t i = 0; where && i < steps.size(); ++i) {
      const Value holds = kql::convert((*steps[i])[row], Type::Bool);
      if (!holds.is_null() && holds.as_bool()) out[groups.of_row[row]][i].insert(*where);
    }
  }
  return out;
}

/// Dimensions, the time of each step, and how long it took from the first to the last.
Result<Table> sequence_detect(const PluginCall& call) {
  const std::shared_ptr<const Cells> timeline = RD_TRY(call.cells("TimelineColumn"));
  const kql::Column* const column = call.column("TimelineColumn");
  if (timeline == nullptr || column == nullptr || call.argument("Expr") == nullptr)
    return refused("sequence_detect needs a column of times and conditions");
  SequenceWindows windows;
  windows.step = RD_TRY(place(call, "MaxSeqeunceStepWindow"));
  windows.whole = RD_TRY(place(call, "MaxSequenceSpan"));
  const std::vector<std::shared_ptr<const Cells>> dimensions = RD_TRY(call.all_cells("Dimension"));
  const Groups groups = grouped(dimensions, call.rows());
  const std::vector<StepTimes> steps = RD_TRY(times_of_steps(call, groups, *timeline));
  std::vector<Cells> cells(call.relation().columns.size());
  for (std::size_t group = 0; group < steps.size(); ++group) {
    const auto add = [&](const std::vector<Place>& places) -> Result<void> {
      RD_TRY(call.budget().spend(cells.size()));
      std::size_t at = 0;
      for (const std::shared_ptr<const Cells>& one : dimensions)
        cells[at++].push_back((*one)[groups.first[group]]);
      for (const Place place : places)
        cells[at++].push_back(value_at(place, column->type));
      cells[at].push_back(value_at(places.back() - places.front(), Type::Timespan));
      return {};
    };
    RD_TRY(SequenceSearch(steps[group], windows).run(call.budget(), add));
  }
  PluginTable out(call, cells.front().size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

constexpr PluginRow kRows[] = {{"funnel_sequence", funnel_sequence},
                               {"funnel_sequence_completion", funnel_sequence_completion},
                               {"sequence_detect", sequence_detect}};

}  // namespace

PluginRows funnel_plugins() { return kRows; }

}  // namespace redoubt::query::detail
