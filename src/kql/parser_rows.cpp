#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

// Operators that make rows of values, or read text.

Node* Parser::make_series() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kMakeSeriesParameters, true);
  Node* const items =
      comma_list(&Parser::make_series_item, {&Parser::missing_expression, &Parser::ends_make_series, true});
  expect(TokenKind::OnKeyword);
  Node* const on = or_missing_expression(named_expression());
  Node* from = nullptr;
  Node* to = nullptr;
  Node* step = nullptr;
  Node* range = nullptr;
  if (is(TokenKind::FromKeyword) || is(TokenKind::ToKeyword) || is(TokenKind::StepKeyword)) {
    if (take(TokenKind::FromKeyword)) from = or_missing_expression(unnamed_expression());
    if (take(TokenKind::ToKeyword)) to = or_missing_expression(unnamed_expression());
    expect(TokenKind::StepKeyword);
    step = or_missing_expression(unnamed_expression());
  } else {
    expect(TokenKind::InKeyword);
    expect(TokenKind::RangeKeyword);
    expect(TokenKind::OpenParen);
    range = expression_list(&Parser::named_expression, &Parser::ends_list, false);
    expect(TokenKind::CloseParen);
  }
  Node* const by = take(TokenKind::ByKeyword) ? expression_list(&Parser::named_expression, nullptr) : nullptr;
  return make(NodeKind::MakeSeries, begin, {options, items, on, from, to, step, range, by}, begin);
}

bool Parser::ends_make_series() const {
  return ends_list_or({TokenKind::OnKeyword, TokenKind::FromKeyword, TokenKind::InKeyword});
}

Node* Parser::make_series_item() {
  const std::uint32_t begin = pos_;
  Node* const aggregate = named_expression();
  if (aggregate == nullptr) return nullptr;
  Node* otherwise = nullptr;
  if (take(TokenKind::DefaultKeyword)) {
    expect(TokenKind::Equal);
    otherwise = or_missing_expression(named_expression());
  }
  return make(NodeKind::MakeSeriesItem, begin, {aggregate, otherwise}, begin);
}

Node* Parser::mv_expand() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kMvExpandParameters, true);
  Node* const items =
      comma_list(&Parser::mv_item, {&Parser::missing_expression, &Parser::ends_mv_expand, true});
  Node* const limit = take(TokenKind::LimitKeyword) ? or_missing_expression(unnamed_expression()) : nullptr;
  return make(NodeKind::MvExpand, begin, {options, items, limit}, begin);
}

/// `a to typeof(long)`
Node* Parser::mv_item() {
  const std::uint32_t begin = pos_;
  Node* array = is(TokenKind::ToKeyword) ? missing_expression() : named_expression();
  if (array == nullptr) return nullptr;
  Node* const type_to = to_type_of();
  return make(NodeKind::MvItem, begin, {array, type_to}, begin);
}

Node* Parser::to_type_of() {
  if (!take(TokenKind::ToKeyword)) return nullptr;
  Node* const wanted = type_of();
  return wanted != nullptr ? wanted : missing("KQL0109", "a type, written typeof(long)");
}

/// A clause's keyword ends the list, unless it is clearly a name: `limit, a` and `id = a`.
bool Parser::ends_mv_apply() const {
  const bool keyword = is(TokenKind::LimitKeyword) || is(TokenKind::IdKeyword) || is(TokenKind::OnKeyword);
  const bool is_a_name = is(TokenKind::Comma, 1) || is(TokenKind::ToKeyword, 1) || is(TokenKind::Equal, 1);
  return (keyword && !is_a_name) || ends_list();
}

Node* Parser::mv_apply() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kMvApplyParameters, true);
  Node* const items =
      comma_list(&Parser::mv_item, {&Parser::missing_expression, &Parser::ends_mv_apply, true});
  Node* const limit = take(TokenKind::LimitKeyword) ? or_missing_expression(unnamed_expression()) : nullptr;
  Node* const id = take(TokenKind::IdKeyword) ? or_missing_expression(unnamed_expression()) : nullptr;
  expect(TokenKind::OnKeyword);
  expect(TokenKind::OpenParen);
  Node* const query = or_missing_expression(contextual_sub_expression());
  expect(TokenKind::CloseParen);
  return make(NodeKind::MvApply, begin, {options, items, limit, id, query}, begin);
}

