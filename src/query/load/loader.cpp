#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <map>
#include <utility>

#include "core/text.h"
#include "query/detail/load_columns.h"
#include "query/detail/load_forms.h"
#include "query/load.h"

namespace redoubt::query {

namespace {

constexpr std::uint64_t kToldRows = 5;     // of one file
constexpr std::size_t kShownColumns = 8;   // in a hint
constexpr std::uint64_t kAskEach = 4'096;  // rows between two looks at the stop token

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kShownColumns; ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShownColumns) out += fmt::format(" and {} more", names.size() - kShownColumns);
  return out;
}

bool has_no_column(const detail::LoadedColumns& plan) {
  return !plan.missing.empty() && plan.missing.size() == plan.columns.size() - plan.extra.size();
}

Diagnostic hint(std::string message, Where where = {}) {
  return {Severity::Hint, "QRY0015", std::move(message), std::move(where), {}};
}

}  // namespace

namespace detail {

void LoadTarget::unread(std::string_view why, const Where& where) {
  if (!first_unread)
    first_unread = Error{Error::Kind::InvalidInput,
                         "QRY0011",
                         fmt::format("no row of the file can be read: {}", why),
                         where,
                         {}};
  if (++file.unread_rows > kToldRows) return;
  diagnostics.push_back(
      {Severity::Warning, "QRY0013", fmt::format("a row can't be read: {}", why), where, {}});
}

void LoadTarget::hint(std::string message, const Where& where) {
  diagnostics.push_back(query::hint(std::move(message), where));
}

Result<void> LoadTarget::begin_row(std::uint64_t line) {
  if (before_row) RD_TRY(before_row());
  ++file.rows;
  if (table.rows() >= limits.max_rows)
    return fail(Error::Kind::Limit, "QRY0012", fmt::format("more rows than the limit of {}", limits.max_rows),
                Where{file.file, static_cast<std::uint32_t>(line), 1, {}},
                "split the file, and load a part of it");
  table.begin_row(line);
  return each_row();
}

Result<std::size_t> LoadTarget::column(std::string_view name) {
  const std::size_t out = table.column(name);
  if (out >= limits.max_columns)
    return fail(Error::Kind::Limit, "QRY0012",
                fmt::format("more columns than the limit of {}", limits.max_columns),
                Where{file.file, 0, 0, {}});
  return out;
}

Result<void> LoadTarget::check_rows() const {
  if (file.rows == 0 && first_unread) return tl::unexpected(*first_unread);
  return {};
}

Result<LoadForm> form_of(files::TextInput& input) {
  const std::string_view front = RD_TRY(input.peek());
  const Where where{input.name(), 0, 0, {}};
  if (front.empty()) return fail(Error::Kind::InvalidInput, "QRY0011", "the file is empty", where);
  if (is_parquet(front)) return LoadForm{"Parquet", read_parquet_table};
  if (const OtherForm* const other = other_form_of(input.name(), front))
    return fail(Error::Kind::InvalidInput, "QRY0011",
                fmt::format("the file is {}, which is not read", other->name), where,
                std::string(other->remedy));
  if (front.substr(0, front.find('\n')).find('\0') != std::string_view::npos)
    return fail(Error::Kind::InvalidInput, "QRY0011", "the file is no text", where,
                "give CSV, TSV, JSON, JSON Lines or lines of text, as they are or as .gz, or Parquet");
  if (is_markup(input.name(), front))
    return fail(Error::Kind::InvalidInput, "QRY0011", "the file is XML or HTML, which is not read", where,
                "give CSV, TSV, JSON, JSON Lines or lines of text (.log, .txt), as they are or as .gz");
  const std::string_view first = trim(front.substr(0, front.find('\n')));
  const bool is_json = first.starts_with('{') || first.starts_with('[');
  if (!is_json && first.substr(0, first.find('"')).find('\r') != std::string_view::npos)
    return fail(Error::Kind::InvalidInput, "QRY0011", "its lines end in a carriage return alone", where,
                "make them end in a line feed: tr '\\r' '\\n' < FILE > NEW");
  return form_of(input.name(), front);
}

void tell_unread(const LoadedFile& file, std::vector<Diagnostic>& diagnostics) {
  if (file.unread_rows <= kToldRows) return;
  diagnostics.push_back({Severity::Warning,
                         "QRY0013",
                         fmt::format("{} more rows can't be read", file.unread_rows - kToldRows),
                         Where{file.file, 0, 0, {}},
                         {}});
}

void tell_columns(std::string_view table, const LoadedColumns& plan, std::vector<Diagnostic>& diagnostics) {
  for (const TimelessColumn& one : plan.timeless)
    diagnostics.push_back({Severity::Warning,
                           "QRY0023",
                           fmt::format("{}: no value of the column {} is a time, the first one here: {}",
                                       table, one.name, one.text),
                           {},
                           "times are written as 2026-11-27T04:00:00Z"});
  const auto say = [&](std::string_view what, const std::vector<std::string>& columns) {
    if (!columns.empty())
      diagnostics.push_back(query::hint(fmt::format("{}: {}: {}", table, what, list_of(columns))));
  };
  say("columns with another name", plan.renamed);
  say("columns that its schema does not have", plan.extra);
  if (has_no_column(plan)) {
    diagnostics.push_back({Severity::Warning,
                           "QRY0015",
                           fmt::format("{}: the file has no column of its schema", table),
                           {},
                           "is it the right table?"});
    return;
  }
  std::vector<std::string> missing;
  for (const LoadedColumn& column : plan.columns)
    if (column.absent.empty() && std::ranges::find(plan.missing, column.name) != plan.missing.end())
      missing.push_back(column.name);
  say("columns of its schema that are null in all rows", missing);
}

void tell_missing_time(std::string_view table, const LoadedColumns& plan,
                       std::vector<Diagnostic>& diagnostics) {
  if (has_no_column(plan)) return;
  const auto is_time = [](const std::string& name) { return name == "TimeGenerated" || name == "Timestamp"; };
  const auto time = std::find_if(plan.missing.begin(), plan.missing.end(), is_time);
  if (time != plan.missing.end())
    diagnostics.push_back({Severity::Warning,
                           "QRY0018",
                           fmt::format("{}: {} is null in all rows", table, *time),
                           {},
                           "no row is within a time that a query asks for"});
}

void tell_local_times(RawTable& table, const std::string& file, std::vector<Diagnostic>& diagnostics) {
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    RawColumn& column = table.at(i);
    if (std::exchange(column.is_local, false))
      diagnostics.push_back({Severity::Warning, "QRY0027",
                             fmt::format("{} is in local time, and taken for UTC", column.name),
                             Where{file, 0, 0, {}}, "export it with UTC as the time zone of the results"});
  }
}

