#include "kql/detail/series.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// A number that JSON has no number for.
std::optional<double> read_special(std::string_view json) {
  if (json == R"("NaN")") return kNone;
  if (json == R"("Infinity")") return std::numeric_limits<double>::infinity();
  if (json == R"("-Infinity")") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

template <class T>
T read_number(std::string_view json) {
  T out = 0;
  std::from_chars(json.data(), json.data() + json.size(), out);
  return out;
}

void set_missing(Series& series, std::size_t i, std::size_t count) {
  if (series.missing.empty()) series.missing.resize(count);
  series.missing[i] = true;
}

}  // namespace

std::optional<Series> read_series(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null() || json_kind(value.json()) != JsonKind::Array)
    return std::nullopt;
  const std::vector<std::string_view> elements = json_elements(value.json());
  Series out;
  out.values.assign(elements.size(), kNone);
  out.wholes.assign(elements.size(), 0);
  bool whole = true;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const JsonKind kind = json_kind(elements[i]);
    if (kind == JsonKind::Long) {
      out.wholes[i] = read_number<std::int64_t>(elements[i]);
      out.values[i] = static_cast<double>(out.wholes[i]);
    } else if (kind == JsonKind::Real) {
      out.values[i] = read_number<double>(elements[i]);
      whole = false;
    } else if (const std::optional<double> special = read_special(elements[i])) {
      out.values[i] = *special;
      whole = false;
    } else {
      set_missing(out, i, elements.size());
    }
  }
  if (!whole) out.wholes = {};
  return out;
}

std::optional<std::vector<double>> finite_series(const Call& call, std::size_t i) {
  if (i >= call.size()) return std::nullopt;
  std::optional<Series> series = read_series(call[i]);
  if (!series || series->values.empty()) return std::nullopt;
  const auto finite = [](double one) { return std::isfinite(one); };
  if (!std::all_of(series->values.begin(), series->values.end(), finite)) return std::nullopt;
  return std::move(series->values);
}

std::string number_text(double value) { return to_json(Value::of_real(value)); }

void ArrayText::add_json(std::string_view json) {
  if (out_.size() > 1) out_ += ',';
  out_ += json;
}

void BagText::add_json(std::string_view name, std::string_view json) {
  if (out_.size() > 1) out_ += ',';
  append_json_of_text(out_, name);
  out_.append(":").append(json);
}

std::string array_text(std::span<const double> values) {
  ArrayText out;
  for (const double value : values)
    out.add(value);
  return std::move(out).take();
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values)
    sum += value;
  return sum / static_cast<double>(values.size());
}

double variance_of(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values)
    sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

LineFit fit_line(std::span<const double> values) {
  const double middle = static_cast<double>(values.size() + 1) / 2;
  const double mean = mean_of(values);
  double both = 0;
  double places = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double place = static_cast<double>(i + 1) - middle;
    both += place * (values[i] - mean);
    places += place * place;
  }
  LineFit out;
  out.slope = values.size() < 2 ? 0 : both / places;
  out.interception = mean - out.slope * middle;
  double left = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    left += (values[i] - out.at(i)) * (values[i] - out.at(i));
  out.variance = variance_of(values);
  out.rvariance = values.size() < 2 ? 0 : left / static_cast<double>(values.size() - 1);
  out.rsquare = 1 - out.rvariance / out.variance;
  return out;
}

double percentile_of(std::vector<double>& values, double percent) {
  if (values.empty()) return kNone;
  const double place = percent / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  if (below + 1 >= values.size()) return *at;
  const double above = *std::min_element(at + 1, values.end());
  return *at + (above - *at) * (place - static_cast<double>(below));
}

}  // namespace redoubt::kql::detail
