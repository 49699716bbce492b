#include "query/external_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/text.h"
#include "files/delimited.h"
#include "query/detail/cell_text.h"
#include "query/detail/executor.h"
#include "query/load.h"

namespace redoubt::query {

namespace {

namespace fs = std::filesystem;

using kql::Value;

enum class FileForm : std::uint8_t { Delimited, Lines, Whole, Json };

struct Format {
  std::string_view name;
  FileForm reading;
  char delimiter = ',';
};
constexpr Format kFormats[] = {{"csv", FileForm::Delimited, ','},
                               {"tsv", FileForm::Delimited, '\t'},
                               {"tsve", FileForm::Delimited, '\t'},
                               {"psv", FileForm::Delimited, '|'},
                               {"scsv", FileForm::Delimited, ';'},
                               {"sohsv", FileForm::Delimited, '\x01'},
                               {"txt", FileForm::Lines},
                               {"raw", FileForm::Whole},
                               {"json", FileForm::Json},
                               {"multijson", FileForm::Json}};

/// Of these the ending of an address says what it is; of parquet and its like, that they are not read.
constexpr std::string_view kOtherFormats[] = {"avro", "apacheavro", "orc", "parquet", "w3clogfile"};

const Format* find_format(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const Format& one) { return equal_any_case(one.name, name); });
  return found == std::end(kFormats) ? nullptr : found;
}

std::optional<std::string_view> option(const kql::Relation& relation, std::string_view name) {
  for (const kql::Option& one : relation.options)
    if (equal_any_case(one.name, name)) return one.value;
  return std::nullopt;
}

std::string_view ending_of(std::string_view path) {
  if (ends_with_any_case(path, ".gz")) path.remove_suffix(3);
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos
             ? std::string_view()
             : path.substr(dot + 1);
}

Result<Format> format_of(const kql::Relation& relation, const std::string& path) {
  if (option(relation, "ingestionMapping")) return detail::unsupported("ingestionMapping of externaldata");
  if (ends_with_any_case(path, ".zip")) return detail::unsupported("externaldata of a zip archive");
  const std::optional<std::string_view> written = option(relation, "format");
  const std::string_view name = written ? *written : ending_of(path);
  if (const Format* const found = find_format(name)) return *found;
  if (written || is_one_of(lower(name), kOtherFormats))
    return detail::unsupported(fmt::format("externaldata of the format {}", name));
  return kFormats[0];
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// `%20` becomes a blank; a `%` that begins nothing stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : digit_of(text[i + 2]);
    out += low < 0 ? text[i] : static_cast<char>(high * 16 + low);
    if (low >= 0) i += 2;
  }
  return out;
}

bool is_plain_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

/// The rows of files, in the columns of the query.
class ExternalRows {
 public:
  explicit ExternalRows(const kql::Relation& relation)
      : relation_(relation),
        skip_first_(equal_any_case(option(relation, "ignoreFirstRecord").value_or(""), "true")) {
    cells_.resize(relation.columns.size());
  }

  Result<void> read(const std::string& path, const Format& format, std::uint64_t max_bytes) {
    if (format.reading == FileForm::Json) return read_json(path, max_bytes);
    const std::unique_ptr<files::TextInput> input =
        RD_TRY(files::TextInput::open(path, {.max_bytes = max_bytes}));
    if (format.reading == FileForm::Whole) return read_whole(*input);
    bool first = skip_first_;
    const files::TakeRecord take = [&](const files::Record& record) -> Result<void> {
      if (std::exchange(first, false)) return {};
      if (!record.mistake.empty())
        return fail(Error::Kind::InvalidInput, "QRY0020",
                    fmt::format("a record of externaldata can't be read: {}", record.mistake),
                    Where{path, static_cast<std::uint32_t>(record.line), 1, {}},
                    "correct the file, or name its format: with (format='txt')");
      add(record.fields);
      return {};
    };
    return format.reading == FileForm::Lines ? files::read_lines(*input, take)
                                             : files::read_delimited(*input, format.delimiter, take);
  }

  Table table() && { return {rows_, relation_.columns, std::move(cells_)}; }

