#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

Node* Parser::query() {
  const std::uint32_t begin = pos_;
  std::vector<Node*> directives;
  while (is(TokenKind::Directive))
    directives.push_back(leaf(NodeKind::Word));
  Node* const head = make(NodeKind::List, begin, directives);
  Node* const body = is_command(syntax_) ? command() : statements();
  Node* skipped = nullptr;
  if (!is(TokenKind::End)) {
    if (is(TokenKind::Equal)) {  // that it should be == is all there is to say
      syntax_.broken_off.push_back(pos_);
      std::erase_if(syntax_.problems,
                    [&](const Problem& one) { return one.code == "KQL0103" && one.offset == peek().offset; });
    }
    if (!is(TokenKind::Bad)) problem("KQL0108", "the query can not be read from here", peek(), unread_hint());
    skipped = leaf(NodeKind::Skipped, syntax_.tokens.size() - 1 - pos_);
  }
  return make(NodeKind::QueryBlock, begin, {head, body, skipped});
}

/// What administrates a database, to its end.
Node* Parser::command() {
  const std::uint32_t begin = pos_;
  const Token& dot = peek();
  syntax_.problems.push_back({"KQL0120", Severity::Hint, "a management command is not checked", dot.offset,
                              peek(1).end() - dot.offset, std::string()});
  Node* const all = leaf(NodeKind::Command, syntax_.tokens.size() - 1 - pos_);
  return make(NodeKind::List, begin, {all});
}

Node* Parser::statements() {
  const std::uint32_t begin = pos_;
  std::vector<Node*> out;
  Node* next = statement();
  while (next != nullptr) {
    out.push_back(next);
    if (take(TokenKind::Semicolon)) {
      next = statement();
      continue;
    }
    const std::size_t problems = syntax_.problems.size();
    const std::uint32_t at = pos_;
    next = statement();
    if (next == nullptr) continue;
    if (!gave_up_ && is_remainder(at)) {
      syntax_.problems.resize(problems);
      pos_ = at;
      next = remainder();
      continue;
    }
    if (!keeps_problems()) continue;
    const Problem semicolon{"KQL0103",
                            Severity::Error,
                            "expected: ;",
                            place_before(syntax_.tokens[at]),
                            0,
                            blank_line_hint(syntax_.tokens[at])};
    syntax_.problems.insert(syntax_.problems.begin() + static_cast<std::ptrdiff_t>(problems), semicolon);
  }
  return make(NodeKind::List, begin, out);
}

bool Parser::may_begin_statement() const {
  switch (kind()) {
    case TokenKind::AliasKeyword:
      return is(TokenKind::DatabaseKeyword, 1);
    case TokenKind::LetKeyword:
      return scan_name(1) != 0;
    case TokenKind::DeclareKeyword:
      return is(TokenKind::PatternKeyword, 1) || is(TokenKind::QueryParametersKeyword, 1);
    case TokenKind::RestrictKeyword:
      return is(TokenKind::AccessKeyword, 1);
    case TokenKind::SetKeyword:
      return true;
    default:
      return false;
  }
}

Node* Parser::statement() {
  if (scan_sql() != 0) return sql();
  if (may_begin_statement()) {
    if (is(TokenKind::AliasKeyword)) return alias();
    if (is(TokenKind::LetKeyword)) return let();
    if (is(TokenKind::SetKeyword)) return set_option();
    if (is(TokenKind::RestrictKeyword)) return restrict();
    return is(TokenKind::PatternKeyword, 1) ? pattern_statement() : query_parameters();
  }
  const std::uint32_t begin = pos_;
  Node* const value = expression();
  return value == nullptr ? nullptr : make(NodeKind::ExpressionStatement, begin, {value});
}

Node* Parser::alias() {
  const std::uint32_t begin = pos_++;
  expect(TokenKind::DatabaseKeyword);
  Node* const label = or_missing_name(name());
  expect(TokenKind::Equal);
  Node* const value = or_missing_expression(unnamed_expression());
  return make(NodeKind::Alias, begin, {label, value}, begin);
}

Node* Parser::let() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::LetKeyword)) return nullptr;
  Node* const label = or_missing_name(name());
  expect(TokenKind::Equal);
  Node* value = nullptr;
  if (is(TokenKind::MaterializeKeyword))
    value = materialize();
  else if (is(TokenKind::EntityGroupKeyword))
    value = entity_group();
  else if (is_function())
    value = function_declaration();
  else
    value = expression();
  value = or_missing_expression(value);
  return make(NodeKind::Let, begin, {label, value}, begin);
}

bool Parser::is_function() const {
  const std::size_t open = is(TokenKind::ViewKeyword) ? 1 : 0;
  if (!is(TokenKind::OpenParen, open)) return false;
  if (is(TokenKind::CloseParen, open + 1) || is(TokenKind::Asterisk, open + 1)) return true;
  const std::size_t size = scan_declared_name(open + 1);
  return size != 0 && is(TokenKind::Colon, open + 1 + size);
}

Node* Parser::function_declaration() {
  const std::uint32_t begin = pos_;
  take(TokenKind::ViewKeyword);
  Node* const formal = function_parameters();
  Node* const body = or_missing_expression(function_body());
  return make(NodeKind::FunctionDeclaration, begin, {formal, body}, begin);
}

