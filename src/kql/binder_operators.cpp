#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/type_rules.h"

namespace redoubt::kql::detail {

Binder::Bound Binder::bind_pipe(const Node& node) {
  Bound out = nullptr;
  {
    const Node& first_operator = node[1];
    const bool fuzzy = first_operator.kind == NodeKind::Union &&
                       parameter_of(first_operator.child(0), {"isfuzzy", "__isFuzzy"}) == "true";
    const Change<bool> may_lack(fuzzy_, fuzzy || fuzzy_);
    out = bind(node[0], Want::Table);
  }
  for (std::size_t i = 1; i < node.children.size(); ++i)
    out = bind_operator_on(node[i], out);
  return out;
}

/// What follows something faulty is bound with open rows: then only its own mistakes are told.
Binder::Bound Binder::bind_operator_on(const Node& node, Bound input) {
  const Relation* rows = input->relation();
  if (!input->is_table() && input->kind != ExpressionKind::Graph && input->kind != ExpressionKind::Tables) {
    if (!input->is_error() && input->syntax != nullptr && input->kind != ExpressionKind::Word)
      check_table(input);
    Relation* const any = relation(NodeKind::Missing, node, {});
    any->open = true;
    rows = any;
  }
  static constexpr NodeKind kPassOn[] = {NodeKind::Filter, NodeKind::Take, NodeKind::Sort, NodeKind::Sample};
  const bool passes_on = std::find(std::begin(kPassOn), std::end(kPassOn), node.kind) != std::end(kPassOn);
  if (rows != nullptr && !passes_on && !spend(rows->columns.size(), node)) return error(node);
  const Change<const Relation*> below(rows_, input->kind == ExpressionKind::Graph ? nullptr : rows);
  const Change<Bound> graph(graph_, graph_of(input));
  const Change<bool> piped(piped_, true);
  const Change<Calls> calls(calls_, Calls::Scalars);
  return bind_operator(node);
}

const Binder::OperatorRow Binder::kOperators[] = {
    {NodeKind::As, &Binder::as},
    {NodeKind::AssertSchema, &Binder::pass_on},
    {NodeKind::Consume, &Binder::consume},
    {NodeKind::Count, &Binder::count},
    {NodeKind::Distinct, &Binder::distinct},
    {NodeKind::Evaluate, &Binder::evaluate},
    {NodeKind::ExecuteAndCache, &Binder::pass_on},
    {NodeKind::Extend, &Binder::extend},
    {NodeKind::Facet, &Binder::facet},
    {NodeKind::Filter, &Binder::filter},
    {NodeKind::Find, &Binder::find},
    {NodeKind::Fork, &Binder::fork},
    {NodeKind::GetSchema, &Binder::get_schema},
    {NodeKind::GraphMarkComponents, &Binder::graph_with_components},
    {NodeKind::GraphMatch, &Binder::graph_match},
    {NodeKind::GraphShortestPaths, &Binder::graph_match},
    {NodeKind::GraphToTable, &Binder::graph_to_table},
    {NodeKind::GraphWhereEdges, &Binder::graph_where},
    {NodeKind::GraphWhereNodes, &Binder::graph_where},
    {NodeKind::Invoke, &Binder::invoke},
    {NodeKind::Join, &Binder::join},
    {NodeKind::Lookup, &Binder::lookup},
    {NodeKind::MacroExpand, &Binder::macro_expand},
    {NodeKind::MakeGraph, &Binder::make_graph},
    {NodeKind::MakeSeries, &Binder::make_series},
    {NodeKind::MvApply, &Binder::mv_apply},
    {NodeKind::MvExpand, &Binder::mv_expand},
    {NodeKind::Parse, &Binder::parse},
    {NodeKind::ParseKv, &Binder::parse_kv},
    {NodeKind::ParseWhere, &Binder::parse},
    {NodeKind::Partition, &Binder::partition},
    {NodeKind::PartitionBy, &Binder::partition_by},
    {NodeKind::Print, &Binder::print},
    {NodeKind::Project, &Binder::project_operator},
    {NodeKind::ProjectAway, &Binder::project_away_or_keep},
    {NodeKind::ProjectByNames, &Binder::project_by_names},
    {NodeKind::ProjectKeep, &Binder::project_away_or_keep},
    {NodeKind::ProjectRename, &Binder::project_rename},
    {NodeKind::ProjectReorder, &Binder::project_reorder},
    {NodeKind::Range, &Binder::range},
    {NodeKind::Reduce, &Binder::reduce},
    {NodeKind::Render, &Binder::render},
    {NodeKind::Sample, &Binder::take},
    {NodeKind::SampleDistinct, &Binder::sample_distinct},
    {NodeKind::Scan, &Binder::scan},
    {NodeKind::Search, &Binder::search},
    {NodeKind::Serialize, &Binder::serialize},
    {NodeKind::Sort, &Binder::sort},
    {NodeKind::Summarize, &Binder::summarize},
    {NodeKind::Take, &Binder::take},
    {NodeKind::Top, &Binder::top},
    {NodeKind::TopHitters, &Binder::top_hitters},
    {NodeKind::TopNested, &Binder::top_nested},
    {NodeKind::Union, &Binder::union_operator},
};

Binder::Bound Binder::bind_operator(const Node& node) {
  for (const OperatorRow& row : kOperators)
    if (row.kind == node.kind) {
      const Bound out = (this->*row.bind)(node);
      if (is_noted()) analysis_.operators.push_back({&node, rows_, nullptr, out->relation()});
      return out;
    }
  if (is_noted()) analysis_.operators.push_back({&node, rows_, nullptr, nullptr});
  return error(node);
}

Binder::Bound Binder::pass_on(const Node& node) {
  check_piped(node);
  return table(same_rows(node), node);
}

/// `where a = "x"` gives the value "x" a name; false: so it does, and that is no condition.
bool Binder::check_no_assignment(const Node& condition) {
  if (condition.kind != NodeKind::NamedExpression) return true;
  const Node* first = &condition[1];
  while (first->kind == NodeKind::And || first->kind == NodeKind::Or)
    first = &(*first)[0];
  Bound value = nullptr;
  {
    const Change<bool> muted(muted_, true);
    const Change<std::size_t> count(faults_, 0);
    const Change<std::string> fault(first_fault_, {});
    value = bind(*first);
  }
  if (!value->is_scalar() || value->type == Type::Unknown || value->type == Type::Bool || value->guessed)
    return true;
  problem(
      "KQL0207",
      fmt::format("= gives a name, it compares nothing; this must be bool, it is {}", type_name(value->type)),
      condition, "did you mean ==?");
  return false;
}

Binder::Bound Binder::filter(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], {});
  const Bound condition = check_no_assignment(node[1]) ? bind(node[1]) : error(node[1]);
  check_type(condition, Type::Bool);
  Relation* const out = same_rows(node);
  out->arguments = list_of({condition});
  return table(out, node);
}