 private:
  void add(std::span<const std::string_view> fields) {
    ++rows_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const kql::Type type = relation_.columns[i]->type;
      const std::string_view text = i < fields.size() ? fields[i] : std::string_view();
      std::optional<Value> value;
      if (!text.empty()) value = detail::value_of(type, detail::CellForm::Text, text);
      cells_[i].push_back(value ? std::move(*value) : Value::null(type));
    }
  }

  Result<void> read_whole(files::TextInput& input) {
    std::string text;
    for (;;) {
      const std::string_view piece = RD_TRY(input.next());
      if (piece.empty()) break;
      text += piece;
    }
    const std::string_view field = text;
    add({&field, 1});
    return {};
  }

  Result<void> read_json(const std::string& path, std::uint64_t max_bytes) {
    const std::string name = "externaldata";
    std::vector<std::pair<std::string, kql::Type>> columns;
    for (const kql::Column* column : relation_.columns)
      columns.emplace_back(column->name, column->type);
    kql::Schemas schemas;
    schemas.add_table(name, columns);
    LoadOptions options;
    options.schemas = &schemas;
    options.limits.max_bytes = max_bytes;
    TableLoader loader(std::move(options));
    RD_TRY(loader.add(name, path));
    MemoryTables made;
    const Reading<Loaded> loaded = loader.finish(made);
    for (const Diagnostic& one : loaded.diagnostics)
      if (one.code == "QRY0013")
        return fail(Error::Kind::InvalidInput, "QRY0020", one.message, one.where, "correct the file");
    const MemoryTables::Stored* const stored = made.stored(name);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::shared_ptr<const Cells> more = stored->column(i);
      cells_[i].insert(cells_[i].end(), more->begin(), more->end());
    }
    rows_ += stored->rows;
    return {};
  }

  const kql::Relation& relation_;
  bool skip_first_;
  std::vector<Cells> cells_;
  std::size_t rows_ = 0;
};

}  // namespace

std::optional<std::string> external_path(std::string_view address) {
  address = trim(address.substr(0, address.find_first_of("?#")));
  std::string out;
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + 3);
    const std::size_t end = std::min(address.find('/'), address.size());
    out = lower(address.substr(0, end));
    if (!is_plain_part(out)) return std::nullopt;
    address.remove_prefix(end);
  }
  const std::size_t host = out.size();
  for (const std::string_view written : split(address, '/')) {
    if (written.empty()) continue;
    const std::string part = decoded(written);
    if (!is_plain_part(part)) return std::nullopt;
    out += (out.empty() ? "" : "/") + part;
  }
  return out.size() == host ? std::nullopt : std::optional(std::move(out));
}

Result<std::string> ExternalFiles::find(const std::string& address) const {
  const std::optional<std::string> inside = external_path(address);
  const std::string shown = address.substr(0, address.find('?'));  // a key may stand behind it
  if (!inside)
    return fail(Error::Kind::NotFound, "QRY0009", fmt::format("externaldata names no file: {}", shown));
  const fs::path folder(options_.folder);
  const fs::path kept = folder / *inside;
  std::error_code error;
  for (const fs::path& path : {kept, folder / kept.filename()})
    if (fs::is_regular_file(path, error)) return path.string();
  const std::string hint = fmt::format("put it there as {}", *inside);
  if (!options_.fetch)
    return fail(Error::Kind::NotFound, "QRY0009",
                fmt::format("there is no copy of {} in {}", shown, options_.folder), {}, hint);
  fs::create_directories(kept.parent_path(), error);
  if (error)
    return fail(Error::Kind::Io, "QRY0009", fmt::format("the folder can't be made: {}", error.message()),
                Where{kept.parent_path().string(), 0, 0, {}});
  RD_TRY(options_.fetch(address, kept.string()));
  return kept.string();
}

Result<Table> ExternalFiles::read(const std::vector<std::string>& addresses, const kql::Relation& relation) {
  ExternalRows rows(relation);
  for (const std::string& address : addresses) {
    const std::string path = RD_TRY(find(address));
    const Format format = RD_TRY(format_of(relation, path));
    RD_TRY(rows.read(path, format, options_.max_bytes));
  }
  return std::move(rows).table();
}

}  // namespace redoubt::query
