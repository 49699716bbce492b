#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kCharts[] = {
    "table",        "list",       "barchart",  "piechart",         "ladderchart",  "timechart", "linechart",
    "anomalychart", "pivotchart", "areachart", "stackedareachart", "scatterchart", "timepivot", "columnchart",
    "timeline",     "3Dchart",    "card",      "treemap",          "plotly",       "graph",     "sankey"};

constexpr std::string_view kOperatorNames[] = {"as",
                                               "consume",
                                               "count",
                                               "distinct",
                                               "evaluate",
                                               "extend",
                                               "facet",
                                               "find",
                                               "fork",
                                               "getschema",
                                               "invoke",
                                               "join",
                                               "limit",
                                               "lookup",
                                               "make-graph",
                                               "graph-match",
                                               "graph-to-table",
                                               "make-series",
                                               "mv-apply",
                                               "mv-expand",
                                               "order",
                                               "parse",
                                               "parse-kv",
                                               "parse-where",
                                               "partition",
                                               "print",
                                               "project",
                                               "project-away",
                                               "project-keep",
                                               "project-rename",
                                               "project-reorder",
                                               "range",
                                               "reduce",
                                               "render",
                                               "sample",
                                               "sample-distinct",
                                               "scan",
                                               "search",
                                               "serialize",
                                               "sort",
                                               "summarize",
                                               "take",
                                               "top",
                                               "top-hitters",
                                               "top-nested",
                                               "union",
                                               "where"};

}  // namespace

Node* Parser::operator_at_start() {
  switch (kind()) {
    case TokenKind::EvaluateKeyword:
      return evaluate();
    case TokenKind::FindKeyword:
      return find();
    case TokenKind::MacroExpandKeyword:
      return macro_expand();
    case TokenKind::PrintKeyword:
      return print();
    case TokenKind::SearchKeyword:
      return search();
    case TokenKind::UnionKeyword:
      return union_operator();
    default:
      return nullptr;
  }
}

Node* Parser::piped_operator() {
  struct Row {
    TokenKind keyword;
    Rule read;
  };
  static constexpr Row kRows[] = {
      {TokenKind::AsKeyword, &Parser::as_operator},
      {TokenKind::AssertSchemaKeyword, &Parser::assert_schema},
      {TokenKind::ConsumeKeyword, &Parser::consume},
      {TokenKind::CountKeyword, &Parser::count},
      {TokenKind::DistinctKeyword, &Parser::distinct},
      {TokenKind::EvaluateKeyword, &Parser::evaluate},
      {TokenKind::UnderscoreExecuteAndCacheKeyword, &Parser::execute_and_cache},
      {TokenKind::ExtendKeyword, &Parser::extend},
      {TokenKind::FacetKeyword, &Parser::facet},
      {TokenKind::FilterKeyword, &Parser::filter},
      {TokenKind::FindKeyword, &Parser::find},
      {TokenKind::ForkKeyword, &Parser::fork},
      {TokenKind::GetSchemaKeyword, &Parser::get_schema},
      {TokenKind::GraphMarkComponentsKeyword, &Parser::graph_mark_components},
      {TokenKind::GraphMatchKeyword, &Parser::graph_match},
      {TokenKind::GraphShortestPathsKeyword, &Parser::graph_match},
      {TokenKind::GraphToTableKeyword, &Parser::graph_to_table},
      {TokenKind::GraphWhereEdgesKeyword, &Parser::graph_where},
      {TokenKind::GraphWhereNodesKeyword, &Parser::graph_where},
      {TokenKind::InlineExternalTableKeyword, &Parser::inline_external_table},
      {TokenKind::InvokeKeyword, &Parser::invoke},
      {TokenKind::JoinKeyword, &Parser::join},
      {TokenKind::LimitKeyword, &Parser::take_operator},
      {TokenKind::LookupKeyword, &Parser::lookup},
      {TokenKind::MakeGraphKeyword, &Parser::make_graph},
      {TokenKind::MakeSeriesKeyword, &Parser::make_series},
      {TokenKind::MvApplyKeyword, &Parser::mv_apply},
      {TokenKind::MvDashApplyKeyword, &Parser::mv_apply},
      {TokenKind::MvDashExpandKeyword, &Parser::mv_expand},
      {TokenKind::MvExpandKeyword, &Parser::mv_expand},
      {TokenKind::OrderKeyword, &Parser::sort},
      {TokenKind::ParseKeyword, &Parser::parse},
      {TokenKind::ParseKvKeyword, &Parser::parse_kv},
      {TokenKind::ParseWhereKeyword, &Parser::parse},
      {TokenKind::PartitionKeyword, &Parser::partition},
      {TokenKind::UnderscorePartitionByKeyword, &Parser::partition_by},
      {TokenKind::ProjectAwayKeyword, &Parser::project_away},
      {TokenKind::ProjectByNamesKeyword, &Parser::project_by_names},
      {TokenKind::ProjectKeepKeyword, &Parser::project_keep},
      {TokenKind::ProjectKeyword, &Parser::project},
      {TokenKind::ProjectRenameKeyword, &Parser::project_rename},
      {TokenKind::ProjectReorderKeyword, &Parser::project_reorder},
      {TokenKind::RangeKeyword, &Parser::range},
      {TokenKind::ReduceKeyword, &Parser::reduce},
      {TokenKind::RenderKeyword, &Parser::render},
      {TokenKind::SampleDistinctKeyword, &Parser::sample_distinct},
      {TokenKind::SampleKeyword, &Parser::sample},
      {TokenKind::ScanKeyword, &Parser::scan},
      {TokenKind::SearchKeyword, &Parser::search},
      {TokenKind::SerializeKeyword, &Parser::serialize},
      {TokenKind::SortKeyword, &Parser::sort},
      {TokenKind::SummarizeKeyword, &Parser::summarize},
      {TokenKind::TakeKeyword, &Parser::take_operator},
      {TokenKind::TopHittersKeyword, &Parser::top_hitters},
      {TokenKind::TopKeyword, &Parser::top},
      {TokenKind::TopNestedKeyword, &Parser::top_nested},
      {TokenKind::UnionKeyword, &Parser::union_operator},
      {TokenKind::WhereKeyword, &Parser::filter},
  };
  if (!is_keyword(kind())) return nullptr;
  for (const Row& row : kRows)
    if (row.keyword == kind()) return (this->*row.read)();
  return nullptr;
}

