#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/remedies.h"
#include "posture/relations/rule_space.h"

// Rules of a network security group that no packet gets to, or none can match.

namespace redoubt::posture::relations {

using policy::Verdict;

namespace {

/// What was found out about one rule.
struct Fate {
  Truth holds = Truth::False;
  std::string why;  ///< of a rule for which it holds
};

class RuleJudge {
 public:
  explicit RuleJudge(const Scene& scene)
      : scene_(scene),
        rules_(rules_of(scene, scene.resource)),
        binding_(binding_of(scene, scene.resource)),
        doubts_(scene) {
    for (const Family family : {Family::V4, Family::V6})
      if (in_use(family))
        for (const bool outbound : {false, true})
          spaces_.push_back({family, outbound, RuleSpace(rules_, binding_, outbound, family)});
  }

  /// `fate` of every rule; the first that it holds for is told.
  template <class Ask, class Mend>
  Verdict run(const Ask& fate, std::string_view good, const Mend& mend) {
    const SecurityRule* first = nullptr;
    std::string why;
    std::size_t others = 0;
    for (const SecurityRule& rule : rules_.list) {
      if (!rule.priority && rule.open_priority == nullptr) continue;
      const Fate found = fate(*this, rule);
      const Truth holds = both(found.holds, rule.there);
      if (holds == Truth::Unknown) doubt(rule);
      if (holds != Truth::True) continue;
      if (first == nullptr) why = found.why;
      if (first != nullptr) ++others;
      first = first == nullptr ? &rule : first;
    }
    if (first != nullptr)
      return noncompliant(
          fmt::format("the rule {} {}{}", first->name, why,
                      others == 0 ? "" : fmt::format("; the same holds for {}", counted(others, "other"))),
          first->spot, mend(scene_, rules_, *first));
    if (rules_.open != nullptr) doubts_.add("securityRules", rules_.open);
    if (doubts_.any()) return doubts_.verdict();
    return compliant(std::string(good));
  }

  /// Whether it can't match traffic of the subnets that the group is bound to.
  Fate never_matches(const SecurityRule& rule) const {
    if (!binding_.bound) return {};
    bool may = false;
    bool surely = false;
    each_space(rule, [&](const RuleSpace& space) {
      may = may || !side_of(space, rule, Extent::Asked).empty();
      surely = surely || !side_of(space, rule, Extent::Least).empty();
    });
    if (surely) return {};
    if (may) return {Truth::Unknown, {}};
    return {Truth::True, fmt::format("never matches: its {} lies outside of the subnets of the group",
                                     rule.outbound == Truth::True ? "source" : "destination")};
  }

  /// Whether one rule before it takes all of its traffic.
  Fate shadowed(const SecurityRule& rule) const {
    Fate out;
    for (const SecurityRule& other : rules_.list) {
      const Truth before = is_before(other, rule);
      if (before == Truth::False) continue;
      const Truth takes = both(before, taken(rule, {&other}));
      if (takes == Truth::True)
        return {takes, fmt::format("is never reached: {} at {} takes all of its traffic", other.name,
                                   other.priority.value_or(0))};
      out.holds = either(out.holds, takes);
    }
    return out;
  }

  /// Whether the rules before it together take all that it could match.
  Fate dead(const SecurityRule& rule) const {
    const Fate unmatched = never_matches(rule);
    if (unmatched.holds == Truth::True) return unmatched;
    std::vector<const SecurityRule*> before;
    for (const SecurityRule& other : rules_.list)
      if (is_before(other, rule) != Truth::False) before.push_back(&other);
    Fate single = shadowed(rule);
    if (single.holds == Truth::True) return single;
    const Truth takes = taken(rule, before);
    if (takes == Truth::True) return {takes, "is never reached: the rules before it take all of its traffic"};
    return {either(unmatched.holds, takes), {}};
  }

 private:
  struct Space {
    Family family;
    bool outbound;
    RuleSpace space;
  };

  /// Networks without addresses of a family carry none of its traffic.
  bool in_use(Family family) const {
    const auto of_family = [&](const std::vector<AddressRange>& ranges) {
      return std::any_of(ranges.begin(), ranges.end(),
                         [&](const AddressRange& range) { return range.family == family; });
    };
    if (binding_.bound && !binding_.open_subnets) return of_family(binding_.subnets);
    if (family == Family::V4 || of_family(binding_.networks)) return true;
    return std::any_of(rules_.list.begin(), rules_.list.end(), [&](const SecurityRule& rule) {
      return of_family(rule.source.ranges) || of_family(rule.destination.ranges);
    });
  }

  template <class Visit>
  void each_space(const SecurityRule& rule, const Visit& visit) const {
    for (const Space& one : spaces_)
      if (rule.outbound == Truth::Unknown || one.outbound == (rule.outbound == Truth::True)) visit(one.space);
  }

