#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr auto kSearches = std::to_array<std::string_view>({"normal", "regex"});

constexpr Signatures kTextOfValue = RD_LIST(gives(String, RD_LIST(scalar("value"))));
constexpr Signatures kTrimming = RD_LIST(gives(String, RD_LIST(constant(string("regex")), string("source"))));

// Texts: joining, searching, cutting, replacing. Sorted by name.
constexpr std::array kRows = {
    pure("countof",
         RD_LIST(gives(Long, RD_LIST(string("source"), string("search"),
                                     optional(one_of(kSearches, literal(string("kind"))))))),
         "countof-function"),
    impure("format_bytes",
           RD_LIST(gives(String, RD_LIST(number("size"), optional(constant(number("precision"))),
                                         optional(constant(string("format")))))),
           "format-bytes-function", FirstArgument),
    pure("has_any_index", RD_LIST(gives(Long, RD_LIST(string_or_dynamic("source"), array("values")))),
         "has-any-index-function"),
    pure(
        "indexof",
        RD_LIST(gives(Long, RD_LIST(scalar("string"), scalar("match"), optional(integer("start")),
                                    optional(integer("length")), optional(constant(integer("occurrence")))))),
        "indexof-function"),
    pure(
        "indexof_regex",
        RD_LIST(gives(Long, RD_LIST(scalar("string"), constant(scalar("match")), optional(integer("start")),
                                    optional(integer("length")), optional(constant(integer("occurrence")))))),
        "indexof-regex-function"),
    impure("isascii", RD_LIST(gives(Bool, RD_LIST(scalar("value")))), "isascii"),
    impure("isutf8", RD_LIST(gives(Bool, RD_LIST(scalar("value")))), "isutf8-function"),
    alias("unicode_codepoints_to_string",
          deprecated(
              "unicode_codepoints_to_string",
              pure("make_string", RD_LIST(gives(String, RD_LIST(one_or_more(integer_or_array("value"))))),
                   "unicode-codepoints-to-string-function"))),
    pure("regex_quote", RD_LIST(gives(String, RD_LIST(scalar("string")))), "regex-quote-function"),
    deprecated("replace_regex",
               pure("replace",
                    RD_LIST(gives(String, RD_LIST(constant(string("regex")), constant(string("rewrite")),
                                                  string("source")))),
                    "replace-regex-function")),
    pure("replace_regex",
         RD_LIST(gives(String, RD_LIST(string("source"), constant(string("lookup_regex")),
                                       constant(string("rewrite_pattern"))))),
         "replace-regex-function"),
    pure("replace_string",
         RD_LIST(gives(String, RD_LIST(string("text"), string("lookup"), string("rewrite")))),
         "replace-string-function"),
    pure("replace_strings",
         RD_LIST(gives(String, RD_LIST(string("text"), array("lookups"), array("rewrites")))),
         "replace-strings-function"),
    pure("reverse", kTextOfValue, "reverse-function"),
    pure("split",
         RD_LIST(gives_array(
             RD_LIST(scalar("source"), string("delimiter"), optional(integer("requestedIndex"))))),
         "split-function", FirstArgument),
    pure("strcat", RD_LIST(gives(String, RD_LIST(times(1, 64, scalar("arg"))))), "strcat-function"),
    pure("strcat_array", RD_LIST(gives(String, RD_LIST(array("array"), scalar("delimiter")))),
         "strcat-array-function"),
    pure("strcat_delim", RD_LIST(gives(String, RD_LIST(scalar("delimiter"), times(2, 64, scalar("arg"))))),
         "strcat-delim-function"),
    pure("strcmp", RD_LIST(gives(Long, RD_LIST(scalar("s1"), scalar("s2")))), "strcmp-function"),
    pure("string_size", RD_LIST(gives(Long, RD_LIST(string_or_dynamic("string")))), "string-size-function",
         PrefixAndFirstArgument, "string_size"),
    pure("strlen", RD_LIST(gives(Long, RD_LIST(string_or_dynamic("string")))), "strlen-function",
         PrefixAndFirstArgument, "strlen"),
    pure("strrep",
         RD_LIST(gives(String,
                       RD_LIST(scalar("value"), typed(Long, "multiplier"), optional(scalar("delimiter"))))),
         "strrep-function"),
    pure("substring",
         RD_LIST(gives(String, RD_LIST(scalar("string"), integer("start"), optional(integer("length"))))),
         "substring-function"),
    alias("unicode_codepoints_from_string",
          deprecated("unicode_codepoints_from_string",
                     pure("to_utf8", RD_LIST(gives_array(RD_LIST(scalar("value")))),
                          "unicode-codepoints-from-string-function"))),
    pure("tolower", kTextOfValue, "tolower-function"),
    pure("toupper", kTextOfValue, "toupper-function"),
    pure("translate",
         RD_LIST(gives(String, RD_LIST(string("searchList"), string("replacementList"), string("source")))),
         "translate-function"),
    pure("trim", kTrimming, "trim-function"),
    pure("trim_end", kTrimming, "trim-end-function"),
    pure("trim_start", kTrimming, "trim-start-function"),
    pure("unicode_codepoints_from_string", RD_LIST(gives_array(RD_LIST(scalar("value")))),
         "unicode-codepoints-from-string-function"),
    pure("unicode_codepoints_to_string",
         RD_LIST(gives(String, RD_LIST(one_or_more(integer_or_array("value"))))),
         "unicode-codepoints-to-string-function"),
};

}  // namespace

std::span<const Function> string_functions() { return kRows; }

}  // namespace redoubt::kql::detail