/// parse and parse-where.
Node* Parser::parse() {
  const std::uint32_t begin = pos_;
  const NodeKind kind_of = is(TokenKind::ParseWhereKeyword) ? NodeKind::ParseWhere : NodeKind::Parse;
  ++pos_;
  Node* const options = parameters(kParseParameters, true);
  Node* const text_of = or_missing_expression(unnamed_expression());
  expect(TokenKind::WithKeyword);
  Node* const pattern = list(&Parser::parse_piece);
  return make(kind_of, begin, {options, text_of, pattern}, begin);
}

/// `*`, a text, or a column.
Node* Parser::parse_piece() {
  if (is(TokenKind::Asterisk)) return star();
  return is(TokenKind::StringLiteral) ? strings() : name_and_maybe_type();
}

Node* Parser::parse_kv() {
  const std::uint32_t begin = pos_++;
  Node* const text_of = or_missing_expression(unnamed_expression());
  expect(TokenKind::AsKeyword);
  Node* const keys = required_row_schema();
  Node* with = nullptr;
  if (take(TokenKind::WithKeyword)) {
    expect(TokenKind::OpenParen);
    with = parameter_list(kParseKvProperties, false);
    expect(TokenKind::CloseParen);
  }
  return make(NodeKind::ParseKv, begin, {text_of, keys, with}, begin);
}

bool Parser::ends_scan_list() const {
  return ends_list_or({TokenKind::PartitionKeyword, TokenKind::OrderKeyword, TokenKind::ByKeyword,
                       TokenKind::DeclareKeyword, TokenKind::WithKeyword});
}

Node* Parser::scan() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kScanParameters);
  const auto by = [&](TokenKind keyword, Rule element) -> Node* {
    if (!take(keyword)) return nullptr;
    expect(TokenKind::ByKeyword);
    return expression_list(element, &Parser::ends_scan_list);
  };
  Node* const order = by(TokenKind::OrderKeyword, &Parser::ordered_expression);
  Node* const partitions = by(TokenKind::PartitionKeyword, &Parser::unnamed_expression);
  Node* declared = nullptr;
  if (take(TokenKind::DeclareKeyword)) {
    expect(TokenKind::OpenParen);
    declared = comma_list(&Parser::function_parameter, {&Parser::missing_name_and_type, &Parser::ends_list});
    expect(TokenKind::CloseParen);
  }
  expect(TokenKind::WithKeyword);
  expect(TokenKind::OpenParen);
  Node* const steps = list(&Parser::scan_step, &Parser::ends_list);
  expect(TokenKind::CloseParen);
  return make(NodeKind::Scan, begin, {options, order, partitions, declared, steps}, begin);
}

Node* Parser::scan_step() {
  static constexpr std::string_view kOutputs[] = {"all", "last", "none"};
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::StepKeyword)) return nullptr;
  Node* const label = or_missing_name(declared_name());
  take(TokenKind::OptionalKeyword);
  std::uint32_t output = begin;
  if (take(TokenKind::OutputKeyword)) {
    expect(TokenKind::Equal);
    output = pos_;
    required_word(kOutputs);
  }
  expect(TokenKind::Colon);
  Node* const condition = or_missing_expression(unnamed_expression());
  Node* assignments = nullptr;
  if (take(TokenKind::FatArrow)) assignments = expression_list(&Parser::scan_assignment);
  expect(TokenKind::Semicolon);
  return make(NodeKind::ScanStep, begin, {label, condition, assignments}, output);
}

Node* Parser::scan_assignment() {
  const std::uint32_t begin = pos_;
  Node* const column = declared_name();
  if (column == nullptr) return nullptr;
  expect(TokenKind::Equal);
  Node* const value = or_missing_expression(unnamed_expression());
  return make(NodeKind::NamedExpression, begin, {column, value}, begin);
}

}  // namespace redoubt::kql::detail
