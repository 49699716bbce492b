#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kql/detail/operator_words.h"
#include "kql/syntax.h"

namespace redoubt::kql::detail {

/// What can stand at a place of a text.
enum class PlaceKind : std::uint8_t {
  Nothing,
  Statement,  ///< the beginning of a query or statement
  Table,      ///< the beginning of a query in parentheses
  Operator,   ///< behind `|`
  Head,       ///< behind an operator's word and parameters
  Expression,
  AfterOperand,
  Member,  ///< behind a dot
  Type,
  Value,        ///< of the parameter `rule`
  RenderValue,  ///< a property of render in its parentheses
  Text          ///< inside a string
};

/// Where the cursor is. Found from the tokens in front of it, so that it needs no text that can be parsed.
struct Place {
  PlaceKind kind = PlaceKind::Nothing;
  std::uint32_t begin = 0;  ///< of the word that is being written
  std::uint32_t end = 0;
  std::string_view word;  ///< of it, up to the cursor
  const OperatorWord* op = nullptr;
  std::uint32_t operator_offset = 0;  ///< of its word
  std::string_view clause;            ///< the last word of the operator's own: by, on, ...; empty: none
  const ParameterRule* rule = nullptr;
  std::string_view call;           ///< the function whose argument it is; empty: none
  std::size_t argument = 0;        ///< counted from 0
  std::string_view argument_name;  ///< of `name = value` in a call
  bool in_let = false;             ///< the value of a let statement
  std::string_view base;           ///< of Member: the name in front of the dot
  char quote = 0;                  ///< the place is inside a name in brackets, ['a b']: its quote
  std::vector<char> open;          ///< brackets that are open there, the outermost first: what closes them
};

/// Whether a string is a name in brackets, `['a b']`: its bracket follows nothing that could have elements.
bool is_name_in_brackets(const std::vector<Token>& tokens, std::size_t string);

/// Finds the place of a position; `tokens` are those of the whole text.
Place find_place(std::string_view text, const std::vector<Token>& tokens, std::uint32_t position);

}  // namespace redoubt::kql::detail
