#include "net/download.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "core/text.h"
#include "net/addresses.h"
#include "net/detail/content_range.h"
#include "net/detail/partial_file.h"
#include "net/detail/tls.h"

namespace redoubt::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;

using beast::error_code;
using detail::ContentRange;
using detail::read_range;
using Clock = std::chrono::steady_clock;
using Endpoint = asio::ip::tcp::endpoint;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::response_parser<http::buffer_body>;

constexpr std::uint32_t kHeaderLimit = 64 << 10;
constexpr std::size_t kBlock = 64 << 10;
constexpr std::chrono::milliseconds kWaitForMore{500};  // whether bytes follow a body that is complete

/// What an answer asks the client to do next.
struct Step {
  enum class Kind : std::uint8_t { Done, Redirect, Restart };
  Kind kind = Kind::Done;
  Url target;  // of a redirect
};

tl::unexpected<Error> unavailable(std::string_view code, std::string message, const Url& url,
                                  std::string hint = "run the command again to go on where it broke off") {
  return fail(Error::Kind::Unavailable, code, std::move(message), Where{url.text(), 0, 0, {}},
              std::move(hint));
}

/// One request on one connection.
class Exchange {
 public:
  Exchange(const Url& url, detail::PartialFile& file, const DownloadOptions& options,
           std::optional<Clock::time_point> deadline)
      : url_(url), file_(file), options_(options), deadline_(deadline) {}

  /// Bytes that were there before, of the answer that was read.
  std::uint64_t resumed() const { return resumed_; }

  asio::awaitable<Result<Step>> run() {
    asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
    error_code error;
    const auto found = co_await resolver.async_resolve(url_.host, std::to_string(url_.port),
                                                       asio::redirect_error(asio::use_awaitable, error));
    if (error)
      co_return unavailable("NET0002", fmt::format("the host is not found: {}", error.message()), url_,
                            "check the name and the network");
    const std::vector<Endpoint> allowed = allowed_of(found);
    if (allowed.empty())
      co_return unavailable("NET0011", "the host is not on the public internet", url_,
                            "nothing was fetched: put a copy of the file there yourself");
    if (!url_.secure) {
      PlainStream stream(co_await asio::this_coro::executor);
      error = co_await connect(stream, allowed);
      if (error) co_return broken(error, "NET0002", "no connection");
      co_return co_await talk(stream);
    }
    Result<std::unique_ptr<ssl::context>> context = make_context();
    if (!context) co_return tl::unexpected<Error>(context.error());
    TlsStream stream(co_await asio::this_coro::executor, **context);
    error = co_await connect(beast::get_lowest_layer(stream), allowed);
    if (error) co_return broken(error, "NET0002", "no connection");
    co_return co_await shake_hands(stream);
  }

 private:
  std::vector<Endpoint> allowed_of(const asio::ip::tcp::resolver::results_type& found) const {
    std::vector<Endpoint> out;
    for (const auto& one : found)
      if (!options_.public_only || is_public_address(one.endpoint().address().to_string()))
        out.push_back(one.endpoint());
    return out;
  }

