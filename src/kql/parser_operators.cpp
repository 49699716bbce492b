#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

namespace {

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

const Parser::PipedOperator Parser::kPipedOperators[] = {
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

bool Parser::is_piped_operator() const {
  const auto is_read_here = [this](const PipedOperator& row) { return row.keyword == kind(); };
  return is_keyword(kind()) && std::ranges::any_of(kPipedOperators, is_read_here);
}

Node* Parser::piped_operator() {
  if (!is_keyword(kind())) return nullptr;
  for (const PipedOperator& row : kPipedOperators)
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
      return scan_chart(1) != 0 || is_name_token(1);
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
  return leaf(NodeKind::BadOperator,
              std::max<std::size_t>(scan_to({TokenKind::Bar, TokenKind::Semicolon}), 1));
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

}  // namespace redoubt::kql::detail
