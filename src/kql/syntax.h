#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "kql/token.h"

namespace redoubt::kql {

/// Kinds of nodes. In brackets are the children, in order; `?` may be missing (a null child), `...` are any
/// number of children of that kind. A list is a node of kind List.
///
/// Left-associative chains (`a and b and c`, `a | b | c`, `a.b[c]`) are one node with many children, so that
/// the depth of a tree is that of its brackets.
enum class NodeKind : std::uint8_t {
  // Parts.
  List,     ///< [element...]; separators are the tokens between
  Missing,  ///< something that had to stand here; a diagnostic says what
  Skipped,  ///< tokens behind what could be understood
  Clause,   ///< a keyword of its own with what follows it [part?...]
  // Names.
  Name,           ///< an identifier, or a keyword in its place
  BracketedName,  ///< ['a b'] [String]
  BracedName,     ///< {a}
  WildcardName,   ///< a*
  // Literals.
  Literal,     ///< one token, or a sign and a number
  String,      ///< one or more string literals side by side
  Word,        ///< a word that a parameter takes, as a token
  Dynamic,     ///< dynamic(...) [value]
  JsonArray,   ///< [element...]
  JsonObject,  ///< [JsonPair...]
  JsonPair,    ///< the token is the name [value]
  TypeOf,      ///< typeof(...) [Type, NameAndType or Star...]
  Type,        ///< a name of a type
  SchemaType,  ///< (a: long, *) [NameAndType or Star...]
  // Expressions.
  Star,
  AtSign,
  Path,                 ///< a.b[c].d() [base, selector...]
  Element,              ///< [c] as a selector [index]
  Call,                 ///< [name, ArgumentList]
  ArgumentList,         ///< [argument...]
  Parenthesized,        ///< [expression]
  Unary,                ///< the token is the sign [operand]
  Multiplicative,       ///< * / % [operand...]
  Additive,             ///< + - [operand...]
  Binary,               ///< the token is the operator: comparisons, strings, equality [left, right]
  In,                   ///< in and has_any in all spellings [left, List]
  Between,              ///< [operand, from, to]
  And,                  ///< [operand...]
  Or,                   ///< [operand...]
  NamedExpression,      ///< a = b [name, expression]
  NamesExpression,      ///< (a, b) = c [List of names, expression]
  Ordered,              ///< the token is asc or desc; [expression, nulls first or last as a Clause?]
  DataScope,            ///< [expression, Word]
  DataTable,            ///< [List of Parameter, RowSchema, List]
  ContextualDataTable,  ///< [id, RowSchema]
  ExternalData,         ///< [List of Parameter, RowSchema, List, List of Parameter?]
  InlineExternalTable,  ///< [List of Parameter, RowSchema?, kind?, partition?, path format?, data format?,
                        ///< List?, List of Parameter?]
  MaterializedViewCombine,  ///< [name, base, delta, aggregations]
  ToScalar,                 ///< [Parameter?, expression]
  ToTable,                  ///< [Parameter?, expression]
  Materialize,              ///< [expression]
  EntityGroup,              ///< [element...]
  Pipe,                     ///< [source, operator...]
  Parameter,                ///< kind=inner; also a property [name, value]
  // Declarations.
  NameAndType,          ///< a: long [name, Type or SchemaType]
  RowSchema,            ///< (a: long, b: string) [List of NameAndType, Star? in front of them]
  FunctionParameter,    ///< [NameAndType, default?]
  FunctionDeclaration,  ///< the token is `view`, where there is one [List of FunctionParameter, FunctionBody]
  FunctionBody,         ///< [List of statements, expression?]
  // Statements.
  Alias,                ///< [name, expression]
  Let,                  ///< [name, value]
  SetOption,            ///< [name, value?]
  QueryParameters,      ///< [List of FunctionParameter]
  PatternStatement,     ///< [name, PatternDeclaration?]
  PatternDeclaration,   ///< [List of NameAndType, NameAndType?, List of PatternMatch]
  PatternMatch,         ///< [List, path?, FunctionBody]
  Restrict,             ///< [List, List of Parameter?]
  ExpressionStatement,  ///< [expression]
  Command,              ///< `.show tables`, to its end: not looked into
  QueryBlock,           ///< [List of directives, List of statements or of a Command, Skipped?]
  // Operators.
  BadOperator,   ///< a word that is no operator
  As,            ///< [List of Parameter, name]
  AssertSchema,  ///< [RowSchema]
  Consume,       ///< [List of Parameter]
  Count,         ///< [name?]
  Distinct,      ///< [List of Parameter, List]
  Evaluate,      ///< [List of Parameter, Call, RowSchema?]
  ExecuteAndCache,
  Extend,      ///< [List]
  Facet,       ///< [List, with an operator or a Pipe?]
  Filter,      ///< where [List of Parameter, expression]
  Find,        ///< [DataScope Word?, List of Parameter, List of tables?, expression, List of columns?,
               ///< List of columns to leave out?]
  Fork,        ///< [ForkBranch...]
  ForkBranch,  ///< [name?, expression]
  GetSchema,   ///< [Parameter?]
  GraphMarkComponents,  ///< [List of Parameter]
  GraphMatch,           ///< [List of Parameter, List of GraphPattern, where?, List of projections?]
  GraphPattern,         ///< [GraphNode or GraphEdge...]
  GraphNode,            ///< [name?]
  GraphEdge,            ///< [name?, from?, to?]
  GraphShortestPaths,   ///< as GraphMatch
  GraphToTable,         ///< [GraphOutput...]
  GraphOutput,          ///< the token is nodes or edges [name?, List of Parameter]
  GraphWhereEdges,      ///< [expression]
  GraphWhereNodes,      ///< [expression]
  Invoke,               ///< [Call or Path]
  Join,                 ///< [List of Parameter, right, on List or where expression?]
  Lookup,               ///< [List of Parameter, right, List]
  MacroExpand,          ///< [List of Parameter, entity group, name?, List of statements]
  MakeGraph,       ///< [List of Parameter, source, target, List of MakeGraphNodes or id name?, partition?]
  MakeGraphNodes,  ///< [table, column]
  MakeSeries,      ///< [List of Parameter, List of MakeSeriesItem, on, from?, to?, step?, in range List?, by
                   ///< List?]
  MakeSeriesItem,  ///< [expression, default?]
  MvApply,         ///< [List of Parameter, List of MvItem, limit?, id?, subquery]
  MvExpand,        ///< [List of Parameter, List of MvItem, limit?]
  MvItem,          ///< [expression?, TypeOf?]
  Parse,           ///< [List of Parameter, expression, List]
  ParseKv,         ///< [expression, RowSchema, List of Parameter?]
  ParseWhere,      ///< as Parse
  Partition,       ///< [List of Parameter, column, scope?, subquery]
  PartitionBy,     ///< [List of Parameter, column, id?, subquery]
  Print,           ///< [List]
  Project,         ///< [List]
  ProjectAway,     ///< [List]
  ProjectByNames,  ///< [List]
  ProjectKeep,     ///< [List]
  ProjectRename,   ///< [List]
  ProjectReorder,  ///< [List]
  Range,           ///< [name, from, to, step]
  Reduce,          ///< [List of Parameter, expression, List of Parameter?]
  Render,          ///< the token is the chart [List of Parameter, List of Parameter?]
  Sample,          ///< [List of Parameter, expression]
  SampleDistinct,  ///< [List of Parameter, expression, of]
  Scan,       ///< [List of Parameter, List of order?, List of partition?, List of FunctionParameter?, List of
              ///< ScanStep]
  ScanStep,   ///< the token is the output's word [name, condition, List of NamedExpression?]
  Search,     ///< [List of Parameter, DataScope Word?, List of tables?, condition]
  Serialize,  ///< [List of Parameter, List]
  Sort,       ///< [List of Parameter, List]
  Summarize,  ///< [List of Parameter, List, List of by?, legacy bin?]
  Take,       ///< [List of Parameter, expression]
  Top,        ///< [List of Parameter, expression, by]
  TopHitters,      ///< [expression, of, by?]
  TopNested,       ///< [TopNestedLevel...]
  TopNestedLevel,  ///< [expression?, of, with others?, by]
  Union,           ///< [List of Parameter, List]
};

/// The name of a kind, as it is written above.
std::string_view node_name(NodeKind kind);

/// A node of a syntax tree. It covers the tokens [begin, end).
struct Node {
  NodeKind kind = NodeKind::Missing;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t token = 0;  ///< the one that matters: of an operator, a name, a literal
  std::span<Node* const> children;

