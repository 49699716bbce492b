#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/text.h"
#include "policy/alias_table.h"
#include "policy/type_table.h"

// Tables of any bytes: what is read stays within the bounds of text, nothing is visited twice, and what
// find() gives has the name that was asked for. The first byte says what the rest is: a whole table of
// aliases (0), of types (1), or the records of one block, which are put below a sound header (2, 3).

namespace {

using namespace redoubt;

constexpr std::size_t kMaxText = policy::detail::RecordTable::kMaxText;

std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * i));
  return out;
}

/// One block of as many records as there are bytes, and a pool of two words.
std::string below_header(char kind, std::string_view records) {
  const auto size = static_cast<std::uint32_t>(records.size());
  std::string out = std::string("RDTB") + kind + little_endian(1, 1) + little_endian(0xFFFF, 2);
  for (const std::uint32_t value : {size, size == 0 ? 0U : 1U, 2U, 8U, size, 0U})
    out += little_endian(value, 4);
  if (size != 0) out += little_endian(0, 4);
  return out + little_endian(0, 4) + little_endian(4, 4) + little_endian(8, 4) + ".a[*" + "].b/" +
         std::string(records);
}

void check_aliases(std::string_view bytes) {
  const Result<policy::AliasTable> table = policy::AliasTable::open(bytes);
  if (!table) return;
  std::size_t visited = 0;
  table->for_each({}, [&](const policy::AliasEntry& entry) {
    RD_CHECK(entry.name.size() <= kMaxText && entry.path.size() <= 2 * kMaxText);
    for (const policy::AliasPath& variant : entry.variants)
      RD_CHECK(variant.path.size() <= bytes.size());
    const std::optional<policy::AliasEntry> found = ++visited < 64 ? table->find(entry.name) : std::nullopt;
    if (found) RD_CHECK(equal_any_case(found->name, entry.name));
    return true;
  });
  RD_CHECK(visited <= table->size());
}

void check_types(std::string_view bytes) {
  const Result<policy::TypeTable> table = policy::TypeTable::open(bytes);
  if (!table) return;
  std::size_t visited = 0;
  table->for_each({}, [&](const policy::TypeEntry& entry) {
    RD_CHECK(entry.name.size() <= kMaxText && entry.api_version.size() <= bytes.size());
    const std::optional<policy::TypeEntry> found = ++visited < 64 ? table->find(entry.name) : std::nullopt;
    if (found) RD_CHECK(equal_any_case(found->name, entry.name));
    return true;
  });
  RD_CHECK(visited <= table->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 0xFFFF) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] & 3) {
    case 0:
      check_aliases(rest);
      break;
    case 1:
      check_types(rest);
      break;
    case 2:
      check_aliases(below_header('A', rest));
      break;
    default:
      check_types(below_header('T', rest));
      break;
  }
  return 0;
}
