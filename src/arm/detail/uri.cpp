#include "arm/detail/uri.h"

#include "arm/detail/digits.h"

namespace redoubt::arm::detail {
namespace {

bool is_scheme(std::string_view text) {
  if (text.empty() || !((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z')))
    return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") ==
         std::string_view::npos;
}

/// What stands after the first `delimiter`, taken off `text`.
std::optional<std::string> cut_after(std::string_view& text, char delimiter) {
  const std::size_t at = text.find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  std::string after(text.substr(at + 1));
  text = text.substr(0, at);
  return after;
}

/// Takes the last segment and its slash off.
void drop_segment(std::string& path) {
  path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
}

// RFC 3986, section 5.2.4.
std::string remove_dot_segments(std::string_view in) {
  std::string out;
  while (!in.empty()) {
    if (in.starts_with("../")) {
      in.remove_prefix(3);
    } else if (in.starts_with("./") || in.starts_with("/./")) {
      in.remove_prefix(2);
    } else if (in == "/.") {
      in = "/";
    } else if (in.starts_with("/../")) {
      in.remove_prefix(3);
      drop_segment(out);
    } else if (in == "/..") {
      in = "/";
      drop_segment(out);
    } else if (in == "." || in == "..") {
      in = {};
    } else {
      const std::size_t end = in.find('/', 1);
      out.append(in.substr(0, end));
      in = end == std::string_view::npos ? std::string_view() : in.substr(end);
    }
  }
  return out;
}

// RFC 3986, section 5.2.3.
std::string merged_path(const Uri& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  const std::size_t slash = base.path.rfind('/');
  return slash == std::string::npos ? path : base.path.substr(0, slash + 1) + path;
}

}  // namespace

std::string Uri::text() const {
  std::string out;
  if (scheme) out.append(*scheme).append(":");
  if (authority) out.append("//").append(*authority);
  out += path;
  if (query) out.append("?").append(*query);
  if (fragment) out.append("#").append(*fragment);
  return out;
}

Uri split_uri(std::string_view text) {
  Uri uri;
  uri.fragment = cut_after(text, '#');
  uri.query = cut_after(text, '?');
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    uri.authority = text.substr(0, text.find('/'));
    text.remove_prefix(uri.authority->size());
  }
  uri.path = text;
  return uri;
}

Uri resolve_uri(const Uri& base, const Uri& reference) {
  Uri out = reference;
  if (!reference.scheme) {
    out.scheme = base.scheme;
    if (!reference.authority) {
      out.authority = base.authority;
      if (reference.path.empty()) {
        out.path = base.path;
        if (!reference.query) out.query = base.query;
        return out;
      }
      if (!reference.path.starts_with('/')) out.path = merged_path(base, reference.path);
    }
  }
  out.path = remove_dot_segments(out.path);
  return out;
}

std::optional<HostPort> split_authority(std::string_view authority) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  const std::size_t colon = authority.rfind(':');
  const bool in_brackets = authority.starts_with('[') && authority.ends_with(']');
  if (colon == std::string_view::npos || in_brackets) return HostPort{std::string(authority), {}};
  const std::string_view digits = authority.substr(colon + 1);
  HostPort out{std::string(authority.substr(0, colon)), {}};
  if (digits.empty()) return out;
  out.port = digits_value(digits);
  if (!out.port || *out.port > 65'535) return std::nullopt;
  return out;
}

}  // namespace redoubt::arm::detail
