#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <exception>
#include <memory>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "net/addresses.h"
#include "net/detail/tls.h"

namespace redoubt::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;

using asio::ip::tcp;
using beast::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::response_parser<http::buffer_body>;
using Header = http::request<http::empty_body>;

constexpr std::size_t kBlock = 64 << 10;
constexpr unsigned kVersion = 11;
constexpr std::chrono::milliseconds kWaitForMore{500};  // whether bytes follow a body that is complete

double seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

/// One request on one connection. All of it runs on the thread of its context.
class Exchange {
 public:
  Exchange(asio::io_context& context, const HttpRequest& request, const HttpReceiver& receiver,
           const HttpOptions& options)
      : context_(context),
        request_(request),
        receiver_(receiver),
        options_(options),
        resolver_(context),
        deadline_(context) {}

  asio::awaitable<Result<void>> run() {
    Result<void> out = co_await connect_and_talk();
    lowest_ = nullptr;
    co_return out;
  }

  /// From any thread.
  void stop() {
    asio::post(context_, [this] { give_up(End::Stopped); });
  }
  /// Nothing is to be waited for any more.
  void finish() {
    end_ = end_ == End::None ? End::Finished : end_;
    deadline_.cancel();
  }

 private:
  enum class End : std::uint8_t { None, Finished, Stopped, Deadline };

  asio::awaitable<Result<void>> connect_and_talk() {
    set_deadline();
    const std::optional<Result<void>> found = co_await find_host();
    if (found) co_return *found;
    if (!request_.url.secure) {
      PlainStream stream(context_);
      const Result<void> connected = co_await connect(stream);
      if (!connected) co_return connected;
      co_return co_await talk(stream);
    }
    ssl::context tls(ssl::context::tls_client);
    const Result<void> trusted = detail::trust_authorities(tls.native_handle(), options_.ca_file);
    if (!trusted) co_return trusted;
    TlsStream stream(context_, tls);
    Result<void> connected = co_await connect(beast::get_lowest_layer(stream));
    if (connected) connected = co_await shake_hands(stream);
    if (!connected) co_return connected;
    co_return co_await talk(stream);
  }

  void set_deadline() {
    if (!options_.deadline) return;
    deadline_.expires_at(*options_.deadline);
    deadline_.async_wait([this](const error_code& error) {
      if (!error) give_up(End::Deadline);
    });
  }

  /// What is waited for fails then.
  void give_up(End why) {
    if (end_ != End::None) return;
    end_ = why;
    resolver_.cancel();
    if (lowest_ != nullptr) lowest_->close();
  }

  tl::unexpected<Error> unavailable(std::string_view code, std::string message, std::string hint = {}) const {
    return fail(Error::Kind::Unavailable, code, std::move(message), where(), std::move(hint));
  }

  /// What stands behind `?` may be large, and is nobody's affair.
  Where where() const {
    const std::string text = request_.url.text();
    return {text.substr(0, text.find('?')), 0, 0, {}};
  }

  tl::unexpected<Error> broken(error_code error, std::string_view code, std::string_view what,
                               std::chrono::milliseconds patience) const {
    if (end_ == End::Stopped) return unavailable("NET0013", "the request was stopped");
    if (end_ == End::Deadline)
      return fail(Error::Kind::Limit, "NET0014", "the time for the request is over", where());
    if (error != beast::error::timeout)
      return unavailable(code, fmt::format("{}: {}", what, error.message()),
                         code == "NET0002" ? "check that it runs, and the network" : "");
    const bool connecting = code == "NET0002";
    return unavailable(connecting ? code : "NET0004",
                       fmt::format("the server {} for {} s", connecting ? "did not answer" : "sent nothing",
                                   seconds(patience)));
  }

  tl::unexpected<Error> broken(error_code error, std::string_view what) const {
    return broken(error, "NET0005", what, options_.idle_time);
  }

