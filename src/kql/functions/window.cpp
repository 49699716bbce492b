#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kRank = RD_LIST(gives(Long, RD_LIST(not_dynamic("term"), optional(boolean("restart")))));
constexpr Signatures kNeighbour =
    RD_LIST(gives(Argument0, RD_LIST(column(scalar("column")), optional(typed(Long, "offset")),
                                     optional(constant(scalar("default_value"))))));

// Functions over the neighbours of a row; the input has to be serialized. Sorted by name.
constexpr std::array kRows = {
    impure("next", kNeighbour, "next-function"),
    impure("prev", kNeighbour, "prev-function"),
    impure("row_cumsum", RD_LIST(gives(Argument0, RD_LIST(number("term"), optional(boolean("restart"))))),
           "row-cumsum-function"),
    impure(
        "row_number",
        RD_LIST(gives(Long, RD_LIST(optional(typed(Long, "startingIndex")), optional(boolean("restart"))))),
        "row-number-function"),
    deprecated(
        "row_rank_dense",
        impure("row_rank",
               RD_LIST(gives(Long, RD_LIST(not_dynamic("column"), optional(constant(boolean("dense")))))),
               "row-rank-dense-function")),
    impure("row_rank_dense", kRank, "row-rank-dense-function"),
    impure("row_rank_min", kRank, "row-rank-min-function"),
    impure("row_window_session",
           RD_LIST(gives(Argument0,
                         RD_LIST(datetime("expr"), timespan("maxDistanceFromFirst"),
                                 timespan("maxDistanceBetweenNeighbors"), optional(boolean("restart"))))),
           "row-window-session-function"),
};

}  // namespace

std::span<const Function> window_functions() { return kRows; }

}  // namespace redoubt::kql::detail
