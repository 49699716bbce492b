#include "policy/selection.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy {

namespace {

/// The text of every `"name":"..."` of a line.
template <class Visit>
bool any_name(std::string_view line, const Visit& visit) {
  static constexpr std::string_view kName = "\"name\"";
  for (std::size_t at = line.find(kName); at != std::string_view::npos; at = line.find(kName, at + 1)) {
    const std::size_t open = line.find('"', at + kName.size());
    if (open == std::string_view::npos) return false;
    const std::size_t close = line.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (visit(line.substr(open + 1, close - open - 1))) return true;
  }
  return false;
}

}  // namespace

Selection::Selection(std::vector<std::string> initiative_names) : names_(std::move(initiative_names)) {
  for (std::string& name : names_)
    name = lower(std::string_view(name).substr(name.rfind('/') + 1));
}

Library::LineFilter Selection::initiatives() const {
  return [this](std::string_view line) {
    if (line.find("policyDefinitions") == std::string_view::npos) return false;
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
      return find_ignore_case(line.substr(0, 4096), name) != std::string_view::npos ||
             find_ignore_case(line, name) != std::string_view::npos;
    });
  };
}

void Selection::need(const Initiative& initiative, const Library& library) {
  for (const Reference& reference : initiative.references)
    if (library.find_definition(reference) == nullptr) definitions_.insert(lower(reference.definition_name));
}

Library::LineFilter Selection::definitions() const {
  return [this](std::string_view line) {
    return any_name(line, [&](std::string_view name) { return definitions_.count(lower(name)) != 0; });
  };
}

}  // namespace redoubt::policy
