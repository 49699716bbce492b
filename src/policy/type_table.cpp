#include "policy/type_table.h"

#include <vector>

#include "core/text.h"

namespace redoubt::policy {

Result<TypeTable> TypeTable::open(std::string_view bytes) {
  TypeTable table;
  table.records_ = RD_TRY(detail::RecordTable::open(bytes, 'T'));
  return table;
}

bool TypeTable::read(detail::RecordCursor& cursor, TypeEntry& entry) const {
  if (!cursor.next(entry.name)) return false;
  detail::RecordReader& reader = cursor.reader();
  const std::uint8_t flags = reader.byte();
  entry.tags = (flags & 1) != 0;
  entry.location = (flags & 2) != 0;
  entry.scopes = static_cast<std::uint8_t>(reader.number());
  entry.api_version = records_.text(reader.number());
  return !reader.failed();
}

std::optional<TypeEntry> TypeTable::find(std::string_view type) const {
  detail::RecordCursor cursor = records_.cursor(type);
  TypeEntry entry;
  while (read(cursor, entry)) {
    const int order = detail::compare_any_case(entry.name, type);
    if (order == 0) return entry;
    if (order > 0) break;
  }
  return std::nullopt;
}

void TypeTable::for_each(std::string_view prefix, const std::function<bool(const TypeEntry&)>& visit) const {
  detail::RecordCursor cursor = records_.cursor(prefix);
  TypeEntry entry;
  while (read(cursor, entry)) {
    if (starts_with_any_case(entry.name, prefix)) {
      if (!visit(entry)) return;
    } else if (detail::compare_any_case(entry.name, prefix) > 0) {
      return;
    }
  }
}

std::optional<std::string> TypeTable::closest_name(std::string_view type) const {
  std::vector<std::string> names;
  for_each({}, [&](const TypeEntry& entry) {
    names.push_back(entry.name);
    return true;
  });
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::optional<std::string_view> found = closest(type, candidates);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

}  // namespace redoubt::policy
