#include "geo/ip_locations.h"

#include <fmt/format.h>
#include <maxminddb.h>

#include <array>
#include <filesystem>
#include <string_view>

namespace redoubt::geo {

struct IpLocations::Database {
  explicit Database(std::string file) : path(std::move(file)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    if (is_open) MMDB_close(&mmdb);
  }

  std::string path;
  MMDB_s mmdb{};
  bool is_open = false;
};

namespace {

// Paths of a record, each ended by null as the library wants them.
using Path = const std::array<const char*, 5>;
constexpr Path kCountry = {"country", "names", "en", nullptr};
constexpr Path kState = {"subdivisions", "0", "names", "en", nullptr};
constexpr Path kCity = {"city", "names", "en", nullptr};
constexpr Path kLatitude = {"location", "latitude", nullptr};
constexpr Path kLongitude = {"location", "longitude", nullptr};

bool is_absent(int status) {
  return status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR || status == MMDB_INVALID_LOOKUP_PATH_ERROR;
}

/// One record, read field by field; the first damage is kept.
class Record {
 public:
  explicit Record(MMDB_entry_s entry) : entry_(entry) {}

  std::string text(Path& path) {
    const MMDB_entry_data_s data = field(path);
    if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
    return {data.utf8_string, data.data_size};
  }

  std::optional<double> number(Path& path) {
    const MMDB_entry_data_s data = field(path);
    if (data.has_data && data.type == MMDB_DATA_TYPE_DOUBLE) return data.double_value;
    if (data.has_data && data.type == MMDB_DATA_TYPE_FLOAT) return static_cast<double>(data.float_value);
    return std::nullopt;
  }

  int status() const { return status_; }

 private:
  MMDB_entry_data_s field(Path& path) {
    MMDB_entry_data_s data{};
    const int status = MMDB_aget_value(&entry_, &data, path.data());
    if (status == MMDB_SUCCESS) return data;
    if (!is_absent(status) && status_ == MMDB_SUCCESS) status_ = status;
    return {};
  }

  MMDB_entry_s entry_;
  int status_ = MMDB_SUCCESS;
};

tl::unexpected<Error> no_database(Error::Kind kind, std::string_view why, const std::string& path) {
  return fail(kind, "GEO0001", fmt::format("the database of addresses can't be used: {}", why),
              Where{path, 0, 0, {}}, "give a file in MaxMind's form, such as GeoLite2-City.mmdb");
}

tl::unexpected<Error> damaged(int status, const std::string& path) {
  return fail(Error::Kind::InvalidInput, "GEO0002",
              fmt::format("the database of addresses is damaged: {}", MMDB_strerror(status)),
              Where{path, 0, 0, {}}, "get the file again");
}

}  // namespace

IpLocations::IpLocations(std::unique_ptr<Database> database) : database_(std::move(database)) {}

IpLocations::~IpLocations() = default;

Result<std::unique_ptr<IpLocations>> IpLocations::open(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return no_database(Error::Kind::NotFound, "there is no such file", path);
  auto database = std::make_unique<Database>(path);
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database->mmdb);
  if (status != MMDB_SUCCESS) return no_database(Error::Kind::InvalidInput, MMDB_strerror(status), path);
  database->is_open = true;
  return std::unique_ptr<IpLocations>(new IpLocations(std::move(database)));
}

Result<std::optional<IpLocation>> IpLocations::find(const std::string& address) const {
  int no_address = 0;
  int status = MMDB_SUCCESS;
  const MMDB_lookup_result_s found =
      MMDB_lookup_string(&database_->mmdb, address.c_str(), &no_address, &status);
  if (no_address != 0 || status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
    return std::optional<IpLocation>();
  if (status != MMDB_SUCCESS) return damaged(status, database_->path);
  if (!found.found_entry) return std::optional<IpLocation>();
  Record record(found.entry);
  IpLocation out{record.text(kCountry), record.text(kState), record.text(kCity), record.number(kLatitude),
                 record.number(kLongitude)};
  if (record.status() != MMDB_SUCCESS) return damaged(record.status(), database_->path);
  return std::optional(std::move(out));
}

}  // namespace redoubt::geo
