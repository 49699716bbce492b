#include "kql/detail/parameters.h"

#include <algorithm>
#include <iterator>

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kStrategyWords[] = {"auto", "broadcast", "centralized", "shuffle"};
constexpr std::string_view kDistributionWords[] = {"single", "per_node", "per_shard", "default"};
constexpr std::string_view kRemoteWords[] = {"auto", "local"};
constexpr std::string_view kComponentKindWords[] = {"weak", "strong"};
constexpr std::string_view kCyclesWords[] = {"none", "all", "unique_edges"};
constexpr std::string_view kOutputWords[] = {"any", "all"};
constexpr std::string_view kJoinKindWords[] = {"inner",        "fullouter",     "innerunique", "leftanti",
                                               "leftantisemi", "anti",          "leftouter",   "leftsemi",
                                               "rightanti",    "rightantisemi", "rightouter",  "rightsemi"};
constexpr std::string_view kJoinRemoteWords[] = {"auto", "left", "local", "right", "unresolved"};
constexpr std::string_view kLookupKindWords[] = {"inner", "leftouter"};
constexpr std::string_view kMakeGraphStrategyWords[] = {"shuffle", "native"};
constexpr std::string_view kMakeSeriesKindWords[] = {"nonempty"};
constexpr std::string_view kMvExpandKindWords[] = {"bag", "array"};
constexpr std::string_view kParseKindWords[] = {"simple", "regex", "relaxed"};
constexpr std::string_view kPartitionStrategyWords[] = {"shuffle", "native", "legacy"};
constexpr std::string_view kRenderKindWords[] = {"default", "unstacked", "stacked", "stacked100", "map"};
constexpr std::string_view kXaxisWords[] = {"linear", "log"};
constexpr std::string_view kLegendWords[] = {"visible", "hidden"};
constexpr std::string_view kYsplitWords[] = {"none", "axes", "panels"};
constexpr std::string_view kScanKindWords[] = {"partial", "full"};
constexpr std::string_view kSearchKindWords[] = {"default", "case_insensitive", "case_sensitive"};
constexpr std::string_view kSortStrategyWords[] = {"splitBlock", "multipleBlocks"};
constexpr std::string_view kSummarizeStrategyWords[] = {"shuffle"};
constexpr std::string_view kUnionKindWords[] = {"inner", "outer"};
constexpr std::string_view kToScalarKindWords[] = {"nooptimization"};

constexpr ParameterRule kShuffleKey = {
    .name = "hint.shufflekey", .form = ValueForm::Column, .repeated = true};

constexpr ParameterRule kAsParametersRows[] = {{"hint.materialized", ValueForm::Bool}};
constexpr ParameterRule kConsumeParametersRows[] = {{"decodeblocks", ValueForm::Bool}};
constexpr ParameterRule kDistinctParametersRows[] = {kShuffleKey,
                                                     {"hint.strategy", ValueForm::Word, kStrategyWords},
                                                     {"hint.num_partitions", ValueForm::Integer}};
constexpr ParameterRule kEvaluateParametersRows[] = {
    {"hint.distribution", ValueForm::Word, kDistributionWords},
    {"hint.remote", ValueForm::Word, kRemoteWords},
    {"hint.pass_filters", ValueForm::Bool},
    {.name = "hint.pass_filters_column", .form = ValueForm::Column, .repeated = true}};
constexpr ParameterRule kFindParametersRows[] = {{"withsource", ValueForm::Name},
                                                 {"with_source", ValueForm::Name}};
constexpr ParameterRule kGraphMarkComponentsParametersRows[] = {
    {"kind", ValueForm::Word, kComponentKindWords}, {"with_component_id", ValueForm::Name}};
constexpr ParameterRule kGraphMatchParametersRows[] = {{"cycles", ValueForm::Word, kCyclesWords}};
constexpr ParameterRule kGraphShortestPathsParametersRows[] = {{"output", ValueForm::Word, kOutputWords}};
constexpr ParameterRule kGraphToTableEdgesParametersRows[] = {{"with_source_id", ValueForm::Name},
                                                              {"with_target_id", ValueForm::Name}};
constexpr ParameterRule kGraphToTableNodesParametersRows[] = {{"with_node_id", ValueForm::Name}};
constexpr ParameterRule kJoinParametersRows[] = {{"kind", ValueForm::Word, kJoinKindWords},
                                                 {"hint.remote", ValueForm::Word, kJoinRemoteWords},
                                                 kShuffleKey,
                                                 {"hint.strategy", ValueForm::Word, kStrategyWords},
                                                 {"hint.num_partitions", ValueForm::Integer}};
constexpr ParameterRule kLookupParametersRows[] = {{"kind", ValueForm::Word, kLookupKindWords}};
constexpr ParameterRule kMakeGraphParametersRows[] = {
    {"hint.strategy", ValueForm::Word, kMakeGraphStrategyWords}};
