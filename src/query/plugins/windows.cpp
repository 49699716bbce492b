#include <algorithm>
#include <cmath>
#include <map>

#include "query/detail/timeline.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "sliding_window_counts plugin", "session_count plugin",
// "rolling_percentile plugin", "rows_near plugin".

namespace {

using kql::Value;

/// For each step: the rows of the window that ends with it.
Result<Table> sliding_window_counts(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Value step = RD_TRY(call.value("Step"));
  const Bins bins = RD_TRY(Bins::of(step, seen.first));
  const Place window = RD_TRY(place(call, "LookBackWindow"));
  const std::int64_t first = bins.number(seen.first);
  const std::int64_t last = bins.number(seen.last);
  struct Counts {
    std::size_t rows = 0;
    std::unordered_map<std::size_t, bool> people;
  };
  std::map<std::pair<std::int64_t, std::size_t>, Counts> counted;
  for (const Sighting& one : seen.all) {
    if (one.where > seen.last) continue;
    for (std::int64_t number = std::max(bins.number(one.where), first);
         number <= last && bins.end(number) - window <= one.where; ++number) {
      RD_TRY(call.budget().spend(1));
      Counts& counts = counted[{number, one.group}];
      ++counts.rows;
      counts.people[one.who] = true;
    }
  }
  TimelineRows out(seen);
  for (const auto& [key, counts] : counted)
    RD_TRY(out.add(call, key.second, {bins.start(key.first)},
                   {count_value(counts.rows), count_value(counts.people.size())}));
  return out.table(call);
}

/// Sessions by the step that they begin in: somebody who was not there within the window before. Steps are
/// multiples of their length, whatever the start.
Result<Table> session_count(const PluginCall& call) {
  const Sightings seen = RD_TRY(sightings(call));
  const Value step = RD_TRY(call.value("Bin"));
  const Bins bins = RD_TRY(Bins::of(step, 0));
  const Place window = RD_TRY(place(call, "LookBackWindow"));
  std::map<std::pair<std::size_t, std::size_t>, Place> last_seen;
  std::map<std::pair<std::int64_t, std::size_t>, std::size_t> counted;
  for (const Sighting& one : seen.all) {
    const auto [before, is_first] = last_seen.try_emplace({one.group, one.who}, one.where);
    const bool begins = is_first || one.where - before->second >= window;
    before->second = one.where;
    if (begins && seen.is_inside(one)) ++counted[{bins.number(one.where), one.group}];
  }
  TimelineRows out(seen);
  for (const auto& [key, sessions] : counted)
    RD_TRY(out.add(call, key.second, {bins.start(key.first)}, {count_value(sessions)}));
  return out.table(call);
}

/// The value at a percentile: the smallest that so much of all does not go beyond.
Value percentile_of(std::vector<Value> values, double percentile) {
  if (values.empty()) return {};
  const double rank = std::ceil(percentile / 100.0 * static_cast<double>(values.size()));
  const auto at = static_cast<std::size_t>(std::clamp(rank - 1, 0.0, static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end(),
                   [](const Value& a, const Value& b) { return kql::order_of(a, b) < 0; });
  return values[at];
}

/// The values of a group by the step they are in.
using StepValues = std::map<std::int64_t, std::vector<Value>>;

Result<std::vector<StepValues>> values_by_step(const PluginCall& call, const Bins& bins,
                                               const Groups& groups) {
  const std::shared_ptr<const Cells> values = RD_TRY(call.cells("ValueColumn"));
  const std::shared_ptr<const Cells> index = RD_TRY(call.cells("IndexColumn"));
  std::vector<StepValues> out(groups.first.size());
  for (std::size_t row = 0; row < call.rows(); ++row) {
    const std::optional<Place> where = place_of((*index)[row]);
    if (!where || !place_of((*values)[row])) continue;
    out[groups.of_row[row]][bins.number(*where)].push_back((*values)[row]);
  }
  return out;
}

Result<Table> rolling_percentile(const PluginCall& call) {
  const kql::Column* const index = call.column("IndexColumn");
  const kql::Column* const measured = call.column("ValueColumn");
  if (index == nullptr || measured == nullptr) return refused("rolling_percentile needs its columns");
  const double percentile = RD_TRY(call.real("Percentile", 50));
  const std::int64_t steps = RD_TRY(call.whole("BinsPerWindow", 1));
  const Value size = RD_TRY(call.value("BinSize"));
  const Bins bins = RD_TRY(Bins::of(size, 0));
  const std::vector<std::shared_ptr<const Cells>> dimensions = RD_TRY(call.all_cells("Dimension"));
  const Groups groups = grouped(dimensions, call.rows());
  const std::vector<StepValues> values = RD_TRY(values_by_step(call, bins, groups));
  std::vector<Cells> cells(dimensions.size() + 2);
  for (std::size_t group = 0; group < values.size(); ++group)
    for (const auto& [number, own] : values[group]) {
      std::vector<Value> window;
      for (auto at = values[group].lower_bound(number - std::max<std::int64_t>(steps, 1) + 1);
           at != values[group].upper_bound(number); ++at)
        window.insert(window.end(), at->second.begin(), at->second.end());
      RD_TRY(call.budget().spend(window.size()));
      cells.front().push_back(value_at(bins.start(number), index->type));
      for (std::size_t i = 0; i < dimensions.size(); ++i)
        cells[i + 1].push_back((*dimensions[i])[groups.first[group]]);
      cells.back().push_back(percentile_of(std::move(window), percentile));
    }
  PluginTable out(call, cells.front().size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

/// Rows for which the condition holds, and so many before and behind each.
Result<Table> rows_near(const PluginCall& call) {
  const kql::Expression* const condition = call.argument("Condition");
  if (condition == nullptr) return refused("rows_near needs a condition");
  const std::int64_t before = RD_TRY(call.whole("NumRows", 0));
  const std::int64_t behind = RD_TRY(call.whole("NumRowsAfter", before));
  const std::vector<std::size_t> found = RD_TRY(rows_where(call.operation(), {condition}, call.input()));
  const auto most = static_cast<std::int64_t>(call.rows());
  std::vector<std::size_t> rows;
  std::int64_t next = 0;
  for (const std::size_t row : found) {
    const auto at = static_cast<std::int64_t>(row);
    const std::int64_t end = std::min(most, at + std::clamp<std::int64_t>(behind, 0, most) + 1);
    for (next = std::max(next, at - std::clamp<std::int64_t>(before, 0, most)); next < end; ++next)
      rows.push_back(static_cast<std::size_t>(next));
  }
  return call.input().take(rows);
}

constexpr PluginRow kRows[] = {{"rolling_percentile", rolling_percentile},
                               {"rows_near", rows_near},
                               {"session_count", session_count},
                               {"sliding_window_counts", sliding_window_counts}};

}  // namespace

PluginRows window_plugins() { return kRows; }

}  // namespace redoubt::query::detail
