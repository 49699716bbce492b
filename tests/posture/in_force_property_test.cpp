#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <memory>
#include <random>

#include "arm/origins.h"
#include "policy/assignment_index.h"
#include "posture/assignments.h"

// What is in force at a place, against a model that walks every scope's parents as plain text and shares no
// code with the product: assignments, notScopes, selectors and exemptions of random trees.

namespace redoubt::posture {
namespace {

using policy::Assignment;
using policy::Exemption;
using policy::Match;
using policy::ResourceSelector;
using policy::Selector;

constexpr std::uint32_t kSeed = 20'260'601;
constexpr int kTrees = 10'000;
constexpr std::int64_t kNow = 1'000'000;
const std::string kLocations[] = {"West Europe", "westeurope", "SwedenCentral", "eastus"};
const std::string kTypes[] = {"Microsoft.Storage/storageAccounts", "MICROSOFT.storage/storageaccounts",
                              "Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts/blobServices"};
const std::string kReferences[] = {"tls", "TLS", "name", "tags"};

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// One tree and what is assigned in it.
struct World {
  std::map<std::string, std::string> parents;  // by lower-case scope; of the top ones "/"
  std::vector<std::string> scopes;             // as written
  std::unique_ptr<estate::ScopeTree> tree = std::make_unique<estate::ScopeTree>();
  std::vector<Assignment> assignments;
  std::vector<Exemption> exemptions;
};

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class T, std::size_t N>
  const T& one_of(const T (&list)[N]) {
    return list[below(N)];
  }
  const std::string& one_of(const std::vector<std::string>& list) { return list[below(list.size())]; }

  /// In another case, at times with a slash at the end.
  std::string scrambled(std::string text) {
    for (char& c : text)
      if (chance(20)) c = static_cast<char>(chance(50) ? std::toupper(c) : std::tolower(c));
    return chance(10) ? text + "/" : text;
  }

  World world() {
    World out;
    groups(out);
    containers(out);
    for (std::size_t i = 0, n = below(8); i < n; ++i)
      out.assignments.push_back(assignment(out, i));
    for (std::size_t i = 0, n = out.assignments.empty() ? 0 : below(8); i < n; ++i)
      out.exemptions.push_back(exemption(out, i));
    return out;
  }

  std::vector<ResourceSelector> resource_selectors() {
    std::vector<ResourceSelector> out;
    if (chance(60)) return out;
    for (std::size_t i = 0, n = 1 + below(2); i < n; ++i) {
      ResourceSelector selector;
      for (std::size_t k = 0, m = 1 + below(2); k < m; ++k)
        selector.selectors.push_back(this->selector());
      out.push_back(std::move(selector));
    }
    return out;
  }

 private:
  void add(World& world, const std::string& scope, const std::string& parent) {
    world.parents[plain(scope)] = plain(parent);
    world.scopes.push_back(scope);
  }

  void groups(World& world) {
    const std::size_t count = 1 + below(6);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string parent = i == 0 || chance(10) ? std::string() : fmt::format("g{}", below(i));
      const std::string id = fmt::format("/providers/Microsoft.Management/managementGroups/g{}", i);
      add(world, id, parent.empty() ? "/" : "/providers/Microsoft.Management/managementGroups/" + parent);
      world.tree->add_group(fmt::format("g{}", i), parent, {}, {});
    }
    for (std::size_t i = 0, n = 1 + below(3); i < n; ++i) {
      const std::string group = fmt::format("g{}", below(count));
      add(world, fmt::format("/subscriptions/s{}", i),
          "/providers/Microsoft.Management/managementGroups/" + group);
      world.tree->add_subscription(fmt::format("s{}", i), group, {}, {});
    }
    EXPECT_TRUE(world.tree->finish(doc::Sources()).empty());
  }

  void containers(World& world) {
    const std::vector<std::string> top = world.scopes;
    for (const std::string& scope : top) {
      if (!scope.starts_with("/subscriptions/")) continue;
      for (std::size_t i = 0, n = below(3); i < n; ++i) {
        const std::string group = fmt::format("{}/resourceGroups/rg{}", scope, i);
        add(world, group, scope);
        const std::string resource = group + "/providers/Microsoft.Storage/storageAccounts/st";
        add(world, resource, group);
        add(world, resource + "/blobServices/default", resource);
        add(world, resource + "/blobServices/default/providers/Microsoft.Insights/diagnosticSettings/d",
            resource + "/blobServices/default");
        add(world, group + "/providers/Microsoft.Storage/storageAccounts/st2", group);
      }
    }
  }

