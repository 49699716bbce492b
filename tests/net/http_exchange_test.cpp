#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "http_server.h"
#include "net/http.h"

namespace redoubt::net {
namespace {

using front::Connection;
using front::HttpServer;
using front::Request;
using std::chrono::milliseconds;

struct Received {
  HttpHead head;
  std::string body;
  std::string mistake;
};

Received receive(const HttpServer& server, HttpRequest request, const HttpOptions& options = {},
                 const std::stop_token& stop = {}) {
  Received out;
  request.url = *parse_url("http://127.0.0.1:" + std::to_string(server.port()) + "/x?y=z");
  const HttpReceiver receiver{[&](const HttpHead& head) -> Result<void> {
                                out.head = head;
                                return {};
                              },
                              [&](std::string_view bytes) -> Result<void> {
                                out.body += bytes;
                                return {};
                              }};
  const Result<void> done = exchange(request, receiver, options, stop);
  if (!done) out.mistake = done.error().code;
  return out;
}

/// A server that says the same to all.
HttpServer saying(std::string answer) {
  return HttpServer({}, [answer](const Request&, Connection& connection) { connection.write(answer); });
}

/// Says nothing until the client is gone.
void wait_for_end(Connection& connection) {
  while (!connection.read_some().empty()) {
  }
}

HttpBody parts(std::vector<std::string> all) {
  return [all, next = std::size_t{0}]() mutable -> Result<std::optional<std::string>> {
    return next == all.size() ? std::nullopt : std::optional(all[next++]);
  };
}

TEST(NetExchange, SendsAndReceives) {
  Request seen;
  const HttpServer server({}, [&](const Request& request, Connection& connection) {
    seen = request;
    connection.write(
        "HTTP/1.1 201 Made\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  const Received got =
      receive(server, {.method = "POST", .fields = {{"X-Key", "k"}}, .body = parts({"one", "", "two"})});
  EXPECT_EQ(got.mistake, "");
  EXPECT_EQ(got.head.status, 201u);
  EXPECT_EQ(got.head.field("x-a"), "b");
  EXPECT_EQ(got.body, "abcde");
  EXPECT_EQ(seen.target, "/x?y=z");
  EXPECT_EQ(seen.body, "onetwo");
  EXPECT_EQ(front::field(seen.fields, "X-Key"), "k");
  EXPECT_EQ(front::field(seen.fields, "Transfer-Encoding"), "chunked");
}

TEST(NetExchange, BodiesOfKnownLengthAreNotCut) {
  std::string seen;
  const HttpServer server({}, [&](const Request& request, Connection& connection) {
    seen = request.body;
    connection.write("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const Received got = receive(server, {.method = "PUT", .body = parts({"one", "two"}), .body_bytes = 6});
  EXPECT_EQ(got.mistake, "");
  EXPECT_EQ(seen, "onetwo");
}

TEST(NetExchange, LargeBodiesGoBothWays) {
  const HttpServer server({}, [](const Request& request, Connection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(request.body.size()) +
                     "\r\n\r\n");
    connection.write(request.body);
  });
  const std::string part(1'000'000, 'x');
  EXPECT_EQ(receive(server, {.method = "POST", .body = parts({part, part, part})}).body, part + part + part);
}

TEST(NetExchange, AnswersThatAreNone) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::string& answer :
       {std::string(), std::string("garbage\r\n\r\n"), ok, ok + "Content-Length: 5\r\n\r\nabc",
        ok + "Content-Length: -1\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        ok + "X: " + std::string(100'000, 'x') + "\r\n\r\n"}) {
    const HttpServer server = saying(answer);
    EXPECT_EQ(receive(server, {}).mistake, "NET0005") << answer.substr(0, 80);
  }
}

TEST(NetExchange, WhatCameBeforeItBrokeOffIsHandedOn) {
  const HttpServer server = saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  const Received got = receive(server, {});
  EXPECT_EQ(got.mistake, "NET0005");
  EXPECT_EQ(got.body, "abc");
}

TEST(NetExchange, EndsWithWhatTheBodyFailsWith) {
  const HttpServer server({}, [](const Request&, Connection&) {});
  int asked = 0;
  const HttpBody endless = [&]() -> Result<std::optional<std::string>> {
    if (++asked > 3) return fail(Error::Kind::Io, "TEST", "broken");
    return std::string("x");
  };
  EXPECT_EQ(receive(server, {.method = "POST", .body = endless}).mistake, "TEST");
}

TEST(NetExchange, EndsWithWhatTheReceiverFailsWith) {
  const HttpServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
  const HttpRequest request{.url = *parse_url("http://127.0.0.1:" + std::to_string(server.port()))};
  const auto refuse = [](const auto&) -> Result<void> { return fail(Error::Kind::Io, "TEST", "full"); };
  const auto take = [](const auto&) -> Result<void> { return {}; };
  EXPECT_EQ(exchange(request, {refuse, take}, {}, {}).error().code, "TEST");
  EXPECT_EQ(exchange(request, {take, refuse}, {}, {}).error().code, "TEST");
}

TEST(NetExchange, ServersThatSayNothing) {
  const HttpServer server({}, [](const Request&, Connection& connection) { wait_for_end(connection); });
  EXPECT_EQ(receive(server, {}, {.idle_time = milliseconds(50)}).mistake, "NET0004");
  EXPECT_EQ(receive(server, {}, {.deadline = std::chrono::steady_clock::now() + milliseconds(50)}).mistake,
            "NET0014");
}

TEST(NetExchange, DeadlinesEndWhatGoesOn) {
  const HttpServer server({}, [](const Request&, Connection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.write("1\r\nx\r\n"))
      std::this_thread::sleep_for(milliseconds(1));
  });
  EXPECT_EQ(receive(server, {}, {.deadline = std::chrono::steady_clock::now() + milliseconds(50)}).mistake,
            "NET0014");
}

TEST(NetExchange, IsStopped) {
  std::atomic<bool> is_asked = false;
  const HttpServer server({}, [&](const Request&, Connection& connection) {
    is_asked = true;
    wait_for_end(connection);
  });
  std::stop_source stop;
  std::jthread stopper([&] {
    while (!is_asked)
      std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(receive(server, {}, {}, stop.get_token()).mistake, "NET0013");
  stopper.join();
  EXPECT_EQ(receive(server, {}, {}, stop.get_token()).mistake, "NET0013");
}

}  // namespace
}  // namespace redoubt::net
