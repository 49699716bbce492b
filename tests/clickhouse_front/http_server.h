#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace redoubt::front {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The value of a field, in any case; empty: there is none.
std::string field(const Fields& fields, std::string_view name);

struct Request {
  std::string target;
  Fields fields;
  std::string body;
};

/// One accepted connection, plain or with TLS. Blocking.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Nothing at the end.
  virtual std::string read_some() = 0;
  virtual bool write(std::string_view bytes) = 0;
  /// Ends it, from any thread.
  virtual void shut() = 0;
};

/// A server of HTTP/1.1 for tests, one thread a connection, one request a connection.
class HttpServer {
 public:
  using Handler = std::function<void(const Request& request, Connection& connection)>;
  struct Options {
    std::uint16_t port = 0;        ///< 0: any that is free
    std::string certificate, key;  ///< PEM files; empty: plain
  };

  HttpServer(const Options& options, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  std::uint16_t port() const { return port_; }
  bool is_secure() const { return tls_ != nullptr; }

 private:
  void accept_all();
  void serve(int socket);

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::shared_ptr<void> tls_;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::vector<std::thread> threads_;  // guarded by mutex_, as is open_
  std::vector<std::shared_ptr<Connection>> open_;
  std::thread acceptor_;
};

/// Reads a request; nothing where it breaks off.
std::optional<Request> read_request(Connection& connection);

}  // namespace redoubt::front
