#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"
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

Binder::Bound Binder::bind_operator(const Node& node) {
  struct Row {
    NodeKind kind;
    Bound (Binder::*bind)(const Node&);
  };
  static constexpr Row kRows[] = {
      {NodeKind::As, &Binder::as},
      {NodeKind::AssertSchema, &Binder::pass_on},
      {NodeKind::Consume, &Binder::pass_on},
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
  for (const Row& row : kRows)
    if (row.kind == node.kind) {
      const Bound out = (this->*row.bind)(node);
      if (!muted_) analysis_.operators.push_back({&node, rows_, nullptr, out->relation()});
      return out;
    }
  if (!muted_) analysis_.operators.push_back({&node, rows_, nullptr, nullptr});
  return error(node);
}

Binder::Bound Binder::pass_on(const Node& node) {
  check_piped(node);
  return table(same_rows(node), node);
}

Binder::Bound Binder::filter(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], {});
  const Bound condition = bind(node[1]);
  check_type(condition, Type::Bool);
  Relation* const out = same_rows(node);
  out->arguments = list_of({condition});
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

Binder::Bound Binder::project_operator(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children)
    project(*one, out, Style::Project);
  return projected(node, out);
}

Binder::Bound Binder::extend(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  out.start(columns_of(rows_));
  for (const Node* one : node[0].children)
    project(*one, out, Style::Extend);
  return projected(node, out);
}

Binder::Bound Binder::project_away_or_keep(const Node& node) {
  check_piped(node);
  FewOrMany<std::string_view> names;
  for (const Node* one : node[0].children) {
    if (one->kind == NodeKind::WildcardName) {
      for (const Column* column : columns_by_pattern(name_of(*one), *one)->columns)
        if (!names.contains(column->name)) names.add(column->name);
      continue;
    }
    const Bound value = bind(*one);
    if (check_column(value)) names.add(value->column->name);
  }
  const bool keeps = node.kind == NodeKind::ProjectKeep;
  Relation* const same = same_rows(node);
  std::vector<const Column*> left = columns_of(rows_);
  std::erase_if(left, [&](const Column* column) { return names.contains(column->name) != keeps; });
  same->columns = arena_.copy(std::span<const Column* const>(left));
  return table(same, node);
}

Binder::Bound Binder::project_rename(const Node& node) {
  check_piped(node);
  std::vector<std::pair<const Node*, Bound>> renames;
  for (const Node* one : node[0].children) {
    if (one->kind != NodeKind::NamedExpression) {
      if (one->kind != NodeKind::Missing)
        problem("KQL0218", "a new name and a column are expected here: new = old", *one);
      continue;
    }
    renames.emplace_back(one, bind((*one)[1]));
  }
  Projection out(arena_);
  out.start(columns_of(rows_), true);
  for (const auto& [one, value] : renames) {
    if (!check_column(value)) continue;
    bool taken = false;
    out.rename(value->column->name, name_of((*one)[0]), taken);
    if (taken)
      problem("KQL0209", fmt::format("a column of the name {} is there already", name_of((*one)[0])),
              (*one)[0]);
  }
  return projected(node, out);
}

namespace {

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// asc and desc: by letters, in any case.
bool less_by_letter(std::string_view left, std::string_view right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [](char a, char b) { return fold(a) < fold(b); });
}

/// granny-asc and granny-desc: numbers count, a2 comes before a10.
bool less_by_number(std::string_view left, std::string_view right) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    if (digit(left[i]) && digit(right[j])) {
      std::size_t k = i;
      std::size_t l = j;
      while (k < left.size() && digit(left[k]))
        ++k;
      while (l < right.size() && digit(right[l]))
        ++l;
      if (k - i != l - j) return k - i < l - j;
      if (const int order = left.substr(i, k - i).compare(right.substr(j, l - j)); order != 0)
        return order < 0;
      i = k;
      j = l;
      continue;
    }
    if (fold(left[i]) != fold(right[j])) return fold(left[i]) < fold(right[j]);
    ++i;
    ++j;
  }
  return left.size() - i < right.size() - j;
}

}  // namespace

Binder::Bound Binder::project_reorder(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children) {
    const Node& named = one->kind == NodeKind::Ordered ? (*one)[0] : *one;
    if (named.kind != NodeKind::WildcardName) {
      const Bound value = bind(named);
      if (check_column(value)) {
        declare(out, value->column, nullptr, false, named);
        out.ignore(value->column);
      }
      continue;
    }
    const Bound found = columns_by_pattern(name_of(named), named);
    std::vector<const Column*> columns(found->columns.begin(), found->columns.end());
    if (one->kind == NodeKind::Ordered) {
      const TokenKind order = syntax_->tokens[one->token].kind;
      const bool down = order == TokenKind::DescKeyword || order == TokenKind::GrannyDescKeyword;
      const bool numbers = order == TokenKind::GrannyAscKeyword || order == TokenKind::GrannyDescKeyword;
      std::stable_sort(columns.begin(), columns.end(), [&](const Column* left, const Column* right) {
        if (down) std::swap(left, right);
        return numbers ? less_by_number(left->name, right->name) : less_by_letter(left->name, right->name);
      });
    }
    for (const Column* column : columns)
      out.add(column, nullptr, {}, false, true);
  }
  for (const Column* column : columns_of(rows_))
    out.add(column);
  return projected(node, out);
}

/// The names in a text, a dynamic array of texts, or column_names_of(table).
std::vector<std::string_view> Binder::names_listed(Bound value) {
  while (value->kind == ExpressionKind::Variable && value->value != nullptr)
    value = value->value;
  if (value->literal && value->type == Type::String) return {value->name};
  std::vector<std::string_view> out;
  if (value->kind == ExpressionKind::Call && value->function != nullptr &&
      value->function->name == "column_names_of" && !value->operands.empty()) {
    for (const Column* column : columns_of(value->operands.front()->relation()))
      out.push_back(column->name);
  } else if (value->kind == ExpressionKind::Literal && value->type == Type::Dynamic) {
    gather_texts(*value->syntax, out);
  }
  return out;
}

