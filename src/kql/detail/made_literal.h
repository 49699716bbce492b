#pragma once

#include <optional>
#include <string>

#include "kql/plan.h"
#include "kql/value.h"

namespace redoubt::kql::detail {

/// The text of a literal that has the value; of a string itself. Nothing: no literal of a plan has it by its
/// text.
std::optional<std::string> literal_text(const Value& value);

/// Behind the names that stand for it. Null: the value is not written out.
const Expression* literal_behind(const Expression* value);

/// The value of a column in a row.
const Expression* make_reference(Arena& arena, const Column* column);

/// A literal of that value. Null: it has no type.
const Expression* make_literal(Arena& arena, const Value& value, const Node* syntax);

}  // namespace redoubt::kql::detail
