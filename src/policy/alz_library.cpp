#include "policy/alz_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/text.h"

namespace redoubt::policy {

using doc::Member;
using doc::Value;

namespace {

constexpr std::string_view kPlaceholderGroup = "/providers/Microsoft.Management/managementGroups/placeholder";

std::string text_or_empty(const Value& node, std::string_view name) {
  return std::string(node.text_of(name).value_or(std::string_view()));
}

std::vector<std::string> texts(const Value& node, std::string_view name) {
  std::vector<std::string> out;
  const Value* list = node.find_any_case(name);
  if (list == nullptr || !list->is_array()) return out;
  for (const Value& item : list->items())
    if (item.is_string()) out.emplace_back(item.as_string());
  return out;
}

/// The files below a folder in sorted order; empty when it can't be read.
std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  using Iterator = std::filesystem::recursive_directory_iterator;
  for (Iterator at(folder, std::filesystem::directory_options::skip_permission_denied, error), end;
       !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && at->path().extension() == ".json") files.push_back(at->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void AlzLibrary::load(doc::Sources& sources, const std::string& folder, Library& library) {
  const std::size_t before = documents_.size();
  for (const std::string& path : files_below(folder))
    load_file(sources, path, library);
  for (Diagnostic& diagnostic : library.take_diagnostics())
    diagnostics_.push_back(std::move(diagnostic));
  if (documents_.size() == before)
    diagnostics_.push_back(
        {Severity::Error, "POL0411", "no Azure Landing Zones library is here", Where{folder, 0, 0, {}},
         "give the folder that holds architecture_definitions/ and archetype_definitions/"});
}

void AlzLibrary::load_file(doc::Sources& sources, const std::string& path, Library& library) {
  if (path.ends_with(".alz_policy_definition.json") || path.ends_with(".alz_policy_set_definition.json"))
    return library.load(sources, path);
  struct Kind {
    std::string_view ending;
    Named AlzLibrary::* table;
    std::string_view what;
  };
  static constexpr Kind kKinds[] = {
      {".alz_architecture_definition.json", &AlzLibrary::architectures_, "architecture"},
      {".alz_archetype_definition.json", &AlzLibrary::archetypes_, "archetype"},
      {".alz_archetype_override.json", &AlzLibrary::overrides_, "archetype override"},
      {".alz_policy_assignment.json", &AlzLibrary::templates_, "policy assignment"}};
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                 [&](const Kind& one) { return path.ends_with(one.ending); });
  const bool defaults = path.ends_with("alz_policy_default_values.json");
  if (kind == std::end(kKinds) && !defaults) return;
  Result<Reading<doc::Document>> document = doc::read_json_file(sources, path);
  if (!document) {
    diagnostics_.push_back(to_diagnostic(document.error()));
    return;
  }
  for (Diagnostic& diagnostic : document->diagnostics)
    diagnostics_.push_back(std::move(diagnostic));
  documents_.push_back(std::move(document->value));
  const Value& root = documents_.back().root;
  if (defaults)
    read_defaults(root);
  else
    name(this->*(kind->table), root, kind->what, sources);
}

void AlzLibrary::name(Named& table, const Value& root, std::string_view what, doc::Sources& sources) {
  const std::string own = text_or_empty(root, "name");
  if (own.empty()) {
    diagnostics_.push_back({Severity::Error, "POL0412", fmt::format("the {} has no name", what),
                            sources.where(root.place()), "the file is not used"});
    return;
  }
  if (!table.insert_or_assign(lower(own), &root).second)
    diagnostics_.push_back({Severity::Warning,
                            "POL0413",
                            fmt::format("the {} {} stands twice, the last one counts", what, own),
                            sources.where(root.place()),
                            {}});
}

void AlzLibrary::read_defaults(const Value& root) {
  const Value* list = root.find_any_case("defaults");
  if (list == nullptr || !list->is_array()) return;
  for (const Value& item : list->items()) {
    const Value* assignments = item.find_any_case("policy_assignments");
    if (assignments == nullptr || !assignments->is_array()) continue;
    for (const Value& assignment : assignments->items())
      for (const std::string& parameter : texts(assignment, "parameter_names"))
        defaults_.push_back({lower(text_or_empty(assignment, "policy_assignment_name")), lower(parameter),
                             text_or_empty(item, "default_name")});
  }
}

std::vector<std::string> AlzLibrary::assignments_of(const std::string& archetype, doc::Sources& sources) {
  if (const auto found = archetypes_.find(lower(archetype)); found != archetypes_.end())
    return texts(*found->second, "policy_assignments");
  const auto found = overrides_.find(lower(archetype));
  if (found == overrides_.end()) {
    diagnostics_.push_back(
        {Severity::Error, "POL0415", fmt::format("no archetype is called {}", archetype), {}, {}});
    return {};
  }
  const std::string base = text_or_empty(*found->second, "base_archetype");
  // An override of an override is not part of the format, which also keeps this from running in a circle.
  const auto below = archetypes_.find(lower(base));
  if (below == archetypes_.end()) {
    diagnostics_.push_back({Severity::Error,
                            "POL0415",
                            fmt::format("no archetype is called {}", base),
                            sources.where(found->second->place()),
                            {}});
    return {};
  }
  std::vector<std::string> out = texts(*below->second, "policy_assignments");
  for (const std::string& removed : texts(*found->second, "policy_assignments_to_remove"))
    std::erase_if(out, [&](const std::string& one) { return equal_any_case(one, removed); });
  for (std::string& added : texts(*found->second, "policy_assignments_to_add"))
    out.push_back(std::move(added));
  return out;
}

Result<void> AlzLibrary::place(doc::Sources& sources, std::string_view architecture, const Values& values,
                               estate::ScopeTree& tree) {
  auto found = architectures_.find(lower(architecture));
  if (architecture.empty() && architectures_.size() == 1) found = architectures_.begin();
  if (found == architectures_.end()) {
    std::string names;
    for (const auto& [key, root] : architectures_)
      names += (names.empty() ? "" : ", ") + text_or_empty(*root, "name");
    if (architectures_.empty())
      return fail(Error::Kind::Usage, "POL0414", "the libraries have no architecture", {},
                  "give the folder that holds architecture_definitions/");
    return fail(Error::Kind::Usage, "POL0414",
                architecture.empty() ? fmt::format("the libraries have several architectures: {}", names)
                                     : fmt::format("no architecture is called {}", architecture),
                {}, fmt::format("choose one with --architecture: {}", names));
  }
  const Value* groups = found->second->find_any_case("management_groups");
  if (groups == nullptr || !groups->is_array())
    return fail(Error::Kind::InvalidInput, "POL0412", "the architecture has no list management_groups",
                sources.where(found->second->place()));
  for (const auto& [value, text] : values) {
    const bool used = value == "default_location" ||
                      std::any_of(defaults_.begin(), defaults_.end(),
                                  [&](const Default& one) { return equal_any_case(one.name, value); });
    if (!used)
      diagnostics_.push_back({Severity::Warning,
                              "POL0416",
                              fmt::format("the library has no default value called {}", value),
                              {},
                              "see its alz_policy_default_values.json"});
  }
  for (const Value& group : groups->items()) {
    const std::string id = text_or_empty(group, "id");
    if (id.empty()) {
      diagnostics_.push_back({Severity::Error, "POL0412", "a management group has no id",
                              sources.where(group.place()), "it is left out"});
      continue;
    }
    tree.add_group(id, text_or_empty(group, "parent_id"), text_or_empty(group, "display_name"),
                   group.place());
    for (const std::string& archetype : texts(group, "archetypes"))
      for (const std::string& assignment : assignments_of(archetype, sources))
        place_at(id, assignment, values, sources);
  }
  return {};
}

void AlzLibrary::place_at(const std::string& group, const std::string& assignment, const Values& values,
                          doc::Sources& sources) {
  const auto found = templates_.find(lower(assignment));
  if (found == templates_.end()) {
    diagnostics_.push_back(
        {Severity::Error,
         "POL0415",
         fmt::format("the archetype at {} names an assignment that is not in the library: {}", group,
                     assignment),
         {},
         {}});
    return;
  }
  const Value& root = *found->second;
  const Value* properties = root.find_any_case("properties");
  Reading<std::optional<Assignment>> read =
      read_assignment(root, properties == nullptr ? root : *properties, arena_, sources);
  for (Diagnostic& diagnostic : read.diagnostics)
    diagnostics_.push_back(std::move(diagnostic));
  if (!read.value) return;
  Assignment& placed = *read.value;
  placed.scope = estate::management_group_id(group);
  placed.id = placed.scope + "/providers/Microsoft.Authorization/policyAssignments/" + placed.name;
  // Several archetypes of one group may name it.
  if (!placed_.insert(lower(placed.id)).second) return;
  placed.definition_id = replace_all(placed.definition_id, kPlaceholderGroup, placed.scope);
  std::vector<Member> members;
  for (const Member& member : placed.parameters.members())
    members.push_back({member.name, filled(member.value, values)});
  for (const Default& one : defaults_) {
    const auto value = values.find(one.name);
    if (value == values.end() || !equal_any_case(one.assignment, placed.name)) continue;
    const auto same = [&](const Member& member) { return equal_any_case(member.name, one.parameter); };
    const auto member = std::find_if(members.begin(), members.end(), same);
    if (member == members.end())
      members.push_back({arena_.copy(std::string_view(one.parameter)), given(value->second)});
    else
      member->value = given(value->second);
  }
  placed.parameters = doc::make_object(arena_, members);
  assignments_.push_back(std::move(placed));
}

/// A value as it was given: JSON where it is a list, an object, a number or a bool, else the text itself.
Value AlzLibrary::given(std::string_view text) {
  const Result<Value> json = doc::parse_json(arena_, text);
  if (json && !json->is_string() && !json->is_null()) return *json;
  return doc::make_string(arena_, text);
}

Value AlzLibrary::filled(const Value& value, const Values& values) {
  if (value.is_string()) return filled_text(value, values);
  if (value.is_array()) {
    std::vector<Value> items;
    for (const Value& item : value.items())
      items.push_back(filled(item, values));
    return doc::make_array(arena_, items).at(value.place());
  }
  if (!value.is_object()) return value;
  std::vector<Member> members;
  for (const Member& member : value.members())
    members.push_back({member.name, filled(member.value, values)});
  return doc::make_object(arena_, members).at(value.place());
}

Value AlzLibrary::filled_text(const Value& value, const Values& values) {
  const std::string_view text = value.as_string();
  std::vector<Value> pieces;
  std::size_t at = 0;
  for (std::size_t open = text.find("${"); open != std::string_view::npos; open = text.find("${", at)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = text.substr(open + 2, close - open - 2);
    pieces.push_back(Value::string(text.substr(at, open - at)));
    if (const auto known = values.find(name); known != values.end())
      pieces.push_back(doc::make_string(arena_, known->second));
    else
      pieces.push_back(origins_.unknown(doc::UnknownType::String,
                                        fmt::format("{} of the library, not set with --value", name), false,
                                        true));
    at = close + 1;
  }
  if (pieces.empty()) return value;
  pieces.push_back(Value::string(text.substr(at)));
  const bool open =
      std::any_of(pieces.begin(), pieces.end(), [](const Value& piece) { return piece.is_unknown(); });
  if (open) return origins_.partial_text(pieces).at(value.place());
  std::string whole;
  for (const Value& piece : pieces)
    whole += piece.as_string();
  return doc::make_string(arena_, whole).at(value.place());
}

}  // namespace redoubt::policy
