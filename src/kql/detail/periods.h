#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace redoubt::kql::detail {

/// Shortest period that is looked for.
inline constexpr double kLeastPeriod = 4;

/// A length after which a series comes again, and how well it does (0 to 1).
struct Period {
  std::size_t length = 0;
  double score = 0;
};

/// How like a series is to itself some places on, and how strong each frequency in it is.
///
/// The likeness is the circular autocorrelation, scaled so that its least value is 0 and that at no distance
/// is 1; a period's score is what it is there. Periods are found as AUTOPERIOD does: a frequency that stands
/// out in the spectrum says about where, and a hill of the autocorrelation there says where.
/// Source: M. Vlachos, P. Yu, V. Castelli: "On Periodicity Detection and Structural Periodic Similarity";
/// scores as Microsoft's engine gives them.
class Likeness {
 public:
  explicit Likeness(std::span<const double> values);

  /// Between two lengths and the bounds that there are (4, half of the series), the best first.
  std::vector<Period> periods(double least, double most) const;
  /// What the score of a period is; 0 when no hill is near.
  double score(double period) const;

 private:
  std::size_t size() const { return likeness_.size(); }
  /// The top of the hill that a frequency points to; nothing: the range has its greatest value at an end.
  std::optional<std::size_t> hilltop(std::size_t frequency) const;

  std::vector<double> power_;  ///< of frequencies up to half of the size
  double mean_power_ = 0;
  std::vector<double> likeness_;
};

/// The best period of a series, if its score is not below the threshold.
std::optional<std::size_t> find_period(std::span<const double> values, double threshold);

/// For each of `count` places the median of the values in the same place of each period.
std::vector<double> seasonal_component(std::span<const double> values, std::size_t period, std::size_t count);

}  // namespace redoubt::kql::detail
