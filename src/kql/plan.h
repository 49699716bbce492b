#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kql/functions.h"
#include "kql/syntax.h"
#include "kql/types.h"

namespace redoubt::kql {

// What a query means: its names bound, its expressions typed, its functions put in place of their calls.
// Everything here lives as long as the Analysis it is of.

/// A column of a table. Two of the same name and type are two columns: the address is the identity.
struct Column {
  std::string_view name;
  Type type = Type::Unknown;
  DynamicShape shape = DynamicShape::Any;
  const Column* origin = nullptr;  ///< the column that it is another name of; null: it is one of its own
};
using ColumnList = std::span<const Column* const>;

struct Expression;
struct Relation;
struct UserFunction;

/// A column that an operator makes, or an expression that it needs (then without a column).
struct Assignment {
  const Column* column = nullptr;
  const Expression* value = nullptr;
};

/// Rows: a table, or an operator on others.
struct Relation {
  NodeKind op = NodeKind::Name;  ///< Name: a stored table; else the operator
  const Node* syntax = nullptr;
  std::string_view name;  ///< of a stored table, or one that `as` named
  std::span<const Relation* const> inputs;
  ColumnList columns;
  std::span<const Assignment> assignments;
  bool open = false;        ///< it may have columns that only the data can tell
  bool sorted = false;      ///< the order of its rows means something
  bool serialized = false;  ///< ... and window functions may use it
};

enum class ExpressionKind : std::uint8_t {
  Error,     ///< could not be bound; a problem says why
  Literal,   ///< `name` is the text of a string
  Column,    ///< a reference to `column`
  Variable,  ///< a let value or a parameter; `value` is what it stands for, where that is known
  Call,      ///< of `function` with `operands`
  Operator,  ///< `op` on `operands`
  Member,    ///< `operands[0].name`, or `operands[0][operands[1]]`
  Star,
  Columns,   ///< several columns at once: `columns`
  Table,     ///< `relations[0]`
  Tables,    ///< several results: of fork, facet, a wildcard
  Graph,     ///< `relations`: edges, and nodes where they are known
  Function,  ///< a function that is not called: `function` or `user`
  Database,  ///< database(), workspace(): a place of tables
  Cluster,
  Word  ///< a word of an operator's parameter
};

struct Expression {
  ExpressionKind kind = ExpressionKind::Error;
  Type type = Type::Unknown;  ///< of a scalar
  DynamicShape shape = DynamicShape::Any;
  bool constant = false;  ///< known before the query runs
  bool literal = false;   ///< written out, or a name of such
  TokenKind op = TokenKind::End;
  const Node* syntax = nullptr;
  std::string_view name;
  const Column* column = nullptr;
  const Function* function = nullptr;
  const UserFunction* user = nullptr;
  std::span<const Expression* const> operands;
  ColumnList columns;
  std::span<const Relation* const> relations;
  const Expression* value = nullptr;

  bool is_scalar() const {
    return kind != ExpressionKind::Error && (kind < ExpressionKind::Star || kind == ExpressionKind::Columns);
  }
  bool is_table() const { return kind == ExpressionKind::Table; }
  bool is_error() const { return kind == ExpressionKind::Error; }
  const Relation* relation() const { return relations.empty() ? nullptr : relations.front(); }
};

}  // namespace redoubt::kql
