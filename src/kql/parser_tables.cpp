#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

// Operators with tables or operators of their own.

Node* Parser::facet() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_++;
  expect(TokenKind::ByKeyword);
  Node* const columns = comma_list(&Parser::simple_path, {&Parser::missing_name, &Parser::ends_facet, true});
  Node* with = nullptr;
  if (take(TokenKind::WithKeyword)) {
    const bool parens = take(TokenKind::OpenParen);
    with = parens ? fork_pipe() : fork_operator();
    if (with == nullptr) with = missing("KQL0107", "an operator, such as where or summarize");
    if (parens) expect(TokenKind::CloseParen);
  }
  return make(NodeKind::Facet, begin, {columns, with}, begin);
}

Node* Parser::find() {
  const std::uint32_t begin = pos_++;
  Node* const scope = data_scope();
  Node* const options = parameters(kFindParameters);
  Node* const tables = find_in();
  if (!options->children.empty() || tables != nullptr)
    expect(TokenKind::WhereKeyword);
  else
    take(TokenKind::WhereKeyword);
  Node* const condition = or_missing_expression(unnamed_expression());
  Node* const columns = find_project();
  Node* const away = find_project_away();
  return make(NodeKind::Find, begin, {scope, options, tables, condition, columns, away}, begin);
}

/// `in (T1, T2)`
Node* Parser::find_in() {
  if (!take(TokenKind::InKeyword)) return nullptr;
  expect(TokenKind::OpenParen);
  Node* const tables = expression_list(&Parser::find_operand);
  expect(TokenKind::CloseParen);
  return tables;
}

Node* Parser::find_operand() { return best_of({&Parser::find_name, &Parser::wildcard_entity}); }

/// A table, perhaps with a name for this query: `T | as name`.
Node* Parser::find_name() {
  const std::uint32_t begin = pos_;
  Node* table = bracketed_wildcard_name();
  if (table == nullptr) table = bracketed_name();
  if (table == nullptr) table = bare_selector();
  if (table == nullptr || !take(TokenKind::Bar)) return table;
  Node* const as = is(TokenKind::AsKeyword) ? as_operator() : missing("KQL0107", "the operator as");
  return make(NodeKind::Pipe, begin, {table, as});
}

Node* Parser::find_project() {
  const std::uint32_t begin = pos_;
  if (take(TokenKind::ProjectSmartKeyword)) return make(NodeKind::List, begin, {}, begin);
  return take(TokenKind::ProjectKeyword) ? expression_list(&Parser::find_column, nullptr) : nullptr;
}

Node* Parser::find_project_away() {
  return take(TokenKind::UnderscoreProjectAwayKeyword) ? expression_list(&Parser::find_column, nullptr)
                                                       : nullptr;
}

/// `a`, `a: long`, `*` or `pack(*)`
Node* Parser::find_column() {
  const std::uint32_t begin = pos_;
  if (take(TokenKind::PackKeyword)) {
    expect(TokenKind::OpenParen);
    expect(TokenKind::Asterisk);
    expect(TokenKind::CloseParen);
    return make(NodeKind::Star, begin, {}, begin);
  }
  if (is(TokenKind::Asterisk)) return star();
  Node* const column = name();
  if (column == nullptr || !take(TokenKind::Colon)) return column;
  Node* type_of_column = any_type();
  if (type_of_column == nullptr) type_of_column = wrong_type();
  return make(NodeKind::NameAndType, begin, {column, type_of_column}, column->token);
}

Node* Parser::fork() {
  const std::uint32_t begin = pos_++;
  Node* const branches = list(&Parser::fork_branch);
  if (!branches->children.empty())
    return make(NodeKind::Fork, begin, {branches->children.begin(), branches->children.end()}, begin);
  return make(NodeKind::Fork, begin, {missing("KQL0109", "a query in parentheses")}, begin);
}

Node* Parser::fork_branch() {
  const std::uint32_t begin = pos_;
  const std::size_t size = scan_name(0);
  Node* label = nullptr;
  if (size != 0 && is(TokenKind::Equal, size)) {
    label = name();
    expect(TokenKind::Equal);
  } else if (!is(TokenKind::OpenParen)) {
    return nullptr;
  }
  expect(TokenKind::OpenParen);
  Node* query = fork_pipe();
  if (query == nullptr) query = or_missing_expression(expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::ForkBranch, begin, {label, query}, begin);
}

