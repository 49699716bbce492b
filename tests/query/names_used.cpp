#include "names_used.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "kql/catalogue.h"
#include "kql/plan_walk.h"
#include "kql/rewrite.h"
#include "query/detail/executor.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query {

namespace {

using kql::Expression;
using kql::Node;
using kql::NodeKind;
using kql::Relation;
using kql::TokenKind;

/// What a node of the syntax is called in the documents; empty: by its word (where, filter).
struct Word {
  NodeKind node;
  std::string_view kind;
  std::string_view name;
};
constexpr Word kWords[] = {
    {NodeKind::Alias, "statement", "alias"},
    {NodeKind::Let, "statement", "let"},
    {NodeKind::ExpressionStatement, "statement", "tabular expressions"},
    {NodeKind::Materialize, "special", "materialize"},
    {NodeKind::ToScalar, "special", "toscalar"},
    {NodeKind::As, "operator", "as"},
    {NodeKind::Consume, "operator", "consume"},
    {NodeKind::Count, "operator", "count"},
    {NodeKind::DataTable, "operator", "datatable"},
    {NodeKind::Distinct, "operator", "distinct"},
    {NodeKind::Evaluate, "operator", "evaluate"},
    {NodeKind::Extend, "operator", "extend"},
    {NodeKind::ExternalData, "operator", "externaldata"},
    {NodeKind::Facet, "operator", "facet"},
    {NodeKind::Filter, "operator", ""},
    {NodeKind::Find, "operator", "find"},
    {NodeKind::Fork, "operator", "fork"},
    {NodeKind::GetSchema, "operator", "getschema"},
    {NodeKind::GraphMarkComponents, "operator", "graph-mark-components"},
    {NodeKind::GraphMatch, "operator", "graph-match"},
    {NodeKind::GraphShortestPaths, "operator", "graph-shortest-paths"},
    {NodeKind::GraphToTable, "operator", "graph-to-table"},
    {NodeKind::InlineExternalTable, "operator", "inline_external_table"},
    {NodeKind::Invoke, "operator", "invoke"},
    {NodeKind::Join, "operator", "join"},
    {NodeKind::Lookup, "operator", "lookup"},
    {NodeKind::MacroExpand, "operator", "macro-expand"},
    {NodeKind::MakeGraph, "operator", "make-graph"},
    {NodeKind::MakeSeries, "operator", "make-series"},
    {NodeKind::MvApply, "operator", "mv-apply"},
    {NodeKind::MvExpand, "operator", "mv-expand"},
    {NodeKind::Parse, "operator", "parse"},
    {NodeKind::ParseKv, "operator", "parse-kv"},
    {NodeKind::ParseWhere, "operator", "parse-where"},
    {NodeKind::Partition, "operator", "partition"},
    {NodeKind::Print, "operator", "print"},
    {NodeKind::Project, "operator", "project"},
    {NodeKind::ProjectAway, "operator", "project-away"},
    {NodeKind::ProjectByNames, "operator", "project-by-names"},
    {NodeKind::ProjectKeep, "operator", "project-keep"},
    {NodeKind::ProjectRename, "operator", "project-rename"},
    {NodeKind::ProjectReorder, "operator", "project-reorder"},
    {NodeKind::Range, "operator", "range"},
    {NodeKind::Reduce, "operator", "reduce"},
    {NodeKind::Render, "operator", "render"},
    {NodeKind::Sample, "operator", "sample"},
    {NodeKind::SampleDistinct, "operator", "sample-distinct"},
    {NodeKind::Scan, "operator", "scan"},
    {NodeKind::Search, "operator", "search"},
    {NodeKind::Serialize, "operator", "serialize"},
    {NodeKind::Sort, "operator", ""},
    {NodeKind::Summarize, "operator", "summarize"},
    {NodeKind::Take, "operator", ""},
    {NodeKind::Top, "operator", "top"},
    {NodeKind::TopHitters, "operator", "top-hitters"},
    {NodeKind::TopNested, "operator", "top-nested"},
    {NodeKind::Union, "operator", "union"},
};

std::string text_of(const kql::Syntax& syntax, std::uint32_t token) {
  return lower(on_one_line(syntax.text_of(syntax.tokens[token])));
}

void add_word(const kql::Syntax& syntax, const Node& node, std::set<LanguageKey>& out) {
  for (const Word& word : kWords)
    if (word.node == node.kind)
      out.emplace(word.kind, word.name.empty() ? text_of(syntax, node.begin) : std::string(word.name));
  if (node.kind == NodeKind::Render) out.emplace("visualization", text_of(syntax, node.token));
  if (node.kind != NodeKind::Call || node.child(0) == nullptr) return;
  const std::string_view name = syntax.text_of(node[0]);
  if (kql::find_function(name, kql::FunctionKind::Table) != nullptr) out.emplace("table", name);
}

/// Whether a node is bound, or something in it.
bool is_used(const Node& node, const std::set<const Node*>& bound) {
  return bound.contains(&node) ||
         std::any_of(node.children.begin(), node.children.end(),
                     [&](const Node* child) { return child != nullptr && is_used(*child, bound); });
}

/// What no plan tells: words of statements that are used.
void add_words(const kql::Syntax& syntax, const Node& node, const std::set<const Node*>& bound,
               std::set<LanguageKey>& out) {
  if (node.kind == NodeKind::Let && !is_used(node, bound)) return;
  add_word(syntax, node, out);
  for (const Node* child : node.children)
    if (child != nullptr) add_words(syntax, *child, bound, out);
}

/// The operators that are chains are one node of the syntax with several of the plan.
std::string operator_name(const kql::Syntax& syntax, const Expression& value) {
  switch (value.op) {
    case TokenKind::Plus:
      return "+";
    case TokenKind::Minus:
      return "-";
    case TokenKind::Asterisk:
      return "*";
    case TokenKind::Slash:
      return "/";
    case TokenKind::Percent:
      return "%";
    case TokenKind::AndKeyword:
      return "and";
    case TokenKind::OrKeyword:
      return "or";
    default:
      return value.syntax == nullptr || value.saved ? std::string() : text_of(syntax, value.syntax->token);
  }
}

void add_expression(const kql::Syntax& syntax, const Expression& value, std::set<LanguageKey>& out) {
  if (const kql::Function* const function = value.function) {
    out.emplace(kql::kind_name(function->kind), function->name);
    if (!function->alias_of.empty()) out.emplace(kql::kind_name(function->kind), function->alias_of);
  }
  if (value.kind == kql::ExpressionKind::Operator && value.operands.size() > 1)
    out.emplace("binary-operator", operator_name(syntax, value));
}

/// The same of all that is in an expression; what hangs on no row is worked out beforehand, not in SQL.
void add_said(const kql::Syntax& syntax, const Expression* value, std::set<LanguageKey>& out) {
  if (value == nullptr || value->constant) return;
  add_expression(syntax, *value, out);
  for (const Expression* operand : value->operands)
    add_said(syntax, operand, out);
  add_said(syntax, value->value, out);
}

void add_relation(const Relation& relation, std::set<LanguageKey>& out) {
  if (relation.op == NodeKind::Join) out.emplace("join-kind", relation.kind);
  if (relation.op == NodeKind::Evaluate) out.emplace("plugin", relation.name);
}

}  // namespace

