#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "files/text_input.h"
#include "kql/plan.h"
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
  std::function<Result<void>()> each_row;  ///< to be asked for every row: limits, stop, progress

  /// A row that can't be read: it is counted, the first ones are told.
  void unread(std::string_view why, const Where& where);
  void hint(std::string message, const Where& where = {});
  /// A new row; false: the error that ends the reading stands in `failed`.
  Result<void> begin_row(std::uint64_t line);
  /// QRY0012 for one column too many.
  Result<std::size_t> column(std::string_view name);
};

using ReadForm = Result<void> (*)(files::TextInput& input, LoadTarget& target);

/// How a text is read, by its name and its first bytes.
struct LoadForm {
  std::string_view name;
  ReadForm read;
};
LoadForm form_of(std::string_view path, std::string_view front);

Result<void> read_json_table(files::TextInput& input, LoadTarget& target);
Result<void> read_csv_table(files::TextInput& input, LoadTarget& target);
Result<void> read_tsv_table(files::TextInput& input, LoadTarget& target);
Result<void> read_semicolon_table(files::TextInput& input, LoadTarget& target);
Result<void> read_text_table(files::TextInput& input, LoadTarget& target);

}  // namespace redoubt::query::detail
