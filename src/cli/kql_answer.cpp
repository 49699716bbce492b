#include "cli/kql_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "cli/kql_chart.h"
#include "cli/kql_rows.h"
#include "core/text.h"
#include "doc/json.h"
#include "kql/evaluate.h"
#include "query/answer_json.h"
#include "query/answer_kusto.h"
#include "report/csv.h"
#include "report/diagnostic_json.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

using query::ResultTable;

/// The `render` that asks for no chart.
constexpr std::string_view kRowsChart = "table";

std::string name_of(const ResultTable& table) {
  return table.name.empty() ? std::string(query::kPrimaryResult) : table.name;
}

// ---- table

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
      context.note(why_not_drawn(table));
    if (table.rows != 0 || table.columns.empty())
      context.output.write(chart ? *chart : rows_text(table, context.style, context.wide));
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

/// Of a terminal text can't steer it; a file or a program gets every byte.
report::CsvControls controls_for(const Context& context) {
  return context.output.is_standard() && context.console.out_width != 0 ? report::CsvControls::WrittenOut
                                                                        : report::CsvControls::Kept;
}

/// Also in a dynamic column a number is no text that somebody wrote.
bool is_text(const kql::Value& value) {
  const kql::Type type = value.is(kql::Type::Dynamic) ? kql::unwrap(value).type() : value.type();
  return type == kql::Type::String || type == kql::Type::Dynamic;
}

void write_csv_table(const ResultTable& table, Context& context) {
  const report::CsvControls controls = controls_for(context);
  std::vector<report::CsvCell> cells;
  cells.reserve(table.columns.size());
  for (const auto& [name, type] : table.columns)
    cells.push_back({name});
  context.output.write(report::csv_record(cells, controls));
  std::vector<std::string> texts(table.columns.size());
  for (std::size_t row = 0; row < table.rows; ++row) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] = query::cell_text(table.cells[i][row]);
      cells[i] = {texts[i], !is_text(table.cells[i][row])};
    }
    context.output.write(report::csv_record(cells, controls));
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
