#include "query/detail/keys.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/text.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;

void append_bytes(std::string& key, const void* bytes, std::size_t size) {
  key.append(static_cast<const char*>(bytes), size);
}

void append_text(std::string& key, std::string_view text) {
  const std::uint64_t size = text.size();
  append_bytes(key, &size, sizeof size);
  key += text;
}

}  // namespace

void append_key(std::string& key, const kql::Value& value) {
  if (value.is_null()) {
    key += '\0';
    return;
  }
  const Type type = value.is(Type::Int) ? Type::Long : value.type();
  key += static_cast<char>(1 + static_cast<int>(type));
  switch (type) {
    case Type::String:
      return append_text(key, value.as_string());
    case Type::Dynamic:
      return append_text(key, value.json());
    case Type::Decimal:
      return append_text(key, value.as_decimal().text());
    case Type::Guid:
      return append_bytes(key, value.as_guid().bytes.data(), value.as_guid().bytes.size());
    case Type::Real: {
      const double real = value.as_real();
      const double one = std::isnan(real) ? std::nan("") : real == 0 ? 0.0 : real;
      return append_bytes(key, &one, sizeof one);
    }
    case Type::Bool:
      key += value.as_bool() ? '\1' : '\0';
      return;
    default: {
      const std::int64_t number = value.as_long();
      append_bytes(key, &number, sizeof number);
    }
  }
}

std::string list_key(const kql::Value& value, bool any_case) {
  if (value.is_null()) return {};
  if (any_case) return "t" + unicode_upper(kql::to_text(value));
  std::string key;
  append_key(key, value);
  return key;
}

}  // namespace redoubt::query::detail
