#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::net {

/// An http or https URL in its parts.
struct Url {
  bool secure = true;
  std::string host;  ///< lower case; IPv6 addresses without brackets
  std::uint16_t port = 443;
  std::string target;  ///< path and query, begins with `/`

  std::string text() const;
  /// As the Host field wants it: brackets for IPv6, the port where it is not the scheme's.
  std::string authority() const;
  bool is_local() const;  ///< localhost, 127.0.0.1 or ::1
};

/// NET0001 (Usage) for anything else: other schemes, user names, spaces and control characters.
Result<Url> parse_url(std::string_view text);

/// Where a redirect from `base` leads: an absolute URL, or one relative to the host (`/path`) or the scheme
/// (`//host/path`). NET0001 for other forms.
Result<Url> resolve(const Url& base, std::string_view location);

}  // namespace redoubt::net
