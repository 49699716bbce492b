#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/detail/sphere.h"

namespace redoubt::kql::detail {

/// A cell of the sphere: a face of a cube around it, cut in four again and again, numbered along a Hilbert
/// curve.
/// Source: S2 Geometry, S2CellId, S2Cell, S2 coords.
class S2Cell {
 public:
  static constexpr int kDeepest = 30;

  static S2Cell at(const Vector& point, int level);
  static S2Cell of_face(unsigned face);
  /// Nothing: no cell has the token.
  static std::optional<S2Cell> of_token(std::string_view token);

  std::string token() const;
  int level() const { return level_; }
  Vector center() const;
  /// To the left around it.
  std::array<Vector, 4> corners() const;
  std::array<S2Cell, 4> children() const;
  /// Cells of its level that touch it, each once.
  std::vector<S2Cell> neighbors() const;
  bool contains(const Vector& point) const;

  bool operator==(const S2Cell&) const = default;

 private:
  S2Cell(unsigned face, std::int64_t i, std::int64_t j, int level)
      : face_(face), i_(i), j_(j), level_(level) {}
  static S2Cell around(unsigned face, std::int64_t i, std::int64_t j, int level);
  std::int64_t size() const { return std::int64_t{1} << (kDeepest - level_); }

  unsigned face_ = 0;
  std::int64_t i_ = 0;  ///< of its corner with the least ones
  std::int64_t j_ = 0;
  int level_ = 0;
};

}  // namespace redoubt::kql::detail
