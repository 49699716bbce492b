#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

// Operators that take names and expressions only.
// The keyword of an operator stands next when its rule is called.

Node* Parser::operator_with_expression(NodeKind kind_of, ParameterRules rules, bool equal_needed) {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(rules, equal_needed);
  Node* const value = or_missing_expression(named_expression());
  return make(kind_of, begin, {options, value}, begin);
}

Node* Parser::operator_with_list(NodeKind kind_of, Rule element, bool not_empty) {
  const std::uint32_t begin = pos_++;
  Node* const items = expression_list(element, &Parser::ends_list, not_empty);
  return make(kind_of, begin, {items}, begin);
}

Node* Parser::as_operator() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kAsParameters, true);
  Node* const label = or_missing_name(name());
  return make(NodeKind::As, begin, {options, label}, begin);
}

Node* Parser::assert_schema() {
  const std::uint32_t begin = pos_++;
  Node* const schema = required_row_schema();
  return make(NodeKind::AssertSchema, begin, {schema}, begin);
}

Node* Parser::consume() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kConsumeParameters);
  return make(NodeKind::Consume, begin, {options}, begin);
}

Node* Parser::count() {
  if (is(TokenKind::OpenParen, 1)) return nullptr;  // the function
  const std::uint32_t begin = pos_++;
  Node* column = nullptr;
  if (take(TokenKind::AsKeyword)) {
    if (is(TokenKind::Identifier))
      column = leaf(NodeKind::Name);
    else
      column = missing_name();
  }
  return make(NodeKind::Count, begin, {column}, begin);
}

Node* Parser::distinct() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kDistinctParameters, true);
  Node* const columns = expression_list(&Parser::distinct_expression);
  return make(NodeKind::Distinct, begin, {options, columns}, begin);
}

Node* Parser::distinct_expression() { return is(TokenKind::Asterisk) ? star() : named_expression(); }

Node* Parser::evaluate() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kEvaluateParameters);
  Node* plugin = call();
  if (plugin == nullptr && scan_name(0) != 0) {
    Node* const function = name();
    expect(TokenKind::OpenParen);
    plugin = make(NodeKind::Call, function->begin, {function, make(NodeKind::ArgumentList, pos_)},
                  function->token);
  } else if (plugin == nullptr) {
    plugin = missing("KQL0109", "a call of a plugin");
  }
  Node* schema = nullptr;
  if (take(TokenKind::Colon)) {
    schema = row_schema(true);
    if (schema == nullptr) schema = missing("KQL0109", "a schema, written (name: type, ...)");
  }
  return make(NodeKind::Evaluate, begin, {options, plugin, schema}, begin);
}

Node* Parser::execute_and_cache() { return leaf(NodeKind::ExecuteAndCache); }

Node* Parser::extend() { return operator_with_list(NodeKind::Extend, &Parser::named_expression, true); }

Node* Parser::filter() { return operator_with_expression(NodeKind::Filter, {}); }

Node* Parser::get_schema() {
  static constexpr std::string_view kKinds[] = {"csl"};
  static constexpr ParameterRule kKind{"kind", ValueForm::Word, kKinds};
  const std::uint32_t begin = pos_++;
  Node* const option = one_parameter(kKind);
  return make(NodeKind::GetSchema, begin, {option}, begin);
}

Node* Parser::invoke() {
  const std::uint32_t begin = pos_++;
  Node* function = call();
  if (function != nullptr && is(TokenKind::Dot) && is_call(1)) {
    std::vector<Node*> parts{function};
    while (is(TokenKind::Dot) && is_call(1)) {
      ++pos_;
      parts.push_back(call());
    }
    function = make(NodeKind::Path, begin + 1, parts);
  }
  return make(NodeKind::Invoke, begin, {or_missing_expression(function)}, begin);
}

Node* Parser::print() { return operator_with_list(NodeKind::Print, &Parser::named_expression, true); }
Node* Parser::project() { return operator_with_list(NodeKind::Project); }
Node* Parser::project_rename() { return operator_with_list(NodeKind::ProjectRename); }
Node* Parser::project_away() { return operator_with_list(NodeKind::ProjectAway, &Parser::name_or_wildcard); }
Node* Parser::project_keep() { return operator_with_list(NodeKind::ProjectKeep, &Parser::name_or_wildcard); }
Node* Parser::project_by_names() {
  return operator_with_list(NodeKind::ProjectByNames, &Parser::unnamed_expression);
}
Node* Parser::project_reorder() {
  return operator_with_list(NodeKind::ProjectReorder, &Parser::reordered_name);
}

Node* Parser::reordered_name() {
  const std::uint32_t begin = pos_;
  Node* const column = name_or_wildcard();
  if (column == nullptr) return nullptr;
  const std::uint32_t at = pos_;
  const bool directed = take(TokenKind::AscKeyword) || take(TokenKind::DescKeyword) ||
                        take(TokenKind::GrannyAscKeyword) || take(TokenKind::GrannyDescKeyword);
  return directed ? make(NodeKind::Ordered, begin, {column, nullptr}, at) : column;
}

Node* Parser::range() {
  if (is(TokenKind::OpenParen, 1)) return nullptr;  // the function
  const std::uint32_t begin = pos_++;
  Node* const column = or_missing_name(name());
  expect(TokenKind::FromKeyword);
  Node* const from = or_missing_expression(unnamed_expression());
  expect(TokenKind::ToKeyword);
  Node* const to = or_missing_expression(unnamed_expression());
  expect(TokenKind::StepKeyword);
  Node* const step = or_missing_expression(unnamed_expression());
  return make(NodeKind::Range, begin, {column, from, to, step}, begin);
}

