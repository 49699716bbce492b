#include "geo/ip_locations.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "testing/paths.h"

namespace redoubt::geo {

namespace {

namespace fs = std::filesystem;

/// Made by tests/geo/make_mmdb.py.
std::string places() { return (testing::source_root() / "tests/geo/cases/places.mmdb").string(); }

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

class IpLocationsTest : public ::testing::Test {
 protected:
  std::string written(const std::string& bytes) {
    path_ = (fs::temp_directory_path() / ("redoubt-places-" + std::to_string(::getpid()))).string();
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  void TearDown() override { fs::remove(path_); }

  std::string path_;
};

TEST_F(IpLocationsTest, FindsAddressesOfBothVersions) {
  const auto database = IpLocations::open(places());
  ASSERT_TRUE(database) << database.error().message;
  const auto aarhus = (*database)->find("198.51.100.40");
  ASSERT_TRUE(aarhus && *aarhus);
  EXPECT_EQ((*aarhus)->country, "Denmark");
  EXPECT_EQ((*aarhus)->state, "Central Jutland");
  EXPECT_EQ((*aarhus)->city, "Aarhus");
  EXPECT_EQ((*aarhus)->latitude, 56.1567);
  EXPECT_EQ((*aarhus)->longitude, 10.2108);
  const auto malmo = (*database)->find("2001:db8:66::1");
  ASSERT_TRUE(malmo && *malmo);
  EXPECT_EQ((*malmo)->state, "Sk\u00e5ne County");
}

TEST_F(IpLocationsTest, LacksWhatTheDatabaseLacks) {
  const auto database = IpLocations::open(places());
  ASSERT_TRUE(database);
  const auto brazil = (*database)->find("203.0.113.66");
  ASSERT_TRUE(brazil && *brazil);
  EXPECT_EQ((*brazil)->city, "");
  EXPECT_EQ((*brazil)->state, "");
  for (const char* none :
       {"10.0.0.1", "203.0.114.1", "::1", "", "nonsense", "203.0.113.66:443", "203.0.113.0/24"}) {
    const auto found = (*database)->find(none);
    ASSERT_TRUE(found) << none;
    EXPECT_FALSE(*found) << none;
  }
}

TEST_F(IpLocationsTest, RefusesWhatIsNoDatabase) {
  const std::string whole = bytes_of(places());
  for (const std::string& bytes :
       {std::string(), std::string("no database"), whole.substr(0, whole.size() / 2),
        whole.substr(0, whole.size() - 20), whole.substr(whole.size() - 100)}) {
    const auto database = IpLocations::open(written(bytes));
    ASSERT_FALSE(database) << bytes.size();
    EXPECT_EQ(database.error().code, "GEO0001");
    EXPECT_EQ(database.error().where.file, path_);
  }
  EXPECT_EQ(IpLocations::open("/no/such/file.mmdb").error().code, "GEO0001");
  EXPECT_EQ(IpLocations::open(fs::temp_directory_path().string()).error().code, "GEO0001");
}

/// No damage gives a crash, or a place that was not there before.
TEST_F(IpLocationsTest, DamageIsAnErrorOrLeavesTheRest) {
  const std::string whole = bytes_of(places());
  const std::size_t tree = whole.find("Denmark");
  std::size_t damaged = 0;
  for (std::size_t at = 0; at < tree; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(0xff);
    const auto database = IpLocations::open(written(bytes));
    if (!database) continue;
    const auto found = (*database)->find("198.51.100.40");
    if (found) continue;
    EXPECT_EQ(found.error().code, "GEO0002");
    ++damaged;
  }
  EXPECT_GT(damaged, 0U);
}

}  // namespace

}  // namespace redoubt::geo
