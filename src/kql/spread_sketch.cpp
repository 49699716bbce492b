#include <algorithm>
#include <cmath>
#include <numbers>

#include "kql/evaluate.h"
#include "kql/json_text.h"
#include "kql/sketches.h"

namespace redoubt::kql {

namespace {

__extension__ using Wide = __int128;

/// How many points are kept when there are too many for all: at least half as many as this.
constexpr double kFineness = 2000;
/// Weights together stay below this.
constexpr std::int64_t kMostWeight = std::int64_t{1} << 62;
constexpr std::string_view kHead = "7";

/// Where a share of the weights lies on a scale that is stretched at both ends. Source: Dunning, Ertl, k1.
double scale(double share) {
  return kFineness / (2 * std::numbers::pi) * std::asin(std::clamp(2 * share - 1, -1.0, 1.0));
}

Type kept_type(Type type) {
  if (contains(set_of(Type::DateTime, Type::Timespan), type)) return type;
  return contains(kIntegers, type) ? Type::Long : Type::Real;
}

/// The type of values in JSON, where nothing tells it.
Type type_among(const std::vector<std::string_view>& values) {
  if (values.empty()) return Type::Long;
  if (json_kind(values.front()) == JsonKind::String)
    return read_timespan(json_string(values.front())) ? Type::Timespan : Type::DateTime;
  const bool whole = std::all_of(values.begin(), values.end(),
                                 [](std::string_view value) { return json_kind(value) == JsonKind::Long; });
  return whole ? Type::Long : Type::Real;
}

}  // namespace

std::int64_t nearest_rank(double percentile, std::int64_t count) {
  // Percentiles are written in decimals: what is a whole number but for the last bits is one.
  const double place = std::ceil(percentile * static_cast<double>(count) / 100 - 1e-9);
  if (!(place > 1)) return 1;
  return place >= static_cast<double>(count) ? count : static_cast<std::int64_t>(place);
}

SpreadSketch::SpreadSketch(Type type) : type_(kept_type(type)) {}

std::optional<SpreadSketch> SpreadSketch::read(std::string_view json) {
  if (json.empty() || json_kind(json) != JsonKind::Array || json_count(json) != 3) return std::nullopt;
  const std::vector<std::string_view> parts = json_elements(json);
  for (const std::string_view part : parts)
    if (json_kind(part) != JsonKind::Array) return std::nullopt;
  const std::vector<std::string_view> values = json_elements(parts[1]);
  const std::vector<std::string_view> weights = json_elements(parts[2]);
  if (json_element(parts[0], 0) != kHead || values.size() != weights.size()) return std::nullopt;
  const std::string_view named = json_element(parts[0], 1);
  const std::optional<Type> type = named.empty() ? std::nullopt : find_type(json_string(named));
  SpreadSketch out(type.value_or(type_among(values)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<std::int64_t> weight = read_long(weights[i]);
    if (!weight) return std::nullopt;
    out.add(Value::of_dynamic(std::string(values[i])), *weight);
  }
  return out;
}

void SpreadSketch::add(const Value& value, std::int64_t weight) {
  weight = std::min(weight, kMostWeight - total_);
  if (value.is_null() || weight <= 0) return;
  const Value fitting = convert(value, type_);
  if (fitting.is_null() || (is_real() && std::isnan(fitting.as_real()))) return;
  Point point{0, 0, weight};
  if (is_real())
    point.real = fitting.as_real();
  else
    point.whole = type_ == Type::Long ? fitting.as_long() : fitting.ticks();
  points_.push_back(point);
  total_ += weight;
  tidy_ = false;
  if (points_.size() > 2 * kMostExact) tidy();
}

void SpreadSketch::merge(const SpreadSketch& other) {
  if (points_.empty()) type_ = other.type_;
  const bool numbers = contains(kNumbers, type_) && contains(kNumbers, other.type_);
  if (type_ != other.type_ && !numbers) return;
  if (type_ == Type::Long && other.is_real()) become_real();
  for (const Point& point : other.points_)
    add(other.value_of(point), point.weight);
}

void SpreadSketch::become_real() {
  type_ = Type::Real;
  for (Point& point : points_)
    point.real = static_cast<double>(point.whole);
}

Value SpreadSketch::value_of(const Point& point) const {
  if (is_real()) return Value::of_real(point.real);
  if (type_ == Type::DateTime) return Value::of_datetime(point.whole);
  return type_ == Type::Timespan ? Value::of_timespan(point.whole) : Value::of_long(point.whole);
}

bool SpreadSketch::less(const Point& left, const Point& right) const {
  return is_real() ? left.real < right.real : left.whole < right.whole;
}

/// At the mean of both.
SpreadSketch::Point SpreadSketch::joined(const Point& left, const Point& right) const {
  Point out{0, 0, left.weight + right.weight};
  const double share = static_cast<double>(right.weight) / static_cast<double>(out.weight);
  if (is_real()) {
    out.real = left.real + (right.real - left.real) * share;
  } else {
    const Wide apart = static_cast<Wide>(right.whole) - left.whole;
    out.whole = static_cast<std::int64_t>(left.whole + static_cast<Wide>(static_cast<double>(apart) * share));
  }
  return out;
}

void SpreadSketch::tidy() {
  if (tidy_) return;
  tidy_ = true;
  std::stable_sort(points_.begin(), points_.end(),
                   [this](const Point& left, const Point& right) { return less(left, right); });
  join_equal();
  if (points_.size() > kMostExact) join_close();
}

void SpreadSketch::join_equal() {
  std::size_t kept = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    if (less(points_[kept], points_[i]))
      points_[++kept] = points_[i];
    else
      points_[kept].weight += points_[i].weight;
  }
  points_.resize(points_.empty() ? 0 : kept + 1);
}

void SpreadSketch::join_close() {
  const auto total = static_cast<double>(total_);
  std::size_t kept = 0;
  double before = 0;  // weights in front of the point that is kept
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const auto weight = static_cast<double>(points_[kept].weight);
    const double after = before + weight + static_cast<double>(points_[i].weight);
    const bool at_an_end =
        kept == 0 || i + 1 == points_.size();  // the least and the greatest stay themselves
    if (!at_an_end && scale(after / total) - scale(before / total) <= 1) {
      points_[kept] = joined(points_[kept], points_[i]);
    } else {
      before += weight;
      points_[++kept] = points_[i];
    }
  }
  points_.resize(kept + 1);
}

