#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kql/types.h"

namespace redoubt::kql {

/// What an argument has to be, beside its type.
enum class ArgumentForm : std::uint8_t {
  Expression,
  Column,         ///< a reference to a column
  ColumnOfTable,  ///< a reference to a column of the table that the call's first argument is
  ColumnOfBoth,   ///< a reference to a column of that table which the input has as well
  OverElements,   ///< an expression over what the first argument consists of (graph functions)
  Literal,        ///< written out
  FullLiteral,    ///< written out and not an empty string
  Constant,       ///< known before the query runs: a literal, a let value, a call of constants
  TypeLiteral,    ///< typeof(...); takes no value
  Star,           ///< only `*`
  StarToo,        ///< `*` or an expression
  Aggregate,      ///< a call of an aggregate
  Table           ///< a tabular expression; takes no value
};

/// How the arguments of a call that must have one common type find it.
enum class Agreement : std::uint8_t {
  None,            ///< the parameter is by itself
  Common,          ///< the common type by promotion (see promotes)
  CommonOrDynamic  ///< the same, and any type agrees with dynamic
};

/// What a dynamic value is known to hold. An array is no fit where a bag is expected, Any fits everywhere.
enum class DynamicShape : std::uint8_t { Any, Array, Bag };

/// One parameter of a function.
struct Parameter {
  std::string_view name;
  TypeSet types = kAllTypes;  ///< of a scalar; see accepts
  ArgumentForm form = ArgumentForm::Expression;
  Agreement agreement = Agreement::None;  ///< with the other arguments of the call that have one
  DynamicShape shape = DynamicShape::Any;
  std::uint8_t least = 1;                         ///< 0: may be left out
  std::uint8_t most = 1;                          ///< kMany: as often as one likes
  bool tilde = false;                             ///< `~` stands for the default
  std::span<const std::string_view> values = {};  ///< of a string literal, in any case; empty: any

