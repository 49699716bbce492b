#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"

namespace redoubt::geo {

/// Where an address is, in English. What the database does not say is empty.
struct IpLocation {
  std::string country;
  std::string state;  ///< the largest subdivision
  std::string city;
  std::optional<double> latitude;
  std::optional<double> longitude;
};

/// A database of locations by address, in the form of MaxMind's: GeoLite2 City and its like. The file is
/// mapped, not read: it must not be written to while this lives. Several threads may ask at a time.
/// Source: MaxMind DB file format specification 2.0; GeoLite2 City documentation.
class IpLocations {
 public:
  /// GEO0001 (NotFound, InvalidInput) the file can't be read, or is no such database.
  static Result<std::unique_ptr<IpLocations>> open(const std::string& path);

  IpLocations(const IpLocations&) = delete;
  IpLocations& operator=(const IpLocations&) = delete;
  ~IpLocations();

  /// Of an IPv4 or IPv6 address. Nothing: it is no address, or the database does not have it.
  /// GEO0002 (InvalidInput) the database is damaged.
  Result<std::optional<IpLocation>> find(const std::string& address) const;

 private:
  struct Database;
  explicit IpLocations(std::unique_ptr<Database> database);

  std::unique_ptr<Database> database_;
};

}  // namespace redoubt::geo
