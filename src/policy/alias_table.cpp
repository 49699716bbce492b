#include "policy/alias_table.h"

#include "core/text.h"
#include "policy/alias_name.h"

namespace redoubt::policy {

namespace {

// The tag byte of a record, as content/azure/generate.py describes it.
constexpr std::uint8_t kFormMask = 3;
constexpr std::uint8_t kBelowProperties = 0;
constexpr std::uint8_t kShortName = 1;
constexpr std::uint8_t kEndsAndLiteral = 3;
constexpr unsigned kModifiableShift = 2;
constexpr std::uint8_t kVariantsFollow = 1 << 4;
constexpr unsigned kProvenanceShift = 5;
constexpr std::uint32_t kMaxVariants = 64;
constexpr std::uint32_t kMaxVersions = 1024;

Modifiable modifiable(std::uint32_t value) {
  return value > static_cast<std::uint32_t>(Modifiable::Yes) ? Modifiable::NotKnown
                                                             : static_cast<Modifiable>(value);
}

}  // namespace

Result<AliasTable> AliasTable::open(std::string_view bytes) {
  AliasTable table;
  table.records_ = RD_TRY(detail::RecordTable::open(bytes, 'A'));
  return table;
}

bool AliasTable::read_path(detail::RecordReader& reader, std::uint8_t form, AliasEntry& entry) const {
  const std::string_view short_name = split_alias(entry.name).short_name;
  if (form == kBelowProperties || form == kShortName) {
    entry.path = form == kBelowProperties ? "properties." : "";
    entry.path += short_name;
    return true;
  }
  const std::uint32_t head = reader.number();
  const std::uint32_t tail = reader.number();
  const std::string_view literal =
      form == kEndsAndLiteral ? reader.bytes(reader.number()) : std::string_view{};
  if (reader.failed() || head > entry.path.size() || tail > short_name.size()) return false;
  entry.path.resize(head);
  if (!records_.unpack(literal, entry.path)) return false;
  entry.path += short_name.substr(short_name.size() - tail);
  return true;
}

AliasPath AliasTable::read_variant(detail::RecordReader& reader) const {
  AliasPath variant;
  if (const std::uint32_t type = reader.number(); type != 0) variant.resource_type = records_.text(type - 1);
  variant.path = reader.bytes(reader.number());
  variant.modifiable = modifiable(reader.number());
  const std::uint32_t versions = reader.number();
  if (versions > kMaxVersions) reader.fail();
  for (std::uint32_t i = 0; i < versions && !reader.failed(); ++i)
    variant.api_versions.emplace_back(records_.text(reader.number()));
  if (const std::uint32_t phrase = reader.number(); phrase != 0)
    variant.pattern =
        AliasPattern{std::string(records_.text(phrase - 1)), std::string(records_.text(reader.number()))};
  return variant;
}

void AliasTable::read_variants(detail::RecordReader& reader, AliasEntry& entry) const {
  const std::uint32_t count = reader.number();
  if (count > kMaxVariants) reader.fail();
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i)
    entry.variants.push_back(read_variant(reader));
}

/// `entry` holds the record before: its name and path are what this one's are coded against.
bool AliasTable::read(detail::RecordCursor& cursor, AliasEntry& entry) const {
  if (!cursor.next(entry.name)) return false;
  if (cursor.at_block_start()) entry.path.clear();
  detail::RecordReader& reader = cursor.reader();
  const std::uint8_t tag = reader.byte();
  if (!read_path(reader, tag & kFormMask, entry)) return false;
  entry.modifiable = modifiable((tag >> kModifiableShift) & 3U);
  entry.provenance = static_cast<Provenance>((tag >> kProvenanceShift) & 3U);
  entry.variants.clear();
  if ((tag & kVariantsFollow) != 0) read_variants(reader, entry);
  return !reader.failed();
}

std::optional<AliasEntry> AliasTable::find(std::string_view alias) const {
  detail::RecordCursor cursor = records_.cursor(alias);
  AliasEntry entry;
  while (read(cursor, entry)) {
    const int order = detail::compare_any_case(entry.name, alias);
    if (order == 0) return entry;
    if (order > 0) break;
  }
  return std::nullopt;
}

void AliasTable::for_each(std::string_view prefix,
                          const std::function<bool(const AliasEntry&)>& visit) const {
  detail::RecordCursor cursor = records_.cursor(prefix);
  AliasEntry entry;
  while (read(cursor, entry)) {
    if (starts_with_any_case(entry.name, prefix)) {
      if (!visit(entry)) return;
    } else if (detail::compare_any_case(entry.name, prefix) > 0) {
      return;
    }
  }
}

}  // namespace redoubt::policy
