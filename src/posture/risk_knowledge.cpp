#include "posture/risk_knowledge.h"

#include <algorithm>

#include "core/text.h"
#include "doc/yaml.h"

extern "C" const char score_risk_begin[], score_risk_end[];

namespace redoubt::posture {

using doc::Value;

namespace {

/// What the file must have: it is part of the program.
const Value& part(const Value& node, std::string_view name) {
  const Value* const value = node.find(name);
  RD_CHECK(value != nullptr);
  return *value;
}

}  // namespace

RiskKnowledge::RiskKnowledge() {
  doc::Sources sources;
  const Result<Reading<doc::Document>> document = doc::read_yaml(
      sources, "content/score/risk.yaml",
      std::string(score_risk_begin, static_cast<std::size_t>(score_risk_end - score_risk_begin)));
  RD_CHECK(document.has_value());
  const Value& root = document->value.root;
  for (const Value& check : part(part(root, "exposure"), "checks").items())
    checks_.insert(lower(check.as_string()));
  for (const Value& title : part(part(root, "exposure"), "titles").items())
    titles_.emplace_back(title.as_string());
  for (const doc::Member& tag : part(root, "sensitivity").members())
    for (const doc::Member& value : tag.value.members())
      tags_[lower(tag.name)][lower(value.name)] = static_cast<std::uint8_t>(value.value.as_int());
  for (const Value& type : part(root, "notCounted").items())
    not_counted_.push_back(lower(type.as_string()));
}

bool RiskKnowledge::is_exposure(const policy::Definition& definition) const {
  if (checks_.count(lower(definition.name)) != 0) return true;
  if (!equal_any_case(definition.policy_type, "BuiltIn")) return false;
  return std::any_of(titles_.begin(), titles_.end(), [&](const std::string& title) {
    return find_ignore_case(definition.display_name, title) != std::string::npos;
  });
}

bool RiskKnowledge::counts(std::string_view type) const {
  return std::none_of(not_counted_.begin(), not_counted_.end(), [&](const std::string& one) {
    return starts_with_any_case(type, one) && (type.size() == one.size() || type[one.size()] == '/');
  });
}

}  // namespace redoubt::posture
