#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/result.h"
#include "kql/schemas.h"
#include "query/memory_tables.h"
#include "store/engine.h"

namespace redoubt::query {

/// What is read of files that others wrote.
struct LoadLimits {
  std::uint64_t max_bytes = std::uint64_t{64} << 30;  ///< of a file, unpacked
  std::size_t max_rows = 50'000'000;                  ///< of a table
  std::size_t max_columns = 10'000;                   ///< of a table
  std::size_t max_row_bytes = std::size_t{64} << 20;
  std::size_t max_answer_bytes = std::size_t{1} << 30;  ///< of an answer of a query API: it is read whole
  std::uint32_t max_depth = 128;                        ///< of JSON
};

/// Gives an engine of this process, which has to outlive the load; asked for only where it is needed.
using LocalEngine = std::function<Result<store::EventEngine*>()>;

struct LoadOptions {
  const kql::Schemas* schemas = nullptr;  ///< types of columns, by the table's name; null: all are inferred
  LoadLimits limits;
  std::stop_token stop;
  ProgressCallback progress;
  LocalEngine engine = {};  ///< reads Parquet; empty: such files are refused
};

/// What became of one file.
struct LoadedFile {
  std::string table;
  std::string file;
  std::string_view form;    ///< `CSV`, `JSON` ...
  std::uint64_t bytes = 0;  ///< as it lies on the disk
  std::uint64_t rows = 0;
  std::uint64_t unread_rows = 0;  ///< that could not be read; the first ones are told
};

/// What became of one table.
struct LoadedTable {
  std::string name;
  std::uint64_t rows = 0;
  std::uint64_t unfit_values = 0;  ///< none of their column's type: they are null
  std::uint64_t bytes = 0;         ///< of memory
};

struct Loaded {
  std::vector<LoadedFile> files;
  std::vector<LoadedTable> tables;
};

/// Reads tables from files: CSV, TSV, JSON (a list, JSON Lines, a page of records, answers of the Log
/// Analytics, Kusto and Defender query APIs, of `kql run -f json`), lines of text; gzip, UTF-16; Parquet.
/// What a file is, its first bytes and its name say.
///
/// A table that the schemas have has their columns, with their types; what else the files have follows. Other
/// columns get the type that all their values have in common: bool, long, real, datetime, dynamic, else
/// string. Memory is that of the packed rows, while they are read of their texts, too.
class TableLoader {
 public:
  explicit TableLoader(LoadOptions options);
  TableLoader(const TableLoader&) = delete;
  TableLoader& operator=(const TableLoader&) = delete;
  ~TableLoader();

  /// Reads a file; several files of one table follow each other.
  ///
  /// Errors: DOC0001, DOC0101, DOC0103, FIL0003, FIL0004, FIL0011 a file that can't be read to its end;
  /// QRY0011 one that is no table, or of which no row can be read; QRY0012 a limit; QRY0004 stopped.
  Result<void> add(const std::string& table, const std::string& path);
  Result<void> add(const std::string& table, std::istream& stream, std::string name);

  /// Gives the columns their types and hands the tables over.
  ///
  /// Diagnostics: QRY0013 rows that could not be read, QRY0014 values that are none of their column's type,
  /// QRY0015 hints: columns that have another name in the file, or are in the schema or the file alone.
  Reading<Loaded> finish(MemoryTables& out);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace redoubt::query
