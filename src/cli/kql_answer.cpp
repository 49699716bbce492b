#include "cli/kql_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "cli/kql_chart.h"
#include "core/text.h"
#include "doc/json.h"
#include "query/answer_json.h"
#include "query/answer_kusto.h"
#include "report/csv.h"
#include "report/diagnostic_json.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

using query::ResultTable;

/// On a terminal a cell is cut to this, so that the others stay in sight.
constexpr std::size_t kWidestCell = 60;
constexpr std::size_t kNarrowestCell = 12;
/// The `render` that asks for no chart.
constexpr std::string_view kRowsChart = "table";

std::string name_of(const ResultTable& table) {
  return table.name.empty() ? std::string(query::kPrimaryResult) : table.name;
}

// ---- table

bool is_number(kql::Type type) { return kql::contains(kql::kNumbers, type); }

std::string cut(const std::string& text, std::size_t width) {
  static constexpr std::string_view kCut = "...";
  if (report::display_width(text) <= width) return text;
  return report::wrap(text, width - kCut.size()).front() + std::string(kCut);
}

/// The rows as a table whose cells have at most so many columns of a terminal; 0: any number.
report::Table table_of(const ResultTable& table, std::size_t width) {
  report::Table out;
  for (const auto& [name, type] : table.columns)
    out.columns.push_back({name, is_number(type)});
  report::Group& group = out.groups.emplace_back();
  for (std::size_t row = 0; row < table.rows; ++row) {
    report::Row& made = group.rows.emplace_back();
    for (const query::Cells& cells : table.cells) {
      std::string text = report::printable_line(query::cell_text(cells[row]));
      made.cells.push_back({width == 0 ? std::move(text) : cut(text, width), {}});
    }
  }
  return out;
}

/// A row after the other, a line for each column that has a value: for rows that are wider than a terminal.
std::string records_of(const ResultTable& table, const report::TableStyle& style) {
  std::size_t names = 0;
  for (const auto& column : table.columns)
    names = std::max(names, report::display_width(report::printable_line(column.first)));
  const std::size_t room =
      style.width > names + 4 + kNarrowestCell ? style.width - names - 4 : kNarrowestCell;
  std::string out;
  for (std::size_t row = 0; row < table.rows; ++row) {
    out += report::paint(fmt::format("row {}", row + 1), report::Tone::Heading, style.color) + "\n";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const std::string text = report::printable_line(query::cell_text(table.cells[i][row]));
      if (text.empty()) continue;
      const std::string name = report::printable_line(table.columns[i].first);
      out += fmt::format("  {}{}  {}\n", name, std::string(names - report::display_width(name), ' '),
                         cut(text, room));
    }
  }
  return out;
}

std::string rows_text(const ResultTable& table, const report::TableStyle& style) {
  if (style.width == 0) return report::to_text(table_of(table, 0), style);
  const std::size_t columns = std::max<std::size_t>(table.columns.size(), 1);
  const std::size_t narrow = std::max(kNarrowestCell, style.width / columns);
  for (const std::size_t width : {kWidestCell, narrow}) {
    const report::Table made = table_of(table, width);
    if (report::fits(made, style)) return report::to_text(made, style);
  }
  return records_of(table, style);
}

std::string count_text(const ResultTable& table) {
  return counted(table.rows, "row") + (table.truncated ? ", and there are more" : "");
}

std::string names_of(const query::Scan& scan) {
  return join(std::vector<std::string_view>(scan.tables.begin(), scan.tables.end()), ", ");
}

/// An empty answer says what was looked at. How many rows a condition has left, or a count given, is nothing
/// that a table has.
std::string looked_at(const QueryAnswer& run) {
  std::vector<std::string> said;
  std::set<std::string> known;
  const auto add = [&](const std::string& table, std::string text) {
    if (!table.empty() && known.insert(table).second) said.push_back(std::move(text));
  };
  for (const query::Scan& scan : run.answer.scans)
    if (scan.is_whole) add(names_of(scan), fmt::format("{}: {}", names_of(scan), counted(scan.rows, "row")));
  for (const query::Scan& scan : run.answer.scans)
    for (const std::string& table : scan.tables)
      add(table, table);
  return said.empty() ? std::string()
                      : "; looked at " + join(std::vector<std::string_view>(said.begin(), said.end()), ", ");
}

void write_table(const QueryAnswer& run, Context& context) {
  const std::vector<ResultTable>& tables = run.answer.tables;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const ResultTable& table = tables[i];
    if (i != 0) context.output.write("\n");
    if (tables.size() > 1 && !table.name.empty())
      context.output.write(
          report::paint(report::printable_line(table.name), report::Tone::Heading, context.style.color) +
          "\n");
    std::optional<std::string> chart = drawn(table, context.style);
    if (!chart && table.rows != 0 && !table.visualization.empty() &&
        table.visualization.front().second != kRowsChart)
      context.note(
          fmt::format("render {} is not drawn here: these are its rows", table.visualization.front().second));
    if (table.rows != 0 || table.columns.empty())
      context.output.write(chart ? *chart : rows_text(table, context.style));
    const std::string count = count_text(table) + (table.rows == 0 ? looked_at(run) : "");
    context.output.write(report::paint(count, report::Tone::Muted, context.style.color) + "\n");
  }
}

// ---- json

