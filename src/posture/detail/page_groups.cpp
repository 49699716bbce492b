#include "posture/detail/page_groups.h"

#include <algorithm>
#include <set>

#include "core/text.h"

namespace redoubt::posture {

namespace {

/// `displayName` of a group in `policyDefinitionGroups`, else its name.
std::string title_of(const policy::Initiative& initiative, std::string_view group) {
  const doc::Value* groups = initiative.properties.find_any_case("policyDefinitionGroups");
  if (groups == nullptr || !groups->is_array()) return std::string(group);
  for (const doc::Value& one : groups->items()) {
    if (!one.is_object()) continue;
    const doc::Value* name = one.find_any_case("name");
    const doc::Value* title = one.find_any_case("displayName");
    if (name == nullptr || !name->is_string() || !equal_any_case(name->as_string(), group)) continue;
    if (title != nullptr && title->is_string() && !title->as_string().empty())
      return std::string(title->as_string());
  }
  return std::string(group);
}

const policy::Reference* reference_of(const policy::Initiative& initiative, std::string_view id) {
  const auto found =
      std::find_if(initiative.references.begin(), initiative.references.end(),
                   [id](const policy::Reference& each) { return equal_any_case(each.reference_id, id); });
  return found == initiative.references.end() ? nullptr : &*found;
}

}  // namespace

std::uint32_t PageGroups::number(std::string title, std::string of) {
  const auto [found, added] = known_.try_emplace({of, title}, static_cast<std::uint32_t>(groups_.size()));
  if (added) groups_.push_back({std::move(title), std::move(of)});
  return found->second;
}

std::vector<std::uint32_t> PageGroups::of(const PlannedPolicy& planned) {
  std::set<std::uint32_t> out;
  const std::string& category = planned.definition->category;
  for (const InitiativeUse& use : planned.initiatives) {
    const policy::Initiative* initiative = library_ == nullptr ? nullptr : library_->initiative_named(use.id);
    const policy::Reference* reference =
        initiative == nullptr ? nullptr : reference_of(*initiative, use.reference_id);
    const std::string title =
        initiative == nullptr || initiative->display_name.empty() ? use.id : initiative->display_name;
    if (reference == nullptr || reference->groups.empty()) {
      out.insert(number(category.empty() ? "In no control" : category, title));
      continue;
    }
    for (const std::string& group : reference->groups)
      out.insert(number(title_of(*initiative, group), title));
  }
  if (planned.initiatives.empty() && !category.empty()) out.insert(number(category, {}));
  return {out.begin(), out.end()};
}

}  // namespace redoubt::posture
