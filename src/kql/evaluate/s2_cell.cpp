#include "kql/detail/s2_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

namespace redoubt::kql::detail {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << S2Cell::kDeepest;

// The way of the Hilbert curve through the four parts of a cell: by how the cell is turned, then the part.
constexpr std::uint8_t kPlaceOfPart[4][4] = {{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}};
constexpr std::uint8_t kPartAtPlace[4][4] = {{0, 1, 3, 2}, {0, 2, 3, 1}, {3, 2, 0, 1}, {3, 1, 0, 2}};
constexpr std::uint8_t kTurn[4] = {1, 0, 0, 3};

/// A point of a face, from -1 to 1.
struct Flat {
  double u = 0;
  double v = 0;
};

Vector raised(unsigned face, const Flat& at) {
  switch (face) {
    case 0:
      return {1, at.u, at.v};
    case 1:
      return {-at.u, 1, at.v};
    case 2:
      return {-at.u, -at.v, 1};
    case 3:
      return {-1, -at.v, -at.u};
    case 4:
      return {at.v, -1, -at.u};
    default:
      return {at.v, at.u, -1};
  }
}

/// Of a point in front of the face.
Flat flattened(unsigned face, const Vector& p) {
  switch (face) {
    case 0:
      return {p.y / p.x, p.z / p.x};
    case 1:
      return {-p.x / p.y, p.z / p.y};
    case 2:
      return {-p.x / p.z, -p.y / p.z};
    case 3:
      return {p.z / p.x, p.y / p.x};
    case 4:
      return {p.z / p.y, -p.x / p.y};
    default:
      return {-p.y / p.z, -p.x / p.z};
  }
}

unsigned face_of(const Vector& p) {
  const double x = std::abs(p.x);
  const double y = std::abs(p.y);
  const double z = std::abs(p.z);
  const unsigned axis = x > y ? (x > z ? 0 : 2) : (y > z ? 1 : 2);
  const double value = axis == 0 ? p.x : axis == 1 ? p.y : p.z;
  return value < 0 ? axis + 3 : axis;
}

// Parts of a face are of about the same size on the sphere: their borders are a quadratic function of u and
// v.
double to_part(double u) { return u >= 0 ? 0.5 * std::sqrt(1 + 3 * u) : 1 - 0.5 * std::sqrt(1 - 3 * u); }
double from_part(double s) {
  return s >= 0.5 ? (1 / 3.) * (4 * s * s - 1) : (1 / 3.) * (1 - 4 * (1 - s) * (1 - s));
}

std::int64_t number_of(double s) {
  return std::clamp(static_cast<std::int64_t>(std::floor(static_cast<double>(kMost) * s)), std::int64_t{0},
                    kMost - 1);
}

double border(std::int64_t number) {
  return from_part(static_cast<double>(number) / static_cast<double>(kMost));
}

}  // namespace

S2Cell S2Cell::at(const Vector& point, int level) {
  const unsigned face = face_of(point);
  const Flat flat = flattened(face, point);
  const std::int64_t mask = ~((std::int64_t{1} << (kDeepest - level)) - 1);
  return {face, number_of(to_part(flat.u)) & mask, number_of(to_part(flat.v)) & mask, level};
}

S2Cell S2Cell::of_face(unsigned face) { return {face, 0, 0, 0}; }

/// The cell beside a face is on another one.
S2Cell S2Cell::around(unsigned face, std::int64_t i, std::int64_t j, int level) {
  const std::int64_t mask = ~((std::int64_t{1} << (kDeepest - level)) - 1);
  if (i >= 0 && j >= 0 && i < kMost && j < kMost) return {face, i & mask, j & mask, level};
  const auto straight = [](std::int64_t number) {
    constexpr double kLimit = 1 + 2.220446049250313e-16;
    const std::int64_t near = std::clamp(number, std::int64_t{-1}, kMost);
    return std::clamp(static_cast<double>(2 * (near - kMost / 2) + 1) / static_cast<double>(kMost), -kLimit,
                      kLimit);
  };
  const Vector point = raised(face, {straight(i), straight(j)});
  const unsigned other = face_of(point);
  const Flat flat = flattened(other, point);
  return {other, number_of(0.5 * (flat.u + 1)) & mask, number_of(0.5 * (flat.v + 1)) & mask, level};
}