  asio::awaitable<std::optional<Result<void>>> find_host() {
    error_code error;
    const auto found = co_await resolver_.async_resolve(request_.url.host, std::to_string(request_.url.port),
                                                        asio::redirect_error(asio::use_awaitable, error));
    if (error || end_ != End::None)
      co_return broken(error, "NET0002", "the host is not found", options_.connect_time);
    for (const auto& one : found)
      if (!options_.public_only || is_public_address(one.endpoint().address().to_string()))
        found_.push_back(one.endpoint());
    if (found_.empty()) co_return unavailable("NET0011", "the host is not on the public internet");
    co_return std::nullopt;
  }

  asio::awaitable<Result<void>> connect(PlainStream& stream) {
    lowest_ = &stream;
    error_code error;
    stream.expires_after(options_.connect_time);
    co_await stream.async_connect(found_, asio::redirect_error(asio::use_awaitable, error));
    if (error || end_ != End::None)
      co_return broken(error, "NET0002", "no connection", options_.connect_time);
    // Where it can't be set, small requests wait a little.
    std::ignore = stream.socket().set_option(tcp::no_delay(true), error);
    co_return Result<void>();
  }

  asio::awaitable<Result<void>> shake_hands(TlsStream& stream) {
    error_code error;
    detail::name_server(stream.native_handle(), request_.url.host);
    stream.set_verify_callback(ssl::host_name_verification(request_.url.host), error);
    beast::get_lowest_layer(stream).expires_after(options_.connect_time);
    co_await stream.async_handshake(ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (!error && end_ == End::None) co_return Result<void>();
    if (end_ != End::None || error == beast::error::timeout)
      co_return broken(error, "NET0002", "", options_.connect_time);
    co_return unavailable("NET0003",
                          fmt::format("the server is not trusted: {}",
                                      detail::handshake_failure(stream.native_handle(), error.message())),
                          "name the authorities that count as a file");
  }

  Header header() const {
    Header out;
    out.method_string(request_.method);
    out.target(request_.url.target);
    out.version(kVersion);
    out.set(http::field::host, request_.url.authority());
    out.set(http::field::user_agent, "redoubt");
    out.set(http::field::connection, "close");
    for (const HttpField& field : request_.fields)
      out.set(field.name, field.value);
    if (!request_.body) return out;
    if (request_.body_bytes)
      out.content_length(*request_.body_bytes);
    else
      out.chunked(true);
    return out;
  }

  template <class Stream>
  asio::awaitable<Result<void>> talk(Stream& stream) {
    error_code sending;
    Result<void> received = co_await send(stream, sending);
    // The server may have answered and closed before it had read all.
    if (received) received = co_await receive(stream);
    if (sending && !received && !answered_) co_return broken(sending, "the connection broke");
    co_return received;
  }

  /// What the body fails with; what goes wrong on the way is `error`.
  template <class Stream>
  asio::awaitable<Result<void>> send(Stream& stream, error_code& error) {
    const Header head = header();
    http::request_serializer<http::empty_body> serializer(head);
    touch();
    co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, error));
    if (!request_.body) co_return Result<void>();
    while (!error) {
      const Result<std::optional<std::string>> part = request_.body();
      if (!part) co_return tl::unexpected<Error>(part.error());
      if (!*part) break;
      if ((*part)->empty()) continue;
      touch();
      const asio::const_buffer bytes((*part)->data(), (*part)->size());
      if (request_.body_bytes)
        co_await asio::async_write(stream, bytes, asio::redirect_error(asio::use_awaitable, error));
      else
        co_await asio::async_write(stream, http::make_chunk(bytes),
                                   asio::redirect_error(asio::use_awaitable, error));
    }
    if (error || request_.body_bytes) co_return Result<void>();
    co_await asio::async_write(stream, http::make_chunk_last(),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return Result<void>();
  }

