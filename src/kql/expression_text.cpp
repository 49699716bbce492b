#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/text.h"
#include "kql/detail/plan_names.h"

namespace redoubt::kql {

namespace {

/// Beyond this nesting `...` stands for what is inside.
constexpr int kMaxDepth = 100;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

/// A text that search looks for is a condition.
bool is_text(const Expression& literal) {
  return literal.syntax != nullptr && literal.syntax->kind == NodeKind::String;
}

class Writer {
 public:
  explicit Writer(detail::PlanNames& names) : names_(names) {}

  std::string text(const Expression& value, bool inside = false) {
    if (names_.is_apart(value)) return std::string(names_.of_value(value));
    return definition(value, inside);
  }

  /// The same without a name for the whole.
  std::string definition(const Expression& value, bool inside = false) {
    if (depth_ >= kMaxDepth) return "...";
    ++depth_;
    std::string out = written(value, inside);
    --depth_;
    return out;
  }

 private:
  std::string list(std::span<const Expression* const> values, std::size_t from = 0) {
    std::string out;
    for (std::size_t i = from; i < values.size(); ++i)
      out += (i == from ? "" : ", ") + text(*values[i]);
    return out;
  }

  std::string written(const Expression& value, bool inside) {
    switch (value.kind) {
      case ExpressionKind::Error:
        return "<error>";
      case ExpressionKind::Literal:
        return value.type == Type::String || is_text(value) ? quoted(value.name) : on_one_line(value.name);
      case ExpressionKind::Column:
        return std::string(value.column->name);
      case ExpressionKind::Variable:
        return value.value != nullptr ? text(*value.value, inside) : std::string(value.name);
      case ExpressionKind::Call:
        if (value.function != nullptr)
          return fmt::format("{}({})", value.function->name, list(value.operands));
        return value.value != nullptr ? text(*value.value, inside) : "<call>";
      case ExpressionKind::Operator:
        return operation(value, inside);
      case ExpressionKind::Member:
        if (value.operands.size() == 2)
          return fmt::format("{}[{}]", text(*value.operands[0], true), text(*value.operands[1]));
        return fmt::format("{}.{}", text(*value.operands[0], true), value.name);
      case ExpressionKind::Star:
        return "*";
      case ExpressionKind::Columns:
        if (value.function != nullptr)
          return fmt::format("{}({})", value.function->name, list(value.operands));
        return "<columns>";
      case ExpressionKind::Table:
      case ExpressionKind::Tables:
        return table(value.relation());
      case ExpressionKind::Graph:
        return "<graph>";
      case ExpressionKind::Word:
        return value.columns.empty() ? fmt::format("typeof({})", type_name(value.type)) : "typeof(...)";
      case ExpressionKind::Function:
      case ExpressionKind::Database:
      case ExpressionKind::Cluster:
        return std::string(value.name);
    }
    return {};
  }

  std::string table(const Relation* rows) const {
    if (rows != nullptr)
      if (const std::string* const named = names_.of_rows(*rows)) return *named;
    return rows != nullptr && rows->op == NodeKind::Name ? std::string(rows->name) : "<table>";
  }

  std::string operation(const Expression& value, bool inside) {
    const std::string_view op = fixed_text(value.op);
    const std::span<const Expression* const> operands = value.operands;
    if (value.op == TokenKind::ToScalarKeyword) return fmt::format("toscalar({})", list(operands));
    if (operands.size() == 1 && (value.op == TokenKind::Minus || value.op == TokenKind::Plus))
      return fmt::format("{}{}", op, text(*operands[0], true));
    std::string out;
    if (value.op == TokenKind::BetweenKeyword || value.op == TokenKind::NotBetweenKeyword)
      out = fmt::format("{} {} ({} .. {})", text(*operands[0], true), op, text(*operands[1], true),
                        text(*operands[2], true));
    else if (value.syntax != nullptr && value.syntax->kind == NodeKind::In)
      out = fmt::format("{} {} ({})", text(*operands[0], true), op, list(operands, 1));
    else if (operands.size() == 2)
      out = chain(value, op);
    else
      out = fmt::format("{}({})", op, list(operands));
    return inside ? "(" + out + ")" : out;
  }

  /// `a or b or c` without brackets; `-` and its like go from the left, so that they keep those on the right.
  std::string chain(const Expression& value, std::string_view op) {
    const bool any_side = value.op == TokenKind::AndKeyword || value.op == TokenKind::OrKeyword;
    std::vector<std::pair<const Expression*, bool>> stack{{&value, true}};
    std::string out;
    while (!stack.empty()) {
      const auto [one, opens] = stack.back();
      stack.pop_back();
      const bool link = one->kind == ExpressionKind::Operator && one->op == value.op &&
                        one->operands.size() == 2 &&
                        (one->syntax == nullptr || one->syntax->kind != NodeKind::In) &&
                        (one == &value || !names_.is_apart(*one));
      if (!link || !opens) {
        out += (out.empty() ? std::string() : fmt::format(" {} ", op)) + text(*one, true);
        continue;
      }
      stack.emplace_back(one->operands[1], any_side);
      stack.emplace_back(one->operands[0], true);
    }
    return out;
  }

  detail::PlanNames& names_;
  int depth_ = 0;
};

}  // namespace

std::string detail::to_text(const Expression& expression, PlanNames& names) {
  return Writer(names).text(expression);
}

std::string detail::definition_text(const Expression& expression, PlanNames& names) {
  return Writer(names).definition(expression);
}

}  // namespace redoubt::kql
