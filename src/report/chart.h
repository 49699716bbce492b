#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/table.h"

namespace redoubt::report {

/// A number as it is drawn and as it is written.
struct ChartValue {
  double number = 0;  ///< NaN: there is none
  std::string text;
};

/// Bars below each other: of each label one for every series.
struct BarChart {
  struct Bar {
    std::string label;
    std::vector<ChartValue> values;  ///< by series
  };
  std::string title;                ///< may be empty
  std::vector<std::string> series;  ///< one without a name stands alone
  std::vector<Bar> bars;
  bool shares = false;  ///< write how much of the sum of its series each is, as a pie shows it
};

/// Lines from left to right. Each series has a band of its own, with its own height.
struct LineChart {
  struct Series {
    std::string name;
    std::vector<std::pair<double, double>> points;  ///< place from 0 (left) to 1, and height
    std::string lowest;   ///< of the heights, as text; zero where none is below it: the lines stand on it
    std::string highest;  ///< zero where none is above it
  };
  std::string title;
  std::string from;  ///< what stands below the left end
  std::string to;
  std::vector<Series> series;
  bool joined = true;  ///< false: points alone
};

/// What is drawn at most: the rest is counted in a line below.
struct ChartLimits {
  std::size_t bars = 50;
  std::size_t series = 12;
};

// Charts of block characters, within the width of the style (80 where it has none). Texts are made safe for a
// terminal.
std::string to_text(const BarChart& chart, const TableStyle& style, const ChartLimits& limits = {});
std::string to_text(const LineChart& chart, const TableStyle& style, const ChartLimits& limits = {});

}  // namespace redoubt::report
