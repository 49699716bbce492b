#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kExtractAll =
    RD_LIST(gives_array(RD_LIST(constant(string("regex")), string("source"))),
            gives_array(RD_LIST(constant(string("regex")), array("captureGroups"), string("source"))));
constexpr Signatures kExtractJson = RD_LIST(
    gives(String, RD_LIST(constant(string("jsonPath")), string("jsonText"))),
    gives(LiteralLast, RD_LIST(constant(string("jsonPath")), string("jsonText"), type_literal("type"))));

// Texts with a structure. Sorted by name.
constexpr std::array kRows = {
    pure("extract",
         RD_LIST(
             gives(String, RD_LIST(constant(string("regex")), typed(Long, "captureGroup"), string("source"))),
             gives(LiteralLast, RD_LIST(constant(string("regex")), typed(Long, "captureGroup"),
                                        string("source"), type_literal("typeLiteral")))),
         "extract-function"),
    pure("extract_all", kExtractAll, "extract-all-function"),
    pure("extract_json", kExtractJson, "extract-json-function"),
    alias("extract_all", deprecated("extract_all", pure("extractall", kExtractAll, "extract-all-function"))),
    alias("extract_json", pure("extractjson", kExtractJson, "extract-json-function")),
    pure("parse_command_line", RD_LIST(gives_array(RD_LIST(scalar("command"), string("parser")))),
         "parse-command-line-function"),
    pure("parse_csv", RD_LIST(gives_array(RD_LIST(string_or_dynamic("csv_text")))), "parse-csv-function",
         FirstArgument),
    pure("parse_json", RD_LIST(gives(Dynamic, RD_LIST(string_or_dynamic("json_text")))),
         "parse-json-function", FirstArgument),
    pure("parse_path", RD_LIST(gives_bag(RD_LIST(string("path")))), "parse-path-function"),
    pure("parse_user_agent",
         RD_LIST(gives_bag(RD_LIST(string("user_agent"), optional(string_or_array("look_for"))))),
         "parse-user-agent-function"),
    pure("parse_version", RD_LIST(gives(Decimal, RD_LIST(string("version")))), "parse-version-function"),
    pure("parse_xml", RD_LIST(gives_bag(RD_LIST(string_or_dynamic("xml_text")))), "parse-xml-function",
         FirstArgument),
    alias("parse_json",
          deprecated("parse_json",
                     pure("parsejson", RD_LIST(gives(Dynamic, RD_LIST(string_or_dynamic("json_text")))),
                          "parse-json-function", FirstArgument))),
};

}  // namespace

std::span<const Function> parsing_functions() { return kRows; }

}  // namespace redoubt::kql::detail
