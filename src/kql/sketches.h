#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kql/value.h"

namespace redoubt::kql {

// Small pictures of many values, as hll() and tdigest() make them. Each has a form in JSON, which is ours
// alone: the reference promises none. That form is untrusted when it is read.

/// How many distinct values there are. As many as the reference promises for the accuracy are counted
/// exactly, more are estimated with the error that it tells (accuracy 1: 0.8 %).
///
/// JSON: [[most hashes, bits], [hash() of each value, as text], [registers as text]], the first two as the
/// engine has them.
/// Source: Kusto Query Language reference, "dcount() (aggregation function)", estimation accuracy; Flajolet,
/// Fusy, Gandouet, Meunier, "HyperLogLog"; the estimate is that of Ertl, "New cardinality estimation
/// algorithms for HyperLogLog sketches", 2017.
class DistinctSketch {
 public:
  static constexpr std::int64_t kDefaultAccuracy = 1;

  /// Of another accuracy than 0 to 4: the default.
  explicit DistinctSketch(std::int64_t accuracy = kDefaultAccuracy);
  /// Nothing: it is no such sketch.
  static std::optional<DistinctSketch> read(std::string_view json);

  /// A null adds nothing.
  void add(const Value& value);
  /// The result is as coarse as the coarser of both.
  void merge(const DistinctSketch& other);
  std::int64_t count() const;
  std::string json() const;

 private:
  void set_register(std::size_t at, std::uint8_t rank);
  void note(std::uint64_t hash);
  void spread_out();
  void make_coarser(unsigned bits);

  unsigned bits_;
  std::size_t most_hashes_;
  std::unordered_set<std::uint64_t> hashes_;
  std::vector<std::uint8_t> registers_;  ///< empty: the hashes are all there is
};

/// How values are spread, for percentiles and ranks. Up to kMostExact distinct values are kept as they are,
/// more are put together where they lie close, least at the ends.
///
/// JSON: [[7], [values], [weights]]; where the values are no numbers, their type stands behind the 7.
/// Source: Kusto Query Language reference, "percentile(), percentiles()", "tdigest() (aggregation function)";
/// Dunning, Ertl, "Computing extremely accurate quantiles using t-digests", 2019.
class SpreadSketch {
 public:
  static constexpr std::size_t kMostExact = 4096;

  /// Values of another type are converted. Numbers are long or real; decimal counts as real.
  explicit SpreadSketch(Type type);
  static std::optional<SpreadSketch> read(std::string_view json);

  /// A null, NaN or a weight that is not positive adds nothing.
  void add(const Value& value, std::int64_t weight = 1);
  /// Long and real give real; one of another type adds nothing.
  void merge(const SpreadSketch& other);

  /// Of all weights; 0: it is empty.
  std::int64_t total() const { return total_; }
  /// By nearest rank; null: it is empty.
  Value percentile(double percentile);
  /// How many are not above the value; nothing: it is none of the type.
  std::optional<std::int64_t> rank(const Value& value);
  std::string json();

 private:
  struct Point {
    std::int64_t whole = 0;  ///< of all types but real
    double real = 0;         ///< of real
    std::int64_t weight = 0;
  };

  bool is_real() const { return type_ == Type::Real; }
  Value value_of(const Point& point) const;
  bool less(const Point& left, const Point& right) const;
  Point joined(const Point& left, const Point& right) const;
  void become_real();
  void tidy();
  void join_equal();
  void join_close();

  Type type_;
  std::vector<Point> points_;
  bool tidy_ = true;  ///< the points are in order, distinct and not too many
  std::int64_t total_ = 0;
};

/// Which of so many values in their order, from 1 on, the percentile is: the first that has that share of
/// them up to itself. Source: "percentile(), percentiles()", nearest-rank percentile.
std::int64_t nearest_rank(double percentile, std::int64_t count);

}  // namespace redoubt::kql
