#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "kql/plan.h"

namespace redoubt::kql {

/// The tables that queries are checked against.
class Schemas {
 public:
  Schemas() = default;
  Schemas(const Schemas&) = delete;
  Schemas& operator=(const Schemas&) = delete;
  Schemas(Schemas&&) = default;
  Schemas& operator=(Schemas&&) = default;

  /// Adds tables of a file: `{"Table": {"Column": "type"}}`, or such objects as members of
  /// `{"LogAnalytics": {...}, "ResourceGraph": {...}}`. Columns keep the file's order; names of Resource
  /// Graph tables are found in any case; other members are passed over. Problems: KQL0501 for a type that is
  /// none, KQL0502 for what has another form.
  std::vector<Diagnostic> add(const doc::Value& file, const doc::Sources& sources);

  /// Adds one table; one of the same name is replaced.
  void add_table(std::string_view name, const std::vector<std::pair<std::string, Type>>& columns,
                 bool any_case = false);

  /// Null: there is none.
  const Relation* find(std::string_view name) const;
  /// All tables, sorted by name.
  const std::vector<const Relation*>& tables() const { return in_order_; }
  bool empty() const { return tables_.empty() && any_case_.empty(); }

 private:
  struct Table {
    std::string name;
    std::deque<std::string> names;
    std::deque<Column> columns;
    std::vector<const Column*> pointers;
    Relation relation;
  };
  void add_section(const doc::Value& tables, std::string_view name, bool any_case,
                   const doc::Sources& sources, std::vector<Diagnostic>& out);
  void add_listed(std::string_view name, const doc::Value& columns, bool any_case,
                  const doc::Sources& sources, std::vector<Diagnostic>& out);

  std::map<std::string, std::unique_ptr<Table>, std::less<>> tables_;
  std::map<std::string, std::unique_ptr<Table>, std::less<>> any_case_;  // by lower case
  std::vector<const Relation*> in_order_;                                // of both
};

}  // namespace redoubt::kql
