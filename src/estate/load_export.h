#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "arm/origins.h"
#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "estate/estate.h"
#include "estate/split_export.h"

namespace redoubt::estate {

/// True for what Resource Graph or ARM answers: rows under `data` or `value`, a list of rows or of such
/// pages, or one resource.
bool is_export(const doc::Value& root);

/// True for one resource of such an answer.
bool is_resource_row(const doc::Value& value);

/// What a page says about rows that are not in it.
struct PageNotice {
  std::optional<std::int64_t> total;  ///< rows of the query; nothing where the page does not tell
  bool more = false;                  ///< else: that another page follows, or that it was cut
};
PageNotice notice_of(const doc::Value& page);

/// Reads exports into an estate. Pages of one query may be spread over files: hand all in, then finish().
///
/// Forms: `az graph query` ({count, data, skip_token, total_records}), the REST answer ({data, totalRecords,
/// $skipToken}, `data` also as {columns, rows}), ARM lists ({value, nextLink}), plain lists of rows or pages.
/// Rows lose what is null, and the empty text that Resource Graph puts for a missing kind.
/// Source: "Azure Resource Graph REST API, Resources - Resources"; "Working with large data sets".
class ExportLoader {
 public:
  ExportLoader(Estate& estate, arm::Origins& origins, const doc::Sources& sources)
      : estate_(estate), origins_(origins), sources_(sources) {}

  /// The document must outlive the estate.
  void add(const doc::Value& root);
  /// The values of a JSON Lines file: rows, pages, or lists of them, in any mix.
  void add_rows(const std::vector<doc::Value>& rows);

  /// The wanted rows of an export whose rows were told apart; a row that turns out to be none is marked
  /// faulty. The others count as read.
  void add_split(SplitExport& split);

  /// Checks that all pages are there.
  /// Diagnostics: EST0106 rows are missing, EST0107 a row without id or type, EST0108 properties that are
  /// text and no JSON, EST0110 columns that no row has, EST0111 a table row that does not fit its columns.
  std::vector<Diagnostic> finish();

  std::size_t rows_read() const { return rows_read_; }
  std::size_t rows_skipped() const { return rows_skipped_; }

 private:
  struct Total {
    std::uint64_t rows = 0;
    std::string file;
  };
  struct Untold {
    std::string file;
    bool more = false;  ///< the page says that another follows
  };

  void add_page(const doc::Value& page);
  void add_page_rows(std::span<const doc::Value> rows, bool all_columns);
  std::vector<doc::Value> table_rows(const doc::Value& table);
  void note_page(const doc::Value& page, std::size_t rows, const std::string& file);
  bool check_row(const doc::Value& row, std::size_t number);
  void add_row(const doc::Value& row);
  doc::Value body_of(const doc::Value& row, const Resource& resource);
  doc::Value parsed(const doc::Member& member, const Resource& resource);
  void look_for_columns(std::span<const doc::Value> rows, bool all_columns);
  void report_cut(const std::string& file, std::string message);
  void report(Severity severity, std::string_view code, std::string message, doc::Place place,
              std::string hint = {});

  Estate& estate_;
  arm::Origins& origins_;
  const doc::Sources& sources_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t row_reports_ = 0;
  std::map<std::int64_t, Total> totals_;  // rows of the pages that name a total, by that total
  std::vector<Untold> untold_;            // pages that name none
  std::unordered_set<const char*> types_seen_;
  std::vector<doc::Member> members_;
  std::size_t rows_read_ = 0;
  std::size_t rows_skipped_ = 0;
  bool no_properties_ = false;  // of the page at hand
};

}  // namespace redoubt::estate
