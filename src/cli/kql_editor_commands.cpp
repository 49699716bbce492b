#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/query_input.h"
#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/completion.h"
#include "kql/hover.h"
#include "report/table.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

/// What both commands work on.
struct Cursor {
  std::string text;  ///< of the query
  std::uint32_t offset = 0;
  QueryEnvironment environment;
  std::optional<kql::FoundQuery> found;  ///< the query stands in a file of something else

  /// In the file.
  std::uint32_t in_file(std::uint32_t at) const { return found ? found->place(at).offset : at; }
};

constexpr std::string_view kHolders[] = {".yaml", ".yml", ".json", ".workbook", ".md", ".markdown"};

/// Counted from 1.
std::optional<std::size_t> number(std::string_view text) {
  const std::optional<std::uint64_t> out = whole_number(text);
  return out == 0U ? std::nullopt : out;
}

/// The byte of a line and a column, both counted from 1 and the column in characters, as places in messages;
/// a column behind the end of its line is that end.
Result<std::uint32_t> offset_of(std::string_view text, std::string_view at) {
  const std::size_t colon = at.find(':');
  const std::optional<std::size_t> line = number(at.substr(0, colon));
  const std::optional<std::size_t> column =
      colon == std::string_view::npos ? std::nullopt : number(at.substr(colon + 1));
  if (!line || !column)
    return fail(Error::Kind::Usage, "KQL0013", fmt::format("--at is no place: {}", at), {},
                "write LINE:COLUMN, both from 1");
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::size_t offset = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (std::size_t i = 1; i < *line; ++i) {
    const std::size_t end = text.find('\n', offset);
    if (end == std::string_view::npos)
      return fail(Error::Kind::Usage, "KQL0013", fmt::format("the query has no line {}", *line), {},
                  fmt::format("its last line is {}", i));
    offset = end + 1;
  }
  const std::string_view rest = text.substr(offset);
  return static_cast<std::uint32_t>(offset + bytes_of(rest.substr(0, rest.find('\n')), *column - 1));
}

/// The query of a rule, a template or a page that the place of the file is in.
Result<void> enter_query(const std::string& path, Cursor& cursor) {
  const auto holds = [&](std::string_view ending) { return ends_with_any_case(path, ending); };
  if (std::none_of(std::begin(kHolders), std::end(kHolders), holds)) return {};
  doc::Sources sources;
  Reading<kql::FoundQueries> found = kql::find_queries_in_text(sources, path, cursor.text);
  for (kql::FoundQuery& query : found.value.queries) {
    if (cursor.offset < query.place(0).offset || cursor.offset > query.place(query.query.size()).offset)
      continue;
    std::uint32_t at = 0;
    while (at < query.query.size() && query.place(at).offset < cursor.offset)
      ++at;
    cursor.text = query.query;
    cursor.offset = at;
    cursor.found = std::move(query);
    return {};
  }
  return fail(Error::Kind::Usage, "KQL0013", "no query of the file is at that place", Where{path, 0, 0, {}},
              "redoubt kql check FILE -v tells where they begin");
}

Result<Cursor> read_cursor(const Arguments& arguments, Context& context) {
  Cursor out;
  const std::string& path = arguments.text("FILE");
  if (path == "-")
    out.text = RD_TRY(read_stdin(context));
  else
    out.text = RD_TRY(doc::read_text_file(path, kql::QueryFileLimits{}.max_bytes));
  if (!arguments.given("--at"))
    return fail(Error::Kind::Usage, "KQL0013", "--at is missing", {}, "write --at LINE:COLUMN");
  out.offset = RD_TRY(offset_of(out.text, arguments.text("--at")));
  RD_TRY(enter_query(path, out));
  doc::Sources sources;  // nothing is told of places
  out.environment = RD_TRY(read_environment(arguments, context, sources));
  return out;
}

