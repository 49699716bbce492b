#include "net/http.h"

#include <gtest/gtest.h>

namespace redoubt::net {
namespace {

TEST(NetHttp, EncodesForUrls) {
  EXPECT_EQ(url_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encoded(std::string_view("a b&=\0\xFF%", 8)), "a%20b%26%3D%00%FF%25");
}

TEST(NetHttp, FindsFieldsInAnyCase) {
  const HttpHead head{200, "OK", {{"X-One", "1"}, {"x-one", "2"}}};
  EXPECT_EQ(head.field("x-ONE"), "1");
  EXPECT_EQ(head.field("other"), "");
}

TEST(NetHttp, NobodyListens) {
  const HttpReceiver receiver{[](const HttpHead&) -> Result<void> { return {}; },
                              [](std::string_view) -> Result<void> { return {}; }};
  const HttpRequest request{.url = *parse_url("http://127.0.0.1:1/x?secret")};
  const Result<void> done = exchange(request, receiver, {}, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "NET0002");
  EXPECT_EQ(done.error().text().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace redoubt::net
