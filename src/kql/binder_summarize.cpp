#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

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
        if (column->type == Type::Dynamic && !column->guessed) {
          problem("KQL0208", fmt::format("the dynamic column {} can not be told apart", column->name), *one,
                  "name the columns, or leave it out with project-away");
          break;
        }
  }
  return projected(node, out);
}

Binder::Bound Binder::top_hitters(const Node& node) {
  check_piped(node);
  const Bound number = bind(node[0]);
  check_integer(number);
  const Bound of = bind(node[1]);
  check_column(of);
  Projection out(arena_);
  project(of, node[1], out, Style::Project);
  Bound weight = nullptr;
  if (const Node* const by = node.child(2)) {
    weight = bind(*by);
    check_in(weight, kNumbers, "a number");
    out.add(column(keep(fmt::format("approximate_sum_{}", result_name(weight).value_or(""))), weight->type),
            weight);
  } else {
    out.add(column(keep(fmt::format("approximate_count_{}", result_name(of).value_or(""))), Type::Long), of);
  }
  Relation* const made = projected_rows(node, out);
  made->arguments = list_of({number, of, weight});
  return table(made, node);
}

Binder::Bound Binder::top_nested(const Node& node) {
  check_piped(node);
  UniqueNames names(arena_);
  std::vector<const Column*> columns;
  std::vector<Bound> arguments;
  std::vector<SortKey> order;
  for (const Node* level : node.children) {
    if (level->kind != NodeKind::TopNestedLevel) continue;
    arguments.push_back(level->child(0) == nullptr ? nullptr : bind((*level)[0]));
    if (arguments.back() != nullptr) check_integer(arguments.back());
    const Node& of_node = (*level)[1];
    const Bound of = bind(of_node);
    check_scalar(of);
    arguments.push_back(of);
    arguments.push_back(level->child(2) == nullptr ? nullptr : bind((*level)[2]));
    if (arguments.back() != nullptr) check_scalar(arguments.back());
    const Change<Calls> calls(calls_, Calls::Aggregates);
    const Node& by_node = (*level)[3];
    const Bound by = bind(by_node);
    check_scalar(by);
    arguments.push_back(by);
    order.push_back(sort_key(by_node, by));
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
  out->arguments = list_of(std::move(arguments));
  out->order = arena_.copy(std::span<const SortKey>(order));
  out->open = rows_or_none().open;
  return table(out, node);
}

}  // namespace redoubt::kql::detail
