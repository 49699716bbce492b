#include "report/color.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace redoubt::report {
namespace {

class Terminal : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    leader_ = posix_openpt(O_RDWR | O_NOCTTY);
    const bool opened = leader_ >= 0 && grantpt(leader_) == 0 && unlockpt(leader_) == 0;
    if (opened) terminal_ = open(ptsname(leader_), O_RDWR | O_NOCTTY);
    if (terminal_ < 0) GTEST_SKIP() << "this system gives no terminals (is /dev/pts mounted?)";
  }
  void TearDown() override {
    if (terminal_ >= 0) close(terminal_);
    if (leader_ >= 0) close(leader_);
  }

  int leader_ = -1;
  int terminal_ = -1;
};

TEST_F(Terminal, ShowsColor) { EXPECT_TRUE(terminal_shows_color(terminal_)); }

TEST_F(Terminal, NoColorForbidsIt) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(terminal_shows_color(terminal_));
}

TEST_F(Terminal, EmptyNoColorIsNone) {
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(terminal_shows_color(terminal_));
}

TEST_F(Terminal, DumbTerminalHasNone) {
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(terminal_shows_color(terminal_));
}

TEST_F(Terminal, KnowsItsWidth) {
  winsize size{.ws_row = 24, .ws_col = 77, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(ioctl(leader_, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_width(terminal_), 77u);
}

TEST(NoTerminal, NeitherColorNorWidth) {
  int file = open("/dev/null", O_RDWR);
  EXPECT_FALSE(terminal_shows_color(file));
  EXPECT_EQ(terminal_width(file), 0u);
  close(file);
}

TEST(Paint, OnlyWhenAsked) {
  EXPECT_EQ(paint("deny", Tone::Bad, true), "\x1b[31mdeny\x1b[0m");
  EXPECT_EQ(paint("deny", Tone::Bad, false), "deny");
  EXPECT_EQ(paint("deny", Tone::Plain, true), "deny");
}

}  // namespace
}  // namespace redoubt::report
