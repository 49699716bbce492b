#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <iterator>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "cli/event_store.h"
#include "cli/interrupt.h"
#include "cli/log_files.h"
#include "cli/query_input.h"
#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
#include "query/load_events.h"
#include "store/event_loader.h"

namespace redoubt::cli {

namespace {

constexpr std::int64_t kLongestRetention = 36'500;  // days
constexpr std::size_t kMostNameCharacters = 1'024;  // as Kusto has it

Result<std::int64_t> read_retention(const Arguments& arguments) {
  if (!arguments.given("--retention")) return 0;
  const std::string& text = arguments.text("--retention");
  std::int64_t days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error == std::errc() && end == text.data() + text.size() && days >= 0 && days <= kLongestRetention)
    return days;
  return fail(Error::Kind::Usage, "CLI0090", fmt::format("--retention is no number of days: {}", text), {},
              fmt::format("give one from 0 (all rows stay) to {}", kLongestRetention));
}

struct LoadJob {
  query::EventFiles files;
  std::string table;
  std::vector<query::LoadedEvents> loaded;
  bool unfinished = false;
};

Result<query::LoadedEvents> load_one(LoadJob& job, const std::string& path, Context& context) {
  std::vector<Diagnostic> diagnostics;
  Result<query::LoadedEvents> out =
      path == "-" ? job.files.load(job.table, context.console.in, "<stdin>", diagnostics)
                  : job.files.load(job.table, path, diagnostics);
  context.progress.clear();
  for (const Diagnostic& diagnostic : diagnostics)
    if (diagnostic.severity != Severity::Hint || context.verbose) context.tell(diagnostic);
  return out;
}

std::string outcome(const query::LoadedEvents& loaded) {
  const std::string rows = counted(loaded.file.rows, "row");
  if (loaded.was_loaded)
    return fmt::format("{} {} loaded before, nothing to do", rows, loaded.file.rows == 1 ? "was" : "were");
  std::string out = fmt::format("{} into {}", rows, loaded.file.table);
  if (loaded.made_table) out += ", which is new";
  if (loaded.found_rows != 0) out += fmt::format(", {} of them there already", loaded.found_rows);
  if (!loaded.new_columns.empty())
    out += fmt::format(", {}", counted(loaded.new_columns.size(), "new column"));
  if (loaded.file.unread_rows != 0) out += fmt::format(", {} could not be read", loaded.file.unread_rows);
  return out;
}

void write_loaded(doc::JsonWriter& json, const query::LoadedEvents& loaded) {
  const auto number = [&](std::string_view name, std::uint64_t value) {
    json.key(name).integer(static_cast<std::int64_t>(value));
  };
  json.begin_object().key("file").text(loaded.file.file).key("table").text(loaded.file.table);
  json.key("form").text(loaded.file.form);
  number("rows", loaded.file.rows);
  number("rowsFound", loaded.found_rows);
  number("rowsUnread", loaded.file.unread_rows);
  number("rowsUntimed", loaded.untimed_rows);
  number("rowsTooOld", loaded.too_old_rows);
  number("valuesUnfit", loaded.unfit_values);
  number("bytes", loaded.file.bytes);
  json.key("newColumns").begin_array();
  for (const std::string& column : loaded.new_columns)
    json.text(column);
  json.end_array();
  json.key("madeTable").boolean(loaded.made_table).key("wasLoaded").boolean(loaded.was_loaded).end_object();
}

void write_json(const LoadJob& job, Context& context) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.logs-load/1").key("files").begin_array();
  for (const query::LoadedEvents& loaded : job.loaded)
    write_loaded(json, loaded);
  json.end_array().end_object();
  context.output.write(json.take() + "\n");
}

bool is_of_the_store(const Error& error) {
  return error.code.starts_with("STO") || error.code.starts_with("STA");
}

/// A file that can't be loaded does not keep the others from it, unless the store is what fails, or it was
/// stopped.
void load_all(LoadJob& job, std::span<const std::string> files, Context& context) {
  for (const std::string& file : files) {
    Result<query::LoadedEvents> loaded = load_one(job, file, context);
    if (!loaded) {
      job.unfinished = true;
      context.tell(loaded.error());
      if (is_of_the_store(loaded.error()) || loaded.error().code == "QRY0004") return;
      continue;
    }
    if (context.format == "table") {
      context.output.write(fmt::format("{}: {}\n", loaded->file.file, outcome(*loaded)));
      context.output.flush();  // whoever reads it may forget the file
    }
    job.loaded.push_back(*std::move(loaded));
  }
}

/// Kusto's rules for names, but for their signs: whoever names a table can quote it.
Result<std::string> table_name(const Arguments& arguments) {
  if (!arguments.given("--table"))
    return fail(Error::Kind::Usage, "CLI0005", "--table is missing", {},
                "name the table that the rows go into");
  const std::string& name = arguments.text("--table");
  const bool has_control =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  if (trim(name).empty() || has_control || !valid_utf8(name) || count_characters(name) > kMostNameCharacters)
    return fail(Error::Kind::Usage, "CLI0092",
                fmt::format("--table is a name of up to {} characters, none of them a control character",
                            kMostNameCharacters),
                {}, "such as SigninLogs");
  return name;
}

