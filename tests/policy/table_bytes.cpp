#include "table_bytes.h"

#include <algorithm>

namespace redoubt::policy::testing {

namespace {

constexpr std::uint32_t kRecordsABlock = 2;

std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * i));
  return out;
}

std::uint32_t size_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

}  // namespace

std::string numbers(std::initializer_list<std::uint32_t> values) {
  std::string out;
  for (std::uint32_t value : values) {
    for (; value >= 128; value >>= 7)
      out += static_cast<char>((value & 127) | 128);
    out += static_cast<char>(value);
  }
  return out;
}

std::uint32_t TableBytes::text(std::string_view text) {
  const auto at = std::find(pool_.begin(), pool_.end(), text);
  const auto number = static_cast<std::uint32_t>(at - pool_.begin());
  if (at == pool_.end()) pool_.emplace_back(text);
  return number;
}

TableBytes& TableBytes::record(std::string_view name, std::string_view payload) {
  std::size_t shared = 0;
  if (count_ % kRecordsABlock != 0)
    while (shared < std::min(before_.size(), name.size()) && before_[shared] == name[shared])
      ++shared;
  before_ = name;
  return raw_record(static_cast<std::uint32_t>(shared), name.substr(shared), payload);
}

TableBytes& TableBytes::raw_record(std::uint32_t shared, std::string_view rest, std::string_view payload) {
  if (count_++ % kRecordsABlock == 0) blocks_.push_back(size_of(records_));
  records_ += numbers({shared, size_of(rest)}) + std::string(rest) + std::string(payload);
  return *this;
}

std::string TableBytes::bytes() const {
  std::string offsets = little_endian(0, 4);
  std::string texts;
  for (const std::string& text : pool_) {
    texts += text;
    offsets += little_endian(size_of(texts), 4);
  }
  std::string out = std::string("RDTB") + kind_ + little_endian(1, 1) + little_endian(kRecordsABlock, 2);
  for (const std::uint32_t value :
       {count_, static_cast<std::uint32_t>(blocks_.size()), static_cast<std::uint32_t>(pool_.size()),
        size_of(texts), size_of(records_), 0U})
    out += little_endian(value, 4);
  for (const std::uint32_t block : blocks_)
    out += little_endian(block, 4);
  return out + offsets + texts + records_;
}

std::string small_alias_table() {
  constexpr std::uint32_t kNo = 1 << 2;
  constexpr std::uint32_t kYes = 2 << 2;
  constexpr std::uint32_t kVariants = 1 << 4;
  TableBytes table('A');
  table.text("Enabled");  // the word 0x80
  const std::uint32_t old_version = table.text("2020-01-01");
  const std::uint32_t new_version = table.text("2021-01-01");
  const std::string variants = numbers({1, 0, 3}) + "old" + numbers({1, 2, old_version, new_version, 0});
  table.record("Contoso.Shop/Carts/limit", numbers({kNo}));
  table.record("Contoso.Shop/carts/policy.mode", numbers({kYes | kVariants}) + variants);
  table.record("Contoso.Shop/carts/sku.name", numbers({1}));
  table.raw_record(19, "zone\x80", numbers({3, 3, 7, 1}) + ".");
  return table.bytes();
}

}  // namespace redoubt::policy::testing
