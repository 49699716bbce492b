#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "kql/analysis.h"
#include "kql/detail/argument_layout.h"
#include "kql/detail/parameters.h"
#include "kql/detail/projection.h"
#include "kql/detail/scope.h"
#include "kql/detail/workspace_functions.h"

namespace redoubt::kql::detail {

/// Binds the names of a query and types its expressions. Whatever is wrong becomes a problem, once: what
/// stands on something faulty is an Error that nobody speaks of again.
/// Source: Kusto.Language 12.4.1, Binder, where the language reference is silent.
class Binder {
 public:
  /// `self`: the query is the body of that function.
  Binder(Analysis& analysis, const Environment& environment, const AnalysisLimits& limits,
         const SavedFunction* self = nullptr);
  void run();

 private:
  /// What the place of an expression asks for.
  enum class Want : std::uint8_t { Any, Table };
  /// Which names calls find.
  enum class Calls : std::uint8_t { Scalars, Aggregates, Plugins };

  template <class T>
  class Change;

  using Bound = const Expression*;

  // binder.cpp: making things and saying what is wrong.
  std::string_view text_of(const Node& node) const { return syntax_->text_of(node); }
  std::string_view name_of(const Node& node);
  std::string_view keep(std::string_view text) { return arena_.copy(text); }
  void problem(std::string_view code, std::string message, const Node& at, std::string hint = {},
               Severity severity = Severity::Error);
  bool follows_break(std::string_view code, const Node& at) const;
  Expression* make(ExpressionKind kind, const Node& node);
  /// Whether what is bound is for editors, too.
  bool is_noted() const { return !muted_ && within_ == nullptr; }
  Bound error(const Node& node) { return make(ExpressionKind::Error, node); }
  Bound scalar(ExpressionKind kind, const Node& node, Type type, bool constant = false);
  Bound operation(const Node& node, Type type, std::initializer_list<Bound> operands);
  Bound operation(const Node& node, Type type, const std::vector<Bound>& operands);
  Bound table(const Relation* relation, const Node& node);
  Column* column(std::string_view name, Type type, DynamicShape shape = DynamicShape::Any);
  const Column* renamed(const Column* other, std::string_view name);
  /// What an expression makes; `type`: where another one is asked for.
  Column* column_of(Bound value, std::string_view name, std::optional<Type> type = {});
  Relation* relation(NodeKind op, const Node& node, std::vector<const Column*> columns);
  std::span<const Option> options_of(const Node& node);
  std::pair<const Node*, std::span<const Option>> last_options_;
  /// With columns of a projection, and what else the rows bring along.
  Bound projected(const Node& node, const Projection& projection, bool from_rows = true);
  Relation* projected_rows(const Node& node, const Projection& projection, bool from_rows = true);
  /// The same columns as the rows.
  Relation* same_rows(const Node& node);
  std::span<const Relation* const> list_of(std::vector<const Relation*> relations);
  std::span<const Expression* const> list_of(std::vector<Bound> expressions);
  std::span<const Expression* const> list_of(std::initializer_list<Bound> expressions) {
    return list_of(std::vector<Bound>(expressions));
  }
  std::span<const Relation* const> list_of(std::initializer_list<const Relation*> relations) {
    return list_of(std::vector<const Relation*>(relations));
  }

  // Limits; false: it is passed, and a problem says so, once.
  bool spend(std::size_t columns, const Node& at);
  void too_much(std::string message, const Node& at);

  // Rows.
  std::vector<const Column*> columns_of(const Relation* rows) const;
  const Column* find_column(const Relation* rows, std::string_view name) const;
  const Column* find_column(ColumnList columns, std::string_view name) const;
  const Column* find_or_infer(const Relation* rows, std::string_view name);
  const Relation& rows_or_none() const;

