#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"
#include "kql/type_rules.h"

namespace redoubt::kql::detail {

/// Axis, from, to and step of make-series; null stands for one that is not written.
std::vector<Binder::Bound> Binder::series_ends(const Node& node, Bound axis) {
  std::vector<Bound> arguments{axis};
  // The ends and the step are constants.
  const Change<bool> of_constants(of_constants_, true);
  for (const std::size_t part : {std::size_t{3}, std::size_t{4}})
    if (const Node* const end = node.child(part); end == nullptr) {
      arguments.push_back(nullptr);
    } else {
      const Bound value = bind(*end);
      arguments.push_back(value);
      if (value->is_scalar() && axis->is_scalar() && value->type != axis->type &&
          value->type != Type::Unknown && axis->type != Type::Unknown && !value->guessed && !axis->guessed &&
          !promotes(value->type, axis->type))
        problem("KQL0207",
                fmt::format("this must be {}, it is {}", type_name(axis->type), type_name(value->type)),
                *end);
    }
  const Node* const step = node.child(5);
  const Node* const range = node.child(6);
  if (step != nullptr) {
    const Bound value = bind(*step);
    arguments.push_back(value);
    const bool judged = !value->is_error() && !axis->is_error() && !value->guessed && !axis->guessed;
    if (judged && !is_step_of(value->type, axis->type))
      problem("KQL0206", fmt::format("{} is no step of {}", type_name(value->type), type_name(axis->type)),
              *step);
  }
  if (range != nullptr) {
    arguments.resize(1);
    for (const Node* one : range->children)
      arguments.push_back(bind(*one));
    if (range->children.size() != 3)
      problem("KQL0204", fmt::format("range takes 3 arguments, not {}", range->children.size()), *range);
  }
  arguments.resize(4, nullptr);
  return arguments;
}

Binder::Bound Binder::make_series(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kMakeSeriesParameters);
  Projection out(arena_);
  if (const Node* const by = node.child(7))
    for (const Node* key : by->children)
      project(*key, out, Style::Project);
  const auto keys = static_cast<std::uint32_t>(out.assignments().size());
  std::vector<Bound> defaults;
  for (const Node* item : node[1].children) {
    if (item->kind != NodeKind::MakeSeriesItem) continue;
    {
      const Change<Calls> calls(calls_, Calls::Aggregates);
      project((*item)[0], out, Style::Summarize, Type::Dynamic);
    }
    defaults.push_back(item->child(1) == nullptr ? nullptr : bind((*item)[1]));
  }
  const Bound axis = bind(node[2]);
  check_scalar(axis);
  project(axis, node[2], out, Style::Project, Type::Dynamic);
  std::vector<Bound> arguments = series_ends(node, axis);
  // Then what stands for missing values.
  arguments.insert(arguments.end(), defaults.begin(), defaults.end());
  Relation* const made = projected_rows(node, out);
  made->keys = keys;
  made->arguments = list_of(std::move(arguments));
  if (node.child(6) != nullptr) made->kind = "range";
  return table(made, node);
}

/// Of mv-expand and mv-apply: each row of the result has one element. Gives the columns that are expanded
/// under their own names.
std::vector<const Column*> Binder::expand_items(const Node& list, Projection& out,
                                                const std::optional<std::string>& index) {
  std::vector<const Column*> expanded;
  for (const Node* item : list.children) {
    if (item->kind != NodeKind::MvItem) continue;
    const Node& expression = (*item)[0];
    if (expression.kind == NodeKind::Missing) continue;
    const Bound value = bind(expression);
    check_dynamic(value);
    Type type = value->is_scalar() ? value->type : Type::Unknown;
    if (const Node* const wanted = item->child(1))
      if (wanted->kind == NodeKind::TypeOf) type = bind_type_of(*wanted)->type;
    project(value, expression, out, Style::Replace, type);
    if (value->kind == ExpressionKind::Column && expression.kind != NodeKind::NamedExpression)
      expanded.push_back(value->column);
  }
  if (index) out.add(column(keep(*index), Type::Long));
  return expanded;
}

Binder::Bound Binder::mv_expand(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kMvExpandParameters);
  Projection out(arena_);
  out.start(columns_of(rows_));
  expand_items(node[1], out, parameter_of(&node[0], {"with_itemindex"}));
  Relation* const made = projected_rows(node, out);
  if (const Node* const limit = node.child(2)) {
    const Bound number = bind(*limit);
    check_integer(number);
    made->arguments = list_of({number});
  }
  return table(made, node);
}