/// The rows are read, and nothing is left of them.
Binder::Bound Binder::consume(const Node& node) {
  check_piped(node);
  check_parameters(node.child(0), kConsumeParameters);
  Relation* const out = relation(node.kind, node, {});
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  return table(out, node);
}

/// take and sample.
Binder::Bound Binder::take(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], {});
  const Bound number = bind(node[1]);
  check_integer(number);
  Relation* const out = same_rows(node);
  out->arguments = list_of({number});
  out->sorted = false;
  return table(out, node);
}

Binder::Bound Binder::sample_distinct(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], {});
  const Bound number = bind(node[1]);
  check_integer(number);
  const Bound value = bind(node[2]);
  if (check_column(value)) check_not_dynamic(value);
  if (value->is_error()) return value;
  Projection out(arena_);
  out.add(column_for(value, name_or(value, "Column1")), value);
  Relation* const made = projected_rows(node, out);
  made->arguments = list_of({number});
  return table(made, node);
}

Binder::Bound Binder::count(const Node& node) {
  check_piped(node);
  const std::string_view name = node.child(0) == nullptr ? "Count" : name_of(node[0]);
  Relation* const out = relation(node.kind, node, {column(name, Type::Long)});
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  return table(out, node);
}

Binder::Bound Binder::top(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kTopParameters);
  const Bound number = bind(node[1]);
  check_integer(number);
  const Bound by = bind(node[2]);
  check_scalar(by);
  Relation* const out = same_rows(node);
  out->arguments = list_of({number});
  const SortKey key = sort_key(node[2], by);
  out->order = arena_.copy(std::span<const SortKey>(&key, 1));
  out->sorted = true;
  return table(out, node);
}

/// Descending unless asc is written; nulls come last then, and first otherwise.
SortKey Binder::sort_key(const Node& node, Bound value) const {
  SortKey out{value};
  if (node.kind != NodeKind::Ordered) return out;
  const TokenKind order = syntax_->tokens[node.token].kind;
  out.descending = order != TokenKind::AscKeyword && order != TokenKind::GrannyAscKeyword;
  out.nulls_first = !out.descending;
  if (const Node* const nulls = node.child(1))
    out.nulls_first = syntax_->tokens[nulls->end - 1].kind == TokenKind::FirstKeyword;
  return out;
}

Binder::Bound Binder::sort(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kSortParameters);
  std::vector<SortKey> keys;
  for (const Node* key : node[1].children) {
    const Bound value = bind(*key);
    if (check_scalar(value)) check_not_dynamic(value);
    keys.push_back(sort_key(*key, value));
  }
  Relation* const out = same_rows(node);
  out->order = arena_.copy(std::span<const SortKey>(keys));
  out->sorted = out->serialized = true;
  return table(out, node);
}

Binder::Bound Binder::serialize(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], {});
  Projection out(arena_);
  out.start(columns_of(rows_));
  for (const Node* one : node[1].children)
    project(*one, out, Style::Project);
  return projected(node, out);
}

