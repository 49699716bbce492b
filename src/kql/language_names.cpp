#include "kql/language_names.h"

#include <array>

#include "kql/functions.h"

namespace redoubt::kql {

namespace {

using enum LanguageNameKind;

constexpr std::array<std::string_view, 6> kKinds = {"statement", "operator",      "binary operator",
                                                    "join kind", "visualization", "special function"};

constexpr std::uint8_t kEverywhere = kAdx | kFabric | kLogAnalytics | kSentinel;
constexpr std::uint8_t kInResourceGraph = kEverywhere | kResourceGraph;

// Source: the pages of the language reference (MicrosoftDocs/dataexplorer-docs) and their applies-to marks;
// for Resource Graph "Understanding the Azure Resource Graph query language", "Supported tabular/top level
// operators".
constexpr std::array kNames = {
    LanguageName{"alias", Statement, kEverywhere, "alias-statement"},
    LanguageName{"let", Statement, kEverywhere, "let-statement"},
    LanguageName{"pattern", Statement, kAdx | kFabric, "pattern-statement"},
    LanguageName{"query parameters", Statement, kAdx | kFabric, "query-parameters-statement"},
    LanguageName{"restrict", Statement, kAdx | kFabric, "restrict-statement"},
    LanguageName{"set", Statement, kAdx | kFabric, "set-statement"},
    LanguageName{"tabular expressions", Statement, kEverywhere, "tabular-expression-statements"},

    LanguageName{"as", TabularOperator, kEverywhere, "as-operator"},
    LanguageName{"consume", TabularOperator, kEverywhere, "consume-operator"},
    LanguageName{"count", TabularOperator, kInResourceGraph, "count-operator"},
    LanguageName{"datatable", TabularOperator, kEverywhere, "datatable-operator"},
    LanguageName{"distinct", TabularOperator, kInResourceGraph, "distinct-operator"},
    LanguageName{"evaluate", TabularOperator, kEverywhere, "evaluate-operator"},
    LanguageName{"extend", TabularOperator, kInResourceGraph, "extend-operator"},
    LanguageName{"externaldata", TabularOperator, kEverywhere, "externaldata-operator"},
    LanguageName{"facet", TabularOperator, kEverywhere, "facet-operator"},
    LanguageName{"filter", TabularOperator, kEverywhere, "where-operator"},
    LanguageName{"find", TabularOperator, kEverywhere, "find-operator"},
    LanguageName{"fork", TabularOperator, kAdx | kFabric, "fork-operator"},
    LanguageName{"getschema", TabularOperator, kEverywhere, "getschema-operator"},
    LanguageName{"graph-mark-components", TabularOperator, kEverywhere, "graph-mark-components-operator"},
    LanguageName{"graph-match", TabularOperator, kEverywhere, "graph-match-operator"},
    LanguageName{"graph-shortest-paths", TabularOperator, kEverywhere, "graph-shortest-paths-operator"},
    LanguageName{"graph-to-table", TabularOperator, kEverywhere, "graph-to-table-operator"},
    LanguageName{"inline_external_table", TabularOperator, kEverywhere, "inline-external-table-operator"},
    LanguageName{"invoke", TabularOperator, kEverywhere, "invoke-operator"},
    LanguageName{"join", TabularOperator, kInResourceGraph, "join-operator"},
    LanguageName{"limit", TabularOperator, kInResourceGraph, "take-operator"},
    LanguageName{"lookup", TabularOperator, kEverywhere, "lookup-operator"},
    LanguageName{"macro-expand", TabularOperator, kEverywhere, "macro-expand-operator"},
    LanguageName{"make-graph", TabularOperator, kEverywhere, "make-graph-operator"},
    LanguageName{"make-series", TabularOperator, kEverywhere, "make-series-operator"},
    LanguageName{"mv-apply", TabularOperator, kEverywhere, "mv-apply-operator"},
    LanguageName{"mv-expand", TabularOperator, kInResourceGraph, "mv-expand-operator"},
    LanguageName{"order", TabularOperator, kInResourceGraph, "sort-operator"},
    LanguageName{"parse", TabularOperator, kInResourceGraph, "parse-operator"},
    LanguageName{"parse-kv", TabularOperator, kEverywhere, "parse-kv-operator"},
    LanguageName{"parse-where", TabularOperator, kEverywhere, "parse-where-operator"},
    LanguageName{"partition", TabularOperator, kEverywhere, "partition-operator"},
    LanguageName{"print", TabularOperator, kEverywhere, "print-operator"},
    LanguageName{"project", TabularOperator, kInResourceGraph, "project-operator"},
    LanguageName{"project-away", TabularOperator, kInResourceGraph, "project-away-operator"},
    LanguageName{"project-by-names", TabularOperator, kEverywhere, "project-by-names-operator"},
    LanguageName{"project-keep", TabularOperator, kEverywhere, "project-keep-operator"},
    LanguageName{"project-rename", TabularOperator, kEverywhere, "project-rename-operator"},
    LanguageName{"project-reorder", TabularOperator, kEverywhere, "project-reorder-operator"},
    LanguageName{"range", TabularOperator, kEverywhere, "range-operator"},
    LanguageName{"reduce", TabularOperator, kEverywhere, "reduce-operator"},
    LanguageName{"render", TabularOperator, kEverywhere, "render-operator"},
    LanguageName{"sample", TabularOperator, kEverywhere, "sample-operator"},
    LanguageName{"sample-distinct", TabularOperator, kEverywhere, "sample-distinct-operator"},
    LanguageName{"scan", TabularOperator, kEverywhere, "scan-operator"},
    LanguageName{"search", TabularOperator, kEverywhere, "search-operator"},
    LanguageName{"serialize", TabularOperator, kEverywhere, "serialize-operator"},
    LanguageName{"sort", TabularOperator, kInResourceGraph, "sort-operator"},
    LanguageName{"summarize", TabularOperator, kInResourceGraph, "summarize-operator"},
    LanguageName{"take", TabularOperator, kInResourceGraph, "take-operator"},
    LanguageName{"top", TabularOperator, kInResourceGraph, "top-operator"},
    LanguageName{"top-hitters", TabularOperator, kEverywhere, "top-hitters-operator"},
    LanguageName{"top-nested", TabularOperator, kEverywhere, "top-nested-operator"},
    LanguageName{"union", TabularOperator, kInResourceGraph, "union-operator"},
    LanguageName{"where", TabularOperator, kInResourceGraph, "where-operator"},

    LanguageName{"!=", BinaryOperator, kEverywhere, "not-equals-cs-operator"},
    LanguageName{"!between", BinaryOperator, kEverywhere, "not-between-operator"},
    LanguageName{"!contains", BinaryOperator, kEverywhere, "not-contains-operator"},
    LanguageName{"!contains_cs", BinaryOperator, kEverywhere, "not-contains-cs-operator"},
    LanguageName{"!endswith", BinaryOperator, kEverywhere, "not-endswith-operator"},
    LanguageName{"!endswith_cs", BinaryOperator, kEverywhere, "not-endswith-cs-operator"},
    LanguageName{"!has", BinaryOperator, kEverywhere, "not-has-operator"},
    LanguageName{"!has_cs", BinaryOperator, kEverywhere, "not-has-cs-operator"},
    LanguageName{"!hasprefix", BinaryOperator, kEverywhere, "not-hasprefix-operator"},
    LanguageName{"!hasprefix_cs", BinaryOperator, kEverywhere, "not-hasprefix-cs-operator"},
    LanguageName{"!hassuffix", BinaryOperator, kEverywhere, "not-hassuffix-operator"},
    LanguageName{"!hassuffix_cs", BinaryOperator, kEverywhere, "not-hassuffix-cs-operator"},
    LanguageName{"!in", BinaryOperator, kEverywhere, "not-in-cs-operator"},
    LanguageName{"!in~", BinaryOperator, kEverywhere, "not-in-operator"},
    LanguageName{"!startswith", BinaryOperator, kEverywhere, "not-startswith-operator"},
    LanguageName{"!startswith_cs", BinaryOperator, kEverywhere, "not-startswith-cs-operator"},
    LanguageName{"!~", BinaryOperator, kEverywhere, "not-equals-operator"},
    LanguageName{"%", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"*", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"+", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"-", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"/", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"<", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"<=", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"==", BinaryOperator, kEverywhere, "equals-cs-operator"},
    LanguageName{"=~", BinaryOperator, kEverywhere, "equals-operator"},
    LanguageName{">", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{">=", BinaryOperator, kEverywhere, "numerical-operators"},
    LanguageName{"and", BinaryOperator, kEverywhere, "logical-operators"},
    LanguageName{"between", BinaryOperator, kEverywhere, "between-operator"},
    LanguageName{"contains", BinaryOperator, kEverywhere, "contains-operator"},
    LanguageName{"contains_cs", BinaryOperator, kEverywhere, "contains-cs-operator"},
    LanguageName{"endswith", BinaryOperator, kEverywhere, "endswith-operator"},
    LanguageName{"endswith_cs", BinaryOperator, kEverywhere, "endswith-cs-operator"},
    LanguageName{"has", BinaryOperator, kEverywhere, "has-operator"},
    LanguageName{"has_all", BinaryOperator, kEverywhere, "has-all-operator"},
    LanguageName{"has_any", BinaryOperator, kEverywhere, "has-any-operator"},
    LanguageName{"has_cs", BinaryOperator, kEverywhere, "has-cs-operator"},
    LanguageName{"hasprefix", BinaryOperator, kEverywhere, "hasprefix-operator"},
    LanguageName{"hasprefix_cs", BinaryOperator, kEverywhere, "hasprefix-cs-operator"},
    LanguageName{"hassuffix", BinaryOperator, kEverywhere, "hassuffix-operator"},
    LanguageName{"hassuffix_cs", BinaryOperator, kEverywhere, "hassuffix-cs-operator"},
    LanguageName{"in", BinaryOperator, kEverywhere, "in-cs-operator"},
    LanguageName{"in~", BinaryOperator, kEverywhere, "in-operator"},
    LanguageName{"matches regex", BinaryOperator, kEverywhere, "matches-regex-operator"},
    LanguageName{"or", BinaryOperator, kEverywhere, "logical-operators"},
    LanguageName{"startswith", BinaryOperator, kEverywhere, "startswith-operator"},
    LanguageName{"startswith_cs", BinaryOperator, kEverywhere, "startswith-cs-operator"},

    LanguageName{"fullouter", JoinKind, kEverywhere, "join-fullouter"},
    LanguageName{"inner", JoinKind, kInResourceGraph, "join-inner"},
    LanguageName{"innerunique", JoinKind, kInResourceGraph, "join-innerunique"},
    LanguageName{"leftanti", JoinKind, kEverywhere, "join-leftanti"},
    LanguageName{"leftouter", JoinKind, kInResourceGraph, "join-leftouter"},
    LanguageName{"leftsemi", JoinKind, kEverywhere, "join-leftsemi"},
    LanguageName{"rightanti", JoinKind, kEverywhere, "join-rightanti"},
    LanguageName{"rightouter", JoinKind, kEverywhere, "join-rightouter"},
    LanguageName{"rightsemi", JoinKind, kEverywhere, "join-rightsemi"},

    LanguageName{"anomalychart", Visualization, kAdx | kFabric, "visualization-anomalychart"},
    LanguageName{"areachart", Visualization, kEverywhere, "visualization-areachart"},
    LanguageName{"barchart", Visualization, kEverywhere, "visualization-barchart"},
    LanguageName{"card", Visualization, kAdx | kFabric, "visualization-card"},
    LanguageName{"columnchart", Visualization, kEverywhere, "visualization-columnchart"},
    LanguageName{"ladderchart", Visualization, kAdx, "visualization-ladderchart"},
    LanguageName{"linechart", Visualization, kAdx | kFabric, "visualization-linechart"},
    LanguageName{"piechart", Visualization, kEverywhere, "visualization-piechart"},
    LanguageName{"pivotchart", Visualization, kAdx, "visualization-pivotchart"},
    LanguageName{"plotly", Visualization, kEverywhere, "visualization-plotly"},
    LanguageName{"scatterchart", Visualization, kEverywhere, "visualization-scatterchart"},
    LanguageName{"stackedareachart", Visualization, kAdx | kFabric, "visualization-stackedareachart"},
    LanguageName{"table", Visualization, kEverywhere, "visualization-table"},
    LanguageName{"timechart", Visualization, kEverywhere, "visualization-timechart"},
    LanguageName{"timepivot", Visualization, kAdx, "visualization-timepivot"},
    LanguageName{"treemap", Visualization, kAdx, "visualization-treemap"},

    LanguageName{"materialize", SpecialFunction, kEverywhere, "materialize-function"},
    LanguageName{"toscalar", SpecialFunction, kEverywhere, "toscalar-function"},
};

}  // namespace

std::string_view name_of(LanguageNameKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::span<const LanguageName> language_names() { return kNames; }

}  // namespace redoubt::kql
