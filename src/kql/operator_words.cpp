#include "kql/detail/operator_words.h"

#include <algorithm>
#include <iterator>

namespace redoubt::kql::detail {

namespace {

using enum OperatorTakes;
using Words = std::span<const std::string_view>;

constexpr std::string_view kBy[] = {"by"};
constexpr std::string_view kOn[] = {"on"};
constexpr std::string_view kOf[] = {"of", "by"};
constexpr std::string_view kWith[] = {"with"};
constexpr std::string_view kAsWith[] = {"as", "with"};
constexpr std::string_view kTopWords[] = {"by", "asc", "desc", "nulls first", "nulls last"};
constexpr std::string_view kSeries[] = {"default", "on", "from", "to", "step", "by"};
constexpr std::string_view kRange[] = {"from", "to", "step"};
constexpr std::string_view kExpand[] = {"to typeof(", "limit"};
constexpr std::string_view kApply[] = {"to typeof(", "limit", "on"};
constexpr std::string_view kFacet[] = {"with"};
constexpr std::string_view kFind[] = {"in", "where", "project", "project-away"};
constexpr std::string_view kSearch[] = {"in"};
constexpr std::string_view kGraph[] = {"where", "project"};
constexpr std::string_view kMakeGraph[] = {"with"};

/// Sorted by name. Source: Kusto Query Language reference, "Tabular operators".
constexpr OperatorWord kWords[] = {
    {"as", NewName, "gives the rows a name for the rest of the query", &kAsParameters},
    {"assert-schema", Nothing, "fails unless the rows have these columns"},
    {"consume", Nothing, "reads all rows and gives none", &kConsumeParameters},
    {"count", Nothing, "the number of rows"},
    {"distinct", Columns, "each combination of these columns once", &kDistinctParameters},
    {"evaluate", Plugin, "calls a plugin", &kEvaluateParameters, {}, true},
    {"extend", Expression, "adds columns"},
    {"facet", Nothing, "a table of counts for each of these columns", {}, kFacet, false, true, false, true},
    {"filter", Expression, "keeps the rows for which the condition holds", {}, {}, false, true, true},
    {"find", Expression, "rows of several tables that match", &kFindParameters, kFind, true, false},
    {"fork", Nothing, "several queries on the same rows", {}, {}, false, true, false, true},
    {"getschema", Nothing, "names and types of the columns, as rows"},
    {"graph-mark-components", Nothing, "marks the connected parts of a graph",
     &kGraphMarkComponentsParameters},
    {"graph-match", Nothing, "paths of a graph that fit a pattern", &kGraphMatchParameters, kGraph},
    {"graph-shortest-paths", Nothing, "shortest paths of a graph", &kGraphShortestPathsParameters, kGraph},
    {"graph-to-table", Nothing, "nodes or edges of a graph as rows"},
    {"invoke", Function, "calls a function with the rows as its first argument"},
    {"join", Tables, "joins the rows with those of another table", &kJoinParameters, kOn, false, true, false,
     true},
    {"limit", Number, "that many rows, whichever they are"},
    {"lookup", Tables, "adds the columns of a table of facts", &kLookupParameters, kOn, false, true, false,
     true},
    {"macro-expand", Nothing, "runs a query for each part of an entity group"},
    {"make-graph", Columns, "a graph of the rows as its edges", &kMakeGraphParameters, kMakeGraph},
    {"make-series", Aggregates, "series of aggregates along an axis", &kMakeSeriesParameters, kSeries},
    {"mv-apply", Expression, "runs a query on the elements of each array", &kMvApplyParameters, kApply, false,
     true, false, true},
    {"mv-expand", Expression, "a row for each element of an array or bag", &kMvExpandParameters, kExpand},
    {"mvapply", Expression, "runs a query on the elements of each array", &kMvApplyParameters, kApply, false,
     true, true, true},
    {"mvexpand", Expression, "a row for each element of an array or bag", &kMvExpandParameters, kExpand,
     false, true, true},
    {"order", Nothing, "sorts the rows", &kSortParameters, kTopWords},
    {"parse", Expression, "takes columns out of a text by a pattern", &kParseParameters, kWith},
    {"parse-kv", Expression, "takes columns out of a text of keys and values", {}, kAsWith},
    {"parse-where", Expression, "as parse, and keeps the rows that fit the pattern", &kParseParameters,
     kWith},
    {"partition", Nothing, "runs a query on the rows of each value of a column", &kPartitionParameters, kBy,
     false, true, false, true},
    {"print", Expression, "one row of these values", {}, {}, true, false},
    {"project", Expression, "these columns, in this order"},
    {"project-away", Columns, "all columns but these"},
    {"project-by-names", Expression, "the columns that have these names"},
    {"project-keep", Columns, "these columns, in the order they have"},
    {"project-rename", Columns, "gives columns other names"},
    {"project-reorder", Columns, "puts these columns first"},
    {"range", NewName, "rows from one value to another", {}, kRange, true, false},
    {"reduce", Nothing, "groups texts by the pattern that they share", &kReduceProperties, kBy},
    {"render", Chart, "how to draw the rows", &kRenderParameters, kWith},
    {"sample", Number, "that many rows by chance"},
    {"sample-distinct", Number, "that many different values of a column", {}, kOf},
    {"scan", Nothing, "finds sequences of rows", &kScanParameters},
    {"search", Expression, "rows that have a term in any column", &kSearchParameters, kSearch, true},
    {"serialize", Expression, "keeps the order, so that window functions may use it"},
    {"sort", Nothing, "sorts the rows", &kSortParameters, kTopWords},
    {"summarize", Aggregates, "aggregates for each combination of what stands behind by",
     &kSummarizeParameters, kBy},
    {"take", Number, "that many rows, whichever they are"},
    {"top", Number, "the first rows in an order", &kTopParameters, kTopWords},
    {"top-hitters", Number, "the most frequent values, estimated", {}, kOf},
    {"top-nested", Number, "the top values, and within each the next level", {}, kOf},
    {"union", Tables, "the rows of several tables", &kUnionParameters, {}, true, true, false, true},
    {"where", Expression, "keeps the rows for which the condition holds"},
};

}  // namespace

std::span<const OperatorWord> operator_words() { return kWords; }

const OperatorWord* find_operator_word(std::string_view name) {
  const std::span<const OperatorWord> all = operator_words();
  const auto found = std::ranges::lower_bound(all, name, {}, &OperatorWord::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace redoubt::kql::detail