Node* Parser::join() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kJoinParameters, true);
  Node* const right = or_missing_expression(unnamed_expression());
  Node* condition = join_on();
  if (condition == nullptr && take(TokenKind::WhereKeyword))
    condition = or_missing_expression(unnamed_expression());
  return make(NodeKind::Join, begin, {options, right, condition}, begin);
}

Node* Parser::join_on() {
  return take(TokenKind::OnKeyword) ? expression_list(&Parser::unnamed_expression, nullptr) : nullptr;
}

Node* Parser::lookup() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kLookupParameters, true);
  Node* const right = or_missing_expression(unnamed_expression());
  Node* keys = join_on();
  if (keys == nullptr) {
    problem_here("KQL0103", "expected: on, with the columns to look up by");
    keys = make(NodeKind::List, pos_);
  }
  return make(NodeKind::Lookup, begin, {options, right, keys}, begin);
}

Node* Parser::macro_expand() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kUnionParameters, true);
  Node* group = entity_group();
  if (group == nullptr) {
    const bool path_begins = (text() == "database" || text() == "cluster") && is(TokenKind::OpenParen, 1);
    group = path_begins ? entity_path() : name();
  }
  group = or_missing_expression(group);
  Node* const scope = take(TokenKind::AsKeyword) ? or_missing_name(name()) : nullptr;
  expect(TokenKind::OpenParen);
  Node* const body = statements();
  expect(TokenKind::CloseParen);
  return make(NodeKind::MacroExpand, begin, {options, group, scope, body}, begin);
}

Node* Parser::partition() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kPartitionParameters);
  expect(TokenKind::ByKeyword);
  Node* const column = or_missing_name(simple_path());
  Node* scope = nullptr;
  if (take(TokenKind::InKeyword)) {
    scope = call();
    if (scope == nullptr) scope = or_missing_expression(dynamic_literal());
  }
  Node* query = nullptr;
  if (take(TokenKind::OpenBrace)) {
    query = or_missing_expression(expression());
    expect(TokenKind::CloseBrace);
  } else if (take(TokenKind::OpenParen)) {
    query = or_missing_expression(sub_expression());
    expect(TokenKind::CloseParen);
  } else {
    query = missing("KQL0109", "a query in parentheses");
  }
  return make(NodeKind::Partition, begin, {options, column, scope, query}, begin);
}

Node* Parser::partition_by() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kPartitionParameters);
  Node* const column = or_missing_name(simple_path());
  Node* id = nullptr;
  if (take(TokenKind::IdKeyword)) {
    id = literal();
    if (id == nullptr) id = missing_value();
  }
  expect(TokenKind::OpenParen);
  Node* const query = or_missing_expression(contextual_sub_expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::PartitionBy, begin, {options, column, id, query}, begin);
}

Node* Parser::search() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kSearchParameters, true);
  Node* const scope = data_scope();
  Node* const tables = find_in();
  Node* const condition = or_missing_expression(search_predicate());
  return make(NodeKind::Search, begin, {options, scope, tables, condition}, begin);
}

/// A condition, or `*`, which may go on with `and`.
Node* Parser::search_predicate() {
  if (Node* const condition = unnamed_expression()) return condition;
  if (!is(TokenKind::Asterisk)) return nullptr;
  const std::uint32_t begin = pos_;
  Node* const all = star();
  if (!take(TokenKind::AndKeyword)) return all;
  Node* const rest = or_missing_expression(unnamed_expression());
  return make(NodeKind::And, begin, {all, rest});
}

Node* Parser::union_operator() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kUnionParameters, true);
  Node* const tables = expression_list(&Parser::union_expression);
  return make(NodeKind::Union, begin, {options, tables}, begin);
}

Node* Parser::union_expression() {
  if (is(TokenKind::OpenParen)) return parenthesized();
  return best_of({&Parser::bracketed_entity_name, &Parser::wildcard_entity, &Parser::bare_selector});
}

}  // namespace redoubt::kql::detail
