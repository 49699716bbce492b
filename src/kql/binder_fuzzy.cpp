#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"

namespace redoubt::kql::detail {

/// Names that a part of a query uses, and whether each is used by fuzzy unions alone.
struct Binder::NameUses {
  std::unordered_set<std::string_view> fuzzy;
  std::unordered_set<std::string_view> plain;
};

bool Binder::is_fuzzy(const Node& node) const {
  return node.kind == NodeKind::Union && parameter_of(node.child(0), {"isfuzzy", "__isFuzzy"}) == "true";
}

void Binder::add_uses(const Node& root, bool fuzzy, NameUses& out) {
  std::vector<std::pair<const Node*, bool>> open{{&root, fuzzy}};
  while (!open.empty()) {
    const auto [node, within] = open.back();
    open.pop_back();
    if (node->kind == NodeKind::Name || node->kind == NodeKind::BracketedName)
      (within ? out.fuzzy : out.plain).insert(name_of(*node));
    const bool here = within || is_fuzzy(*node);
    // What stands in front of a union is one of its tables.
    const bool head = node->kind == NodeKind::Pipe && node->child(1) != nullptr && is_fuzzy((*node)[1]);
    for (std::size_t i = 0; i < node->children.size(); ++i)
      if (node->children[i] != nullptr) open.emplace_back(node->children[i], here || (head && i == 0));
  }
}

/// Kusto looks at a let where it is used: a table that one lacks is no mistake where all that use it are
/// fuzzy unions. `last` is what follows the statements of a function.
void Binder::find_fuzzy_lets(const Node& statements, const Node* last) {
  const auto is_let = [](const Node* one) { return one->kind == NodeKind::Let; };
  const bool possible = syntax_->text.find("isfuzzy") != std::string_view::npos ||
                        syntax_->text.find("__isFuzzy") != std::string_view::npos;
  if (!possible || std::ranges::none_of(statements.children, is_let)) return;
  NameUses uses;
  if (last != nullptr) add_uses(*last, false, uses);
  for (std::size_t i = statements.children.size(); i-- > 0;) {
    const Node& statement = statements[i];
    if (!is_let(&statement)) {
      add_uses(statement, false, uses);
      continue;
    }
    const std::string_view name = name_of(statement[0]);
    const bool fuzzy = uses.fuzzy.contains(name) && !uses.plain.contains(name);
    if (fuzzy) fuzzy_lets_.insert(&statement);
    add_uses(statement[1], fuzzy, uses);
  }
}

}  // namespace redoubt::kql::detail
