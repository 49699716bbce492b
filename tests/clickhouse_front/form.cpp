#include "form.h"

#include <cstdlib>

#include "core/text.h"

namespace redoubt::front {

namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    out += static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
    i += 2;
  }
  return out;
}

/// `name="x"` of a field.
std::string parameter(std::string_view head, std::string_view name) {
  const std::string key = " " + std::string(name) + "=\"";
  const std::size_t at = head.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + key.size());
  return std::string(rest.substr(0, rest.find('"')));
}

void read_part(std::string_view part, Form& out) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::size_t end = part.find(kEnd);
  if (end == std::string_view::npos) return;
  const std::string_view head = part.substr(0, end);
  const std::string name = parameter(head, "name");
  std::string value(part.substr(end + kEnd.size()));
  if (parameter(head, "filename").empty())
    out.fields.emplace_back(name, std::move(value));
  else
    out.files.push_back({name, std::move(value)});
}

}  // namespace

Fields read_url_query(std::string_view target) {
  Fields out;
  const std::size_t begin = target.find('?');
  if (begin == std::string_view::npos) return out;
  for (const std::string_view one : split(target.substr(begin + 1), '&')) {
    const std::size_t sign = one.find('=');
    const std::string_view value = sign == std::string_view::npos ? "" : one.substr(sign + 1);
    out.emplace_back(decoded(one.substr(0, sign)), decoded(value));
  }
  return out;
}

Form read_form(std::string_view body, std::string_view boundary) {
  Form out;
  const std::string line = "--" + std::string(boundary);
  std::size_t at = body.find(line);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + line.size();
    if (body.substr(begin).starts_with("--")) break;
    const std::size_t end = body.find("\r\n" + line, begin);
    if (end == std::string_view::npos) break;
    read_part(body.substr(begin, end - begin), out);
    at = end + 2;
  }
  return out;
}

}  // namespace redoubt::front
