#include <algorithm>

#include "kql/detail/operators.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

Node* Parser::unnamed_expression() {
  Level level(*this);
  return level.too_deep() ? nullptr : or_expression();
}

/// `a op b op c` as one node.
Node* Parser::chain(NodeKind kind_of, Rule operand, std::initializer_list<TokenKind> operators) {
  const std::uint32_t begin = pos_;
  Node* const first = (this->*operand)();
  const auto goes_on = [&] {
    return std::find(operators.begin(), operators.end(), kind()) != operators.end();
  };
  if (first == nullptr || !goes_on()) return first;
  std::vector<Node*> operands{first};
  while (goes_on()) {
    ++pos_;
    operands.push_back(or_missing_expression((this->*operand)()));
  }
  return make(kind_of, begin, operands);
}

/// The operator stands next.
Node* Parser::binary_tail(Node* left, Rule right) {
  const std::uint32_t at = pos_++;
  Node* const operand = or_missing_expression((this->*right)());
  return make(NodeKind::Binary, left->begin, {left, operand}, at);
}

Node* Parser::or_expression() { return chain(NodeKind::Or, &Parser::and_expression, {TokenKind::OrKeyword}); }

Node* Parser::and_expression() { return chain(NodeKind::And, &Parser::equality, {TokenKind::AndKeyword}); }

Node* Parser::equality() {
  const std::uint32_t begin = pos_;
  if (is(TokenKind::Asterisk) && is(TokenKind::EqualEqual, 1)) return binary_tail(star(), &Parser::relation);
  Node* const left = relation();
  if (left == nullptr) return nullptr;
  const TokenKind op = kind();
  if (op == TokenKind::EqualEqual || op == TokenKind::BangEqual || op == TokenKind::LessGreater)
    return binary_tail(left, &Parser::relation);
  if (op == TokenKind::BetweenKeyword || op == TokenKind::NotBetweenKeyword) return between(left, begin);
  if (!is_membership(op) || (op == TokenKind::InKeyword && is(TokenKind::RangeKeyword, 1))) return left;
  const std::uint32_t at = pos_++;
  Node* const items = in_list();
  return make(NodeKind::In, begin, {left, items}, at);
}

Node* Parser::between(Node* operand, std::uint32_t begin) {
  const std::uint32_t at = pos_++;
  expect(TokenKind::OpenParen);
  Node* const from = or_missing_expression(unnamed_expression());
  expect(TokenKind::DotDot);
  Node* const to = or_missing_expression(unnamed_expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::Between, begin, {operand, from, to}, at);
}

/// Values, or one query.
Node* Parser::in_list() {
  expect(TokenKind::OpenParen);
  Node* items = nullptr;
  if (holds_query()) {
    Node* const query = or_missing_expression(expression());
    items = make(NodeKind::List, query->begin, {query});
  } else {
    items = expression_list(&Parser::unnamed_expression);
  }
  expect(TokenKind::CloseParen);
  return items;
}

/// Whether what stands in a list is a query: an operator begins it, or a pipe comes before its end.
bool Parser::holds_query() {
  if (may_begin_operator()) return true;
  if (piped_.empty()) find_pipes();
  return piped_[pos_];
}

/// Tells of each token whether, from there on, a pipe comes before the end of a list's element: in one pass
/// from behind, as lists may stand in each other.
void Parser::find_pipes() {
  piped_.resize(syntax_.tokens.size());
  std::vector<bool> outer;  // behind the parentheses that are open, seen from behind
  bool piped = false;
  for (std::size_t i = piped_.size(); i-- > 0;) {
    switch (syntax_.tokens[i].kind) {
      case TokenKind::End:
      case TokenKind::Semicolon:
        outer.clear();
        piped = false;
        break;
      case TokenKind::Comma:
        piped = false;
        break;
      case TokenKind::Bar:
        piped = true;
        break;
      case TokenKind::CloseParen:
        outer.push_back(piped);
        piped = false;
        break;
      case TokenKind::OpenParen:
        piped = !outer.empty() && outer.back();
        if (!outer.empty()) outer.pop_back();
        break;
      default:
        break;
    }
    piped_[i] = piped;
  }
}

