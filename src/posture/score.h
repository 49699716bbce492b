#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace redoubt::posture {

/// What a check says of a resource for the secure score. Of several checks of a control the last one here
/// counts.
enum class Health : std::uint8_t {
  NotApplicable,  ///< it does not count, nor does what is exempt as a waiver
  Healthy,        ///< compliant, or exempt as mitigated
  Unknown,        ///< neither: the resource does not count
  Unhealthy,
};

/// One check of a control on one resource. Numbers are the caller's.
struct Assessment {
  std::uint32_t subscription = 0;
  std::uint32_t control = 0;
  std::uint32_t resource = 0;
  Health health = Health::NotApplicable;
};

/// How many resources of each health a control has.
struct HealthCounts {
  std::uint64_t healthy = 0;
  std::uint64_t unhealthy = 0;
  std::uint64_t unknown = 0;
  std::uint64_t not_applicable = 0;

  std::uint64_t assessed() const { return healthy + unhealthy; }
  HealthCounts& operator+=(const HealthCounts& other);
};

/// max / (healthy + unhealthy) * healthy; 0 where nothing is assessed. Not rounded.
double control_score(double max, const HealthCounts& counts);

struct SubscriptionScore {
  std::vector<HealthCounts> controls;  ///< by number
  double current = 0;                  ///< over the controls that have assessments, as max
  double max = 0;
  std::uint64_t weight = 0;  ///< healthy + unhealthy of all controls

  /// current / max; nothing where no control with points has an assessment.
  std::optional<double> percentage() const;
};

struct SecureScore {
  std::vector<SubscriptionScore> subscriptions;  ///< by number
  std::vector<HealthCounts> controls;            ///< of all subscriptions together
  /// The mean of those that have one, weighted.
  std::optional<double> percentage;
  std::uint64_t weight = 0;
};

/// The secure score of assessments, in any order; sorts them. `maxima` are those of the controls.
///
/// A resource that turns from unhealthy to healthy never lowers any number of it.
/// Source: shared/frameworks/secure-score.json; Microsoft Defender for Cloud, "Secure score".
SecureScore secure_score(std::span<const double> maxima, std::uint32_t subscriptions,
                         std::vector<Assessment>& assessments);

/// To two decimals, half away from zero, as scores are shown: 0.3077 is 0.31.
double rounded_score(double score);

}  // namespace redoubt::posture
