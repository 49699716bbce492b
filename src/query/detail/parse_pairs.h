#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/pattern.h"
#include "kql/plan.h"

namespace redoubt::query::detail {

/// How parse-kv tells keys and values: by delimiters, by what is no letter or digit where none is given, or
/// by an expression with a group for each of the two. Source: Kusto Query Language reference, "parse-kv
/// operator".
struct PairSyntax {
  /// A text between these two may hold delimiters.
  struct Quote {
    std::string_view open;
    std::string_view close;
  };

  std::string_view pair_delimiter;  ///< empty: there is none
  std::string_view kv_delimiter;
  std::vector<Quote> quotes;
  std::vector<std::string_view> escapes;  ///< inside quotes: the next character is one of the text
  bool greedy = false;                    ///< what follows a value without a key of its own is part of it
  std::optional<kql::Pattern> regex;

  /// Errors: KQL0406 a bad expression; QRY0006 one without two groups.
  static Result<PairSyntax> of(std::span<const kql::Option> options);
};

using Pair = std::pair<std::string, std::string>;

/// The keys and values of a text, in its order, without the blanks around them.
std::vector<Pair> pairs_of(std::string_view text, const PairSyntax& syntax);

}  // namespace redoubt::query::detail
