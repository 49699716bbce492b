#include "kql/detail/query_options.h"

#include <algorithm>
#include <array>

namespace redoubt::kql::detail {

namespace {

struct Kind {
  TypeSet types;
  std::string_view what;
};
constexpr Kind kTruth{set_of(Type::Bool), "true or false"};
constexpr Kind kText{set_of(Type::String), "a text"};
constexpr Kind kNumber{kNumbers, "a number"};
constexpr Kind kTruthOrNumber{kNumbers | set_of(Type::Bool), "true, false or a number"};
constexpr Kind kTime{set_of(Type::DateTime), "a datetime"};
constexpr Kind kSpan{set_of(Type::Timespan), "a timespan"};

constexpr QueryOption of(std::string_view name, Kind kind) { return {name, kind.types, kind.what}; }

// By name.
constexpr auto kOptions = std::to_array<QueryOption>({
    of("best_effort", kTruth),
    of("deferpartialqueryfailures", kTruth),
    of("max_memory_consumption_per_query_per_node", kNumber),
    of("maxmemoryconsumptionperiterator", kNumber),
    of("maxoutputcolumns", kNumber),
    of("norequesttimeout", kTruth),
    of("notruncation", kTruth),
    of("push_selection_through_aggregation", kTruth),
    of("query_cursor_after_default", kText),
    of("query_cursor_before_or_at_default", kText),
    of("query_cursor_current", kText),
    of("query_cursor_disabled", kTruth),
    of("query_datascope", kText),
    of("query_datetimescope_column", kText),
    of("query_datetimescope_from", kTime),
    of("query_datetimescope_to", kTime),
    of("query_distribution_nodes_span", kNumber),
    of("query_fanout_nodes_percent", kNumber),
    of("query_fanout_threads_percent", kNumber),
    of("query_force_row_level_security", kTruth),
    of("query_language", kText),
    of("query_log_query_parameters", kTruth),
    of("query_max_entities_in_union", kNumber),
    of("query_now", kTime),
    of("query_python_debug", kTruthOrNumber),
    of("query_results_apply_getschema", kTruth),
    of("query_results_cache_force_refresh", kTruth),
    of("query_results_cache_max_age", kSpan),
    of("query_results_cache_per_shard", kTruth),
    of("query_take_max_records", kNumber),
    of("query_weakconsistency_session_id", kText),
    of("request_app_name", kText),
    of("request_block_row_level_security", kTruth),
    of("request_callout_disabled", kTruth),
    of("request_cross_cluster_token", kText),
    of("request_description", kText),
    of("request_external_data_disabled", kTruth),
    of("request_external_table_disabled", kTruth),
    of("request_impersonation_disabled", kTruth),
    of("request_readonly", kTruth),
    of("request_readonly_hardline", kTruth),
    of("request_remote_entities_disabled", kTruth),
    of("request_sandboxed_execution_disabled", kTruth),
    of("request_user", kText),
    of("results_error_reporting_placement", kText),
    of("results_v2_fragment_primary_tables", kTruth),
    of("results_v2_newlines_between_frames", kTruth),
    of("servertimeout", kSpan),
    of("truncationmaxrecords", kNumber),
    of("truncationmaxsize", kNumber),
    of("validate_permissions", kTruth),
});
static_assert(std::ranges::is_sorted(kOptions, {}, &QueryOption::name));

}  // namespace

const QueryOption* find_query_option(std::string_view name) {
  const auto found = std::ranges::lower_bound(kOptions, name, {}, &QueryOption::name);
  return found != kOptions.end() && found->name == name ? &*found : nullptr;
}

}  // namespace redoubt::kql::detail
