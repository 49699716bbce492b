#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "answer_case.h"
#include "load_case.h"
#include "query/load.h"
#include "testing/paths.h"

namespace redoubt::query {
namespace {

const std::string kEveryType = (testing::source_root() / "tests/query/files/every_type.parquet").string();

constexpr std::string_view kValues =
    R"(TimeGenerated: datetime, nanoseconds: datetime, milliseconds: datetime, day: datetime, time_of_day: timespan, bool: bool, int8: int, uint8: int, int16: int, uint16: int, int32: int, uint32: long, int64: long, uint64: long, past_int64: string, float: real, double: real, decimal: decimal, string: string, binary: string, fixed: string, list: dynamic, texts: dynamic, structure: dynamic, map: dynamic, dictionary: string, nothing: int, odd `name' \: long
["2024-01-02T03:04:05.678901Z","2024-01-02T03:04:05.6789012Z","2024-01-02T03:04:05.678Z","2024-01-02T00:00:00Z","01:02:03.4567890",true,1,1,1,1,1,1,1,1,"1",0.1,0.1,"1.25","123","�","abcd",[1,2],["a/b\"","x"],{"a":1,"b":"x"},{"k":1.5},"p",null,1]
["9999-12-31T23:59:59Z","1969-12-31T23:59:59.9999999Z","0001-01-01T00:00:00Z","0001-01-01T00:00:00Z",null,false,-128,255,-32768,65535,-2147483648,4294967295,-9223372036854775808,9223372036854775807,"18446744073709551615","NaN","-Infinity",null,"","x","",[],[null],{"a":null,"b":null},{},"q",null,2]
[null,null,null,null,"23:59:59",null,null,null,null,null,null,null,null,null,"",null,null,"-3.45","","","efgh",[],[],{"a":null,"b":null},{},"",null,3]
)";

class LoadParquet : public ::testing::Test {
 protected:
  void SetUp() override { engine_ = test_engine(); }

  std::string load(const std::string& path, bool with_engine = true) {
    LocalEngine engine;
    if (with_engine) engine = [&]() -> Result<store::EventEngine*> { return engine_.get(); };
    TableLoader loader({.engine = engine});
    const Result<void> done = loader.add("T", path);
    if (!done) return done.error().text();
    MemoryTables tables;
    const Reading<Loaded> loaded = loader.finish(tables);
    told_ = loaded.diagnostics;
    return table_text(tables);
  }

  /// A file of these bytes.
  std::string written(const std::string& name, const std::string& bytes) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  static std::string bytes_of_every_type() {
    std::ifstream file(kEveryType, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<store::EmbeddedEngine> engine_;
  std::vector<Diagnostic> told_;
  std::filesystem::path folder_ = [] {
    std::string name = (std::filesystem::temp_directory_path() / "redoubt-XXXXXX").string();
    return std::filesystem::path(mkdtemp(name.data()));
  }();
};

TEST_F(LoadParquet, EveryTypeHasItsValues) {
  if (engine_ == nullptr) return;
  EXPECT_EQ(load(kEveryType), kValues);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(
      told_[0].message,
      "a value of column milliseconds is no datetime and became null, the first one here: 253402300800000");
  EXPECT_EQ(told_[0].where.line, 3U);
}

// Signs that mean other files to the engine.
TEST_F(LoadParquet, NamesAreNoPatterns) {
  if (engine_ == nullptr) return;
  for (const std::string name : {"a{b,c}*.parquet", "a'b\\.parquet", "?.parquet"})
    EXPECT_EQ(load(written(name, bytes_of_every_type())), kValues) << name;
}

TEST_F(LoadParquet, WhatIsNoWholeFileIsSaidToBeNone) {
  if (engine_ == nullptr) return;
  const std::string all = bytes_of_every_type();
  for (const std::size_t size : {std::size_t{4}, std::size_t{100}, all.size() / 2, all.size() - 1}) {
    const std::string said = load(written("cut.parquet", all.substr(0, size)));
    EXPECT_NE(said.find("error QRY0011: the Parquet file can't be read: "), std::string::npos)
        << size << said;
  }
}

TEST_F(LoadParquet, NeedsAFileAndAnEngine) {
  if (engine_ == nullptr) return;
  EXPECT_NE(load(kEveryType, false).find("QRY0011"), std::string::npos);
  std::istringstream stream(bytes_of_every_type());
  TableLoader loader({.engine = [&]() -> Result<store::EventEngine*> { return engine_.get(); }});
  const Result<void> done = loader.add("T", stream, "<stdin>");
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().text().find("can't be read from a stream"), std::string::npos)
      << done.error().text();
}

TEST_F(LoadParquet, LimitsHold) {
  if (engine_ == nullptr) return;
  TableLoader loader(
      {.limits = {.max_rows = 2}, .engine = [&]() -> Result<store::EventEngine*> { return engine_.get(); }});
  const Result<void> done = loader.add("T", kEveryType);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "QRY0012");
}

}  // namespace
}  // namespace redoubt::query