Value SpreadSketch::percentile(double percentile) {
  tidy();
  std::int64_t left = nearest_rank(percentile, total_);
  for (const Point& point : points_) {
    left -= point.weight;
    if (left <= 0) return value_of(point);
  }
  return Value::null(type_);
}

std::optional<std::int64_t> SpreadSketch::rank(const Value& value) {
  tidy();
  Value sought = convert(value, type_);
  if (type_ == Type::Long && value.is(Type::Real))  // not cut toward zero
    sought = convert(Value::of_real(std::floor(value.as_real())), type_);
  if (sought.is_null()) return std::nullopt;
  std::int64_t out = 0;
  for (const Point& point : points_)
    if (order_of(value_of(point), sought) <= 0) out += point.weight;
  return out;
}

std::string SpreadSketch::json() {
  tidy();
  const bool number = is_real() || type_ == Type::Long;
  std::string out = "[[" + std::string(kHead);
  if (!number) out.append(",\"").append(type_name(type_)).append("\"");
  std::string weights;
  out += "],[";
  for (const Point& point : points_) {
    if (!weights.empty()) out += ',';
    weights.append(weights.empty() ? "" : ",").append(std::to_string(point.weight));
    out += to_json(value_of(point));
  }
  return out + "],[" + weights + "]]";
}

}  // namespace redoubt::kql
