#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kRealOfNumber = RD_LIST(gives(Real, RD_LIST(number("number"))));
constexpr Signatures kBitwise = RD_LIST(gives(Long, RD_LIST(integer("value1"), integer("value2"))));
constexpr Signatures kTestOfReal = RD_LIST(gives(Bool, RD_LIST(real("number"))));
constexpr Signatures kRounding = RD_LIST(gives(Widest, RD_LIST(number("value"), number("roundTo"))),
                                         gives(Timespan, RD_LIST(timespan("value"), timespan("roundTo"))),
                                         gives(DateTime, RD_LIST(datetime("value"), datetime("roundTo"))),
                                         gives(DateTime, RD_LIST(datetime("value"), timespan("roundTo"))));

// Arithmetic, bits, special functions. Sorted by name.
constexpr std::array kRows = {
    pure("abs",
         RD_LIST(gives(Long, RD_LIST(integer("number"))), gives(Argument0, RD_LIST(number("number"))),
                 gives(Timespan, RD_LIST(timespan("number")))),
         "abs-function", FirstArgument),
    pure("acos", kRealOfNumber, "acos-function", FirstArgument),
    pure("asin", kRealOfNumber, "asin-function", FirstArgument),
    pure("atan", kRealOfNumber, "atan-function", FirstArgument),
    pure("atan2", RD_LIST(gives(Real, RD_LIST(number("y"), number("x")))), "atan2-function", FirstArgument),
    pure("beta_cdf", RD_LIST(gives(Real, RD_LIST(number("x"), number("alpha"), number("beta")))),
         "beta-cdf-function"),
    pure("beta_inv", RD_LIST(gives(Real, RD_LIST(number("probability"), number("alpha"), number("beta")))),
         "beta-inv-function"),
    pure("beta_pdf", RD_LIST(gives(Real, RD_LIST(number("x"), number("alpha"), number("beta")))),
         "beta-pdf-function"),
    pure("bin", kRounding, "bin-function", FirstArgument),
    pure("bin_at",
         RD_LIST(gives(Widest, RD_LIST(number("value"), number("bin_size"), number("fixed_point"))),
                 gives(Timespan, RD_LIST(timespan("value"), number("bin_size"), timespan("fixed_point"))),
                 gives(Timespan, RD_LIST(timespan("value"), timespan("bin_size"), timespan("fixed_point"))),
                 gives(DateTime, RD_LIST(datetime("value"), summable("bin_size"), datetime("fixed_point")))),
         "bin-at-function", FirstArgument),
    pure("bin_auto", RD_LIST(gives(ByName, RD_LIST(summable("value")))), "bin-auto-function", FirstArgument),
    pure("binary_and", kBitwise, "binary-and-function", FirstArgument),
    pure("binary_not", RD_LIST(gives(Long, RD_LIST(integer("value")))), "binary-not-function", FirstArgument),
    pure("binary_or", kBitwise, "binary-or-function", FirstArgument),
    pure("binary_shift_left", RD_LIST(gives(Long, RD_LIST(integer("value"), integer("shift")))),
         "binary-shift-left-function", FirstArgument),
    pure("binary_shift_right", RD_LIST(gives(Long, RD_LIST(integer("value"), integer("shift")))),
         "binary-shift-right-function", FirstArgument),
    pure("binary_xor", kBitwise, "binary-xor-function", FirstArgument),
    pure("bitset_count_ones", RD_LIST(gives(Long, RD_LIST(integer("value")))), "bitset-count-ones-function",
         FirstArgument),
    pure("ceiling", RD_LIST(gives(Real, RD_LIST(number("number")))), "ceiling-function", FirstArgument),
    pure("cos", kRealOfNumber, "cos-function", FirstArgument),
    pure("cot", kRealOfNumber, "cot-function"),
    pure("degrees", RD_LIST(gives(Real, RD_LIST(number("radians")))), "degrees-function"),
    pure("erf", kRealOfNumber, "erf-function", FirstArgument),
    pure("erfc", kRealOfNumber, "erfc-function", FirstArgument),
    pure("exp", kRealOfNumber, "exp-function", FirstArgument),
    pure("exp10", kRealOfNumber, "exp10-function", FirstArgument),
    pure("exp2", kRealOfNumber, "exp2-function", FirstArgument),
    alias("bin", pure("floor", kRounding, "bin-function", FirstArgument)),
    pure("gamma", kRealOfNumber, "gamma-function", FirstArgument),
    pure("isfinite", kTestOfReal, "isfinite-function"),
    pure("isinf", kTestOfReal, "isinf-function"),
    pure("isnan", kTestOfReal, "isnan-function"),
    pure("log", kRealOfNumber, "log-function", FirstArgument),
    pure("log10", kRealOfNumber, "log10-function", FirstArgument),
    pure("log2", kRealOfNumber, "log2-function", FirstArgument),
    pure("loggamma", kRealOfNumber, "loggamma-function", FirstArgument),
    pure("pi", RD_LIST(gives(Real)), "pi-function"),
    pure("pow", RD_LIST(gives(Real, RD_LIST(number("base"), number("exponent")))), "pow-function",
         FirstArgument),
    pure("radians", RD_LIST(gives(Real, RD_LIST(number("degrees")))), "radians-function"),
    pure("rand", RD_LIST(gives(Real, RD_LIST(optional(integer("number"))))), "rand-function", FirstArgument),
    pure("round",
         RD_LIST(gives(Argument0, RD_LIST(number("number"), optional(constant(typed(Long, "precision")))))),
         "round-function", FirstArgument),
    pure("sign", kRealOfNumber, "sign-function"),
    pure("sin", kRealOfNumber, "sin-function", FirstArgument),
    pure("sqrt", kRealOfNumber, "sqrt-function", FirstArgument),
    pure("tan", kRealOfNumber, "tan-function", FirstArgument),
    impure("welch_test",
           RD_LIST(gives(Real, RD_LIST(number("mean1"), number("variance1"), number("count1"),
                                       number("mean2"), number("variance2"), number("count2")))),
           "welch-test-function"),
};

}  // namespace

std::span<const Function> number_functions() { return kRows; }

}  // namespace redoubt::kql::detail
