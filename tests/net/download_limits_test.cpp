#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "net/download.h"

namespace redoubt::net {

namespace {

namespace fs = std::filesystem;

/// Answers one request with the beginning of a body, then waits until the other side has gone.
class SlowServer {
 public:
  SlowServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size), 0);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  SlowServer(const SlowServer&) = delete;
  SlowServer& operator=(const SlowServer&) = delete;
  ~SlowServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  Url url() const { return {.secure = false, .host = "127.0.0.1", .port = port_, .target = "/list.csv"}; }
  bool was_asked() const { return asked_; }

 private:
  void serve() {
    const int peer = accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    asked_ = true;
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbeginning";
    EXPECT_EQ(send(peer, answer.data(), answer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer.size()));
    char byte = 0;
    while (recv(peer, &byte, 1, 0) > 0)
      continue;
    close(peer);
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> asked_ = false;
  std::thread thread_;
};

class DownloadLimits : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("redoubt-download-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path() const { return (folder_ / "list.csv").string(); }

  fs::path folder_;
};

TEST_F(DownloadLimits, ADownloadThatTakesTooLongEnds) {
  const SlowServer server;
  DownloadOptions options;
  options.plain_local = true;
  options.time_limit = std::chrono::milliseconds(100);
  const Result<Download> done = download(server.url(), path(), options);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "NET0012");
}

TEST_F(DownloadLimits, ThisMachineIsNotOfThePublicInternet) {
  DownloadOptions options;
  options.plain_local = true;
  options.public_only = true;
  {
    const SlowServer server;
    const Result<Download> done = download(server.url(), path(), options);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "NET0011");
    EXPECT_FALSE(server.was_asked());
  }
  const Result<Download> named = download({.host = "localhost", .target = "/"}, path(), options);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, "NET0011");
}

}  // namespace

}  // namespace redoubt::net
