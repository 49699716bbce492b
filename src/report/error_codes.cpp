#include "report/error_codes.h"

#include <map>
#include <vector>

#include "core/text.h"

extern const char error_codes_begin[];
extern const char error_codes_end[];

namespace redoubt::report {

namespace {

using Codes = std::map<std::string, ErrorCode, std::less<>>;

struct Mark {
  std::string_view text;
  Severity severity;
};
constexpr Mark kMarks[] = {{"a hint:", Severity::Hint},
                           {"hint:", Severity::Hint},
                           {"a warning:", Severity::Warning},
                           {"warning:", Severity::Warning}};

/// Begins with a capital, ends with a full stop; a row has neither.
std::string sentence(std::string_view text) {
  std::string out(trim(text));
  if (out.empty()) return out;
  if (out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - ('a' - 'A'));
  if (!out.ends_with('.')) out += '.';
  return out;
}

/// `| code | meaning | remedy |`; a bar inside is written \\|.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> out(1);
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] == '|' && line[at - 1] != '\\')
      out.emplace_back();
    else if (line[at] != '\\' || at + 1 == line.size() || line[at + 1] != '|')
      out.back() += line[at];
  }
  return out;
}

Codes read_codes() {
  Codes out;
  const std::string_view page(error_codes_begin,
                              static_cast<std::size_t>(error_codes_end - error_codes_begin));
  for (const std::string_view line : split(page, '\n')) {
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() < 3) continue;
    ErrorCode code{.code = replace_all(trim(cells[0]), "`", "")};
    std::string_view meaning = trim(cells[1]);
    for (const Mark& mark : kMarks)
      if (meaning.starts_with(mark.text)) {
        code.severity = mark.severity;
        meaning = trim(meaning.substr(mark.text.size()));
        break;
      }
    code.meaning = sentence(meaning);
    code.remedy = sentence(cells[2]);
    std::string key = code.code;
    out.emplace(std::move(key), std::move(code));
  }
  return out;
}

const Codes& codes() {
  static const Codes all = read_codes();
  return all;
}

}  // namespace

const ErrorCode* find_error_code(std::string_view code) {
  const auto found = codes().find(code);
  return found == codes().end() ? nullptr : &found->second;
}

std::string_view closest_error_code(std::string_view code) {
  std::vector<std::string_view> names;
  for (const auto& [name, row] : codes())
    names.push_back(name);
  return closest(code, names).value_or(std::string_view());
}

}  // namespace redoubt::report
