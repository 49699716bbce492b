#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kCompareIps =
    RD_LIST(gives(Long, RD_LIST(string("ip1"), string("ip2"), optional(typed(Long, "prefix")))));
constexpr Signatures kMatchIps =
    RD_LIST(gives(Bool, RD_LIST(string("ip1"), string("ip2"), optional(typed(Long, "prefix")))));
constexpr Signatures kInAnyRange =
    RD_LIST(gives(Bool, RD_LIST(string_or_dynamic("ip"), one_or_more(string("ranges")))),
            gives(Bool, RD_LIST(string_or_dynamic("ip"), array("ranges"))));

// IP addresses. Sorted by name.
constexpr std::array kRows = {
    only(kAdx, hidden(impure("__ipv6_lookup_ranges",
                             RD_LIST(gives_array(RD_LIST(string_or_dynamic("ip"), array("ranges")))), ""))),
    pure("format_ipv4", RD_LIST(gives(String, RD_LIST(scalar("ip"), optional(typed(Long, "prefix"))))),
         "format-ipv4-function"),
    pure("format_ipv4_mask", RD_LIST(gives(String, RD_LIST(scalar("ip"), typed(Long, "prefix")))),
         "format-ipv4-mask-function"),
    pure("geo_info_from_ip_address", RD_LIST(gives(Dynamic, RD_LIST(string("ip")))),
         "geo-info-from-ip-address-function"),
    impure("has_any_ipv4",
           RD_LIST(gives(Bool, RD_LIST(string_or_dynamic("source"), one_or_more(string("ips")))),
                   gives(Bool, RD_LIST(string_or_dynamic("source"), array("ips")))),
           "has-any-ipv4-function"),
    impure("has_any_ipv4_prefix",
           RD_LIST(gives(Bool, RD_LIST(string_or_dynamic("source"), one_or_more(string("ip_prefixes")))),
                   gives(Bool, RD_LIST(string_or_dynamic("source"), array("ip_prefixes")))),
           "has-any-ipv4-prefix-function"),
    impure("has_ipv4", RD_LIST(gives(Bool, RD_LIST(string_or_dynamic("source"), string("ip")))),
           "has-ipv4-function"),
    impure("has_ipv4_prefix", RD_LIST(gives(Bool, RD_LIST(string_or_dynamic("source"), string("ip_prefix")))),
           "has-ipv4-prefix-function"),
    pure("ipv4_compare", kCompareIps, "ipv4-compare-function"),
    impure("ipv4_is_in_any_range", kInAnyRange, "ipv4-is-in-any-range-function"),
    pure("ipv4_is_in_range", RD_LIST(gives(Bool, RD_LIST(string("ip"), string("ip_range")))),
         "ipv4-is-in-range-function"),
    pure("ipv4_is_match", kMatchIps, "ipv4-is-match-function"),
    pure("ipv4_is_private", RD_LIST(gives(Bool, RD_LIST(string("ip")))), "ipv4-is-private-function"),
    pure("ipv4_netmask_suffix", RD_LIST(gives(Long, RD_LIST(string("ip")))), "ipv4-netmask-suffix-function"),
    pure("ipv4_range_to_cidr_list", RD_LIST(gives_array(RD_LIST(string("start_ip"), string("end_ip")))),
         "ipv4-range-to-cidr-list-function"),
    pure("ipv6_compare", kCompareIps, "ipv6-compare-function"),
    impure("ipv6_is_in_any_range", kInAnyRange, "ipv6-is-in-any-range-function"),
    pure("ipv6_is_in_range", RD_LIST(gives(Bool, RD_LIST(string("ip"), string("ip_range")))),
         "ipv6-is-in-range-function"),
    pure("ipv6_is_match", kMatchIps, "ipv6-is-match-function"),
    pure("parse_ipv4", RD_LIST(gives(Long, RD_LIST(string("ip")))), "parse-ipv4-function"),
    pure("parse_ipv4_mask", RD_LIST(gives(Long, RD_LIST(string("ip"), typed(Long, "prefix")))),
         "parse-ipv4-mask-function"),
    pure("parse_ipv6", RD_LIST(gives(String, RD_LIST(string("ip")))), "parse-ipv6-function"),
    pure("parse_ipv6_mask", RD_LIST(gives(String, RD_LIST(string("ip"), typed(Long, "prefix")))),
         "parse-ipv6-mask-function"),
};

}  // namespace

std::span<const Function> ip_functions() { return kRows; }

}  // namespace redoubt::kql::detail