  // binder_checks.cpp: what has to hold; false: it does not, and a problem says so.
  bool check_scalar(Bound value);
  bool check_type(Bound value, Type type);
  bool check_not_dynamic(Bound value);
  bool check_in(Bound value, TypeSet types, std::string_view what);
  bool check_integer(Bound value) { return check_in(value, kIntegers, "an integer"); }
  bool check_summable(Bound value) { return check_in(value, kSummables, "a number, datetime or timespan"); }
  bool check_dynamic(Bound value);
  bool check_table(Bound value);
  bool check_column(Bound value);
  bool check_literal(Bound value);
  bool check_first(const Node& node);
  bool check_piped(const Node& node);
  void check_parameters(const Node* list, ParameterRules rules);
  void check_parameter(const Node& parameter, const ParameterRule& rule);
  std::optional<std::string> parameter_of(const Node* list,
                                          std::initializer_list<std::string_view> names) const;
  /// The value of a parameter; a text without its quotes.
  std::string parameter_text(const Node& value) const;
  /// Of a literal of a bool `true` or `false`, however it is written (`True`, `bool(1)`); else its text.
  std::string_view bool_text(const Node& literal) const;
  void check_operators(const Node& query, bool forked);

  // binder_names.cpp
  Bound bind_name(const Node& node, Want want);
  Bound find_name(std::string_view name, const Node& node, bool with_rows);
  bool can_bind(std::string_view name, bool with_rows) const;
  Bound column_reference(const Column* column, const Node& node);
  Bound unnamed_reference(const Column* column, const Node& node);
  Bound variable_reference(Bound value, const Node& node);
  Bound unknown_name(std::string_view name, const Node& node, Want want);
  Bound stored_table(const Relation* stored, const Node& node);
  /// A table of which nothing is known: the same one each time that it is asked for by this key.
  Bound open_table(std::string_view key, std::string_view name, const Node& node);
  const Relation* find_table(std::string_view name, const Node& node);
  void reads(const Relation* stored);
  Bound open_table(std::string_view name, const Node& node);
  Bound bind_wildcard(const Node& node);
  std::vector<const Column*> columns_like(std::string_view pattern, const Node& node);
  Bound columns_by_pattern(std::string_view pattern, const Node& node);
  std::vector<const Relation*> tables_by_pattern(std::string_view pattern) const;
  std::optional<std::string_view> closest_name(std::string_view name) const;
  std::optional<std::string_view> closest_name(std::string_view name, ColumnList columns) const;
  static constexpr std::size_t kMostSuggestionWork = 500'000;  ///< names; then nothing is suggested
  std::optional<std::string_view> suggestion(std::string_view name,
                                             const std::vector<std::string_view>& names) const;

  // binder_expressions.cpp
  Bound bind(const Node& node, Want want = Want::Any);
  Bound bind_in(const Node& node, const Relation* rows, Want want = Want::Any);
  Bound bind_literal(const Node& node);
  Bound bind_dynamic(const Node& node);
  Bound bind_path(const Node& node, Want want);
  Bound bind_member(Bound base, const Node& selector);
  Bound bind_element(Bound base, const Node& selector);
  Bound bind_chain(const Node& node, bool logical);
  Bound combine_all(std::span<const Bound> operands, const Node& node);
  Bound bind_binary(const Node& node);
  Bound bind_unary(const Node& node);
  Bound bind_in_list(const Node& node);
  Bound bind_in_list_item(const Node& item, bool alone);
  Bound bind_between(const Node& node);
  Bound bind_type_of(const Node& node);
  Bound bind_predicate(const Node& node);
  Bound combine(TokenKind op, Bound left, Bound right, const Node& node);

  // binder_sources.cpp
  Bound bind_source(const Node& node);
  std::optional<Type> declared_type(const Node& node);
  std::vector<const Column*> declared_columns(const Node& schema);
  Bound bind_data_table(const Node& node);
  Bound bind_external_data(const Node& node);
  Bound bind_inline_external_table(const Node& node);
  Bound bind_to_scalar(const Node& node);

