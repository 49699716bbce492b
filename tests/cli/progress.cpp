#include "cli/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace redoubt::cli {
namespace {

TEST(Progress, SilentWithoutTerminal) {
  std::ostringstream err;
  {
    ProgressLine progress(err, false);
    progress.show({"evaluating", 1, 10});
  }
  EXPECT_EQ(err.str(), "");
}

TEST(Progress, DrawsOneLineAndTakesItAway) {
  std::ostringstream err;
  {
    ProgressLine progress(err, true);
    progress.show({"evaluating", 1, 10});
    EXPECT_EQ(err.str(), "\r\x1b[Kevaluating 1/10");
  }
  EXPECT_EQ(err.str(), "\r\x1b[Kevaluating 1/10\r\x1b[K");
}

TEST(Progress, NoCallbackWithoutTerminal) {
  std::ostringstream err;
  EXPECT_FALSE(ProgressLine(err, false).callback());
}

TEST(Progress, ChangesSeldom) {
  std::ostringstream err;
  ProgressLine progress(err, true);
  for (std::uint64_t done = 0; done < 1000; ++done)
    progress.show({"reading", done, 0});
  EXPECT_LT(err.str().size(), 500u);
}

}  // namespace
}  // namespace redoubt::cli
