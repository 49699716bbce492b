#include "arm/detail/value_key.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/hash.h"

namespace redoubt::arm::detail {

using doc::Kind;
using doc::Value;

namespace {

constexpr std::size_t kLongestPlainKey = 64;

void append_text_key(std::string& key, std::string_view text) {
  if (text.size() > kLongestPlainKey) {
    key.append("h").append(sha256_hex(text).substr(0, 32));
    return;
  }
  key.append("s").append(std::to_string(text.size())).append(":").append(text);
}

std::string container_key(const Value& value) {
  std::string key;
  if (value.is_array()) {
    key += '[';
    for (const Value& item : value.items())
      append_key(key, item);
    return key += ']';
  }
  std::vector<const doc::Member*> members;
  for (const doc::Member& member : value.members())
    members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const doc::Member* left, const doc::Member* right) { return left->name < right->name; });
  key += '{';
  for (const doc::Member* member : members) {
    append_text_key(key, member->name);
    append_key(key, member->value);
  }
  return key += '}';
}

}  // namespace

void append_key(std::string& key, const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      key += 'n';
      return;
    case Kind::Bool:
      key += value.as_bool() ? 't' : 'f';
      return;
    case Kind::Int:
      key.append("i").append(std::to_string(value.as_int())).append(";");
      return;
    case Kind::Real: {
      const double real = value.as_real();
      key.append("r").append(reinterpret_cast<const char*>(&real), sizeof real);
      return;
    }
    case Kind::String:
      append_text_key(key, value.as_string());
      return;
    case Kind::Unknown:
      key.append("#").append(std::to_string(value.unknown_id())).append(";");
      return;
    case Kind::Array:
    case Kind::Object: {
      const std::string whole = container_key(value);
      if (whole.size() > kLongestPlainKey)
        key.append("H").append(sha256_hex(whole).substr(0, 32));
      else
        key += whole;
      return;
    }
  }
}

}  // namespace redoubt::arm::detail
