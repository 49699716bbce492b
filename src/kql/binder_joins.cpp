#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/sample_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kLeftOnly[] = {"anti", "leftanti", "leftsemi", "leftantisemi"};
constexpr std::string_view kRightOnly[] = {"rightanti", "rightsemi", "rightantisemi"};

const Node& without_parentheses(const Node& node) {
  const Node* out = &node;
  while (out->kind == NodeKind::Parenthesized)
    out = out->child(0);
  return *out;
}

}  // namespace

/// `$left` and `$right` in a condition.
Binder::Bound Binder::bind_side(const Node& node, std::string_view side) {
  const Relation* const rows = side == "$left" ? rows_ : right_rows_;
  Expression* const out = make(ExpressionKind::Columns, node);
  if (rows == nullptr) return out;
  out->columns = rows->columns;
  out->relations = list_of({rows});
  return out;
}

void Binder::bind_join_equality(const Node& node, std::vector<JoinKey>& out) {
  if (node.kind != NodeKind::Binary || syntax_->tokens[node.token].kind != TokenKind::EqualEqual) {
    if (node.kind != NodeKind::Missing)
      problem("KQL0210", "a join goes by columns: on Column, or on $left.a == $right.b", node);
    return;
  }
  const auto stands_on = [&](const Node& operand, std::string_view prefix) {
    const Node& plain = without_parentheses(operand);
    return plain.kind == NodeKind::Path && name_of(plain[0]) == prefix;
  };
  const auto side = [&](const Node& operand, std::string_view prefix) -> Bound {
    const Node& plain = without_parentheses(operand);
    const bool fits = stands_on(operand, prefix);
    const Bound value = bind(plain);
    if (fits && check_column(value)) return value;
    if (!fits) problem("KQL0210", fmt::format("{}.column is expected here", prefix), plain);
    return nullptr;
  };
  // Resource Graph takes it; Kusto's own tools do not.
  const bool reversed = stands_on(node[0], "$right") && stands_on(node[1], "$left");
  if (reversed)
    problem("KQL0210", "$left stands in front of $right in a condition of a join", node,
            "write $left.a == $right.b", Severity::Warning);
  const Bound left = side(node[reversed ? 1 : 0], "$left");
  const Bound right = side(node[reversed ? 0 : 1], "$right");
  if (left == nullptr || right == nullptr) return;
  const auto promoted = [](Type type) { return type == Type::Int ? Type::Long : type; };
  const bool known =
      left->type != Type::Unknown && right->type != Type::Unknown && !left->guessed && !right->guessed;
  for (const Bound key : {left, right})
    if (key->type == Type::Dynamic && !key->guessed) {
      problem("KQL0210", "a key of a join can not be dynamic", *key->syntax,
              "convert it first, with tostring()");
      return;
    }
  if (known && promoted(left->type) != promoted(right->type)) {
    problem("KQL0210",
            fmt::format("{} and {} can not be compared", type_name(left->type), type_name(right->type)),
            node);
    return;
  }
  out.push_back({left->column, right->column});
}

void Binder::bind_join_key(const Node& node, std::vector<JoinKey>& out) {
  if (node.kind == NodeKind::Parenthesized) return bind_join_key(node[0], out);
  if (node.kind == NodeKind::And) {
    for (const Node* part : node.children)
      bind_join_key(*part, out);
    return;
  }
  if (node.kind != NodeKind::Name && node.kind != NodeKind::BracketedName)
    return bind_join_equality(node, out);
  const std::string_view name = name_of(node);
  const Column* const left = find_or_infer(rows_, name);
  const Column* const right = find_or_infer(right_rows_, name);
  if (left == nullptr || right == nullptr) {
    if (right_rows_ != nullptr)
      problem("KQL0210", fmt::format("the column {} must be on both sides of the join", name), node,
              left == nullptr && right == nullptr
                  ? ""
                  : fmt::format("it is on the {} side only; use $left.a == $right.b",
                                left == nullptr ? "right" : "left"));
    return;
  }
  if (left->type != right->type && left->type != Type::Unknown && right->type != Type::Unknown &&
      !left->guessed && !right->guessed) {
    problem("KQL0210",
            fmt::format("the column {} is {} on the left side and {} on the right", name,
                        type_name(left->type), type_name(right->type)),
            node);
    return;
  }
  check_scalar(column_reference(left, node));
  column_reference(right, node);
  out.push_back({left, right});
}