std::optional<S2Cell> S2Cell::of_token(std::string_view token) {
  if (token.empty() || token.size() > 16) return std::nullopt;
  std::uint64_t id = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), id, 16);
  if (problem != std::errc() || end != token.data() + token.size()) return std::nullopt;
  id <<= 4 * (16 - token.size());
  const int zeros = id == 0 ? 64 : std::countr_zero(id);
  const auto face = static_cast<unsigned>(id >> 61);
  if (face > 5 || zeros > 60 || zeros % 2 != 0) return std::nullopt;
  const int level = kDeepest - zeros / 2;
  S2Cell out{face, 0, 0, level};
  unsigned turn = face & 1U;
  for (int depth = 0; depth < level; ++depth) {
    const unsigned place = static_cast<unsigned>(id >> (59 - 2 * depth)) & 3U;
    const unsigned part = kPartAtPlace[turn][place];
    const std::int64_t size = kMost >> (depth + 1);
    out.i_ += (part >> 1U) != 0 ? size : 0;
    out.j_ += (part & 1U) != 0 ? size : 0;
    turn ^= kTurn[place];
  }
  return out;
}

std::string S2Cell::token() const {
  std::uint64_t id = face_;
  unsigned turn = face_ & 1U;
  for (int depth = 0; depth < level_; ++depth) {
    const int bit = kDeepest - 1 - depth;
    const auto part = static_cast<unsigned>((((i_ >> bit) & 1) << 1) | ((j_ >> bit) & 1));
    const unsigned place = kPlaceOfPart[turn][part];
    id = id * 4 + place;
    turn ^= kTurn[place];
  }
  id = (id * 2 + 1) << (2 * (kDeepest - level_));
  std::string out = fmt::format("{:016x}", id);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

Vector S2Cell::center() const {
  const double half = static_cast<double>(size()) / 2;
  const auto middle = [half](std::int64_t number) {
    return from_part((static_cast<double>(number) + half) / static_cast<double>(kMost));
  };
  return unit(raised(face_, {middle(i_), middle(j_)}));
}

std::array<Vector, 4> S2Cell::corners() const {
  const Flat low{border(i_), border(j_)};
  const Flat high{border(i_ + size()), border(j_ + size())};
  return {unit(raised(face_, low)), unit(raised(face_, {high.u, low.v})), unit(raised(face_, high)),
          unit(raised(face_, {low.u, high.v}))};
}

std::array<S2Cell, 4> S2Cell::children() const {
  const std::int64_t half = size() / 2;
  return {S2Cell{face_, i_, j_, level_ + 1}, S2Cell{face_, i_ + half, j_, level_ + 1},
          S2Cell{face_, i_ + half, j_ + half, level_ + 1}, S2Cell{face_, i_, j_ + half, level_ + 1}};
}

std::vector<S2Cell> S2Cell::neighbors() const {
  std::vector<S2Cell> out;
  for (const int i : {-1, 0, 1})
    for (const int j : {-1, 0, 1}) {
      const S2Cell next = around(face_, i_ + i * size(), j_ + j * size(), level_);
      const bool again = next == *this || std::find(out.begin(), out.end(), next) != out.end();
      if (!again) out.push_back(next);
    }
  return out;
}

bool S2Cell::contains(const Vector& point) const {
  const Vector axis = raised(face_, {0, 0});
  if (dot(axis, point) <= 0) return false;
  const Flat flat = flattened(face_, point);
  return flat.u >= border(i_) && flat.u <= border(i_ + size()) && flat.v >= border(j_) &&
         flat.v <= border(j_ + size());
}

}  // namespace redoubt::kql::detail
