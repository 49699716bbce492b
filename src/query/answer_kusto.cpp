#include "query/answer_kusto.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "query/answer_json.h"

namespace redoubt::query {

namespace {

using kql::Type;

/// The .NET type that the API names beside each type.
struct NetType {
  Type type;
  std::string_view name;
};
constexpr NetType kNetTypes[] = {{Type::Bool, "SByte"},         {Type::Int, "Int32"},
                                 {Type::Long, "Int64"},         {Type::Real, "Double"},
                                 {Type::Decimal, "SqlDecimal"}, {Type::String, "String"},
                                 {Type::DateTime, "DateTime"},  {Type::Timespan, "TimeSpan"},
                                 {Type::Guid, "Guid"},          {Type::Dynamic, "Object"}};

std::string_view net_type(Type type) {
  for (const NetType& one : kNetTypes)
    if (one.type == type) return one.name;
  return "Object";
}

/// Members of a visualization, by the properties of render.
struct Property {
  std::string_view member;
  std::string_view name;
};
constexpr Property kProperties[] = {
    {"Title", "title"},       {"XColumn", "xcolumn"}, {"Series", "series"},
    {"YColumns", "ycolumns"}, {"XTitle", "xtitle"},   {"YTitle", "ytitle"},
    {"XAxis", "xaxis"},       {"YAxis", "yaxis"},     {"Legend", "legend"},
    {"YSplit", "ysplit"},     {"Kind", "kind"},       {"AnomalyColumns", "anomalycolumns"},
    {"Ymin", "ymin"},         {"Ymax", "ymax"},       {"Accumulate", "accumulate"}};

struct ColumnOfApi {
  std::string_view name;
  Type type;
};
constexpr ColumnOfApi kValueColumns[] = {{"Value", Type::String}};
constexpr ColumnOfApi kStatusColumns[] = {{"Timestamp", Type::DateTime},       {"Severity", Type::Int},
                                          {"SeverityName", Type::String},      {"StatusCode", Type::Int},
                                          {"StatusDescription", Type::String}, {"Count", Type::Int}};
constexpr ColumnOfApi kContentColumns[] = {{"Ordinal", Type::Long},
                                           {"Kind", Type::String},
                                           {"Name", Type::String},
                                           {"Id", Type::String},
                                           {"PrettyName", Type::String}};

/// Severities of the status table: 3 is a warning, 4 tells how it went.
constexpr int kWarning = 3;
constexpr int kInfo = 4;

std::string visualization_json(const ResultTable& table) {
  doc::JsonWriter json;
  json.begin_object().key("Visualization");
  if (table.visualization.empty())
    json.null();
  else
    json.text(table.visualization.front().second);
  for (const Property& property : kProperties) {
    json.key(property.member);
    const auto found =
        std::find_if(table.visualization.begin() + (table.visualization.empty() ? 0 : 1),
                     table.visualization.end(), [&](const auto& one) { return one.first == property.name; });
    if (found == table.visualization.end())
      json.null();
    else
      json.text(found->second);
  }
  json.key("IsQuerySorted").boolean(table.ordered).end_object();
  return json.take();
}

class Writer {
 public:
  Writer(doc::JsonWriter& json, const Answer& answer) : json_(json), answer_(answer) {}

  void run() {
    json_.begin_object().key("Tables").begin_array();
    for (const ResultTable& table : answer_.tables)
      write(table);
    write_properties();
    write_status();
    write_contents();
    json_.end_array().end_object();
  }

 private:
  void begin_table() {
    json_.begin_object().key("TableName").text(fmt::format("Table_{}", tables_++));
    json_.key("Columns").begin_array();
  }

  void column(std::string_view name, Type type) {
    json_.begin_object().key("ColumnName").text(name).key("DataType").text(net_type(type));
    json_.key("ColumnType").text(kql::type_name(type)).end_object();
  }

  void begin_rows() { json_.end_array().key("Rows").begin_array(); }
  void end_table() { json_.end_array().end_object(); }

  void begin(std::span<const ColumnOfApi> columns) {
    begin_table();
    for (const ColumnOfApi& one : columns)
      column(one.name, one.type);
    begin_rows();
  }

  void write(const ResultTable& table) {
    begin_table();
    for (const auto& [name, type] : table.columns)
      column(name, type);
    begin_rows();
    for (std::size_t row = 0; row < table.rows; ++row)
      json_.raw(row_json(table, row));
    end_table();
  }

  void write_properties() {
    begin(kValueColumns);
    for (const ResultTable& table : answer_.tables)
      json_.begin_array().text(visualization_json(table)).end_array();
    end_table();
  }

  void status_row(int severity, std::string_view name, std::string_view text, std::size_t count) {
    json_.begin_array().null().integer(severity).text(name).integer(0).text(text);
    json_.integer(static_cast<std::int64_t>(count)).end_array();
  }

  void write_status() {
    begin(kStatusColumns);
    for (const ResultTable& table : answer_.tables)
      if (table.truncated)
        status_row(kWarning, "Warning",
                   fmt::format("the result was cut after {}", counted(table.rows, "row")), 1);
    status_row(kInfo, "Info", "Query completed successfully", 1);
    end_table();
  }

  void content_row(std::string_view kind, std::string_view name) {
    json_.begin_array().integer(ordinal_).text(kind).text(name).text(std::to_string(ordinal_));
    json_.text({}).end_array();
    ++ordinal_;
  }

  void write_contents() {
    begin(kContentColumns);
    for (const ResultTable& table : answer_.tables)
      content_row("QueryResult", table.name.empty() ? kPrimaryResult : std::string_view(table.name));
    content_row("QueryProperties", "@ExtendedProperties");
    content_row("QueryStatus", "QueryStatus");
    end_table();
  }

  doc::JsonWriter& json_;
  const Answer& answer_;
  std::size_t tables_ = 0;
  std::int64_t ordinal_ = 0;
};

}  // namespace

void write_kusto_v1(doc::JsonWriter& json, const Answer& answer) { Writer(json, answer).run(); }

}  // namespace redoubt::query