  // binder_calls.cpp
  Bound bind_call(const Node& node, Want want);
  const Function* find_callable(std::string_view name) const;
  Bound call(const Function& function, const Node& node, Want want);
  std::vector<Bound> bind_arguments(const Function& function, const Node& list);
  Bound bind_argument(const Node& node, const Parameter* parameter, const std::vector<Bound>& before);
  void check_call(const Function& function, const Signature& signature, std::span<const ArgumentHint> hints,
                  const Node& node);
  void check_argument(const Parameter& parameter, Bound argument, Type common);
  std::vector<Bound> with_options(const Function& function, std::vector<Bound> arguments) const;
  Bound result_of(const Function& function, const Signature& signature, std::span<const ArgumentHint> hints,
                  const Node& node);
  bool is_guess(const Function& function, const Signature& signature,
                const std::vector<Bound>& arguments) const;
  Bound reference_result(const Function& function, const std::vector<Bound>& arguments, const Node& node);
  Bound unknown_function(std::string_view name, const Node& node, Want want);
  /// `first`: its first argument; null: there is none.
  Bound workspace_result(const WorkspaceFunction& function, const Node& node, Bound first = nullptr);
  const Watchlist* watchlist_of(const WorkspaceFunction& function, Bound alias);
  std::vector<Bound> bind_arguments(const UserFunction& function, const Node& list);
  // binder_fuzzy.cpp: what only fuzzy unions use.
  struct NameUses;
  bool is_fuzzy(const Node& node) const;
  void add_uses(const Node& root, bool fuzzy, NameUses& out);
  void find_fuzzy_lets(const Node& statements, const Node* last);
  // binder_places.cpp: databases and clusters.
  Bound bind_place_call(Bound place, const Node& node);
  bool is_elsewhere(Bound place) const;
  Bound table_elsewhere(std::string_view place, std::string_view name, const Node& node);
  Bound call_elsewhere(std::string_view place, const Node& node);
  // binder_literals.cpp: literals that functions refuse.
  static Bound faulty_literal(std::span<const Bound> arguments, std::string_view message, bool pattern);
  void check_value(const Parameter& parameter, Bound argument);
  void check_literals(const Function& function, std::span<const Bound> arguments,
                      std::span<const Parameter* const> parameters, const Node& node);
  void check_literal_pattern(Bound value);
  void check_parse_pattern(std::span<const ParsePiece> pieces, std::string_view flags, const Node& at);
  // binder_user_functions.cpp
  std::vector<Bound> placed(const UserFunction& function, const Node& node, std::vector<Bound> arguments,
                            const Node* list);
  bool check_values(const UserFunction& function, const std::vector<Bound>& values);
  Bound call_user(const UserFunction& function, const Node& node, std::vector<Bound> arguments,
                  const Node* list);
  Bound declare_function(const Node& node, std::string_view name);
  void add_formals(const Node& list, UserFunction& function);
  void declare_formals(const UserFunction& function, const std::vector<Bound>& values, const Node& at);
  Bound work_out(const UserFunction& function, const std::vector<Bound>& values, const Node& at);
  Bound bind_body(const UserFunction& function, const std::vector<Bound>& values);
  bool is_recursive(std::string_view name, const Node& at);
  std::string call_key(const UserFunction& function, const std::vector<Bound>& values,
                       bool types_only = false) const;
  // binder_saved_functions.cpp
  const UserFunction* saved_function(std::string_view name);
  void declare_own_parameters(const SavedFunction& function);
  static bool is_saved(const UserFunction& function) { return function.body->kind == NodeKind::QueryBlock; }
  bool is_being_worked_out(const UserFunction& function) const;
  Bound bind_saved_body(const UserFunction& function);
  Bound bind_saved_name(std::string_view name, const Node& node);
  void add_saved_names(std::vector<std::string_view>& out) const;
  void keep_saved_problem(Problem found);
  void keep_syntax_problems(const SavedFunction& function);
  void tell_formals(const SavedFunction& function);
  std::string_view own_fault(const UserFunction& function);
  void tell_fault(const UserFunction& function, std::string_view fault, const Node& at);
  // binder_columns.cpp: calls that make several columns, or columns of an aggregate.
  ColumnList several_columns(const Function& function, const std::vector<Bound>& arguments, const Node& node,
                             std::vector<Bound>& operands);
  ColumnList extreme_columns(const Function& function, const std::vector<Bound>& arguments, const Node& node,
                             bool with_first, std::vector<Bound>& operands);
  ColumnList percentile_columns(const Function& function, const std::vector<Bound>& arguments,
                                const Node& node);
  std::optional<std::string> argument_name(const Node& call, std::size_t number, Bound argument);
  ColumnList prefixed_columns(const Function& function, const Signature& signature,
                              const std::vector<Bound>& arguments);
  // binder_plugins.cpp
  Bound plugin_table(const Function& function, const Signature& signature,
                     std::span<const ArgumentHint> hints, const Node& node);
  struct PluginCall;
  std::vector<const Column*> plugin_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> ai_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> bag_unpack_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> dcount_intersect_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> funnel_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> funnel_completion_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> new_activity_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> pivot_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> preview_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> rolling_percentile_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> sequence_columns(const PluginCall& call, bool& open);
  std::vector<const Column*> looked_up_columns(const PluginCall& call, bool& open);

