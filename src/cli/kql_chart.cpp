#include "cli/kql_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "cli/kql_chart_series.h"
#include "core/text.h"
#include "kql/evaluate.h"
#include "query/answer_json.h"
#include "report/chart.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

using kql::Type;
using kql::Value;

enum class Shape : std::uint8_t { Bars, Shares, Lines, Points, Card };
struct Chart {
  std::string_view name;
  Shape shape;
};
constexpr Chart kCharts[] = {{"barchart", Shape::Bars},          {"columnchart", Shape::Bars},
                             {"piechart", Shape::Shares},        {"timechart", Shape::Lines},
                             {"linechart", Shape::Lines},        {"areachart", Shape::Lines},
                             {"stackedareachart", Shape::Lines}, {"anomalychart", Shape::Lines},
                             {"scatterchart", Shape::Points},    {"card", Shape::Card}};

constexpr kql::TypeSet kHeights = kql::kNumbers | kql::set_of(Type::Timespan);

std::optional<std::string_view> property(const query::ResultTable& table, std::string_view name) {
  for (std::size_t i = 1; i < table.visualization.size(); ++i)
    if (table.visualization[i].first == name) return table.visualization[i].second;
  return std::nullopt;
}

/// A number to draw a value by; NaN: there is none.
double height_of(const Value& value) {
  if (value.is_null()) return std::nan("");
  if (value.is(Type::Timespan) || value.is(Type::DateTime)) return static_cast<double>(value.ticks());
  const Value real = kql::convert(value, Type::Real);
  return real.is_null() ? std::nan("") : real.as_real();
}

/// Which columns are drawn as what.
struct Roles {
  std::size_t x = 0;
  std::vector<std::size_t> heights;
  std::vector<std::size_t> series;  ///< their texts tell series apart
};

class Reader {
 public:
  explicit Reader(const query::ResultTable& table) : table_(table) {}

  /// Nothing: no column can be drawn.
  std::optional<Roles> roles(Shape shape) const {
    Roles out;
    const bool is_number = shape == Shape::Lines || shape == Shape::Points;
    const std::optional<std::size_t> x = is_number ? axis() : named("xcolumn").value_or(0);
    if (!x || *x >= table_.columns.size()) return std::nullopt;
    out.x = *x;
    out.heights = listed("ycolumns");
    out.series = listed("series");
    const bool all_heights = out.heights.empty();
    const bool all_series = out.series.empty();
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (i == out.x) continue;
      if (all_heights && kql::contains(kHeights, table_.columns[i].second)) out.heights.push_back(i);
      if (all_series && table_.columns[i].second == Type::String) out.series.push_back(i);
    }
    return out.heights.empty() ? std::nullopt : std::optional(out);
  }

 private:
  std::optional<std::size_t> column(std::string_view name) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (table_.columns[i].first == name) return i;
    return std::nullopt;
  }

  std::optional<std::size_t> named(std::string_view option) const {
    const std::optional<std::string_view> name = property(table_, option);
    return name ? column(*name) : std::nullopt;
  }

  std::vector<std::size_t> listed(std::string_view option) const {
    std::vector<std::size_t> out;
    for (const std::string_view name : split(property(table_, option).value_or(""), ','))
      if (const std::optional<std::size_t> found = column(trim(name))) out.push_back(*found);
    return out;
  }

  /// The named one, else the first time, else the first number.
  std::optional<std::size_t> axis() const {
    if (const std::optional<std::size_t> x = named("xcolumn")) return x;
    for (const kql::TypeSet types : {kql::set_of(Type::DateTime), kHeights})
      for (std::size_t i = 0; i < table_.columns.size(); ++i)
        if (kql::contains(types, table_.columns[i].second)) return i;
    return std::nullopt;
  }

  const query::ResultTable& table_;
};

/// `NO, failed`, and the column where several are drawn.
std::string series_name(const query::ResultTable& table, const Roles& roles, std::size_t row,
                        std::size_t height) {
  std::string out;
  for (const std::size_t column : roles.series)
    out += (out.empty() ? "" : ", ") + query::cell_text(table.cells[column][row]);
  if (roles.heights.size() == 1 && !roles.series.empty()) return out;
  if (roles.heights.size() == 1) return {};
  return out.empty() ? table.columns[height].first : out + ": " + table.columns[height].first;
}