Binder::Bound Binder::join(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kJoinParameters);
  const Bound right = bind_in(node[1], nullptr, Want::Table);
  check_table(right);
  const Node* const condition = node.child(2);
  Bound other_condition = nullptr;
  std::vector<JoinKey> pairs;
  {
    const Change<const Relation*> other(right_rows_, right->relation());
    if (is_noted()) analysis_.operators.push_back({&node, rows_, right_rows_, nullptr});
    if (condition == nullptr)
      problem("KQL0210", "the join has no condition", node, "write on Column");
    else if (condition->kind == NodeKind::List)
      for (const Node* key : condition->children)
        bind_join_key(*key, pairs);
    else
      check_type(other_condition = bind(*condition), Type::Bool);
  }
  const std::string kind = parameter_of(&node[0], {"kind"}).value_or("innerunique");
  std::vector<const Column*> columns;
  bool open = false;
  if (!is_one_of(kind, kRightOnly)) {
    columns = columns_of(rows_);
    open = rows_or_none().open;
  }
  const Relation* const other = right->relation();
  if (other != nullptr && !is_one_of(kind, kLeftOnly)) {
    const std::vector<const Column*> more = columns_of(other);
    columns.insert(columns.end(), more.begin(), more.end());
    open = open || other->open;
  }
  Relation* const out = relation(node.kind, node, made_unique(std::move(columns)));
  if (rows_ != nullptr && other != nullptr) out->inputs = list_of({rows_, other});
  out->open = open || other == nullptr;
  out->on = arena_.copy(std::span<const JoinKey>(pairs));
  out->kind = keep(kind);
  if (other_condition != nullptr) out->arguments = list_of({other_condition});
  return table(out, node);
}

Binder::Bound Binder::lookup(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kLookupParameters);
  const Bound right = bind_in(node[1], nullptr, Want::Table);
  check_table(right);
  std::vector<JoinKey> pairs;
  {
    const Change<const Relation*> other(right_rows_, right->relation());
    if (is_noted()) analysis_.operators.push_back({&node, rows_, right_rows_, nullptr});
    for (const Node* key : node[2].children)
      bind_join_key(*key, pairs);
  }
  std::vector<const Column*> columns = columns_of(rows_);
  bool open = rows_or_none().open;
  if (const Relation* const other = right->relation()) {
    FewOrMany<const Column*> keys;
    for (const JoinKey& pair : pairs)
      keys.add(pair.right);
    for (const Column* column : columns_of(other))
      if (!keys.contains(column)) columns.push_back(column);
    open = open || other->open;
  }
  Relation* const out = relation(node.kind, node, made_unique(std::move(columns)));
  if (rows_ != nullptr && right->relation() != nullptr) out->inputs = list_of({rows_, right->relation()});
  out->open = open;
  out->on = arena_.copy(std::span<const JoinKey>(pairs));
  out->kind = keep(parameter_of(&node[0], {"kind"}).value_or("leftouter"));
  return table(out, node);
}

void Binder::add_tables(Bound value, std::vector<const Relation*>& out) const {
  out.insert(out.end(), value->relations.begin(), value->relations.end());
}