  // binder_projection.cpp: names of results, and columns of expressions.
  enum class Style : std::uint8_t { Project, Extend, Replace, Summarize, Print, Reorder, Graph };
  std::optional<std::string> result_name(Bound value, bool with_rows = false);
  std::optional<std::string> member_name(Bound value);
  std::optional<std::string> call_name(Bound call, bool with_rows);
  std::optional<std::string> graph_name(Bound value, const Node& node);
  std::string_view name_or(Bound value, std::string_view otherwise);
  const Column* result_column(Bound value) const;
  void project(const Node& node, Projection& out, Style style, std::optional<Type> type = {},
               std::string_view name = {});
  /// The same where the value is bound already.
  void project(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type = {},
               std::string_view name = {});
  void project_named(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type);
  void project_names(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type);
  void project_plain(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type,
                     std::string_view name);
  void project_call(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type,
                    std::string_view name);
  void add_columns(Bound value, std::size_t from, Projection& out, bool once);
  void declare(Projection& out, const Column* made, Bound value, bool replace, const Node& at,
               std::size_t part = 0);
  std::string_view default_name(bool with_rows);
  const Column* column_for(Bound value, std::string_view name, std::optional<Type> type = {});
  std::vector<const Column*> made_unique(std::vector<const Column*> columns);
  std::vector<const Column*> unified_by_type(const std::vector<const Relation*>& tables);
  std::vector<const Column*> unified_by_name(const std::vector<const Relation*>& tables);
  std::vector<const Column*> common_columns(const std::vector<const Relation*>& tables);

