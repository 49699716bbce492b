#include "policy/definition.h"

#include <charconv>

#include "core/text.h"

namespace redoubt::policy {

namespace {

/// The number before the first point of `1.2.3` or `1.*.*`.
std::optional<int> major(std::string_view version) {
  int number = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
  if (error != std::errc() || end == version.data()) return std::nullopt;
  return number;
}

}  // namespace

bool is_relation(const Definition& definition) { return equal_any_case(definition.mode, kRelationMode); }

bool says_when(const Definition& definition) {
  const doc::Value* metadata = definition.properties.find_any_case("metadata");
  const doc::Value* when = metadata == nullptr ? nullptr : metadata->find_any_case("when");
  return when != nullptr && when->is_array() && when->size() != 0;
}

const doc::Value* relation_parameters(const Initiative& initiative) {
  const doc::Value* metadata = initiative.properties.find_any_case("metadata");
  return metadata == nullptr ? nullptr : metadata->find_any_case("relationParameters");
}

bool pins_another_major(const Reference& reference, const Definition& definition) {
  const std::optional<int> pinned = major(reference.definition_version);
  const std::optional<int> at_hand = major(definition.version);
  return pinned && at_hand && *pinned != *at_hand;
}

}  // namespace redoubt::policy