  Selector selector() {
    Selector out;
    std::vector<std::string>& list = chance(70) ? out.in : out.not_in;
    switch (below(3)) {
      case 0:
        out.kind = Selector::Kind::ResourceLocation;
        for (std::size_t i = 0, n = 1 + below(2); i < n; ++i)
          list.push_back(plain(one_of(kLocations)));  // as the reader leaves them
        break;
      case 1:
        out.kind = Selector::Kind::ResourceType;
        list.push_back(one_of(kTypes));
        break;
      default:
        out.kind = Selector::Kind::ResourceWithoutLocation;
        break;
    }
    return out;
  }

  Assignment assignment(const World& world, std::size_t number) {
    Assignment out;
    out.name = fmt::format("a{}", number);
    out.scope = scrambled(one_of(world.scopes));
    out.id = fmt::format("{}/providers/Microsoft.Authorization/policyAssignments/{}", out.scope, out.name);
    for (std::size_t i = 0, n = below(3); i < n; ++i)
      out.not_scopes.push_back(scrambled(one_of(world.scopes)));
    out.resource_selectors = resource_selectors();
    return out;
  }

  Exemption exemption(const World& world, std::size_t number) {
    Exemption out;
    out.name = fmt::format("x{}", number);
    out.scope = scrambled(one_of(world.scopes));
    out.assignment_id = scrambled(world.assignments[below(world.assignments.size())].id);
    for (std::size_t i = 0, n = chance(60) ? 0 : 1 + below(2); i < n; ++i)
      out.reference_ids.push_back(one_of(kReferences));
    if (chance(40)) out.expires_on = Instant{kNow + static_cast<std::int64_t>(below(3)) - 1};
    out.resource_selectors = resource_selectors();
    return out;
  }

  std::mt19937 random_;
};

/// The model. A scope and all above it, nearest first.
std::vector<std::string> ancestry(const World& world, std::string scope) {
  std::vector<std::string> out;
  for (scope = plain(scope); !scope.empty();) {
    out.push_back(scope);
    const auto parent = world.parents.find(scope);
    scope = parent == world.parents.end() ? std::string() : parent->second;
  }
  return out;
}