  // binder_operators.cpp and its neighbours: operators; the node's rows are rows_.
  Bound bind_pipe(const Node& node);
  struct OperatorRow {
    NodeKind kind;
    Bound (Binder::*bind)(const Node&);
  };
  static const OperatorRow kOperators[];
  Bound bind_operator(const Node& node);
  Bound bind_operator_on(const Node& node, Bound input);
  Bound filter(const Node& node);
  bool check_no_assignment(const Node& condition);
  Bound consume(const Node& node);
  Bound take(const Node& node);
  Bound sample_distinct(const Node& node);
  Bound count(const Node& node);
  Bound project_operator(const Node& node);
  Bound project_away_or_keep(const Node& node);
  Bound project_rename(const Node& node);
  Bound project_reorder(const Node& node);
  Bound project_by_names(const Node& node);
  std::vector<std::string_view> names_listed(Bound value);
  void gather_texts(const Node& node, std::vector<std::string_view>& out);
  Bound extend(const Node& node);
  Bound summarize(const Node& node);
  Bound distinct(const Node& node);
  Bound top(const Node& node);
  Bound top_hitters(const Node& node);
  Bound top_nested(const Node& node);
  Bound sort(const Node& node);
  SortKey sort_key(const Node& node, Bound value) const;
  Bound serialize(const Node& node);
  Bound as(const Node& node);
  Bound print(const Node& node);
  Bound range(const Node& node);
  void check_chart(const Node& render);
  Bound render(const Node& node);
  Bound reduce(const Node& node);
  Bound get_schema(const Node& node);
  Bound invoke(const Node& node);
  Bound evaluate(const Node& node);
  Bound pass_on(const Node& node);
  // binder_joins.cpp
  Bound join(const Node& node);
  Bound lookup(const Node& node);
  void bind_join_key(const Node& node, std::vector<JoinKey>& out);
  void bind_join_equality(const Node& node, std::vector<JoinKey>& out);
  Bound bind_side(const Node& node, std::string_view side);
  Bound union_operator(const Node& node);
  Bound search(const Node& node);
  Bound find(const Node& node);
  std::vector<const Relation*> searched_tables(const std::vector<const Relation*>& tables, Bound condition,
                                               const std::vector<const Column*>& columns) const;
  Bound fork(const Node& node);
  Bound facet(const Node& node);
  Bound partition(const Node& node);
  Bound partition_by(const Node& node);
  Bound macro_expand(const Node& node);
  Bound once_for_each(const Expression& group, Bound rows, const Node& node);
  std::vector<const Relation*> tables_of(const Node* list);
  std::vector<const Relation*> all_tables();
  void add_tables(Bound value, std::vector<const Relation*>& out) const;
  void tell_sources(Relation& rows, const Column* source);
  // binder_rows.cpp
  Bound make_series(const Node& node);
  std::vector<Bound> series_ends(const Node& node, Bound axis);
  Bound mv_expand(const Node& node);
  Bound mv_apply(const Node& node);
  std::vector<const Column*> expand_items(const Node& list, Projection& out,
                                          const std::optional<std::string>& index);
  Bound parse(const Node& node);
  Bound parse_kv(const Node& node);
  Relation* with_parsed(const Node& node, const std::vector<const Column*>& made);
  Bound scan(const Node& node);
  std::vector<const Column*> declare_state(const Node* declared, ScanPlan& plan,
                                           std::vector<Bound>& arguments);
  void bind_steps(const Node& steps, ScanPlan& plan, std::vector<Bound>& arguments);
  // binder_graph.cpp
  struct GraphPattern;
  Bound make_graph(const Node& node);
  Bound partitioned_graph(const Node& node, std::vector<const Relation*> tables, const GraphPlan& plan,
                          const Relation* nodes);
  Bound graph_key(const Node& node);
  const Relation* graph_tables(const Node* nodes, Type key_type, std::vector<const Relation*>& inputs,
                               std::vector<const Column*>& ids);
  const Relation* graph_rows(const Node& node, std::vector<const Relation*> tables, const GraphPlan& plan);
  Relation* next_graph(const Node& node);
  Bound graph_value(const Node& node, const Relation* graph, const Relation* nodes);
  ColumnList element_columns(const Relation* shape, const Node& node);
  void declare_element(GraphElement& element, const Node& node);
  std::uint32_t graph_element(const Node& node, GraphPattern& pattern);
  void graph_sequence(const Node& sequence, GraphPattern& pattern);
  Relation* graph_projection(const Node& node, const GraphPattern& pattern);
  Bound graph_match(const Node& node);
  Bound graph_to_table(const Node& node);
  Bound graph_with_components(const Node& node);
  Bound graph_where(const Node& node);
  const Relation* graph_nodes() const;
  bool check_graph(const Node& node);
  Bound open_graph(const Node& node);
  Bound graph_of(Bound input);

  // binder_statements.cpp
  /// The value of the last expression among them; null: there is none.
  Bound bind_statements(const Node& list, bool results, const Node* behind = nullptr);
  void declare_name(const Node& node, std::string_view name, Bound value);
  void bind_let(const Node& node);
  void bind_query_parameters(const Node& node);
  Bound given_parameter(const Expression& variable, const Node& declared);
  void bind_alias(const Node& node);
  void bind_option(const Node& node);
  void bind_pattern(const Node& node);
  static bool is_pattern(Bound value);
  Bound call_pattern(Bound pattern, const Node& node);
  Bound match_pattern(const Node& declaration, std::span<const Bound> arguments, std::string_view path,
                      const Node& node);

  Analysis& analysis_;
  const Environment environment_;
  const Schemas& schemas_;
  const AnalysisLimits& limits_;
  std::size_t open_plugins_ = 0;  ///< bound so far
  bool columns_told_ = false;     ///< the plugin that is bound has a schema behind it
  Arena& arena_;
  const Syntax* syntax_;
  const SavedFunction* self_;              ///< the query is its body
  const SavedFunction* within_ = nullptr;  ///< whose text is bound; null: the query's

