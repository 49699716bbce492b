#include "query/detail/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time.h"
#include "query/detail/keys.h"

namespace redoubt::query::detail {

using kql::Type;
using kql::Value;

namespace {

constexpr Place kMostBins = 1e18L;                               ///< what lies further is in the last
constexpr Place kSunday = 6 * static_cast<Place>(kTicksPerDay);  ///< the first one, 0001-01-07

std::int64_t month_number(Place place) {
  const CivilTime civil = civil_time({static_cast<std::int64_t>(place)});
  return (civil.year - 1) * std::int64_t{12} + civil.month - 1;
}

}  // namespace

std::optional<Place> place_of(const Value& value) {
  if (value.is_null()) return std::nullopt;
  switch (value.type()) {
    case Type::Int:
    case Type::Long:
      return static_cast<Place>(value.as_long());
    case Type::DateTime:
    case Type::Timespan:
      return static_cast<Place>(value.ticks());
    case Type::Real:
    case Type::Decimal: {
      const Value real = kql::convert(value, Type::Real);
      if (real.is_null() || !std::isfinite(real.as_real())) return std::nullopt;
      return static_cast<Place>(real.as_real());
    }
    default:
      return std::nullopt;
  }
}

Value value_at(Place place, Type type) {
  constexpr Place kMost = 9.2e18L;
  if (type == Type::Real || type == Type::Decimal)
    return kql::convert(Value::of_real(static_cast<double>(place)), type);
  if (!(place > -kMost && place < kMost)) return Value::null(type);
  const auto whole = static_cast<std::int64_t>(place);
  if (type == Type::DateTime) return Value::of_datetime(whole);
  if (type == Type::Timespan) return Value::of_timespan(whole);
  return kql::convert(Value::of_long(whole), type);
}

Result<Place> place(const PluginCall& call, std::string_view parameter) {
  const Value value = RD_TRY(call.value(parameter));
  const std::optional<Place> out = place_of(value);
  if (!out)
    return refused(
        fmt::format("{} needs a number, datetime or timespan: {}", call.relation().name, parameter));
  return *out;
}

Result<Bins> Bins::of(const Value& step, Place origin) {
  Bins out;
  out.origin_ = origin;
  const std::string word = step.is(Type::String) ? kql::to_text(step) : std::string();
  if (word == "week") {
    out.origin_ = kSunday;
    out.length_ = 7 * static_cast<Place>(kTicksPerDay);
    return out;
  }
  if (word == "month" || word == "year") {
    out.months_ = word == "month" ? 1 : 12;
    return out;
  }
  const std::optional<Place> length = place_of(step);
  if (!length || *length <= 0) return refused(fmt::format("this is no step: {}", kql::to_text(step)));
  out.length_ = *length;
  return out;
}

std::int64_t Bins::number(Place place) const {
  if (months_ != 0) return month_number(place) / months_;
  return static_cast<std::int64_t>(
      std::clamp(std::floor((place - origin_) / length_), -kMostBins, kMostBins));
}

Place Bins::start(std::int64_t number) const {
  if (months_ == 0) return origin_ + static_cast<Place>(number) * length_;
  const std::int64_t month = number * months_;
  const std::optional<Instant> at =
      instant_of({.year = static_cast<int>(month / 12) + 1, .month = static_cast<int>(month % 12) + 1});
  return static_cast<Place>(at.value_or(kLastInstant).ticks);
}

namespace {

/// From where to where the analysis goes.
Result<void> find_ends(const PluginCall& call, Sightings& out) {
  if (call.argument("Start") == nullptr || call.argument("End") == nullptr) {
    out.first = out.all.empty() ? 0 : out.all.front().where;
    out.last = out.all.empty() ? 0 : out.all.back().where;
    return {};
  }
  out.first = RD_TRY(place(call, "Start"));
  out.last = RD_TRY(place(call, "End"));
  return {};
}

}  // namespace

Result<Sightings> sightings(const PluginCall& call) {
  Sightings out;
  const std::shared_ptr<const Cells> timeline = RD_TRY(call.cells("TimelineColumn"));
  const std::shared_ptr<const Cells> ids = RD_TRY(call.cells("IdColumn"));
  if (timeline == nullptr || ids == nullptr)
    return refused(fmt::format("{} needs a column of ids and one of times", call.relation().name));
  const std::vector<std::shared_ptr<const Cells>> dimensions = RD_TRY(call.all_cells("Dimension"));
  const Groups groups = grouped(dimensions, call.rows());
  out.of_group = groups.first;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    const std::optional<Place> where = place_of((*timeline)[row]);
    if (!where) continue;
    std::string key;
    append_key(key, (*ids)[row]);
    const std::size_t who = out.numbers.try_emplace(std::move(key), out.numbers.size()).first->second;
    out.all.push_back({who, groups.of_row[row], *where, row});
  }
  std::stable_sort(out.all.begin(), out.all.end(),
                   [](const Sighting& a, const Sighting& b) { return a.where < b.where; });
  RD_TRY(find_ends(call, out));
  return out;
}

Result<void> TimelineRows::add(const PluginCall& call, std::size_t group, std::vector<Place> places,
                               std::vector<Value> values) {
  RD_TRY(call.budget().spend(places.size() + values.size()));
  rows_.push_back({group, std::move(places), std::move(values)});
  return {};
}

Result<Table> TimelineRows::table(const PluginCall& call) const {
  const kql::Column* const timeline = call.column("TimelineColumn");
  const Type type = timeline == nullptr ? Type::DateTime : timeline->type;
  const std::vector<std::shared_ptr<const Cells>> dimensions = RD_TRY(call.all_cells("Dimension"));
  const std::size_t width = call.relation().columns.size();
  std::vector<Cells> cells(width);
  for (const Row& row : rows_) {
    std::size_t at = 0;
    const auto add = [&](Value value) {
      if (at < width) cells[at++].push_back(std::move(value));
    };
    for (const Place one : row.places)
      add(value_at(one, type));
    for (const std::shared_ptr<const Cells>& one : dimensions)
      add((*one)[sightings_->of_group[row.group]]);
    for (const Value& one : row.values)
      add(one);
    while (at < width)
      add({});
  }
  PluginTable out(call, rows_.size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

}  // namespace redoubt::query::detail
