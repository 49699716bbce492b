#include "report/chart.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <string>

#include "core/text.h"
#include "testing/cases.h"

namespace redoubt::report {
namespace {

double number(std::string_view text) {
  double value = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The small language of these cases: `bars`, `pie`, `lines` or `points`, then `title T`, `width N`, `limit
/// N`, `series a | b`, and of bars `bar LABEL | 1 | 2` (`-` is no value), of lines `from T`, `to T`, `line
/// NAME | lowest | highest | place:height ...`. `\e` stands for the byte.
struct ChartCase {
  std::string kind;
  BarChart bars;
  LineChart lines;
  TableStyle style;
  ChartLimits limits;

  void read(std::string_view line) {
    const std::string_view verb = line.substr(0, line.find(' '));
    const std::string rest(verb.size() < line.size() ? line.substr(verb.size() + 1) : std::string_view());
    if (verb == "title") bars.title = lines.title = rest;
    if (verb == "width") style.width = static_cast<std::size_t>(number(rest));
    if (verb == "limit") limits.bars = limits.series = static_cast<std::size_t>(number(rest));
    if (verb == "from") lines.from = rest;
    if (verb == "to") lines.to = rest;
    if (verb == "bar") read_bar(rest);
    if (verb == "line") read_line(rest);
    if (verb == "series")
      for (const std::string_view name : split(rest, '|'))
        bars.series.emplace_back(trim(name));
  }

  void read_bar(std::string_view rest) {
    const std::vector<std::string_view> parts = split(rest, '|');
    BarChart::Bar bar{std::string(trim(parts.front())), {}};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view text = trim(parts[i]);
      bar.values.push_back({number(text), text == "-" ? std::string() : std::string(text)});
    }
    bars.bars.push_back(std::move(bar));
  }

  void read_line(std::string_view rest) {
    const std::vector<std::string_view> parts = split(rest, '|');
    LineChart::Series series{
        std::string(trim(parts[0])), {}, std::string(trim(parts[1])), std::string(trim(parts[2]))};
    for (const std::string_view point : split(trim(parts[3]), ' ')) {
      const std::size_t colon = point.find(':');
      series.points.emplace_back(number(point.substr(0, colon)), number(point.substr(colon + 1)));
    }
    lines.series.push_back(std::move(series));
  }
};

std::string render(std::string_view input) {
  ChartCase chart;
  const std::string text = replace_all(input, "\\e", "\x1b");
  for (const std::string_view line : split(text, '\n'))
    if (chart.kind.empty())
      chart.kind = line;
    else
      chart.read(line);
  if (chart.bars.series.empty()) chart.bars.series.emplace_back();
  chart.bars.shares = chart.kind == "pie";
  chart.lines.joined = chart.kind == "lines";
  return chart.kind == "lines" || chart.kind == "points" ? to_text(chart.lines, chart.style, chart.limits)
                                                         : to_text(chart.bars, chart.style, chart.limits);
}

[[maybe_unused]] const bool registered = testing::register_cases("Chart", "tests/report/cases/chart", render);

}  // namespace
}  // namespace redoubt::report
