#include "kql/management_command.h"

#include <fmt/format.h>

namespace redoubt::kql {

Result<void> check_no_command(const Syntax& syntax, std::string_view fate, std::string hint) {
  const Node* const body = syntax.root == nullptr ? nullptr : syntax.root->child(1);
  const Node* const first = body == nullptr ? nullptr : body->child(0);
  if (first == nullptr || first->kind != NodeKind::Command) return {};
  return fail(Error::Kind::InvalidInput, "KQL0305",
              fmt::format("a management command is no query, and {}", fate),
              syntax.where(syntax.tokens[first->begin].offset), std::move(hint));
}

}  // namespace redoubt::kql