Node* Parser::parameter_list() {
  return comma_list(&Parser::function_parameter, {&Parser::missing_name_and_type, &Parser::ends_list});
}

Node* Parser::function_parameters() {
  expect(TokenKind::OpenParen);
  Node* const out = parameter_list();
  expect(TokenKind::CloseParen);
  return out;
}

/// Without the parentheses, to the end of the text.
Node* Parser::parameters() {
  Node* const out = parameter_list();
  if (!is(TokenKind::End) && !is(TokenKind::Bad))
    problem("KQL0108", "the parameters can not be read from here", peek());
  return out;
}

Node* Parser::function_parameter() {
  const std::uint32_t begin = pos_;
  Node* const formal = name_and_type();
  if (formal == nullptr) return nullptr;
  Node* otherwise = nullptr;
  if (take(TokenKind::Equal)) {
    otherwise = literal();
    if (otherwise == nullptr && is_name_token(0)) otherwise = leaf(NodeKind::Word);
    otherwise = or_missing_expression(otherwise);
  }
  return make(NodeKind::FunctionParameter, begin, {formal, otherwise}, formal->token);
}

Node* Parser::function_body() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  if (!is(TokenKind::OpenBrace)) {
    expect(TokenKind::OpenBrace);
    return make(NodeKind::FunctionBody, begin, {make(NodeKind::List, begin), nullptr});
  }
  ++pos_;
  Node* const inside = list(&Parser::body_statement, &Parser::ends_list);
  Node* const value = expression();
  take(TokenKind::Semicolon);
  expect(TokenKind::CloseBrace);
  return make(NodeKind::FunctionBody, begin, {inside, value});
}

Node* Parser::body_statement() {
  Node* out = let();
  if (out == nullptr && is(TokenKind::DeclareKeyword)) out = query_parameters();
  if (out != nullptr) expect(TokenKind::Semicolon);
  return out;
}

Node* Parser::set_option() {
  const std::uint32_t begin = pos_++;
  Node* const label = or_missing_name(name());
  Node* const value = take(TokenKind::Equal) ? or_missing_expression(unnamed_expression()) : nullptr;
  return make(NodeKind::SetOption, begin, {label, value}, begin);
}

Node* Parser::query_parameters() {
  const std::uint32_t begin = pos_++;
  expect(TokenKind::QueryParametersKeyword);
  expect(TokenKind::OpenParen);
  Node* const formal =
      comma_list(&Parser::function_parameter, {&Parser::missing_name_and_type, &Parser::ends_list, true});
  expect(TokenKind::CloseParen);
  return make(NodeKind::QueryParameters, begin, {formal}, begin);
}

Node* Parser::restrict() {
  const std::uint32_t begin = pos_++;
  expect(TokenKind::AccessKeyword);
  expect(TokenKind::ToKeyword);
  expect(TokenKind::OpenParen);
  Node* const entities = expression_list(&Parser::restrict_expression);
  expect(TokenKind::CloseParen);
  Node* const with = properties();
  return make(NodeKind::Restrict, begin, {entities, with}, begin);
}

Node* Parser::restrict_expression() { return best_of({&Parser::wildcard_entity, &Parser::name}); }

Node* Parser::pattern_statement() {
  const std::uint32_t begin = pos_;
  pos_ += 2;
  Node* const label = or_missing_name(name());
  Node* declaration = nullptr;
  const std::uint32_t at = pos_;
  if (take(TokenKind::Equal)) {
    expect(TokenKind::OpenParen);
    Node* const formal =
        comma_list(&Parser::name_and_type, {&Parser::missing_name_and_type, &Parser::ends_list});
    expect(TokenKind::CloseParen);
    Node* path_of = nullptr;
    if (take(TokenKind::OpenBracket)) {
      path_of = name_and_type();
      if (path_of == nullptr) path_of = missing_name_and_type();
      expect(TokenKind::CloseBracket);
    }
    expect(TokenKind::OpenBrace);
    Node* const matched = list(&Parser::pattern_match, &Parser::ends_list);
    if (matched->children.empty()) missing("KQL0109", "a pattern, written ('value') = { query };");
    expect(TokenKind::CloseBrace);
    declaration = make(NodeKind::PatternDeclaration, at, {formal, path_of, matched});
  }
  return make(NodeKind::PatternStatement, begin, {label, declaration}, begin);
}

Node* Parser::pattern_match() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return nullptr;
  Node* const values =
      comma_list(&Parser::unnamed_expression, {&Parser::missing_value, &Parser::ends_list, true});
  expect(TokenKind::CloseParen);
  Node* path_of = nullptr;
  if (take(TokenKind::Dot)) {
    expect(TokenKind::OpenBracket);
    path_of = literal();
    if (path_of == nullptr) path_of = missing_value();
    expect(TokenKind::CloseBracket);
  }
  expect(TokenKind::Equal);
  Node* const body = or_missing_expression(function_body());
  expect(TokenKind::Semicolon);
  return make(NodeKind::PatternMatch, begin, {values, path_of, body});
}

}  // namespace redoubt::kql::detail
