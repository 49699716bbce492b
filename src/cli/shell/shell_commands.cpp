#include "cli/shell/shell_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "cli/kql_answer.h"
#include "core/text.h"

namespace redoubt::cli {

namespace {

using kql::Type;
using kql::Value;

struct ShellCommand {
  std::string_view name;
  std::string_view argument;  ///< what follows; empty: nothing does
  std::string_view text;
  Result<void> (*run)(Shell&, std::string_view argument);
  bool has_default = false;  ///< without an argument it tells what holds
};

Result<void> run_help(Shell& shell, std::string_view);
Result<void> run_tables(Shell& shell, std::string_view);
Result<void> run_schema(Shell& shell, std::string_view name);
Result<void> run_show(Shell& shell, std::string_view what);
Result<void> run_load(Shell& shell, std::string_view pair);
Result<void> run_format(Shell& shell, std::string_view name);
Result<void> run_limit(Shell& shell, std::string_view text);
Result<void> run_timespan(Shell& shell, std::string_view span);
Result<void> run_exit(Shell& shell, std::string_view);

constexpr ShellCommand kCommands[] = {
    {".help", "", "this list", run_help},
    {".tables", "", "the tables there are; .show tables is the same", run_tables},
    {".schema", "TABLE", "its columns with their types; .show table TABLE cslschema as one text", run_schema},
    {".load", "TABLE=FILE", "reads a file into a table, in place of one that there is", run_load},
    {".format", "FORMAT", "how answers are written: table, json, csv, ndjson, kusto", run_format, true},
    {".limit", "N", "rows of an answer at most", run_limit, true},
    {".timespan", "SPAN", "only rows of this time: P1D, 2w, a day, START/END; none ends that", run_timespan,
     true},
    {".show", "tables", "as Kusto has it: .show tables, .show table TABLE cslschema", run_show},
    {".exit", "", "ends the shell, as Ctrl-D and .quit do", run_exit},
    {".quit", "", "ends the shell", run_exit}};
/// Not in the list of help: the others name them.
constexpr std::string_view kSynonyms[] = {".show", ".quit"};

tl::unexpected<Error> wrong_argument(std::string message, std::string hint) {
  return fail(Error::Kind::Usage, "CLI0082", std::move(message), {}, std::move(hint));
}

std::string usage_of(const ShellCommand& command) {
  return fmt::format("write {} {}", command.name, command.argument);
}

/// The word, and what stands behind it.
std::pair<std::string_view, std::string_view> first_word(std::string_view text) {
  text = trim(text);
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  return {text.substr(0, end), trim(text.substr(end))};
}

/// `T`, `['T']` or `["T"]`.
std::string_view table_name(std::string_view text) {
  const bool is_bracketed = text.size() > 4 && (text.starts_with("['") || text.starts_with("[\"")) &&
                            (text.ends_with("']") || text.ends_with("\"]"));
  return is_bracketed ? text.substr(2, text.size() - 4) : text;
}

Result<const kql::Relation*> find_table(Shell& shell, std::string_view text) {
  const std::string_view name = table_name(text);
  const kql::Environment environment = shell.session().environment();
  const kql::Schemas& tables = *environment.tables;
  if (const kql::Relation* const found = tables.find(name)) return found;
  // Known, and without rows.
  if (const kql::Relation* const found = environment.without_rows->find(name)) return found;
  std::vector<std::string_view> names;
  for (const kql::Relation* table : tables.tables())
    names.push_back(table->name);
  const std::optional<std::string_view> close = closest(name, names);
  return fail(Error::Kind::NotFound, "CLI0083", fmt::format("there is no table {}", name), {},
              close ? fmt::format("did you mean {}?", *close) : ".tables lists those that there are");
}

Value text_value(std::string_view text) { return Value::of_string(std::string(text)); }

query::ResultTable made_table(std::vector<std::pair<std::string, Type>> columns,
                              std::vector<query::Cells> cells) {
  query::ResultTable out;
  out.columns = std::move(columns);
  out.rows = cells.front().size();
  out.cells = std::move(cells);
  return out;
}

Result<void> run_help(Shell& shell, std::string_view) {
  shell.context().output.write(shell_commands_text());
  return {};
}

Result<void> run_tables(Shell& shell, std::string_view) {
  const std::map<std::string, std::uint64_t> counts = RD_TRY(shell.session().row_counts());
  const kql::Environment environment = shell.session().environment();
  std::vector<query::Cells> cells(3);
  for (const auto& [name, rows] : counts) {
    const kql::Relation* const table = environment.tables->find(name);
    cells[0].push_back(text_value(name));
    cells[1].push_back(Value::of_long(static_cast<std::int64_t>(rows)));
    cells[2].push_back(
        Value::of_long(static_cast<std::int64_t>(table == nullptr ? 0 : table->columns.size())));
  }
  shell.write(made_table({{"TableName", Type::String}, {"Rows", Type::Long}, {"Columns", Type::Long}},
                         std::move(cells)));
  return {};
}

Result<void> run_schema(Shell& shell, std::string_view name) {
  const kql::Relation* const table = RD_TRY(find_table(shell, name));
  std::vector<query::Cells> cells(2);
  for (const kql::Column* column : table->columns) {
    cells[0].push_back(text_value(column->name));
    cells[1].push_back(text_value(kql::type_name(column->type)));
  }
  shell.write(made_table({{"ColumnName", Type::String}, {"ColumnType", Type::String}}, std::move(cells)));
  return {};
}

/// `a:long, b:string`. Source: Kusto management commands, ".show table schema".
Result<void> show_table(Shell& shell, std::string_view name) {
  const kql::Relation* const table = RD_TRY(find_table(shell, name));
  std::string text;
  for (const kql::Column* column : table->columns)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ", ", column->name, kql::type_name(column->type));
  shell.write(made_table({{"TableName", Type::String}, {"Schema", Type::String}},
                         {{text_value(table->name)}, {text_value(text)}}));
  return {};
}

Result<void> run_show(Shell& shell, std::string_view what) {
  const auto [subject, rest] = first_word(what);
  if (subject == "tables" && rest.empty()) return run_tables(shell, {});
  const bool is_schema = rest.ends_with(" cslschema");
  if (subject == "table" && is_schema)
    return show_table(shell, trim(rest.substr(0, rest.size() - std::string_view(" cslschema").size())));
  return wrong_argument(fmt::format("this is not shown here: {}", what),
                        "write .show tables, or .show table TABLE cslschema");
}

Result<void> run_load(Shell& shell, std::string_view pair) {
  const std::size_t sign = pair.find('=');
  if (sign == std::string_view::npos || sign == 0 || sign + 1 == pair.size())
    return wrong_argument(fmt::format("this is no table and its file: {}", pair), "write .load TABLE=FILE");
  const std::string table(table_name(trim(pair.substr(0, sign))));
  const std::string file(trim(pair.substr(sign + 1)));
  if (file == "-") return wrong_argument("stdin holds what is entered", "give a file");
  const Interrupt::Work work(shell.interrupt());
  const std::vector<Diagnostic> told =
      RD_TRY(shell.session().load(table, file, work.token(), shell.context()));
  shell.context().progress.clear();
  for (const Diagnostic& one : told)
    if (one.severity != Severity::Hint || shell.context().verbose) shell.context().tell(one);
  const std::map<std::string, std::uint64_t> counts = RD_TRY(shell.session().row_counts());
  shell.context().note(fmt::format("{}: {}", table, counted(counts.at(table), "row")));
  return {};
}

Result<void> run_format(Shell& shell, std::string_view name) {
  std::string& format = shell.context().format;
  if (name.empty()) {
    shell.context().note(fmt::format("the format is {}", format));
    return {};
  }
  const std::vector<std::string> all = answer_formats();
  if (std::ranges::find(all, name) == all.end()) {
    const std::vector<std::string_view> names(all.begin(), all.end());
    return wrong_argument(fmt::format("there is no format {}", name), "one of " + join(names, ", "));
  }
  format = name;
  return {};
}

Result<void> run_limit(Shell& shell, std::string_view text) {
  auto& limit = shell.session().options().limits.max_result_rows;
  if (text.empty()) {
    shell.context().note(fmt::format("an answer has at most {}", counted(limit, "row")));
    return {};
  }
  const std::optional<std::uint64_t> number = whole_number(text);
  if (!number || *number == 0)
    return wrong_argument(fmt::format("this is no number of rows from 1: {}", text), "write .limit 500");
  limit = *number;
  return {};
}

Result<void> run_timespan(Shell& shell, std::string_view span) {
  if (span.empty()) {
    shell.context().note(shell.span().empty() ? "rows of any time are looked at"
                                              : fmt::format("only rows of {} are looked at", shell.span()));
    return {};
  }
  return shell.set_span(span == "none" ? std::string() : std::string(span));
}

Result<void> run_exit(Shell& shell, std::string_view) {
  shell.end();
  return {};
}

const ShellCommand* find_command(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(kCommands, [&](const ShellCommand& one) { return one.name == name; });
  return found == std::end(kCommands) ? nullptr : found;
}

tl::unexpected<Error> no_command(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ShellCommand& one : kCommands)
    names.push_back(one.name);
  const std::optional<std::string_view> close = closest(name, names);
  return fail(Error::Kind::Usage, "CLI0081", fmt::format("there is no command {}", name), {},
              close ? fmt::format("did you mean {}?", *close) : ".help lists the commands");
}

