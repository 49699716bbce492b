#include "http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "core/text.h"

namespace redoubt::front {

namespace {

constexpr int kWaiting = 64;
constexpr std::size_t kPart = 1 << 16;

class PlainConnection : public Connection {
 public:
  explicit PlainConnection(int socket) : socket_(socket) {}
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;
  ~PlainConnection() override { close(socket_); }

  std::string read_some() override {
    std::string out(kPart, '\0');
    const ssize_t got = recv(socket_, out.data(), out.size(), 0);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }
  bool write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void shut() override { shutdown(socket_, SHUT_RDWR); }

 private:
  int socket_;
};

class TlsConnection : public Connection {
 public:
  TlsConnection(int socket, SSL_CTX* context) : socket_(socket), ssl_(SSL_new(context)) {
    SSL_set_fd(ssl_, socket_);
    is_open_ = SSL_accept(ssl_) == 1;
  }
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;
  ~TlsConnection() override {
    if (is_open_) SSL_shutdown(ssl_);
    SSL_free(ssl_);
    close(socket_);
  }

  std::string read_some() override {
    std::string out(kPart, '\0');
    const int got = is_open_ ? SSL_read(ssl_, out.data(), static_cast<int>(out.size())) : 0;
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }
  bool write(std::string_view bytes) override {
    return bytes.empty() || SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  void shut() override { shutdown(socket_, SHUT_RDWR); }

 private:
  int socket_;
  SSL* ssl_;
  bool is_open_ = false;
};

std::shared_ptr<void> make_tls(const HttpServer::Options& options) {
  if (options.certificate.empty()) return nullptr;
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str());
  SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM);
  return {context, [](void* one) { SSL_CTX_free(static_cast<SSL_CTX*>(one)); }};
}

/// Bytes of a connection that may be asked for line by line.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}

  std::optional<std::string> until(std::string_view end) {
    std::size_t at = 0;
    while ((at = bytes_.find(end)) == std::string::npos)
      if (!more()) return std::nullopt;
    return take(at, end.size());
  }
  std::optional<std::string> exactly(std::size_t size) {
    while (bytes_.size() < size)
      if (!more()) return std::nullopt;
    return take(size, 0);
  }

 private:
  bool more() {
    const std::string part = connection_.read_some();
    bytes_ += part;
    return !part.empty();
  }
  std::string take(std::size_t size, std::size_t skipped) {
    std::string out = bytes_.substr(0, size);
    bytes_.erase(0, size + skipped);
    return out;
  }

  Connection& connection_;
  std::string bytes_;
};

std::optional<std::string> read_chunks(Reader& reader) {
  std::string out;
  for (;;) {
    const std::optional<std::string> line = reader.until("\r\n");
    if (!line) return std::nullopt;
    const std::size_t size = std::strtoull(line->c_str(), nullptr, 16);
    const std::optional<std::string> chunk = reader.exactly(size);
    if (!chunk || !reader.until("\r\n")) return std::nullopt;
    if (size == 0) return out;
    out += *chunk;
  }
}

}  // namespace

std::string field(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& one) { return equal_any_case(one.first, name); });
  return found == fields.end() ? std::string() : found->second;
}

std::optional<Request> read_request(Connection& connection) {
  Reader reader(connection);
  const std::optional<std::string> head = reader.until("\r\n\r\n");
  if (!head) return std::nullopt;
  Request out;
  bool is_first = true;
  for (std::string_view line : split(*head, '\n')) {
    line = trim(line);
    const std::size_t colon = line.find(is_first ? ' ' : ':');
    const std::string_view rest = colon == std::string_view::npos ? "" : trim(line.substr(colon + 1));
    if (std::exchange(is_first, false))
      out.target = rest.substr(0, rest.find(' '));
    else
      out.fields.emplace_back(line.substr(0, colon), rest);
  }
  const bool is_chunked = equal_any_case(field(out.fields, "Transfer-Encoding"), "chunked");
  const std::size_t size = std::strtoull(field(out.fields, "Content-Length").c_str(), nullptr, 10);
  std::optional<std::string> body = is_chunked ? read_chunks(reader) : reader.exactly(size);
  if (!body) return std::nullopt;
  out.body = *std::move(body);
  return out;
}

HttpServer::HttpServer(const Options& options, Handler handler)
    : handler_(std::move(handler)), tls_(make_tls(options)) {
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(options.port);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, kWaiting) != 0)
    std::abort();
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  is_over_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    for (const std::shared_ptr<Connection>& one : open_)
      one->shut();
    threads.swap(threads_);
  }
  for (std::thread& one : threads)
    one.join();
}

void HttpServer::accept_all() {
  while (!is_over_) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void HttpServer::serve(int socket) {
  std::shared_ptr<Connection> connection;
  if (tls_ != nullptr)
    connection = std::make_shared<TlsConnection>(socket, static_cast<SSL_CTX*>(tls_.get()));
  else
    connection = std::make_shared<PlainConnection>(socket);
  {
    const std::lock_guard lock(mutex_);
    open_.push_back(connection);
  }
  if (const std::optional<Request> request = read_request(*connection)) handler_(*request, *connection);
  const std::lock_guard lock(mutex_);
  std::erase(open_, connection);
}

}  // namespace redoubt::front
