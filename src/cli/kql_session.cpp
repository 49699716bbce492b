#include "cli/kql_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>

#include "cli/deployment_options.h"
#include "cli/log_files.h"
#include "core/text.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "query/timespan.h"
#include "store/embedded.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kEmbedded = "embedded";
/// What does work where a file is wanted beside the tables of a store.
constexpr std::string_view kFileBesideStore =
    "redoubt logs load brings a file into the store; a list to compare with is _GetWatchlist('ioc') with "
    "--watchlists ioc.csv, or externaldata(Address: string) ['ioc.csv'] with --external DIR";

/// Notes which tables are read.
class NotedCatalog : public query::sql::Catalog {
 public:
  explicit NotedCatalog(const query::sql::Catalog& catalog) : catalog_(catalog) {}

  std::optional<query::sql::StoredTable> find(std::string_view name) const override {
    noted_.emplace(name);
    return catalog_.find(name);
  }
  std::vector<store::Input> inputs_of(std::string_view sql) const override { return catalog_.inputs_of(sql); }

  bool has_noted(const std::string& name) const { return noted_.contains(name); }

 private:
  const query::sql::Catalog& catalog_;
  mutable std::set<std::string> noted_;
};

bool has_word(std::string_view text, std::string_view word) {
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (is_letter_or_digit(static_cast<unsigned char>(text[at])) || text[at] == '_');
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if (!is_inside(at - 1) && !is_inside(at + word.size())) return true;
  return false;
}

/// `name=value`.
struct Pair {
  std::string name;
  std::string value;
};
Result<Pair> pair_of(std::string_view option, const std::string& text, std::string_view form) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
    return fail(Error::Kind::Usage, "QRY0010", fmt::format("{} is {}, not {}", option, form, text));
  return Pair{text.substr(0, sign), text.substr(sign + 1)};
}

Result<std::uint64_t> limit_of(const std::string& text) {
  const std::optional<std::uint64_t> out = whole_number(text);
  if (!out || *out == 0)
    return fail(Error::Kind::Usage, "QRY0010",
                fmt::format("--limit is a number of rows from 1, not {}", text));
  return *out;
}

Result<void> read_options(const Arguments& arguments, query::RunOptions& options) {
  const std::optional<Instant> now = RD_TRY(read_now(arguments));
  options.evaluation.now = now.value_or(redoubt::now());
  if (arguments.given("--limit"))
    options.limits.max_result_rows = RD_TRY(limit_of(arguments.text("--limit")));
  if (arguments.given("--timespan"))
    options.span = RD_TRY(query::parse_timespan(arguments.text("--timespan"), options.evaluation.now));
  for (const std::string& text : arguments.values("--param")) {
    // A text may be empty.
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
      return fail(Error::Kind::Usage, "QRY0010", fmt::format("--param is NAME=VALUE, not {}", text));
    options.parameters.insert_or_assign(text.substr(0, sign), text.substr(sign + 1));
  }
  return {};
}

query::LoadOptions load_options(const kql::Schemas& schemas, Context& context, SpareEngine& engine,
                                std::stop_token stop = {}) {
  return {.schemas = schemas.empty() ? nullptr : &schemas,
          .limits = {},
          .stop = std::move(stop),
          .progress = context.progress.callback(),
          .engine = [&engine] { return engine.get(); }};
}

Result<void> add_files(query::TableLoader& loader, const std::string& table, const std::string& path,
                       Context& context) {
  const LogFiles files = RD_TRY(log_files(path));
  tell_others(path, files, context);
  if (files.read.empty())
    return fail(Error::Kind::NotFound, "DOC0001", "there are no such files with events",
                Where{path, 0, 0, {}},
                "of a folder those named .json, .jsonl, .csv, .tsv, .parquet, .log and the like are read");
  for (const std::string& file : files.read)
    RD_TRY(loader.add(table, file));
  return {};
}

Result<Reading<query::Loaded>> load(const Arguments& arguments, Context& context, const kql::Schemas& schemas,
                                    SpareEngine& engine, std::stop_token stop, query::MemoryTables& out) {
  query::TableLoader loader(load_options(schemas, context, engine, std::move(stop)));
  for (const std::string& text : arguments.values("--load")) {
    const Pair one = RD_TRY(pair_of("--load", text, "TABLE=FILE"));
    if (one.value == "-")
      RD_TRY(loader.add(one.name, context.console.in, "<stdin>"));
    else
      RD_TRY(add_files(loader, one.name, one.value, context));
  }
  return loader.finish(out);
}

