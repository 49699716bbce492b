#include <algorithm>
#include <cmath>
#include <map>

#include "query/detail/operators.h"
#include "query/detail/summary.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "make-series operator".

namespace {

using kql::NodeKind;
using kql::Type;
using kql::Value;

/// Reals beyond have no bin of their own.
constexpr double kMostBins = 9e15;

/// The bins of make-series: numbers of them, and where each begins.
class Axis {
 public:
  /// Errors: QRY0006 no step that leads forward.
  static Result<Axis> of(Operation& operation);

  /// The bin of a value; nothing: it is in none.
  std::optional<std::int64_t> bin_of(const Value& value) const;
  Value start_of(std::int64_t bin) const;
  std::optional<std::int64_t> first() const { return first_; }
  std::optional<std::int64_t> last() const { return last_; }

 private:
  /// Whole numbers and ticks are counted exactly, the others as reals.
  struct Number {
    std::int64_t whole = 0;
    double real = 0;
  };
  std::optional<Number> number_of(const Value& value, Type type) const;
  std::optional<std::int64_t> floor_of(Number value) const;
  bool lies_on(Number value, std::int64_t bin) const;
  Number start(std::int64_t bin) const;

  Type type_ = Type::Unknown;
  bool exact_ = true;
  Number origin_;
  Number step_;
  std::optional<Number> end_;  ///< values from here on are in no bin
  std::optional<std::int64_t> first_;
  std::optional<std::int64_t> last_;
};

std::optional<Axis::Number> Axis::number_of(const Value& value, Type type) const {
  const Value typed = as_cell(value, type);
  if (typed.is_null()) return std::nullopt;
  if (exact_) return Number{typed.as_long(), 0};
  const Value real = kql::convert(typed, Type::Real);
  if (real.is_null() || !std::isfinite(real.as_real())) return std::nullopt;
  return Number{0, real.as_real()};
}

/// The bin whose start is the value or the next below it; nothing: they are too far from the origin.
std::optional<std::int64_t> Axis::floor_of(Number value) const {
  if (!exact_) {
    const double bin = std::floor((value.real - origin_.real) / step_.real);
    if (!(std::abs(bin) < kMostBins)) return std::nullopt;
    return static_cast<std::int64_t>(bin);
  }
  std::int64_t distance = 0;
  if (__builtin_sub_overflow(value.whole, origin_.whole, &distance)) return std::nullopt;
  return distance / step_.whole - (distance % step_.whole < 0 ? 1 : 0);
}

Axis::Number Axis::start(std::int64_t bin) const {
  // A bin next to the least number may begin below it; nobody asks for its start then.
  const std::uint64_t distance = static_cast<std::uint64_t>(bin) * static_cast<std::uint64_t>(step_.whole);
  return {static_cast<std::int64_t>(static_cast<std::uint64_t>(origin_.whole) + distance),
          origin_.real + static_cast<double>(bin) * step_.real};
}

bool Axis::lies_on(Number value, std::int64_t bin) const {
  return exact_ ? start(bin).whole == value.whole : start(bin).real >= value.real;
}

Result<Axis> Axis::of(Operation& operation) {
  const bool inclusive = operation.relation.kind == "range";
  Axis out;
  const Type written_type = operation.argument(0)->type;
  out.type_ = written_type == Type::Int ? Type::Long : written_type;
  out.exact_ = out.type_ != Type::Real && out.type_ != Type::Decimal && out.type_ != Type::Unknown;
  std::optional<Number> ends[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const kql::Expression* const written = operation.argument(i + 1);
    if (written == nullptr) continue;
    const bool step = i == 2;
    const Value value = RD_TRY(operation.executor.constant(*written));
    ends[i] = out.number_of(value, step && out.type_ == Type::DateTime ? Type::Timespan : out.type_);
  }
  const auto& [from, to, step] = ends;
  if (!step || (step->whole <= 0 && step->real <= 0))
    return fail(Error::Kind::InvalidInput, "QRY0006", "the step of make-series does not lead forward");
  out.step_ = *step;
  if (from && !inclusive) out.origin_ = *from;
  if (from) out.first_ = out.floor_of(*from);
  if (to && !inclusive) out.end_ = to;
  if (const auto bin = to ? out.floor_of(*to) : std::nullopt)
    out.last_ = !inclusive && out.lies_on(*to, *bin) ? *bin - 1 : *bin;
  return out;
}

std::optional<std::int64_t> Axis::bin_of(const Value& value) const {
  const std::optional<Number> number = number_of(value, type_);
  if (!number) return std::nullopt;
  const std::optional<std::int64_t> bin = floor_of(*number);
  if (!bin || (first_ && *bin < *first_) || (last_ && *bin > *last_)) return std::nullopt;
  if (end_ && (exact_ ? number->whole >= end_->whole : number->real >= end_->real)) return std::nullopt;
  return bin;
}

Value Axis::start_of(std::int64_t bin) const {
  const Number number = start(bin);
  switch (type_) {
    case Type::DateTime:
      return Value::of_datetime(number.whole);
    case Type::Timespan:
      return Value::of_timespan(number.whole);
    default:
      return exact_ ? Value::of_long(number.whole) : Value::of_real(number.real);
  }
}

/// A series under way: which group of the summary holds each of its bins.
using Series = std::map<std::int64_t, std::size_t>;

class MakeSeries {
 public:
  explicit MakeSeries(Operation& operation) : operation_(operation), relation_(operation.relation) {}

  Result<Table> run() {
    if (relation_.assignments.size() <= relation_.keys || operation_.argument(0) == nullptr)
      return unsupported("make-series of something faulty");
    axis_ = RD_TRY(Axis::of(operation_));
    RD_TRY(read_defaults());
    RD_TRY(gather());
    Summary summary = RD_TRY(summed());
    std::vector<Cells> cells = RD_TRY(summary.results(bins_));
    return table(cells);
  }

