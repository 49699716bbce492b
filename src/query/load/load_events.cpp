#include "query/load_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <fstream>
#include <functional>
#include <map>

#include "core/hash.h"
#include "core/text.h"
#include "query/detail/load_columns.h"
#include "query/detail/load_forms.h"
#include "query/sql/event_catalog.h"
#include "store/event_loader.h"

namespace redoubt::query {

namespace {

using detail::LoadedColumn;
using detail::LoadedColumns;
using detail::UnfitValues;

// Rows that are gathered before their columns get types. Whoever changes one raises store::kPieceMethod.
constexpr std::size_t kChunkRows = 32'768;
constexpr std::size_t kChunkBytes = std::size_t{48} << 20;

/// So many distinct texts among so many rows are not kept once each: one for four rows. A handful of rows
/// says nothing.
constexpr std::size_t kRowsThatTell = 1'000;
constexpr std::size_t kRowsOfText = 4;

/// Texts of that many bytes and more, on the average, hold words that are looked for.
constexpr std::size_t kLongText = 40;

constexpr std::uint64_t kAskEach = 4'096;  // rows between two looks at the stop token

constexpr std::string_view kEngineStopped = "STO0008";

/// Whoever notices it first, the reader or the engine.
tl::unexpected<Error> stopped(const std::string& name) {
  return fail(Error::Kind::Limit, "QRY0004", "the load was stopped", Where{name, 0, 0, {}},
              "give it again: what is there is not loaded twice");
}

Result<std::string> fingerprint_of(const std::string& path, const std::stop_token& stop) {
  RD_TRY(files::TextInput::open(path));  // says what is wrong with it
  std::ifstream file(path, std::ios::binary);
  Sha256Sum sum;
  std::vector<char> piece(std::size_t{1} << 20);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    if (stop.stop_requested()) return stopped(path);
    sum.add({piece.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (file.bad()) return fail(Error::Kind::Io, "DOC0001", "the file can't be read", Where{path, 0, 0, {}});
  return sum.hex();
}

/// Rows whose time is another column are other pieces.
std::int64_t piece_method(const std::string& time_column) {
  if (time_column.empty()) return store::kPieceMethod;
  const std::string hex = sha256_hex(time_column).substr(0, 8);
  std::uint32_t number = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  return store::kPieceMethod + store::kPieceMethods * static_cast<std::int64_t>(number);
}

/// One file on its way into its table.
class EventFile {
 public:
  EventFile(store::EventTables& tables, store::EventLoader& loader, const EventLoadOptions& options,
            LoadedEvents& loaded, std::vector<Diagnostic>& diagnostics)
      : tables_(tables), loader_(loader), options_(options), loaded_(loaded), diagnostics_(diagnostics) {}

  /// `path`: of a stream it is empty.
  Result<void> read(files::TextInput& input, const std::string& path) {
    const detail::LoadForm form = RD_TRY(detail::form_of(input));
    loaded_.file.form = form.name;
    raw_.begin_file(loaded_.file.file);
    know_columns();
    names_its_table_ = schema_ != nullptr;
    detail::LoadTarget target{
        .table = raw_,
        .schema = schema_,
        .limits = options_.limits,
        .diagnostics = diagnostics_,
        .file = loaded_.file,
        .each_row = [this] { return look_up(); },
        .before_row = [this]() -> Result<void> {
          if (raw_.rows() < kChunkRows && raw_.text_bytes() < kChunkBytes) return {};
          return take_chunk();
        },
        .path = path,
        .engine = options_.engine,
    };
    RD_TRY(form.read(input, target));
    RD_TRY(target.check_rows());
    RD_TRY(take_chunk());
    if (loaded_.file.bytes == 0) loaded_.file.bytes = input.bytes_read();
    tell();
    return {};
  }

 private:
  const std::string& table() const { return loaded_.file.table; }

  Result<void> look_up() {
    if (++asked_ % kAskEach != 0) return {};
    if (options_.progress) options_.progress({"loading rows", loaded_.file.rows, 0});
    if (options_.stop.stop_requested()) return stopped(loaded_.file.file);
    return {};
  }

  /// The columns of the table, then what else its schema has; null where neither is.
  void know_columns() {
    const store::EventTable* const stored = tables_.find(table());
    const kql::Relation* const given =
        options_.schemas == nullptr ? nullptr : options_.schemas->find(table());
    schema_ = given;
    if (stored == nullptr) return;
    std::vector<std::pair<std::string, kql::Type>> columns;
    columns.reserve(stored->columns.size());
    for (const store::EventColumn& column : stored->columns)
      columns.emplace_back(column.name, sql::type_of(column.kind));
    if (given != nullptr)
      for (const kql::Column* column : given->columns)
        if (stored->find(column->name) == nullptr) columns.emplace_back(column->name, column->type);
    kql::Schemas& made = schemas_.emplace_back();  // readers may hold those before
    made.add_table(table(), columns);
    schema_ = made.find(table());
  }

  Result<void> take_chunk() {
    raw_.finish();
    LoadedColumns plan = detail::plan_columns(raw_, schema_, options_.time_column);
    RD_TRY(look_at_times(plan));
    // What this file alone brought is not what its schema says, whichever rows came first.
    for (LoadedColumn& column : plan.columns)
      if (!names_its_table_) column.absent.clear();
    if (!std::exchange(told_columns_, true)) tell_columns(table(), plan, diagnostics_);
    RD_TRY(make_columns(plan));
    store::Block block = RD_TRY(block_of(plan));
    raw_.clear_rows();
    return loader_.add(std::move(block), options_.stop);
  }

  /// Before the first rows are there: whoever named a wrong column wants none of them.
  Result<void> look_at_times(const LoadedColumns& plan) {
    if (options_.time_column.empty() || raw_.rows() == 0) return {};
    if (!plan.has_time_column) {
      std::vector<std::string_view> names;
      for (const detail::RawColumn& column : raw_.columns())
        names.push_back(column.name);
      const std::optional<std::string_view> near = closest(options_.time_column, names);
      return fail(Error::Kind::InvalidInput, "QRY0025",
                  fmt::format("the file has no column {}, which --time-column names", options_.time_column),
                  Where{loaded_.file.file, 0, 0, {}},
                  near ? fmt::format("did you mean {}?", *near) : "name a column of the file");
    }
    has_times_ = has_times_ || plan.has_times;
    if (first_time_.empty()) first_time_ = plan.first_time;
    return {};
  }

  store::EventColumn column_of(const LoadedColumn& column) const {
    const std::optional<store::ColumnKind> kind = sql::kind_of(column.type);
    store::EventColumn out{.name = column.name, .kind = kind.value_or(store::ColumnKind::Dynamic)};
    out.shared_texts = (out.kind == store::ColumnKind::String || out.kind == store::ColumnKind::Dynamic) &&
                       (raw_.rows() < kRowsThatTell || texts_of(column) <= raw_.rows() / kRowsOfText);
    out.word_index =
        out.kind == store::ColumnKind::String && !out.shared_texts && mean_length(column) >= kLongText;
    return out;
  }

  /// Of the present rows.
  std::size_t mean_length(const LoadedColumn& column) const {
    std::size_t bytes = 0;
    for (const detail::ColumnSource& source : column.sources)
      for (std::size_t row = 0; row < raw_.rows(); ++row)
        bytes += raw_.columns()[source.column].cells[row].size();
    return raw_.rows() == 0 ? 0 : bytes / raw_.rows();
  }

  /// Distinct texts in the present rows.
  std::size_t texts_of(const LoadedColumn& column) const {
    std::size_t out = 0;
    for (const detail::ColumnSource& source : column.sources) {
      const TextCells& cells = raw_.columns()[source.column].cells;
      out = std::max(out, cells.shared() ? cells.entries() : raw_.rows());
    }
    return out;
  }

  /// A table that is not there has all columns of its schema; one that is gets those that rows bring.
  Result<void> make_columns(const LoadedColumns& plan) {
    const store::EventTable* const stored = tables_.find(table());
    std::vector<store::EventColumn> columns;
    for (const LoadedColumn& column : plan.columns)
      if (stored == nullptr || (!column.sources.empty() && stored->find(column.name) == nullptr))
        columns.push_back(column_of(column));
    if (columns.empty()) return {};
    if (stored == nullptr) {
      RD_TRY(tables_.create({table(), std::move(columns), options_.retention_days}));
      loaded_.made_table = true;
    } else {
      RD_TRY(tables_.add_columns(table(), columns));
      for (const store::EventColumn& column : columns)
        loaded_.new_columns.push_back(column.name);
    }
    know_columns();
    return {};
  }

  Result<store::Block> block_of(const LoadedColumns& plan) {
    const store::EventTable* const stored = tables_.find(table());
    store::Block out;
    if (stored == nullptr) return out;  // no columns, no rows
    for (const LoadedColumn& column : plan.columns) {
      if (column.sources.empty() && column.absent.empty()) continue;
      const store::EventColumn* const kept = stored->find(column.name);
      if (kept == nullptr && column.sources.empty()) continue;
      RD_CHECK(kept != nullptr);
      out.columns.push_back(make_column(store::shape_of(*kept, false)));
      UnfitValues unfit;
      fill_column(raw_, {column.name, sql::type_of(kept->kind), column.sources, column.absent},
                  out.columns.back(), unfit);
      add(std::move(unfit));
    }
    return out;
  }

  void add(UnfitValues unfit) {
    if (unfit.count == 0) return;
    loaded_.unfit_values += unfit.count;
    const auto [entry, is_new] = unfit_.try_emplace(unfit.column, unfit);
    if (!is_new) entry->second.count += unfit.count;
  }

  void tell() {
    detail::tell_local_times(raw_, loaded_.file.file, diagnostics_);
    if (!options_.time_column.empty() && loaded_.file.rows != 0 && !has_times_)
      diagnostics_.push_back({Severity::Warning, "QRY0026",
                              fmt::format("no value of the column {} is a time{}", options_.time_column,
                                          first_time_.empty() ? std::string(": all are empty")
                                                              : ", the first one here: " + first_time_),
                              Where{loaded_.file.file, 0, 0, {}},
                              "times are written as 2026-11-27T04:00:00Z, or as whole numbers of Unix time"});
    for (const auto& [column, unfit] : unfit_)
      tell_unfit(unfit, diagnostics_);
    detail::tell_unread(loaded_.file, diagnostics_);
  }

  store::EventTables& tables_;
  store::EventLoader& loader_;
  const EventLoadOptions& options_;
  LoadedEvents& loaded_;
  std::vector<Diagnostic>& diagnostics_;
  detail::RawTable raw_;
  std::deque<kql::Schemas> schemas_;
  const kql::Relation* schema_ = nullptr;
  std::map<std::string, UnfitValues> unfit_;
  std::uint64_t asked_ = 0;
  bool told_columns_ = false;
  bool has_times_ = false;  // in the column that the options name
  std::string first_time_;
  bool names_its_table_ = false;  // in its column Type, if its schema has one
};

void tell_times(const LoadedEvents& loaded, const store::EventTable* table, std::string_view time_column,
                std::vector<Diagnostic>& diagnostics) {
  const auto warn = [&](std::string_view code, std::string message, std::string hint = {}) {
    diagnostics.push_back({Severity::Warning, std::string(code), std::move(message),
                           Where{loaded.file.file, 0, 0, {}}, std::move(hint)});
  };
  if (loaded.untimed_rows != 0 && table != nullptr && table->time_column() == nullptr)
    warn("QRY0017",
         fmt::format(
             "{} was made without times in TimeGenerated or Timestamp: {} that of the load", table->name,
             loaded.untimed_rows == 1 ? "1 row has" : fmt::format("{} rows have", loaded.untimed_rows)),
         "drop the table, and load with --time-column NAME, the column of the time");
  else if (loaded.untimed_rows != 0)
    warn("QRY0017",
         fmt::format("rows without a time between 1900 and 2299 have that of the load: {}",
                     loaded.untimed_rows),
         time_column.empty() ? "--time-column NAME names the column of the time, if it is another one" : "");
  if (loaded.too_old_rows == 0 || table == nullptr) return;
  warn("QRY0022",
       fmt::format("{} older than the {} that {} keeps, and {} at once",
                   loaded.too_old_rows == 1 ? "1 row is" : fmt::format("{} rows are", loaded.too_old_rows),
                   counted(static_cast<std::uint64_t>(table->retention_days), "day"), table->name,
                   loaded.too_old_rows == 1 ? "goes" : "go"),
       "--retention with more days, or 0, keeps them");
}

/// What is loaded: a file, or a stream, which has no path.
struct Origin {
  std::string name;
  std::string path;
  std::function<Result<std::unique_ptr<files::TextInput>>()> open;
};

/// Loads with a fresh input; where the rows of an earlier load were others, it is begun anew.
Result<LoadedEvents> load_with(store::EventTables& tables, store::EventLoader& loader,
                               const EventLoadOptions& options, const Origin& origin,
                               std::vector<Diagnostic>& diagnostics) {
  const state::LoadSource& source = loader.load().source;
  // The same content may have had another name before.
  LoadedEvents out{.file = {source.events, origin.name, {}, 0, 0, 0}};
  if (loader.was_loaded()) {
    out.was_loaded = true;
    out.file.rows = static_cast<std::uint64_t>(loader.load().rows);
    return out;
  }
  loader.set_clock(options.clock);
  std::vector<Diagnostic> said;
  const std::unique_ptr<files::TextInput> input = RD_TRY(origin.open());
  Result<void> done = EventFile(tables, loader, options, out, said).read(*input, origin.path);
  if (done) done = loader.finish(options.now, options.durable, options.stop);
  if (!done && done.error().code == "STO0023") {
    RD_TRY(loader.restart());
    return load_with(tables, loader, options, origin, diagnostics);
  }
  std::move(said.begin(), said.end(), std::back_inserter(diagnostics));
  if (!done) {
    RD_TRY(loader.give_up());
    if (out.made_table) static_cast<void>(loader.drop_empty_table());  // why it ended is what counts
    if (done.error().code == kEngineStopped && options.stop.stop_requested()) return stopped(origin.name);
    return tl::unexpected(std::move(done).error());
  }
  out.found_rows = loader.found_rows();
  out.untimed_rows = loader.untimed_rows();
  out.too_old_rows = loader.too_old_rows();
  tell_times(out, tables.find(source.events), options.time_column, diagnostics);
  return out;
}

}  // namespace

EventFiles::EventFiles(store::EventTables& tables, state::Loads& loads, EventLoadOptions options)
    : tables_(tables), loads_(loads), options_(std::move(options)) {}

Result<LoadedEvents> EventFiles::load(const std::string& table, const std::string& path,
                                      std::vector<Diagnostic>& diagnostics) {
  std::string fingerprint = RD_TRY(fingerprint_of(path, options_.stop));
  store::EventLoader loader = RD_TRY(store::EventLoader::begin(
      tables_, loads_, {table, path, std::move(fingerprint), piece_method(options_.time_column)},
      options_.now, options_.again));
  const Origin origin{path, path,
                      [&] { return files::TextInput::open(path, {.max_bytes = options_.limits.max_bytes}); }};
  return load_with(tables_, loader, options_, origin, diagnostics);
}

Result<LoadedEvents> EventFiles::load(const std::string& table, std::istream& stream, std::string name,
                                      std::vector<Diagnostic>& diagnostics) {
  store::EventLoader loader = RD_TRY(store::EventLoader::begin(
      tables_, loads_, {table, name, {}, piece_method(options_.time_column)}, options_.now));
  const Origin origin{name, {}, [&]() -> Result<std::unique_ptr<files::TextInput>> {
                        return files::TextInput::of_stream(stream, name,
                                                           {.max_bytes = options_.limits.max_bytes});
                      }};
  return load_with(tables_, loader, options_, origin, diagnostics);
}

}  // namespace redoubt::query
