#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// Scalars over the sketches of hll() and tdigest(). Sorted by name.
constexpr std::array kRows = {
    only(kAdx, hidden(impure("__hll_normalize",
                             RD_LIST(gives(Dynamic, RD_LIST(times(2, 16, typed(Dynamic, "hll"))))), "",
                             FirstArgument))),
    impure("dcount_hll", RD_LIST(gives(Long, RD_LIST(array("hll")))), "dcount-hll-function",
           PrefixAndFirstArgument, "dcount_hll"),
    only(kAdx,
         hidden(impure("hll_isvalid", RD_LIST(gives(Bool, RD_LIST(array("hll"), scalar("value")))), ""))),
    impure("hll_merge", RD_LIST(gives_array(RD_LIST(times(2, 16, array("hll"))))), "hll-merge-function",
           Prefix, "hll_merged_result"),
    impure("merge_tdigest", RD_LIST(gives_array(RD_LIST(times(2, 16, array("tdigest"))))),
           "merge-tdigest-function", Prefix, "tdigests_merge_result"),
    impure("percentile_tdigest",
           RD_LIST(gives(Dynamic, RD_LIST(array("tdigest"), real("percentile1"))),
                   gives(LiteralLast, RD_LIST(array("tdigest"), real("percentile1"), type_literal("type")))),
           "percentile-tdigest-function", PrefixAndFirstArgument, "percentile_tdigest"),
    impure(
        "percentiles_array_tdigest",
        RD_LIST(gives_array(RD_LIST(array("tdigest"), one_or_more(real("percentile")))),
                gives_array(RD_LIST(array("tdigest"), array("percentiles"), optional(type_literal("type"))))),
        "percentile-array-tdigest-function", PrefixAndFirstArgument, "percentile_tdigest"),
    impure("percentrank_tdigest", RD_LIST(gives(Real, RD_LIST(array("digest"), scalar("value")))),
           "percentrank-tdigest-function"),
    impure("rank_tdigest", RD_LIST(gives(Real, RD_LIST(array("digest"), scalar("value")))),
           "rank-tdigest-function"),
    only(kAdx, hidden(impure("tdigest_isvalid",
                             RD_LIST(gives(Bool, RD_LIST(array("digest"), scalar("value")))), ""))),
    alias("merge_tdigest",
          impure("tdigest_merge", RD_LIST(gives_array(RD_LIST(times(2, 16, array("tdigest"))))),
                 "merge-tdigest-function", Prefix, "tdigests_merge_result")),
};

}  // namespace

std::span<const Function> sketch_functions() { return kRows; }

}  // namespace redoubt::kql::detail
