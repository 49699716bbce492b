#include <algorithm>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

std::string array_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    append_json_of_text(out, text);
  }
  return out + "]";
}

/// The first record; quotes hold commas, line breaks and doubled quotes (RFC 4180).
Result<Value> parse_csv(const Call& call) {
  const std::string text = call.text(0);
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        fields.back() += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        fields.back() += text[i++];
      else
        quoted = false;
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n' || c == '\r') {
      break;
    } else {
      fields.back() += c;
    }
  }
  return dynamic_result(call, array_of(fields));
}

/// Up to four numbers of at most eight digits, each of which takes eight digits of a decimal.
Result<Value> parse_version(const Call& call) {
  static constexpr std::size_t kDigits = 8;
  const std::string text = call.text(0);
  const std::vector<std::string_view> parts = redoubt::split(text, '.');
  if (parts.size() > 4) return Value::null(Type::Decimal);
  std::string digits;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view part = i < parts.size() ? parts[i] : "0";
    if (part.empty() || part.size() > kDigits || !std::all_of(part.begin(), part.end(), is_digit))
      return Value::null(Type::Decimal);
    digits += std::string(kDigits - part.size(), '0') + std::string(part);
  }
  const std::optional<Decimal> out = Decimal::read(digits);
  return out ? Value::of_decimal(*out) : Value::null(Type::Decimal);
}

/// Source: "parse_path()": Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension,
/// AlternateDataStreamName.
Result<Value> parse_path(const Call& call) {
  const std::string text = call.text(0);
  std::string_view path = text;
  std::string_view scheme;
  if (const std::size_t mark = path.find("://"); mark != std::string_view::npos) {
    scheme = path.substr(0, mark);
    path.remove_prefix(mark + 3);
  }
  std::string_view root;
  const bool drive = path.size() > 1 && is_letter(path[0]) && path[1] == ':';
  if (drive) root = path.substr(0, path.size() > 2 && (path[2] == '\\' || path[2] == '/') ? 3 : 2);
  std::string_view stream;
  if (const std::size_t colon = path.find(':', drive ? 2 : 0); colon != std::string_view::npos) {
    stream = path.substr(colon + 1);
    path = path.substr(0, colon);
  }
  const std::size_t slash = path.find_last_of("\\/");
  const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::string_view directory =
      slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  const std::size_t name = directory.find_last_of("\\/:");
  const std::size_t point = file.rfind('.');
  const std::pair<std::string_view, std::string_view> parts[] = {
      {"Scheme", scheme},
      {"RootPath", root},
      {"DirectoryPath", directory},
      {"DirectoryName", name == std::string_view::npos ? directory : directory.substr(name + 1)},
      {"Filename", file},
      {"Extension", point == std::string_view::npos ? std::string_view() : file.substr(point + 1)},
      {"AlternateDataStreamName", stream}};
  std::string out;
  for (const auto& [key, part] : parts)
    out += (out.empty() ? "{" : ",") + json_of_text(key) + ":" + json_of_text(part);
  return dynamic_result(call, out + "}");
}

/// One argument of a Windows command line, taken off the front: a quote opens and closes, 2n backslashes in
/// front of one are n, one more makes the quote a character (CommandLineToArgvW).
std::string take_argument(std::string_view& rest) {
  std::string out;
  bool quoted = false;
  while (!rest.empty() && (quoted || (rest.front() != ' ' && rest.front() != '\t'))) {
    const std::size_t slashes = std::min(rest.find_first_not_of('\\'), rest.size());
    rest.remove_prefix(slashes);
    const bool quote = rest.starts_with('"');
    out.append(quote ? slashes / 2 : slashes, '\\');
    if (quote && slashes % 2 == 1) {
      out += '"';
    } else if (quote) {
      quoted = !quoted;
    } else if (slashes == 0) {
      out += rest.front();
    }
    if (quote || slashes == 0) rest.remove_prefix(1);
  }
  return out;
}

Result<Value> parse_command_line(const Call& call) {
  if (call.text(1) != "windows" && call.text(1) != "Windows") return refused(call, call.text(1));
  const std::string text = call.text(0);
  std::string_view rest = redoubt::trim(text);
  if (rest.empty()) return Value::null(Type::Dynamic);
  std::vector<std::string> arguments;
  while (!rest.empty()) {
    arguments.push_back(take_argument(rest));
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  }
  return dynamic_result(call, array_of(arguments));
}

constexpr EvaluationRow kRows[] = {{"parse_command_line", parse_command_line, 2, 2},
                                   {"parse_csv", parse_csv},
                                   {"parse_path", parse_path},
                                   {"parse_version", parse_version}};

}  // namespace

EvaluationRows parsing_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
