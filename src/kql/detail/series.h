#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kql/detail/evaluation.h"

/// What series functions share: arrays of numbers taken as a curve.
namespace redoubt::kql::detail {

/// The elements of a dynamic array. An element that is null or no number is missing; NaN and the infinities,
/// which dynamic values hold as texts, are numbers.
struct Series {
  std::vector<double> values;        ///< NaN where one is missing
  std::vector<std::int64_t> wholes;  ///< the same as integers when no number of them is a real; else empty
  std::vector<bool> missing;         ///< as many as there are values, or none when none is missing

  std::size_t size() const { return values.size(); }
  bool is_whole() const { return !values.empty() && wholes.size() == values.size(); }
  bool has(std::size_t i) const { return i < size() && (missing.empty() || !missing[i]); }
};

/// Nothing: it is no array.
std::optional<Series> read_series(const Value& value);

/// The series of an argument that must be of finite numbers only, and not empty; else nothing.
std::optional<std::vector<double>> finite_series(const Call& call, std::size_t i);

/// The JSON of a number that a dynamic value holds.
std::string number_text(double value);

/// An array of JSON values that is put together.
class ArrayText {
 public:
  void add(double value) { add_json(number_text(value)); }
  void add(std::int64_t value) { add_json(std::to_string(value)); }
  void add(bool value) { add_json(value ? "true" : "false"); }
  void add_null() { add_json("null"); }
  void add_json(std::string_view json);
  std::string take() && { return std::move(out_) + "]"; }

 private:
  std::string out_ = "[";
};

std::string array_text(std::span<const double> values);

/// A bag that is put together.
class BagText {
 public:
  void add(std::string_view name, double value) { add_json(name, number_text(value)); }
  void add(std::string_view name, std::int64_t value) { add_json(name, std::to_string(value)); }
  void add_json(std::string_view name, std::string_view json);
  std::string take() && { return std::move(out_) + "}"; }

 private:
  std::string out_ = "{";
};

/// A line y = slope * x + interception over places that count from 1, as the engine has it, and how well it
/// fits.
struct LineFit {
  double slope = 0;
  double interception = 0;
  double rsquare = 0;
  double variance = 0;   ///< of the values, of a sample
  double rvariance = 0;  ///< of what the line leaves

  /// At a place that counts from 0.
  double at(std::size_t i) const { return slope * static_cast<double>(i + 1) + interception; }
};
LineFit fit_line(std::span<const double> values);

double mean_of(std::span<const double> values);
/// Of a sample: by one less than there are; 0 for a single one.
double variance_of(std::span<const double> values);

/// What is found by a share of the values being below it, between two of them linearly. Reorders the values.
double percentile_of(std::vector<double>& values, double percent);

}  // namespace redoubt::kql::detail
