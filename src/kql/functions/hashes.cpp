#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kHashNumber =
    RD_LIST(gives(Long, RD_LIST(not_dynamic("source"), optional(integer("mod")))));
constexpr Signatures kHashText = RD_LIST(gives(String, RD_LIST(not_dynamic("source"))));
constexpr Signatures kSeededHash =
    RD_LIST(gives(Long, RD_LIST(not_dynamic("source"), integer("mod"), integer("seed"))));

// Hashes. Sorted by name.
constexpr std::array kRows = {
    only(kAdx, hidden(pure("__hash_crc32", kSeededHash, ""))),
    only(kAdx, hidden(pure("__hash_djb2", kHashNumber, ""))),
    only(kAdx,
         hidden(pure("__hash_many_crc32", RD_LIST(gives(Long, RD_LIST(times(1, 2, scalar("arg"))))), ""))),
    only(kAdx, hidden(pure("__hash_xxh64", kSeededHash, ""))),
    pure("hash", kHashNumber, "hash-function"),
    pure("hash_combine", RD_LIST(gives(Long, RD_LIST(times(2, Parameter::kMany, scalar("source"))))),
         "hash-combine-function"),
    pure("hash_many", RD_LIST(gives(Long, RD_LIST(one_or_more(not_dynamic("source"))))),
         "hash-many-function"),
    pure("hash_md5", kHashText, "hash-md5-function"),
    pure("hash_sha1", kHashText, "hash-sha1-function"),
    pure("hash_sha256", kHashText, "hash-sha256-function"),
    pure("hash_xxhash64", kHashNumber, "hash-xxhash64-function"),
};

}  // namespace

std::span<const Function> hash_functions() { return kRows; }

}  // namespace redoubt::kql::detail
