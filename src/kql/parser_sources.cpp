#include "core/text.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

Node* Parser::data_table() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::DataTableKeyword)) return nullptr;
  Node* const options = parameters({});
  Node* const schema = required_row_schema();
  expect(TokenKind::OpenBracket);
  take(TokenKind::Comma);
  Node* const values =
      comma_list(&Parser::literal, {&Parser::missing_value, &Parser::ends_list, false, true});
  expect(TokenKind::CloseBracket);
  return make(NodeKind::DataTable, begin, {options, schema, values});
}

Node* Parser::contextual_data_table() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::UnderscoreContextualDataTableKeyword)) return nullptr;
  Node* id = literal();
  if (id == nullptr) id = or_missing_expression(unnamed_expression());
  Node* const schema = required_row_schema();
  return make(NodeKind::ContextualDataTable, begin, {id, schema});
}

Node* Parser::external_data() {
  const std::uint32_t begin = pos_;
  ++pos_;
  Node* const options = parameters({});
  Node* const schema = required_row_schema();
  expect(TokenKind::OpenBracket);
  Node* const sources =
      comma_list(&Parser::expression, {&Parser::missing_value, &Parser::ends_list, false, true});
  expect(TokenKind::CloseBracket);
  Node* const with = properties();
  return make(NodeKind::ExternalData, begin, {options, schema, sources, with});
}

/// `with (name = value, ...)`
Node* Parser::properties() {
  if (!take(TokenKind::WithKeyword)) return nullptr;
  expect(TokenKind::OpenParen);
  Node* const out = comma_list(&Parser::property, {&Parser::missing_parameter, &Parser::ends_list});
  expect(TokenKind::CloseParen);
  return out;
}

Node* Parser::property() {
  const std::uint32_t begin = pos_;
  Node* const label = declared_name();
  if (label == nullptr) return nullptr;
  expect(TokenKind::Equal);
  Node* value = property_value();
  if (value == nullptr) value = missing_value();
  return make(NodeKind::Parameter, begin, {label, value}, begin);
}

Node* Parser::property_value() {
  switch (kind()) {
    case TokenKind::StringLiteral:
    case TokenKind::LongLiteral:
    case TokenKind::RealLiteral:
    case TokenKind::BoolLiteral:
    case TokenKind::DateTimeLiteral:
      return literal();
    case TokenKind::RawGuidLiteral:
    case TokenKind::GuidLiteral:
      return leaf(NodeKind::Literal);
    default:
      return declared_name();
  }
}

/// Whether a colon comes before the parenthesis is closed.
bool Parser::is_external_schema(std::size_t ahead) {
  if (!is(TokenKind::OpenParen, ahead)) return false;
  const std::size_t begin = ahead + 1;
  const auto find_end = [&] {
    std::size_t i = begin;
    while (!is(TokenKind::End, i) && !is(TokenKind::Colon, i) && !is(TokenKind::CloseParen, i))
      ++i;
    return i - begin;
  };
  const std::size_t end = schema_.distance(pos_ + static_cast<std::uint32_t>(begin), find_end);
  return !is(TokenKind::CloseParen, begin + end);
}

