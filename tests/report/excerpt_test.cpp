#include "report/excerpt.h"

#include <gtest/gtest.h>

#include <string>

namespace redoubt::report {
namespace {

std::string at(std::string_view text, std::size_t offset, std::size_t size) {
  return excerpt(text, offset, size, 7, {});
}

TEST(Excerpt, TheLineWithMarksUnderThePlace) {
  EXPECT_EQ(at("first\nwhere Foo == 1\nlast", 12, 3), "7 | where Foo == 1\n  |       ^^^\n");
  EXPECT_EQ(at("first\r\nab\r\nlast", 7, 2), "7 | ab\n  | ^^\n");
  EXPECT_EQ(at("ab", 2, 0), "7 | ab\n  |   ^\n");
  EXPECT_EQ(at("", 0, 0), "7 | \n  | ^\n");
  EXPECT_EQ(at("a\nb", 0, 100), "7 | a\n  | ^\n");
  EXPECT_EQ(at("abc", 100, 5), "7 | abc\n  |    ^\n");
}

TEST(Excerpt, OfALongLineThePartAroundThePlace) {
  const std::string line = std::string(500, 'a') + "XYZ" + std::string(500, 'b');
  for (const std::string& text : {line, "before\n" + line + "\nbehind"}) {
    const std::string shown = at(text, text.find("XYZ"), 3);
    EXPECT_EQ(shown, "7 | " + std::string(60, 'a') + "XYZ" + std::string(93, 'b') + "\n  | " +
                         std::string(60, ' ') + "^^^\n");
  }
  const std::string near = std::string(100, 'a') + "X" + std::string(500, 'b');
  EXPECT_TRUE(at(near, 100, 1).starts_with("7 | " + std::string(60, 'a') + "Xbb"));
  const std::string begin = "X" + std::string(500, 'b');
  EXPECT_EQ(at(begin, 0, 1), "7 | X" + std::string(155, 'b') + "\n  | ^\n");
}

// A file may be one line; whoever looks through all of it for each place waits for hours here.
TEST(Excerpt, OfAFileThatIsOneLine) {
  const std::string text(std::size_t{8} << 20, 'a');
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < 5'000; ++i)
    bytes += at(text, i * 1'600, 1).size();
  EXPECT_GT(bytes, 5'000U * 160);
}

}  // namespace
}  // namespace redoubt::report
