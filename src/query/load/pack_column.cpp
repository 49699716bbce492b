#include <cstdint>
#include <optional>

#include "core/time.h"
#include "kql/evaluate.h"
#include "kql/types.h"
#include "query/detail/load_columns.h"
#include "query/sql/inputs.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;
using kql::Value;

/// Units of Unix time: below so many of them, later times are of the year 5138.
struct UnixUnit {
  std::int64_t below;
  std::int64_t per_second;
};
constexpr UnixUnit kUnixUnits[] = {{100'000'000'000, 1},
                                   {100'000'000'000'000, 1'000},
                                   {100'000'000'000'000'000, 1'000'000},
                                   {INT64_MAX, 1'000'000'000}};
constexpr std::int64_t kUnixTicks = 621'355'968'000'000'000;  // 1970

std::optional<std::int64_t> unix_time(std::int64_t number) {
  for (const UnixUnit& unit : kUnixUnits) {
    if (number <= -unit.below || number >= unit.below) continue;
    const std::int64_t seconds = number / unit.per_second;
    const std::int64_t rest = number % unit.per_second;
    const std::int64_t ticks =
        kUnixTicks + seconds * kTicksPerSecond + rest * kTicksPerSecond / unit.per_second;
    return ticks < 0 ? std::nullopt : std::optional(ticks);
  }
  return std::nullopt;
}

/// A time, or its text where the column has texts.
std::optional<Value> time_as(Type type, SourceKind kind, CellForm form, std::string_view text) {
  const std::optional<std::int64_t> ticks = time_of(kind, form, text);
  if (!ticks) return std::nullopt;
  Value out = Value::of_datetime(*ticks);
  if (type != Type::DateTime) out = kql::convert(out, type);
  return out.is_null() ? std::nullopt : std::optional(out);
}

void append(PackedColumn& out, const Value& value) { out.append(value); }

void append(store::Column& out, const Value& value) { sql::append_value(out, value); }

/// Turns cells into values; of equal ones one does for all.
template <class Out>
class Packer {
 public:
  Packer(RawTable& table, const LoadedColumn& column, UnfitValues& unfit, Out& out)
      : table_(table), column_(column), unfit_(unfit), out_(out), known_(column.sources.size()) {
    for (std::size_t i = 0; i < known_.size(); ++i)
      if (cells(i).shared()) known_[i].resize(cells(i).entries());
  }

  void run() {
    for (std::size_t row = 0; row < table_.rows(); ++row)
      append_row(row);
    for (const ColumnSource& source : column_.sources)
      if (!source.is_shared) table_.at(source.column).cells = {};
  }

 private:
  struct Known {
    bool worked_out = false;
    bool counts = false;
    bool unfit = false;
    Value value;
  };

  const TextCells& cells(std::size_t source) const {
    return table_.columns()[column_.sources[source].column].cells;
  }

  /// The first text that counts; else an empty one, where one is.
  void append_row(std::size_t row) {
    bool has_empty = false;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const TextCells& source = cells(i);
      const std::string_view cell = source[row];
      has_empty = has_empty || (cell.size() == 1 && kind(i) == SourceKind::Own);
      if (cell.size() <= 1) continue;
      Known fresh;
      Known& known = source.shared() ? known_[i][source.entry_of(row)] : fresh;
      if (!known.worked_out) known = worked_out(kind(i), cell);
      if (known.counts) return take(known, cell, row);
    }
    append(out_, has_empty ? nothing_ : absent_);
  }

  SourceKind kind(std::size_t source) const { return column_.sources[source].kind; }

  Known worked_out(SourceKind kind, std::string_view cell) const {
    const auto form = static_cast<CellForm>(cell.front());
    const std::string_view text = cell.substr(1);
    std::optional<Value> value = kind == SourceKind::Own ? value_of(column_.type, form, text)
                                                         : time_as(column_.type, kind, form, text);
    const bool counts = value.has_value() || kind == SourceKind::Own;
    return {true, counts, !value, value.value_or(nothing_)};
  }

  void take(const Known& known, std::string_view cell, std::size_t row) {
    if (known.unfit && ++unfit_.count == 1) {
      unfit_ = {1, table_.where(row), column_.name, column_.type, shown(cell.substr(1))};
    }
    append(out_, known.value);
  }

  RawTable& table_;
  const LoadedColumn& column_;
  UnfitValues& unfit_;
  Out& out_;
  Value nothing_ = Value::null(column_.type);
  Value absent_ = column_.absent.empty() ? nothing_ : Value::of_string(column_.absent);
  std::vector<std::vector<Known>> known_;
};

}  // namespace

std::optional<std::int64_t> time_of(SourceKind kind, CellForm form, std::string_view text) {
  if (const std::optional<Value> number = value_of(Type::Long, form, text); number && !number->is_null())
    return kind == SourceKind::AnyTime ? unix_time(number->as_long()) : std::nullopt;
  return form == CellForm::Json ? std::nullopt : kql::read_datetime(text);
}

PackedColumn pack_column(RawTable& table, const LoadedColumn& column, UnfitValues& unfit) {
  PackedColumn out(column.type);
  Packer(table, column, unfit, out).run();
  out.seal();
  return out;
}

void fill_column(RawTable& table, const LoadedColumn& column, store::Column& out, UnfitValues& unfit) {
  Packer(table, column, unfit, out).run();
}

}  // namespace redoubt::query::detail
