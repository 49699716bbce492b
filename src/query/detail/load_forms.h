#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "files/text_input.h"
#include "kql/plan.h"
#include "query/detail/load_columns.h"
#include "query/detail/raw_table.h"
#include "query/load.h"

namespace redoubt::query::detail {

/// What the readers of all forms fill.
struct LoadTarget {
  RawTable& table;
  const kql::Relation* schema = nullptr;  ///< null: there is none
  const LoadLimits& limits;
  std::vector<Diagnostic>& diagnostics;
  LoadedFile& file;
  std::function<Result<void>()> each_row;         ///< to be asked for every row: limits, stop, progress
  std::function<Result<void>()> before_row = {};  ///< called when the rows until then are whole; may be empty
  std::string path = {};                          ///< of the file; empty: it is a stream
  LocalEngine engine = {};                        ///< see LoadOptions

  std::optional<Error> first_unread = {};  ///< what is wrong with the first row that can't be read

  /// A row that can't be read: it is counted, the first ones are told.
  void unread(std::string_view why, const Where& where);
  void hint(std::string message, const Where& where = {});
  /// A new row; false: the error that ends the reading stands in `failed`.
  Result<void> begin_row(std::uint64_t line);
  /// QRY0012 for one column too many.
  Result<std::size_t> column(std::string_view name);
  /// At the end of the file: QRY0011 when it has rows, none of which could be read.
  Result<void> check_rows() const;
};

using ReadForm = Result<void> (*)(files::TextInput& input, LoadTarget& target);

/// How a text is read, by its name and its first bytes.
struct LoadForm {
  std::string_view name;
  ReadForm read;
};
LoadForm form_of(std::string_view path, std::string_view front);
/// Whether that is the beginning of a file of Parquet.
bool is_parquet(std::string_view front);
/// A kind of file that is known by its first bytes, and not read.
struct OtherForm {
  std::string_view name;    ///< with its article
  std::string_view remedy;  ///< how to come by what is read
};
const OtherForm* other_form_of(std::string_view path, std::string_view front);
/// Whether that is markup, such as XML, and its name does not say that it is to be read as lines.
bool is_markup(std::string_view path, std::string_view front);
/// The same of an input, whose first bytes are still to be read. QRY0011: it is no table.
Result<LoadForm> form_of(files::TextInput& input);

// What a loader says of columns, of values and of rows.
void tell_columns(std::string_view table, const LoadedColumns& plan, std::vector<Diagnostic>& diagnostics);
/// Of tables whose rows have no other time.
void tell_missing_time(std::string_view table, const LoadedColumns& plan,
                       std::vector<Diagnostic>& diagnostics);
/// Of times that the portal wrote without their zone, once a file.
void tell_local_times(RawTable& table, const std::string& file, std::vector<Diagnostic>& diagnostics);
void tell_unfit(const UnfitValues& unfit, std::vector<Diagnostic>& diagnostics);
void tell_unread(const LoadedFile& file, std::vector<Diagnostic>& diagnostics);

Result<void> read_json_table(files::TextInput& input, LoadTarget& target);
Result<void> read_csv_table(files::TextInput& input, LoadTarget& target);
Result<void> read_tsv_table(files::TextInput& input, LoadTarget& target);
Result<void> read_semicolon_table(files::TextInput& input, LoadTarget& target);
Result<void> read_text_table(files::TextInput& input, LoadTarget& target);
/// The file, not what its input has: that can't go back.
Result<void> read_parquet_table(files::TextInput& input, LoadTarget& target);

}  // namespace redoubt::query::detail