/// The files of --load, until Ctrl-C; stdin may never go on, so that Ctrl-C ends the process.
Result<Reading<query::Loaded>> load_until_stopped(const Arguments& arguments, Context& context,
                                                  const kql::Schemas& schemas, SpareEngine& engine,
                                                  Interrupt& interrupt, query::MemoryTables& out) {
  const auto from_stdin = [](const std::string& load) { return load.ends_with("=-"); };
  if (std::ranges::any_of(arguments.values("--load"), from_stdin))
    return load(arguments, context, schemas, engine, {}, out);
  const Interrupt::Work work(interrupt);
  Result<Reading<query::Loaded>> read = load(arguments, context, schemas, engine, work.token(), out);
  if (!read && read.error().code == "QRY0004")
    return fail(Error::Kind::Limit, "QRY0004", "the files were not read to their end: stopped by Ctrl-C", {},
                "redoubt logs load reads them once, into a store that many queries can ask");
  return read;
}

/// The events to ask; nothing: tables are those of files.
Result<std::optional<EventPlace>> events_of(const Arguments& arguments, Context& context) {
  if (arguments.given("--db") && arguments.given("--load"))
    return fail(Error::Kind::Usage, "QRY0010", "--load and --db do not go together", {},
                std::string(kFileBesideStore));
  return events_to_ask(arguments, arguments.given("--load"), context);
}

}  // namespace

std::vector<Option> session_options() {
  std::vector<Option> out = {
      {.flags = "--load",
       .value = "TABLE=FILE",
       .text = "a file with rows of a table, or a folder of such: CSV, TSV, JSON, JSON Lines, Parquet, an "
               "export of Azure; also as .gz, but for Parquet",
       .repeatable = true}};
  for (Option& one : environment_options())
    out.push_back(std::move(one));
  for (Option& one : place_options("without --load ./.redoubt/events, where there is one"))
    out.push_back(std::move(one));
  const std::vector<Option> more = {
      {.flags = "--param",
       .value = "NAME=VALUE",
       .text = "the value of a parameter that the query declares",
       .repeatable = true},
      {.flags = "--timespan",
       .value = "SPAN",
       .text = "only rows of this time: P1D, 2w, a day (2026-11-27), or START/END; tables without "
               "TimeGenerated or "
               "Timestamp are whole"},
      {.flags = "--now", .value = "TIME", .text = "the time that now() is"},
      {.flags = "--limit", .value = "N", .text = "rows of a result at most", .fallback = "500000"},
      {.flags = "--wide", .text = "cut no cell of a table in a terminal, however long its lines become"},
      {.flags = "--engine",
       .value = "ENGINE",
       .text = "where the rows of files are worked out: in memory, or by the event engine as far as SQL can "
               "say it; events of a store always have both",
       .fallback = "memory",
       .choices = {"memory", std::string(kEmbedded)}}};
  out.insert(out.end(), more.begin(), more.end());
  for (Option& one : outside_options())
    out.push_back(std::move(one));
  return out;
}

Result<std::unique_ptr<QuerySession>> QuerySession::open(const Arguments& arguments, Context& context,
                                                         Interrupt& interrupt) {
  std::unique_ptr<QuerySession> out(new QuerySession(context));
  context.wide = arguments.given("--wide");
  RD_TRY(read_options(arguments, out->options_));
  out->options_.evaluation.patterns = &out->patterns_;
  out->options_.rewrites.context = &out->options_.evaluation;
  out->known_ = RD_TRY(read_environment(arguments, context, out->sources_));
  out->loaded_ = RD_TRY(
      load_until_stopped(arguments, context, out->known_.tables, out->engine_, interrupt, out->tables_));
  out->outside_ = RD_TRY(read_outside(arguments, context));
  out->options_.evaluation.locations = out->outside_.locations.get();
  const std::optional<EventPlace> events = RD_TRY(events_of(arguments, context));
  if (events) {
    out->events_ = RD_TRY(EventStore::open_existing(*events));
    RD_TRY(tell_missing_rows(*out->events_, events->ledger, context));
    out->lost_ = RD_TRY(lost_rows(*out->events_, events->ledger));
    out->catalog_.emplace(out->events_->tables());
    out->stored_ = query::sql::schemas_of(out->events_->tables());
    return out;
  }
  out->asks_engine_ = arguments.text("--engine") == kEmbedded;
  if (out->asks_engine_) RD_TRY(out->engine_.get());
  return out;
}

