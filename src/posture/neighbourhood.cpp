#include <algorithm>

#include "core/text.h"
#include "posture/detail/neighbourhood.h"

namespace redoubt::posture {

using Where = policy::Lookup::Where;

namespace {

constexpr std::string_view kSubscriptions = "/subscriptions/";
constexpr std::string_view kGroups = "/resourcegroups/";

std::string_view up_to_slash(std::string_view id, std::size_t begin) {
  return id.substr(0, id.find('/', begin));
}

/// Calls `visit` with every id that the one lies below, the nearest first.
template <class Visit>
bool any_above(std::string_view lower_id, const Visit& visit) {
  for (std::size_t end = lower_id.rfind('/'); end != 0 && end != std::string_view::npos;
       end = lower_id.rfind('/', end - 1))
    if (visit(lower_id.substr(0, end))) return true;
  return false;
}

}  // namespace

std::string subscription_of(std::string_view id) {
  if (!starts_with_any_case(id, kSubscriptions)) return {};
  return lower(up_to_slash(id, kSubscriptions.size()));
}

std::string group_of(std::string_view id) {
  const std::size_t begin = subscription_of(id).size();
  if (begin == 0 || !starts_with_any_case(id.substr(begin), kGroups)) return {};
  return lower(up_to_slash(id, begin + kGroups.size()));
}

void Reachable::add(std::string_view type, std::string_view id) {
  const std::string key = lower(id);
  OfType& of_type = by_type_[lower(type)];
  any_above(key, [&](std::string_view above) {
    of_type.above.emplace(above);
    return false;
  });
  of_type.containers.insert(subscription_of(id));
  of_type.containers.insert(group_of(id));
  ids_.insert(key);
}

bool Reachable::by(const KeptLookup& lookup, std::string_view subject) const {
  const auto of_type = by_type_.find(lookup.type);
  if (of_type == by_type_.end()) return false;
  if (lookup.where == Where::Resource) return of_type->second.above.contains(lower(subject));
  if (lookup.where == Where::Anywhere) return true;
  const std::string subscription = subscription_of(subject);
  if (subscription.empty()) return true;
  const std::string group = lookup.where == Where::ResourceGroup ? group_of(subject) : std::string();
  return of_type->second.containers.contains(group.empty() ? subscription : group);
}

void Lookers::add(std::string_view id, const std::vector<KeptLookup>& lookups) {
  const std::string subscription = subscription_of(id);
  const std::string group = group_of(id);
  containers_.insert(subscription);
  containers_.insert(group);
  for (const KeptLookup& lookup : lookups) {
    Places& places = places_[lookup.type];
    if (lookup.where == Where::Resource)
      places.ids.insert(lower(id));
    else if (subscription.empty() || lookup.where == Where::Anywhere)
      places.everywhere = true;
    else
      places.containers.insert(lookup.where == Where::ResourceGroup && !group.empty() ? group : subscription);
  }
}

bool Lookers::reach(std::string_view lower_type, std::string_view id) const {
  const auto found = places_.find(std::string(lower_type));
  if (found == places_.end()) return false;
  const Places& places = found->second;
  if (places.everywhere) return true;
  if (!places.containers.empty() &&
      (places.containers.contains(group_of(id)) || places.containers.contains(subscription_of(id))))
    return true;
  return !places.ids.empty() && any_above(lower(id), [&](std::string_view above) {
    return places.ids.contains(std::string(above));
  });
}

}  // namespace redoubt::posture
