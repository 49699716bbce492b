#include "kql/evaluate.h"
#include "kql/plan.h"

namespace redoubt::kql {

namespace {

struct LiteralToken {
  Type type;
  TokenKind token;
};
constexpr LiteralToken kLiterals[] = {
    {Type::Bool, TokenKind::BoolLiteral},         {Type::Int, TokenKind::IntLiteral},
    {Type::Long, TokenKind::LongLiteral},         {Type::Real, TokenKind::RealLiteral},
    {Type::Decimal, TokenKind::DecimalLiteral},   {Type::DateTime, TokenKind::DateTimeLiteral},
    {Type::Timespan, TokenKind::TimespanLiteral}, {Type::Guid, TokenKind::GuidLiteral},
};

}  // namespace

std::optional<Value> literal_value(const Expression& literal) {
  if (literal.kind != ExpressionKind::Literal) return std::nullopt;
  if (literal.type == Type::String) return Value::of_string(std::string(literal.name));
  if (literal.type == Type::Dynamic) return Value::of_dynamic(std::string(literal.json));
  for (const LiteralToken& row : kLiterals) {
    if (row.type != literal.type) continue;
    Result<Value> out = read_literal(row.token, literal.name);
    return out && out->is(literal.type) ? std::optional(std::move(*out)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace redoubt::kql
