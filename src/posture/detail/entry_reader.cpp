#include "posture/detail/entry_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::posture::detail {

using doc::Value;

namespace {

/// The node itself where the member is not there.
const Value& node_at(const Value& entry, std::string_view key) {
  const Value* found = entry.find(key);
  return found == nullptr ? entry : *found;
}

}  // namespace

void EntryReader::tell(std::string_view code, std::string message, const Value& node, std::string hint,
                       Severity severity) {
  out_.push_back({severity, std::string(code), std::move(message), where(node), std::move(hint)});
}

bool EntryReader::has_form(const Value& entry, std::string_view what,
                           std::initializer_list<std::string_view> keys) {
  const std::vector<std::string_view> names(keys);
  if (!entry.is_object()) {
    tell("POS0061", fmt::format("{} is a mapping, not {}", what, doc::name_of(entry.kind())), entry,
         "its members: " + join(names, ", "));
    return false;
  }
  bool right = true;
  for (const doc::Member& member : entry.members()) {
    if (std::find(names.begin(), names.end(), member.name) != names.end()) continue;
    const std::optional<std::string_view> near = closest(member.name, names);
    tell("POS0061", fmt::format("{} has no member {}", what, member.name), member.value,
         near ? fmt::format("did you mean {}?", *near) : "its members: " + join(names, ", "));
    right = false;
  }
  return right;
}

const Value* EntryReader::entries(const Value& root, std::string_view schema, std::string_view list,
                                  std::initializer_list<std::string_view> keys) {
  if (!root.is_object()) {
    tell("POS0061", fmt::format("a file of {} is a mapping", schema), root,
         fmt::format("write `schema: {}` and a list `{}`", schema, list));
    return nullptr;
  }
  has_form(root, "the file", keys);
  const std::string given = text(root, "schema");
  if (given != schema)
    tell("POS0061", fmt::format("the schema is not {}: {}", schema, given), node_at(root, "schema"),
         fmt::format("write `schema: {}`", schema));
  const Value* found = root.find(list);
  if (found != nullptr && found->is_array()) return found;
  tell("POS0061", fmt::format("there is no list `{}`", list), node_at(root, list),
       fmt::format("where there are no entries write `{}: []`", list));
  return nullptr;
}

std::string EntryReader::text(const Value& entry, std::string_view key) {
  const Value* found = entry.find(key);
  if (found == nullptr || found->is_null()) return {};
  if (found->is_string()) return std::string(trim(found->as_string()));
  if (found->is_int()) return std::to_string(found->as_int());
  tell("POS0061", fmt::format("{} must be text, not {}", key, doc::name_of(found->kind())), *found,
       found->is_real() ? "put it in quotes" : "");
  return {};
}

std::string EntryReader::needed(const Value& entry, std::string_view key, std::string_view hint) {
  const Value* found = entry.find(key);
  std::string out = text(entry, key);
  const bool told = found != nullptr && !found->is_null() && !found->is_string() && !found->is_int();
  if (out.empty() && !told)
    tell("POS0064", fmt::format("an entry has no {}", key), node_at(entry, key), std::string(hint));
  return out;
}

std::optional<std::size_t> EntryReader::framework(const Value& entry) {
  const std::string name = needed(entry, "framework", "name a framework, such as iso-27001");
  if (name.empty()) return std::nullopt;
  const Result<std::size_t> found = frameworks_.find(name);
  if (found) return *found;
  tell(found.error().code, found.error().message, node_at(entry, "framework"), found.error().hint);
  return std::nullopt;
}

std::optional<std::size_t> EntryReader::control(const Value& entry, const Framework& framework) {
  const std::string name = needed(entry, "control", fmt::format("name a control of {}", framework.id));
  if (name.empty()) return std::nullopt;
  const std::optional<std::size_t> found = framework.find(name);
  if (!found)
    tell("POS0062", fmt::format("{} has no such control: {}", framework.id, name), node_at(entry, "control"),
         framework.suggestion(name));
  else if (framework.controls[*found].withdrawn)
    tell("POS0067",
         fmt::format("the control is withdrawn, nothing is said about it: {} {}", framework.id,
                     framework.controls[*found].shown()),
         node_at(entry, "control"), "name the control that took its place", Severity::Warning);
  return found;
}

}  // namespace redoubt::posture::detail
