#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/external_data.h"

namespace redoubt::query {

struct ExternalFileOptions {
  std::string folder;  ///< with the copies
  /// Brings what is at an address into a file, whose folder is there; empty: nothing is brought.
  std::function<Result<void>(const std::string& address, const std::string& path)> fetch;
  std::uint64_t max_bytes = 100'000'000;  ///< of a file, unpacked
};

/// Copies of what externaldata names, in a folder: that of https://HOST/PATH is HOST/PATH in there, without
/// what follows `?` or `#` and with `%20` and its like written out, or else a file of that name in the folder
/// itself. An address without a scheme is a path in the folder.
///
/// Formats: csv, tsv, tsve, psv, scsv, sohsv (columns by their place; what is too much is left out, what is
/// missing is null), txt (a line a row), raw (the file a row), json and multijson (columns by their name); by
/// the ending of the address where the query says none, else csv. Packed with gzip, too.
/// Source: Kusto Query Language reference, "externaldata operator"; "Data formats supported for ingestion".
class ExternalFiles : public ExternalData {
 public:
  explicit ExternalFiles(ExternalFileOptions options) : options_(std::move(options)) {}

  /// Errors: QRY0009 (NotFound) no copy, or no address of a file; QRY0001 another format, ingestionMapping;
  /// QRY0020 (InvalidInput) a record that can't be read; those of the file; what fetching says.
  Result<Table> read(const std::vector<std::string>& addresses, const kql::Relation& relation) override;

 private:
  Result<std::string> find(const std::string& address) const;

  ExternalFileOptions options_;
};

/// Where the copy of an address is kept, below the folder; nothing: it is no address of a file.
std::optional<std::string> external_path(std::string_view address);

}  // namespace redoubt::query
