#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// Conversion to a type. Sorted by name.
constexpr std::array kRows = {
    only(kAdx, hidden(pure("__cast", RD_LIST(gives(Literal0, RD_LIST(type_literal("type"), scalar("value")))),
                           ""))),
    only(kAdx, hidden(pure("__invoke",
                           RD_LIST(gives(Literal1, RD_LIST(literal(string("name")), type_literal("type"),
                                                           any_number(scalar("arg"))))),
                           ""))),
    pure("gettype", RD_LIST(gives(String, RD_LIST(scalar("value")))), "gettype-function",
         PrefixAndFirstArgument, "type"),
    pure("tobool", RD_LIST(gives(Bool, RD_LIST(scalar("value")))), "tobool-function", FirstArgument),
    alias("tobool", pure("toboolean", RD_LIST(gives(Bool, RD_LIST(scalar("value")))), "tobool-function",
                         FirstArgument)),
    pure("todatetime", RD_LIST(gives(DateTime, RD_LIST(scalar("value")))), "todatetime-function",
         FirstArgument),
    pure("todecimal", RD_LIST(gives(Decimal, RD_LIST(scalar("value")))), "todecimal-function", FirstArgument),
    alias("toreal",
          pure("todouble", RD_LIST(gives(Real, RD_LIST(scalar("value")))), "toreal-function", FirstArgument)),
    alias("parse_json", pure("todynamic", RD_LIST(gives(Dynamic, RD_LIST(string("value")))),
                             "parse-json-function", FirstArgument)),
    pure("toguid", RD_LIST(gives(Guid, RD_LIST(string_or_dynamic("value")))), "toguid-function",
         FirstArgument),
    pure("tohex", RD_LIST(gives(String, RD_LIST(integer("value"), optional(integer("minLength"))))),
         "tohex-function", FirstArgument),
    pure("toint", RD_LIST(gives(Int, RD_LIST(scalar("value")))), "toint-function", FirstArgument),
    pure("tolong", RD_LIST(gives(Long, RD_LIST(scalar("value")))), "tolong-function", FirstArgument),
    alias("parse_json",
          deprecated("todynamic", pure("toobject", RD_LIST(gives(Dynamic, RD_LIST(string("value")))),
                                       "parse-json-function", FirstArgument))),
    pure("toreal", RD_LIST(gives(Real, RD_LIST(scalar("value")))), "toreal-function", FirstArgument),
    pure("tostring", RD_LIST(gives(String, RD_LIST(scalar("value")))), "tostring-function", FirstArgument),
    alias("totimespan",
          deprecated("totimespan", pure("totime", RD_LIST(gives(Timespan, RD_LIST(scalar("value")))),
                                        "totimespan-function", FirstArgument))),
    pure("totimespan", RD_LIST(gives(Timespan, RD_LIST(scalar("value")))), "totimespan-function",
         FirstArgument),
};

}  // namespace

std::span<const Function> conversion_functions() { return kRows; }

}  // namespace redoubt::kql::detail