/// Numbers of what has names, in the order in which they come.
class Numbers {
 public:
  std::size_t of(const std::string& name) {
    const auto [found, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

std::string bars(const query::ResultTable& table, const Roles& roles, bool shares,
                 const report::TableStyle& style) {
  report::BarChart chart;
  chart.title = property(table, "title").value_or("");
  chart.shares = shares;
  Numbers bars_of_labels;
  Numbers series;
  std::map<std::pair<std::string, std::size_t>, std::size_t> seen;
  bool has_any = false;
  for (std::size_t row = 0; row < table.rows; ++row)
    for (const std::size_t height : roles.heights) {
      const std::string label = query::cell_text(table.cells[roles.x][row]);
      const std::size_t one = series.of(series_name(table, roles, row, height));
      // What comes again for one label and series has a bar of its own.
      const std::size_t bar = bars_of_labels.of(fmt::format("{} {}", seen[{label, one}]++, label));
      if (bar >= chart.bars.size()) chart.bars.push_back({label, {}});
      std::vector<report::ChartValue>& values = chart.bars[bar].values;
      while (values.size() <= one)
        values.push_back({std::nan(""), {}});
      const Value& value = table.cells[height][row];
      has_any = has_any || !value.is_null();
      values[one] = {height_of(value), query::cell_text(value)};
    }
  if (!has_any) return {};
  chart.series = series.names();
  return report::to_text(chart, style);
}

/// The values between which lines are drawn: zero is one of them.
struct Range {
  const Value* lowest = nullptr;
  const Value* highest = nullptr;
  bool has_any = false;

  void add(const Value& value) {
    const double height = height_of(value);
    if (!std::isfinite(height)) return;
    has_any = true;
    if (height < (lowest == nullptr ? 0 : height_of(*lowest))) lowest = &value;
    if (height > (highest == nullptr ? 0 : height_of(*highest))) highest = &value;
  }
};

/// Of a real about four digits, and those before its point: more are nothing that a chart shows.
std::string axis_text(const Value& value) {
  static constexpr int kDigits = 4;
  const bool is_real = value.is(Type::Real) || value.is(Type::Decimal);
  const double number = is_real ? height_of(value) : 0;
  if (!std::isfinite(number) || number == 0) return is_real && number == 0 ? "0" : query::cell_text(value);
  const double power = std::floor(std::log10(std::abs(number)));
  if (power < -kDigits || power > 14) return fmt::format("{:.{}g}", number, kDigits);
  const int places = std::max(0, kDigits - 1 - static_cast<int>(power));
  std::string out = fmt::format("{:.{}f}", number, places);
  if (places != 0) out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::string end_text(const Value* value) { return value == nullptr ? "0" : axis_text(*value); }

std::string lines(const query::ResultTable& table, const Roles& roles, bool joined,
                  const report::TableStyle& style) {
  report::LineChart chart;
  chart.joined = joined;
  chart.title = property(table, "title").value_or("");
  const query::Cells& axis = table.cells[roles.x];
  const auto by_place = [](const Value& left, const Value& right) {
    return height_of(left) < height_of(right);
  };
  query::Cells known;
  std::copy_if(axis.begin(), axis.end(), std::back_inserter(known),
               [](const Value& one) { return std::isfinite(height_of(one)); });
  if (known.empty()) return {};
  const auto [from, to] = std::minmax_element(known.begin(), known.end(), by_place);
  const double begin = height_of(*from);
  const double length = height_of(*to) - begin;
  Numbers series;
  std::vector<Range> ranges;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (!std::isfinite(height_of(axis[row]))) continue;
    for (const std::size_t height : roles.heights) {
      const std::size_t one = series.of(series_name(table, roles, row, height));
      if (one >= ranges.size()) {
        ranges.resize(one + 1);
        chart.series.push_back({series.names()[one], {}, {}, {}});
      }
      const Value& value = table.cells[height][row];
      ranges[one].add(value);
      chart.series[one].points.emplace_back(length == 0 ? 0 : (height_of(axis[row]) - begin) / length,
                                            height_of(value));
    }
  }
  if (std::ranges::none_of(ranges, &Range::has_any)) return {};
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    chart.series[i].lowest = end_text(ranges[i].lowest);
    chart.series[i].highest = end_text(ranges[i].highest);
  }
  chart.from = axis_text(*from);
  chart.to = axis_text(*to);
  return report::to_text(chart, style);
}

/// The first row, a value below the other. Source: Kusto Query Language reference, "Card visualization".
std::string card(const query::ResultTable& table, const report::TableStyle& style) {
  std::string out;
  if (const std::optional<std::string_view> title = property(table, "title"))
    out += report::paint(report::printable_line(*title), report::Tone::Heading, style.color) + "\n";
  std::size_t names = 0;
  for (const auto& column : table.columns)
    names = std::max(names, report::display_width(report::printable_line(column.first)));
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string name = report::printable_line(table.columns[i].first);
    const std::string text = report::printable_line(query::cell_text(table.cells[i].front()));
    out += report::paint(name, report::Tone::Muted, style.color);
    if (!text.empty()) out += std::string(names - report::display_width(name) + 2, ' ') + text;
    out += '\n';
  }
  return out;
}

const Chart* chart_of(const query::ResultTable& table) {
  if (table.visualization.empty()) return nullptr;
  const auto* const chart = std::find_if(std::begin(kCharts), std::end(kCharts), [&](const Chart& one) {
    return one.name == table.visualization.front().second;
  });
  return chart == std::end(kCharts) ? nullptr : chart;
}

}  // namespace

std::optional<std::string> drawn(const query::ResultTable& given, const report::TableStyle& style) {
  const Chart* const chart = chart_of(given);
  if (chart == nullptr || given.rows == 0) return std::nullopt;
  if (chart->shape == Shape::Card) return card(given, style);
  const query::ResultTable table = unrolled(given);
  const std::optional<Roles> roles = Reader(table).roles(chart->shape);
  if (!roles || table.rows == 0) return std::nullopt;
  const bool is_bars = chart->shape == Shape::Bars || chart->shape == Shape::Shares;
  std::string out = is_bars ? bars(table, *roles, chart->shape == Shape::Shares, style)
                            : lines(table, *roles, chart->shape == Shape::Lines, style);
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

std::string why_not_drawn(const query::ResultTable& table) {
  const Chart* const chart = chart_of(table);
  const std::string_view name = table.visualization.front().second;
  const query::ResultTable all = unrolled(table);
  const bool lacks_numbers =
      chart != nullptr && chart->shape != Shape::Card && !Reader(all).roles(chart->shape);
  return lacks_numbers
             ? fmt::format(
                   "render {} draws numbers, and no column beside its axis is one: these are its rows", name)
             : fmt::format("render {} is not drawn here: these are its rows", name);
}

}  // namespace redoubt::cli
