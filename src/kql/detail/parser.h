#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "kql/detail/parameters.h"
#include "kql/parser.h"

namespace redoubt::kql::detail {

/// Whether a text is a management command: `.` and a word begin it.
bool is_command(const Syntax& syntax);

/// Reads the tokens of a query by recursive descent. A rule returns null, and has taken nothing, where what
/// it reads does not begin; where it begins and does not go on as it should, a problem is kept and reading
/// goes on with what is there.
class Parser {
 public:
  Parser(Syntax& syntax, const ParseLimits& limits)
      : syntax_(syntax), limits_(limits), max_problems_(syntax.problems.size() + limits.max_problems) {}

  Node* query();
  Node* parameters();

 private:
  using Rule = Node* (Parser::*)();
  using Ends = bool (Parser::*)() const;

  // parser.cpp: tokens, nodes, lists, problems.
  const Token& peek(std::size_t ahead = 0) const;
  TokenKind kind(std::size_t ahead = 0) const { return peek(ahead).kind; }
  bool is(TokenKind wanted, std::size_t ahead = 0) const { return kind(ahead) == wanted; }
  bool adjoins(std::size_t ahead) const { return peek(ahead).leading == 0; }
  std::string_view text(std::size_t ahead = 0) const { return syntax_.text_of(peek(ahead)); }
  bool take(TokenKind wanted);
  void expect(TokenKind wanted);
  /// How many tokens, side by side, make up a text; 0: they do not.
  std::size_t matches(std::string_view wanted, std::size_t ahead = 0) const;
  std::size_t matches_any(std::span<const std::string_view> wanted, std::size_t ahead = 0) const;
  bool take_text(std::string_view wanted);

  Node* make(NodeKind kind, std::uint32_t begin, std::initializer_list<Node*> children = {},
             std::uint32_t token = 0);
  Node* make(NodeKind kind, std::uint32_t begin, const std::vector<Node*>& children, std::uint32_t token = 0);
  /// A node of the next tokens.
  Node* leaf(NodeKind kind, std::size_t tokens = 1);

  bool keeps_problems() const { return !gave_up_ && syntax_.problems.size() < max_problems_; }
  void problem(std::string_view code, std::string message, const Token& at, std::string hint = {});
  std::uint32_t place_before(const Token& token) const;
  void problem_here(std::string_view code, std::string message, std::string hint = {});
  std::string keyword_hint() const;
  Node* missing(std::string_view code, std::string_view what);
  Node* missing_expression();
  Node* missing_name();
  Node* missing_value();
  Node* missing_type();
  Node* missing_parameter();
  Node* or_missing_expression(Node* node) { return node != nullptr ? node : missing_expression(); }
  Node* or_missing_name(Node* node) { return node != nullptr ? node : missing_name(); }

  struct ListForm {
    Rule missing = nullptr;  ///< makes what is missing between two commas
    Ends ends = nullptr;     ///< null: the list ends where no comma follows
    bool not_empty = false;
    bool trailing_comma = false;
  };
  Node* comma_list(Rule element, const ListForm& form);
  Node* expression_list(Rule element, Ends ends = &Parser::ends_list, bool not_empty = true);
  Node* list(Rule element, Ends ends = nullptr);
  bool ends_list() const { return ends_list(0); }
  bool ends_list(std::size_t ahead) const;
  bool ends_list_or(std::initializer_list<TokenKind> kinds) const;

  /// One more level of brackets. Past the limit nothing is read any more.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool too_deep();

   private:
    Parser& parser_;
  };

  // parser_mistakes.cpp: where reading breaks off.
  std::size_t scan_to(std::initializer_list<TokenKind> ends) const;
  bool is_remainder(std::uint32_t at) const;
  Node* remainder();
  std::string blank_line_hint(const Token& token) const;
  bool is_piped_operator() const;
  bool lacks_pipe() const;
  std::string missing_pipe_hint() const;
  std::string unread_hint() const;
  std::size_t scan_sql() const;
  Node* sql();

  // parser_names.cpp
  bool is_name_token(std::size_t ahead) const;
  bool is_declared_token(std::size_t ahead) const;
  std::size_t scan_strings(std::size_t ahead) const;
  std::size_t scan_bracketed_name(std::size_t ahead) const;
  std::size_t scan_braced_name(std::size_t ahead) const;
  std::size_t scan_name(std::size_t ahead) const;
  std::size_t scan_declared_name(std::size_t ahead) const;
  std::size_t scan_new_names() const;
  std::size_t scan_dashed_name();
  std::size_t scan_wildcard_name(std::size_t ahead) const;
  bool is_keyword_as_name() const;
  Node* name();
  Node* declared_name();
  Node* bracketed_name();
  Node* braced_name();
  Node* plain_name();
  Node* wildcard_name();
  Node* bracketed_wildcard_name();
  Node* name_or_wildcard();
  Node* keyword_as_name();

