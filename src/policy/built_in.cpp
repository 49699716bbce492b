#include "policy/built_in.h"

#include <utility>

extern "C" {
extern const char azure_aliases_begin[];
extern const char azure_aliases_end[];
extern const char azure_types_begin[];
extern const char azure_types_end[];
}

namespace redoubt::policy {

namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

template <class Table>
Table opened(std::string_view bytes) {
  Result<Table> table = Table::open(bytes);
  RD_CHECK(table.has_value());
  return *std::move(table);
}

}  // namespace

AliasTable built_in_aliases() { return opened<AliasTable>(between(azure_aliases_begin, azure_aliases_end)); }

TypeTable built_in_types() { return opened<TypeTable>(between(azure_types_begin, azure_types_end)); }

}  // namespace redoubt::policy
