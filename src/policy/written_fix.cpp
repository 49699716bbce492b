// metadata.fix: what an author says a person should write, where no condition of the rule tells a value.

#include <fmt/format.h>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/explain.h"
#include "policy/detail/written_fix.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

constexpr std::string_view kStar = "[*]";
constexpr std::string_view kNext = "[]";  ///< at the end of a path: behind the last element

/// `a[2].b` as `a[*].b`.
std::string with_stars(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] != '[') continue;
    out += "*]";
    i = std::min(path.find(']', i), path.size());
  }
  return out;
}

std::string_view without_next(std::string_view path) {
  return path.ends_with(kNext) ? path.substr(0, path.size() - kNext.size()) : path;
}

const WrittenFix* choose(std::span<const WrittenFix> fixes, std::string_view path) {
  const std::string pattern = with_stars(path);
  for (const WrittenFix& fix : fixes)
    if (!path.empty() && equal_any_case(without_next(fix.path), pattern)) return &fix;
  for (const WrittenFix& fix : fixes)
    if (fix.path.find(kStar) == std::string_view::npos) return &fix;
  return nullptr;
}

/// The path of the element to add to an array.
std::string next_element(Scene& scene, std::string_view array) {
  std::vector<Step> steps;
  for (const std::string_view name : split(array, '.'))
    steps.push_back({name, false});
  std::size_t size = 0;
  visit_path(scene, *scene.root, steps, [&](const Slot& slot) {
    if (slot.kind == Slot::Kind::Present && slot.value.is_array()) size = slot.value.size();
    return false;
  });
  return fmt::format("{}[{}]", array, size);
}

/// The value with what is open in braces, as names have it.
Value in_text(const Scene& scene, const Value& value) {
  if (value.is_unknown()) return doc::make_string(scene.arena, arm::text_form(value, scene.origins));
  std::vector<Value> items;
  std::vector<doc::Member> members;
  if (value.is_array()) {
    for (const Value& item : value.items())
      items.push_back(in_text(scene, item));
    return doc::make_array(scene.arena, items);
  }
  if (!value.is_object()) return value;
  for (const doc::Member& member : value.members())
    members.push_back({member.name, in_text(scene, member.value)});
  return doc::make_object(scene.arena, members);
}

/// Nothing where the value is not there or can't be worked out.
std::optional<Value> value_of(Scene& scene, const std::optional<Operand>& operand) {
  if (!operand) return std::nullopt;
  const Result<Value> value = detail::value_of(scene, *operand);
  return value ? std::optional(in_text(scene, *value)) : std::nullopt;
}

std::optional<Operand> part_of(Compiler& compiler, const Value& entry, std::string_view name) {
  const Value* const part = entry.find_any_case(name);
  if (part == nullptr || part->is_null()) return std::nullopt;
  Result<Operand> operand = compiler.operand(*part);
  return operand ? std::optional(*operand) : std::nullopt;
}

}  // namespace

void Compiler::written_fixes(const Definition& definition) {
  const Value* const metadata = definition.properties.find_any_case("metadata");
  const Value* const fix = metadata == nullptr ? nullptr : metadata->find_any_case("fix");
  if (fix == nullptr || !fix->is_container()) return;
  const std::span<const Value> entries = fix->is_array() ? fix->items() : std::span(fix, 1);
  for (const Value& entry : entries) {
    WrittenFix out{entry.text_of("path").value_or(""), part_of(*this, entry, "value"),
                   part_of(*this, entry, "resource"), part_of(*this, entry, "text")};
    if (out.value || out.resource || out.text) rule_.fixes.push_back(std::move(out));
  }
}

std::optional<Fix> with_written_fix(Scene& scene, std::optional<Fix> derived) {
  if (scene.rule.fixes.empty() || (derived && (derived->value || derived->proposed || derived->resource)))
    return derived;
  const std::string at = derived ? derived->path : std::string();
  const WrittenFix* const written = choose(scene.rule.fixes, at);
  if (written == nullptr) return derived;
  Fix out;
  out.path = written->path.find(kStar) == std::string_view::npos ? written->path : at;
  if (written->path.ends_with(kNext)) out.path = next_element(scene, without_next(out.path));
  out.proposed = value_of(scene, written->value);
  out.resource = value_of(scene, written->resource);
  if (const std::optional<Value> text = value_of(scene, written->text); text && text->is_string())
    out.text = text->as_string();
  else if (out.proposed)
    out.text = fmt::format("set {} to {}", out.path, in_whole(scene, *out.proposed));
  else if (out.resource)
    out.text = fmt::format("{}: {}", derived ? derived->text : "add", in_whole(scene, *out.resource));
  return out.text.empty() ? derived : out;
}

}  // namespace redoubt::policy::detail
