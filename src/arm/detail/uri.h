#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace redoubt::arm::detail {

/// The five components of RFC 3986, section 3, as they stand in the text, without their delimiters.
struct Uri {
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;

  std::string text() const;
};

Uri split_uri(std::string_view text);

/// RFC 3986, section 5.2. `base` has a scheme.
Uri resolve_uri(const Uri& base, const Uri& reference);

/// Host and port of an authority without user information; the port is absent when it is not given.
/// Nothing when the port is not a number up to 65535.
struct HostPort {
  std::string host;
  std::optional<int> port;
};
std::optional<HostPort> split_authority(std::string_view authority);

}  // namespace redoubt::arm::detail
