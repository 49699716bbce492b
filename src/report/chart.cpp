#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/text.h"
#include "report/terminal_text.h"

namespace redoubt::report {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidest = 120;
constexpr std::size_t kWidestLabel = 40;
constexpr std::size_t kShortestLabel = 6;
constexpr std::size_t kNarrowest = 10;  // of the drawing
constexpr std::size_t kEighths = 8;
constexpr std::size_t kTallest = 8;  // rows of a band

// Blocks by eighths; the first is nothing.
constexpr std::string_view kAcross[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
constexpr std::string_view kUpwards[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kFull = "█";
constexpr std::string_view kNegative = "▒";
constexpr std::string_view kPoint = "•";

std::size_t width_of(const TableStyle& style) {
  return std::min(style.width == 0 ? kWidth : style.width, kWidest);
}

/// One line of at most so many columns.
std::string short_label(std::string_view text, std::size_t width = kWidestLabel) {
  return shortened(printable_line(text), width);
}

std::string padded(const std::string& text, std::size_t width, bool right = false) {
  const std::size_t used = display_width(text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string title_line(const std::string& title, const TableStyle& style) {
  return title.empty() ? std::string() : paint(printable_line(title), Tone::Heading, style.color) + "\n";
}

std::string more_line(std::size_t count, std::string_view one, std::string_view many,
                      const TableStyle& style) {
  if (count == 0) return {};
  return paint(fmt::format("and {} more", counted(count, one, many)), Tone::Muted, style.color) + "\n";
}

class BarWriter {
 public:
  BarWriter(const BarChart& chart, const TableStyle& style, const ChartLimits& limits)
      : chart_(chart),
        style_(style),
        bars_(std::min(chart.bars.size(), limits.bars)),
        series_(std::min(chart.series.size(), limits.series)) {
    sums_.resize(series_, 0);
    for (const BarChart::Bar& bar : chart.bars)
      for (std::size_t j = 0; j < series_ && j < bar.values.size(); ++j)
        if (std::isfinite(bar.values[j].number)) sums_[j] += bar.values[j].number;
    measure();
  }

  std::string run() {
    std::string out = title_line(chart_.title, style_);
    for (std::size_t i = 0; i < bars_; ++i)
      for (std::size_t j = 0; j < series_; ++j)
        out += line(i, j);
    out += more_line(chart_.bars.size() - bars_, "bar", "bars", style_);
    return out + more_line(chart_.series.size() - series_, "series", "series", style_);
  }

 private:
  void measure() {
    for (std::size_t i = 0; i < bars_; ++i)
      for (std::size_t j = 0; j < series_; ++j) {
        text_width_ = std::max(text_width_, display_width(text_of(i, j)));
        if (const double number = number_of(i, j); std::isfinite(number))
          longest_ = std::max(longest_, std::abs(number));
      }
    const std::size_t all = width_of(style_);
    std::size_t widest = std::max(kWidestLabel, all / 2);
    label(widest);
    // Labels give way where the drawing has no room beside them.
    while (widest > kShortestLabel && used() + kNarrowest > all)
      label(--widest);
    room_ = all > used() + kNarrowest ? all - used() : kNarrowest;
  }

  std::size_t used() const {
    return label_width_ + (name_width_ == 0 ? 0 : name_width_ + 2) + text_width_ + 4;
  }

  void label(std::size_t widest) {
    label_width_ = name_width_ = 0;
    labels_.clear();
    names_.clear();
    for (std::size_t i = 0; i < bars_; ++i) {
      labels_.push_back(short_label(chart_.bars[i].label, widest));
      label_width_ = std::max(label_width_, display_width(labels_.back()));
    }
    for (std::size_t j = 0; j < series_; ++j) {
      names_.push_back(short_label(chart_.series[j], widest));
      name_width_ = std::max(name_width_, display_width(names_.back()));
    }
  }

  double number_of(std::size_t bar, std::size_t series) const {
    const std::vector<ChartValue>& values = chart_.bars[bar].values;
    return series < values.size() ? values[series].number : std::nan("");
  }

  std::string text_of(std::size_t bar, std::size_t series) const {
    const std::vector<ChartValue>& values = chart_.bars[bar].values;
    if (series >= values.size()) return {};
    std::string out = printable_line(values[series].text);
    if (chart_.shares && sums_[series] > 0 && std::isfinite(values[series].number))
      out += fmt::format(" ({:.1f}%)", 100 * values[series].number / sums_[series]);
    return out;
  }

  std::string drawn(double number) const {
    if (!std::isfinite(number) || longest_ == 0) return {};
    const auto eighths = static_cast<std::size_t>(
        std::lround(std::abs(number) / longest_ * static_cast<double>(room_ * kEighths)));
    if (number < 0) return repeated(kNegative, (eighths + kEighths / 2) / kEighths);
    std::string out = repeated(kFull, eighths / kEighths);
    out += kAcross[eighths % kEighths];
    // What is more than nothing shows.
    return out.empty() && number > 0 ? std::string(kAcross[1]) : out;
  }

  std::string line(std::size_t bar, std::size_t series) const {
    std::string out = padded(series == 0 ? labels_[bar] : std::string(), label_width_) + "  ";
    if (name_width_ != 0) out += padded(names_[series], name_width_) + "  ";
    const std::string blocks = drawn(number_of(bar, series));
    out += paint(blocks, Tone::Notice, style_.color);
    if (!blocks.empty()) out += ' ';
    out += text_of(bar, series);
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  }

  const BarChart& chart_;
  const TableStyle& style_;
  std::size_t bars_;
  std::size_t series_;
  std::vector<double> sums_;
  std::vector<std::string> labels_;
  std::vector<std::string> names_;
  std::size_t label_width_ = 0;
  std::size_t name_width_ = 0;
  std::size_t text_width_ = 0;
  std::size_t room_ = kNarrowest;
  double longest_ = 0;
};

class LineWriter {
 public:
  LineWriter(const LineChart& chart, const TableStyle& style, const ChartLimits& limits)
      : chart_(chart), style_(style), series_(std::min(chart.series.size(), limits.series)) {
    for (std::size_t i = 0; i < series_; ++i)
      for (const std::string& text : {chart.series[i].lowest, chart.series[i].highest})
        axis_width_ = std::max(axis_width_, display_width(printable_line(text)));
    const std::size_t all = width_of(style);
    room_ = all > axis_width_ + 2 + kNarrowest ? all - axis_width_ - 2 : kNarrowest;
    height_ = std::clamp<std::size_t>(series_ == 0 ? 1 : 2 * kTallest / series_, 2, kTallest);
  }

  std::string run() const {
    std::string out = title_line(chart_.title, style_);
    for (std::size_t i = 0; i < series_; ++i)
      out += band(chart_.series[i]);
    out += ends();
    return out + more_line(chart_.series.size() - series_, "series", "series", style_);
  }

 private:
  /// What stands below the two ends; where both have no room on one line, on two.
  std::string ends() const {
    const std::string left(axis_width_ + 2, ' ');
    const std::string from = printable_line(chart_.from);
    const std::string to = printable_line(chart_.to);
    const std::size_t used = display_width(from) + display_width(to);
    const bool fit = used < room_;
    const std::string between = fit ? std::string(room_ - used, ' ') : std::string();
    const std::string first =
        left + paint(fit ? from + between + to : from, Tone::Muted, style_.color) + "\n";
    return fit ? first : first + left + paint(padded(to, room_, true), Tone::Muted, style_.color) + "\n";
  }

  /// The value of each column that is farthest from zero: a peak or a dip shows. NaN where there is none.
  std::vector<double> columns_of(const LineChart::Series& series) const {
    std::vector<double> out(room_, std::nan(""));
    for (const auto& point : series.points) {
      if (!is_drawn(point)) continue;
      const double height = point.second;
      double& column = out[column_at(point.first)];
      if (std::isnan(column) || std::abs(height) > std::abs(column)) column = height;
    }
    if (chart_.joined) join_points(out);
    return out;
  }

  /// A line goes straight from one point to the next.
  static void join_points(std::vector<double>& columns) {
    std::size_t last = columns.size();
    for (std::size_t at = 0; at < columns.size(); ++at) {
      if (std::isnan(columns[at])) continue;
      for (std::size_t between = last + 1; between < at; ++between)
        columns[between] = columns[last] + (columns[at] - columns[last]) *
                                               static_cast<double>(between - last) /
                                               static_cast<double>(at - last);
      last = at;
    }
  }

  struct Range {
    double lowest = 0;
    double highest = 0;
  };

  static bool is_drawn(const std::pair<double, double>& point) {
    return std::isfinite(point.first) && std::isfinite(point.second);
  }

  std::string band(const LineChart::Series& series) const {
    Range range;
    for (const auto& point : series.points) {
      if (!is_drawn(point)) continue;
      range.lowest = std::min(range.lowest, point.second);
      range.highest = std::max(range.highest, point.second);
    }
    std::vector<std::string> rows = chart_.joined ? filled_rows(series, range) : point_rows(series, range);
    std::string out;
    if (!series.name.empty()) out += paint(short_label(series.name), Tone::Heading, style_.color) + "\n";
    for (std::size_t row = height_; row-- > 0;) {
      std::string& text = rows[row];
      text.erase(text.find_last_not_of(' ') + 1);
      const std::string label = row + 1 == height_ ? series.highest
                                : row == 0         ? series.lowest
                                                   : std::string();
      out += padded(printable_line(label), axis_width_, true) + (label.empty() ? " │" : " ┤") +
             paint(text, Tone::Notice, style_.color) + "\n";
    }
    return out;
  }

  /// From the lowest row on.
  std::vector<std::string> filled_rows(const LineChart::Series& series, const Range& range) const {
    const std::vector<double> columns = columns_of(series);
    std::vector<std::string> out(height_);
    for (std::size_t row = 0; row < height_; ++row)
      for (const double one : columns)
        out[row] += cell(one, row, range.lowest, range.highest);
    return out;
  }

  std::vector<std::string> point_rows(const LineChart::Series& series, const Range& range) const {
    std::vector<std::vector<bool>> is_point(height_, std::vector<bool>(room_));
    const double size = range.highest - range.lowest;
    for (const auto& point : series.points) {
      if (!is_drawn(point)) continue;
      const double part = size == 0 ? 0 : (point.second - range.lowest) / size;
      const auto row = static_cast<std::size_t>(std::lround(part * static_cast<double>(height_ - 1)));
      is_point[row][column_at(point.first)] = true;
    }
    std::vector<std::string> out(height_);
    for (std::size_t row = 0; row < height_; ++row)
      for (std::size_t column = 0; column < room_; ++column)
        out[row] += is_point[row][column] ? kPoint : kUpwards[0];
    return out;
  }

  std::size_t column_at(double place) const {
    return static_cast<std::size_t>(
        std::lround(std::clamp(place, 0.0, 1.0) * static_cast<double>(room_ - 1)));
  }

  /// What of a column stands in one row of a band; row 0 is the lowest.
  std::string_view cell(double value, std::size_t row, double lowest, double highest) const {
    if (std::isnan(value)) return kUpwards[0];
    const double range = highest - lowest;
    const auto most = static_cast<double>(height_ * kEighths);
    auto eighths = static_cast<std::size_t>(range == 0 ? 0 : std::lround((value - lowest) / range * most));
    eighths = std::max<std::size_t>(eighths, 1);  // a point that is there shows
    const std::size_t below = row * kEighths;
    return kUpwards[eighths <= below ? 0 : std::min(eighths - below, kEighths)];
  }

  const LineChart& chart_;
  const TableStyle& style_;
  std::size_t series_;
  std::size_t axis_width_ = 0;
  std::size_t room_ = kNarrowest;
  std::size_t height_ = kTallest;
};

}  // namespace

std::string to_text(const BarChart& chart, const TableStyle& style, const ChartLimits& limits) {
  return BarWriter(chart, style, limits).run();
}

std::string to_text(const LineChart& chart, const TableStyle& style, const ChartLimits& limits) {
  return LineWriter(chart, style, limits).run();
}

}  // namespace redoubt::report
