#include "cli/kql_session.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "cli/deployment_options.h"
#include "core/text.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "query/timespan.h"
#include "store/embedded.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kEmbedded = "embedded";
constexpr std::string_view kEventsHere = "./.redoubt/events";

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
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out == 0)
    return fail(Error::Kind::Usage, "QRY0010", fmt::format("--limit is a number of rows, not {}", text));
  return out;
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

Result<Reading<query::Loaded>> load(const Arguments& arguments, Context& context, const kql::Schemas& schemas,
                                    std::stop_token stop, query::MemoryTables& out) {
  query::TableLoader loader({.schemas = schemas.empty() ? nullptr : &schemas,
                             .limits = {},
                             .stop = std::move(stop),
                             .progress = context.progress.callback()});
  for (const std::string& text : arguments.values("--load")) {
    const Pair one = RD_TRY(pair_of("--load", text, "TABLE=FILE"));
    if (one.value == "-")
      RD_TRY(loader.add(one.name, context.console.in, "<stdin>"));
    else
      RD_TRY(loader.add(one.name, one.value));
  }
  return loader.finish(out);
}

/// The folder of events to ask: the one that is named, or that of the data directory here, where there is one
/// and nothing else is to be asked.
Result<std::optional<std::string>> events_of(const Arguments& arguments) {
  if (arguments.given("--db") && arguments.given("--load"))
    return fail(Error::Kind::Usage, "QRY0010", "--load and --db do not go together", {},
                "redoubt logs load brings a file into the folder of events");
  if (arguments.given("--db")) return arguments.text("--db");
  std::error_code error;
  const bool is_here = std::filesystem::is_directory(kEventsHere, error);
  if (!is_here || arguments.given("--load") || arguments.given("--cases")) return std::nullopt;
  return std::string(kEventsHere);
}

}  // namespace

std::vector<Option> session_options() {
  std::vector<Option> out = {
      {.flags = "--load",
       .value = "TABLE=FILE",
       .text = "a file with rows of a table: CSV, TSV, JSON, JSON Lines, an export of Azure, also as .gz",
       .repeatable = true}};
  for (Option& one : environment_options())
    out.push_back(std::move(one));
  const std::vector<Option> more = {
      {.flags = "--db",
       .value = "DIR",
       .text =
           "the folder of events to ask, in place of files; without --load ./.redoubt/events, where there is "
           "one"},
      {.flags = "--param",
       .value = "NAME=VALUE",
       .text = "the value of a parameter that the query declares",
       .repeatable = true},
      {.flags = "--timespan",
       .value = "SPAN",
       .text =
           "only rows of this time: P1D, or START/END; tables without TimeGenerated or Timestamp are whole"},
      {.flags = "--now", .value = "TIME", .text = "the time that now() is"},
      {.flags = "--limit", .value = "N", .text = "rows of a result at most", .fallback = "500000"},
      {.flags = "--engine",
       .value = "ENGINE",
       .text = "where rows are worked out",
       .fallback = "memory",
       .choices = {"memory", std::string(kEmbedded)}}};
  out.insert(out.end(), more.begin(), more.end());
  for (Option& one : outside_options())
    out.push_back(std::move(one));
  return out;
}

Result<std::unique_ptr<QuerySession>> QuerySession::open(const Arguments& arguments, Context& context,
                                                         std::stop_token stop) {
  std::unique_ptr<QuerySession> out(new QuerySession);
  RD_TRY(read_options(arguments, out->options_));
  out->options_.stop = stop;
  out->options_.evaluation.patterns = &out->patterns_;
  out->options_.rewrites.context = &out->options_.evaluation;
  out->known_ = RD_TRY(read_environment(arguments, context, out->sources_));
  out->loaded_ = RD_TRY(load(arguments, context, out->known_.tables, std::move(stop), out->tables_));
  out->outside_ = RD_TRY(read_outside(arguments, context));
  out->options_.evaluation.locations = out->outside_.locations.get();
  const std::optional<std::string> events = RD_TRY(events_of(arguments));
  if (events) {
    out->events_ = RD_TRY(EventStore::open_existing(*events));
    RD_TRY(tell_missing_rows(*out->events_, std::filesystem::path(*events).parent_path().string(), context));
    out->catalog_.emplace(out->events_->tables());
    out->stored_ = query::sql::schemas_of(out->events_->tables());
    return out;
  }
  if (arguments.text("--engine") == kEmbedded) out->engine_ = RD_TRY(store::EmbeddedEngine::open({}));
  return out;
}

kql::Environment QuerySession::environment() const {
  kql::Environment out = known_.view();
  out.tables = events_ == nullptr ? &tables_.schemas() : &stored_;
  out.without_rows = &known_.tables;
  out.complete = true;
  return out;
}

Result<query::Answer> QuerySession::answer(std::string_view query, const query::RunOptions& options) {
  if (events_ == nullptr) return answer(query, options, tables_);
  query::sql::SqlTables source(events_->engine(), *catalog_, {}, options.stop);
  source.set_external(outside_.external.get());
  return query::run(query, environment(), source, options);
}

Result<query::Answer> QuerySession::answer(std::string_view query, const query::RunOptions& options,
                                           query::MemoryTables& tables) {
  kql::Environment environment = known_.view();
  environment.tables = &tables.schemas();
  environment.without_rows = &known_.tables;
  tables.set_external(outside_.external.get());
  if (engine_ == nullptr) return query::run(query, environment, tables, options);
  const query::sql::MemoryCatalog catalog(tables);
  query::sql::SqlTables source(*engine_, catalog, {.everything = true}, options.stop);
  source.set_external(outside_.external.get());
  return query::run(query, environment, source, options);
}

}  // namespace redoubt::cli