void write_visualization(doc::JsonWriter& json, const ResultTable& table) {
  if (table.visualization.empty()) return;
  json.key("visualization").begin_object().key("chart").text(table.visualization.front().second);
  json.key("properties").begin_object();
  for (std::size_t i = 1; i < table.visualization.size(); ++i)
    json.key(table.visualization[i].first).text(table.visualization[i].second);
  json.end_object().end_object();
}

void write_json_table(doc::JsonWriter& json, const ResultTable& table) {
  json.begin_object().key("name").text(name_of(table));
  query::write_columns_and_rows(json, table);
  json.key("truncated").boolean(table.truncated);
  write_visualization(json, table);
  json.end_object();
}

void write_sources(doc::JsonWriter& json, const query::Loaded& loaded) {
  json.key("sources").begin_array();
  for (const query::LoadedFile& file : loaded.files) {
    json.begin_object().key("table").text(file.table).key("file").text(file.file).key("form").text(file.form);
    json.key("rows").integer(static_cast<std::int64_t>(file.rows));
    json.key("unreadRows").integer(static_cast<std::int64_t>(file.unread_rows)).end_object();
  }
  json.end_array();
}

void write_json(const QueryAnswer& run, Context& context) {
  doc::JsonWriter json(true, [&](std::string_view text) { context.output.write(text); });
  json.begin_object().key("schema").text("redoubt.kql-answer/1").key("tables").begin_array();
  for (const ResultTable& table : run.answer.tables)
    write_json_table(json, table);
  json.end_array();
  write_sources(json, run.loaded);
  json.key("diagnostics").begin_array();
  for (const Diagnostic& one : run.diagnostics)
    report::write_json(json, one);
  json.end_array().end_object();
  json.finish();
  context.output.write("\n");
}

void write_kusto(const QueryAnswer& run, Context& context) {
  doc::JsonWriter json(false, [&](std::string_view text) { context.output.write(text); });
  query::write_kusto_v1(json, run.answer);
  json.finish();
  context.output.write("\n");
}

// ---- lines

void write_ndjson(const QueryAnswer& run, Context& context) {
  const bool several = run.answer.tables.size() > 1;
  for (const ResultTable& table : run.answer.tables)
    for (std::size_t row = 0; row < table.rows; ++row)
      context.output.write(query::row_object(table, row, several ? name_of(table) : std::string()) + "\n");
}

void write_csv_table(const ResultTable& table, Context& context) {
  std::vector<report::CsvCell> cells;
  cells.reserve(table.columns.size());
  for (const auto& [name, type] : table.columns)
    cells.push_back({name});
  context.output.write(report::csv_record(cells));
  std::vector<std::string> texts(table.columns.size());
  for (std::size_t row = 0; row < table.rows; ++row) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] = query::cell_text(table.cells[i][row]);
      cells[i] = {texts[i], table.columns[i].second != kql::Type::String &&
                                table.columns[i].second != kql::Type::Dynamic};
    }
    context.output.write(report::csv_record(cells));
  }
}

void write_csv(const QueryAnswer& run, Context& context) {
  for (std::size_t i = 0; i < run.answer.tables.size(); ++i) {
    if (i != 0) context.output.write("\r\n");
    write_csv_table(run.answer.tables[i], context);
  }
}

struct Format {
  std::string_view name;
  void (*write)(const QueryAnswer&, Context&);
};
constexpr Format kFormats[] = {{"table", write_table},
                               {"json", write_json},
                               {"csv", write_csv},
                               {"ndjson", write_ndjson},
                               {"kusto", write_kusto}};

std::string milliseconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.2f} ms", std::chrono::duration<double, std::milli>(time).count());
}

}  // namespace

std::vector<std::string> answer_formats() {
  std::vector<std::string> out;
  for (const Format& one : kFormats)
    out.emplace_back(one.name);
  return out;
}

void write_answer(const QueryAnswer& run, std::string_view more_rows, Context& context) {
  for (const Format& one : kFormats)
    if (one.name == context.format) one.write(run, context);
  for (const ResultTable& table : run.answer.tables)
    if (table.truncated)
      context.tell(Diagnostic{Severity::Warning,
                              "QRY0016",
                              fmt::format("{} was cut after {}", name_of(table), counted(table.rows, "row")),
                              {},
                              std::string(more_rows)});
}

void tell_statistics(const QueryAnswer& run, Context& context) {
  for (const query::LoadedFile& file : run.loaded.files)
    context.note(fmt::format("read   {}: {} of {}, {}{}", file.table, counted(file.rows, "row"), file.file,
                             counted(file.bytes, "byte"),
                             file.unread_rows == 0 ? "" : fmt::format(", {} not read", file.unread_rows)));
  for (const query::LoadedTable& table : run.loaded.tables)
    context.note(fmt::format(
        "holds  {}: {}, {} of memory{}", table.name, counted(table.rows, "row"), counted(table.bytes, "byte"),
        table.unfit_values == 0
            ? ""
            : fmt::format(", {} that became null", counted(table.unfit_values, "value"))));
  for (const query::Scan& scan : run.answer.scans)
    context.note(fmt::format("scan   {}{} {}, {}, {}", names_of(scan), scan.is_whole ? ":" : " gave",
                             counted(scan.rows, "row"), counted(scan.columns, "column"),
                             milliseconds(scan.time)));
  for (const ResultTable& table : run.answer.tables)
    context.note(fmt::format("gives  {}: {}", name_of(table), count_text(table)));
  context.note(fmt::format("took   {}", milliseconds(run.answer.time)));
}

}  // namespace redoubt::cli
