#pragma once

#include <string>
#include <string_view>

#include "kql/token.h"
#include "kql/types.h"

namespace redoubt::kql {

/// How search looks for a term in a column: a star at an end stands for the rest of a word, one inside for
/// anything. Source: Kusto Query Language reference, "search operator".
struct SearchTerm {
  TokenKind op = TokenKind::HasKeyword;  ///< an operator on the column and `text`
  std::string text;                      ///< empty: every row has it
};

SearchTerm search_term_of(std::string_view written, bool case_sensitive);

/// Whether values of a type that are not null can have the term in their text. Of some types this is known
/// before the rows are: no number has a letter.
bool may_hold(Type type, const SearchTerm& term);

}  // namespace redoubt::kql
