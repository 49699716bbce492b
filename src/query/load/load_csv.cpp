#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "files/delimited.h"
#include "kql/value.h"
#include "query/detail/load_forms.h"

namespace redoubt::query::detail {

namespace {

/// Of a log without columns, as custom text logs have it.
constexpr std::string_view kTextColumn = "RawData";
/// In front of the header in what PowerShell's Export-Csv writes.
constexpr std::string_view kTypeLine = "#TYPE ";

/// Whether a text is a value rather than the name of a column.
bool is_value(std::string_view text) {
  return possible_types(CellForm::Text, text) != kql::set_of(kql::Type::String) ||
         (text.size() >= 32 && kql::read_guid(text));
}

class CsvTable {
 public:
  explicit CsvTable(LoadTarget& target) : target_(target) {}

  Result<void> take(const files::Record& record) {
    if (columns_.empty()) return take_first(record);
    return take_row(record);
  }

 private:
  Result<void> take_first(const files::Record& record) {
    const Where where = place(record);
    if (!record.mistake.empty())
      return fail(Error::Kind::InvalidInput, "QRY0011",
                  fmt::format("the header can't be read: {}", record.mistake), where);
    const auto fields = record.fields;
    if (record.line == 1 && fields.front().starts_with(kTypeLine)) return {};
    if (std::any_of(fields.begin(), fields.end(), is_value)) return without_header(record);
    for (const std::string_view field : fields) {
      const std::size_t column = RD_TRY(column_of(field, where));
      columns_.push_back(column);
    }
    return {};
  }

  Result<void> without_header(const files::Record& record) {
    target_.hint(
        fmt::format("the first line is no header: the columns are Column1 to Column{}", record.fields.size()),
        place(record));
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      const std::size_t column = RD_TRY(target_.column(fmt::format("Column{}", i + 1)));
      columns_.push_back(column);
    }
    return take_row(record);
  }

  Result<std::size_t> column_of(std::string_view field, const Where& where) {
    const ColumnName written = column_name(trim(field));
    std::string name(written.name);
    if (name.empty()) name = fmt::format("Column{}", columns_.size() + 1);
    const std::string wanted = name;
    for (int again = 1; !names_.insert(name).second; ++again)
      name = fmt::format("{}{}", wanted, again);
    if (name != wanted) target_.hint(fmt::format("the column {} comes again: it is {}", wanted, name), where);
    const std::size_t column = RD_TRY(target_.column(name));
    if (written.is_time) target_.table.at(column).type = kql::Type::DateTime;
    if (written.is_local) target_.table.at(column).is_local = true;
    return column;
  }

  Result<void> take_row(const files::Record& record) {
    const std::string counts =
        record.fields.size() == columns_.size()
            ? std::string()
            : fmt::format("{} fields where the header has {}", record.fields.size(), columns_.size());
    if (record.ends_text && record.fields.size() < columns_.size())
      return fail(Error::Kind::InvalidInput, "FIL0011", "the file ends too early: " + counts, place(record),
                  "is it complete?");
    if (!record.mistake.empty() || !counts.empty()) {
      target_.unread(record.mistake.empty() ? counts : record.mistake, place(record));
      return target_.each_row();
    }
    RD_TRY(target_.begin_row(record.line));
    for (std::size_t i = 0; i < columns_.size(); ++i)
      target_.table.set(columns_[i], CellForm::Text, record.fields[i]);
    return {};
  }

  Where place(const files::Record& record) const {
    return Where{target_.file.file, static_cast<std::uint32_t>(record.line), 1, {}};
  }

  LoadTarget& target_;
  std::vector<std::size_t> columns_;
  std::set<std::string> names_;
};

Result<void> read_with(files::TextInput& input, char delimiter, LoadTarget& target) {
  CsvTable table(target);
  return files::read_delimited(
      input, delimiter, [&](const files::Record& record) { return table.take(record); },
      {.max_record_bytes = target.limits.max_row_bytes, .max_fields = target.limits.max_columns});
}

}  // namespace

Result<void> read_csv_table(files::TextInput& input, LoadTarget& target) {
  return read_with(input, ',', target);
}
Result<void> read_tsv_table(files::TextInput& input, LoadTarget& target) {
  return read_with(input, '\t', target);
}
Result<void> read_semicolon_table(files::TextInput& input, LoadTarget& target) {
  return read_with(input, ';', target);
}

Result<void> read_text_table(files::TextInput& input, LoadTarget& target) {
  const std::size_t column = RD_TRY(target.column(kTextColumn));
  target.table.at(column).type = kql::Type::String;
  return files::read_lines(input,
                           [&](const files::Record& record) -> Result<void> {
                             if (!record.mistake.empty()) {
                               target.unread(
                                   record.mistake,
                                   Where{target.file.file, static_cast<std::uint32_t>(record.line), 1, {}});
                               return target.each_row();
                             }
                             RD_TRY(target.begin_row(record.line));
                             target.table.set(column, CellForm::Text, record.fields.front());
                             return {};
                           },
                           {.max_record_bytes = target.limits.max_row_bytes});
}

}  // namespace redoubt::query::detail
