#include <fmt/format.h>

#include "kql/detail/binder.h"
#include "kql/detail/sample_tables.h"

namespace redoubt::kql::detail {

// Databases and clusters, and what is found in them.

/// database("d").T, cluster("c").database("d"), workspace("w").f()
Binder::Bound Binder::bind_place_call(Bound place, const Node& node) {
  if (node.kind != NodeKind::Call) {
    if (node.kind == NodeKind::WildcardName)
      return is_elsewhere(place) ? table_elsewhere(place->name, name_of(node), node) : bind_wildcard(node);
    const std::string_view name = name_of(node);
    if (name.empty()) return error(node);
    if (is_pattern(place) && place->syntax->child(1) != nullptr)
      return match_pattern((*place->syntax)[1], place->operands, name, node);
    if (place->kind == ExpressionKind::Cluster && place->function != nullptr) {
      problem("KQL0201", fmt::format("a cluster has databases, no {}", name), node,
              fmt::format("cluster(...).database(...).{}", name));
      return error(node);
    }
    if (is_elsewhere(place)) return table_elsewhere(place->name, name, node);
    if (const Relation* const stored = find_table(name, node)) return stored_table(stored, node);
    const Change<bool> elsewhere(fuzzy_, true);  // what another database has is not known here
    return open_table(name, node);
  }
  const std::string_view name = name_of(node[0]);
  if (place->kind == ExpressionKind::Cluster && name == "database") {
    Expression* const database = make(ExpressionKind::Database, node);
    database->name = keep(fmt::format("{}.{}", text_of(*place->syntax), text_of(node)));
    return database;
  }
  if (is_elsewhere(place)) return call_elsewhere(place->name, node);
  for (const FunctionKind kind : {FunctionKind::Table, FunctionKind::Scope})
    if (const Function* const function = find_function(name, kind)) return call(*function, node, Want::Table);
  for (const Node* argument : node[1].children)
    bind(*argument);
  const Change<bool> elsewhere(fuzzy_, true);
  return open_table(keep(fmt::format("{}()", name)), node);
}

/// Whether nothing is known of what a database has: another one's tables are not those that are given here. A
/// plan that is to run finds them here all the same.
bool Binder::is_elsewhere(Bound place) const {
  return !tables_complete() && (place->kind == ExpressionKind::Cluster || !place->name.empty());
}

/// A table of another database: any column may be in it. Those of the documentation's examples are known.
Binder::Bound Binder::table_elsewhere(std::string_view place, std::string_view name, const Node& node) {
  const Relation* const sample = find_sample_table(name);
  if (sample != nullptr && (tables_unknown() || place.find("Samples") != std::string_view::npos))
    return stored_table(sample, node);
  return open_table(keep(fmt::format("{}.{}", place, name)), name, node);
}

/// `database("d").table("T")`, `database("d").f(1)`
Binder::Bound Binder::call_elsewhere(std::string_view place, const Node& node) {
  const std::string_view name = name_of(node[0]);
  if (name == "graph") return open_graph(node);
  Bound first = nullptr;
  for (const Node* argument : node[1].children)
    if (const Bound value = bind(*argument); first == nullptr) first = value;
  const bool named = find_function(name, FunctionKind::Table) != nullptr && first != nullptr &&
                     first->literal && first->type == Type::String;
  return table_elsewhere(place, named ? first->name : keep(fmt::format("{}()", name)), node);
}

}  // namespace redoubt::kql::detail