Binder::Bound Binder::as(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kAsParameters);
  const std::string_view name = name_of(node[1]);
  Relation* const out = same_rows(node);
  out->name = name;
  const Bound result = table(out, node);
  if (!name.empty() && rows_ != nullptr) scope_->add(name, table(rows_, node));
  return result;
}

Binder::Bound Binder::print(const Node& node) {
  check_first(node);
  Projection out(arena_);
  std::size_t number = 0;
  for (const Node* one : node[0].children)
    project(*one, out, Style::Print, {}, keep(fmt::format("print_{}", number++)));
  return projected(node, out, false);
}

Binder::Bound Binder::range(const Node& node) {
  check_first(node);
  const Bound from = bind(node[1]);
  const Bound to = bind(node[2]);
  const Bound step = bind(node[3]);
  const bool summable = check_summable(from) && check_summable(to) && check_summable(step);
  const Type ends = common_type(from->type, to->type).value_or(Type::Unknown);
  Type type = Type::Int;
  if (ends != Type::Int || step->type != Type::Int) {
    const std::optional<Type> sum = operator_type(TokenKind::Plus, ends, step->type);
    if (!sum && summable)
      problem("KQL0206", fmt::format("{} is no step of {}", type_name(step->type), type_name(ends)), node[3]);
    type = sum.value_or(Type::Unknown);
  }
  Relation* const out = relation(node.kind, node, {column(name_of(node[0]), type)});
  out->arguments = list_of({from, to, step});
  return table(out, node);
}

void Binder::check_chart(const Node& render) {
  const Token& token = syntax_->tokens[render.token];
  const std::string_view chart = syntax_->text_of(token);
  if (token.kind != TokenKind::Identifier || std::ranges::find(chart_words(), chart) != chart_words().end())
    return;
  Node at = render;
  at.begin = render.token;
  at.end = at.begin + 1;
  const std::optional<std::string_view> meant = closest(chart, chart_words());
  problem("KQL0222", fmt::format("render draws no {}", chart), at,
          meant ? fmt::format("did you mean {}?", *meant) : redoubt::join(chart_words(), ", "));
}

Binder::Bound Binder::render(const Node& node) {
  check_piped(node);
  check_chart(node);
  check_parameters(&node[0], kRenderParameters);
  if (node.child(1) != nullptr) check_parameters(&node[1], kRenderProperties);
  return table(same_rows(node), node);
}

Binder::Bound Binder::reduce(const Node& node) {
  check_piped(node);
  const Bound text = bind(node[1]);
  check_type(text, Type::String);
  if (node.child(2) != nullptr) check_parameters(&node[2], kReduceProperties);
  std::vector<const Column*> columns;
  if (parameter_of(&node[0], {"kind"}) == "source") columns = columns_of(rows_);
  columns.push_back(column("Pattern", Type::String));
  columns.push_back(column("Count", Type::Long));
  columns.push_back(column("Representative", Type::String));
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  out->arguments = list_of({text});
  return table(out, node);
}

Binder::Bound Binder::get_schema(const Node& node) {
  check_piped(node);
  const Node* const option = node.child(0);
  std::vector<const Column*> columns;
  if (option != nullptr && text_of((*option)[1]) == "csl")
    columns = {column("Schema", Type::String)};
  else
    columns = {column("ColumnName", Type::String), column("ColumnOrdinal", Type::Long),
               column("DataType", Type::String), column("ColumnType", Type::String)};
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  return table(out, node);
}

/// The rows are the first argument of the call.
Binder::Bound Binder::invoke(const Node& node) {
  check_piped(node);
  const Bound first = table(rows_ != nullptr ? rows_ : relation(NodeKind::Missing, node, {}), node);
  const Change<Bound> implied(implied_, first);
  const Change<const Relation*> rows(rows_, nullptr);
  return bind(node[0], Want::Table);
}

Binder::Bound Binder::evaluate(const Node& node) {
  check_parameters(&node[0], kEvaluateParameters);
  const Node* const schema = node.child(2);
  const bool told = schema != nullptr && schema->kind == NodeKind::RowSchema;
  Bound result = nullptr;
  {
    const Change<Calls> calls(calls_, Calls::Plugins);
    const Change<bool> columns(columns_told_, told);
    result = node[1].kind == NodeKind::Call ? bind_call(node[1], Want::Table) : error(node[1]);
  }
  if (!told) return result;
  std::vector<const Column*> declared = declared_columns(*schema);
  std::vector<const Column*> columns;
  const FewOrMany<std::string_view> names = names_of(declared);
  if (schema->child(1) != nullptr)
    for (const Column* column : columns_of(result->relation()))
      if (!names.contains(column->name)) columns.push_back(column);
  columns.insert(columns.end(), declared.begin(), declared.end());
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (result->relation() != nullptr) out->inputs = list_of({result->relation()});
  return table(out, node);
}

}  // namespace redoubt::kql::detail
