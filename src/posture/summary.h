#pragma once

#include <cstdint>
#include <string_view>

#include "policy/evaluate.h"

namespace redoubt::posture {

/// How many verdicts there are of each state.
struct Summary {
  std::uint64_t compliant = 0;
  std::uint64_t noncompliant = 0;
  std::uint64_t unknown = 0;
  std::uint64_t error = 0;
  std::uint64_t not_applicable = 0;
  std::uint64_t exempt = 0;
  std::uint64_t accepted = 0;  ///< of the noncompliant
  std::uint64_t resources = 0;
  std::uint64_t considered = 0;  ///< pairs that the type index let through

  /// One more verdict; an exempt one counts as exempt whatever its state.
  void count(policy::State state, bool exempt);
  Summary& operator+=(const Summary& other);
  /// All of them.
  std::uint64_t verdicts() const;
};

/// A state as contracts name it, and how many there are.
struct StateCount {
  std::string_view name;
  std::uint64_t Summary::* member;
};
inline constexpr StateCount kStateCounts[] = {{"compliant", &Summary::compliant},
                                              {"noncompliant", &Summary::noncompliant},
                                              {"unknown", &Summary::unknown},
                                              {"error", &Summary::error},
                                              {"notApplicable", &Summary::not_applicable},
                                              {"exempt", &Summary::exempt}};

}  // namespace redoubt::posture