/// The column that says where rows come from, and what it says of each input.
void Binder::tell_sources(Relation& rows, const Column* source) {
  const std::string_view op = rows.op == NodeKind::Search ? "search"
                              : rows.op == NodeKind::Find ? "find"
                                                          : "union";
  std::vector<std::string_view> names;
  for (const Relation* input : rows.inputs) {
    const auto view = views_.find(input);
    const bool named = input->op == NodeKind::Name || input->op == NodeKind::As;
    const std::string_view name = view != views_.end() ? view->second
                                  : named              ? input->name
                                                       : std::string_view();
    names.push_back(!name.empty() ? name : keep(fmt::format("{}_arg{}", op, names.size())));
  }
  rows.source = source;
  rows.sources = arena_.copy(std::span<const std::string_view>(names));
}

Binder::Bound Binder::union_operator(const Node& node) {
  check_parameters(&node[0], kUnionParameters);
  const bool fuzzy = parameter_of(&node[0], {"isfuzzy", "__isFuzzy"}) == "true";
  std::vector<const Relation*> tables;
  bool lacks = false;
  if (piped_ && rows_ != nullptr) {
    const bool there = rows_->op != NodeKind::Name || !rows_->open || !tables_complete();
    if (there || !fuzzy) tables.push_back(rows_);
    lacks = !there;
  }
  {
    const Change<bool> may_lack(fuzzy_, fuzzy || fuzzy_);
    for (const Node* one : node[1].children) {
      const Change<std::size_t> missing(missing_, 0);
      const Bound value = bind_in(*one, nullptr, Want::Table);
      lacks = lacks || (fuzzy && missing_ > 0);
      if (fuzzy && missing_ > 0) continue;
      if (check_table(value)) add_tables(value, tables);
      if (!spend(value->relations.size(), *one)) break;
    }
  }
  if (lacks && tables.empty()) {
    if (fuzzy_)
      ++missing_;
    else
      problem("KQL0202", "none of the tables of the union is there", node);
  }
  std::vector<const Column*> columns;
  const auto source = parameter_of(&node[0], {"withsource", "with_source"});
  if (source) columns.push_back(column(keep(*source), Type::String));
  const std::vector<const Column*> unified =
      parameter_of(&node[0], {"kind"}) == "inner" ? common_columns(tables) : unified_by_type(tables);
  columns.insert(columns.end(), unified.begin(), unified.end());
  Relation* const out = relation(node.kind, node, std::move(columns));
  out->inputs = list_of(tables);
  out->kind = keep(parameter_of(&node[0], {"kind"}).value_or("outer"));
  if (source) tell_sources(*out, out->columns.front());
  analysis_.unions.push_back(out);
  out->open = std::any_of(tables.begin(), tables.end(), [](const Relation* one) { return one->open; });
  return table(out, node);
}

/// Tables of an in clause; all there are, without one.
std::vector<const Relation*> Binder::tables_of(const Node* list) {
  if (list == nullptr) return all_tables();
  std::vector<const Relation*> out;
  for (const Node* one : list->children) {
    const Bound value = bind_in(*one, nullptr, Want::Table);
    if (check_table(value)) add_tables(value, out);
  }
  return out;
}

std::vector<const Relation*> Binder::all_tables() {
  std::vector<const Relation*> out = tables_unknown() ? sample_tables() : schemas_.tables();
  scope_->each([&](std::string_view, const Expression& value) {
    if (value.kind != ExpressionKind::Function || value.user == nullptr || !value.user->view ||
        value.user->least() != 0)
      return;
    const Bound made = call_user(*value.user, *value.syntax, {}, nullptr);
    if (made->is_table()) out.push_back(made->relation());
  });
  for (const Relation* one : out)
    if (one->op == NodeKind::Name) reads(one);
  return out;
}

