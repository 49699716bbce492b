#include "posture/score.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace redoubt::posture {

namespace {

std::uint64_t HealthCounts::* member_of(Health health) {
  switch (health) {
    case Health::Healthy:
      return &HealthCounts::healthy;
    case Health::Unhealthy:
      return &HealthCounts::unhealthy;
    case Health::Unknown:
      return &HealthCounts::unknown;
    case Health::NotApplicable:
      break;
  }
  return &HealthCounts::not_applicable;
}

/// One count for each resource of a control, by the last of its healths.
void count_resources(std::vector<Assessment>& assessments, std::vector<SubscriptionScore>& out) {
  const auto resource = [](const Assessment& one) {
    return std::tie(one.subscription, one.control, one.resource);
  };
  std::sort(assessments.begin(), assessments.end(), [&](const Assessment& left, const Assessment& right) {
    return std::tuple_cat(resource(left), std::tie(left.health)) <
           std::tuple_cat(resource(right), std::tie(right.health));
  });
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    const Assessment& one = assessments[i];
    if (i + 1 < assessments.size() && resource(assessments[i + 1]) == resource(one)) continue;
    ++(out[one.subscription].controls[one.control].*member_of(one.health));
  }
}

}  // namespace

HealthCounts& HealthCounts::operator+=(const HealthCounts& other) {
  healthy += other.healthy;
  unhealthy += other.unhealthy;
  unknown += other.unknown;
  not_applicable += other.not_applicable;
  return *this;
}

double control_score(double max, const HealthCounts& counts) {
  if (counts.assessed() == 0) return 0;
  return max * static_cast<double>(counts.healthy) / static_cast<double>(counts.assessed());
}

std::optional<double> SubscriptionScore::percentage() const {
  return max > 0 ? std::optional(current / max) : std::nullopt;
}

SecureScore secure_score(std::span<const double> maxima, std::uint32_t subscriptions,
                         std::vector<Assessment>& assessments) {
  SecureScore out;
  out.controls.resize(maxima.size());
  out.subscriptions.resize(subscriptions);
  for (SubscriptionScore& one : out.subscriptions)
    one.controls.resize(maxima.size());
  count_resources(assessments, out.subscriptions);
  double weighted = 0;
  for (SubscriptionScore& one : out.subscriptions) {
    for (std::size_t i = 0; i < maxima.size(); ++i) {
      const HealthCounts& counts = one.controls[i];
      out.controls[i] += counts;
      if (counts.assessed() == 0) continue;
      one.current += control_score(maxima[i], counts);
      one.max += maxima[i];
      one.weight += counts.assessed();
    }
    if (const std::optional<double> percentage = one.percentage()) {
      weighted += *percentage * static_cast<double>(one.weight);
      out.weight += one.weight;
    }
  }
  if (out.weight != 0) out.percentage = weighted / static_cast<double>(out.weight);
  return out;
}

double rounded_score(double score) { return std::round(score * 100) / 100; }

}  // namespace redoubt::posture
