#include "kql/detail/characters.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

template <bool component>
Result<Value> url_encode(const Call& call) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : call.text(0)) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_letter(c) || is_digit(c) || std::string_view("-_.!*()").find(c) != std::string_view::npos)
      out += c;
    else if (c == ' ' && !component)
      out += '+';
    else
      out.append(1, '%').append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
  }
  return text_result(call, std::move(out));
}

int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

Result<Value> url_decode(const Call& call) {
  const std::string text = call.text(0);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex_digit(text[i + 1]) && is_hex_digit(text[i + 2])) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return Value::of_string(std::move(out));
}

/// `a=1&b=2` as a bag of texts.
std::string query_bag(std::string_view query) {
  std::string out = "{";
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equal = pair.find('=');
    if (out.size() > 1) out += ',';
    append_json_of_text(out, pair.substr(0, equal));
    out += ':';
    append_json_of_text(out, equal == std::string_view::npos ? std::string_view() : pair.substr(equal + 1));
  }
  return out + "}";
}

Result<Value> parse_urlquery(const Call& call) {
  std::string_view query;
  const std::string text = call.text(0);
  query = text;
  if (query.starts_with('?')) query.remove_prefix(1);
  return dynamic_result(call, R"({"Query Parameters":)" + query_bag(query) + "}");
}

/// What stands in front of a mark, which is taken off with it; nothing where there is no mark.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view front = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return front;
}

/// What stands behind a mark, which is taken off with it.
std::string_view take_behind(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view back = text.substr(at + 1);
  text = text.substr(0, at);
  return back;
}

/// Source: "parse_url()"
Result<Value> parse_url(const Call& call) {
  const std::string text = call.text(0);
  std::string_view rest = text;
  const std::string_view fragment = take_behind(rest, '#');
  const std::string_view query = take_behind(rest, '?');
  const std::optional<std::string_view> scheme = take_until(rest, "://");
  std::string_view path = rest;
  std::string_view authority;
  if (scheme) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    authority = rest.substr(0, slash);
    path = rest.substr(slash);
  }
  std::string_view user = take_until(authority, "@").value_or(std::string_view());
  const std::string_view password = take_behind(user, ':');
  std::string_view host = authority;
  std::string_view port;
  const std::size_t bracket = host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0;
  if (const std::size_t colon = host.find(':', bracket); colon != std::string_view::npos) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  const std::pair<std::string_view, std::string_view> parts[] = {
      {"Scheme", scheme.value_or(std::string_view())},
      {"Host", host},
      {"Port", port},
      {"Path", path},
      {"Username", user},
      {"Password", password}};
  std::string out = "{";
  for (const auto& [name, part] : parts)
    out += json_of_text(name) + ":" + json_of_text(part) + ",";
  out += R"("Query Parameters":)" + query_bag(query) + R"(,"Fragment":)" + json_of_text(fragment) + "}";
  return dynamic_result(call, std::move(out));
}

constexpr EvaluationRow kRows[] = {{"parse_url", parse_url},
                                   {"parse_urlquery", parse_urlquery},
                                   {"url_decode", url_decode},
                                   {"url_encode", url_encode<false>},
                                   {"url_encode_component", url_encode<true>}};

}  // namespace

EvaluationRows url_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