  const Node& operator[](std::size_t i) const { return *children[i]; }
  /// Null: nothing stands there.
  const Node* child(std::size_t i) const { return i < children.size() ? children[i] : nullptr; }
};

/// What is wrong with a query.
struct Problem {
  std::string_view code;  ///< KQL0101, ...
  Severity severity = Severity::Error;
  std::string message;
  std::uint32_t offset = 0;  ///< bytes
  std::uint32_t size = 0;    ///< 0: something is missing there
  std::string hint;
};

/// A query as it is written. The tokens keep every character of it; nodes live as long as this.
struct Syntax {
  std::string_view text;
  std::vector<Token> tokens;
  const Node* root = nullptr;  ///< a QueryBlock
  std::vector<Problem> problems;
  std::vector<std::uint32_t> broken_off;  ///< tokens that a statement could not be read beyond; ascending
  Arena arena;

  std::string_view text_of(const Token& token) const { return text.substr(token.offset, token.size); }
  /// What a node covers, without what leads it.
  std::string_view text_of(const Node& node) const;
  bool has_errors() const;
  /// Line and column of a byte, without a file.
  Where where(std::size_t offset) const;
};

/// The tree as text, one node a line, for tests.
std::string to_text(const Syntax& syntax);

}  // namespace redoubt::kql
