#include "kql/detail/made_literal.h"

#include <fmt/format.h>

#include "core/arena.h"

namespace redoubt::kql::detail {

namespace {

struct LiteralForm {
  Type type;
  std::string_view form;  ///< of a value that is written with its type
};
constexpr LiteralForm kLiterals[] = {
    {Type::Bool, "{}"},
    {Type::Int, "int({})"},
    {Type::Long, "{}"},
    {Type::Real, "real({})"},
    {Type::Decimal, "decimal({})"},
    {Type::DateTime, "datetime({})"},
    {Type::Timespan, "timespan({})"},
    {Type::Guid, "guid({})"},
};

}  // namespace

std::optional<std::string> literal_text(const Value& value) {
  if (value.is(Type::String)) return value.as_string();
  for (const LiteralForm& row : kLiterals) {
    if (row.type != value.type()) continue;
    if (value.is_null()) return fmt::format("{}(null)", type_name(value.type()));
    return fmt::format(fmt::runtime(row.form), to_text(value));
  }
  return std::nullopt;
}

const Expression* make_reference(Arena& arena, const Column* column) {
  Expression* const out = arena.make<Expression>();
  out->kind = ExpressionKind::Column;
  out->column = column;
  out->name = column->name;
  out->type = column->type;
  out->shape = column->shape;
  return out;
}

const Expression* make_literal(Arena& arena, const Value& value, const Node* syntax) {
  const std::optional<std::string> text = literal_text(value);
  if (!text && !value.is(Type::Dynamic)) return nullptr;
  Expression* const out = arena.make<Expression>();
  out->kind = ExpressionKind::Literal;
  out->type = value.type();
  out->constant = out->literal = true;
  out->syntax = syntax;
  if (text)
    out->name = arena.copy(std::string_view(*text));
  else
    out->json = arena.copy(value.is_null() ? std::string_view("null") : std::string_view(value.json()));
  return out;
}

}  // namespace redoubt::kql::detail
