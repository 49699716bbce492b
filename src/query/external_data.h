#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "query/table.h"

namespace redoubt::query {

/// Where externaldata finds what it names.
class ExternalData {
 public:
  ExternalData() = default;
  ExternalData(const ExternalData&) = delete;
  ExternalData& operator=(const ExternalData&) = delete;
  virtual ~ExternalData() = default;

  /// The rows of these addresses, one behind the other, with the columns of `relation`, whose options say the
  /// format.
  /// Errors: QRY0009 there is nothing at an address.
  virtual Result<Table> read(const std::vector<std::string>& addresses, const kql::Relation& relation) = 0;
};

}  // namespace redoubt::query