void tell_unfit(const UnfitValues& unfit, std::vector<Diagnostic>& diagnostics) {
  if (unfit.count == 0) return;
  diagnostics.push_back(
      {Severity::Warning,
       "QRY0014",
       fmt::format("{} of column {} {} no {} and became null, the first one here: {}",
                   unfit.count == 1 ? "a value" : fmt::format("{} values", unfit.count), unfit.column,
                   unfit.count == 1 ? "is" : "are", kql::type_name(unfit.type), unfit.text),
       unfit.first,
       {}});
}

}  // namespace detail

struct TableLoader::Work {
  LoadOptions options;
  std::map<std::string, detail::RawTable> tables;
  std::vector<std::string> order;
  Loaded loaded;
  std::vector<Diagnostic> diagnostics;

  const kql::Relation* schema_of(std::string_view table) const {
    return options.schemas == nullptr ? nullptr : options.schemas->find(table);
  }

  /// `path`: of a stream it is empty.
  Result<void> read(const std::string& table, files::TextInput& input, const std::string& path) {
    if (!tables.contains(table)) order.push_back(table);
    detail::RawTable& raw = tables[table];
    loaded.files.push_back({table, input.name(), {}, 0, 0, 0});
    LoadedFile& file = loaded.files.back();
    const detail::LoadForm form = RD_TRY(detail::form_of(input));
    file.form = form.name;
    raw.begin_file(file.file);
    std::uint64_t asked = 0;
    detail::LoadTarget target{
        raw, schema_of(table), options.limits, diagnostics, file, [&]() -> Result<void> {
          if (++asked % kAskEach != 0) return {};
          if (options.progress) options.progress({"reading rows", file.rows, 0});
          if (options.stop.stop_requested())
            return fail(Error::Kind::Limit, "QRY0004", "the query was stopped");
          return {};
        }};
    target.path = path;
    target.engine = options.engine;
    RD_TRY(form.read(input, target));
    RD_TRY(target.check_rows());
    if (file.bytes == 0) file.bytes = input.bytes_read();
    detail::tell_local_times(raw, file.file, diagnostics);
    detail::tell_unread(file, diagnostics);
    return {};
  }

  void finish(const std::string& name, detail::RawTable& raw, MemoryTables& out) {
    raw.finish();
    const detail::LoadedColumns plan = plan_columns(raw, schema_of(name));
    tell_columns(name, plan, diagnostics);
    tell_missing_time(name, plan, diagnostics);
    LoadedTable table{name, raw.rows(), 0, 0};
    std::vector<std::pair<std::string, kql::Type>> columns;
    std::vector<PackedColumn> packed;
    for (const detail::LoadedColumn& column : plan.columns) {
      detail::UnfitValues unfit;
      packed.push_back(pack_column(raw, column, unfit));
      columns.emplace_back(column.name, column.type);
      tell_unfit(unfit, diagnostics);
      table.unfit_values += unfit.count;
      table.bytes += packed.back().bytes();
    }
    out.add(name, columns, std::move(packed));
    loaded.tables.push_back(std::move(table));
  }
};

TableLoader::TableLoader(LoadOptions options) : work_(std::make_unique<Work>()) {
  work_->options = std::move(options);
}

TableLoader::~TableLoader() = default;

Result<void> TableLoader::add(const std::string& table, const std::string& path) {
  const std::unique_ptr<files::TextInput> input =
      RD_TRY(files::TextInput::open(path, {.max_bytes = work_->options.limits.max_bytes}));
  return work_->read(table, *input, path);
}

Result<void> TableLoader::add(const std::string& table, std::istream& stream, std::string name) {
  const std::unique_ptr<files::TextInput> input =
      files::TextInput::of_stream(stream, std::move(name), {.max_bytes = work_->options.limits.max_bytes});
  return work_->read(table, *input, {});
}

Reading<Loaded> TableLoader::finish(MemoryTables& out) {
  for (const std::string& name : work_->order)
    work_->finish(name, work_->tables[name], out);
  work_->tables.clear();
  return {std::move(work_->loaded), std::move(work_->diagnostics)};
}

}  // namespace redoubt::query
