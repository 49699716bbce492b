#include "store/detail/exception_tail.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace redoubt::store::detail {
namespace {

constexpr std::string_view kTag = "dmrdfnujjqvszhav";
constexpr std::string_view kText = "Code: 395. DB::Exception: boom. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)";

std::string tagged(std::string_view text) {
  return fmt::format("\r\n__exception__\r\n{0}\r\n{1}\n{2} {0}\r\n__exception__\r\n", kTag, text,
                     text.size());
}

std::string found(std::string_view tail, std::string_view tag = kTag) {
  const std::optional<std::string_view> out = find_exception(tail, tag);
  return out ? std::string(*out) : "nothing";
}

TEST(StoreExceptionTail, IsFoundBehindRows) {
  const std::string rows("\1\2\1x\6String\0rows", 16);
  EXPECT_EQ(found(rows + tagged(kText)), kText);
  EXPECT_EQ(found(rows + "__exception__\r\n" + std::string(kText) + "\n", ""), kText);
  EXPECT_EQ(found(rows + std::string(kText) + "\n", ""), kText);
  EXPECT_EQ(found(rows + std::string(kText), ""), kText);
}

TEST(StoreExceptionTail, IsCutOff) {
  const std::string whole = tagged(kText);
  const std::size_t end = whole.find(kText) + kText.size();
  for (std::size_t size = end; size < whole.size(); ++size)
    EXPECT_TRUE(found(whole.substr(0, size)).starts_with(kText)) << size;
  EXPECT_EQ(found(whole.substr(0, whole.find(kText) + 30)), kText.substr(0, 30));
}

TEST(StoreExceptionTail, RowsAreNone) {
  EXPECT_EQ(found("", ""), "nothing");
  EXPECT_EQ(found("Code: . DB::Exception: x", ""), "nothing");
  EXPECT_EQ(found("Code: 12 DB::Exception: x", ""), "nothing");
  // A row that looks like one, with more rows behind it.
  EXPECT_EQ(found(std::string(kText) + std::string("\0\1", 2), ""), "nothing");
  // One of the rows, then the true one.
  EXPECT_EQ(found("Code: 1. DB::Exception: of a row\1" + tagged(kText)), kText);
  // Another tag is that of a row.
  EXPECT_EQ(found("\r\n__exception__\r\nxxxxxxxxxxxxxxxx\r\nno\1", kTag), "nothing");
}

TEST(StoreExceptionTail, KeepsTheEnd) {
  AnswerTail tail;
  for (int i = 0; i < 100'000; ++i)
    tail.add("0123456789");
  tail.add(tagged(kText));
  EXPECT_EQ(found(tail.text()), kText);
  EXPECT_LT(tail.text().size(), 100'000u);
  tail.add(std::string(1'000'000, 'x') + tagged(kText));
  EXPECT_EQ(found(tail.text()), kText);
}

}  // namespace
}  // namespace redoubt::store::detail
