#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "policy/evaluate.h"

namespace redoubt::posture {

/// The changes that one policy wants to make to a request.
struct Wanted {
  const std::vector<policy::Change>* changes = nullptr;
  bool denies = true;  ///< conflictEffect
};

/// What becomes of them beside the others.
struct Settled {
  enum class What : std::uint8_t { Applies, GivesWay, Denied };
  What what = What::Applies;
  std::string path;       ///< where they conflict
  std::size_t other = 0;  ///< the first that wants it differently
};

/// Settles policies that write different values to one property: those with `deny` take precedence, those
/// with `audit` skip all their operations; several with `deny` deny the request, and of `audit` alone none is
/// at work. New members of an array do not conflict. Source: effect modify, conflictEffect.
std::vector<Settled> settle_conflicts(std::span<const Wanted> wanted);

}  // namespace redoubt::posture