constexpr ParameterRule kMakeSeriesParametersRows[] = {kShuffleKey,
                                                       {"kind", ValueForm::Word, kMakeSeriesKindWords}};
constexpr ParameterRule kMvApplyParametersRows[] = {{"with_itemindex", ValueForm::Name}};
constexpr ParameterRule kMvExpandParametersRows[] = {{"kind", ValueForm::Word, kMvExpandKindWords},
                                                     {"bagexpansion", ValueForm::Word, kMvExpandKindWords},
                                                     {"with_itemindex", ValueForm::Name}};
constexpr ParameterRule kParseKvPropertiesRows[] = {
    {"pair_delimiter", ValueForm::String},
    {"kv_delimiter", ValueForm::String},
    {"regex", ValueForm::String},
    {.name = "quote", .form = ValueForm::String, .repeated = true},
    {.name = "escape", .form = ValueForm::String, .repeated = true},
    {"greedy", ValueForm::Bool}};
constexpr ParameterRule kParseParametersRows[] = {{"kind", ValueForm::Word, kParseKindWords},
                                                  {"flags", ValueForm::Word}};
constexpr ParameterRule kPartitionParametersRows[] = {
    {"hint.concurrency", ValueForm::WordOrNumber, kJoinRemoteWords},
    {"hint.spread", ValueForm::WordOrNumber, kRemoteWords},
    {"hint.materialized", ValueForm::Bool},
    kShuffleKey,
    {"hint.strategy", ValueForm::Word, kPartitionStrategyWords}};
constexpr ParameterRule kReducePropertiesRows[] = {{"threshold", ValueForm::Number},
                                                   {"characters", ValueForm::String}};
constexpr ParameterRule kRenderParametersRows[] = {{"kind", ValueForm::Word, kRenderKindWords},
                                                   {"title", ValueForm::Text},
                                                   {"accumulate", ValueForm::Bool},
                                                   {"with", ValueForm::String, {}, true},
                                                   {"by", ValueForm::Columns, {}, true}};
constexpr ParameterRule kRenderPropertiesRows[] = {{"kind", ValueForm::Word, kRenderKindWords},
                                                   {"title", ValueForm::Text},
                                                   {"accumulate", ValueForm::Bool},
                                                   {"xcolumn", ValueForm::Column},
                                                   {"ycolumns", ValueForm::Columns},
                                                   {"anomalycolumns", ValueForm::Columns},
                                                   {"series", ValueForm::Columns},
                                                   {"xtitle", ValueForm::Text},
                                                   {"ytitle", ValueForm::Text},
                                                   {"xaxis", ValueForm::Word, kXaxisWords},
                                                   {"yaxis", ValueForm::Word, kXaxisWords},
                                                   {"legend", ValueForm::Word, kLegendWords},
                                                   {"ysplit", ValueForm::Word, kYsplitWords},
                                                   {"ymin", ValueForm::ForcedReal},
                                                   {"ymax", ValueForm::ForcedReal},
                                                   {"xmin", ValueForm::Scalar},
                                                   {"xmax", ValueForm::Scalar}};
constexpr ParameterRule kScanParametersRows[] = {{"kind", ValueForm::Word, kScanKindWords},
                                                 {"with_match_id", ValueForm::Name}};
constexpr ParameterRule kSearchParametersRows[] = {{"kind", ValueForm::Word, kSearchKindWords}};
constexpr ParameterRule kSortParametersRows[] = {{"hint.strategy", ValueForm::Word, kSortStrategyWords}};
constexpr ParameterRule kSummarizeParametersRows[] = {
    kShuffleKey,
    {"hint.strategy", ValueForm::Word, kSummarizeStrategyWords},
    {"hint.num_partitions", ValueForm::Integer}};
constexpr ParameterRule kTopParametersRows[] = {{"hint.progressive_top", ValueForm::Bool}};
constexpr ParameterRule kUnionParametersRows[] = {
    {"kind", ValueForm::Word, kUnionKindWords},
    {"withsource", ValueForm::Name},
    {"with_source", ValueForm::Name},
    {"isfuzzy", ValueForm::Bool},
    {"__isFuzzy", ValueForm::Bool},
    {"best_effort", ValueForm::Bool},
    {"hint.concurrency", ValueForm::WordOrNumber, kJoinRemoteWords},
    {"hint.spread", ValueForm::WordOrNumber, kRemoteWords}};
