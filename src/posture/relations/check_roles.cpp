#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/text.h"
#include "core/time.h"
#include "posture/relations/checks.h"
#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

// Rights: how many hold a privileged role for good, and what it takes to activate one.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

constexpr std::string_view kAssignments = "Microsoft.Authorization/roleAssignments";
constexpr std::string_view kSchedules = "Microsoft.Authorization/roleAssignmentScheduleRequests";
constexpr std::size_t kMost = 3;

struct Role {
  std::string_view id;
  std::string_view name;
  bool gives_rights;  ///< may give any right to anybody, itself included
};
/// Source: "Azure built-in roles", privileged.
constexpr Role kRoles[] = {
    {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", true},
    // A miswritten id of Owner that templates in the wild carry: what it was meant to be counts.
    {"8e3af657-a8ff-443c-a75c-2fe8c4727635", "Owner", true},
    {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", true},
    {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", true},
    {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", false},
};

/// Whether the id of a role definition is one of those.
Truth is_role(const Scene& scene, const Value* id, bool gives_rights) {
  const std::string text = text_of(id, scene.origins);
  if (text.empty()) return Truth::False;
  const std::string_view name = last_segment(text);
  if (name.find('{') != std::string_view::npos) return Truth::Unknown;
  return policy::truth_of(std::any_of(std::begin(kRoles), std::end(kRoles), [&](const Role& role) {
    return (role.gives_rights || !gives_rights) && equal_any_case(role.id, name);
  }));
}

/// What an assignment is made on: the id in front of its provider.
std::string_view scope_of(std::string_view id) {
  const std::size_t at = rfind_ignore_case(id, "/providers/Microsoft.Authorization/");
  return at == std::string_view::npos ? std::string_view() : id.substr(0, at);
}

bool is_wide(std::string_view scope) {
  const std::vector<std::string_view> parts = segments(scope);
  if (parts.size() == 2) return equal_any_case(parts[0], "subscriptions");
  return parts.size() == 4 && equal_any_case(parts[2], "managementGroups");
}

/// Who holds a privileged role of a scope for good.
struct Holders {
  std::set<std::string> sure;   ///< principal and role
  std::set<std::string> maybe;  ///< the same, of assignments about which something is open
  bool open_count = false;      ///< one of `maybe` is of a loop whose count is open
  std::vector<policy::UnknownUse> doubts;
};
using HoldersByScope = std::unordered_map<std::string, Holders>;  // lower case

/// Counts the holders of every scope in one pass: all assignments of a scope get the same answer.
class HolderCount {
 public:
  explicit HolderCount(const Scene& scene) : scene_(scene) {}

  HoldersByScope run() {
    for (const std::string_view type : {kAssignments, kSchedules})
      for (const estate::Resource* one : scene_.estate().of_type(type))
        if (const std::string_view scope = scope_of(one->id); is_wide(scope))
          note(*one, type == kSchedules, out_[lower(scope)]);
    return std::move(out_);
  }

 private:
  void note(const estate::Resource& one, bool schedule, Holders& holders) {
    const Value* role = find(one.body, "properties.roleDefinitionId");
    Truth counts = is_role(scene_, role, true);
    if (schedule) counts = both(counts, for_good(one));
    if (counts == Truth::False) return;
    std::string key =
        lower(fmt::format("{}\n{}", text_of(find(one.body, "properties.principalId"), scene_.origins),
                          last_segment(text_of(role, scene_.origins))));
    if (counts == Truth::True && one.open.is_null() && !one.existing) {
      holders.maybe.erase(key);
      holders.sure.insert(std::move(key));
      return;
    }
    holders.open_count = holders.open_count || one.id.find("copyIndex") != std::string_view::npos;
    if (!holders.sure.contains(key)) holders.maybe.insert(std::move(key));
    Doubts doubts(scene_);
    if (counts == Truth::Unknown)
      doubts.add("roleDefinitionId", role);
    else
      doubts.add(one);
    // What a reader needs is why, not every one of thousands.
    static constexpr std::size_t kTold = 16;
    for (policy::UnknownUse& use : doubts.verdict().unknown)
      if (holders.doubts.size() < kTold) holders.doubts.push_back(std::move(use));
  }

  static Truth for_good(const estate::Resource& schedule) {
    return is_text(find(schedule.body, "properties.scheduleInfo.expiration.type"), "NoExpiration");
  }

  const Scene& scene_;
  HoldersByScope out_;
};

Verdict count_owners(const Scene& scene) {
  const std::string_view scope = scope_of(scene.resource.id);
  if (!is_wide(scope)) return not_applicable("it is not made on a subscription or management group");
  const auto& by_scope =
      scene.around.once<HoldersByScope>("role-holders", [&] { return HolderCount(scene).run(); });
  static const Holders nobody;
  const auto found = by_scope.find(lower(scope));
  const Holders& holders = found == by_scope.end() ? nobody : found->second;
  const std::size_t sure = holders.sure.size();
  const Value* role = find(scene.resource.body, "properties.roleDefinitionId");
  const Truth own = is_role(scene, role, true);
  if (own == Truth::False) return compliant("the role is none that gives rights");
  if (sure > kMost && own == Truth::True)
    return noncompliant(
        fmt::format(
            "{} hold Owner, User Access Administrator or Role Based Access Control Administrator of {} for "
            "good, {} at most should",
            sure, scope, kMost),
        {"properties.roleDefinitionId", role, scene.resource.place},
        "give a narrower role, or put one that is eligible by Privileged Identity Management in its place");
  if (sure + holders.maybe.size() <= kMost && !holders.open_count)
    return compliant(fmt::format("{} hold such a role of the scope for good", sure));
  Doubts doubts(scene);
  for (const policy::UnknownUse& use : holders.doubts)
    doubts.add(use.field, use.origin);
  return doubts.verdict();
}

/// A rule of a role management policy, and what it has to say.
class ActivationRules {
 public:
  explicit ActivationRules(const Scene& scene) : scene_(scene), doubts_(scene) {}

  Verdict run() {
    rules_ = items_at(scene_.resource.body, "properties.rules");
    if (rules_.open != nullptr) {
      doubts_.add("properties.rules", rules_.open);
      return doubts_.verdict();
    }
    // A stronger sign-in that an authentication context asks for stands for multi-factor authentication.
    const Truth context = is_true(find_in("AuthenticationContext", "isEnabled"));
    need("Enablement", "enabledRules",
         either(context, contains(find_in("Enablement", "enabledRules"), "MultiFactorAuthentication")),
         "multi-factor authentication or an authentication context");
    need("Enablement", "enabledRules", contains(find_in("Enablement", "enabledRules"), "Justification"),
         "a justification");
    need("Expiration", "maximumDuration", at_most(find_in("Expiration", "maximumDuration")),
         "an end after eight hours at most");
    need("Approval", "setting.isApprovalRequired", is_true(find_in("Approval", "setting.isApprovalRequired")),
         "an approval");
    if (failure_) return *failure_;
    if (doubts_.any()) return doubts_.verdict();
    return compliant("activation needs a strong sign-in, a justification and an approval, and ends");
  }

 private:
  const Value* rule(std::string_view kind) const {
    const std::string id = fmt::format("{}_EndUser_Assignment", kind);
    for (const Value& one : rules_.items)
      if (is_text(find(one, "id"), id) == Truth::True) return &one;
    return nullptr;
  }

  const Value* find_in(std::string_view kind, std::string_view path) const {
    const Value* one = rule(kind);
    return one == nullptr ? nullptr : find(*one, path);
  }

  static Truth contains(const Value* list, std::string_view wanted) {
    if (list == nullptr) return Truth::False;
    if (list->is_unknown()) return Truth::Unknown;
    Truth any = Truth::False;
    for (const Value& item : list->is_array() ? list->items() : std::span<const Value>())
      any = either(any, is_text(&item, wanted));
    return any;
  }

  Truth at_most(const Value* duration) const {
    if (duration == nullptr) return Truth::False;
    if (duration->is_unknown()) return Truth::Unknown;
    if (!duration->is_string()) return Truth::False;
    const Result<std::int64_t> ticks = parse_duration(duration->as_string());
    const Result<std::int64_t> most = parse_duration("PT8H");
    return policy::truth_of(ticks && *ticks <= *most);
  }

  void need(std::string_view kind, std::string_view path, Truth met, std::string_view what) {
    if (met == Truth::True) return;
    const Value* one = rule(kind);
    const Value* value = find_in(kind, path);
    if (met == Truth::Unknown) return doubts_.add(fmt::format("{}_EndUser_Assignment.{}", kind, path), value);
    if (failure_) return;
    failure_ = noncompliant(fmt::format("activation of the role does not need {}", what),
                            {fmt::format("properties.rules[{}_EndUser_Assignment].{}", kind, path), value,
                             one != nullptr ? one->place() : scene_.resource.place},
                            fmt::format("have the rule {}_EndUser_Assignment ask for {}", kind, what));
  }

  const Scene& scene_;
  Doubts doubts_;
  Items rules_;
  std::optional<Verdict> failure_;
};

}  // namespace

Verdict judge_owner_count(const Scene& scene) { return count_owners(scene); }

Verdict judge_role_activation(const Scene& scene) {
  static constexpr std::string_view kTies = "Microsoft.Authorization/roleManagementPolicyAssignments";
  Doubts doubts(scene);
  for (const estate::Resource* tie : scene.around.referring(scene.resource.id, kTies)) {
    const Value* policy = find(tie->body, "properties.policyId");
    const Value* role = find(tie->body, "properties.roleDefinitionId");
    Truth ties = refers_to(scene, text_of(policy, scene.origins), scene.resource.id);
    const Truth privileged = both(ties, is_role(scene, role, false));
    if (privileged == Truth::False) continue;
    if (privileged == Truth::True && is_there(scene, *tie) == Truth::True)
      return ActivationRules(scene).run();
    if (ties == Truth::Unknown) doubts.add("policyId", policy);
    if (is_role(scene, role, false) == Truth::Unknown) doubts.add("roleDefinitionId", role);
    if (is_there(scene, *tie) == Truth::Unknown) doubts.add(*tie);
  }
  if (!doubts.any()) return not_applicable("nothing ties it to a privileged role");
  // Good rules are good for any role.
  Verdict rules = ActivationRules(scene).run();
  return rules.state == policy::State::Compliant ? rules : doubts.verdict();
}

}  // namespace redoubt::posture::relations
