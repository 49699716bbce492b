#include "doc/sources.h"

#include <gtest/gtest.h>

#include <string>

namespace redoubt::doc {
namespace {

/// Where the first `x` of a text is said to be.
std::string place_of_x(const std::string& text) {
  Sources sources;
  const std::uint32_t file = sources.add("f", text);
  return sources.where({file, static_cast<std::uint32_t>(text.find('x'))}).text();
}

TEST(Sources, ColumnsCountCharacters) {
  EXPECT_EQ(place_of_x("abx"), "f:1:3");
  EXPECT_EQ(place_of_x("äbx"), "f:1:3");
  EXPECT_EQ(place_of_x("ä\n\n€😀x"), "f:3:3");
  EXPECT_EQ(place_of_x("€€€\nabx"), "f:2:3");
}

TEST(Sources, AMarkOfTheByteOrderIsNoCharacter) {
  EXPECT_EQ(place_of_x("\xef\xbb\xbfx"), "f:1:1");
  EXPECT_EQ(place_of_x("\xef\xbb\xbfä\nx"), "f:2:1");
}

TEST(Sources, TheEndIsAPlace) {
  Sources sources;
  const std::uint32_t file = sources.add("f", "a\nä€");
  EXPECT_EQ(sources.where({file, 7}).text(), "f:2:3");
}

TEST(Sources, BytesOfNoTextDoNotMatter) {
  EXPECT_EQ(place_of_x("\xff\xfex"), "f:1:3");
  EXPECT_EQ(place_of_x("\x80\x80x"), "f:1:1");
}

TEST(Sources, TextThatIsDecodedInPlaceKeepsItsColumns) {
  Sources sources;
  const std::uint32_t file = sources.add("f", R"("\u00e9", x)");
  sources.text(file).replace(1, 2, "é");
  EXPECT_EQ(sources.where({file, 10}).text(), "f:1:11");
}

TEST(Sources, RewrittenTextKeepsItsColumns) {
  Sources sources;
  const std::uint32_t file = sources.add("f", "äx");
  sources.rewrite(file, "__äx", {{0, 2}});
  EXPECT_EQ(sources.where({file, 4}).text(), "f:1:2");
}

}  // namespace
}  // namespace redoubt::doc
