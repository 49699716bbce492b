#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "query/detail/patterns.h"

namespace redoubt::query::detail {

namespace {

/// The weight of each row; by itself it is 1.
Result<std::vector<double>> weights_of(const PluginCall& call) {
  const std::shared_ptr<const Cells> written = RD_TRY(call.cells("WeightColumn"));
  std::vector<double> out(call.rows(), 1.0);
  if (written == nullptr) return out;
  for (std::size_t row = 0; row < out.size(); ++row) {
    const kql::Value real = kql::convert((*written)[row], kql::Type::Real);
    out[row] = real.is_null() ? 0 : real.as_real();
  }
  return out;
}

/// The rows of the input that are looked at, equal ones as one.
struct DistinctRows {
  std::vector<std::size_t> first;
  std::vector<SetCounts> counts;
};

Result<DistinctRows> distinct_rows(const PluginCall& call,
                                   std::span<const std::shared_ptr<const Cells>> columns,
                                   const std::vector<std::size_t>& set_of_row) {
  const std::vector<double> weights = RD_TRY(weights_of(call));
  DistinctRows out;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    if (set_of_row[row] > 1 || !(weights[row] > 0)) continue;
    const auto [found, added] = numbers.try_emplace(row_key(columns, row), out.first.size());
    if (added) {
      out.first.push_back(row);
      out.counts.emplace_back();
    }
    out.counts[found->second][set_of_row[row]] += weights[row];
  }
  return out;
}

}  // namespace

Result<PatternRows> pattern_rows(const PluginCall& call, const std::vector<std::size_t>& set_of_row,
                                 const std::vector<const kql::Column*>& left_out) {
  PatternRows out;
  std::vector<std::shared_ptr<const Cells>> cells;
  const std::span<const TableColumn> columns = call.input().columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::find(left_out.begin(), left_out.end(), columns[i].column) != left_out.end()) continue;
    out.columns.push_back(i);
    cells.push_back(columns[i].cells);
  }
  DistinctRows rows = RD_TRY(distinct_rows(call, cells, set_of_row));
  RD_TRY(call.budget().spend(rows.first.size() * cells.size()));
  for (const std::shared_ptr<const Cells>& one : cells) {
    std::unordered_map<std::string, std::uint32_t> numbers;
    std::vector<std::uint32_t>& values = out.values.emplace_back();
    std::vector<std::size_t>& examples = out.examples.emplace_back();
    for (const std::size_t row : rows.first) {
      const auto number = static_cast<std::uint32_t>(numbers.size());
      const auto [found, added] = numbers.try_emplace(row_key({&one, 1}, row), number);
      if (added) examples.push_back(row);
      values.push_back(found->second);
    }
  }
  out.counts = std::move(rows.counts);
  for (const SetCounts& one : out.counts)
    for (std::size_t set = 0; set < one.size(); ++set)
      out.totals[set] += one[set];
  return out;
}

std::size_t Pattern::dimensions() const {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](std::uint32_t value) { return value != kAny; }));
}

bool Pattern::is_part_of(const Pattern& other) const {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != kAny && values[i] != other.values[i]) return false;
  return true;
}

namespace {

/// A pattern and the rows that have it.
struct Found {
  Pattern pattern;
  std::vector<std::uint32_t> rows;
};

class Miner {
 public:
  Miner(Budget& budget, const PatternRows& rows, double share)
      : budget_(budget), rows_(rows), share_(share) {}

  Result<std::vector<Pattern>> run(std::size_t most) {
    std::vector<std::uint32_t> all(rows_.counts.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<std::uint32_t>(i);
    if (all.empty()) return std::vector<Pattern>();
    std::vector<Found> front;
    add(std::move(all), front);
    for (std::size_t level = 0; level < most && !front.empty(); ++level) {
      std::vector<Found> next;
      for (const Found& one : front)
        RD_TRY(extend(one, next));
      front = std::move(next);
    }
    return std::move(patterns_);
  }

 private:
  bool is_frequent(const SetCounts& counts) const {
    for (std::size_t set = 0; set < counts.size(); ++set)
      if (rows_.totals[set] > 0 && counts[set] >= share_ * rows_.totals[set]) return true;
    return false;
  }

  /// All that the rows have in common.
  Pattern common(const std::vector<std::uint32_t>& rows) const {
    Pattern out;
    for (const std::vector<std::uint32_t>& values : rows_.values) {
      const std::uint32_t first = values[rows.front()];
      const bool same =
          std::all_of(rows.begin(), rows.end(), [&](std::uint32_t row) { return values[row] == first; });
      out.values.push_back(same ? first : Pattern::kAny);
    }
    for (const std::uint32_t row : rows)
      for (std::size_t set = 0; set < out.counts.size(); ++set)
        out.counts[set] += rows_.counts[row][set];
    return out;
  }

  void add(std::vector<std::uint32_t> rows, std::vector<Found>& to) {
    Pattern pattern = common(rows);
    const std::string key(reinterpret_cast<const char*>(pattern.values.data()),
                          pattern.values.size() * sizeof(std::uint32_t));
    if (!seen_.insert(key).second) return;
    if (pattern.dimensions() > 0) patterns_.push_back(pattern);
    to.push_back({std::move(pattern), std::move(rows)});
  }

  /// With one more value asked for.
  Result<void> extend(const Found& one, std::vector<Found>& to) {
    for (std::size_t dimension = 0; dimension < rows_.values.size(); ++dimension) {
      if (one.pattern.values[dimension] != Pattern::kAny) continue;
      RD_TRY(budget_.spend(one.rows.size()));
      std::map<std::uint32_t, SetCounts> counted;
      for (const std::uint32_t row : one.rows)
        for (std::size_t set = 0; set < rows_.totals.size(); ++set)
          counted[rows_.values[dimension][row]][set] += rows_.counts[row][set];
      std::erase_if(counted, [&](const auto& value) { return !is_frequent(value.second); });
      std::map<std::uint32_t, std::vector<std::uint32_t>> split;
      for (const std::uint32_t row : one.rows)
        if (const std::uint32_t value = rows_.values[dimension][row]; counted.contains(value))
          split[value].push_back(row);
      for (auto& [value, rows] : split)
        add(std::move(rows), to);
    }
    return {};
  }

  Budget& budget_;
  const PatternRows& rows_;
  double share_;
  std::unordered_set<std::string> seen_;
  std::vector<Pattern> patterns_;
};

}  // namespace

Result<std::vector<Pattern>> frequent_patterns(Budget& budget, const PatternRows& rows, double share,
                                               std::size_t most) {
  return Miner(budget, rows, share).run(most);
}

}  // namespace redoubt::query::detail
