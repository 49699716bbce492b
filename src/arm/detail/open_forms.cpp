#include "arm/detail/open_forms.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::arm::detail {

using doc::Value;

namespace {

constexpr ScopePart kScopeParts[] = {
    {"{subscription}", "subscription().subscriptionId", 1},
    {"{resourceGroup}", "resourceGroup().name", 2},
    {"{managementGroup}", "managementGroup().name", 3},
};

}  // namespace

Value ScopePart::value() const { return Value::unknown(doc::UnknownType::String, id, true).as_segment(); }

std::span<const ScopePart> scope_parts() { return kScopeParts; }

const ScopePart* find_scope_part(std::uint64_t id) {
  return id >= 1 && id <= std::size(kScopeParts) ? &kScopeParts[id - 1] : nullptr;
}

void split_scopes(const Value& text, std::vector<Value>& out) {
  const auto marked = [&](const Value& part) { return text.secret() ? part.as_secret() : part; };
  const std::string_view whole = text.as_string();
  std::size_t from = 0;
  for (std::size_t at = whole.find('{'); at != std::string_view::npos; at = whole.find('{', at + 1)) {
    const auto* part =
        std::find_if(std::begin(kScopeParts), std::end(kScopeParts),
                     [&](const ScopePart& one) { return starts_with_any_case(whole.substr(at), one.form); });
    if (part == std::end(kScopeParts)) continue;
    if (at > from) out.push_back(marked(Value::string(whole.substr(from, at - from))));
    out.push_back(part->value());
    from = at + part->form.size();
  }
  if (from < whole.size() || whole.empty()) out.push_back(marked(Value::string(whole.substr(from))));
}

std::size_t open_part_size(std::string_view form) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (form[i] == '{') ++depth;
    if (form[i] == '}' && --depth == 0) return i + 1;
  }
  return form.size();
}

}  // namespace redoubt::arm::detail
