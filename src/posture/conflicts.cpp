#include "posture/detail/conflicts.h"

#include <algorithm>
#include <map>

#include "core/text.h"

namespace redoubt::posture {

namespace {

struct Use {
  std::size_t by;
  const policy::Change* change;
};

/// `x[3]`, behind the members that are there.
bool is_new_member(const policy::Change& change) {
  return !change.before && change.path.ends_with(']') && !change.path.ends_with("']");
}

bool same_result(const policy::Change& left, const policy::Change& right) {
  if (left.after.has_value() != right.after.has_value()) return false;
  return !left.after || doc::equal(*left.after, *right.after);
}

bool agree(const std::vector<Use>& uses) {
  return std::all_of(uses.begin(), uses.end(),
                     [&](const Use& use) { return same_result(*use.change, *uses.front().change); });
}

/// Notes what is worse than what was known of the policy.
void note(std::vector<Settled>& out, const Use& use, Settled::What what, const std::vector<Use>& others) {
  Settled& settled = out[use.by];
  if (what <= settled.what) return;
  settled.what = what;
  settled.path = use.change->path;
  for (const Use& other : others) {
    settled.other = other.by;
    if (!same_result(*other.change, *use.change)) return;
  }
}

/// Everything that is wanted of one property.
void settle(const std::vector<Use>& uses, std::span<const Wanted> wanted, std::vector<Settled>& out) {
  if (agree(uses)) return;
  std::vector<Use> deniers;
  for (const Use& use : uses)
    if (wanted[use.by].denies) deniers.push_back(use);
  const bool one_wins = !deniers.empty() && agree(deniers);
  for (const Use& use : uses) {
    if (!wanted[use.by].denies) {
      if (!one_wins || !same_result(*use.change, *deniers.front().change))
        note(out, use, Settled::What::GivesWay, deniers.empty() ? uses : deniers);
    } else if (!one_wins) {
      note(out, use, Settled::What::Denied, deniers);
    }
  }
}

}  // namespace

std::vector<Settled> settle_conflicts(std::span<const Wanted> wanted) {
  std::map<std::string, std::vector<Use>> by_path;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (const policy::Change& change : *wanted[i].changes) {
      if (is_new_member(change)) continue;
      std::vector<Use>& uses = by_path[lower(change.path)];
      // Of a policy's own operations on one property the last counts.
      if (!uses.empty() && uses.back().by == i)
        uses.back().change = &change;
      else
        uses.push_back({i, &change});
    }
  }
  std::vector<Settled> out(wanted.size());
  for (const auto& [path, uses] : by_path)
    settle(uses, wanted, out);
  return out;
}

}  // namespace redoubt::posture