  // parser_literals.cpp
  Node* literal();
  Node* strings();
  std::size_t scan_signed_number(std::size_t ahead = 0) const;
  Node* signed_number();
  Node* dynamic_literal();
  Node* json_value();
  Node* json_number();
  Node* json_pair();
  Node* missing_json_value();
  Node* type_of();
  Node* type_of_element();
  bool is_type(std::size_t ahead) const;
  bool is_any_type(std::size_t ahead) const;
  Node* type();
  Node* any_type();
  Node* wrong_type();
  Node* name_and_type();
  Node* missing_name_and_type();
  Node* name_and_maybe_type();
  Node* schema_type();
  Node* row_schema(bool with_star = false);
  Node* required_row_schema();
  Node* star();

  // parser_expressions.cpp
  Node* expression();  ///< with pipes
  Node* unnamed_expression();
  Node* or_expression();
  Node* and_expression();
  Node* equality();
  Node* relation();
  Node* additive();
  Node* multiplicative();
  Node* string_operation();
  Node* signed_path();
  Node* path();
  Node* primary();
  Node* named_expression();
  Node* argument();
  Node* argument_list();
  bool is_call(std::size_t ahead = 0) const;
  Node* call();
  Node* parenthesized();
  Node* bracketed_element();
  Node* bare_selector();
  Node* selector();
  Node* selector_or_call();
  Node* primary_selector();
  Node* data_scope();
  Node* in_list();
  bool holds_query();
  void find_pipes();
  Node* between(Node* operand, std::uint32_t begin);
  Node* chain(NodeKind kind, Rule operand, std::initializer_list<TokenKind> operators);
  Node* binary_tail(Node* left, Rule right);
  Node* ordered_expression();
  Node* nulls_clause();

  // parser_sources.cpp: expressions that are tables.
  Node* data_table();
  Node* contextual_data_table();
  Node* external_data();
  Node* property();
  Node* property_value();
  Node* properties();
  Node* inline_external_table();
  bool is_external_schema(std::size_t ahead);
  Node* partition_column();
  Node* path_format_token();
  Node* materialized_view_combine();
  Node* to_scalar();
  Node* to_table();
  Node* materialize();
  Node* entity_group();
  Node* entity_path();
  Node* simple_path();
  Node* wildcard_entity();
  Node* bracketed_entity_name();
  Node* best_of(std::initializer_list<Rule> rules);

  // parser_parameters.cpp
  struct ParameterScope {
    ParameterRules rules;
    bool known_too = true;      ///< names of other operators' parameters are read, too
    bool equal_needed = false;  ///< a name without = behind it is none
  };
  Node* parameters(ParameterRules rules, bool equal_needed = false);
  Node* parameter();
  Node* parameter_list(ParameterRules rules, bool known_too);
  Node* one_parameter(const ParameterRule& rule, Ends ends = nullptr);
  Node* parameter_value(const ParameterRule& rule, Ends ends = nullptr);
  Node* any_value();
  Node* word(std::span<const std::string_view> words);
  Node* required_word(std::span<const std::string_view> words);
  bool is_own_parameter(const ParameterScope& scope, std::size_t ahead) const;
  std::size_t scan_known_parameter(bool equal_needed, std::size_t ahead) const;
  std::size_t scan_parameter(const ParameterScope& scope, std::size_t ahead) const;
  Node* column_list(Ends ends);
  Node* column_list_name();
  bool ends_column_list() const;
  bool ends_render_columns() const;

