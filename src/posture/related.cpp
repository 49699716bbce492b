#include "posture/related.h"

#include <fmt/format.h>

#include "core/text.h"
#include "posture/relations/references.h"

namespace redoubt::posture {

namespace {

/// Types that no template or inventory shows: another system makes them.
constexpr std::string_view kOtherSystems[] = {
    "Microsoft.GuestConfiguration/guestConfigurationAssignments",
    "Microsoft.Security/assessments",
    "Microsoft.Security/complianceResults",
};

}  // namespace

policy::Found EstateRelated::find(const estate::Resource& subject, const policy::Lookup& lookup) const {
  policy::Found found;
  const auto add = [&](const auto& resources) {
    for (const estate::Resource* resource : resources)
      if (!resource->beside) found.candidates.push_back({resource});
  };
  const std::string_view group =
      lookup.resource_group.empty() ? subject.resource_group : std::string_view(lookup.resource_group);
  if (lookup.where == policy::Lookup::Where::Resource) {
    add(estate_.below(subject.id, lookup.type));
    add(estate_.perhaps_below(subject, lookup.type));
  } else if (lookup.names_subject && !relations::is_open_reference(subject.id) &&
             relations::Surroundings::follows(lookup.type)) {
    add(surroundings_.referring(subject.id, lookup.type));
    found.left_out = estate_.of_type(lookup.type).size() - found.candidates.size();
  } else if (subject.subscription.empty() || lookup.where == policy::Lookup::Where::Anywhere) {
    add(estate_.of_type(lookup.type));
  } else {
    add(estate_.of_type_in(
        lookup.type, subject.subscription,
        lookup.where == policy::Lookup::Where::ResourceGroup ? group : std::string_view()));
  }
  for (const std::string_view type : kOtherSystems)
    if (equal_any_case(type, lookup.type))
      found.incomplete = fmt::format("{} are results of another system", type);
  if (found.incomplete.empty()) found.incomplete = estate_.completeness().why_incomplete(lookup.type);
  return found;
}

}  // namespace redoubt::posture