Node* Parser::relation() {
  Node* const left = additive();
  return left != nullptr && is_relation(kind()) ? binary_tail(left, &Parser::additive) : left;
}

Node* Parser::additive() {
  return chain(NodeKind::Additive, &Parser::multiplicative, {TokenKind::Plus, TokenKind::Minus});
}

Node* Parser::multiplicative() {
  return chain(NodeKind::Multiplicative, &Parser::string_operation,
               {TokenKind::Asterisk, TokenKind::Slash, TokenKind::Percent});
}

Node* Parser::string_operation() {
  if (is(TokenKind::Asterisk) && is_string_operator(kind(1)))
    return binary_tail(star(), &Parser::signed_path);
  Node* const left = signed_path();
  return left != nullptr && is_string_operator(kind()) ? binary_tail(left, &Parser::signed_path) : left;
}

Node* Parser::signed_path() {
  if (!is(TokenKind::Minus) && !is(TokenKind::Plus)) return path();
  const std::uint32_t begin = pos_++;
  Node* const operand = or_missing_expression(path());
  return make(NodeKind::Unary, begin, {operand}, begin);
}

Node* Parser::path() {
  if (is(TokenKind::ToTableKeyword)) return to_table();
  const std::uint32_t begin = pos_;
  Node* const base = primary();
  if (base == nullptr || (!is(TokenKind::Dot) && !is(TokenKind::OpenBracket))) return base;
  std::vector<Node*> parts{base};
  for (;;) {
    if (take(TokenKind::Dot))
      parts.push_back(or_missing_name(selector_or_call()));
    else if (is(TokenKind::OpenBracket))
      parts.push_back(bracketed_element());
    else
      return make(NodeKind::Path, begin, parts);
  }
}

Node* Parser::primary() {
  switch (kind()) {
    case TokenKind::DynamicKeyword:
      return literal();
    case TokenKind::DataTableKeyword:
      return data_table();
    case TokenKind::UnderscoreContextualDataTableKeyword:
      return contextual_data_table();
    case TokenKind::ExternalDataKeyword:
    case TokenKind::External_DataKeyword:
      return external_data();
    case TokenKind::MaterializedViewCombineKeyword:
      return materialized_view_combine();
    case TokenKind::OpenParen:
      return parenthesized();
    case TokenKind::ToScalarKeyword:
      return to_scalar();
    default:
      break;
  }
  if (is_literal(kind())) return literal();
  if (is(TokenKind::TypeOfKeyword) && is(TokenKind::OpenParen, 1)) return type_of();
  if (is_call()) return call();
  Node* const found = primary_selector();
  return found != nullptr ? found : keyword_as_name();
}

Node* Parser::parenthesized() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return nullptr;
  Node* const inside = or_missing_expression(expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::Parenthesized, begin, {inside});
}

Node* Parser::primary_selector() {
  const std::uint32_t begin = pos_;
  Node* const base = selector();
  if (base == nullptr) return nullptr;
  Node* const scope = data_scope();
  return scope == nullptr ? base : make(NodeKind::DataScope, begin, {base, scope});
}

Node* Parser::data_scope() {
  static constexpr std::string_view kScopes[] = {"all", "hotcache"};
  if (!take(TokenKind::DataScopeKeyword)) return nullptr;
  expect(TokenKind::Equal);
  return required_word(kScopes);
}

Node* Parser::bare_selector() {
  if (is(TokenKind::At)) return leaf(NodeKind::AtSign);
  return may_be_path(kind()) ? leaf(NodeKind::Name) : name();
}

