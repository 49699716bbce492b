#include "kql/detail/periods.h"

#include <algorithm>
#include <cmath>

#include "kql/detail/fourier.h"
#include "kql/detail/series.h"

namespace redoubt::kql::detail {

Likeness::Likeness(std::span<const double> values) {
  const double mean = mean_of(values);
  std::vector<std::complex<double>> spectrum;
  for (const double value : values)
    spectrum.emplace_back(value - mean);
  transform(spectrum);
  for (std::complex<double>& one : spectrum)
    one = std::norm(one);
  for (std::size_t k = 0; k <= values.size() / 2; ++k)
    power_.push_back(k == 0 ? 0 : spectrum[k].real());
  if (power_.size() > 1) mean_power_ = mean_of(std::span(power_).subspan(1));
  transform_back(spectrum);
  for (const std::complex<double>& one : spectrum)
    likeness_.push_back(one.real());
  const double least = *std::min_element(likeness_.begin(), likeness_.end());
  const double most = likeness_.front();
  for (double& one : likeness_)
    one = most > least ? (one - least) / (most - least) : 0;
}

std::optional<std::size_t> Likeness::hilltop(std::size_t frequency) const {
  const double n = static_cast<double>(size());
  const double k = static_cast<double>(frequency);
  const double here = n / k;
  const double longer = frequency > 1 ? n / (k - 1) : n;
  const double from = std::ceil((n / (k + 1) + here) / 2 - 1);
  const double to = std::floor((here + longer) / 2 + 1);
  const auto first = likeness_.begin() + static_cast<std::ptrdiff_t>(std::max(from, 1.0));
  const auto last = likeness_.begin() + static_cast<std::ptrdiff_t>(std::min(to, n - 1));
  if (last <= first) return std::nullopt;
  const auto top = std::max_element(first, last + 1);
  if (top == first || top == last) return std::nullopt;
  return static_cast<std::size_t>(top - likeness_.begin());
}

std::vector<Period> Likeness::periods(double least, double most) const {
  least = std::max(least, kLeastPeriod);
  most = std::min(most, static_cast<double>(size()) / 2);
  std::vector<Period> out;
  std::vector<bool> known(size());
  for (std::size_t k = 1; k < power_.size(); ++k) {
    const double next = k + 1 < power_.size() ? power_[k + 1] : 0;
    if (power_[k] <= mean_power_ || power_[k] <= power_[k - 1] || power_[k] < next) continue;
    const std::optional<std::size_t> top = hilltop(k);
    if (!top || static_cast<double>(*top) < least || static_cast<double>(*top) > most) continue;
    if (!known[*top]) out.push_back({.length = *top, .score = likeness_[*top]});
    known[*top] = true;
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Period& left, const Period& right) { return left.score > right.score; });
  return out;
}

double Likeness::score(double period) const {
  const double n = static_cast<double>(size());
  if (!(period >= kLeastPeriod && period <= n / 2)) return 0;
  if (!hilltop(static_cast<std::size_t>(std::llround(n / period)))) return 0;
  const auto below = static_cast<std::size_t>(period);
  const double share = period - std::floor(period);
  return share == 0 ? likeness_[below] : likeness_[below] * (1 - share) + likeness_[below + 1] * share;
}

std::optional<std::size_t> find_period(std::span<const double> values, double threshold) {
  if (values.size() < 2 * static_cast<std::size_t>(kLeastPeriod)) return std::nullopt;
  const std::vector<Period> periods = Likeness(values).periods(0, static_cast<double>(values.size()));
  if (periods.empty() || periods.front().score < threshold) return std::nullopt;
  return periods.front().length;
}

std::vector<double> seasonal_component(std::span<const double> values, std::size_t period,
                                       std::size_t count) {
  std::vector<double> out(count);
  std::vector<double> phase;
  for (std::size_t start = 0; start < std::min(period, count); ++start) {
    phase.clear();
    for (std::size_t i = start; i < values.size(); i += period)
      phase.push_back(values[i]);
    const double median = phase.empty() ? 0 : percentile_of(phase, 50);
    for (std::size_t i = start; i < count; i += period)
      out[i] = median;
  }
  return out;
}

}  // namespace redoubt::kql::detail
