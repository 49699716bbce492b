#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

/// What hll() takes.
constexpr Parameter hashable(std::string_view name) {
  return typed(without(without(kAllTypes, Real), Bool), name);
}

/// An aggregate whose column is called after itself and its two arguments.
constexpr Function of_two(std::string_view name, Signatures signatures, std::string_view link) {
  return nameless(name, signatures, link, PrefixAndTwoArguments, name);
}

constexpr Signatures kCollecting =
    RD_LIST(gives(Argument0Array, RD_LIST(scalar("expr"), optional(integer("maxSize")))));
constexpr Signatures kRealOfMany = RD_LIST(gives(Real, RD_LIST(summable("expr"))));
constexpr Signatures kRealOfSome = RD_LIST(gives(Real, RD_LIST(summable("expr"), boolean("predicate"))));
constexpr Signatures kBitwise = RD_LIST(gives(Argument0, RD_LIST(summable("expr"))));
constexpr Signatures kCollectingSome = RD_LIST(
    gives(Argument0Array, RD_LIST(scalar("expr"), boolean("predicate"), optional(integer("maxSize")))));
constexpr Signatures kCovarianceOfSome =
    RD_LIST(gives(Real, RD_LIST(summable("expr"), summable("expr"), boolean("predicate"))));
constexpr Signatures kArgMin =
    RD_LIST(gives(ColumnsByName, RD_LIST(orderable("minimized"), any_number(star_too("returned")))));
constexpr Signatures kArgMax =
    RD_LIST(gives(ColumnsByName, RD_LIST(orderable("maximized"), any_number(star_too("returned")))));