Node* Parser::selector() {
  if (!is(TokenKind::OpenBracket)) return bare_selector();
  if (Node* const wildcard = bracketed_wildcard_name()) return wildcard;
  if (Node* const found = bracketed_name()) return found;
  return bracketed_element();
}

Node* Parser::selector_or_call() { return is_call() ? call() : selector(); }

Node* Parser::bracketed_element() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenBracket)) return nullptr;
  Node* const index = or_missing_name(unnamed_expression());
  expect(TokenKind::CloseBracket);
  return make(NodeKind::Element, begin, {index});
}

Node* Parser::named_expression() {
  const std::uint32_t begin = pos_;
  const std::size_t size = scan_declared_name(0);
  if (size != 0 && is(TokenKind::Equal, size)) {
    Node* const column = declared_name();
    expect(TokenKind::Equal);
    Node* const value = or_missing_expression(unnamed_expression());
    return make(NodeKind::NamedExpression, begin, {column, value}, column->token);
  }
  const std::size_t dashed = scan_dashed_name();
  if (dashed != 0 && is(TokenKind::Equal, dashed)) {
    const Token& first = peek();
    const std::string written(syntax_.text.substr(first.offset, peek(dashed - 1).end() - first.offset));
    problem("KQL0106", "the name " + written + " needs brackets here", first, "write ['" + written + "']");
    Node* const column = leaf(NodeKind::Name, dashed);
    expect(TokenKind::Equal);
    Node* const value = or_missing_expression(unnamed_expression());
    return make(NodeKind::NamedExpression, begin, {column, value}, begin);
  }
  const std::size_t names = scan_new_names();
  if (names == 0 || !is(TokenKind::Equal, names)) return unnamed_expression();
  ++pos_;
  Node* const columns = comma_list(&Parser::declared_name, {&Parser::missing_name, &Parser::ends_list, true});
  expect(TokenKind::CloseParen);
  expect(TokenKind::Equal);
  Node* const value = or_missing_expression(unnamed_expression());
  return make(NodeKind::NamesExpression, begin, {columns, value});
}

Node* Parser::argument() {
  const bool alone = is(TokenKind::Asterisk) && (is(TokenKind::CloseParen, 1) || is(TokenKind::Comma, 1));
  return alone ? star() : named_expression();
}

Node* Parser::argument_list() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return nullptr;
  Node* const arguments = expression_list(&Parser::argument, &Parser::ends_list, false);
  expect(TokenKind::CloseParen);
  return make(NodeKind::ArgumentList, begin, {arguments->children.begin(), arguments->children.end()});
}

bool Parser::is_call(std::size_t ahead) const {
  const std::size_t size = scan_name(ahead);
  return size != 0 && is(TokenKind::OpenParen, ahead + size);
}

Node* Parser::call() {
  const std::uint32_t begin = pos_;
  if (!is_call()) return nullptr;
  Node* const function = name();
  Node* const arguments = argument_list();
  return make(NodeKind::Call, begin, {function, arguments}, function->token);
}

Node* Parser::ordered_expression() {
  const std::uint32_t begin = pos_;
  Node* const key = named_expression();
  if (key == nullptr) return nullptr;
  const std::uint32_t at = pos_;
  const bool directed = take(TokenKind::AscKeyword) || take(TokenKind::DescKeyword) ||
                        take(TokenKind::GrannyAscKeyword) || take(TokenKind::GrannyDescKeyword);
  if (!directed && !is(TokenKind::NullsKeyword)) return key;
  Node* const nulls = nulls_clause();
  return make(NodeKind::Ordered, begin, {key, nulls}, at);
}

Node* Parser::nulls_clause() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::NullsKeyword)) return nullptr;
  if (!take(TokenKind::FirstKeyword) && !take(TokenKind::LastKeyword))
    problem_here("KQL0103", "expected: first or last");
  return make(NodeKind::Clause, begin, {}, begin + 1);
}

}  // namespace redoubt::kql::detail
