#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kTextOfText = RD_LIST(gives(String, RD_LIST(string("string"))));

// Texts in other clothes: base64, compression, URLs, punycode. Sorted by name.
constexpr std::array kRows = {
    only(kAdx, hidden(pure("__lz4_compress_dynamic_array_to_base64_string",
                           RD_LIST(gives(String, RD_LIST(array("dynamic")))), ""))),
    pure("base64_decode_toarray", RD_LIST(gives_array(RD_LIST(string("base64_string")))),
         "base64-decode-toarray-function"),
    pure("base64_decode_toguid", RD_LIST(gives(Guid, RD_LIST(string("base64_string")))),
         "base64-decode-toguid-function"),
    pure("base64_decode_tostring", RD_LIST(gives(String, RD_LIST(string("base64_string")))),
         "base64-decode-tostring-function"),
    alias("base64_decode_tostring",
          deprecated("base64_decode_tostring",
                     pure("base64_decodestring", RD_LIST(gives(String, RD_LIST(string("base64_string")))),
                          "base64-decode-tostring-function"))),
    pure("base64_encode_fromarray", RD_LIST(gives(String, RD_LIST(array("base64_string_decoded_as_array")))),
         "base64-encode-fromarray-function"),
    pure("base64_encode_fromguid", RD_LIST(gives(String, RD_LIST(typed(Guid, "guid")))),
         "base64-encode-fromguid-function"),
    pure("base64_encode_tostring", kTextOfText, "base64-encode-tostring-function"),
    alias("base64_encode_tostring",
          deprecated("base64_encode_tostring",
                     pure("base64_encodestring", kTextOfText, "base64-encode-tostring-function"))),
    pure("gzip_compress_to_base64_string", kTextOfText, "gzip-base64-compress"),
    pure("gzip_decompress_from_base64_string", kTextOfText, "gzip-base64-decompress"),
    pure("parse_url", RD_LIST(gives_bag(RD_LIST(string("url")))), "parse-url-function"),
    pure("parse_urlquery", RD_LIST(gives_bag(RD_LIST(string("query")))), "parse-url-query-function"),
    alias("parse_url", deprecated("parse_url", pure("parseurl", RD_LIST(gives_bag(RD_LIST(string("url")))),
                                                    "parse-url-function"))),
    alias("parse_urlquery",
          deprecated("parse_urlquery", pure("parseurlquery", RD_LIST(gives_bag(RD_LIST(string("query")))),
                                            "parse-url-query-function"))),
    pure("punycode_domain_from_string", kTextOfText, "punycode-domain-from-string-function"),
    pure("punycode_domain_to_string", kTextOfText, "punycode-domain-to-string-function"),
    pure("punycode_from_string", kTextOfText, "punycode-from-string-function"),
    pure("punycode_to_string", kTextOfText, "punycode-to-string-function"),
    pure("url_decode", RD_LIST(gives(String, RD_LIST(string("encoded_url")))), "url-decode-function"),
    pure("url_encode", RD_LIST(gives(String, RD_LIST(string("url")))), "url-encode-function"),
    pure("url_encode_component", RD_LIST(gives(String, RD_LIST(string("url")))),
         "url-encode-component-function"),
    pure("zlib_compress_to_base64_string", kTextOfText, "zlib-base64-compress-function"),
    pure("zlib_decompress_from_base64_string", kTextOfText, "zlib-base64-decompress-function"),
};

}  // namespace

std::span<const Function> encoding_functions() { return kRows; }

}  // namespace redoubt::kql::detail
