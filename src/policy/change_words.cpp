#include "policy/change_words.h"

#include <fmt/format.h>

#include <string_view>

namespace redoubt::policy {

namespace {

/// The list that a path such as `properties.list[2]` adds a member to; empty for any other path.
std::string_view list_of(std::string_view path) {
  const std::size_t open = path.rfind('[');
  if (open == std::string_view::npos || open + 2 > path.size() || !path.ends_with(']')) return {};
  const std::string_view index = path.substr(open + 1, path.size() - open - 2);
  if (index.empty() || index.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return path.substr(0, open);
}

}  // namespace

std::string in_words(const Change& change, const arm::Origins& origins) {
  if (!change.after) return fmt::format("remove {}", change.path);
  const std::string value = arm::to_words(*change.after, origins);
  if (change.before)
    return fmt::format("change {} from {} to {}", change.path, arm::to_words(*change.before, origins), value);
  const std::string_view list = list_of(change.path);
  return list.empty() ? fmt::format("set {} to {}", change.path, value)
                      : fmt::format("add {} to {}", value, list);
}

std::string in_words(const Change& change) {
  return fmt::format("{} {}", !change.after ? "remove" : change.before ? "change" : "set", change.path);
}

}  // namespace redoubt::policy
