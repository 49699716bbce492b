#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kql/analysis.h"
#include "kql/completion.h"
#include "kql/detail/completion_list.h"
#include "kql/detail/editor_place.h"
#include "kql/detail/editor_scope.h"

namespace redoubt::kql::detail {

/// Gathers what can stand at a place. The text up to it is analysed with a name in its place and with the
/// brackets closed.
class Completer {
 public:
  Completer(std::string_view text, const Place& place, const Environment& environment);

  std::vector<CompletionItem> run();

 private:
  void add_columns(const Relation* rows);
  void add_common_columns();
  void add_declared(bool tables_only);
  void add_tables();
  void add_query_beginnings(bool statement);
  void add_operators();
  void add_head();
  void add_expression();
  void add_call_argument(const Parameter* parameter);
  void add_functions();
  void add_saved_functions();
  void add_clauses();
  void add_after_operand();
  void add_members();
  void add_values();
  void add_text();
  const Parameter* parameter_of_call() const;
  const Function* called() const;
  bool wants_aggregates() const;

  std::string_view text_;
  const Place& place_;
  const Environment environment_;
  const Schemas& schemas_;
  std::string readable_;
  Analysis analysis_;
  EditorScope scope_;
  ColumnTables tables_;
  CompletionList list_;
};

}  // namespace redoubt::kql::detail
