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

/// First bytes, `?` for any one; `ending`: that of its name, where it has one.
struct KnownForm {
  std::string_view magic;
  std::string_view ending;
  OtherForm form;
  bool may_be_text = false;  ///< unless there is a NUL
};
constexpr KnownForm kOtherForms[] = {
    {"PK\x03\x04", ".xlsx", {"an Excel workbook", "save its sheet as CSV UTF-8"}},
    {"PK\x03\x04", "", {"a zip archive", "unpack it: unzip FILE"}},
    {"BZh?1AY&SY", "", {"packed with bzip2", "unpack it: bunzip2 -k FILE"}},
    {"\x28\xb5\x2f\xfd", "", {"packed with zstd", "unpack it: zstd -d FILE"}},
    {{"\xfd"
      "7zXZ\0",
      6},
     "",
     {"packed with xz", "unpack it: unxz -k FILE"}},
    {"7z\xbc\xaf\x27\x1c", "", {"a 7z archive", "unpack it: 7z x FILE"}},
    {{"ElfFile\0", 8},
     "",
     {"a Windows event log (.evtx)",
      "export it, on Windows: Get-WinEvent -Path FILE | Export-Csv NEW.csv; or with a reader of evtx that "
      "writes JSON Lines"}},
    {"Obj\x01",
     "",
     {"Avro", "write it as JSON Lines: avro-tools tojson FILE; or let Event Hubs capture Parquet"}},
    {"ORC", "", {"ORC", "write it as Parquet"}, true},
    {{"SQLite format 3\0", 16},
     "",
     {"a SQLite database", "write a table as CSV: sqlite3 -csv -header FILE 'SELECT * FROM TABLE'"}},
    {"%PDF-", "", {"a PDF", "export the rows themselves, as CSV or JSON"}}};

bool begins_with(std::string_view front, std::string_view magic) {
  return front.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), front.begin(),
                    [](char wanted, char there) { return wanted == '?' || wanted == there; });
}

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

const OtherForm* other_form_of(std::string_view path, std::string_view front) {
  const auto* const found = std::ranges::find_if(kOtherForms, [&](const KnownForm& one) {
    return begins_with(front, one.magic) && ends_with_any_case(path, one.ending) &&
           (!one.may_be_text || front.find('\0') != std::string_view::npos);
  });
  return found == std::end(kOtherForms) ? nullptr : &found->form;
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