// Aggregates. Sorted by name.
constexpr std::array kRows = {
    alias("take_any",
          deprecated("take_any", aggregate("any",
                                           RD_LIST(gives(Argument0, RD_LIST(scalar("expr"))),
                                                   gives(ColumnsByName,
                                                         RD_LIST(times(2, Parameter::kMany, scalar("expr")))),
                                                   gives(ColumnsByName, RD_LIST(star("expr")))),
                                           "take-any-aggregation-function"))),
    alias("take_anyif",
          deprecated(
              "take_anyif",
              aggregate("anyif", RD_LIST(gives(Argument0, RD_LIST(scalar("expr"), boolean("predicate")))),
                        "take-anyif-aggregation-function"))),
    nameless("arg_max", kArgMax, "arg-max-aggregation-function"),
    nameless("arg_min", kArgMin, "arg-min-aggregation-function"),
    alias("arg_max",
          deprecated("arg_max", nameless("argmax", kArgMax, "arg-max-aggregation-function", None, "max"))),
    alias("arg_min",
          deprecated("arg_min", nameless("argmin", kArgMin, "arg-min-aggregation-function", None, "min"))),
    aggregate("avg",
              RD_LIST(gives(Real, RD_LIST(integer("expr"))), gives(Real, RD_LIST(real("expr"))),
                      gives(Decimal, RD_LIST(typed(Decimal, "expr"))),
                      gives(Timespan, RD_LIST(timespan("expr"))), gives(DateTime, RD_LIST(datetime("expr")))),
              "avg-aggregation-function"),
    aggregate("avgif",
              RD_LIST(gives(Real, RD_LIST(integer("expr"), boolean("predicate"))),
                      gives(Real, RD_LIST(real("expr"), boolean("predicate"))),
                      gives(Decimal, RD_LIST(typed(Decimal, "expr"), boolean("predicate"))),
                      gives(Timespan, RD_LIST(timespan("expr"), boolean("predicate"))),
                      gives(DateTime, RD_LIST(datetime("expr"), boolean("predicate")))),
              "avgif-aggregation-function"),
    nameless("binary_all_and", kBitwise, "binary-all-and-aggregation-function", FirstArgument),
    nameless("binary_all_or", kBitwise, "binary-all-or-aggregation-function", FirstArgument),
    nameless("binary_all_xor", kBitwise, "binary-all-xor-aggregation-function", FirstArgument),
    aggregate("buildschema", RD_LIST(gives_bag(RD_LIST(bag("expr")))), "buildschema-aggregation-function",
              "schema"),
    alias("count", deprecated("count", aggregate("cnt", RD_LIST(gives(Long)), "count-aggregation-function"))),
    aggregate("count",
              RD_LIST(gives(Long), replaced_by("countif", gives(Long, RD_LIST(boolean("predicate")))),
                      gives(Long, RD_LIST(scalar("expr")))),
              "count-aggregation-function"),
    slower_than("dcount", aggregate("count_distinct", RD_LIST(gives(Long, RD_LIST(not_dynamic("expr")))),
                                    "count-distinct-aggregation-function")),
    slower_than("dcountif",
                aggregate("count_distinctif",
                          RD_LIST(gives(Long, RD_LIST(not_dynamic("expr"), boolean("predicate")))),
                          "count-distinctif-aggregation-function")),
    aggregate("countif", RD_LIST(gives(Long, RD_LIST(boolean("predicate")))), "countif-aggregation-function"),
    of_two("covariance", RD_LIST(gives(Real, RD_LIST(summable("expr"), summable("expr")))),
           "covariance-aggregation-function"),
    of_two("covarianceif", kCovarianceOfSome, "covarianceif-aggregation-function"),
    of_two("covariancep", RD_LIST(gives(Real, RD_LIST(summable("expr"), summable("expr")))),
           "covariancep-aggregation-function"),
    of_two("covariancepif", kCovarianceOfSome, "covariancepif-aggregation-function"),
    aggregate("dcount", RD_LIST(gives(Long, RD_LIST(scalar("expr"), optional(not_dynamic("accuracy"))))),
              "dcount-aggregation-function"),
    aggregate("dcountif",
              RD_LIST(gives(
                  Long, RD_LIST(scalar("expr"), boolean("predicate"), optional(not_dynamic("accuracy"))))),
              "dcountif-aggregation-function"),
    aggregate("hll", RD_LIST(gives_array(RD_LIST(hashable("expr"), optional(integer("accuracy"))))),
              "hll-aggregation-function"),
    aggregate(
        "hll_if",
        RD_LIST(gives_array(RD_LIST(hashable("expr"), boolean("predicate"), optional(integer("accuracy"))))),
        "hll-if-aggregation-function"),
    aggregate("hll_merge", RD_LIST(gives_array(RD_LIST(array("hll")))), "hll-merge-aggregation-function"),
    aggregate("make_bag", RD_LIST(gives_bag(RD_LIST(bag("expr"), optional(integer("maxSize"))))),
              "make-bag-aggregation-function", "bag"),
    aggregate("make_bag_if",
              RD_LIST(gives_bag(RD_LIST(bag("expr"), boolean("predicate"), optional(integer("maxSize"))))),
              "make-bag-if-aggregation-function", "bag"),
    hidden(alias("make_bag", aggregate("make_dictionary",
                                       RD_LIST(gives_bag(RD_LIST(bag("expr"), optional(integer("maxSize"))))),
                                       "make-bag-aggregation-function", "dictionary"))),
    aggregate("make_list", kCollecting, "make-list-aggregation-function", "list"),
    aggregate("make_list_if", kCollectingSome, "make-list-if-aggregation-function", "list"),
    aggregate("make_list_with_nulls", RD_LIST(gives(Argument0Array, RD_LIST(scalar("expr")))),
              "make-list-with-nulls-aggregation-function", "list"),
    aggregate("make_set", kCollecting, "make-set-aggregation-function", "set"),
    aggregate("make_set_if", kCollectingSome, "make-set-if-aggregation-function", "set"),
    alias("make_list", deprecated("make_list", aggregate("makelist", kCollecting,
                                                         "make-list-aggregation-function", "list"))),
    alias("make_set",
          deprecated("make_set", aggregate("makeset", kCollecting, "make-set-aggregation-function", "set"))),
    aggregate("max", RD_LIST(gives(Argument0, RD_LIST(orderable("expr")))), "max-aggregation-function"),
    aggregate("maxif", RD_LIST(gives(Argument0, RD_LIST(orderable("expr"), boolean("predicate")))),
              "maxif-aggregation-function"),
    alias("tdigest_merge", aggregate("merge_tdigest", RD_LIST(gives_array(RD_LIST(array("tdigest")))),
                                     "tdigest-merge-aggregation-function", "merge_tdigests")),
    aggregate("min", RD_LIST(gives(Argument0, RD_LIST(orderable("expr")))), "min-aggregation-function"),
    aggregate("minif", RD_LIST(gives(Argument0, RD_LIST(orderable("expr"), boolean("predicate")))),
              "minif-aggregation-function"),
    only(kAdx, hidden(nameless("passthrough", RD_LIST(gives(Argument0, RD_LIST(scalar("expr")))), "",
                               FirstArgument))),
    nameless("percentile", RD_LIST(gives(ColumnsByName, RD_LIST(scalar("expr"), number("percentile")))),
             "percentiles-aggregation-function"),
    nameless("percentiles",
             RD_LIST(gives(ColumnsByName, RD_LIST(scalar("expr"), one_or_more(number("percentile"))))),
             "percentiles-aggregation-function"),
    nameless("percentiles_array",
             RD_LIST(gives(ColumnsByName, RD_LIST(scalar("expr"), one_or_more(number("percentile")))),
                     gives(ColumnsByName, RD_LIST(scalar("expr"), array("percentiles")))),
             "percentiles-aggregation-function"),
    nameless("percentilesw",
             RD_LIST(gives(ColumnsByName,
                           RD_LIST(scalar("expr"), integer("weight"), one_or_more(number("percentile"))))),
             "percentilesw-aggregation-function"),
    nameless("percentilesw_array",
             RD_LIST(gives(ColumnsByName,
                           RD_LIST(scalar("expr"), integer("weight"), one_or_more(number("percentile")))),
                     gives(ColumnsByName, RD_LIST(scalar("expr"), integer("weight"), array("percentiles")))),
             "percentilesw-aggregation-function"),
    nameless("percentilew",
             RD_LIST(gives(ColumnsByName, RD_LIST(scalar("expr"), integer("weight"), number("percentile")))),
             "percentilesw-aggregation-function"),
    aggregate("stdev", kRealOfMany, "stdev-aggregation-function"),
    aggregate("stdevif", kRealOfSome, "stdevif-aggregation-function"),
    aggregate("stdevp", kRealOfMany, "stdevp-aggregation-function"),
    aggregate("sum", RD_LIST(gives(Argument0Promoted, RD_LIST(summable("expr")))),
              "sum-aggregation-function"),
    aggregate("sumif", RD_LIST(gives(Argument0Promoted, RD_LIST(summable("expr"), boolean("predicate")))),
              "sumif-aggregation-function"),
    nameless("take_any", RD_LIST(gives(ColumnsByName, RD_LIST(one_or_more(star_too("expr"))))),
             "take-any-aggregation-function"),
    nameless("take_anyif", RD_LIST(gives(Argument0, RD_LIST(scalar("expr"), boolean("predicate")))),
             "take-anyif-aggregation-function", FirstArgument),
    aggregate("tdigest", RD_LIST(gives_array(RD_LIST(summable("expr"), optional(integer("weight"))))),
              "tdigest-aggregation-function"),
    aggregate("tdigest_merge", RD_LIST(gives_array(RD_LIST(array("tdigest")))),
              "tdigest-merge-aggregation-function", "merge_tdigests"),
    aggregate("variance", kRealOfMany, "variance-aggregation-function"),
    aggregate("varianceif", kRealOfSome, "varianceif-aggregation-function"),
    aggregate("variancep", kRealOfMany, "variancep-aggregation-function"),
    aggregate("variancepif", kRealOfSome, "variancepif-aggregation-function"),
};

}  // namespace

std::span<const Function> aggregates() { return kRows; }

}  // namespace redoubt::kql::detail