/// Whether an operator begins here, and not a name that is spelled like one.
bool Parser::may_begin_operator() const {
  switch (kind()) {
    case TokenKind::EvaluateKeyword:
      return scan_name(1) != 0 || scan_known_parameter(false, 1) != 0;
    case TokenKind::FacetKeyword:
      return is(TokenKind::ByKeyword, 1);
    case TokenKind::PartitionKeyword:
    case TokenKind::ReduceKeyword:
      return is(TokenKind::ByKeyword, 1) || scan_known_parameter(false, 1) != 0;
    case TokenKind::RangeKeyword: {
      const std::size_t size = scan_name(1);
      return size != 0 && is(TokenKind::FromKeyword, 1 + size);
    }
    case TokenKind::InlineExternalTableKeyword:
      return is(TokenKind::OpenParen, 1) || is(TokenKind::KindKeyword, 1);
    case TokenKind::RenderKeyword:
      return matches_any(kCharts, 1) != 0 || is_name_token(1);
    case TokenKind::AsKeyword:
    case TokenKind::AssertSchemaKeyword:
    case TokenKind::UnderscoreExecuteAndCacheKeyword:
    case TokenKind::FindKeyword:
    case TokenKind::GraphMatchKeyword:
    case TokenKind::GraphToTableKeyword:
    case TokenKind::InvokeKeyword:
    case TokenKind::MacroExpandKeyword:
    case TokenKind::MakeGraphKeyword:
    case TokenKind::GraphMarkComponentsKeyword:
    case TokenKind::MakeSeriesKeyword:
    case TokenKind::MvDashApplyKeyword:
    case TokenKind::MvDashExpandKeyword:
    case TokenKind::ParseWhereKeyword:
    case TokenKind::ParseKvKeyword:
    case TokenKind::PrintKeyword:
    case TokenKind::ProjectKeyword:
    case TokenKind::ProjectAwayKeyword:
    case TokenKind::ProjectKeepKeyword:
    case TokenKind::ProjectRenameKeyword:
    case TokenKind::ProjectByNamesKeyword:
    case TokenKind::ProjectReorderKeyword:
    case TokenKind::SampleKeyword:
    case TokenKind::SampleDistinctKeyword:
    case TokenKind::SearchKeyword:
    case TokenKind::TopHittersKeyword:
    case TokenKind::TopNestedKeyword:
    case TokenKind::UnionKeyword:
    case TokenKind::WhereKeyword:
      return true;
    default:
      return false;
  }
}

Node* Parser::bad_operator() {
  if (!is(TokenKind::Identifier)) return nullptr;
  const std::optional<std::string_view> meant = closest(text(), kOperatorNames);
  problem("KQL0107", fmt::format("not an operator: {}", text()), peek(),
          meant ? fmt::format("did you mean {}?", *meant)
                : std::string("an operator such as where or summarize follows |"));
  return leaf(NodeKind::BadOperator);
}

Node* Parser::required_operator() {
  if (Node* const found = piped_operator()) return found;
  if (Node* const found = operator_at_start()) return found;
  if (Node* const bad = bad_operator()) return bad;
  return missing("KQL0107", "an operator, such as where or summarize");
}

Node* Parser::pipe(Node* source, std::uint32_t begin) {
  if (source == nullptr || !is(TokenKind::Bar)) return source;
  std::vector<Node*> parts{source};
  while (take(TokenKind::Bar))
    parts.push_back(required_operator());
  return make(NodeKind::Pipe, begin, parts);
}

Node* Parser::expression() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  Node* source = nullptr;
  if (may_begin_operator()) {
    source = operator_at_start();
    if (source == nullptr) source = piped_operator();
    if (source == nullptr) source = unnamed_expression();
  } else {
    source = unnamed_expression();
    if (source == nullptr) source = operator_at_start();
    if (source == nullptr) source = piped_operator();
  }
  return pipe(source, begin);
}

Node* Parser::fork_operator() {
  Node* const found = piped_operator();
  return found != nullptr ? found : operator_at_start();
}

Node* Parser::fork_pipe() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  return pipe(fork_operator(), begin);
}

Node* Parser::sub_expression() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  return pipe(required_operator(), begin);
}

Node* Parser::contextual_sub_expression() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  Node* const table = contextual_data_table();
  return pipe(table != nullptr ? table : required_operator(), begin);
}

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

Node* Parser::render() {
  const std::uint32_t begin = pos_++;
  const std::uint32_t chart = pos_;
  const std::size_t size = matches_any(kCharts);
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