  template <class Stream>
  asio::awaitable<Result<void>> receive(Stream& stream) {
    error_code error;
    beast::flat_buffer buffer;
    Parser parser;
    parser.header_limit(options_.max_head_bytes);
    parser.body_limit(boost::none);
    touch();
    co_await http::async_read_header(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error || end_ != End::None) co_return broken(error, "there is no answer that can be read");
    answered_ = true;
    const Result<void> taken = receiver_.head(head_of(parser));
    if (!taken) co_return taken;
    if (receiver_.wants_body && !receiver_.wants_body()) co_return Result<void>();
    const Result<void> body = co_await receive_body(stream, buffer, parser);
    if (!body || !options_.nothing_behind) co_return body;
    const bool more = co_await has_more(stream, buffer, parser);
    if (more) co_return unavailable("NET0005", "the server sent more bytes than it said");
    co_return Result<void>();
  }

  static HttpHead head_of(const Parser& parser) {
    HttpHead out{parser.get().result_int(), std::string(parser.get().reason()), {}};
    for (const auto& field : parser.get())
      out.fields.push_back({std::string(field.name_string()), std::string(field.value())});
    return out;
  }

  template <class Stream>
  asio::awaitable<Result<void>> receive_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
    std::vector<char> block(kBlock);
    auto& body = parser.get().body();
    while (!parser.is_done()) {
      body.data = block.data();
      body.size = block.size();
      body.more = true;
      error_code error;
      touch();
      co_await http::async_read_some(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
      const std::size_t got = block.size() - body.size;
      if (got != 0) {
        const Result<void> taken = receiver_.body(std::string_view(block.data(), got));
        if (!taken) co_return taken;
      }
      if (end_ != End::None || (error && error != http::error::need_buffer))
        co_return broken(error, "the connection broke off");
    }
    co_return Result<void>();
  }

  /// Whether anything follows the body on a connection that the server said it would close.
  template <class Stream>
  asio::awaitable<bool> has_more(Stream& stream, const beast::flat_buffer& buffer, const Parser& parser) {
    if (buffer.size() != 0) co_return true;
    if (parser.get().keep_alive()) co_return false;
    std::array<char, 1> one{};
    error_code error;
    lowest_->expires_after(kWaitForMore);
    const std::size_t got =
        co_await stream.async_read_some(asio::buffer(one), asio::redirect_error(asio::use_awaitable, error));
    co_return got != 0;
  }

  void touch() { lowest_->expires_after(options_.idle_time); }

  asio::io_context& context_;
  const HttpRequest& request_;
  const HttpReceiver& receiver_;
  const HttpOptions& options_;
  tcp::resolver resolver_;
  std::vector<tcp::endpoint> found_;
  asio::steady_timer deadline_;
  PlainStream* lowest_ = nullptr;
  End end_ = End::None;
  bool answered_ = false;
};

}  // namespace

std::string_view HttpHead::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const HttpField& one) { return equal_any_case(one.name, name); });
  return found == fields.end() ? std::string_view() : found->value;
}

Result<void> exchange(const HttpRequest& request, const HttpReceiver& receiver, const HttpOptions& options,
                      const std::stop_token& stop) {
  std::optional<Result<void>> out;
  std::exception_ptr thrown;
  asio::io_context context(1);
  Exchange work(context, request, receiver, options);
  asio::co_spawn(context, work.run(), [&](std::exception_ptr exception, Result<void> done) {
    thrown = std::move(exception);
    out.emplace(std::move(done));
    work.finish();
  });
  const std::stop_callback stopper(stop, [&work] { work.stop(); });
  try {
    context.run();
    if (thrown) std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return fail(Error::Kind::Unavailable, "NET0005", fmt::format("the connection failed: {}", error.what()),
                Where{request.url.authority(), 0, 0, {}});
  }
  RD_CHECK(out.has_value());
  return *std::move(out);
}

std::string url_encoded(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
  };
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    if (is_plain(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace redoubt::net