kql::Environment QuerySession::environment() const {
  kql::Environment out = known_.view();
  out.tables = events_ == nullptr ? &tables_.schemas() : &stored_;
  out.without_rows = &known_.tables;
  out.complete = true;
  return out;
}

void QuerySession::tell_loaded(Context& context) const {
  for (const Diagnostic& one : loaded_.diagnostics)
    if (one.severity != Severity::Hint || context.verbose) context.tell(one);
}

Result<std::vector<Diagnostic>> QuerySession::load(const std::string& table, const std::string& file,
                                                   std::stop_token stop, Context& context) {
  if (events_ != nullptr)
    return fail(Error::Kind::Usage, "QRY0010",
                "the tables are those of the event store: no file goes beside them", {},
                std::string(kFileBesideStore));
  query::TableLoader loader(load_options(known_.tables, context, engine_, std::move(stop)));
  RD_TRY(add_files(loader, table, file, context));
  Reading<query::Loaded> read = loader.finish(tables_);
  query::Loaded& all = loaded_.value;
  std::erase_if(all.files, [&](const query::LoadedFile& one) { return one.table == table; });
  std::erase_if(all.tables, [&](const query::LoadedTable& one) { return one.name == table; });
  std::ranges::move(read.value.files, std::back_inserter(all.files));
  std::ranges::move(read.value.tables, std::back_inserter(all.tables));
  return std::move(read.diagnostics);
}

Result<std::map<std::string, std::uint64_t>> QuerySession::row_counts() {
  std::map<std::string, std::uint64_t> out;
  for (const kql::Relation* table : environment().tables->tables())
    out.emplace(table->name, 0);
  if (events_ == nullptr)
    for (const query::LoadedTable& table : loaded_.value.tables)
      out.insert_or_assign(table.name, table.rows);
  if (events_ == nullptr) return out;
  const std::map<std::string, std::uint64_t> counts = RD_TRY(events_->tables().row_counts());
  for (const auto& [name, rows] : counts)
    out.insert_or_assign(name, rows);
  return out;
}

Result<query::Answer> QuerySession::answer(std::string_view query, std::stop_token stop,
                                           kql::Discoveries* discoveries) {
  query::RunOptions options = options_;
  options.stop = std::move(stop);
  options.discoveries = discoveries;
  options.rewrites.context = &options.evaluation;
  return answer(query, options);
}

Result<query::Answer> QuerySession::answer(std::string_view query, const query::RunOptions& options) {
  return events_ == nullptr ? answer(query, options, tables_) : answer_of_events(query, options);
}

Result<query::Answer> QuerySession::answer_of_events(std::string_view query,
                                                     const query::RunOptions& options) {
  const NotedCatalog catalog(*catalog_);
  query::sql::SqlTables source(events_->engine(), catalog, {}, options.stop);
  source.set_external(outside_.external.get());
  Result<query::Answer> out = query::run(query, environment(), source, options);
  std::erase_if(lost_, [&](const LostRows& one) {
    // A table that is gone is never read.
    const bool is_told = events_->tables().find(one.table) == nullptr ? has_word(query, one.table)
                                                                      : catalog.has_noted(one.table);
    if (is_told) context_->tell(one.told);
    return is_told;
  });
  return out;
}

Result<query::Answer> QuerySession::answer(std::string_view query, const query::RunOptions& options,
                                           query::MemoryTables& tables) {
  kql::Environment environment = known_.view();
  environment.tables = &tables.schemas();
  environment.without_rows = &known_.tables;
  tables.set_external(outside_.external.get());
  if (!asks_engine_) return query::run(query, environment, tables, options);
  store::EventEngine* const engine = RD_TRY(engine_.get());
  const query::sql::MemoryCatalog catalog(tables);
  query::sql::SqlTables source(*engine, catalog, {.everything = true}, options.stop);
  source.set_external(outside_.external.get());
  return query::run(query, environment, source, options);
}

}  // namespace redoubt::cli