 private:
  std::span<const kql::Assignment> keys() const { return relation_.assignments.first(relation_.keys); }
  std::span<const kql::Assignment> made() const {
    const std::size_t count = relation_.assignments.size() - relation_.keys - 1;
    return relation_.assignments.subspan(relation_.keys, count);
  }

  /// What stands for missing values, as JSON: 0 of the type of the aggregate where nothing is written.
  Result<void> read_defaults() {
    std::size_t written = 4;
    for (const kql::Assignment& one : made()) {
      const bool several = one.value->kind == kql::ExpressionKind::Columns;
      const Type type = several && one.part < one.value->columns.size() ? one.value->columns[one.part]->type
                                                                        : one.value->type;
      if (one.part > 0) --written;
      const kql::Expression* const expression = operation_.argument(written++);
      Value value = Value::of_long(0);
      if (expression != nullptr) value = RD_TRY(operation_.executor.constant(*expression));
      const bool fits = value.is_null() || kql::promotes(value.type(), type);
      defaults_.push_back(kql::to_json(fits ? as_cell(value, type) : value));
    }
    return {};
  }

  /// Which bin of which series each row is in.
  Result<void> gather() {
    const Table& input = operation_.input;
    const Table with_keys = RD_TRY(assigned(operation_, input, keys()));
    for (const kql::Assignment& key : keys())
      key_cells_.push_back(*with_keys.find(key.column));
    const Groups groups = grouped(key_cells_, input.rows());
    const std::shared_ptr<const Cells> places =
        RD_TRY(cells_of(operation_.executor, {operation_.argument(0)}, input));
    std::vector<std::size_t> series_of(groups.first.size(), SIZE_MAX);
    for (std::size_t row = 0; row < input.rows(); ++row) {
      RD_TRY(keep_going(operation_, row));
      const std::optional<std::int64_t> bin = axis_.bin_of((*places)[row]);
      if (!bin) continue;
      std::size_t& number = series_of[groups.of_row[row]];
      if (number == SIZE_MAX) {
        number = series_.size();
        series_.emplace_back();
        first_rows_.push_back(groups.first[groups.of_row[row]]);
      }
      const auto [place, added] = series_[number].try_emplace(*bin, bins_);
      if (added) ++bins_;
      rows_.emplace_back(row, place->second);
    }
    return {};
  }

  Result<Summary> summed() {
    Summary summary = RD_TRY(Summary::begin(operation_.executor, made(), operation_.input));
    for (const auto& [row, group] : rows_) {
      RD_TRY(keep_going(operation_, row));
      RD_TRY(summary.add(row, group));
    }
    return summary;
  }

  Result<Table> table(const std::vector<Cells>& cells) {
    if (series_.empty() && operation_.option("kind") == "nonempty" && keys().empty()) {
      series_.emplace_back();
      first_rows_.push_back(Table::kNoRow);
    }
    std::vector<Cells> arrays(made().size() + 1);
    for (const Series& series : series_)
      RD_TRY(append(series, cells, arrays));
    Table out(series_.size());
    for (std::size_t i = 0; i < keys().size(); ++i) {
      Cells values;
      for (const std::size_t row : first_rows_)
        values.push_back((*key_cells_[i])[row]);
      out.set(keys()[i].column, std::make_shared<const Cells>(std::move(values)));
    }
    for (std::size_t i = 0; i < arrays.size(); ++i)
      out.set(relation_.assignments[relation_.keys + i].column,
              std::make_shared<const Cells>(std::move(arrays[i])));
    return out;
  }

  /// The arrays of a series, from its own first bin to its last where the query does not say it.
  Result<void> append(const Series& series, const std::vector<Cells>& cells, std::vector<Cells>& arrays) {
    const std::int64_t first = axis_.first().value_or(series.empty() ? 0 : series.begin()->first);
    const std::int64_t last = axis_.last().value_or(series.empty() ? first - 1 : series.rbegin()->first);
    const std::size_t most = operation_.executor.evaluation().limits.max_elements;
    if (last >= first && static_cast<std::uint64_t>(last - first) >= most)
      return fail(Error::Kind::Limit, "QRY0002", "a series of make-series has too many values");
    const std::size_t length = last < first ? 0 : static_cast<std::size_t>(last - first) + 1;
    RD_TRY(operation_.budget().spend(length * arrays.size()));
    std::vector<std::string> texts(arrays.size(), "[");
    auto next = series.begin();
    for (std::int64_t bin = first; bin <= last; ++bin) {
      const bool there = next != series.end() && next->first == bin;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (bin != first) texts[i] += ',';
        if (i == cells.size())
          texts[i] += kql::to_json(axis_.start_of(bin));
        else
          texts[i] += there ? kql::to_json(cells[i][next->second]) : defaults_[i];
      }
      if (there) ++next;
    }
    for (std::size_t i = 0; i < texts.size(); ++i)
      arrays[i].push_back(Value::of_dynamic(texts[i] + "]"));
    return {};
  }

  Operation& operation_;
  const kql::Relation& relation_;
  Axis axis_;
  std::vector<std::string> defaults_;
  std::vector<std::shared_ptr<const Cells>> key_cells_;
  std::vector<Series> series_;
  std::vector<std::size_t> first_rows_;  ///< a row of each series
  std::size_t bins_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> rows_;  ///< and the group that each is in
};

Result<Table> make_series(Operation& operation) { return MakeSeries(operation).run(); }

constexpr OperatorRow kRows[] = {{NodeKind::MakeSeries, make_series}};

}  // namespace

OperatorRows series_operators() { return kRows; }

}  // namespace redoubt::query::detail
