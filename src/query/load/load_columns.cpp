#include "query/detail/load_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/types.h"
#include "store/event_schema.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;

constexpr std::size_t kShownText = 60;

constexpr std::string_view kTimeGenerated = "TimeGenerated";

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

class Planner {
 public:
  Planner(const RawTable& table, std::string_view time_column)
      : table_(table), used_(table.columns().size(), false) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const std::string_view name = table.columns()[i].name;
      exact_.emplace(name, i);
      any_case_[lower(name)].push_back(i);
      if (const SplitName split = split_name(name); !split.base.empty()) splits_[split.base].push_back(i);
    }
    if (!time_column.empty()) time_source_ = find_any_case(column_name(time_column).name);
    out_.has_time_column = time_source_.has_value();
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
    return finished();
  }

  LoadedColumns by_files() {
    add_others(false);
    return finished();
  }

 private:
  LoadedColumns finished() {
    add_time_column();
    settle_time();
    add_timestamps();
    mark_shared();
    return std::move(out_);
  }

  std::size_t take(std::size_t column) {
    used_[column] = true;
    return column;
  }

  /// Another name became this one.
  std::size_t take_as(std::size_t column, std::string_view name) {
    tell_other_name(column, name);
    return take(column);
  }

  void tell_other_name(std::size_t column, std::string_view name) {
    out_.renamed.push_back(fmt::format("{} as {}", table_.columns()[column].name, name));
  }

  std::optional<std::size_t> find_any_case(std::string_view name) const {
    if (const auto found = exact_.find(name); found != exact_.end()) return found->second;
    const auto found = any_case_.find(lower(name));
    return found == any_case_.end() ? std::nullopt : std::optional(found->second.front());
  }

  /// The column of that name, and others that stand for it where it has nothing: files may be of several
  /// kinds.
  std::vector<ColumnSource> sources_of(std::string_view name) {
    std::vector<ColumnSource> out;
    if (const auto found = exact_.find(name); found != exact_.end()) out.push_back({take(found->second)});
    if (const auto found = splits_.find(name); found != splits_.end()) add_parts(found->second, name, out);
    add_any_case(name, name, out);
    for (const OtherName& other : kOtherNames)
      if (other.column == name && !is_of_schema(other.name)) add_any_case(other.name, name, out);
    add_any_case(std::string(kPropertiesPrefix) + std::string(name), name, out);
    return out;
  }

  /// Those that are no other columns of the schema; beside the whole, what it lacks, or nothing at all.
  void add_parts(const std::vector<std::size_t>& parts, std::string_view name,
                 std::vector<ColumnSource>& out) {
    const std::vector<ColumnSource> whole = out;
    for (const std::size_t part : parts)
      if (!names_.contains(table_.columns()[part].name) &&
          (whole.empty() || fills_gaps(part, whole) || !has_text(part)))
        out.push_back({take_as(part, name)});
  }

  /// Whether the schema has a column of that name itself, such as ResourceId.
  bool is_of_schema(std::string_view name) const {
    return std::any_of(names_.begin(), names_.end(),
                       [&](std::string_view one) { return equal_any_case(one, name); });
  }

  void add_any_case(std::string_view sought, std::string_view name, std::vector<ColumnSource>& out) {
    if (const auto found = any_case_.find(lower(sought)); found != any_case_.end())
      add_all(found->second, name, out);
  }

  /// Those that are no other columns of the schema.
  void add_all(const std::vector<std::size_t>& columns, std::string_view name,
               std::vector<ColumnSource>& out) {
    for (const std::size_t column : columns)
      if (!used_[column] && !names_.contains(table_.columns()[column].name) &&
          (name != kTimeGenerated || column != time_source_) && fills_gaps(column, out))
        out.push_back({take_as(column, name)});
  }

  bool has_text(std::size_t column, std::size_t row) const {
    return table_.columns()[column].cells[row].size() > 1;
  }

  bool has_text(std::size_t column) const {
    for (std::size_t row = 0; row < table_.rows(); ++row)
      if (has_text(column, row)) return true;
    return false;
  }

  /// Whether it has something where these have nothing.
  bool fills_gaps(std::size_t column, const std::vector<ColumnSource>& others) const {
    if (others.empty()) return true;
    for (std::size_t row = 0; row < table_.rows(); ++row)
      if (has_text(column, row) && std::none_of(others.begin(), others.end(), [&](const ColumnSource& other) {
            return has_text(other.column, row);
          }))
        return true;
    return false;
  }

  /// Whether one of them has something in a row in which the other has something, too.
  bool overlap(std::size_t column, std::size_t other) const {
    for (std::size_t row = 0; row < table_.rows(); ++row)
      if (has_text(column, row) && has_text(other, row)) return true;
    return false;
  }

  void add_others(bool with_schema) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (used_[i]) continue;
      const RawColumn& raw = table_.columns()[i];
      if (!with_schema && add_joined(raw.name)) continue;
      used_[i] = true;
      if (!raw.type) inferred_.insert(raw.name);
      out_.columns.push_back({raw.name, raw.type.value_or(type_of(i)), {{i}}});
      if (with_schema) out_.extra.push_back(raw.name);
    }
  }

  /// The column that this one is a part of, or the whole of, where there are several parts. Some files may
  /// have it whole and some in parts; what has both in one row are columns of their own.
  bool add_joined(std::string_view name) {
    auto found = splits_.find(name);
    if (found == splits_.end()) found = splits_.find(split_name(name).base);
    if (found == splits_.end() || found->second.size() < 2) return false;
    const auto& [base, parts] = *found;
    const auto whole = exact_.find(base);
    LoadedColumn made{std::string(base), Type::String, {}};
    if (whole != exact_.end()) {
      if (std::ranges::any_of(parts, [&](std::size_t part) { return overlap(part, whole->second); }))
        return false;
      const RawColumn& raw = table_.columns()[whole->second];
      if (raw.type.value_or(type_of(whole->second)) == Type::Dynamic) made.type = Type::Dynamic;
      made.sources.push_back({take(whole->second)});
    }
    inferred_.insert(base);
    for (const std::size_t part : parts) {
      if (split_name(table_.columns()[part].name).type == Type::Dynamic) made.type = Type::Dynamic;
      made.sources.push_back({take_as(part, base)});
    }
    out_.columns.push_back(std::move(made));
    return true;
  }

  /// Of each distinct cell that is not empty.
  template <class Take>
  void each_cell(std::size_t column, const Take& take) const {
    const TextCells& cells = table_.columns()[column].cells;
    for (std::size_t i = 0; i < cells.entries(); ++i)
      if (const std::string_view cell = cells.entry(i); cell.size() > 1)
        take(static_cast<CellForm>(cell.front()), cell.substr(1));
  }

  Type type_of(std::size_t column) const {
    ColumnKinds kinds;
    each_cell(column, [&](CellForm form, std::string_view text) { kinds.add(form, text); });
    return kinds.type();
  }

  LoadedColumn* find_made(std::string_view name) {
    const auto found = std::ranges::find(out_.columns, name, &LoadedColumn::name);
    return found == out_.columns.end() ? nullptr : &*found;
  }

  /// The column that somebody named gives the time before all others.
  void add_time_column() {
    if (!time_source_) return;
    LoadedColumn* time = find_made(kTimeGenerated);
    if (time == nullptr)
      time = &*out_.columns.insert(out_.columns.begin(), {std::string(kTimeGenerated), Type::DateTime, {}});
    if (names_.empty()) time->type = Type::DateTime;
    inferred_.erase(kTimeGenerated);
    std::erase(out_.missing, kTimeGenerated);
    time->sources.insert(time->sources.begin(), {*time_source_, SourceKind::AnyTime});
    if (table_.columns()[*time_source_].name != kTimeGenerated)
      tell_other_name(*time_source_, kTimeGenerated);
    each_cell(*time_source_, [&](CellForm form, std::string_view text) {
      out_.has_times = out_.has_times || time_of(SourceKind::AnyTime, form, text).has_value();
      if (out_.first_time.empty()) out_.first_time = shown(text);
    });
  }

  /// What Defender calls Timestamp is TimeGenerated in Log Analytics, which has both.
  void add_timestamps() {
    LoadedColumn* const time = find_made(kTimeGenerated);
    const LoadedColumn* const timestamp = find_made("Timestamp");
    if (time == nullptr || timestamp == nullptr || time->type != Type::DateTime) return;
    for (const ColumnSource& source : timestamp->sources) {
      if (!fills_gaps(source.column, time->sources)) continue;
      time->sources.push_back({source.column, SourceKind::Time});
      tell_other_name(source.column, kTimeGenerated);
      std::erase(out_.missing, kTimeGenerated);
    }
  }

  /// Cells that two columns have stay until both are there.
  void mark_shared() {
    std::vector<int> uses(used_.size(), 0);
    for (const LoadedColumn& column : out_.columns)
      for (const ColumnSource& source : column.sources)
        ++uses[source.column];
    for (LoadedColumn& column : out_.columns)
      for (ColumnSource& source : column.sources)
        source.is_shared = uses[source.column] > 1;
  }

  /// One value that is no time does not make a text of the time that rows are kept by.
  void settle_time() {
    for (const std::string_view name : store::kTimeColumns) {
      LoadedColumn* const column = find_made(name);
      if (column == nullptr) continue;
      if (inferred_.contains(name)) infer_time(*column);
      if (column->type == Type::DateTime) return;
    }
  }

  void infer_time(LoadedColumn& column) {
    bool has_time = false;
    std::string_view first;
    for (const ColumnSource& source : column.sources)
      each_cell(source.column, [&](CellForm form, std::string_view text) {
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
  std::optional<std::size_t> time_source_;                       // that somebody named
  LoadedColumns out_;
};

}  // namespace

std::string shown(std::string_view value) {
  std::string text = on_one_line(value);
  return text.size() > kShownText ? std::string(first_bytes(text, kShownText)) + "..." : text;
}

LoadedColumns plan_columns(const RawTable& table, const kql::Relation* schema, std::string_view time_column) {
  Planner planner(table, time_column);
  return schema == nullptr ? planner.by_files() : planner.by_schema(*schema);
}

}  // namespace redoubt::query::detail