std::string without_slash(std::string text) {
  text = plain(text);
  return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

bool among(const std::vector<std::string>& list, const std::string& one) {
  for (const std::string& each : list)
    if (without_slash(each) == without_slash(one)) return true;
  return false;
}

struct Subject {
  std::string type;
  std::string location;
  bool location_open = false;
  bool in_group = false;
};

Match model_of(const Selector& selector, const Subject& subject) {
  const auto listed = [&](const std::string& text) {
    const bool yes = selector.in.empty() ? !among(selector.not_in, text) : among(selector.in, text);
    return yes ? Match::Yes : Match::No;
  };
  if (selector.kind == Selector::Kind::ResourceType) return listed(subject.type);
  if (selector.kind == Selector::Kind::ResourceWithoutLocation)
    return subject.location.empty() && !subject.location_open && !subject.in_group ? Match::Yes : Match::No;
  if (subject.location_open) return Match::Open;
  return subject.location.empty() ? Match::No : listed(subject.location);
}

Match model_of(const std::vector<ResourceSelector>& selectors, const Subject& subject) {
  bool open = selectors.empty();
  if (open) return Match::Yes;
  for (const ResourceSelector& one : selectors) {
    bool any_no = false;
    bool any_open = false;
    for (const Selector& each : one.selectors) {
      any_no = any_no || model_of(each, subject) == Match::No;
      any_open = any_open || model_of(each, subject) == Match::Open;
    }
    if (!any_no && !any_open) return Match::Yes;
    open = open || !any_no;
  }
  return open ? Match::Open : Match::No;
}

std::vector<std::string> model_assignments(const World& world, const std::string& scope) {
  const std::vector<std::string> above = ancestry(world, scope);
  std::vector<std::string> out;
  for (auto level = above.rbegin(); level != above.rend(); ++level)
    for (const Assignment& one : world.assignments) {
      if (without_slash(one.scope) != *level) continue;
      bool excluded = false;
      for (const std::string& not_scope : one.not_scopes)
        excluded = excluded || among(above, not_scope);
      if (!excluded) out.push_back(one.name);
    }
  return out;
}

std::vector<const Exemption*> model_exemptions(const World& world, const std::string& scope,
                                               const Assignment& of) {
  const std::vector<std::string> above = ancestry(world, scope);
  std::vector<const Exemption*> out;
  for (auto level = above.rbegin(); level != above.rend(); ++level)
    for (const Exemption& one : world.exemptions)
      if (without_slash(one.scope) == *level && without_slash(one.assignment_id) == without_slash(of.id))
        out.push_back(&one);
  return out;
}

Match model_exempted(const std::vector<const Exemption*>& exemptions, const std::string& reference,
                     const Subject& subject) {
  Match out = Match::No;
  for (const Exemption* one : exemptions) {
    if (one->expires_on && one->expires_on->ticks <= kNow) continue;
    if (!one->reference_ids.empty() && !among(one->reference_ids, reference)) continue;
    const Match match = model_of(one->resource_selectors, subject);
    if (match == Match::Yes) return match;
    if (match == Match::Open) out = match;
  }
  return out;
}

template <class T>
std::vector<std::string> names(const T& list) {
  std::vector<std::string> out;
  out.reserve(list.size());
  for (const auto* one : list)
    out.push_back(one->name);
  return out;
}

std::string text(const World& world) {
  std::string out;
  for (const auto& [scope, parent] : world.parents)
    out += fmt::format("{} in {}\n", scope, parent);
  for (const Assignment& one : world.assignments)
    out +=
        fmt::format("assignment {} at {} not at {}\n", one.name, one.scope, fmt::join(one.not_scopes, ", "));
  for (const Exemption& one : world.exemptions)
    out += fmt::format("exemption {} at {} of {} [{}] until {}\n", one.name, one.scope, one.assignment_id,
                       fmt::join(one.reference_ids, ", "), one.expires_on ? one.expires_on->ticks - kNow : 0);
  return out;
}

template <class T>
std::vector<const T*> pointers(const std::vector<T>& list) {
  std::vector<const T*> out;
  out.reserve(list.size());
  for (const T& one : list)
    out.push_back(&one);
  return out;
}

class Check {
 public:
  Check(const World& world, Maker& maker)
      : world_(world),
        maker_(maker),
        index_(*world.tree, pointers(world.assignments), pointers(world.exemptions)),
        plan_(planning_, index_, pointers(world.assignments), library_, ignored_) {}

  /// Empty when index and model agree.
  std::string at(const std::string& written) {
    const std::string scope = maker_.scrambled(written);
    const policy::InForce& found = index_.at(scope);
    if (names(found.assignments) != model_assignments(world_, written))
      return fmt::format("assignments at {}: {}, not {}", scope, fmt::join(names(found.assignments), " "),
                         fmt::join(model_assignments(world_, written), " "));
    const std::size_t chosen = found.assignments.empty() ? 0 : maker_.below(found.assignments.size());
    for (std::size_t i = 0; i < found.assignments.size(); ++i) {
      const Assignment& one = *found.assignments[i];
      const std::vector<const Exemption*> wanted = model_exemptions(world_, written, one);
      if (found.exemptions_of(one) != wanted)
        return fmt::format("exemptions of {} at {}: {}, not {}", one.name, scope,
                           fmt::join(names(found.exemptions_of(one)), " "), fmt::join(names(wanted), " "));
      if (i == chosen)
        if (std::string wrong = reach(found, one, wanted, written); !wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  std::string reach(const policy::InForce& found, const Assignment& one,
                    const std::vector<const Exemption*>& exemptions, const std::string& scope) {
    const Subject subject{maker_.one_of(kTypes),
                          maker_.chance(30) ? std::string() : maker_.one_of(kLocations), maker_.chance(10),
                          scope.find("/resourceGroups/") != std::string::npos};
    estate::Resource resource;
    resource.type = subject.type;
    resource.resource_group = subject.in_group ? "rg" : std::string_view();
    std::vector<doc::Member> members;
    if (subject.location_open)
      members.push_back({"location", origins_.unknown(doc::UnknownType::String, "where", false, true)});
    else if (!subject.location.empty())
      members.push_back({"location", doc::Value::string(subject.location)});
    resource.body = doc::Value::object(members);
    AssignedPolicy pair;
    pair.assignment = &one;
    pair.reference_id = maker_.chance(30) ? std::string() : maker_.one_of(kReferences);
    const Reach reach = plan_.reach(pair, found, resource, Instant{kNow});
    const Match exempted = model_exempted(exemptions, pair.reference_id, subject);
    if (reach.match == model_of(one.resource_selectors, subject) && reach.exempted == exempted &&
        (reach.exemption != nullptr) == (exempted != Match::No))
      return {};
    return fmt::format("{} reference '{}' on {} '{}' at {}: match {} exempted {}, not {} and {}", one.name,
                       pair.reference_id, subject.type, subject.location, scope,
                       static_cast<int>(reach.match), static_cast<int>(reach.exempted),
                       static_cast<int>(model_of(one.resource_selectors, subject)),
                       static_cast<int>(exempted));
  }

  const World& world_;
  Maker& maker_;
  arm::Origins origins_;
  Plan planning_{origins_};
  policy::Library library_;
  std::vector<Diagnostic> ignored_;
  policy::AssignmentIndex index_;
  AssignedPlan plan_;
};

TEST(InForceProperty, IndexAndPlainModelAgreeOnRandomTrees) {
  std::size_t assignments = 0;
  std::size_t exemptions = 0;
  for (int i = 0; i < kTrees; ++i) {
    const std::uint32_t seed = kSeed + static_cast<std::uint32_t>(i);
    Maker maker(seed);
    const World world = maker.world();
    Check check(world, maker);
    for (int k = 0; k < 8; ++k) {
      const std::string& scope = maker.one_of(world.scopes);
      const std::string wrong = check.at(scope);
      ASSERT_TRUE(wrong.empty()) << "seed " << seed << ": " << wrong << "\n" << text(world);
      assignments += model_assignments(world, scope).size();
      for (const Assignment& one : world.assignments)
        exemptions += model_exemptions(world, scope, one).size();
    }
  }
  EXPECT_GT(assignments, 40'000U);  // the trees say something
  EXPECT_GT(exemptions, 10'000U);
}

TEST(InForceHostile, AHundredThousandExemptionsOfOneAssignment) {
  constexpr int kMany = 100'000;
  estate::ScopeTree tree;
  tree.add_group("root", {}, {}, {});
  tree.add_subscription("s", "root", {}, {});
  static_cast<void>(tree.finish(doc::Sources()));
  Assignment assignment;
  assignment.name = "a";
  assignment.scope = "/subscriptions/s";
  assignment.id = "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/a";
  std::vector<Exemption> exemptions(std::size_t{2} * kMany);
  for (int i = 0; i < 2 * kMany; ++i) {
    Exemption& one = exemptions[static_cast<std::size_t>(i)];
    one.name = fmt::format("x{}", i);
    // One half at the subscription, each of a reference of its own, the other at resource groups.
    one.scope =
        i < kMany ? "/subscriptions/s" : fmt::format("/subscriptions/s/resourceGroups/rg{}", i - kMany);
    one.assignment_id = assignment.id;
    if (i < kMany) one.reference_ids = {fmt::format("r{}", i)};
    one.expires_on = Instant{i % 2 == 0 ? 1 : 3};
  }
  const policy::AssignmentIndex index(tree, {&assignment}, pointers(exemptions));
  arm::Origins origins;
  Plan planning(origins);
  const policy::Library library;
  std::vector<Diagnostic> ignored;
  const AssignedPlan plan(planning, index, {&assignment}, library, ignored);
  AssignedPolicy pair;
  pair.assignment = &assignment;
  int exempted = 0;
  for (int i = 0; i < kMany; ++i) {
    const policy::InForce& here = index.at(fmt::format("/subscriptions/s/resourceGroups/rg{}", i));
    pair.reference_id = fmt::format("r{}", i + 1);
    exempted += plan.reach(pair, here, estate::Resource(), Instant{2}).exempted == Match::Yes ? 1 : 0;
    ASSERT_EQ(&plan.at(here), &plan.at(index.at("/subscriptions/s")));
  }
  EXPECT_EQ(exempted, kMany);  // by its group, or by its reference
}

}  // namespace
}  // namespace redoubt::posture