std::set<LanguageKey> names_used(const kql::Analysis& analysis) {
  std::set<LanguageKey> out;
  std::set<const Node*> bound;
  kql::each_node(
      analysis,
      [&](const Relation& relation) {
        if (!relation.saved) bound.insert(relation.syntax);
        add_relation(relation, out);
      },
      [&](const Expression& value) {
        if (!value.saved) bound.insert(value.syntax);
        add_expression(analysis.syntax, value, out);
      });
  add_words(analysis.syntax, *analysis.syntax.root, bound, out);
  return out;
}

std::set<LanguageKey> names_in_sql(kql::Analysis& analysis, MemoryTables& tables,
                                   const kql::EvaluationContext& evaluation) {
  kql::RewriteOptions rewrites;
  rewrites.context = &evaluation;
  kql::rewrite(analysis, rewrites);
  Budget budget({}, {});
  detail::Executor executor(analysis, tables, evaluation, budget);
  const sql::MemoryCatalog catalog(tables);
  sql::RelationSql sql(executor, catalog, true);
  std::set<LanguageKey> out;
  const auto add = [&](const Expression* root) { add_said(analysis.syntax, root, out); };
  kql::each_relation(analysis, [&](const Relation& relation) {
    if (!sql.can(relation)) return;
    add_relation(relation, out);
    if (relation.syntax != nullptr && !relation.saved) add_word(analysis.syntax, *relation.syntax, out);
    for (const kql::Assignment& one : relation.assignments)
      add(one.value);
    for (const Expression* one : relation.arguments)
      add(one);
    for (const kql::SortKey& one : relation.order)
      add(one.value);
  });
  return out;
}

}  // namespace redoubt::query
