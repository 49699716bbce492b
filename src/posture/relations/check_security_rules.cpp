#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

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

/// The boxes of a group's rules in one space, each worked out when first asked for.
class Boxes {
 public:
  Boxes(const SecurityRules& rules, RuleSpace space) : rules_(rules), space_(std::move(space)) {
    for (std::vector<std::optional<Box>>& list : boxes_)
      list.resize(rules.list.size());
  }

  const RuleSpace& space() const { return space_; }
  const Box& asked(std::size_t rule) const { return get(0, rule, Extent::Asked, false); }
  const Box& least(std::size_t rule) const { return get(1, rule, Extent::Least, false); }
  const Box& asked_least(std::size_t rule) const { return get(4, rule, Extent::AskedLeast, false); }
  const Box& most(std::size_t rule, bool narrow) const {
    return get(narrow ? 3 : 2, rule, Extent::Most, narrow);
  }

 private:
  const Box& get(std::size_t list, std::size_t rule, Extent extent, bool narrow) const {
    std::optional<Box>& box = boxes_[list][rule];
    if (!box) box = space_.box(rules_.list[rule], extent, narrow);
    return *box;
  }

  const SecurityRules& rules_;
  RuleSpace space_;
  mutable std::array<std::vector<std::optional<Box>>, 5> boxes_;
};

class RuleJudge {
 public:
  explicit RuleJudge(const Scene& scene)
      : scene_(scene),
        rules_(rules_of(scene, scene.resource)),
        binding_(binding_of(scene, scene.resource)),
        doubts_(scene),
        told_(rules_.list.size()) {
    for (const Family family : {Family::V4, Family::V6})
      if (in_use(family))
        for (const bool outbound : {false, true})
          spaces_.push_back({outbound, Boxes(rules_, RuleSpace(rules_, binding_, outbound, family))});
  }

