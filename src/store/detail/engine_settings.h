#pragma once

#include <string_view>

namespace redoubt::store::detail {

struct EngineSetting {
  std::string_view name;
  std::string_view value;
};

/// What the SQL of queries counts on, in whichever engine it runs.
inline constexpr EngineSetting kEngineSettings[] = {
    {"session_timezone", "UTC"},  // otherwise that of the machine
    {"join_use_nulls", "1"},
    {"enable_extended_results_for_datetime_functions", "1"},
    {"prefer_column_name_to_alias", "1"},  // in `a + 1 AS a, a > 3` the second a is the column
    {"compile_aggregate_expressions", "0"},  // compiled, min() takes a DateTime64 before 1970 for the largest
    {"output_format_json_escape_forward_slashes", "0"},  // Kusto writes a slash as it is
    {"max_query_size", "4000000"},         // a table may have thousands of columns
    {"max_ast_elements", "250000"},        // a statement of as many bytes has no more of them
};

}  // namespace redoubt::store::detail