  /// How long the next step may take.
  std::chrono::milliseconds patience() const {
    if (!deadline_) return options_.stall;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now());
    return std::clamp(left, std::chrono::milliseconds{1}, options_.stall);
  }
  bool is_late() const { return deadline_ && Clock::now() >= *deadline_; }

  asio::awaitable<error_code> connect(PlainStream& stream, const std::vector<Endpoint>& allowed) {
    error_code error;
    stream.expires_after(patience());
    co_await stream.async_connect(allowed, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
  }

  Result<std::unique_ptr<ssl::context>> make_context() const {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
    RD_TRY(detail::trust_authorities(context->native_handle(), options_.ca_file));
    return context;
  }

  asio::awaitable<Result<Step>> shake_hands(TlsStream& stream) {
    error_code error;
    detail::name_server(stream.native_handle(), url_.host);
    stream.set_verify_callback(ssl::host_name_verification(url_.host), error);
    beast::get_lowest_layer(stream).expires_after(patience());
    co_await stream.async_handshake(ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error == beast::error::timeout) co_return broken(error, "NET0004", "");
    if (error) {
      const std::string why = detail::handshake_failure(stream.native_handle(), error.message());
      co_return unavailable("NET0003", fmt::format("the server is not trusted: {}", why), url_,
                            "nothing was fetched; --ca names the authorities that count");
    }
    co_return co_await talk(stream);
  }

  tl::unexpected<Error> broken(error_code error, std::string_view code, std::string_view what) const {
    if (error == beast::error::timeout && is_late()) return too_slow();
    if (error == beast::error::timeout)
      return unavailable("NET0004",
                         fmt::format("the server sent nothing for {} s",
                                     std::chrono::duration<double>(options_.stall).count()),
                         url_);
    if (error == http::error::body_limit) return too_large();
    return unavailable(code, fmt::format("{}: {}", what, error.message()), url_);
  }

  tl::unexpected<Error> too_slow() const {
    return fail(Error::Kind::Limit, "NET0012",
                fmt::format("the download takes longer than {} s",
                            std::chrono::duration<double>(options_.time_limit).count()),
                Where{url_.text(), 0, 0, {}});
  }

  tl::unexpected<Error> too_large() const {
    return fail(Error::Kind::Limit, "NET0008",
                fmt::format("the file is larger than {} bytes", options_.max_bytes),
                Where{url_.text(), 0, 0, {}});
  }

  http::request<http::empty_body> request() const {
    http::request<http::empty_body> out(http::verb::get, url_.target, 11);
    out.set(http::field::host, url_.authority());
    out.set(http::field::user_agent, "redoubt");
    out.set(http::field::accept, "*/*");
    out.set(http::field::accept_encoding, "identity");
    out.set(http::field::connection, "close");
    if (file_.bytes() != 0) {
      out.set(http::field::range, fmt::format("bytes={}-", file_.bytes()));
      if (!file_.origin().tag.empty()) out.set(http::field::if_range, file_.origin().tag);
    }
    return out;
  }

  template <class Stream>
  asio::awaitable<Result<Step>> talk(Stream& stream) {
    auto& lowest = beast::get_lowest_layer(stream);
    const http::request<http::empty_body> asked = request();
    error_code error;
    lowest.expires_after(patience());
    co_await http::async_write(stream, asked, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return broken(error, "NET0005", "the connection broke");
    beast::flat_buffer buffer;
    Parser parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(options_.max_bytes);
    lowest.expires_after(patience());
    co_await http::async_read_header(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return broken(error, "NET0005", "the server's answer can't be read");
    Result<std::optional<Step>> next = judge(parser);
    if (!next) co_return tl::unexpected<Error>(next.error());
    if (*next) co_return **next;
    const Result<void> body = co_await read_body(stream, buffer, parser);
    if (!body) co_return tl::unexpected<Error>(body.error());
    co_return Step{};
  }

  /// What the header means; nothing when the body is to be read.
  Result<std::optional<Step>> judge(const Parser& parser) {
    const auto& answer = parser.get();
    switch (answer.result()) {
      case http::status::ok:
      case http::status::partial_content:
        break;
      case http::status::moved_permanently:
      case http::status::found:
      case http::status::see_other:
      case http::status::temporary_redirect:
      case http::status::permanent_redirect: {
        const Step step = RD_TRY(redirect(std::string_view(answer[http::field::location])));
        return std::optional(step);
      }
      case http::status::range_not_satisfiable:
        if (file_.bytes() != 0) return std::optional(Step{Step::Kind::Restart, {}});
        [[fallthrough]];
      default:
        return unavailable(
            "NET0007",
            fmt::format("the server answers {} {}", answer.result_int(), std::string_view(answer.reason())),
            url_, "check the URL and the commit");
    }
    const std::string_view coding = answer[http::field::content_encoding];
    if (!coding.empty() && !equal_any_case(coding, "identity"))
      return unavailable("NET0005",
                         fmt::format("the server encodes the body, which was not asked for: {}", coding),
                         url_, "");
    const std::optional<std::uint64_t> length =
        parser.content_length() ? std::optional<std::uint64_t>(*parser.content_length()) : std::nullopt;
    std::string_view tag = answer[http::field::etag];
    if (tag.starts_with("W/")) tag = {};
    if (answer.result() == http::status::ok) {
      total_ = length;
      RD_TRY(file_.restart({file_.origin().url, std::string(tag), length}));
      return std::optional<Step>();
    }
    const std::optional<ContentRange> range =
        read_range(std::string_view(answer[http::field::content_range]));
    if (!continues(range, tag, length)) return std::optional(Step{Step::Kind::Restart, {}});
    total_ = range->total ? range->total : file_.origin().total;
    resumed_ = file_.bytes();
    return std::optional<Step>();
  }

  /// Whether a partial answer is the rest of what the file holds.
  bool continues(const std::optional<ContentRange>& range, std::string_view tag,
                 std::optional<std::uint64_t> length) const {
    if (!range || file_.bytes() == 0 || range->first != file_.bytes()) return false;
    if (length && *length != range->last - range->first + 1) return false;
    if (range->total && *range->total != range->last + 1) return false;
    const detail::PartialFile::Origin& origin = file_.origin();
    if (origin.total && range->total && *origin.total != *range->total) return false;
    return origin.tag.empty() || tag.empty() || tag == origin.tag;
  }

  Result<Step> redirect(std::string_view location) const {
    const auto refused = [&](std::string_view why) {
      return unavailable("NET0006", fmt::format("the server redirects {}: {}", why, location), url_, "");
    };
    Result<Url> target = resolve(url_, location);
    if (!target) return refused("to what is no URL");
    if (!target->secure && url_.secure) return refused("from https to plain http");
    if (!target->secure && !(options_.plain_local && target->is_local())) return refused("to plain http");
    return Step{Step::Kind::Redirect, *std::move(target)};
  }

  template <class Stream>
  asio::awaitable<Result<void>> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
    std::vector<char> block(kBlock);
    auto& body = parser.get().body();
    while (!parser.is_done()) {
      body.data = block.data();
      body.size = block.size();
      body.more = true;
      error_code error;
      beast::get_lowest_layer(stream).expires_after(patience());
      co_await http::async_read_some(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
      const Result<void> kept = file_.append({block.data(), block.size() - body.size});
      if (!kept) co_return kept;
      if (file_.bytes() > options_.max_bytes) co_return too_large();
      if (is_late()) co_return too_slow();
      if (error == http::error::need_buffer) continue;
      if (error) co_return broken(error, "NET0005", "the connection broke off");
      if (options_.progress) options_.progress({"downloading", file_.bytes(), total_.value_or(0)});
    }
    if (total_ && file_.bytes() != *total_)
      co_return unavailable(
          "NET0005", fmt::format("the server said {} bytes and sent {}", *total_, file_.bytes()), url_);
    const bool more = co_await has_more(stream, buffer, parser);
    if (more)
      co_return unavailable("NET0005", "the server sent more bytes than it said", url_, "nothing was used");
    co_return Result<void>{};
  }

  /// Whether anything follows the body on a connection that the server said it would close.
  template <class Stream>
  asio::awaitable<bool> has_more(Stream& stream, const beast::flat_buffer& buffer, const Parser& parser) {
    if (buffer.size() != 0) co_return true;
    if (parser.get().keep_alive()) co_return false;
    std::array<char, 1> one{};
    error_code error;
    beast::get_lowest_layer(stream).expires_after(kWaitForMore);
    const std::size_t got =
        co_await stream.async_read_some(asio::buffer(one), asio::redirect_error(asio::use_awaitable, error));
    co_return got != 0;
  }

  const Url& url_;
  detail::PartialFile& file_;
  const DownloadOptions& options_;
  std::optional<Clock::time_point> deadline_;
  std::optional<std::uint64_t> total_;
  std::uint64_t resumed_ = 0;
};

/// Runs one exchange to its end.
Result<Step> exchange(Exchange& work) {
  std::optional<Result<Step>> out;
  std::exception_ptr thrown;
  asio::io_context context(1);
  asio::co_spawn(context, work.run(), [&](std::exception_ptr exception, Result<Step> step) {
    thrown = std::move(exception);
    out.emplace(std::move(step));
  });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  RD_CHECK(out.has_value());
  return *std::move(out);
}

}  // namespace

Result<Download> download(const Url& url, const std::string& path, const DownloadOptions& options) {
  if (!url.secure && !(options.plain_local && url.is_local()))
    return fail(Error::Kind::Usage, "NET0001", "plain http is not spoken", Where{url.text(), 0, 0, {}},
                "write the URL as https://host/path");
  detail::PartialFile file = RD_TRY(detail::PartialFile::open(path, url.text()));
  Url at = url;
  bool restarted = false;
  std::optional<Clock::time_point> deadline;
  if (options.time_limit.count() > 0) deadline = Clock::now() + options.time_limit;
  for (int redirects = 0;;) {
    Exchange work(at, file, options, deadline);
    Step step;
    try {
      step = RD_TRY(exchange(work));
    } catch (const std::exception& exception) {
      return unavailable("NET0002", fmt::format("the connection failed: {}", exception.what()), at);
    }
    if (step.kind == Step::Kind::Done) {
      RD_TRY(file.finish());
      return Download{file.bytes(), work.resumed()};
    }
    if (step.kind == Step::Kind::Restart) {
      if (restarted) return unavailable("NET0005", "the server gives another part than was asked for", at);
      restarted = true;
      RD_TRY(file.restart({url.text(), {}, std::nullopt}));
      continue;
    }
    if (++redirects > options.max_redirects)
      return unavailable("NET0006",
                         fmt::format("the server redirects more than {} times: {}", options.max_redirects,
                                     step.target.text()),
                         at, "");
    at = step.target;
  }
}

}  // namespace redoubt::net
