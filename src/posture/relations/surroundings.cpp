#include "posture/relations/surroundings.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "posture/relations/references.h"

namespace redoubt::posture::relations {

namespace {

/// Types whose references are followed backwards.
constexpr std::string_view kFollowed[] = {
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/virtualNetworks/subnets",
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Compute/virtualMachineScaleSets",
    "Microsoft.Authorization/roleManagementPolicyAssignments",
};

}  // namespace

bool Surroundings::follows(std::string_view type) {
  return std::any_of(std::begin(kFollowed), std::end(kFollowed),
                     [&](std::string_view one) { return equal_any_case(one, type); });
}

std::vector<const estate::Resource*> Surroundings::referring(std::string_view id,
                                                             std::string_view type) const {
  std::call_once(built_, [&] { build(); });
  std::vector<const estate::Resource*> out;
  const auto found = followed_.find(lower(type));
  if (found == followed_.end()) return out;
  const OfType& all = found->second;
  static const Numbers kNone;
  const auto at = [](const std::unordered_map<std::string, Numbers>& map,
                     std::string_view key) -> const Numbers& {
    const auto one = map.find(lower(key));
    return one == map.end() ? kNone : one->second;
  };
  const Numbers& exact = at(all.by_id, id);
  for (const std::uint32_t number : exact)
    out.push_back(all.resources[number]);
  const Numbers& near = at(all.by_last, last_segment(id));
  Numbers others;
  std::set_union(near.begin(), near.end(), all.open.begin(), all.open.end(), std::back_inserter(others));
  for (const std::uint32_t number : others)
    if (!std::binary_search(exact.begin(), exact.end(), number)) out.push_back(all.resources[number]);
  return out;
}

void Surroundings::build() const {
  for (const std::string_view type : kFollowed) {
    OfType& all = followed_[lower(type)];
    for (const estate::Resource* resource : estate_.of_type(type)) {
      all.resources.push_back(resource);
      const auto number = static_cast<std::uint32_t>(all.resources.size() - 1);
      // Of what a template only refers to nothing is known.
      if (resource->existing) all.open.push_back(number);
      note(resource->body, number, all);
    }
  }
}

/// Bodies are of bounded depth: a document's reader sees to that.
void Surroundings::note(const doc::Value& value, std::uint32_t number, OfType& out) const {
  const auto add = [&](Numbers& list) {
    if (list.empty() || list.back() != number) list.push_back(number);
  };
  if (value.is_unknown()) return add(out.open);
  if (value.is_string()) {
    const std::string_view text = value.as_string();
    if (text.find('/') == std::string_view::npos && text.find('{') == std::string_view::npos) return;
    if (is_open_reference(text) && estate_.find(text) == nullptr) add(out.open);
    add(out.by_last[lower(last_segment(text))]);
    return add(out.by_id[lower(text)]);
  }
  if (value.is_array())
    for (const doc::Value& item : value.items())
      note(item, number, out);
  if (value.is_object())
    for (const doc::Member& member : value.members())
      note(member.value, number, out);
}

}  // namespace redoubt::posture::relations
