#include <algorithm>
#include <cmath>
#include <map>

#include "query/detail/patterns.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "autocluster plugin", "basket plugin", "diffpatterns plugin"; order
// and choice of the patterns follow the examples of those pages, since the reference leaves them open. Where
// the engine draws samples, all rows are looked at here, so that the same rows always give the same patterns.

namespace {

using kql::Type;
using kql::Value;

/// What stands where a pattern does not ask for a value.
class Wildcards {
 public:
  static Result<Wildcards> of(const PluginCall& call) {
    Wildcards out;
    for (const kql::Expression* one : call.arguments("CustomWildcard")) {
      Value value = RD_TRY(call.executor().constant(*one));
      out.by_type_.insert_or_assign(value.type(), std::move(value));
    }
    return out;
  }
  Value of(Type type) const {
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? Value::null(type) : found->second;
  }

 private:
  std::map<Type, Value> by_type_;
};

/// The table of patterns: numbers that `measures` gives for each, then the columns of the input.
using Measures = std::vector<Value> (*)(const Pattern& pattern, const PatternRows& rows);

Result<Table> table_of(const PluginCall& call, const PatternRows& rows, const std::vector<Pattern>& patterns,
                       Measures measures) {
  const Wildcards wildcards = RD_TRY(Wildcards::of(call));
  const std::size_t first = measures(Pattern(), rows).size() + 1;
  const std::span<const TableColumn> input = call.input().columns();
  RD_TRY(call.budget().spend(patterns.size() * (first + input.size())));
  std::vector<Cells> cells(first + input.size());
  for (std::size_t number = 0; number < patterns.size(); ++number) {
    const Pattern& pattern = patterns[number];
    std::size_t at = 0;
    cells[at++].push_back(Value::of_long(static_cast<std::int64_t>(number)));
    for (Value& one : measures(pattern, rows))
      cells[at++].push_back(std::move(one));
    for (const TableColumn& one : input)
      cells[at++].push_back(wildcards.of(one.column->type));
    for (std::size_t i = 0; i < pattern.values.size(); ++i)
      if (pattern.values[i] != Pattern::kAny) {
        const std::size_t column = rows.columns[i];
        cells[first + column].back() = (*input[column].cells)[rows.examples[i][pattern.values[i]]];
      }
  }
  PluginTable out(call, patterns.size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

double share_of(const Pattern& pattern, const PatternRows& rows, std::size_t set) {
  return rows.totals[set] > 0 ? pattern.counts[set] / rows.totals[set] : 0;
}

Value count_of(double count) { return Value::of_long(static_cast<std::int64_t>(std::llround(count))); }

std::vector<Value> count_and_percent(const Pattern& pattern, const PatternRows& rows) {
  return {count_of(pattern.counts[0]), Value::of_real(100.0 * share_of(pattern, rows, 0))};
}

/// Those that say most about most rows first.
void sort_by_size(std::vector<Pattern>& patterns) {
  const auto size = [](const Pattern& one) { return one.counts[0] * static_cast<double>(one.dimensions()); };
  std::stable_sort(patterns.begin(), patterns.end(),
                   [&](const Pattern& a, const Pattern& b) { return size(a) > size(b); });
}

std::vector<const kql::Column*> weight_column(const PluginCall& call) {
  return {call.column("WeightColumn")};
}

Result<std::size_t> dimension_limit(const PluginCall& call, std::int64_t otherwise) {
  const std::int64_t most = RD_TRY(call.whole("MaxDimensions", otherwise));
  return static_cast<std::size_t>(std::max<std::int64_t>(most, 1));
}

Result<Table> basket(const PluginCall& call) {
  constexpr double kThreshold = 0.05;
  constexpr std::int64_t kMostDimensions = 5;
  const double threshold = RD_TRY(call.real("Threshold", kThreshold));
  const std::size_t most = RD_TRY(dimension_limit(call, kMostDimensions));
  const PatternRows rows =
      RD_TRY(pattern_rows(call, std::vector<std::size_t>(call.rows(), 0), weight_column(call)));
  std::vector<Pattern> patterns = RD_TRY(frequent_patterns(call.budget(), rows, threshold, most));
  sort_by_size(patterns);
  return table_of(call, rows, patterns, count_and_percent);
}

/// A pattern that starts as one row and says less and less, so that more rows have it.
class Expansion {
 public:
  Expansion(const PatternRows& rows, std::size_t seed, double size_weight)
      : rows_(rows), size_weight_(size_weight), misses_(rows.counts.size(), 0) {
    for (const std::vector<std::uint32_t>& values : rows.values) {
      pattern_.values.push_back(values[seed]);
      for (std::size_t row = 0; row < values.size(); ++row)
        misses_[row] += values[row] == values[seed] ? 0U : 1U;
    }
    count();
  }

  /// The pattern with the best score on the way.
  Result<Pattern> best(Budget& budget) {
    Pattern out = pattern_;
    double best = score(pattern_.counts[0], pattern_.dimensions());
    while (pattern_.dimensions() > 1) {
      RD_TRY(budget.spend(misses_.size()));
      drop(weakest());
      const double now = score(pattern_.counts[0], pattern_.dimensions());
      if (now <= best) continue;
      best = now;
      out = pattern_;
    }
    return out;
  }

 private:
  void count() {
    pattern_.counts = {};
    for (std::size_t row = 0; row < misses_.size(); ++row)
      if (misses_[row] == 0) pattern_.counts[0] += rows_.counts[row][0];
  }

  bool fails(std::size_t row, std::size_t dimension) const {
    return pattern_.values[dimension] != Pattern::kAny &&
           rows_.values[dimension][row] != pattern_.values[dimension];
  }

  /// The dimension without which most rows come in.
  std::size_t weakest() const {
    std::vector<double> gained(pattern_.values.size(), 0);
    for (std::size_t row = 0; row < misses_.size(); ++row)
      for (std::size_t i = 0; misses_[row] == 1 && i < gained.size(); ++i)
        if (fails(row, i)) gained[i] += rows_.counts[row][0];
    std::size_t out = gained.size();
    for (std::size_t i = 0; i < gained.size(); ++i)
      if (pattern_.values[i] != Pattern::kAny && (out == gained.size() || gained[i] > gained[out])) out = i;
    return out;
  }

  void drop(std::size_t dimension) {
    for (std::size_t row = 0; row < misses_.size(); ++row)
      if (fails(row, dimension)) --misses_[row];
    pattern_.values[dimension] = Pattern::kAny;
    count();
  }

  /// The weighted geometric mean of how many rows there are and how much is said of them.
  double score(double count, std::size_t dimensions) const {
    const double said = static_cast<double>(dimensions) / static_cast<double>(pattern_.values.size());
    return std::pow(count / rows_.totals[0], size_weight_) * std::pow(said, 1 - size_weight_);
  }

  const PatternRows& rows_;
  double size_weight_;
  std::vector<std::uint32_t> misses_;  ///< by row: in how many dimensions it is another one
  Pattern pattern_;
};

/// Rows to begin with, spread over all by their weight.
std::vector<std::size_t> seeds_of(const PatternRows& rows, std::size_t most) {
  std::vector<std::size_t> out;
  double passed = 0;
  std::size_t taken = 0;
  for (std::size_t row = 0; row < rows.counts.size(); ++row) {
    passed += rows.counts[row][0];
    const double next = (static_cast<double>(taken) + 0.5) / static_cast<double>(most) * rows.totals[0];
    if (rows.counts.size() > most && passed < next) continue;
    out.push_back(row);
    while (taken < most &&
           (static_cast<double>(taken) + 0.5) / static_cast<double>(most) * rows.totals[0] <= passed)
      ++taken;
  }
  return out;
}

Result<Table> autocluster(const PluginCall& call) {
  constexpr double kSizeWeight = 0.5;
  constexpr std::int64_t kSeeds = 25;
  const double size_weight = RD_TRY(call.real("SizeWeight", kSizeWeight));
  const std::int64_t number = RD_TRY(call.whole("NumSeeds", kSeeds));
  const auto most = static_cast<std::size_t>(std::clamp<std::int64_t>(number, 1, 1000));
  const PatternRows rows =
      RD_TRY(pattern_rows(call, std::vector<std::size_t>(call.rows(), 0), weight_column(call)));
  std::vector<Pattern> patterns;
  std::map<std::vector<std::uint32_t>, bool> known;
  for (const std::size_t seed : seeds_of(rows, most)) {
    if (rows.values.empty()) break;
    RD_TRY(call.budget().spend(rows.counts.size()));
    const Pattern found = RD_TRY(Expansion(rows, seed, size_weight).best(call.budget()));
    const bool is_small = share_of(found, rows, 0) * static_cast<double>(most) < 1;
    if (!is_small && known.try_emplace(found.values, true).second) patterns.push_back(found);
  }
  sort_by_size(patterns);
  return table_of(call, rows, patterns, count_and_percent);
}

double difference(const Pattern& pattern, const PatternRows& rows) {
  return std::abs(share_of(pattern, rows, 0) - share_of(pattern, rows, 1));
}

std::vector<Value> counts_and_percents(const Pattern& pattern, const PatternRows& rows) {
  return {count_of(pattern.counts[0]), count_of(pattern.counts[1]),
          Value::of_real(100.0 * share_of(pattern, rows, 0)),
          Value::of_real(100.0 * share_of(pattern, rows, 1)),
          Value::of_real(100.0 * difference(pattern, rows))};
}

/// The set of each row, by the text of the split column; 2: of none.
Result<std::vector<std::size_t>> sets_of(const PluginCall& call) {
  const std::shared_ptr<const Cells> split = RD_TRY(call.cells("SplitColumn"));
  if (split == nullptr) return refused("diffpatterns needs a column to split by");
  const Value first = RD_TRY(call.value("SplitValueA"));
  const Value second = RD_TRY(call.value("SplitValueB"));
  const std::string a = kql::to_text(first);
  const std::string b = kql::to_text(second);
  std::vector<std::size_t> out;
  for (const Value& value : *split) {
    const std::string text = kql::to_text(value);
    out.push_back(text == a ? 0 : text == b ? 1 : 2);
  }
  return out;
}

/// Patterns by how much they tell the sets apart; of such as say more or less of the same the best alone.
Result<Table> diffpatterns(const PluginCall& call) {
  constexpr double kThreshold = 0.05;
  const double threshold = RD_TRY(call.real("Threshold", kThreshold));
  const std::size_t most =
      RD_TRY(dimension_limit(call, static_cast<std::int64_t>(call.input().columns().size())));
  const std::vector<std::size_t> sets = RD_TRY(sets_of(call));
  const PatternRows rows =
      RD_TRY(pattern_rows(call, sets, {call.column("SplitColumn"), call.column("WeightColumn")}));
  std::vector<Pattern> patterns = RD_TRY(frequent_patterns(call.budget(), rows, threshold, most));
  std::erase_if(patterns, [&](const Pattern& one) { return difference(one, rows) < threshold; });
  std::stable_sort(patterns.begin(), patterns.end(), [&](const Pattern& a, const Pattern& b) {
    return difference(a, rows) > difference(b, rows);
  });
  std::vector<Pattern> kept;
  for (const Pattern& one : patterns) {
    RD_TRY(call.budget().spend(kept.size()));
    const bool is_said = std::any_of(kept.begin(), kept.end(), [&](const Pattern& other) {
      return other.is_part_of(one) || one.is_part_of(other);
    });
    if (!is_said) kept.push_back(one);
  }
  return table_of(call, rows, kept, counts_and_percents);
}

constexpr PluginRow kRows[] = {
    {"autocluster", autocluster}, {"basket", basket}, {"diffpatterns", diffpatterns}};

}  // namespace

PluginRows pattern_plugins() { return kRows; }

}  // namespace redoubt::query::detail