Binder::Bound Binder::mv_apply(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kMvApplyParameters);
  Projection expanded(arena_);
  expanded.start(columns_of(rows_));
  const FewOrMany<const Column*> applied(
      expand_items(node[1], expanded, parameter_of(&node[0], {"with_itemindex"})), std::identity());
  Bound limit = nullptr;
  if (const Node* const written = node.child(2)) check_integer(limit = bind(*written));
  if (const Node* const id = node.child(3)) bind(*id);
  const Relation* const inner_rows = projected(node, expanded)->relation();
  Bound query = nullptr;
  {
    const Change<const Relation*> below(rows_, inner_rows);
    query = bind(node[4], Want::Table);
    check_operators(node[4], false);
  }
  Projection out(arena_);
  for (const Column* column : columns_of(rows_))
    if (!applied.contains(column)) out.add(column, nullptr, {}, false, true);
  if (const Relation* const made = query->relation())
    for (const Column* column : columns_of(made))
      out.add(column, nullptr, {}, true, false);
  const Bound result = projected(node, out);
  auto* const rows = const_cast<Relation*>(result->relation());
  if (limit != nullptr) rows->arguments = list_of({limit});
  if (query->relation() != nullptr && rows_ != nullptr)
    rows->inputs = list_of({rows_, query->relation(), inner_rows});
  if (query->relation() != nullptr) rows->open = rows->open || query->relation()->open;
  return result;
}

/// parse and parse-where.
Binder::Bound Binder::parse(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kParseParameters);
  const Bound text = bind(node[1]);
  check_scalar(text);
  std::vector<const Column*> columns;
  FewOrMany<std::string_view> declared;
  std::vector<ParsePiece> pattern;
  const std::span<Node* const> pieces = node[2].children;
  const auto is_text = [](const Node* piece) { return piece->kind == NodeKind::String; };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Node& piece = *pieces[i];
    if (is_text(&piece)) {
      pattern.push_back({keep(string_text(*syntax_, piece)), nullptr, true});
      continue;
    }
    const Node* const before = i == 0 ? nullptr : pieces[i - 1];
    if (piece.kind == NodeKind::Star) {
      if (i + 1 < pieces.size() && !is_text(pieces[i + 1]))
        problem("KQL0224", "a text follows * in a pattern", piece);
      const bool text_column =
          before != nullptr && (before->kind == NodeKind::Name || before->kind == NodeKind::BracketedName ||
                                (before->kind == NodeKind::NameAndType && text_of((*before)[1]) == "string"));
      if (text_column) problem("KQL0224", "* behind a column of text can match in many ways", piece);
      pattern.push_back({});
      continue;
    }
    if (before != nullptr && !is_text(before) && before->kind != NodeKind::Star)
      problem("KQL0224", "a text stands between two columns of a pattern", piece);
    else if (before != nullptr && before->kind == NodeKind::Star)
      problem("KQL0224", "a text stands between * and a column", piece);
    const bool typed = piece.kind == NodeKind::NameAndType;
    const std::string_view name = name_of(typed ? piece[0] : piece);
    if (declared.contains(name)) {
      problem("KQL0209", fmt::format("a column of the name {} is there already", name), piece);
      continue;
    }
    declared.add(name);
    columns.push_back(column(name, typed ? declared_type(piece[1]).value_or(Type::Unknown) : Type::String));
    pattern.push_back({{}, columns.back(), false});
  }
  if (parameter_of(&node[0], {"kind"}) == "regex")
    check_parse_pattern(pattern, parameter_of(&node[0], {"flags"}).value_or(""), node[2]);
  Relation* const out = with_parsed(node, columns);
  out->arguments = list_of({text});
  out->pattern = arena_.copy(std::span<const ParsePiece>(pattern));
  return table(out, node);
}

/// Behind the input's columns, those that were found while the operator was bound, too; one of the same name
/// gives way, as Microsoft's engine has it, other than its binder.
Relation* Binder::with_parsed(const Node& node, const std::vector<const Column*>& made) {
  std::vector<const Column*> columns = columns_of(rows_);
  const auto of_input = static_cast<std::ptrdiff_t>(columns.size());
  for (const Column* column : made) {
    const auto end = columns.begin() + of_input;
    const auto same =
        std::find_if(columns.begin(), end, [&](const Column* one) { return one->name == column->name; });
    if (same == end)
      columns.push_back(column);
    else
      *same = column;
  }
  Relation* const out = relation(node.kind, node, std::move(columns));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  out->open = rows_or_none().open;
  return out;
}