Node* Parser::inline_external_table() {
  static constexpr std::string_view kKinds[] = {"storage", "delta"};
  const std::uint32_t begin = pos_;
  if (!is_external_schema(1) && !is(TokenKind::KindKeyword, 1)) return nullptr;
  ++pos_;
  Node* const options = make(NodeKind::List, pos_);  // it has none so far
  Node* schema = is_external_schema(0) ? row_schema() : nullptr;
  bool delta = false;
  Node* kind_of = nullptr;
  if (take(TokenKind::KindKeyword)) {
    expect(TokenKind::Equal);
    delta = equal_any_case(text(), "delta");
    kind_of = required_word(kKinds);
  } else {
    kind_of = missing("KQL0109", "the kind of the external table: kind=storage or kind=delta");
  }
  if (schema == nullptr && !delta) schema = missing("KQL0109", "a schema, written (name: type, ...)");
  Node* columns = nullptr;
  if (take(TokenKind::PartitionKeyword)) {
    expect(TokenKind::ByKeyword);
    expect(TokenKind::OpenParen);
    take(TokenKind::Comma);
    columns = comma_list(&Parser::partition_column,
                         {&Parser::missing_name_and_type, &Parser::ends_list, false, true});
    expect(TokenKind::CloseParen);
  }
  Node* format = nullptr;
  if (take(TokenKind::PathFormatKeyword)) {
    expect(TokenKind::Equal);
    expect(TokenKind::OpenParen);
    strings();
    format = list(&Parser::path_format_token, &Parser::ends_list);
    expect(TokenKind::CloseParen);
  }
  Node* data_format = nullptr;
  if (take(TokenKind::DataFormatKeyword)) {
    expect(TokenKind::Equal);
    data_format = is(TokenKind::Identifier) ? leaf(NodeKind::Word) : missing_value();
  } else if (!delta) {
    data_format = missing("KQL0109", "the format of the data: dataformat=csv");
  }
  Node* connections = nullptr;
  if (take(TokenKind::OpenParen)) {
    connections = comma_list(&Parser::expression, {&Parser::missing_value, &Parser::ends_list, false, true});
    expect(TokenKind::CloseParen);
  } else {
    connections = missing("KQL0109", "where the data is: ('https://...')");
  }
  Node* const with = properties();
  return make(NodeKind::InlineExternalTable, begin,
              {options, schema, kind_of, columns, format, data_format, connections, with});
}

Node* Parser::partition_column() {
  const std::uint32_t begin = pos_;
  Node* const column = declared_name();
  if (column == nullptr) return nullptr;
  expect(TokenKind::Colon);
  Node* kind_of = nullptr;
  if (is(TokenKind::DateTimeKeyword) || is(TokenKind::LongKeyword) || is(TokenKind::StringKeyword))
    kind_of = leaf(NodeKind::Type);
  else
    kind_of = missing("KQL0109", "the type of a partition: datetime, long or string");
  Node* const value = take(TokenKind::Equal) ? or_missing_expression(unnamed_expression()) : nullptr;
  return make(NodeKind::FunctionParameter, begin, {column, kind_of, value}, begin);
}

Node* Parser::path_format_token() {
  const std::uint32_t begin = pos_;
  Node* column = nullptr;
  if (take(TokenKind::DateTimePatternKeyword)) {
    expect(TokenKind::OpenParen);
    strings();
    expect(TokenKind::Comma);
    column = or_missing_name(name());
    expect(TokenKind::CloseParen);
  } else {
    column = name();
  }
  if (column == nullptr) {
    problem("KQL0109", "not a part of a path format", peek());
    ++pos_;
  }
  strings();
  return make(NodeKind::Clause, begin, {column}, begin);
}

Node* Parser::materialized_view_combine() {
  const std::uint32_t begin = pos_++;
  const auto clause = [&](std::string_view keyword, Rule inside) {
    if (!keyword.empty() && !take_text(keyword)) return missing("KQL0109", keyword);
    expect(TokenKind::OpenParen);
    Node* const out = or_missing_expression((this->*inside)());
    expect(TokenKind::CloseParen);
    return out;
  };
  Node* const view = clause("", &Parser::expression);
  Node* const base = clause("base", &Parser::expression);
  Node* const delta = clause("delta", &Parser::expression);
  Node* const aggregations = clause("aggregations", &Parser::summarize);
  return make(NodeKind::MaterializedViewCombine, begin, {view, base, delta, aggregations});
}

Node* Parser::to_scalar() {
  const std::uint32_t begin = pos_++;
  Node* const option = one_parameter(kToScalarParameters.front());
  expect(TokenKind::OpenParen);
  Node* const inside = or_missing_expression(expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::ToScalar, begin, {option, inside}, begin);
}

