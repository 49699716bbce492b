#include "posture/summary.h"

namespace redoubt::posture {

void Summary::count(policy::State state, bool is_exempt) {
  if (is_exempt) {
    ++exempt;
    return;
  }
  switch (state) {
    case policy::State::Compliant:
      ++compliant;
      break;
    case policy::State::Noncompliant:
      ++noncompliant;
      break;
    case policy::State::Unknown:
      ++unknown;
      break;
    case policy::State::Error:
      ++error;
      break;
    case policy::State::NotApplicable:
      ++not_applicable;
      break;
  }
}

Summary& Summary::operator+=(const Summary& other) {
  for (const StateCount& one : kStateCounts)
    this->*one.member += other.*one.member;
  accepted += other.accepted;
  resources += other.resources;
  considered += other.considered;
  return *this;
}

std::uint64_t Summary::verdicts() const {
  std::uint64_t out = 0;
  for (const StateCount& one : kStateCounts)
    out += this->*one.member;
  return out;
}

}  // namespace redoubt::posture