void Binder::gather_texts(const Node& node, std::vector<std::string_view>& out) {
  if (node.kind == NodeKind::String) out.push_back(keep(string_text(*syntax_, node)));
  for (const Node* child : node.children)
    if (child != nullptr) gather_texts(*child, out);
}

/// A name that no column has is passed over. Source: "project-by-names operator".
Binder::Bound Binder::project_by_names(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children) {
    for (const std::string_view name : names_listed(bind(*one)))
      for (const Column* column : columns_like(name, *one))
        out.add(column, nullptr, {}, false, true);
  }
  return projected(node, out);
}

Binder::Bound Binder::summarize(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kSummarizeParameters);
  Projection out(arena_);
  std::vector<const Column*> grouped;
  if (const Node* const by = node.child(2)) {
    for (const Node* key : by->children) {
      const std::size_t before = out.assignments().size();
      project(*key, out, Style::Project);
      for (std::size_t i = before; i < out.assignments().size(); ++i) {
        const Bound value = out.assignments()[i].value;
        check_not_dynamic(value);
        if (const Column* const itself = result_column(value)) grouped.push_back(itself);
      }
    }
    out.ignore(std::vector<const Column*>(out.columns()));
  }
  const auto keys = static_cast<std::uint32_t>(out.assignments().size());
  if (const Node* const bin = node.child(3)) bind(*bin);
  {
    const Change<Calls> calls(calls_, Calls::Aggregates);
    grouped_.swap(grouped);
    for (const Node* aggregate : node[1].children)
      project(*aggregate, out, Style::Summarize);
    grouped_.swap(grouped);
  }
  Relation* const made = projected_rows(node, out);
  made->sorted = made->serialized = false;
  made->keys = keys;
  return table(made, node);
}

Binder::Bound Binder::distinct(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kDistinctParameters);
  Projection out(arena_);
  for (const Node* one : node[1].children) {
    project(*one, out, Style::Project);
    if (one->kind != NodeKind::Star && !out.assignments().empty())
      check_not_dynamic(out.assignments().back().value);
    if (one->kind == NodeKind::Star)
      for (const Column* column : columns_of(rows_))
        if (column->type == Type::Dynamic) {
          problem("KQL0208", fmt::format("the dynamic column {} can not be told apart", column->name), *one,
                  "name the columns, or leave it out with project-away");
          break;
        }
  }
  return projected(node, out);
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

Binder::Bound Binder::top_hitters(const Node& node) {
  check_piped(node);
  check_integer(bind(node[0]));
  const Bound of = bind(node[1]);
  check_column(of);
  Projection out(arena_);
  project(of, node[1], out, Style::Project);
  if (const Node* const by = node.child(2)) {
    const Bound weight = bind(*by);
    check_in(weight, kNumbers, "a number");
    out.add(column(keep(fmt::format("approximate_sum_{}", result_name(weight).value_or(""))), weight->type),
            weight);
  } else {
    out.add(column(keep(fmt::format("approximate_count_{}", result_name(of).value_or(""))), Type::Long), of);
  }
  return projected(node, out);
}

Binder::Bound Binder::top_nested(const Node& node) {
  check_piped(node);
  UniqueNames names(arena_);
  std::vector<const Column*> columns;
  for (const Node* level : node.children) {
    if (level->kind != NodeKind::TopNestedLevel) continue;
    if (const Node* const number = level->child(0)) check_integer(bind(*number));
    const Node& of_node = (*level)[1];
    const Bound of = bind(of_node);
    check_scalar(of);
    if (const Node* const others = level->child(2)) check_scalar(bind(*others));
    const Change<Calls> calls(calls_, Calls::Aggregates);
    const Node& by_node = (*level)[3];
    const Bound by = bind(by_node);
    check_scalar(by);
    const auto written = [&](const Node& expression) -> std::optional<std::string> {
      const Node& plain = expression.kind == NodeKind::Ordered ? expression[0] : expression;
      return plain.kind == NodeKind::NamedExpression ? std::optional(std::string(name_of(plain[0])))
                                                     : std::nullopt;
    };
    const std::string of_name = written(of_node).value_or(result_name(of).value_or(""));
    const std::string_view of_column = names.make(keep(of_name));
    columns.push_back(column_for(of, of_column));
    const std::string by_name = written(by_node).value_or(fmt::format("aggregated_{}", of_column));
    columns.push_back(column(names.make(keep(by_name)), by->type));
  }
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  out->open = rows_or_none().open;
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

Binder::Bound Binder::render(const Node& node) {
  check_piped(node);
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
  Bound result = nullptr;
  {
    const Change<Calls> calls(calls_, Calls::Plugins);
    result = node[1].kind == NodeKind::Call ? bind_call(node[1], Want::Table) : error(node[1]);
  }
  const Node* const schema = node.child(2);
  if (schema == nullptr || schema->kind != NodeKind::RowSchema) return result;
  std::vector<const Column*> declared = declared_columns(*schema);
  std::vector<const Column*> columns;
  if (schema->child(1) != nullptr)
    for (const Column* column : columns_of(result->relation()))
      if (std::none_of(declared.begin(), declared.end(),
                       [&](const Column* other) { return other->name == column->name; }))
        columns.push_back(column);
  columns.insert(columns.end(), declared.begin(), declared.end());
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (result->relation() != nullptr) out->inputs = list_of({result->relation()});
  return table(out, node);
}

}  // namespace redoubt::kql::detail
