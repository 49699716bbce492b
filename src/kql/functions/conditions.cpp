#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kTestOfExpression = RD_LIST(gives(Bool, RD_LIST(scalar("expression"))));
constexpr Signatures kTestOfValue = RD_LIST(gives(Bool, RD_LIST(scalar("value"))));
constexpr Signatures kChoice =
    RD_LIST(gives(CommonNotDynamic, RD_LIST(boolean("if"), choice("then"), choice("else"))));
constexpr Signatures kColumnIfExists =
    RD_LIST(gives(Argument1, RD_LIST(constant(string("column_name")), scalar("defaultValue"))));
constexpr Signatures kExtreme =
    RD_LIST(gives(Common, RD_LIST(times(2, 64, agreeing(Agreement::Common, kOrderables, "arg")))));

// Choices and tests. Sorted by name.
constexpr std::array kRows = {
    impure("around", RD_LIST(gives(Bool, RD_LIST(scalar("value"), scalar("center"), scalar("delta")))),
           "around-function"),
    impure("assert", RD_LIST(gives(Bool, RD_LIST(boolean("predicate"), string("message")))),
           "assert-function"),
    pure("case",
         RD_LIST(laid_out(Layout::Blocks,
                          gives(CommonNotDynamic, RD_LIST(one_or_more(boolean("predicate")),
                                                          one_or_more(choice("then")), choice("else"))))),
         "case-function"),
    pure("coalesce",
         RD_LIST(gives(Common, RD_LIST(times(2, 64, agreeing(Agreement::Common, kAllTypes, "arg"))))),
         "coalesce-function"),
    impure("column_ifexists", kColumnIfExists, "column-ifexists-function", FirstArgumentValueIfColumn),
    alias("column_ifexists",
          deprecated("column_ifexists", impure("columnifexists", kColumnIfExists, "column-ifexists-function",
                                               FirstArgumentValueIfColumn))),
    pure("iff", kChoice, "iff-function"),
    alias("iff", pure("iif", kChoice, "iff-function")),
    only(kAdx, hidden(impure("iscolumnexists", RD_LIST(gives(Bool, RD_LIST(constant(string("column_name"))))),
                             ""))),
    impure("isempty", kTestOfValue, "isempty-function"),
    impure("isnotempty", kTestOfValue, "isnotempty-function"),
    impure("isnotnull", kTestOfExpression, "isnotnull-function"),
    impure("isnull", kTestOfExpression, "isnull-function"),
    pure("max_of", kExtreme, "max-of-function"),
    pure("min_of", kExtreme, "min-of-function"),
    impure("not", RD_LIST(gives(Bool, RD_LIST(boolean("expression")))), "not-function"),
    alias("isnotempty", deprecated("isnotempty", impure("notempty", kTestOfValue, "isnotempty-function"))),
    alias("isnotnull", deprecated("isnotnull", impure("notnull", kTestOfExpression, "isnotnull-function"))),
};

}  // namespace

std::span<const Function> condition_functions() { return kRows; }

}  // namespace redoubt::kql::detail
