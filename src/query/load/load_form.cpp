#include <algorithm>
#include <array>
#include <map>

#include "core/text.h"
#include "query/detail/load_forms.h"

namespace redoubt::query::detail {

namespace {

constexpr LoadForm kJson{"JSON", read_json_table};
constexpr LoadForm kCsv{"CSV", read_csv_table};
constexpr LoadForm kTsv{"TSV", read_tsv_table};
constexpr LoadForm kSemicolons{"CSV with semicolons", read_semicolon_table};
constexpr LoadForm kText{"text", read_text_table};

struct Ending {
  std::string_view ending;
  LoadForm form;
};
constexpr Ending kEndings[] = {{".json", kJson}, {".jsonl", kJson}, {".ndjson", kJson}, {".tsv", kTsv},
                               {".tab", kTsv},   {".txt", kText},   {".log", kText},    {".syslog", kText}};

struct Delimiter {
  char character;
  LoadForm form;
};
constexpr std::array kDelimiters = {Delimiter{',', kCsv}, Delimiter{'\t', kTsv}, Delimiter{';', kSemicolons}};

/// An object, or a list of objects or lists: `[2024-01-31] text` is none.
bool looks_like_json(std::string_view front) {
  front = trim(front);
  if (front.starts_with('{')) return true;
  if (!front.starts_with('[')) return false;
  front = trim(front.substr(1));
  return front.starts_with('{') || front.starts_with('[') || front.starts_with(']');
}

std::string_view without_gz(std::string_view path) {
  if (ends_with_any_case(path, ".gz")) path.remove_suffix(3);
  return path;
}

const LoadForm* form_of_name(std::string_view path) {
  const auto* const found =
      std::ranges::find_if(kEndings, [&](const Ending& one) { return ends_with_any_case(path, one.ending); });
  return found == std::end(kEndings) ? nullptr : &found->form;
}

/// By what there is most of in the first line.
LoadForm by_delimiter(std::string_view front) {
  const std::string_view line = front.substr(0, front.find('\n'));
  const auto count = [&](const Delimiter& one) {
    return std::count(line.begin(), line.end(), one.character);
  };
  const auto* best = kDelimiters.begin();
  for (const auto* one = kDelimiters.begin(); one != kDelimiters.end(); ++one)
    if (count(*one) > count(*best)) best = one;
  return best->form;
}

}  // namespace

LoadForm form_of(std::string_view path, std::string_view front) {
  if (looks_like_json(front)) return kJson;
  const LoadForm* const named = form_of_name(without_gz(path));
  return named != nullptr ? *named : by_delimiter(front);
}

bool is_markup(std::string_view path, std::string_view front) {
  const LoadForm* const named = form_of_name(without_gz(path));
  if (named != nullptr && named->name == kText.name) return false;
  front = trim(front);
  if (front.size() < 2 || front.front() != '<') return false;
  const char next = lower(front.substr(1, 1)).front();  // `<34>` begins a line of syslog
  return next == '?' || next == '!' || next == '_' || (next >= 'a' && next <= 'z');
}

}  // namespace redoubt::query::detail
