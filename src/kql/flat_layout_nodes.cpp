#include "kql/detail/flat_layout.h"

namespace redoubt::kql::detail {

namespace {

/// Functions whose arguments belong together in twos.
constexpr std::string_view kFunctionsOfPairs[] = {"case", "bag_pack", "pack", "pack_dictionary"};

}  // namespace

std::size_t elements_per_row(const Syntax& syntax, const Node& node) {
  if (node.kind == NodeKind::DataTable) {
    const Node* const schema = node.child(1);
    const bool known = schema != nullptr && schema->kind == NodeKind::RowSchema;
    return known && !schema->children[0]->children.empty() ? schema->children[0]->children.size() : 1;
  }
  if (node.kind != NodeKind::Call) return 1;
  for (const std::string_view name : kFunctionsOfPairs)
    if (syntax.text_of(node[0]) == name) return 2;
  return 1;
}

void FlatLayout::visit(const Node& node) {
  switch (node.kind) {
    case NodeKind::QueryBlock:
    case NodeKind::MacroExpand:
    case NodeKind::PatternDeclaration:
    case NodeKind::Scan:
    case NodeKind::Fork:
    case NodeKind::GraphMatch:
    case NodeKind::GraphShortestPaths:
      return visit_lines(node);
    case NodeKind::FunctionBody:
      return visit_function_body(node);
    case NodeKind::DataTable:
      visit_data_table(node);
      return visit_bracketed(node);
    case NodeKind::Pipe:
      return visit_pipe(node);
    case NodeKind::Find:
      return visit_find(node);
    case NodeKind::GraphPattern:
    case NodeKind::GraphNode:
    case NodeKind::GraphEdge:
    case NodeKind::MakeGraph:
      visit_graph(node);
      return visit_sign(node);
    case NodeKind::Name:
    case NodeKind::BracedName:
    case NodeKind::WildcardName:
    case NodeKind::Word:
    case NodeKind::Literal:
    case NodeKind::Star:
    case NodeKind::Unary:
    case NodeKind::Path:
      return visit_name(node);
    default:
      visit_bracketed(node);
      visit_sign(node);
  }
}

/// Tokens that make up one word.
void FlatLayout::visit_name(const Node& node) {
  switch (node.kind) {
    case NodeKind::Literal:
    case NodeKind::Star:
      return glue_all(node.begin + 1, node.end);
    case NodeKind::Unary:
      return glue_begin(node.child(0));
    case NodeKind::Path:
      for (std::size_t i = 1; i < node.children.size(); ++i)
        glue_begin(node.child(i));
      return;
    default:
      if (node.children.empty()) glue_as_written(node);
  }
}

/// Brackets that touch the word in front of them.
void FlatLayout::visit_bracketed(const Node& node) {
  switch (node.kind) {
    case NodeKind::ArgumentList:
      return glue(node.begin);
    case NodeKind::TypeOf:
    case NodeKind::Dynamic:
    case NodeKind::Materialize:
      return glue(node.begin + 1);
    case NodeKind::QueryParameters:
      return glue(node.begin + 2);
    case NodeKind::ToScalar:
    case NodeKind::ToTable:
      if (node.child(0) == nullptr) glue(node.begin + 1);
      return;
    case NodeKind::DataTable:
    case NodeKind::ExternalData:
      if (node[0].begin == node[0].end) glue_begin(node.child(1));
      return;
    case NodeKind::MaterializedViewCombine:
      for (const Node* const part : node.children)
        glue(part->begin - 1);
      return;
    case NodeKind::JsonObject:
      glue(node.begin + 1);
      return glue(node.end - 1);
    case NodeKind::Evaluate:
      if (node.child(2) != nullptr) marks_[node[2].begin - 1].spaced = true;
      return;
    default:
      return;
  }
}

/// Signs without blanks around them: those of parameters, and the colon of a search.
void FlatLayout::visit_sign(const Node& node) {
  switch (node.kind) {
    case NodeKind::Parameter:
      return glue_sign(node[0].end);
    case NodeKind::Binary:
      if (kind(node.token) == TokenKind::Colon) glue_sign(node.token);
      return;
    case NodeKind::DataScope:
    case NodeKind::MakeSeriesItem:
    case NodeKind::Search:
      if (node.child(1) != nullptr) glue_sign(node[1].begin - 1);
      return;
    case NodeKind::Summarize:
    case NodeKind::MakeGraph:
      if (node.child(3) != nullptr) glue_sign(node[3].begin - 1);
      return;
    case NodeKind::ScanStep:
      if (node.token != node.begin) glue_sign(node.token - 1);
      return;
    case NodeKind::InlineExternalTable:
      return visit_inline_table(node);
    default:
      return;
  }
}

/// What has lines of its own.
void FlatLayout::visit_lines(const Node& node) {
  switch (node.kind) {
    case NodeKind::QueryBlock:
      for (const std::size_t list : {0U, 1U})
        for (const Node* const one : node[list].children)
          begin_statement(*one);
      return;
    case NodeKind::MacroExpand:
      for (const Node* const one : node[3].children)
        begin_statement(*one);
      return;
    case NodeKind::PatternDeclaration:
      if (node.child(1) != nullptr) glue(node[1].begin - 1);
      return break_before_each(node[2].children);
    case NodeKind::Scan:
      return break_before_each(node[4].children);
    case NodeKind::Fork:
      if (node.children.size() > 1) break_before_each(node.children);
      return;
    default:
      if (node.child(2) != nullptr) break_before(node[2].begin - 1);
      if (node.child(3) != nullptr) break_before(node[3].begin - 1);
  }
}

void FlatLayout::visit_graph(const Node& node) {
  if (node.kind == NodeKind::MakeGraph) return glue_all(node[1].end + 1, node[2].begin);
  if (node.kind != NodeKind::GraphPattern) {
    // The tokens of the node's own; what its children are made of is theirs.
    std::uint32_t at = node.begin + 1;
    for (const Node* const child : node.children) {
      if (child == nullptr) continue;
      glue_all(at, child->begin + 1);
      at = child->end;
    }
    return glue_all(at, node.end);
  }
  for (std::size_t i = 1; i < node.children.size(); ++i)
    glue_begin(node.child(i));
}

void FlatLayout::visit_pipe(const Node& node) {
  for (std::size_t i = 1; i < node.children.size(); ++i)
    if (const std::uint32_t bar = node[i].begin - 1; !marks_[bar].in_line) break_before(bar);
}

/// `T | as name` among its tables stays on its line.
void FlatLayout::visit_find(const Node& node) {
  if (node.child(0) != nullptr) glue_sign(node[0].begin - 1);
  if (node.child(2) == nullptr) return;
  for (const Node* const table : node[2].children)
    if (table->kind == NodeKind::Pipe) marks_[(*table)[1].begin - 1].in_line = true;
}

/// More than one row, each on its line.
void FlatLayout::visit_data_table(const Node& node) {
  const std::size_t columns = elements_per_row(syntax_, node);
  if (columns > 1 && node[2].children.size() > columns) break_before(node[2].begin);
}

/// `{ a }` is one line, what has statements or pipes has several.
void FlatLayout::visit_function_body(const Node& node) {
  for (const Node* const statement : node[0].children)
    begin_statement(*statement);
  const Node* const value = node.child(1);
  if (value != nullptr) marks_[value->begin].statement = true;
  if (value != nullptr && !node[0].children.empty()) break_before(value->begin);
  if (value == nullptr && node[0].children.empty()) glue(node.end - 1);
}

/// `kind=storage`, `pathformat=(...)`, `dataformat=csv`
void FlatLayout::visit_inline_table(const Node& node) {
  for (const std::size_t child : {2U, 5U})
    if (node.child(child) != nullptr) glue_sign(node[child].begin - 1);
  for (std::uint32_t i = node.begin; i + 1 < node.end; ++i)
    if (kind(i) == TokenKind::PathFormatKeyword) glue_sign(i + 1);
}

}  // namespace redoubt::kql::detail
