#include "core/log.h"

#include <gtest/gtest.h>

namespace redoubt {
namespace {

// What is written without the time before it.
std::string written(log::Level level, log::Fields fields) {
  ::testing::internal::CaptureStderr();
  log::write(level, "rule.loaded", fields);
  const std::string line = ::testing::internal::GetCapturedStderr();
  return line.substr(std::min(line.find(' '), line.size()));
}

TEST(Log, EventAndFieldsStandOnOneLine) {
  const std::string id = "a-1";
  EXPECT_EQ(written(log::Level::Error, {{"id", id}, {"count", 3}, {"quick", true}, {"ratio", 0.5}}),
            " error rule.loaded id=a-1 count=3 quick=true ratio=0.500000\n");
}

TEST(Log, ValuesCannotBeginALineOrAField) {
  EXPECT_EQ(written(log::Level::Error, {{"name", "a\nb=\"c\" {}\\"}, {"empty", ""}}),
            " error rule.loaded name=\"a\\x0ab=\\\"c\\\" {}\\\\\" empty=\"\"\n");
}

TEST(Log, OnlyTheLevelAskedForIsWritten) {
  EXPECT_EQ(written(log::Level::Info, {}), "");
  log::set_level(log::Level::Debug);
  EXPECT_EQ(written(log::Level::Debug, {}), " debug rule.loaded\n");
  log::set_level(log::Level::Off);
  EXPECT_EQ(written(log::Level::Error, {}), "");
  log::set_level(log::Level::Warning);
}

}  // namespace
}  // namespace redoubt
