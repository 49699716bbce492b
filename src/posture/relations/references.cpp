#include "posture/relations/references.h"

#include <algorithm>

#include "arm/id_segments.h"
#include "core/text.h"

namespace redoubt::posture::relations {

using doc::Value;

Truth both(Truth left, Truth right) {
  if (left == Truth::False || right == Truth::False) return Truth::False;
  return left == Truth::True && right == Truth::True ? Truth::True : Truth::Unknown;
}

Truth either(Truth left, Truth right) {
  if (left == Truth::True || right == Truth::True) return Truth::True;
  return left == Truth::False && right == Truth::False ? Truth::False : Truth::Unknown;
}

const Value* find(const Value& root, std::string_view path) {
  const Value* at = &root;
  for (const std::string_view name : split(path, '.')) {
    if (at->is_unknown()) return at;
    at = at->find_any_case(name);
    if (at == nullptr || at->is_null()) return nullptr;
  }
  return at;
}

Items items_at(const Value& root, std::string_view path) {
  const Value* value = find(root, path);
  if (value == nullptr) return {};
  if (value->is_unknown()) return {{}, value};
  return {value->is_array() ? value->items() : std::span<const Value>(), nullptr};
}

std::string text_of(const Value* value, const arm::Origins& origins) {
  if (value == nullptr || value->is_container()) return {};
  return arm::text_form(*value, origins);
}

Truth is_text(const Value* value, std::string_view wanted) {
  if (value == nullptr) return Truth::False;
  if (value->is_unknown()) return Truth::Unknown;
  if (value->is_bool()) return policy::truth_of(equal_any_case(value->as_bool() ? "true" : "false", wanted));
  return policy::truth_of(value->is_string() && equal_any_case(value->as_string(), wanted));
}

Truth is_true(const Value* value) { return is_text(value, "true"); }

std::vector<std::string_view> segments(std::string_view id) {
  std::vector<std::string_view> out = arm::id_segments(id);
  std::erase(out, std::string_view());
  return out;
}

std::string_view last_segment(std::string_view id) {
  const std::vector<std::string_view> all = segments(id);
  return all.empty() ? std::string_view() : all.back();
}

namespace {

bool is_open(std::string_view segment) { return segment.find('{') != std::string_view::npos; }

/// Whether the texts can be the same, as far as what stands around their open parts tells.
Truth same_segment(std::string_view left, std::string_view right) {
  if (equal_any_case(left, right)) return Truth::True;
  if (!is_open(left) && !is_open(right)) return Truth::False;
  const auto known_head = [](std::string_view text) { return text.substr(0, text.find('{')); };
  const auto known_tail = [](std::string_view text) {
    const std::size_t brace = text.rfind('}');
    return brace == std::string_view::npos ? text : text.substr(brace + 1);
  };
  const std::string_view heads[] = {known_head(left), known_head(right)};
  const std::string_view tails[] = {known_tail(left), known_tail(right)};
  const bool head_fits = starts_with_any_case(heads[0], heads[1]) || starts_with_any_case(heads[1], heads[0]);
  const bool tail_fits = ends_with_any_case(tails[0], tails[1]) || ends_with_any_case(tails[1], tails[0]);
  return head_fits && tail_fits ? Truth::Unknown : Truth::False;
}

}  // namespace

bool is_open_reference(std::string_view reference) {
  const std::vector<std::string_view> parts = segments(reference);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool place = i != 0 && (equal_any_case(parts[i - 1], "subscriptions") ||
                                  equal_any_case(parts[i - 1], "resourceGroups"));
    if (is_open(parts[i]) && !place) return true;
  }
  return false;
}

Truth refers_to(const Scene& scene, std::string_view reference, std::string_view id) {
  if (reference.empty()) return Truth::False;
  if (equal_any_case(reference, id)) return Truth::True;
  if (scene.estate().find(reference) != nullptr) return Truth::False;
  const std::vector<std::string_view> given = segments(reference);
  const std::vector<std::string_view> wanted = segments(id);
  // An open part at the front may stand for several segments.
  const bool open_front = !given.empty() && given.front().front() == '{';
  if (given.size() > wanted.size() || (given.size() != wanted.size() && !open_front)) return Truth::False;
  const std::size_t offset = wanted.size() - given.size();
  Truth same = open_front ? Truth::Unknown : Truth::True;
  for (std::size_t i = open_front ? 1 : 0; i < given.size(); ++i)
    same = both(same, same_segment(given[i], wanted[i + offset]));
  return same;
}

Truth is_there(const Scene& scene, const estate::Resource& other) {
  if (other.existing) return Truth::Unknown;
  if (other.open.is_null() || doc::equal(other.open, scene.resource.open)) return Truth::True;
  return Truth::Unknown;
}

Truth has_tag(const estate::Resource& resource, std::string_view name, std::string_view value) {
  const Value* tags = resource.body.find_any_case("tags");
  if (tags == nullptr) return Truth::False;
  if (tags->is_unknown()) return Truth::Unknown;
  return is_text(tags->find_any_case(name), value);
}

}  // namespace redoubt::posture::relations