Binder::Bound Binder::search(const Node& node) {
  check_parameters(&node[0], kSearchParameters);
  const Node* const list = node.child(2);
  if (list != nullptr) check_first(node);
  const Column* const source = column("$table", Type::String);
  const Relation* searched = rows_;
  Relation* all = nullptr;
  if (rows_ == nullptr || list != nullptr) {
    const std::vector<const Relation*> tables = tables_of(list);
    all = relation(NodeKind::Union, node, unified_by_type(tables));
    all->inputs = list_of(tables);
    analysis_.unions.push_back(all);
    all->open = tables_unknown() ||
                std::any_of(tables.begin(), tables.end(), [](const Relation* one) { return one->open; });
    searched = all;
  }
  Bound condition = nullptr;
  {
    const Change<const Relation*> below(rows_, searched);
    condition = bind_predicate(node[3]);
    check_type(condition, Type::Bool);
  }
  std::vector<const Column*> columns{source};
  const std::vector<const Column*> more = columns_of(searched);
  columns.insert(columns.end(), more.begin(), more.end());
  Relation* const out = relation(node.kind, node, std::move(columns));
  out->inputs = list_of({searched});
  out->open = searched->open;
  out->arguments = list_of({condition});
  tell_sources(*out, source);
  if (all != nullptr) {
    // The condition does not see it.
    all->columns = out->columns;
    tell_sources(*all, source);
  }
  return table(out, node);
}

Binder::Bound Binder::fork(const Node& node) {
  check_piped(node);
  std::vector<const Relation*> out;
  for (const Node* branch : node.children) {
    if (branch->kind != NodeKind::ForkBranch) continue;
    const Node& query = (*branch)[1];
    const Bound value = bind(query, Want::Table);
    check_operators(query, true);
    if (!check_table(value)) continue;
    Relation* const named = arena_.make<Relation>(*value->relation());
    if (const Node* const label = branch->child(0)) named->name = name_of(*label);
    out.push_back(named);
  }
  Expression* const result = make(ExpressionKind::Tables, node);
  result->relations = list_of(std::move(out));
  return result;
}

Binder::Bound Binder::facet(const Node& node) {
  check_piped(node);
  std::vector<const Relation*> out;
  if (const Node* const with = node.child(1)) {
    const Bound value = bind(*with, Want::Table);
    if (check_table(value)) out.push_back(value->relation());
  }
  for (const Node* one : node[0].children) {
    const Bound value = bind(*one);
    if (!check_column(value) || !check_not_dynamic(value)) continue;
    Relation* const counted =
        relation(node.kind, node,
                 {value->column, column(keep(fmt::format("count_{}", value->column->name)), Type::Long)});
    if (rows_ != nullptr) counted->inputs = list_of({rows_});
    out.push_back(counted);
  }
  Expression* const result = make(ExpressionKind::Tables, node);
  result->relations = list_of(std::move(out));
  return result;
}

Binder::Bound Binder::partition(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kPartitionParameters);
  const Bound by = bind(node[1]);
  if (check_column(by)) check_not_dynamic(by);
  scopes_.push_back(std::make_unique<Scope>(scope_));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  if (by->kind == ExpressionKind::Column) scope_->add(by->column->name, by);
  const Node& query = node[3];
  const bool whole = query.begin > 0 && syntax_->tokens[query.begin - 1].kind == TokenKind::OpenBrace;
  const Bound value = whole ? bind_in(query, nullptr, Want::Table) : bind(query, Want::Table);
  if (!whole) check_operators(query, false);
  if (!check_table(value)) return table(same_rows(node), node);
  Relation* const out = relation(node.kind, node, columns_of(value->relation()));
  if (rows_ != nullptr) out->inputs = list_of({rows_, value->relation()});
  out->arguments = list_of({by});
  out->open = value->relation()->open;
  return table(out, node);
}

Binder::Bound Binder::partition_by(const Node& node) {
  check_piped(node);
  const Bound by = bind(node[1]);
  check_column(by);
  const Bound value = bind(node[3], Want::Table);
  if (!check_table(value)) return table(same_rows(node), node);
  Relation* const out = relation(NodeKind::Partition, node, columns_of(value->relation()));
  if (rows_ != nullptr) out->inputs = list_of({rows_, value->relation()});
  out->arguments = list_of({by});
  out->open = value->relation()->open;
  return table(out, node);
}

}  // namespace redoubt::kql::detail