Node* Parser::to_table() {
  Node* const out = to_scalar();
  out->kind = NodeKind::ToTable;
  return out;
}

Node* Parser::materialize() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::MaterializeKeyword)) return nullptr;
  expect(TokenKind::OpenParen);
  Node* const inside = or_missing_expression(expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::Materialize, begin, {inside}, begin);
}

Node* Parser::entity_group() {
  const std::uint32_t begin = pos_;
  if (!is(TokenKind::EntityGroupKeyword)) return nullptr;
  if (is_call()) return call();
  ++pos_;
  expect(TokenKind::OpenBracket);
  Node* const members = expression_list(&Parser::unnamed_expression);
  expect(TokenKind::CloseBracket);
  return make(NodeKind::EntityGroup, begin, {members->children.begin(), members->children.end()});
}

/// `cluster('c').database('d').t`
Node* Parser::entity_path() {
  const std::uint32_t begin = pos_;
  Node* const base = selector_or_call();
  if (base == nullptr) return nullptr;
  std::vector<Node*> parts{base};
  for (;;) {
    if (take(TokenKind::Dot))
      parts.push_back(or_missing_name(selector_or_call()));
    else if (is(TokenKind::OpenBracket))
      parts.push_back(selector());
    else
      break;
  }
  return parts.size() == 1 ? base : make(NodeKind::Path, begin, parts);
}

Node* Parser::simple_path() {
  const std::uint32_t begin = pos_;
  Node* const base = selector();
  if (base == nullptr) return nullptr;
  std::vector<Node*> parts{base};
  for (;;) {
    if (take(TokenKind::Dot))
      parts.push_back(or_missing_name(selector()));
    else if (is(TokenKind::OpenBracket))
      parts.push_back(selector());
    else
      break;
  }
  return parts.size() == 1 ? base : make(NodeKind::Path, begin, parts);
}

Node* Parser::bracketed_entity_name() {
  Node* const wildcard = bracketed_wildcard_name();
  return wildcard != nullptr ? wildcard : bracketed_name();
}

Node* Parser::wildcard_entity() {
  const std::uint32_t begin = pos_;
  if (scan_wildcard_name(0) != 0) return wildcard_name();
  Node* const base = selector_or_call();
  if (base == nullptr) return nullptr;
  std::vector<Node*> parts{base};
  for (;;) {
    if (take(TokenKind::Dot)) {
      const bool wildcard = scan_wildcard_name(0) != 0;
      parts.push_back(wildcard ? wildcard_name() : or_missing_name(selector_or_call()));
      if (wildcard) break;
    } else if (is(TokenKind::OpenBracket)) {
      parts.push_back(selector());
    } else {
      break;
    }
  }
  return parts.size() == 1 ? base : make(NodeKind::Path, begin, parts);
}

/// What the rule makes that reads the most; the first of those that read as much.
Node* Parser::best_of(std::initializer_list<Rule> rules) {
  const std::uint32_t begin = pos_;
  const std::size_t before = syntax_.problems.size();
  std::uint32_t best_end = begin;
  Node* best = nullptr;
  std::vector<Problem> best_problems;
  for (const Rule rule : rules) {
    pos_ = begin;
    told_at_ = UINT32_MAX;
    Node* const found = (this->*rule)();
    const auto first = syntax_.problems.begin() + static_cast<std::ptrdiff_t>(before);
    if (pos_ > best_end) {
      best = found;
      best_end = pos_;
      best_problems.assign(first, syntax_.problems.end());
    }
    syntax_.problems.erase(first, syntax_.problems.end());
  }
  pos_ = best_end;
  syntax_.problems.insert(syntax_.problems.end(), best_problems.begin(), best_problems.end());
  return best;
}

}  // namespace redoubt::kql::detail
