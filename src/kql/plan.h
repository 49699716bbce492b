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
  bool guessed = false;            ///< as of an Expression
};
using ColumnList = std::span<const Column* const>;

struct Expression;
struct Relation;
struct UserFunction;

/// A column that an operator makes.
struct Assignment {
  const Column* column = nullptr;
  const Expression* value = nullptr;
  std::uint32_t part = 0;  ///< of a value that is several columns: which of them
};

/// What is written beside an operator: `kind=outer`, `with_itemindex=i`.
struct Option {
  std::string_view name;
  std::string_view value;  ///< a text without its quotes
};

/// A piece of the pattern of parse: a text, a column, or else `*`.
struct ParsePiece {
  std::string_view text;  ///< in kind=regex an expression
  const Column* column = nullptr;
  bool is_text = false;
};

/// A step of scan. Conditions and values are among the relation's arguments, from `first` on: the condition,
/// then one for each of `assigned`.
struct ScanStep {
  std::string_view name;
  std::string_view output;  ///< all, last, none; empty: all
  std::uint32_t first = 0;
  std::span<const Column* const> assigned;  ///< declared columns that it sets
  std::span<const Column* const> state;  ///< what `name.column` refers to, in the order of ScanPlan::columns
};

/// Its partition keys are the first of the relation's arguments, its order the relation's.
struct ScanPlan {
  std::uint32_t keys = 0;
  std::span<const Column* const> columns;  ///< of the input, then the declared ones
  /// What a declared column is before a step sets it, among the arguments; kNoArgument: null.
  std::span<const std::uint32_t> defaults;
  std::span<const ScanStep> steps;
  const Column* match_id = nullptr;  ///< null: none is asked for
};
inline constexpr std::uint32_t kNoArgument = UINT32_MAX;

/// Which way an edge of a pattern may be gone along.
enum class GraphDirection : std::uint8_t {
  Right,  ///< from its source to its target
  Left,   ///< from its target to its source
  Any
};

/// A node or an edge of the pattern of graph-match. A node that comes again is one element.
struct GraphElement {
  std::string_view name;  ///< empty: it has none
  ColumnList columns;     ///< what `name.column` refers to, in the order of the graph's nodes or edges
  bool edge = false;
  // Of an edge:
  GraphDirection direction = GraphDirection::Any;
  std::uint32_t left = 0;  ///< numbers of the nodes beside it
  std::uint32_t right = 0;
  /// `*1..3`: where, among the arguments, the least number stands; the greatest follows. kNoArgument: none.
  std::uint32_t range = kNoArgument;

  bool repeated() const { return range != kNoArgument; }
};

/// What a graph operator needs beside the arguments. The rows of make-graph and of what makes a graph of a
/// graph are its edges.
struct GraphPlan {
  ColumnList nodes;                ///< columns of the nodes
  const Column* source = nullptr;  ///< of make-graph: of the edges
  const Column* target = nullptr;
  /// Of make-graph: the ids of the tables of nodes, its inputs behind the first; or else the column that
  /// holds the id alone.
  ColumnList ids;
  /// Of make-graph with partitioned-by: how many tables the graph is made of. Behind these inputs stands the
  /// query, then what stands in it for each of them; the arguments are the columns of each that say the part.
  std::uint32_t parts = 0;
  std::span<const GraphElement> pattern;  ///< of graph-match and graph-shortest-paths
};

/// What rows are put in order by. Nulls are the least; where they go is said apart.
struct SortKey {
  const Expression* value = nullptr;
  bool descending = true;
  bool nulls_first = false;
};

/// Columns of the two sides of a join that have to be equal.
struct JoinKey {
  const Column* left = nullptr;
  const Column* right = nullptr;
};

/// What the conditions above a stored table leave of its time; the ends are constants, null where it is open.
struct TimeRange {
  const Column* column = nullptr;
  const Expression* from = nullptr;
  const Expression* to = nullptr;
  bool from_excluded = false;
  bool to_excluded = false;
};

/// Rows: a table, or an operator on others. The inputs of mv-apply are its rows, the query that is applied,
/// and the rows that that begins with; those of partition its rows and the query, which begins with them.
struct Relation {
  NodeKind op = NodeKind::Name;  ///< Name: a stored table; else the operator
  const Node* syntax = nullptr;
  std::string_view text;  ///< the operator as it is written
  std::string_view name;  ///< of a stored table, or one that `as` named; of a condition put on one, its name
  std::span<const Relation* const> inputs;
  ColumnList columns;
  std::span<const Assignment> assignments;
  std::uint32_t keys =
      0;  ///< so many of the assignments, the first, are what summarize and make-series go by
  /// What else it needs: the condition of where, find, search and join; the number of take, top and sample;
  /// from, to and step of range; axis, from, to and step of make-series, then what stands for missing values;
  /// the values of a datatable, row by row; what parse and parse-kv look at; the limit of mv-expand and
  /// mv-apply; number, column and weight of top-hitters; number, column, others and aggregate of each level
  /// of top-nested; the key of partition; arguments of a plugin; the condition of a graph operator, then the
  /// ranges of its edges. Null stands for one that is not written.
  std::span<const Expression* const> arguments;
  std::span<const std::string_view> argument_names;  ///< of a plugin: the parameters that they are for
  std::span<const Option> options;
  std::span<const ParsePiece> pattern;  ///< of parse
  const ScanPlan* scan = nullptr;
  const GraphPlan* graph = nullptr;  ///< of graph operators
  std::uint32_t discovery = 0;       ///< of a plugin whose columns hang on its rows: its number, from 1 on
  const Column* source = nullptr;  ///< of union, search and find: where rows come from; null: it is not told
  /// What that says of the rows of each input: a table, what `as` named, a view, `union_arg1`; with `source`
  /// only.
  std::span<const std::string_view> sources;
  std::span<const SortKey> order;  ///< of sort and top
  std::span<const JoinKey> on;     ///< of join and lookup
  /// Of join, lookup and union: written, else the default; of graph-to-table. Of make-series `range` where
  /// its axis is written as `in range(from, to, step)`, which counts from zero and has its last bin, too.
  std::string_view kind;
  const TimeRange* time = nullptr;  ///< of a stored table, where a rewrite found one
  bool open = false;                ///< it may have columns that only the data can tell
  bool saved = false;               ///< as of an Expression
  bool sorted = false;              ///< the order of its rows means something
  bool serialized = false;          ///< ... and window functions may use it
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
  Graph,     ///< `relations`: the graph, whose rows are its edges; and what its nodes look like, where it is
             ///< known
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
  /// The type is that of the default of column_ifexists, the column that it finds may have another one: it
  /// is no reason to refuse anything.
  bool guessed = false;
  bool saved = false;  ///< `syntax` is of a saved function, not of the query
  TokenKind op = TokenKind::End;
  const Node* syntax = nullptr;
  std::string_view name;
  std::string_view json;  ///< of a dynamic literal: its value, compact
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
