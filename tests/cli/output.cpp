#include "cli/output.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "testing/paths.h"

namespace redoubt::cli {
namespace {

namespace fs = std::filesystem;

class OutputFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "redoubt-output-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
  std::ostringstream standard_;
};

TEST_F(OutputFile, AppearsWithCommit) {
  fs::path file = folder_ / "out.json";
  Result<std::unique_ptr<Output>> output = Output::open(file.string(), standard_);
  ASSERT_TRUE(output);
  (*output)->write("whole");
  (*output)->flush();
  EXPECT_FALSE(fs::exists(file));
  ASSERT_TRUE((*output)->commit());
  EXPECT_EQ(testing::read_file(file), "whole");
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(standard_.str(), "");
}

TEST_F(OutputFile, WithoutCommitTheOldOneStays) {
  fs::path file = folder_ / "out.json";
  std::ofstream(file) << "old";
  {
    Result<std::unique_ptr<Output>> output = Output::open(file.string(), standard_);
    ASSERT_TRUE(output);
    (*output)->write("new");
  }
  EXPECT_EQ(testing::read_file(file), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFile, KeepsPermissionsAndLinks) {
  fs::path file = folder_ / "out.json";
  fs::path link = folder_ / "link.json";
  std::ofstream(file) << "old";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(file, link);
  Result<std::unique_ptr<Output>> output = Output::open(link.string(), standard_);
  ASSERT_TRUE(output);
  (*output)->write("new");
  ASSERT_TRUE((*output)->commit());
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(testing::read_file(file), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutputFile, NewFileObeysTheMask) {
  fs::path file = folder_ / "out.json";
  mode_t before = umask(027);
  Result<std::unique_ptr<Output>> output = Output::open(file.string(), standard_);
  umask(before);
  ASSERT_TRUE(output);
  ASSERT_TRUE((*output)->commit());
  EXPECT_EQ(static_cast<unsigned>(fs::status(file).permissions()), 0640u);
}

TEST_F(OutputFile, FolderThatIsNotThere) {
  Result<std::unique_ptr<Output>> output = Output::open((folder_ / "no" / "out.json").string(), standard_);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "CLI0007");
  EXPECT_EQ(output.error().kind, Error::Kind::Usage);
}

TEST_F(OutputFile, FolderInPlaceOfAFile) {
  Result<std::unique_ptr<Output>> output = Output::open(folder_.string(), standard_);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "CLI0007");
}

TEST_F(OutputFile, FullDiskIsAnError) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  Result<std::unique_ptr<Output>> output = Output::open("/dev/full", standard_);
  ASSERT_TRUE(output);
  (*output)->write("lost");
  Result<void> written = (*output)->commit();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "CLI0008");
}

TEST_F(OutputFile, KnowsWhetherThereIsAResult) {
  Result<std::unique_ptr<Output>> output = Output::open((folder_ / "out.json").string(), standard_);
  ASSERT_TRUE(output);
  (*output)->write("");
  EXPECT_FALSE((*output)->has_written());
  (*output)->write("text");
  EXPECT_TRUE((*output)->has_written());
  EXPECT_FALSE((*output)->is_abandoned());
  (*output)->abandon();
  EXPECT_TRUE((*output)->is_abandoned());
}

TEST_F(OutputFile, DashIsStandard) {
  Result<std::unique_ptr<Output>> output = Output::open("-", standard_);
  ASSERT_TRUE(output);
  (*output)->write("text");
  ASSERT_TRUE((*output)->commit());
  EXPECT_EQ(standard_.str(), "text");
}

TEST_F(OutputFile, BrokenStandardIsAnError) {
  Result<std::unique_ptr<Output>> output = Output::open("-", standard_);
  ASSERT_TRUE(output);
  standard_.setstate(std::ios::badbit);
  EXPECT_FALSE((*output)->commit());
}

}  // namespace
}  // namespace redoubt::cli