  static constexpr std::uint8_t kMany = 255;
};

/// How arguments are told to parameters that may be left out or repeat.
enum class Layout : std::uint8_t {
  InOrder,  ///< by position; of the parameters at most one repeats, and takes all the others leave over
  Blocks,   ///< those that repeat do so together: case(predicate, then, predicate, then, else)
  ByKind  ///< arguments behind the required ones are told by their name (`radius = 5`) or kind (see the row)
};

/// How the type of a result follows from the arguments.
/// Source: Kusto.Language 12.4.1, ReturnTypeKind and the functions that stand for Custom there.
enum class ResultRule : std::uint8_t {
  Fixed,              ///< Signature::type
  Argument0,          ///< that of the first parameter's argument
  Argument1,          ///< that of the second
  Argument0Array,     ///< a dynamic array of values of the first
  Argument0Promoted,  ///< that of the first; int becomes long
  Common,             ///< the common type of the arguments that have an agreement
  CommonNotDynamic,   ///< the same, a dynamic argument has no say unless all are dynamic
  Widest,             ///< of numbers: int < long < real < decimal; int becomes long
  Literal0,           ///< the type that the typeof() of the first parameter names
  Literal1,           ///< ... of the second
  LiteralLast,        ///< ... of the last
  ByName,             ///< a scalar that the binder works out by the function's name (bin_auto)
  PrefixedColumns,  ///< several columns, Signature::columns, each called <function>_<first argument>_<column>
  ColumnsByName,  ///< several columns that the binder works out by the function's name (arg_max, percentiles)
  Reference,      ///< what the name in the first argument stands for: a table, database, cluster ...
  // From here on a table:
  FixedTable,  ///< of Signature::columns
  KeysTable,   ///< the columns that the arguments TimelineColumn and Dimension are, then Signature::columns
  TableBeforeInput,  ///< Signature::columns, then those of the input
  InputTable,        ///< the input's columns
  OpenTable,         ///< columns that only running it can tell
  TableByName        ///< the binder works it out by the function's name (bag_unpack, pivot, ipv4_lookup)
};

/// Whether a rule makes a table, of which a plugin or a table function is the source.
constexpr bool makes_table(ResultRule rule) { return rule >= ResultRule::FixedTable; }

/// A column of a result that is the same in every call.
struct ResultColumn {
  std::string_view name;
  Type type = Type::Unknown;
};

/// One way of calling a function.
struct Signature {
  ResultRule rule = ResultRule::Fixed;
  Type type = Type::Unknown;  ///< of Fixed
  DynamicShape shape = DynamicShape::Any;
  Layout layout = Layout::InOrder;
  std::span<const Parameter> parameters = {};
  /// Of PrefixedColumns, FixedTable, KeysTable and TableBeforeInput.
  std::span<const ResultColumn> columns = {};
  std::string_view instead = {};  ///< this way of calling is deprecated: the function to call instead
};

/// How a column is called that a call makes and nobody named. Where a rule gives no name, the column gets the
/// default of its operator: Column1, ... (print: print_0, ...).
/// Source: Kusto.Language 12.4.1, ResultNameKind; names of the documents' examples.
enum class ResultName : std::uint8_t {
  None,
  PrefixAndFirstArgument,     ///< avg_Duration; without arguments: count_; of an argument without name: avg_
  PrefixAndTwoArguments,      ///< covariance_x_y, as the engine has it
  Prefix,                     ///< the prefix alone, nothing behind it
  FirstArgument,              ///< the name of the first argument (tostring(a) is a)
  OnlyArgument,               ///< the same, when there is just one argument
  FirstArgumentValueIfColumn  ///< the text of the first argument, when the input has such a column
};

enum class FunctionKind : std::uint8_t {
  Scalar,
  Aggregate,
  Plugin,  ///< called by evaluate
  Table,   ///< gives a table: table(), external_table()
  Scope,   ///< gives what tables are found in: cluster(), database()
  Graph    ///< a scalar that only clauses of graph-match and graph-shortest-paths know
};
inline constexpr std::size_t kFunctionKinds = 6;

/// Where a function is offered; a set of these bits. No source lists what the last two leave out: that their
/// bit is missing says nothing about a function.
/// Source: the applies-to marks of the language reference and its list of what Azure Monitor leaves out;
/// Azure Resource Graph, "Supported tabular/top level operators" (operators only).
inline constexpr std::uint8_t kAdx = 1;  ///< Azure Data Explorer
inline constexpr std::uint8_t kFabric = 2;
inline constexpr std::uint8_t kLogAnalytics = 4;  ///< Azure Monitor
inline constexpr std::uint8_t kSentinel = 8;
inline constexpr std::uint8_t kDefender = 16;  ///< Microsoft Defender XDR advanced hunting
inline constexpr std::uint8_t kResourceGraph = 32;

/// A function of the language. One row says all there is to know about it.
struct Function {
  std::string_view name;
  FunctionKind kind = FunctionKind::Scalar;
  std::span<const Signature> signatures = {};
  ResultName result_name = ResultName::None;
  /// Of ResultName. With ColumnsByName it stands, and a `_`, before each of the columns that nobody named.
  std::string_view prefix = {};
  std::uint8_t availability = 0;  ///< kAdx and so on
  bool constant = false;          ///< of constant arguments it is a constant itself
  bool hidden = false;            ///< known to the engine, but not offered to authors
  std::string_view alias_of =
      {};  ///< the function that does the same under its main name; may name columns otherwise
  std::string_view instead = {};  ///< deprecated: the function to use instead; empty: it is not
  std::string_view faster = {};   ///< the function that estimates the same for less
  std::string_view link =
      {};  ///< the page of the documents, below learn.microsoft.com/kusto/query/; may be empty
};

/// Functions by name; as KQL has it, case counts. Null: there is none. Logarithmic.
const Function* find_function(std::string_view name, FunctionKind kind);

/// Of functions that give another value each time that they are called, though their arguments are constants.
bool gives_by_chance(std::string_view function);

/// All rows of a kind, sorted by name. Rows and what they point to live as long as the program.
std::span<const Function> functions(FunctionKind kind);

}  // namespace redoubt::kql