Result<Exit> run_logs_load(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  kql::Schemas schemas;
  RD_TRY(read_tables(arguments.values("--schema"), context, sources, schemas));
  Interrupt interrupt;
  const Interrupt::Work work(interrupt);
  query::EventLoadOptions options;
  options.stop = work.token();
  options.schemas = &schemas;
  options.progress = context.progress.callback();
  options.again = arguments.given("--again");
  options.durable = arguments.given("--durable");
  options.time_column = arguments.text("--time-column");
  options.retention_days = RD_TRY(read_retention(arguments));
  const std::optional<Instant> given_now = RD_TRY(read_now(arguments));
  options.clock = now();
  options.now = given_now.value_or(options.clock);
  std::vector<std::string> files;
  for (const std::string& path : arguments.values("FILE")) {
    LogFiles found = RD_TRY(log_files(path));
    tell_others(path, found, context);
    std::ranges::move(found.read, std::back_inserter(files));
  }
  const std::string table = RD_TRY(table_name(arguments));
  const EventPlace place = RD_TRY(event_place(arguments, data_directory(arguments), context));
  if (arguments.given("--cluster") && !place.server)
    return fail(Error::Kind::Usage, "CLI0005", "--cluster needs a server", {}, "name it with --db URL");
  const std::unique_ptr<EventStore> events = RD_TRY(EventStore::open(place));
  state::Loads loads = RD_TRY(state::Loads::open(place.ledger));
  if (place.server) {
    std::string writer = RD_TRY(loads.writer());
    events->tables().place({.writer = std::move(writer), .cluster = arguments.text("--cluster")});
  }
  // Before the rows come: of those that are to stay none may go at once.
  if (arguments.given("--retention") && events->tables().find(table) != nullptr)
    RD_TRY(store::set_retention(events->tables(), loads, table, options.retention_days));
  if (!place.server) RD_TRY(tell_unknown_rows(*events, loads, table, context));
  SpareEngine spare;
  options.engine = [&]() -> Result<store::EventEngine*> {
    return place.server ? spare.get() : &events->engine();
  };
  LoadJob job{query::EventFiles(events->tables(), loads, std::move(options)), table, {}, false};
  load_all(job, files, context);
  RD_TRY(tell_missing_rows(*events, place.ledger, context));
  RD_TRY(tell_lost_rows(*events, place.ledger, {&table, 1}, context));
  if (context.format == "json") write_json(job, context);
  if (context.format == "table" && files.empty()) context.output.write("no files with events\n");
  return job.unfinished ? Exit::Unfinished : Exit::Done;
}

std::vector<Option> load_options() {
  std::vector<Option> out = {
      {.flags = "--table", .value = "TABLE", .text = "the table; it is made where it is not there"},
      {.flags = "--schema",
       .value = "FILE",
       .text = "tables with the types of their columns",
       .repeatable = true},
      {.flags = "--time-column",
       .value = "NAME",
       .text = "the column of the files with the times of the rows, for TimeGenerated"},
      {.flags = "--retention", .value = "DAYS", .text = "how long the table keeps rows; 0: always"},
      {.flags = "--durable", .text = "done when it is on the disk, not only out of this process"},
      {.flags = "--again", .text = "also files that were loaded before"},
      data_option()};
  for (Option& one : place_options("otherwise that of the data directory"))
    out.push_back(std::move(one));
  out.push_back({.flags = "--cluster",
                 .value = "NAME",
                 .text = "a table that is made is spread over this cluster of the server, and replicated"});
  out.push_back({.flags = "--now", .value = "TIME", .text = "the time of the load, instead of the clock's"});
  return out;
}

}  // namespace

Command logs_load_command() {
  return {
      .name = "logs load",
      .summary = "Load files of events into a table",
      .examples = {"redoubt logs load signins.json --table SigninLogs",
                   "redoubt logs load export/ --table AzureActivity --schema tables.json --retention 365",
                   "redoubt logs load query_data.csv --table SecurityEvent --durable",
                   "redoubt logs load app.jsonl --table App_CL --time-column ts"},
      .description =
          "CSV, TSV, JSON, JSON Lines, what Azure Monitor exports to storage, answers of query APIs, "
          "exports of the portal, lines of text; .gz too. And Parquet. Of a folder all such files are "
          "loaded, in the "
          "order of their names.\n\n"
          "A table has the columns of --schema, or those of its first rows with the types that all values "
          "of them have. Columns that come later are added.\n\n"
          "Rows are kept by TimeGenerated, or by Timestamp. Where the files call it otherwise, --time-column "
          "names it: texts, or whole numbers of Unix time in seconds to nanoseconds, by their size.\n\n"
          "Each file is loaded once: one that was, is known by its content. A load that was broken off, "
          "however it was, goes on when it is given again, and no row comes twice.",
      .positionals = {{.name = "FILE", .text = "files or folders; - is stdin", .repeatable = true}},
      .options = load_options(),
      .formats = {"table", "json"},
      .run = run_logs_load};
}

}  // namespace redoubt::cli