Node* Parser::reduce() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kReduceProperties);
  expect(TokenKind::ByKeyword);
  Node* const value = or_missing_expression(named_expression());
  Node* const with = take(TokenKind::WithKeyword) ? parameter_list(kReduceProperties, true) : nullptr;
  return make(NodeKind::Reduce, begin, {options, value, with}, begin);
}

std::size_t Parser::scan_chart(std::size_t ahead) const { return matches_any(chart_words(), ahead); }

Node* Parser::render() {
  const std::uint32_t begin = pos_++;
  const std::uint32_t chart = pos_;
  const std::size_t size = scan_chart(0);
  if (size != 0)
    pos_ += static_cast<std::uint32_t>(size);
  else if (!take(TokenKind::Identifier))
    problem_here("KQL0103", "expected: a chart, such as timechart or table");
  Node* const options = list(&Parser::deprecated_render_property);
  Node* with = nullptr;
  if (take(TokenKind::WithKeyword)) {
    expect(TokenKind::OpenParen);
    take(TokenKind::Comma);
    with = parameter_list(kRenderProperties, false);
    expect(TokenKind::CloseParen);
  }
  return make(NodeKind::Render, begin, {options, with}, chart);
}

/// Properties as they were written before `with (...)`.
Node* Parser::deprecated_render_property() {
  for (const ParameterRule& rule : kRenderParameters) {
    if (rule.name == "with" && is(TokenKind::OpenParen, 1)) continue;
    if (Node* const found = one_parameter(rule, rule.name == "by" ? &Parser::ends_render_columns : nullptr))
      return found;
  }
  return nullptr;
}

Node* Parser::sample() { return operator_with_expression(NodeKind::Sample, {}); }
Node* Parser::take_operator() { return operator_with_expression(NodeKind::Take, {}); }

Node* Parser::sample_distinct() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters({}, true);
  Node* const number = or_missing_expression(named_expression());
  expect(TokenKind::OfKeyword);
  Node* const column = or_missing_expression(named_expression());
  return make(NodeKind::SampleDistinct, begin, {options, number, column}, begin);
}

Node* Parser::serialize() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters({}, true);
  Node* const columns = expression_list(&Parser::named_expression, &Parser::ends_list, false);
  return make(NodeKind::Serialize, begin, {options, columns}, begin);
}

Node* Parser::sort() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kSortParameters);
  expect(TokenKind::ByKeyword);
  Node* const keys = expression_list(&Parser::ordered_expression);
  return make(NodeKind::Sort, begin, {options, keys}, begin);
}

/// The old `bin=1d` behind the keys is no key.
bool Parser::ends_summarize_by() const {
  const bool bin = is(TokenKind::BinKeyword) && is(TokenKind::Equal, 1) && is_literal(kind(2));
  return bin || ends_list();
}

Node* Parser::summarize() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::SummarizeKeyword)) return nullptr;
  Node* const options = parameters(kSummarizeParameters, true);
  Node* const aggregates = expression_list(&Parser::named_expression, &Parser::ends_summarize, false);
  Node* by = nullptr;
  Node* bin = nullptr;
  if (take(TokenKind::ByKeyword)) {
    by = expression_list(&Parser::named_expression, &Parser::ends_summarize_by);
    if (is(TokenKind::BinKeyword) && is(TokenKind::Equal, 1)) {
      pos_ += 2;
      bin = or_missing_expression(unnamed_expression());
    }
  }
  return make(NodeKind::Summarize, begin, {options, aggregates, by, bin}, begin);
}

Node* Parser::top() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kTopParameters, true);
  Node* const number = or_missing_expression(named_expression());
  expect(TokenKind::ByKeyword);
  Node* const key = or_missing_expression(ordered_expression());
  return make(NodeKind::Top, begin, {options, number, key}, begin);
}

Node* Parser::top_hitters() {
  const std::uint32_t begin = pos_++;
  Node* const number = or_missing_expression(named_expression());
  expect(TokenKind::OfKeyword);
  Node* const column = or_missing_expression(named_expression());
  Node* const by = take(TokenKind::ByKeyword) ? or_missing_expression(named_expression()) : nullptr;
  return make(NodeKind::TopHitters, begin, {number, column, by}, begin);
}

Node* Parser::top_nested() {
  const std::uint32_t begin = pos_;
  Node* const levels =
      comma_list(&Parser::top_nested_level, {&Parser::missing_expression, &Parser::ends_list, true});
  return make(NodeKind::TopNested, begin, {levels->children.begin(), levels->children.end()}, begin);
}

Node* Parser::top_nested_level() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::TopNestedKeyword)) return nullptr;
  Node* const number = is(TokenKind::OfKeyword) ? nullptr : named_expression();
  expect(TokenKind::OfKeyword);
  Node* const column = or_missing_expression(named_expression());
  Node* others = nullptr;
  if (take(TokenKind::WithKeyword)) {
    expect(TokenKind::OthersKeyword);
    expect(TokenKind::Equal);
    others = literal();
    if (others == nullptr) others = or_missing_expression(unnamed_expression());
  }
  expect(TokenKind::ByKeyword);
  Node* const by = or_missing_expression(ordered_expression());
  return make(NodeKind::TopNestedLevel, begin, {number, column, others, by}, begin);
}

}  // namespace redoubt::kql::detail
