#include "core/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/hash.h"
#include "core/utf8.h"
#include "testing/cases.h"
#include "testing/escapes.h"
#include "testing/lines.h"

namespace redoubt {
namespace {

std::string position_text(std::size_t position) {
  return position == std::string_view::npos ? "none" : std::to_string(position);
}

// TEXT -> UPPER LOWER
std::string render_case_mapping(std::string_view text) {
  return unicode_upper(text) + " " + unicode_lower(text);
}

// TEXT|PART -> first and last position in bytes
std::string render_find(std::string_view line) {
  const std::vector<std::string_view> parts = split(line, '|');
  return position_text(find_ignore_case(parts.at(0), parts.at(1))) + " " +
         position_text(rfind_ignore_case(parts.at(0), parts.at(1)));
}

// LEFT|RIGHT -> order
std::string render_compare(std::string_view line) {
  const std::vector<std::string_view> parts = split(line, '|');
  return std::to_string(compare_ignore_case(parts.at(0), parts.at(1)));
}

// WORD: CANDIDATE,CANDIDATE...
std::string render_closest(std::string_view line) {
  const std::size_t colon = line.find(": ");
  const std::vector<std::string_view> candidates = split(line.substr(colon + 2), ',');
  return std::string(closest(line.substr(0, colon), candidates).value_or("(none)"));
}

std::string render_utf8(std::string_view line) {
  return position_text(first_invalid_utf8(testing::unescape(line)));
}

// TEXT|BYTES -> what is left of it in so many bytes, and its characters
std::string render_first_bytes(std::string_view line) {
  const std::size_t bar = line.rfind('|');
  const std::string text = testing::unescape(line.substr(0, bar));
  const std::string_view cut = first_bytes(text, std::stoul(std::string(line.substr(bar + 1))));
  return fmt::format("[{}] {}", cut, count_characters(cut));
}

std::string render_base64(std::string_view text) {
  const Result<std::string> bytes = base64_decode(testing::unescape(text));
  return bytes ? "[" + *bytes + "]" : bytes.error().code + " " + bytes.error().message;
}

using testing::by_line;
[[maybe_unused]] const bool registered[] = {
    testing::register_cases("CaseMapping", "tests/core/cases/case_mapping", by_line(render_case_mapping)),
    testing::register_cases("FindIgnoreCase", "tests/core/cases/find_ignore_case", by_line(render_find)),
    testing::register_cases("CompareIgnoreCase", "tests/core/cases/compare_ignore_case",
                            by_line(render_compare)),
    testing::register_cases("Closest", "tests/core/cases/closest", by_line(render_closest)),
    testing::register_cases("Utf8", "tests/core/cases/utf8", by_line(render_utf8)),
    testing::register_cases("FirstBytes", "tests/core/cases/first_bytes", by_line(render_first_bytes)),
    testing::register_cases("Base64", "tests/core/cases/base64", by_line(render_base64)),
};

TEST(Text, AnyCaseKnowsAsciiOnly) {
  EXPECT_TRUE(equal_any_case("Microsoft.Storage", "MICROSOFT.storage"));
  EXPECT_FALSE(equal_any_case("Ä", "ä"));
  EXPECT_FALSE(equal_any_case("a", "ab"));
  EXPECT_TRUE(starts_with_any_case("[Parameters('x')]", "[parameters("));
  EXPECT_FALSE(starts_with_any_case("a", "ab"));
  EXPECT_TRUE(ends_with_any_case("main.BICEP", ".bicep"));
  EXPECT_EQ(lower("AZ[`{É"), "az[`{É");
}

TEST(Text, TrimTakesWhiteSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitAndJoinAreInverse) {
  const std::vector<std::string_view> parts = split(",a,,b,", ',');
  EXPECT_EQ(parts, (std::vector<std::string_view>{"", "a", "", "b", ""}));
  EXPECT_EQ(join(parts, ","), ",a,,b,");
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, ReplaceAllDoesNotLookAtWhatItWrote) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(replace_all("", "a", "b"), "");
}

TEST(Text, SearchStaysLinearOnHostileText) {
  const std::string text(std::size_t{4} << 20, 'a');
  const std::string part = std::string(std::size_t{1} << 20, 'a') + "b";
  EXPECT_EQ(find_ignore_case(text, part), std::string_view::npos);
  EXPECT_EQ(rfind_ignore_case(text, "b" + part), std::string_view::npos);
  EXPECT_EQ(replace_all(text, part, ""), text);
}

TEST(Text, ClosestPassesOverHugeWords) {
  const std::string huge(std::size_t{1} << 20, 'x');
  const std::vector<std::string_view> candidates = {huge, "location"};
  EXPECT_EQ(closest(huge, candidates), std::nullopt);
  EXPECT_EQ(closest("locaton", candidates), "location");
}

TEST(Utf8, EveryCharacterReadsBack) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code == 0xD800) code = 0xE000;
    std::string text;
    append_utf8(text, code);
    const Utf8Character character = decode_utf8(text, 0);
    ASSERT_TRUE(character.valid && character.code == code && character.bytes == text.size())
        << std::uint32_t{code};
  }
}

}  // namespace
}  // namespace redoubt
