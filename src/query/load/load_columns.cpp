#include "query/detail/load_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/types.h"
#include "query/sql/inputs.h"
#include "store/event_schema.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;
using kql::Value;

constexpr std::size_t kShownText = 60;

/// Names that Azure Monitor's records have for columns of its tables.
struct OtherName {
  std::string_view column;
  std::string_view name;
};
constexpr OtherName kOtherNames[] = {{"TimeGenerated", "time"}, {"_ResourceId", "resourceId"}};

/// The name of the column that a part of it was split from, and the type behind it; empty: it is no part.
struct SplitName {
  std::string_view base;
  Type type = Type::Unknown;
};
SplitName split_name(std::string_view name) {
  const std::size_t at = name.rfind('_');
  if (at == std::string_view::npos || at == 0) return {};
  const std::optional<Type> type = kql::find_type(name.substr(at + 1));
  return type ? SplitName{name.substr(0, at), *type} : SplitName{};
}

/// The first characters of a value.
std::string shown(std::string_view value) {
  std::string text = on_one_line(value);
  return text.size() > kShownText ? std::string(first_bytes(text, kShownText)) + "..." : text;
}

class Planner {
 public:
  explicit Planner(const RawTable& table) : table_(table), used_(table.columns().size(), false) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const std::string_view name = table.columns()[i].name;
      exact_.emplace(name, i);
      any_case_[lower(name)].push_back(i);
      if (const SplitName split = split_name(name); !split.base.empty()) splits_[split.base].push_back(i);
    }
  }

  LoadedColumns by_schema(const kql::Relation& schema) {
    for (const kql::Column* column : schema.columns)
      names_.insert(column->name);
    for (const kql::Column* column : schema.columns) {
      LoadedColumn made{std::string(column->name), column->type, sources_of(column->name)};
      if (made.name == kTypeColumn && made.type == Type::String) made.absent = schema.name;
      if (made.sources.empty()) out_.missing.push_back(made.name);
      out_.columns.push_back(std::move(made));
    }
    add_others(true);
    settle_time();
    return std::move(out_);
  }

  LoadedColumns by_files() {
    add_others(false);
    settle_time();
    return std::move(out_);
  }

 private:
  std::size_t take(std::size_t column) {
    used_[column] = true;
    return column;
  }

  /// Another name became this one.
  std::size_t take_as(std::size_t column, std::string_view name) {
    out_.renamed.push_back(fmt::format("{} as {}", table_.columns()[column].name, name));
    return take(column);
  }

  /// The column of that name, and others that stand for it where it has nothing: files may be of several
  /// kinds.
  std::vector<std::size_t> sources_of(std::string_view name) {
    std::vector<std::size_t> out;
    if (const auto found = exact_.find(name); found != exact_.end()) out.push_back(take(found->second));
    if (const auto found = splits_.find(name); found != splits_.end() && out.empty())
      for (const std::size_t part : found->second)
        if (!names_.contains(table_.columns()[part].name)) out.push_back(take_as(part, name));
    add_any_case(name, name, out);
    for (const OtherName& other : kOtherNames)
      if (other.column == name && !is_of_schema(other.name)) add_any_case(other.name, name, out);
    add_any_case(std::string(kPropertiesPrefix) + std::string(name), name, out);
    return out;
  }

  /// Whether the schema has a column of that name itself, such as ResourceId.
  bool is_of_schema(std::string_view name) const {
    return std::any_of(names_.begin(), names_.end(),
                       [&](std::string_view one) { return equal_any_case(one, name); });
  }

  void add_any_case(std::string_view sought, std::string_view name, std::vector<std::size_t>& out) {
    if (const auto found = any_case_.find(lower(sought)); found != any_case_.end())
      add_all(found->second, name, out);
  }

  /// Those that are no other columns of the schema.
  void add_all(const std::vector<std::size_t>& columns, std::string_view name,
               std::vector<std::size_t>& out) {
    for (const std::size_t column : columns)
      if (!used_[column] && !names_.contains(table_.columns()[column].name) && fills_gaps(column, out))
        out.push_back(take_as(column, name));
  }

  /// Whether it has something where these have nothing.
  bool fills_gaps(std::size_t column, const std::vector<std::size_t>& others) const {
    if (others.empty()) return true;
    for (std::size_t row = 0; row < table_.rows(); ++row)
      if (!table_.columns()[column].cells[row].empty() &&
          std::all_of(others.begin(), others.end(),
                      [&](std::size_t other) { return table_.columns()[other].cells[row].empty(); }))
        return true;
    return false;
  }

  void add_others(bool with_schema) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (used_[i]) continue;
      const RawColumn& raw = table_.columns()[i];
      const std::vector<std::size_t>* const parts = with_schema ? nullptr : parts_of(raw.name);
      if (parts != nullptr) {
        add_joined(*parts);
        continue;
      }
      used_[i] = true;
      if (!raw.type) inferred_.insert(raw.name);
      out_.columns.push_back({raw.name, raw.type.value_or(type_of({i})), {i}});
      if (with_schema) out_.extra.push_back(raw.name);
    }
  }

  /// The parts of the column that this one is a part of, where there are several and not the whole.
  const std::vector<std::size_t>* parts_of(std::string_view name) const {
    const std::string_view base = split_name(name).base;
    const auto found = base.empty() ? splits_.end() : splits_.find(base);
    if (found == splits_.end() || found->second.size() < 2 || exact_.contains(base)) return nullptr;
    return &found->second;
  }

  void add_joined(const std::vector<std::size_t>& parts) {
    const std::string_view base = split_name(table_.columns()[parts.front()].name).base;
    inferred_.insert(base);
    LoadedColumn made{std::string(base), Type::String, {}};
    for (const std::size_t part : parts) {
      if (split_name(table_.columns()[part].name).type == Type::Dynamic) made.type = Type::Dynamic;
      made.sources.push_back(take_as(part, base));
    }
    out_.columns.push_back(std::move(made));
  }

  /// Of each distinct cell that is not empty.
  template <class Take>
  void each_cell(const std::vector<std::size_t>& sources, const Take& take) const {
    for (const std::size_t source : sources) {
      const TextCells& cells = table_.columns()[source].cells;
      for (std::size_t i = 0; i < cells.entries(); ++i)
        if (const std::string_view cell = cells.entry(i); cell.size() > 1)
          take(static_cast<CellForm>(cell.front()), cell.substr(1));
    }
  }

  Type type_of(const std::vector<std::size_t>& sources) const {
    ColumnKinds kinds;
    each_cell(sources, [&](CellForm form, std::string_view text) { kinds.add(form, text); });
    return kinds.type();
  }

  /// One value that is no time does not make a text of the time that rows are kept by.
  void settle_time() {
    for (const std::string_view name : store::kTimeColumns) {
      const auto column = std::find_if(out_.columns.begin(), out_.columns.end(),
                                       [&](const LoadedColumn& one) { return one.name == name; });
      if (column == out_.columns.end()) continue;
      if (inferred_.contains(name)) infer_time(*column);
      if (column->type == Type::DateTime) return;
    }
  }

  void infer_time(LoadedColumn& column) {
    bool has_time = false;
    std::string_view first;
    each_cell(column.sources, [&](CellForm form, std::string_view text) {
      has_time = has_time || is_time(form, text);
      if (first.empty()) first = text;
    });
    if (has_time || first.empty())
      column.type = Type::DateTime;
    else
      out_.timeless.push_back({column.name, shown(first)});
  }

  const RawTable& table_;
  std::vector<bool> used_;
  std::map<std::string_view, std::size_t> exact_;
  std::map<std::string, std::vector<std::size_t>> any_case_;
  std::map<std::string_view, std::vector<std::size_t>> splits_;  // by the name of the whole
  std::set<std::string_view> names_;                             // of the schema
  std::set<std::string_view> inferred_;                          // columns whose types nobody says
  LoadedColumns out_;
};

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
    for (const std::size_t source : column_.sources)
      table_.at(source).cells = {};
  }

 private:
  struct Known {
    bool worked_out = false;
    bool unfit = false;
    Value value;
  };

  const TextCells& cells(std::size_t source) const { return table_.columns()[column_.sources[source]].cells; }

  void append_row(std::size_t row) {
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const TextCells& source = cells(i);
      const std::string_view cell = source[row];
      if (cell.empty()) continue;
      if (!source.shared()) return take(worked_out(cell), cell, row);
      Known& known = known_[i][source.entry_of(row)];
      if (!known.worked_out) known = worked_out(cell);
      return take(known, cell, row);
    }
    append(out_, null_);
  }

  Known worked_out(std::string_view cell) const {
    const std::string_view text = cell.substr(1);
    std::optional<Value> value;
    if (!text.empty()) value = value_of(column_.type, static_cast<CellForm>(cell.front()), text);
    return {true, !value && !text.empty(), value.value_or(Value::null(column_.type))};
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
  Value null_ = column_.absent.empty() ? Value::null(column_.type) : Value::of_string(column_.absent);
  std::vector<std::vector<Known>> known_;
};

}  // namespace

LoadedColumns plan_columns(const RawTable& table, const kql::Relation* schema) {
  Planner planner(table);
  return schema == nullptr ? planner.by_files() : planner.by_schema(*schema);
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
