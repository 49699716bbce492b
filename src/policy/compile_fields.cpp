#include <fmt/format.h>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/vocabulary.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

struct FieldRow {
  std::string_view name;
  Field::Kind kind;
  std::string_view summary;
};
/// Source: policy rule, "Fields".
constexpr FieldRow kFields[] = {
    {"type", Field::Kind::Type, "the full type"},
    {"name", Field::Kind::Name, "the last segment of the name"},
    {"fullName", Field::Kind::FullName, "the name with those of its parents"},
    {"kind", Field::Kind::ResourceKind, "the kind"},
    {"location", Field::Kind::Location, "the region; case and spaces do not matter"},
    {"id", Field::Kind::Id, "the resource id"},
    {"tags", Field::Kind::Tags, "all tags"},
};

/// Fields that are told by their form.
constexpr Word kFieldForms[] = {
    {"tags['x'], tags[x], tags.x", "judged", "one tag; its name ignores case"},
    {"identity.x", "judged", "a part of the identity"},
    {"Microsoft.Storage/storageAccounts/x", "judged",
     "an alias: the path it stands for, by type and api version"},
    {"an alias with [*]", "judged", "every element; in a count one at a time"},
    {"[concat('tags[', parameters('x'), ']')]", "judged", "a field whose name is an expression"},
};

/// The name in `tags.x`, `tags[x]`, `tags['x']`.
std::optional<std::string_view> tag_name(std::string_view text) {
  if (!starts_with_any_case(text, "tags")) return std::nullopt;
  text.remove_prefix(4);
  if (text.starts_with('.') && text.size() > 1) return text.substr(1);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') text = text.substr(1, text.size() - 2);
  if (text == "*") return std::nullopt;
  return text;
}

}  // namespace

Result<std::span<const Step>> Compiler::path(std::string_view text) {
  std::vector<Step> steps;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == '.') {
      rest.remove_prefix(1);
    } else if (rest.starts_with("[*]")) {
      steps.push_back({{}, true});
      rest.remove_prefix(3);
    } else if (rest.starts_with("['")) {
      const std::size_t end = rest.find("']");
      if (end == std::string_view::npos)
        return wrong("POL0003", fmt::format("a path is not closed: {}", text));
      steps.push_back({rule_.arena.copy(rest.substr(2, end - 2)), false});
      rest.remove_prefix(end + 2);
    } else {
      const std::size_t end = std::min(rest.find_first_of(".["), rest.size());
      if (end == 0) return wrong("POL0003", fmt::format("this is no path: {}", text));
      steps.push_back({rule_.arena.copy(rest.substr(0, end)), false});
      rest.remove_prefix(end);
    }
  }
  return std::span<const Step>(rule_.arena.copy(std::span<const Step>(steps)));
}

Result<Field> Compiler::field(const Value& node) {
  at_ = node.place();
  if (!node.is_string())
    return wrong("POL0003", fmt::format("a field must be text, not {}", name_of(node.kind())));
  const Operand text = RD_TRY(operand(node));
  if (text.constant_throughout()) {
    if (text.constant.is_string()) return field_of_text(text.constant.as_string(), node.place());
    if (!text.constant.is_unknown()) return wrong("POL0003", "the expression of a field must give text");
  }
  Field out;
  out.kind = Field::Kind::Computed;
  out.text = node.as_string();
  out.computed = text;
  return out;
}

Result<Field> Compiler::field_of_text(std::string_view text, doc::Place) {
  Field out;
  out.text = rule_.arena.copy(text);
  for (const FieldRow& row : kFields) {
    if (!equal_any_case(row.name, text)) continue;
    out.kind = row.kind;
    return out;
  }
  if (const auto tag = tag_name(out.text)) {
    const std::string name = replace_all(*tag, "''", "'");
    const Step steps[] = {{"tags", false}, {rule_.arena.copy(std::string_view(name)), false}};
    out.kind = Field::Kind::Tag;
    out.path = rule_.arena.copy(std::span<const Step>(steps));
    return out;
  }
  if (starts_with_any_case(text, "identity.")) {
    out.kind = Field::Kind::Identity;
    out.path = RD_TRY(path(out.text));
    return out;
  }
  if (text.find('/') == std::string_view::npos)
    return wrong("POL0003", fmt::format("unknown field: {}", text),
                 "use a field of the resource or an alias");
  RD_TRY(alias_field(out));
  return out;
}

Result<void> Compiler::alias_field(Field& out) {
  out.star = out.text.find("[*]") != std::string_view::npos;
  const AliasCatalogue& aliases = *options_.aliases;
  const std::optional<AliasEntry> entry = aliases.find(out.text);
  if (!entry) {
    const ResolvedAlias guess = aliases.guess(out.text);
    if (options_.only_listed_aliases && guess.basis.empty()) rule_.invalid_alias = true;
    rule_.guessed.emplace_back(out.text);
    out.path = RD_TRY(path(guess.path));
    return {};
  }
  out.path = RD_TRY(path(entry->path));
  const auto keep = [&](const std::optional<AliasPattern>& pattern) -> const AliasPattern* {
    if (!pattern) return nullptr;
    rule_.patterns.push_back(std::make_unique<AliasPattern>(*pattern));
    return rule_.patterns.back().get();
  };
  out.pattern = keep(entry->pattern);
  std::vector<PathVariant> variants;
  for (const AliasPath& variant : entry->variants) {
    PathVariant one;
    one.resource_type = rule_.arena.copy(std::string_view(variant.resource_type));
    std::vector<std::string_view> versions;
    versions.reserve(variant.api_versions.size());
    for (const std::string& version : variant.api_versions)
      versions.push_back(rule_.arena.copy(std::string_view(version)));
    one.api_versions = rule_.arena.copy(std::span<const std::string_view>(versions));
    one.path = RD_TRY(path(variant.path));
    one.pattern = keep(variant.pattern);
    variants.push_back(one);
  }
  out.variants = rule_.arena.copy(std::span<const PathVariant>(variants));
  return {};
}

}  // namespace redoubt::policy::detail

namespace redoubt::policy {

std::vector<Word> field_words() {
  std::vector<Word> words;
  for (const detail::FieldRow& row : detail::kFields)
    words.push_back({row.name, "judged", row.summary});
  words.insert(words.end(), std::begin(detail::kFieldForms), std::end(detail::kFieldForms));
  return words;
}

}  // namespace redoubt::policy
