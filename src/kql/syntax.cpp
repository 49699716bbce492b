#include "kql/syntax.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"

namespace redoubt::kql {

namespace {

constexpr std::string_view kNodeNames[] = {"List",
                                           "Missing",
                                           "Skipped",
                                           "Clause",
                                           "Name",
                                           "BracketedName",
                                           "BracedName",
                                           "WildcardName",
                                           "Literal",
                                           "String",
                                           "Word",
                                           "Dynamic",
                                           "JsonArray",
                                           "JsonObject",
                                           "JsonPair",
                                           "TypeOf",
                                           "Type",
                                           "SchemaType",
                                           "Star",
                                           "AtSign",
                                           "Path",
                                           "Element",
                                           "Call",
                                           "ArgumentList",
                                           "Parenthesized",
                                           "Unary",
                                           "Multiplicative",
                                           "Additive",
                                           "Binary",
                                           "In",
                                           "Between",
                                           "And",
                                           "Or",
                                           "NamedExpression",
                                           "NamesExpression",
                                           "Ordered",
                                           "DataScope",
                                           "DataTable",
                                           "ContextualDataTable",
                                           "ExternalData",
                                           "InlineExternalTable",
                                           "MaterializedViewCombine",
                                           "ToScalar",
                                           "ToTable",
                                           "Materialize",
                                           "EntityGroup",
                                           "Pipe",
                                           "Parameter",
                                           "NameAndType",
                                           "RowSchema",
                                           "FunctionParameter",
                                           "FunctionDeclaration",
                                           "FunctionBody",
                                           "Alias",
                                           "Let",
                                           "SetOption",
                                           "QueryParameters",
                                           "PatternStatement",
                                           "PatternDeclaration",
                                           "PatternMatch",
                                           "Restrict",
                                           "ExpressionStatement",
                                           "Command",
                                           "QueryBlock",
                                           "BadOperator",
                                           "As",
                                           "AssertSchema",
                                           "Consume",
                                           "Count",
                                           "Distinct",
                                           "Evaluate",
                                           "ExecuteAndCache",
                                           "Extend",
                                           "Facet",
                                           "Filter",
                                           "Find",
                                           "Fork",
                                           "ForkBranch",
                                           "GetSchema",
                                           "GraphMarkComponents",
                                           "GraphMatch",
                                           "GraphPattern",
                                           "GraphNode",
                                           "GraphEdge",
                                           "GraphShortestPaths",
                                           "GraphToTable",
                                           "GraphOutput",
                                           "GraphWhereEdges",
                                           "GraphWhereNodes",
                                           "Invoke",
                                           "Join",
                                           "Lookup",
                                           "MacroExpand",
                                           "MakeGraph",
                                           "MakeGraphNodes",
                                           "MakeSeries",
                                           "MakeSeriesItem",
                                           "MvApply",
                                           "MvExpand",
                                           "MvItem",
                                           "Parse",
                                           "ParseKv",
                                           "ParseWhere",
                                           "Partition",
                                           "PartitionBy",
                                           "Print",
                                           "Project",
                                           "ProjectAway",
                                           "ProjectByNames",
                                           "ProjectKeep",
                                           "ProjectRename",
                                           "ProjectReorder",
                                           "Range",
                                           "Reduce",
                                           "Render",
                                           "Sample",
                                           "SampleDistinct",
                                           "Scan",
                                           "ScanStep",
                                           "Search",
                                           "Serialize",
                                           "Sort",
                                           "Summarize",
                                           "Take",
                                           "Top",
                                           "TopHitters",
                                           "TopNested",
                                           "TopNestedLevel",
                                           "Union"};
static_assert(std::size(kNodeNames) == static_cast<std::size_t>(NodeKind::Union) + 1);

}  // namespace

std::string_view node_name(NodeKind kind) { return kNodeNames[static_cast<std::size_t>(kind)]; }

std::string_view Syntax::text_of(const Node& node) const {
  if (node.begin == node.end) return {};
  const std::uint32_t begin = tokens[node.begin].offset;
  return text.substr(begin, tokens[node.end - 1].end() - begin);
}

bool Syntax::has_errors() const {
  for (const Problem& problem : problems)
    if (problem.severity == Severity::Error) return true;
  return false;
}

Where Syntax::where(std::size_t offset) const {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line = before.rfind('\n') + 1;
  return {{},
          static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
          static_cast<std::uint32_t>(1 + count_characters(before.substr(line))),
          {}};
}

std::string to_text(const Syntax& syntax) {
  struct Step {
    const Node* node;
    std::size_t depth;
  };
  std::string out;
  std::vector<Step> open{{syntax.root, 0}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    out.append(2 * depth, ' ');
    if (node == nullptr) {
      out += "-\n";
      continue;
    }
    out += node_name(node->kind);
    if (node->children.empty() && node->begin != node->end)
      fmt::format_to(std::back_inserter(out), " {}", syntax.text_of(*node));
    out += '\n';
    for (auto child = node->children.rbegin(); child != node->children.rend(); ++child)
      open.push_back({*child, depth + 1});
  }
  return out;
}

}  // namespace redoubt::kql
