#include "policy/apply_changes.h"

#include <charconv>
#include <string>
#include <variant>
#include <vector>

#include "core/text.h"

namespace redoubt::policy {

using doc::Member;
using doc::Value;

namespace {

using Segment = std::variant<std::string, std::size_t>;  // a member's name, or an element's index

/// Takes `a.b[1]['c.d']` apart, as changes name their places; empty where a bracket does not close.
std::vector<Segment> segments_of(std::string_view path) {
  std::vector<Segment> out;
  while (!path.empty()) {
    if (path.starts_with("['")) {
      const std::size_t end = path.find("']");
      if (end == std::string_view::npos) return {};
      out.emplace_back(std::string(path.substr(2, end - 2)));
      path.remove_prefix(end + 2);
    } else if (path.front() == '[') {
      const std::size_t end = path.find(']');
      if (end == std::string_view::npos) return {};
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + end, index);
      out.emplace_back(index);
      path.remove_prefix(end + 1);
    } else if (path.front() == '.') {
      path.remove_prefix(1);
    } else {
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      out.emplace_back(std::string(path.substr(0, end)));
      path.remove_prefix(end);
    }
  }
  return out;
}

class Changer {
 public:
  Changer(const Change& change, Arena& arena) : change_(change), arena_(arena) {}

  Value apply(const Value& body) {
    const std::vector<Segment> segments = segments_of(change_.path);
    if (segments.empty()) return body;
    return changed(&body, segments).value_or(Value::null());
  }

 private:
  /// What stands in place of `node`; nothing when it is removed.
  std::optional<Value> changed(const Value* node, std::span<const Segment> rest) {
    if (node == nullptr && !change_.after) return std::nullopt;  // nothing to remove
    if (rest.empty()) {
      if (!change_.after) return std::nullopt;
      const Value value = doc::deep_copy(*change_.after, arena_);
      return node == nullptr ? value : value.at(node->place());
    }
    if (const auto* name = std::get_if<std::string>(&rest.front()))
      return member(node, *name, rest.subspan(1));
    return element(node, std::get<std::size_t>(rest.front()), rest.subspan(1));
  }

  Value member(const Value* node, const std::string& name, std::span<const Segment> rest) {
    if (node != nullptr && !node->is_null() && !node->is_object()) return *node;
    std::vector<Member> members;
    bool found = false;
    if (node != nullptr && node->is_object()) {
      for (const Member& one : node->members()) {
        if (found || !equal_any_case(one.name, name)) {
          members.push_back(one);
          continue;
        }
        found = true;
        if (const std::optional<Value> value = changed(&one.value, rest))
          members.push_back({one.name, *value});
      }
    }
    if (!found)
      if (const std::optional<Value> value = changed(nullptr, rest))
        members.push_back({arena_.copy(std::string_view(name)), *value});
    const Value out = doc::make_object(arena_, members);
    return node == nullptr ? out : out.at(node->place());
  }

  Value element(const Value* node, std::size_t index, std::span<const Segment> rest) {
    if (node != nullptr && !node->is_null() && !node->is_array()) return *node;
    std::vector<Value> items;
    if (node != nullptr && node->is_array()) items.assign(node->items().begin(), node->items().end());
    const bool there = index < items.size();
    if (const std::optional<Value> value = changed(there ? &items[index] : nullptr, rest)) {
      if (there)
        items[index] = *value;
      else
        items.push_back(*value);
    } else if (there) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
    }
    const Value out = doc::make_array(arena_, items);
    return node == nullptr ? out : out.at(node->place());
  }

  const Change& change_;
  Arena& arena_;
};

}  // namespace

Value apply(const Value& body, std::span<const Change> changes, Arena& arena) {
  Value out = body;
  for (const Change& change : changes)
    out = Changer(change, arena).apply(out);
  return out;
}

}  // namespace redoubt::policy
