#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/environment.h"
#include "kql/parser.h"
#include "kql/plan.h"
#include "kql/saved_functions.h"
#include "kql/schemas.h"
#include "kql/watchlists.h"

namespace redoubt::kql {

struct AnalysisLimits {
  ParseLimits parse;
  std::uint32_t max_depth = 200;       ///< of calls of functions in each other: KQL0231
  std::uint32_t max_calls = 10'000;    ///< of functions written in the query, worked out: KQL0231
  std::uint32_t max_columns = 20'000;  ///< of one table: KQL0231
  /// Columns that all operators together make, pass on or look through: KQL0231.
  std::uint64_t max_column_work = 2'000'000;
  std::uint32_t max_chain = 5'000;  ///< of `a + b + ...` or `a.b.c ...`: KQL0231
};

/// A table that a query reads, and the columns of it that it names; both sorted.
struct TableUse {
  std::string_view table;
  std::vector<std::string_view> columns;
};

/// An operator of a query, and what names in it can mean.
struct OperatorScope {
  const Node* node = nullptr;
  const Relation* rows = nullptr;    ///< its input; null: it has none
  const Relation* right = nullptr;   ///< the other side of a join, where names of both hold
  const Relation* result = nullptr;  ///< null: it could not be bound, or is no single table
};

/// A name that a statement, or a parameter of a function, declares.
struct Declaration {
  const Node* node = nullptr;    ///< Let; of a parameter the same as within
  const Node* within = nullptr;  ///< the body of the function that alone knows it; null: the query
  std::string_view name;
  const Expression* value = nullptr;
};

/// What is wrong with a saved function that a query calls, in the function's own text.
struct SavedProblem {
  const SavedFunction* function = nullptr;
  SavedFunction::Part part = SavedFunction::Part::Body;
  Problem problem;
};

/// A query with all its names bound.
struct Analysis {
  Syntax syntax;  ///< its problems hold those of the binder, too
  /// Of each expression statement, in order; Error where one could not be bound.
  std::vector<const Expression*> results;
  std::vector<const Relation*> tables;  ///< stored ones that it reads, and such as nobody knows
  std::vector<const Column*> columns;   ///< that it names, in the order of the text; some more than once
  std::vector<const Relation*> unions;
  /// Columns that are only known by their being named, and the rows they were named of.
  std::vector<std::pair<const Column*, const Relation*>> inferred;

  /// Saved functions that it calls, and those that these call, in the order in which they were met.
  std::vector<const SavedFunction*> functions;
  /// Of these. Each call of a faulty one is a problem of the query, too.
  std::vector<SavedProblem> saved_problems;

  /// Functions are called in so many ways that some calls stand for others of the same types: it can be
  /// checked, but not run.
  bool approximate = false;

  /// For editors; a join stands twice. Functions are there as they are declared, not as they are called.
  std::vector<OperatorScope> operators;
  std::vector<Declaration> declarations;
  std::vector<std::string_view> parameters;  ///< that `declare query_parameters` declares

  /// The last result that is a table; of several tables (fork, facet) the first. Null: there is none.
  const Relation* result() const;
  std::vector<TableUse> table_uses() const;
  bool ok() const { return !syntax.has_errors(); }

  /// What the plan lives in.
  std::unique_ptr<Arena> arena;
};

/// Parses a query and binds it. Where no tables are known, every name that is nothing else is a table with
/// any columns. Saved functions are bound when they are called. The text and the environment must outlive the
/// result.
/// Source: Kusto Query Language reference; column names and types as Kusto.Language 12.4.1 gives them.
Analysis analyze(std::string_view text, const Environment& environment, const AnalysisLimits& limits = {});

/// The same of the body of a function, with its parameters; a call of it in there is recursion.
Analysis analyze_function(const SavedFunction& function, const Environment& environment,
                          const AnalysisLimits& limits = {});

}  // namespace redoubt::kql