Binder::Bound Binder::parse_kv(const Node& node) {
  check_piped(node);
  const Bound text = bind(node[0]);
  check_scalar(text);
  if (const Node* const with = node.child(2)) check_parameters(with, kParseKvProperties);
  Relation* const out = with_parsed(node, declared_columns(node[1]));
  out->arguments = list_of({text});
  return table(out, node);
}

Binder::Bound Binder::scan(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kScanParameters);
  ScanPlan* const plan = arena_.make<ScanPlan>();
  std::vector<Bound> arguments;
  std::vector<SortKey> order;
  if (const Node* const keys = node.child(1))
    for (const Node* key : keys->children)
      order.push_back(sort_key(*key, bind(*key)));
  if (const Node* const keys = node.child(2))
    for (const Node* key : keys->children)
      arguments.push_back(bind(*key));
  plan->keys = static_cast<std::uint32_t>(arguments.size());
  scopes_.push_back(std::make_unique<Scope>(scope_));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  std::vector<const Column*> made = declare_state(node.child(3), *plan, arguments);
  std::vector<const Column*> state = columns_of(rows_);
  state.insert(state.end(), made.begin(), made.end());
  plan->columns = arena_.copy(std::span<const Column* const>(state));
  bind_steps(node[4], *plan, arguments);
  if (const auto match_id = parameter_of(&node[0], {"with_match_id"})) {
    made.push_back(column(keep(*match_id), Type::Long));
    plan->match_id = made.back();
  }
  Relation* const out = with_parsed(node, made);
  out->arguments = list_of(std::move(arguments));
  out->order = arena_.copy(std::span<const SortKey>(order));
  out->scan = plan;
  return table(out, node);
}

/// The declared columns of a scan's state; those of the input stand before them.
std::vector<const Column*> Binder::declare_state(const Node* declared, ScanPlan& plan,
                                                 std::vector<Bound>& arguments) {
  std::vector<const Column*> columns;
  std::vector<std::uint32_t> defaults;
  if (declared != nullptr)
    for (const Node* one : declared->children) {
      if (one->kind != NodeKind::FunctionParameter || (*one)[0].kind != NodeKind::NameAndType) continue;
      const Node& typed = (*one)[0];
      const Column* const made = column(name_of(typed[0]), declared_type(typed[1]).value_or(Type::Unknown));
      scope_->add(made->name, column_reference(made, typed[0]));
      defaults.push_back(kNoArgument);
      if (one->child(1) != nullptr) {
        defaults.back() = static_cast<std::uint32_t>(arguments.size());
        arguments.push_back(bind((*one)[1]));
      }
      columns.push_back(made);
    }
  plan.defaults = arena_.copy(std::span<const std::uint32_t>(defaults));
  return columns;
}

/// Each step sees the columns of all steps, as `name.column`.
void Binder::bind_steps(const Node& steps, ScanPlan& plan, std::vector<Bound>& arguments) {
  std::vector<ScanStep> out;
  for (const Node* step : steps.children) {
    std::vector<const Column*> state;
    for (const Column* one : plan.columns)
      state.push_back(renamed(one, one->name));
    Relation* const rows = relation(NodeKind::Scan, *step, std::move(state));
    rows->open = rows_or_none().open;
    Expression* const fields = make(ExpressionKind::Columns, *step);
    fields->columns = rows->columns;
    fields->relations = list_of({rows});
    scope_->add(name_of((*step)[0]), fields);
    out.push_back({.name = name_of((*step)[0]), .state = rows->columns});
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Node& step = steps[i];
    // The word stands behind `output =`; without one the token is that of the step.
    const std::string_view word = syntax_->text_of(syntax_->tokens[step.token]);
    if (word == "last" || word == "none" || word == "all") out[i].output = word;
    out[i].first = static_cast<std::uint32_t>(arguments.size());
    const Bound condition = bind(step[1]);
    check_type(condition, Type::Bool);
    arguments.push_back(condition);
    std::vector<const Column*> assigned;
    if (const Node* const assignments = step.child(2))
      for (const Node* one : assignments->children) {
        if (one->kind != NodeKind::NamedExpression) continue;
        const Bound target = bind((*one)[0]);
        arguments.push_back(bind((*one)[1]));
        assigned.push_back(target->kind == ExpressionKind::Column ? target->column : nullptr);
      }
    out[i].assigned = arena_.copy(std::span<const Column* const>(assigned));
  }
  plan.steps = arena_.copy(std::span<const ScanStep>(out));
}

}  // namespace redoubt::kql::detail