  static CellSet side_of(const RuleSpace& space, const SecurityRule& rule, Extent extent) {
    return space.box(rule, extent, false)[rule.outbound == Truth::True ? 1 : 3];
  }

  static Truth is_before(const SecurityRule& other, const SecurityRule& rule) {
    if (&other == &rule || other.there == Truth::False) return Truth::False;
    if (!other.priority && other.open_priority == nullptr) return Truth::False;
    Truth before = other.there;
    if (other.outbound == Truth::Unknown || rule.outbound == Truth::Unknown)
      before = both(before, Truth::Unknown);
    else if (other.outbound != rule.outbound)
      return Truth::False;
    if (!other.priority || !rule.priority) return both(before, Truth::Unknown);
    return *other.priority < *rule.priority ? before : Truth::False;
  }

  /// Whether the others take all of the rule, in every family that has any of it.
  Truth taken(const SecurityRule& rule, const std::vector<const SecurityRule*>& others) const {
    if (others.empty()) return Truth::False;
    Truth all = Truth::True;
    bool any = false;
    each_space(rule, [&](const RuleSpace& space) {
      const Box asked = space.box(rule, Extent::Asked, false);
      if (is_empty(asked)) return;
      any = true;
      all = both(all, taken_in(space, rule, asked, others));
    });
    return any ? all : Truth::False;
  }

  static Truth taken_in(const RuleSpace& space, const SecurityRule& rule, const Box& asked,
                        const std::vector<const SecurityRule*>& others) {
    const bool narrow = !is_broad(rule.outbound == Truth::True ? rule.destination : rule.source);
    std::vector<Box> least;
    std::vector<Box> most;
    for (const SecurityRule* other : others) {
      if (is_before(*other, rule) == Truth::True) least.push_back(space.box(*other, Extent::Least, narrow));
      most.push_back(space.box(*other, Extent::Most, narrow));
    }
    const Cover surely = covered(asked, least);
    if (surely == Cover::Yes) return Truth::True;
    const Box known = space.box(rule, Extent::Least, false);
    if (is_empty(known)) return touches(asked, most) ? Truth::Unknown : Truth::False;
    const Cover maybe = covered(known, most);
    return maybe == Cover::No ? Truth::False : Truth::Unknown;
  }

  static bool touches(const Box& box, const std::vector<Box>& others) {
    return std::any_of(others.begin(), others.end(), [&](const Box& other) {
      for (std::size_t i = 0; i < kDimensions; ++i)
        if (box[i].and_with(other[i]).empty()) return false;
      return true;
    });
  }

  /// Why a rule can't be told about: what is open in it, in the others, or in where the group is at work.
  void doubt(const SecurityRule& rule) {
    const auto parts = [&](const SecurityRule& one) {
      doubts_.add("protocol", one.open_protocol);
      doubts_.add("priority", one.open_priority);
      doubts_.add("direction", one.open_direction);
      doubts_.add("sourceAddressPrefix", one.source.open);
      doubts_.add("destinationAddressPrefix", one.destination.open);
      doubts_.add("sourcePortRange", one.source_ports.open);
      doubts_.add("destinationPortRange", one.destination_ports.open);
      if (one.there != Truth::True && one.resource != nullptr) doubts_.add(*one.resource);
    };
    parts(rule);
    for (const SecurityRule& other : rules_.list)
      if (is_before(other, rule) != Truth::False) parts(other);
    doubts_.add(binding_.doubts);
    if (!doubts_.any())
      doubts_.add("securityRules",
                  fmt::format("the addresses behind a tag that the rule {} is compared with", rule.name));
  }

  const Scene& scene_;
  SecurityRules rules_;
  Binding binding_;
  Doubts doubts_;
  std::vector<Space> spaces_;
};

}  // namespace

Verdict judge_dead_rules(const Scene& scene) {
  return RuleJudge(scene).run(
      [](const RuleJudge& judge, const SecurityRule& rule) { return judge.dead(rule); },
      "each rule can decide something", move_up_or_remove);
}

Verdict judge_shadowed_rules(const Scene& scene) {
  return RuleJudge(scene).run(
      [](const RuleJudge& judge, const SecurityRule& rule) { return judge.shadowed(rule); },
      "no rule takes all traffic of a later one", move_up_or_remove);
}

Verdict judge_unmatched_rules(const Scene& scene) {
  return RuleJudge(scene).run(
      [](const RuleJudge& judge, const SecurityRule& rule) { return judge.never_matches(rule); },
      "each rule can match traffic of the subnets", match_the_network);
}

}  // namespace redoubt::posture::relations
