#pragma once

#include <optional>
#include <string_view>

#include "doc/value.h"
#include "kql/query_files.h"

namespace redoubt::kql::detail {

/// A type of Azure resource that holds queries.
struct ResourceForm {
  std::string_view type_end;  ///< of its type; child resources leave out the beginning
  std::string_view member;    ///< anywhere in its properties
  QueryKind kind;
};
const ResourceForm* find_resource_form(std::string_view type);

/// Of a member that holds a query wherever it stands.
std::optional<QueryKind> kind_of_member(std::string_view name);

/// Of an object with a member `query`, by what stands beside it; nothing when that says nothing.
std::optional<QueryKind> kind_of_rule(const doc::Value& object);

/// What a rule, function or workbook item calls itself; empty where it does not.
std::string_view name_in(const doc::Value& object);
/// What a rule of Sentinel looks back to; empty: it does not say so.
std::string_view period_in(QueryKind kind, const doc::Value& object);
std::string_view id_in(const doc::Value& object);

bool is_arm_template(const doc::Value& object);
bool is_workbook(const doc::Value& object);
/// JSON in a text.
bool holds_workbook(std::string_view text);
/// Other data sources of workbooks have their own languages.
bool is_workbook_query(const doc::Value& object, std::string_view query);
/// What a step of a workflow calls takes a query as its body, or in it.
bool takes_query(const doc::Value& inputs);

/// `[...]` but not `[[...]`, as ARM has it.
bool is_arm_expression(std::string_view text);
/// `@{...}` inside, or `@...` in all.
bool has_workflow_expression(std::string_view text);

}  // namespace redoubt::kql::detail
