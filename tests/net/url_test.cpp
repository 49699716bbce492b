#include "net/url.h"

#include <gtest/gtest.h>

#include "net/download.h"

namespace redoubt::net {
namespace {

TEST(Url, PartsAndText) {
  const Result<Url> url = parse_url("HTTPS://Example.com:8443/a/b?c=d#e");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->secure);
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->text(), "https://example.com:8443/a/b?c=d");
  EXPECT_EQ(parse_url("https://example.com")->text(), "https://example.com/");
  EXPECT_EQ(parse_url("https://example.com?q")->target, "/?q");
  EXPECT_EQ(parse_url("http://[::1]:80/x")->authority(), "[::1]");
  EXPECT_EQ(parse_url("http://[::1]:81/x")->authority(), "[::1]:81");
}

TEST(Url, LocalIsThisMachineAlone) {
  for (const std::string_view text : {"http://localhost/", "http://127.0.0.1:8080/", "http://[::1]/"})
    EXPECT_TRUE(parse_url(text)->is_local()) << text;
  for (const std::string_view text :
       {"http://localhost.example.com/", "http://127.0.0.1.nip.io/", "http://10.0.0.1/", "http://127.1/"})
    EXPECT_FALSE(parse_url(text)->is_local()) << text;
}

TEST(Url, WhatIsNone) {
  for (const std::string_view text :
       {"", "https://", "https:///x", "example.com/x", "ftp://example.com/", "https://user@example.com/",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:/", "https://a b/",
        "https://example.com/\r\nX: y", "https://exämple.com/", "https://[::1/", "file:///etc/passwd"}) {
    const Result<Url> url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, "NET0001") << text;
    EXPECT_EQ(url.error().kind, Error::Kind::Usage) << text;
  }
}

TEST(Url, Redirects) {
  const Url base = *parse_url("https://example.com:8443/a/b");
  EXPECT_EQ(resolve(base, "/c?d")->text(), "https://example.com:8443/c?d");
  EXPECT_EQ(resolve(base, "//other.example/x")->text(), "https://other.example/x");
  EXPECT_EQ(resolve(base, "http://other.example/x")->text(), "http://other.example/x");
  for (const std::string_view location : {"", "c", "../c", "javascript:x", "/a b"})
    EXPECT_FALSE(resolve(base, location)) << location;
}

TEST(Download, PlainHttpIsNotSpokenUnasked) {
  const Url url = *parse_url("http://localhost:1/x");
  EXPECT_EQ(download(url, "unused", {}).error().code, "NET0001");
  DownloadOptions options;
  options.plain_local = true;
  EXPECT_EQ(download(*parse_url("http://example.com/x"), "unused", options).error().code, "NET0001");
}

}  // namespace
}  // namespace redoubt::net