constexpr ParameterRule kToScalarParametersRows[] = {{"kind", ValueForm::Word, kToScalarKindWords}};
constexpr ParameterRule kKnownRows[] = {{"bagexpansion", ValueForm::Word, kMvExpandKindWords},
                                        {"bin_legacy", ValueForm::Any},
                                        {"__crossCluster", ValueForm::Any},
                                        {"__crossDB", ValueForm::Any},
                                        {"decodeblocks", ValueForm::Bool},
                                        {"expandoutput", ValueForm::Any},
                                        {"hint.concurrency", ValueForm::WordOrNumber, kJoinRemoteWords},
                                        {"hint.distribution", ValueForm::Word, kDistributionWords},
                                        {"hint.materialized", ValueForm::Bool},
                                        {"hint.num_partitions", ValueForm::Integer},
                                        {"hint.pass_filters", ValueForm::Any},
                                        {"hint.pass_filters_column", ValueForm::Column},
                                        {"hint.progressive_top", ValueForm::Bool},
                                        {"hint.remote", ValueForm::Word, kRemoteWords},
                                        kShuffleKey,
                                        {"hint.spread", ValueForm::WordOrNumber, kRemoteWords},
                                        {"hint.strategy", ValueForm::Word, kStrategyWords},
                                        {"__id", ValueForm::Any},
                                        {"isfuzzy", ValueForm::Bool},
                                        {"__isFuzzy", ValueForm::Bool},
                                        {"kind", ValueForm::Word},
                                        {"__noWithSource", ValueForm::Any},
                                        {"__packedColumn", ValueForm::Column},
                                        {"__sourceColumnIndex", ValueForm::Any},
                                        {"cycles", ValueForm::Word, kCyclesWords},
                                        {"with_match_id", ValueForm::Name},
                                        {"with_itemindex", ValueForm::Name},
                                        {"withsource", ValueForm::Name},
                                        {"with_source", ValueForm::Name},
                                        {"with_step_name", ValueForm::Name},
                                        {"force_remote", ValueForm::Bool}};

constexpr std::string_view kCharts[] = {
    "table",        "list",       "barchart",  "piechart",         "ladderchart",  "timechart", "linechart",
    "anomalychart", "pivotchart", "areachart", "stackedareachart", "scatterchart", "timepivot", "columnchart",
    "timeline",     "3Dchart",    "card",      "treemap",          "plotly",       "graph",     "sankey"};

constexpr std::string_view kLongNames[] = {"hint.pass_filters", "hint.pass_filters_column"};

}  // namespace

const ParameterRules kAsParameters = kAsParametersRows;
const ParameterRules kConsumeParameters = kConsumeParametersRows;
const ParameterRules kDistinctParameters = kDistinctParametersRows;
const ParameterRules kEvaluateParameters = kEvaluateParametersRows;
const ParameterRules kFindParameters = kFindParametersRows;
const ParameterRules kGraphMarkComponentsParameters = kGraphMarkComponentsParametersRows;
const ParameterRules kGraphMatchParameters = kGraphMatchParametersRows;
const ParameterRules kGraphShortestPathsParameters = kGraphShortestPathsParametersRows;
const ParameterRules kGraphToTableEdgesParameters = kGraphToTableEdgesParametersRows;
const ParameterRules kGraphToTableNodesParameters = kGraphToTableNodesParametersRows;
const ParameterRules kJoinParameters = kJoinParametersRows;
const ParameterRules kLookupParameters = kLookupParametersRows;
const ParameterRules kMakeGraphParameters = kMakeGraphParametersRows;
const ParameterRules kMakeSeriesParameters = kMakeSeriesParametersRows;
const ParameterRules kMvApplyParameters = kMvApplyParametersRows;
const ParameterRules kMvExpandParameters = kMvExpandParametersRows;
const ParameterRules kParseKvProperties = kParseKvPropertiesRows;
const ParameterRules kParseParameters = kParseParametersRows;
const ParameterRules kPartitionParameters = kPartitionParametersRows;
const ParameterRules kReduceProperties = kReducePropertiesRows;
const ParameterRules kRenderParameters = kRenderParametersRows;
const ParameterRules kRenderProperties = kRenderPropertiesRows;
const ParameterRules kScanParameters = kScanParametersRows;
const ParameterRules kSearchParameters = kSearchParametersRows;
const ParameterRules kSortParameters = kSortParametersRows;
const ParameterRules kSummarizeParameters = kSummarizeParametersRows;
const ParameterRules kTopParameters = kTopParametersRows;
const ParameterRules kUnionParameters = kUnionParametersRows;
const ParameterRules kToScalarParameters = kToScalarParametersRows;

const ParameterRule* find_parameter(ParameterRules rules, std::string_view name) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const ParameterRule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

const ParameterRule* find_known_parameter(std::string_view name) { return find_parameter(kKnownRows, name); }

std::span<const std::string_view> long_parameter_names() { return kLongNames; }

std::span<const std::string_view> chart_words() { return kCharts; }

}  // namespace redoubt::kql::detail
