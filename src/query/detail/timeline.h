#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/detail/plugin.h"

/// What plugins that look along a timeline share.
namespace redoubt::query::detail {

/// A place on a timeline of datetimes, timespans or numbers; it holds every long and tick as it is.
using Place = long double;

/// Nothing: the value is null, or no place.
std::optional<Place> place_of(const kql::Value& value);
kql::Value value_at(Place place, kql::Type type);

/// The place that an argument is. Errors: QRY0006 it is none.
Result<Place> place(const PluginCall& call, std::string_view parameter);

/// A timeline cut into steps of one length, or into weeks, months or years; numbered in order.
class Bins {
 public:
  /// Of an argument that is a length, or one of the words `week`, `month`, `year`. Steps of a length start at
  /// `origin`. Errors: QRY0006 no length that leads on.
  static Result<Bins> of(const kql::Value& step, Place origin);

  std::int64_t number(Place place) const;
  Place start(std::int64_t number) const;
  Place end(std::int64_t number) const { return start(number + 1); }

 private:
  Place origin_ = 0;
  Place length_ = 1;
  std::int64_t months_ = 0;  ///< 0: steps of a length
};

/// A row of the input: somebody is there at some place.
struct Sighting {
  std::size_t who = 0;
  std::size_t group = 0;  ///< rows with the same dimensions
  Place where = 0;
  std::size_t row = 0;
};

/// The rows of the input that have a place.
struct Sightings {
  std::vector<Sighting> all;                             ///< in the order of their places
  std::vector<std::size_t> of_group;                     ///< a row of each group
  std::unordered_map<std::string, std::size_t> numbers;  ///< of ids, by their keys
  Place first = 0;                                       ///< from here ...
  Place last = 0;                                        ///< ... to here the analysis goes, both included

  bool is_inside(const Sighting& one) const { return one.where >= first && one.where <= last; }
};

/// By the arguments IdColumn, TimelineColumn, Dimension, Start and End; without the last two from the first
/// to the last place.
Result<Sightings> sightings(const PluginCall& call);

/// The rows of a table of which the first column is the timeline, then come the dimensions, then values.
class TimelineRows {
 public:
  explicit TimelineRows(const Sightings& sightings) : sightings_(&sightings) {}

  /// Errors: those of the budget.
  Result<void> add(const PluginCall& call, std::size_t group, std::vector<Place> places,
                   std::vector<kql::Value> values);
  Result<Table> table(const PluginCall& call) const;

 private:
  struct Row {
    std::size_t group = 0;
    std::vector<Place> places;
    std::vector<kql::Value> values;
  };
  const Sightings* sightings_;
  std::vector<Row> rows_;
};

inline kql::Value count_value(std::size_t count) {
  return kql::Value::of_long(static_cast<std::int64_t>(count));
}

}  // namespace redoubt::query::detail
