#include "posture/relations/surroundings.h"

#include <algorithm>

#include "core/text.h"

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

std::vector<const estate::Resource*> Surroundings::referring(std::string_view id,
                                                             std::string_view type) const {
  std::call_once(built_, [&] { build(); });
  std::vector<std::uint32_t> numbers = open_;
  if (const auto found = by_id_.find(lower(id)); found != by_id_.end())
    numbers.insert(numbers.end(), found->second.begin(), found->second.end());
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::vector<const estate::Resource*> out;
  for (const std::uint32_t number : numbers)
    if (equal_any_case(followed_[number]->type, type)) out.push_back(followed_[number]);
  return out;
}

void Surroundings::build() const {
  for (const std::string_view type : kFollowed)
    for (const estate::Resource* resource : estate_.of_type(type)) {
      followed_.push_back(resource);
      note(resource->body, static_cast<std::uint32_t>(followed_.size() - 1));
    }
}

/// Bodies are of bounded depth: a document's reader sees to that.
void Surroundings::note(const doc::Value& value, std::uint32_t number) const {
  const auto add = [&](std::vector<std::uint32_t>& list) {
    if (list.empty() || list.back() != number) list.push_back(number);
  };
  if (value.is_unknown()) return add(open_);
  if (value.is_string()) {
    const std::string_view text = value.as_string();
    if (text.find('/') == std::string_view::npos && text.find('{') == std::string_view::npos) return;
    if (text.find('{') != std::string_view::npos && estate_.find(text) == nullptr) add(open_);
    return add(by_id_[lower(text)]);
  }
  if (value.is_array())
    for (const doc::Value& item : value.items())
      note(item, number);
  if (value.is_object())
    for (const doc::Member& member : value.members())
      note(member.value, number);
}

}  // namespace redoubt::posture::relations
