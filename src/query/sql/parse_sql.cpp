#include <fmt/format.h>

#include <algorithm>

#include "kql/pattern.h"
#include "kql/pattern_spelling.h"
#include "query/detail/parse_pattern.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::NodeKind;
using kql::ParsePiece;
using kql::Relation;
using kql::Type;

namespace {

std::string_view option_of(const Relation& relation, std::string_view name) {
  for (const kql::Option& option : relation.options)
    if (option.name == name) return option.value;
  return {};
}

}  // namespace

/// One expression with a group for each column. Where a value is none of its type, a simple pattern fits not
/// at all.
std::optional<Select> RelationSql::parse(const Relation& relation) {
  const std::string_view kind = option_of(relation, "kind");
  const detail::ParseMode mode{.regex = kind == "regex", .relaxed = kind == "relaxed"};
  // Groups in the author's own expressions would shift ours.
  const bool own_groups = mode.regex && std::any_of(relation.pattern.begin(), relation.pattern.end(),
                                                    [](const ParsePiece& piece) {
                                                      return piece.text.find('(') != std::string_view::npos;
                                                    });
  if (own_groups || relation.arguments.empty() || relation.arguments[0] == nullptr) return std::nullopt;
  const std::string pattern = detail::parse_expression(relation.pattern, mode, option_of(relation, "flags"));
  if (!kql::is_plain_pattern(pattern)) return std::nullopt;
  std::optional<Select> out = open_input(relation);
  if (!out) return std::nullopt;
  ScalarSql scalar = scalars(*out);
  const std::optional<SqlValue> text = scalar.of(*relation.arguments[0], Type::String);
  if (!text) return std::nullopt;
  const std::string groups =
      named(*out, fmt::format("extractGroups({}, {})", text->text, pattern_text(pattern)));
  std::vector<std::pair<const kql::Column*, SqlValue>> values;
  std::string fits = fmt::format("length({}) > 0", groups);
  for (const ParsePiece& piece : relation.pattern) {
    if (piece.column == nullptr) continue;
    SqlValue group{.text = fmt::format("arrayElement({}, {})", groups, values.size() + 1),
                   .type = Type::String,
                   .size = 2};
    std::optional<SqlValue> value = scalar.converted(group, piece.column->type);
    if (!value || piece.column->type == Type::Dynamic) return std::nullopt;
    if (value->nullable) {
      value->text = named(*out, value->text);
      if (!mode.relaxed) fits += fmt::format(" AND isNotNull({})", value->text);
    }
    values.emplace_back(piece.column, std::move(*value));
  }
  if (values.empty()) fits = fmt::format("match({}, {})", text->text, pattern_text(pattern));
  const bool typed =
      std::any_of(values.begin(), values.end(), [](const auto& one) { return one.second.nullable; });
  if (relation.op == NodeKind::ParseWhere)
    out->where.push_back(fmt::format("({})", fits));
  else if (typed && !mode.relaxed)
    for (auto& [column, value] : values)
      value.text = fmt::format("if({}, {}, {})", fits, value.text, value.nullable ? "NULL" : "''");
  for (auto& [column, value] : values) {
    value.text = named(*out, value.text);
    out->size += text->size + 4;
    out->columns[column] = std::move(value);
  }
  return out;
}

}  // namespace redoubt::query::sql
