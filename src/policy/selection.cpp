#include "policy/selection.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy {

namespace {

/// Calls `visit` with the text of every member `key` of a line of JSON until it says true.
template <class Visit>
bool any_text(std::string_view line, std::string_view key, const Visit& visit) {
  for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
    const std::size_t open = line.find('"', at + key.size());
    if (open == std::string_view::npos) return false;
    const std::size_t close = line.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (visit(line.substr(open + 1, close - open - 1))) return true;
  }
  return false;
}

}  // namespace

Selection::Selection(const std::vector<std::string>& initiative_names) {
  // A display name may hold a slash, and an id ends in the name: both readings are looked for.
  for (const std::string& name : initiative_names) {
    names_.push_back(lower(name));
    names_.push_back(lower(std::string_view(name).substr(name.rfind('/') + 1)));
  }
}

Library::LineFilter Selection::initiatives() const {
  return [this](std::string_view line) {
    if (line.find("policyDefinitions") == std::string_view::npos) return false;
    const auto named = [this](std::string_view text) {
      return std::find(names_.begin(), names_.end(), lower(text)) != names_.end();
    };
    return any_text(line, "\"name\"", named) || any_text(line, "\"displayName\"", named);
  };
}

void Selection::need(const Initiative& initiative, const Library& library) {
  for (const Reference& reference : initiative.references)
    need(reference.definition_name, library);
}

void Selection::need(std::string_view definition, const Library& library) {
  if (library.find_definition(definition) == nullptr) definitions_.insert(lower(definition));
}

Library::LineFilter Selection::definitions() const {
  return [this](std::string_view line) {
    const auto needed = [this](std::string_view text) {
      return definitions_.count(lower(text.substr(text.rfind('/') + 1))) != 0;
    };
    return any_text(line, "\"name\"", needed) || any_text(line, "\"id\"", needed);
  };
}

}  // namespace redoubt::policy