  /// There are no tables but those known.
  bool tables_complete() const { return environment_.complete; }
  /// Any name can be a table.
  bool tables_unknown() const { return schemas_.empty() && !tables_complete(); }

  // Where binding is.
  const Relation* rows_ = nullptr;        ///< of the operator
  const Relation* right_rows_ = nullptr;  ///< of the other side of a join
  bool common_only_ = false;              ///< a name has to be on both sides
  Bound graph_ = nullptr;                 ///< of the operator
  Bound implied_ = nullptr;               ///< the first argument of a call by invoke
  Scope* scope_ = nullptr;
  const Node* body_ = nullptr;  ///< of the function
  Calls calls_ = Calls::Scalars;
  Bound bin_auto_size_ = nullptr;  ///< what options of the query say; null: nothing
  Bound bin_auto_at_ = nullptr;
  bool of_constants_ = false;  // a column hides no let value
  bool fuzzy_ = false;
  std::size_t missing_ = 0;  ///< tables that are not there, which a union does without
  bool piped_ = false;       ///< the operator has an input
  bool muted_ = false;       ///< problems are counted only
  std::size_t faults_ = 0;
  std::string first_fault_;
  std::uint32_t default_number_ = 1;
  std::vector<const Column*> grouped_;  ///< columns that the keys of the summarize are

  std::vector<std::unique_ptr<Scope>> scopes_;
  std::vector<std::unique_ptr<UserFunction>> functions_;
  struct Result {
    Bound value = nullptr;
    std::string_view fault;   ///< what its body said; empty: nothing
    std::size_t missing = 0;  ///< tables that it does without
  };
  std::unordered_map<std::string, Result> worked_out_;
  std::unordered_map<const SavedFunction*, std::unique_ptr<UserFunction>> saved_;
  /// What is wrong with saved functions by themselves; once more where tables may be lacking.
  std::map<std::pair<const UserFunction*, bool>, std::string> own_faults_;
  /// Where they are among what is told of.
  std::map<std::tuple<const SavedFunction*, SavedFunction::Part, std::uint32_t, std::string_view>,
           std::size_t>
      saved_problems_;
  std::vector<const UserFunction*> being_worked_out_;
  std::vector<std::string_view> being_declared_;  ///< names of functions
  std::uint32_t calls_worked_out_ = 0;
  std::uint64_t column_work_ = 0;
  bool too_much_ = false;                    ///< a limit is told
  mutable std::size_t suggestion_work_ = 0;  ///< names looked through
  /// Of wide tables that are looked through often, by where their columns lie.
  struct NameIndex {
    std::uint32_t lookups = 0;
    boost::unordered_flat_map<std::string_view, const Column*, std::hash<std::string_view>> columns;
  };
  mutable std::unordered_map<const Column* const*, NameIndex> name_indexes_;
  struct Inferred {
    std::vector<const Column*> columns;
    std::unordered_map<std::string_view, const Column*> by_name;
  };
  std::unordered_map<const Relation*, Inferred> inferred_;
  std::unordered_map<std::string_view, const Relation*> open_tables_;
  std::unordered_map<const Relation*, Relation*> empty_tables_;  ///< by what is known of them
  std::unordered_set<const Relation*> told_empty_;
  std::unordered_map<const Relation*, std::string_view> views_;  ///< what a view gives, and its name
  std::unordered_set<const Relation*> read_;                     ///< tables
  std::unordered_set<const Node*> fuzzy_lets_;                   ///< that only fuzzy unions use
  std::unordered_set<const Relation*> lacking_;  ///< what such a let is, without a table of it
};

/// Sets a value for as long as it lives.
template <class T>
class Binder::Change {
 public:
  Change(T& target, T value) : target_(target), before_(target) { target = value; }
  ~Change() { target_ = before_; }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

 private:
  T& target_;
  T before_;
};

}  // namespace redoubt::kql::detail