  // parser_operators.cpp: which operator it is, and pipes.
  bool may_begin_operator() const;
  Node* operator_at_start();
  struct PipedOperator {
    TokenKind keyword;
    Rule read;
  };
  static const PipedOperator kPipedOperators[];
  Node* piped_operator();
  Node* required_operator();
  Node* bad_operator();
  Node* pipe(Node* source, std::uint32_t begin);
  Node* fork_pipe();
  Node* fork_operator();
  Node* sub_expression();
  Node* contextual_sub_expression();
  // parser_plain_operators.cpp
  Node* operator_with_expression(NodeKind kind, ParameterRules rules, bool equal_needed = true);
  Node* operator_with_list(NodeKind kind, Rule element = &Parser::named_expression, bool not_empty = false);
  Node* as_operator();
  Node* assert_schema();
  Node* consume();
  Node* count();
  Node* distinct();
  Node* distinct_expression();
  Node* evaluate();
  Node* execute_and_cache();
  Node* extend();
  Node* filter();
  Node* get_schema();
  Node* invoke();
  Node* print();
  Node* project();
  Node* project_away();
  Node* project_by_names();
  Node* project_keep();
  Node* project_rename();
  Node* project_reorder();
  Node* reordered_name();
  Node* range();
  Node* reduce();
  std::size_t scan_chart(std::size_t ahead) const;
  Node* render();
  Node* deprecated_render_property();
  Node* sample();
  Node* sample_distinct();
  Node* serialize();
  Node* sort();
  Node* summarize();
  bool ends_summarize() const { return ends_list_or({TokenKind::ByKeyword}); }
  bool ends_summarize_by() const;
  Node* take_operator();
  Node* top();
  Node* top_hitters();
  Node* top_nested();
  Node* top_nested_level();
  // parser_tables.cpp: operators with tables or operators of their own.
  Node* facet();
  bool ends_facet() const { return ends_list_or({TokenKind::WithKeyword}); }
  Node* find();
  Node* find_operand();
  Node* find_name();
  Node* find_in();
  Node* find_project();
  Node* find_project_away();
  Node* find_column();
  Node* fork();
  Node* fork_branch();
  Node* join();
  Node* join_on();
  Node* lookup();
  Node* macro_expand();
  Node* partition();
  Node* partition_by();
  Node* search();
  Node* search_predicate();
  Node* union_operator();
  Node* union_expression();
  // parser_rows.cpp: operators that make rows or read text.
  Node* make_series();
  Node* make_series_item();
  bool ends_make_series() const;
  Node* mv_apply();
  Node* mv_expand();
  Node* mv_item();
  bool ends_mv_expand() const { return ends_list_or({TokenKind::LimitKeyword}); }
  bool ends_mv_apply() const;
  Node* to_type_of();
  Node* parse();
  Node* parse_kv();
  Node* parse_piece();
  Node* scan();
  Node* scan_step();
  Node* scan_assignment();
  bool ends_scan_list() const;
  // parser_graph.cpp
  Node* make_graph();
  Node* make_graph_nodes();
  bool ends_make_graph() const { return ends_list_or({TokenKind::PartitionedByKeyword}); }
  Node* graph_match();
  Node* graph_pattern();
  Node* graph_pattern_part();
  Node* graph_edge();
  Node* graph_to_table();
  Node* graph_output();
  Node* graph_mark_components();
  Node* graph_where();

  // parser_statements.cpp
  Node* command();
  Node* statement();
  Node* statements();
  bool may_begin_statement() const;
  Node* alias();
  Node* let();
  Node* body_statement();
  Node* set_option();
  Node* query_parameters();
  Node* function_parameter();
  Node* function_declaration();
  Node* function_parameters();
  Node* parameter_list();
  Node* function_body();
  bool is_function() const;
  Node* pattern_statement();
  Node* pattern_match();
  Node* restrict();
  Node* restrict_expression();

  /// The end of a run of tokens, kept until one is asked for that lies outside: what a look-ahead has passed
  /// is not passed again from the middle.
  class Run {
   public:
    /// How far the end is from `begin`; `find` looks for it.
    template <class Find>
    std::size_t distance(std::uint32_t begin, Find find) {
      if (begin < begin_ || begin > end_) {
        begin_ = begin;
        end_ = begin + static_cast<std::uint32_t>(find());
      }
      return end_ - begin;
    }

   private:
    std::uint32_t begin_ = 1;
    std::uint32_t end_ = 0;
  };

  Syntax& syntax_;
  const ParseLimits& limits_;
  std::size_t max_problems_;
  std::uint32_t pos_ = 0;
  std::uint32_t depth_ = 0;
  bool gave_up_ = false;  ///< at a limit
  std::uint32_t told_at_ =
      UINT32_MAX;  ///< where something was missing last: the rest there follows from that
  ParameterScope parameter_scope_;
  Run dashed_name_;
  Run schema_;
  std::vector<bool> piped_;
};

}  // namespace redoubt::kql::detail
