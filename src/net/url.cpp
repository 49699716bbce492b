#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace redoubt::net {

namespace {

tl::unexpected<Error> no_url(std::string_view why) {
  return fail(Error::Kind::Usage, "NET0001", fmt::format("the URL can't be used: {}", why), {},
              "write it as https://host/path");
}

/// Host and port out of `host`, `host:port`, `[::1]:port`.
Result<void> read_authority(std::string_view text, Url& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return no_url("a bracket is not closed");
    url.host = lower(text.substr(1, close - 1));
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    url.host = lower(text.substr(0, colon));
    port = text.substr(colon);
  }
  if (url.host.empty()) return no_url("it has no host");
  url.port = url.secure ? 443 : 80;
  if (port.empty()) return {};
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (error != std::errc() || end != port.data() + port.size() || url.port == 0)
    return no_url("its port is none");
  return {};
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  if (port != (secure ? 443 : 80)) out += fmt::format(":{}", port);
  return out;
}

std::string Url::text() const {
  return fmt::format("{}://{}{}", secure ? "https" : "http", authority(), target);
}

bool Url::is_local() const { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

Result<Url> parse_url(std::string_view text) {
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable) return no_url("it holds a space or a character that must be encoded");
  Url url;
  if (starts_with_any_case(text, "https://")) {
    text.remove_prefix(8);
  } else if (starts_with_any_case(text, "http://")) {
    url.secure = false;
    text.remove_prefix(7);
  } else {
    return no_url("it does not begin with https://");
  }
  text = text.substr(0, text.find('#'));
  const std::size_t slash = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return no_url("it holds a user name");
  RD_TRY(read_authority(authority, url));
  url.target = text.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

Result<Url> resolve(const Url& base, std::string_view location) {
  if (location.starts_with("//"))
    return parse_url((base.secure ? "https:" : "http:") + std::string(location));
  if (!location.starts_with('/')) return parse_url(location);
  Url target = base;
  target.target = std::string();
  return parse_url(target.text() + std::string(location));
}

}  // namespace redoubt::net