void add_item(kql::Completion& out, std::string_view word, std::string_view label, kql::CompletionKind kind,
              std::string_view detail) {
  if (starts_with_any_case(label, word))
    out.items.push_back({std::string(label), kind, std::string(detail), std::string(label)});
}

}  // namespace

Result<void> run_shell_command(Shell& shell, std::string_view line) {
  const auto [word, argument] = first_word(line.ends_with(';') ? line.substr(0, line.size() - 1) : line);
  const std::string name = fmt::format("{}{}", word.starts_with('.') ? "" : ".", word);
  const ShellCommand* const command = find_command(name);
  if (command == nullptr) return no_command(name);
  if (command->argument.empty() && !argument.empty())
    return wrong_argument(fmt::format("nothing follows {}: {}", name, argument), ".help lists the commands");
  if (!command->argument.empty() && argument.empty() && !command->has_default)
    return wrong_argument(fmt::format("something is missing behind {}", name), usage_of(*command));
  return command->run(shell, argument);
}

bool is_shell_command(std::string_view line) { return find_command(first_word(line).first) != nullptr; }

kql::Completion complete_shell_command(std::string_view text, const kql::Environment& environment) {
  kql::Completion out;
  const std::size_t blank = text.find_last_of(" \t=");
  const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
  out.begin = static_cast<std::uint32_t>(begin);
  out.end = static_cast<std::uint32_t>(text.size());
  const std::string_view word = text.substr(begin);
  const std::string_view name = first_word(text).first;
  if (word.starts_with('.')) {
    for (const ShellCommand& one : kCommands)
      add_item(out, word, one.name, kql::CompletionKind::Keyword, one.text);
  } else if (name == ".format") {
    for (const std::string& format : answer_formats())
      add_item(out, word, format, kql::CompletionKind::Value, {});
  } else if (name == ".schema" || name == ".show") {
    for (const kql::Relation* table : environment.tables->tables())
      add_item(out, word, table->name, kql::CompletionKind::Table, {});
  }
  return out;
}

std::string shell_commands_text() {
  std::string out;
  for (const ShellCommand& one : kCommands)
    if (!is_one_of(one.name, kSynonyms))
      out += fmt::format("{:<22}{}\n", fmt::format("{} {}", one.name, one.argument), one.text);
  return out;
}

}  // namespace redoubt::cli
