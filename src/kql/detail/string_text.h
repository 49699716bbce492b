#pragma once

#include <string>
#include <string_view>

#include "kql/syntax.h"

namespace redoubt::kql::detail {

/// The text that one string literal stands for, whatever its form.
std::string string_text(std::string_view literal);
/// ... of a node of kind String: literals side by side are one text.
std::string string_text(const Syntax& syntax, const Node& node);

}  // namespace redoubt::kql::detail