void write_range(doc::JsonWriter& json, std::uint32_t begin, std::uint32_t end) {
  json.key("range").begin_object().key("start").integer(begin).key("end").integer(end).end_object();
}

Result<Exit> run_kql_complete(const Arguments& arguments, Context& context) {
  const Cursor cursor = RD_TRY(read_cursor(arguments, context));
  const kql::Completion answer = kql::complete(cursor.text, cursor.offset, cursor.environment.view());
  if (context.format == "json") {
    doc::JsonWriter json(true);
    json.begin_object().key("schema").text("redoubt.kql-completion/1");
    write_range(json, cursor.in_file(answer.begin), cursor.in_file(answer.end));
    json.key("items").begin_array();
    for (const kql::CompletionItem& item : answer.items) {
      json.begin_object().key("label").text(item.label).key("kind").text(name_of(item.kind));
      if (!item.detail.empty()) json.key("detail").text(item.detail);
      json.key("insert").text(item.insert).end_object();
    }
    context.output.write(json.end_array().end_object().take() + "\n");
    return Exit::Done;
  }
  report::Table table{{{"label", false}, {"kind", false}, {"detail", false}}, {{}}};
  for (const kql::CompletionItem& item : answer.items)
    table.groups.front().rows.push_back(
        {{{item.label}, {std::string(name_of(item.kind))}, {item.detail}}, {}});
  if (!answer.items.empty()) context.output.write(report::to_text(table, context.style));
  if (answer.items.empty()) context.note("nothing can be completed there");
  return Exit::Done;
}

Result<Exit> run_kql_hover(const Arguments& arguments, Context& context) {
  const Cursor cursor = RD_TRY(read_cursor(arguments, context));
  const kql::Hover answer = kql::hover(cursor.text, cursor.offset, cursor.environment.view());
  if (context.format == "json") {
    doc::JsonWriter json(true);
    json.begin_object().key("schema").text("redoubt.kql-hover/1");
    write_range(json, cursor.in_file(answer.begin), cursor.in_file(answer.end));
    json.key("text").text(answer.text).end_object();
    context.output.write(json.take() + "\n");
    return Exit::Done;
  }
  if (answer.text.empty())
    context.note("there is nothing to say about this place");
  else
    context.output.write(report::printable(answer.text) + "\n");
  return Exit::Done;
}

std::vector<Option> options() {
  std::vector<Option> out = environment_options();
  out.insert(out.begin(), {.flags = "--at",
                           .value = "LINE:COLUMN",
                           .text = "the place, both counted from 1 as in messages of kql check"});
  return out;
}

}  // namespace

std::vector<Command> kql_editor_commands() {
  return {{.name = "kql complete",
           .summary = "Say what could stand at a place of a query that is being written",
           .examples = {"redoubt kql complete query.kql --at 3:9 --tables tables.json",
                        "echo 'SigninLogs | su' | redoubt kql complete - --at 1:16"},
           .description =
               "For editors that do not speak C++. The query needs not be finished, nor right. The best "
               "come first: columns, names of the query, then functions. In JSON the range counts bytes "
               "from 0, and `insert` is what replaces it.",
           .positionals = {{.name = "FILE", .text = "a query, or a file that holds some; - is stdin"}},
           .options = options(),
           .formats = {"table", "json"},
           .run = run_kql_complete},
          {.name = "kql hover",
           .summary = "Say what the name at a place of a query is",
           .examples = {"redoubt kql hover query.kql --at 3:9 --tables tables.json",
                        "echo 'print strlen(\"a\")' | redoubt kql hover - --at 1:8"},
           .description =
               "The type of a column and its table, the signatures of a function with its page, the value "
               "of a let, the columns of a table, what an operator does and gives.",
           .positionals = {{.name = "FILE", .text = "a query, or a file that holds some; - is stdin"}},
           .options = options(),
           .formats = {"table", "json"},
           .run = run_kql_hover}};
}

}  // namespace redoubt::cli