  /// `fate` of every rule, by number; the first that it holds for is told.
  template <class Ask, class Mend>
  Verdict run(const Ask& fate, std::string_view good, const Mend& mend) {
    const SecurityRule* first = nullptr;
    std::string why;
    std::size_t others = 0;
    for (std::size_t i = 0; i < rules_.list.size(); ++i) {
      const SecurityRule& rule = rules_.list[i];
      if (!rule.priority && rule.open_priority == nullptr) continue;
      const Fate found = fate(*this, i);
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
  Fate never_matches(std::size_t number) const {
    const SecurityRule& rule = rules_.list[number];
    if (!binding_.bound) return {};
    const std::size_t side = rule.outbound == Truth::True ? 1 : 3;
    bool may = false;
    bool surely = false;
    each_space(rule, [&](const Boxes& boxes) {
      may = may || !boxes.asked(number)[side].empty();
      surely = surely || !boxes.asked_least(number)[side].empty();
    });
    if (surely) return {};
    if (may) return {Truth::Unknown, {}};
    return {Truth::True, fmt::format("never matches: its {} lies outside of the subnets of the group",
                                     rule.outbound == Truth::True ? "source" : "destination")};
  }

  /// Whether one rule before it takes all of its traffic.
  Fate shadowed(std::size_t number) const {
    const SecurityRule& rule = rules_.list[number];
    Fate out;
    for (std::size_t i = 0; i < rules_.list.size(); ++i) {
      const SecurityRule& other = rules_.list[i];
      const Truth before = is_before(other, rule);
      if (before == Truth::False) continue;
      const Truth takes = both(before, taken(number, {i}));
      if (takes == Truth::True)
        return {takes, fmt::format("is never reached: {} at {} takes all of its traffic", other.name,
                                   other.priority.value_or(0))};
      out.holds = either(out.holds, takes);
    }
    return out;
  }

  /// Whether the rules before it together take all that it could match.
  Fate dead(std::size_t number) const {
    Fate unmatched = never_matches(number);
    if (unmatched.holds == Truth::True) return unmatched;
    Fate single = shadowed(number);
    if (single.holds == Truth::True) return single;
    std::vector<std::size_t> before;
    for (std::size_t i = 0; i < rules_.list.size(); ++i)
      if (is_before(rules_.list[i], rules_.list[number]) != Truth::False) before.push_back(i);
    const Truth takes = taken(number, before);
    if (takes == Truth::True) return {takes, "is never reached: the rules before it take all of its traffic"};
    return {either(unmatched.holds, takes), {}};
  }

  /// Whether it lets the internet in to ports of management that no rule before it has denied. What no rule
  /// allows, the default rules deny. Source: "Network security groups", default security rules.
  Fate opens_management(std::size_t number) const {
    const SecurityRule& rule = rules_.list[number];
    const Truth allows = both(rule.allows, negate(rule.outbound));
    if (allows == Truth::False) return {};
    Truth opens = Truth::False;
    for (const Space& one : spaces_)
      if (!one.outbound) opens = either(opens, opens_in(one.boxes, number));
    return {both(allows, opens),
            "lets the internet in to a port of SSH, Remote Desktop or Windows Remote Management"};
  }

 private:
  struct Space {
    bool outbound;
    Boxes boxes;
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
      if (rule.outbound == Truth::Unknown || one.outbound == (rule.outbound == Truth::True)) visit(one.boxes);
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
  Truth taken(std::size_t rule, std::span<const std::size_t> others) const {
    if (others.empty()) return Truth::False;
    Truth all = Truth::True;
    bool any = false;
    each_space(rules_.list[rule], [&](const Boxes& boxes) {
      if (all == Truth::False || is_empty(boxes.asked(rule))) return;
      any = true;
      all = both(all, taken_in(boxes, rule, others));
    });
    return any ? all : Truth::False;
  }
  Truth taken(std::size_t rule, std::initializer_list<std::size_t> others) const {
    return taken(rule, std::span(others.begin(), others.size()));
  }

  Truth taken_in(const Boxes& boxes, std::size_t number, std::span<const std::size_t> others) const {
    const SecurityRule& rule = rules_.list[number];
    const bool narrow = !is_broad(rule.outbound == Truth::True ? rule.destination : rule.source);
    std::vector<const Box*> least;
    std::vector<const Box*> most;
    for (const std::size_t other : others) {
      if (is_before(rules_.list[other], rule) == Truth::True) least.push_back(&boxes.least(other));
      most.push_back(&boxes.most(other, narrow));
    }
    if (cover(boxes.asked(number), least) == Cover::Yes) return Truth::True;
    const Box& known = boxes.asked_least(number);
    if (is_empty(known)) return touches_any(boxes.asked(number), most) ? Truth::Unknown : Truth::False;
    return cover(known, most) == Cover::No ? Truth::False : Truth::Unknown;
  }

  Truth opens_in(const Boxes& boxes, std::size_t number) const {
    const Box wanted = boxes.space().management();
    const Box known = common(boxes.asked_least(number), wanted);
    const Box all = common(boxes.most(number, false), wanted);
    if (is_empty(all)) return Truth::False;
    std::vector<const Box*> surely;
    std::vector<const Box*> perhaps;
    for (std::size_t i = 0; i < rules_.list.size(); ++i) {
      const SecurityRule& other = rules_.list[i];
      const Truth denies = both(is_before(other, rules_.list[number]), negate(other.allows));
      if (denies == Truth::True) surely.push_back(&boxes.least(i));
      if (denies != Truth::False) perhaps.push_back(&boxes.most(i, true));
    }
    if (cover(all, surely) == Cover::Yes) return Truth::False;
    return !is_empty(known) && cover(known, perhaps) == Cover::No ? Truth::True : Truth::Unknown;
  }

  Cover cover(const Box& box, std::span<const Box* const> by) const {
    if (by.size() == 1) return is_within(box, *by.front()) ? Cover::Yes : Cover::No;
    const Cover out = covered(box, by, steps_);
    too_many_ = too_many_ || out == Cover::TooMany;
    return out;
  }

  static bool touches_any(const Box& box, std::span<const Box* const> others) {
    return std::any_of(others.begin(), others.end(), [&](const Box* other) { return touches(box, *other); });
  }

  /// What is open in a rule, told once.
  void doubt_parts(const SecurityRule& one) {
    const auto number = static_cast<std::size_t>(&one - rules_.list.data());
    if (told_[number]) return;
    told_[number] = true;
    doubts_.add("protocol", one.open_protocol);
    doubts_.add("priority", one.open_priority);
    doubts_.add("direction", one.open_direction);
    doubts_.add("access", one.open_access);
    doubts_.add("sourceAddressPrefix", one.source.open);
    doubts_.add("destinationAddressPrefix", one.destination.open);
    doubts_.add("sourcePortRange", one.source_ports.open);
    doubts_.add("destinationPortRange", one.destination_ports.open);
    if (one.there != Truth::True && one.resource != nullptr) doubts_.add(*one.resource);
  }

  /// Why a rule can't be told about: what is open in it, in the others, or in where the group is at work.
  void doubt(const SecurityRule& rule) {
    doubt_parts(rule);
    for (const SecurityRule& other : rules_.list)
      if (is_before(other, rule) != Truth::False) doubt_parts(other);
    doubts_.add(binding_.doubts);
    if (too_many_)
      doubts_.add("securityRules", fmt::format("the rules of {} overlap in more ways than are looked at",
                                               scene_.resource.name));
    if (!doubts_.any())
      doubts_.add("securityRules",
                  fmt::format("the addresses behind a tag that the rule {} is compared with", rule.name));
  }

  /// Looks at boxes, of all rules together: what a group may cost.
  static constexpr std::size_t kMostSteps = 4'000'000;

  const Scene& scene_;
  SecurityRules rules_;
  Binding binding_;
  Doubts doubts_;
  std::vector<bool> told_;
  std::vector<Space> spaces_;
  mutable std::size_t steps_ = kMostSteps;
  mutable bool too_many_ = false;
};

}  // namespace

Verdict judge_dead_rules(const Scene& scene) {
  return RuleJudge(scene).run([](const RuleJudge& judge, std::size_t rule) { return judge.dead(rule); },
                              "each rule can decide something", move_up_or_remove);
}

Verdict judge_shadowed_rules(const Scene& scene) {
  return RuleJudge(scene).run([](const RuleJudge& judge, std::size_t rule) { return judge.shadowed(rule); },
                              "no rule takes all traffic of a later one", move_up_or_remove);
}

Verdict judge_unmatched_rules(const Scene& scene) {
  return RuleJudge(scene).run(
      [](const RuleJudge& judge, std::size_t rule) { return judge.never_matches(rule); },
      "each rule can match traffic of the subnets", match_the_network);
}

Verdict judge_management_ports(const Scene& scene) {
  return RuleJudge(scene).run(
      [](const RuleJudge& judge, std::size_t rule) { return judge.opens_management(rule); },
      "the internet reaches no port of management", admit_the_network_only);
}

}  // namespace redoubt::posture::relations
